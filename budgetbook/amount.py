"""Money in whole fen, the precision it was stated with, and rounding half away from zero (四舍五入)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

FEN = {"元": 100, "万元": 1_000_000, "亿元": 10_000_000_000}
LARGEST = 10**11  # 万元 in one cell: a hundred times what the whole nation spends in a year; more is a slip

Fens = NDArray[np.int64]


def to_fen(value: Decimal | int | str, unit: str = "万元") -> int:
    """Whole fen nearest to *value* in *unit*; the sub-fen rest is rounded half away from zero."""
    return int((Decimal(value) * FEN[unit]).quantize(Decimal(1), ROUND_HALF_UP))


def fens(values: NDArray[np.float64], unit: str = "万元") -> Fens:
    """`to_fen` for an array of binary floats as a workbook stores them, each read as its shortest decimal."""
    scaled = values * FEN[unit]
    result: Fens = np.rint(scaled).astype(np.int64)
    for place in np.flatnonzero(np.abs(scaled) >= 2.0**52):
        result[place] = to_fen(repr(float(values[place])), unit)
    return result


def step(unit: str, decimals: int) -> int:
    """One unit of the last place of a figure stated with *decimals* places in *unit*, in fen; not less than one fen."""
    return max(int(Fraction(FEN[unit]) / Fraction(10) ** decimals), 1)


def from_fen(fen: int, unit: str = "万元") -> Decimal:
    """The exact amount in *unit*, without trailing zeros."""
    amount = Decimal(int(fen)) / FEN[unit]
    return amount.quantize(Decimal(1)) if amount == amount.to_integral() else amount.normalize()


def rounded(value: Fraction, decimals: int) -> Decimal:
    """*value* at *decimals* places, half away from zero, by integer arithmetic."""
    scale = 10**decimals
    whole, rest = divmod(abs(value.numerator) * scale, value.denominator)
    whole += 2 * rest >= value.denominator
    return Decimal(whole if value >= 0 else -whole).scaleb(-decimals)


def shown(fen: int, unit: str = "万元", decimals: int | None = None) -> str:
    """As a person reads it: thousands separators, and only the decimals that are there unless *decimals* says."""
    whole, rest = divmod(int(fen), FEN[unit])
    if decimals is None and not rest:
        return f"{whole:,}"
    amount = from_fen(fen, unit) if decimals is None else rounded(Fraction(int(fen), FEN[unit]), decimals)
    return f"{amount:,}"


def plain(amount: Decimal) -> str:
    """A number from a file as a person writes it: thousands separators, no exponent, no zeros at its end."""
    return f"{amount.normalize():,f}"


@dataclass(frozen=True, slots=True)
class Interval:
    """Everything that prints as one figure: low ≤ exact ≤ high, closed because either half may be meant."""

    low: Fraction
    high: Fraction

    @classmethod
    def printed(cls, value: Decimal | str, decimals: int, unit: str = "万元") -> Interval:
        """The interval in fen of a figure printed with *decimals* places in *unit*."""
        scale = FEN[unit]
        half = Fraction(scale, 2 * 10**decimals)
        exact = Fraction(Decimal(value)) * scale
        return cls(exact - half, exact + half)

    def __contains__(self, fen: int | Fraction) -> bool:
        return self.low <= fen <= self.high
