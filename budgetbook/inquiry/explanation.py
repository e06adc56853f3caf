"""Where a figure comes from: a tree whose leaves are cells of returns and add up, exactly, to the figure at its root."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ..book import derived
from ..finding import Place
from ..naming import Value
from ..relation import Flow
from ..shape import Key
from ..unit import Unit

Role = Literal["figure", "member", "adjustment", "eliminated", "received", "paid", "line", "above", "below"]
Rule = Literal["sum", "whole", "percent", "growth"]


@dataclass(frozen=True, slots=True)
class Cited:
    """The cell of a returned file that a figure was read from; `place` is None if the file lacks that line or column."""

    file: str
    sha256: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Opposite:
    """The other side of an eliminated flow: whose cell says the same money, and how much it says, in fen."""

    flow: Flow
    unit: Unit
    key: Key
    fen: int | None
    cited: Cited | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure and what it is made of.

    `value`: fen for amounts, a plain fraction for ratios, None if undefined. By `rule` it is Σ weight·value of the parts
    (`whole`: undefined if one of them is), or the quotient of two parts (growth: less one). Without parts it is what the cell in `cited` holds. `lines` is the
    same figure once more, split by line instead of by unit; only the root of a consolidated figure has it.
    """

    role: Role
    unit: Unit
    key: Key
    value: Value | None
    weight: int = 1
    rule: Rule = "sum"
    parts: tuple[Explanation, ...] = ()
    lines: tuple[Explanation, ...] = ()
    cited: Cited | None = None
    stated: int | None = None  # what the cited total says, where it is not the sum of its parts
    opposite: tuple[Opposite, ...] = ()
    blank: tuple[Unit, ...] = ()  # members that left the figure blank
    estimated: bool = False  # 代编

    def leaves(self, weight: int = 1) -> Iterator[tuple[int, Explanation]]:
        """The cells that a sum is made of, each with what it is multiplied by."""
        if not self.parts:
            yield weight * self.weight, self
        for part in self.parts:
            yield from part.leaves(weight * self.weight)

    def recomputed(self) -> Value | None:
        """The value again from the parts alone."""
        if not self.parts:
            return self.value
        if self.rule in ("sum", "whole"):
            values = [part.weight * part.value for part in self.parts if part.value is not None]
            return sum(values) if len(values) == len(self.parts) else None
        above, below = (None if part.value is None else Fraction(part.value) for part in self.parts)
        return derived(self.rule, above, below)
