"""What a printed claim stands for: its interval, with the room that a hedge leaves, and how exact values are shown beside it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from ..amount import FEN, Interval, rounded
from .claim import Claim
from .claim_map import Hedges

SCALE = {unit: Fraction(fen) for unit, fen in FEN.items()} | {"千元": Fraction(100_000)}
PERCENT = Fraction(1, 100)
FINER = 3  # decimals shown beyond those that the claim means


def scale(unit: str) -> Fraction:
    """Fen, or plain fractions, in one of the unit printed."""
    return SCALE.get(unit, Fraction(1) if unit == "倍" else PERCENT)


def prints_as(exact: Fraction, claim: Claim) -> bool:
    """Whether an exact value, in the claim's unit, rounds to it half away from zero."""
    return rounded(exact, claim.precision) == claim.value


def strictly(claim: Claim) -> Interval:
    """The closed interval, in the claim's unit, of everything that prints as the claim."""
    value, half = Fraction(claim.value), Fraction(1, 2 * 10**claim.precision)
    return Interval(value - half, value + half)


def meant(claim: Claim, hedges: Hedges) -> Interval:
    """The same with the room that the claim's hedge leaves."""
    strict, unit = strictly(claim), Fraction(1, 10**claim.precision)
    if claim.hedge in hedges.at_least:
        return Interval(strict.low, strict.high + hedges.beyond * unit)
    if claim.hedge in hedges.at_most:
        return Interval(strict.low - hedges.beyond * unit, strict.high)
    if claim.hedge in hedges.about:
        width = hedges.width * unit if in_digits(claim) else hedges.flat
        return Interval(strict.low - width, strict.high + width)
    return strict


def in_digits(claim: Claim) -> bool:
    """Whether the claim is printed as a number; 持平 is not."""
    return any(character.isdecimal() for character in claim.printed)


def said(claim: Claim) -> str:
    """The number as printed, with its direction word."""
    return f"{claim.direction} {claim.printed}" if claim.direction and in_digits(claim) else claim.printed


def shown(exact: Fraction, claim: Claim) -> str:
    """An exact value in the claim's unit, finer than the claim, with a direction word if the claim has one."""
    value = rounded(exact, claim.precision + FINER)
    unit = {"%": "%", "百分点": " 个百分点"}.get(claim.unit, f" {claim.unit}")
    if not claim.direction:
        return f"{_plain(value)}{unit}"
    return f"{'下降' if value < 0 else '增长'} {_plain(abs(value))}{unit}"


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
