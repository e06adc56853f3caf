"""A relation among claims with its verdict, and the words that prove it: what each side can be at most and at least."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from .. import rounding_proof as proof
from ..amount import Interval, rounded
from ..finding import Severity
from .claim import Claim, Place

HOLDS, ROUNDING, BROKEN = proof.HOLDS, proof.ROUNDING, proof.BROKEN
YI = 10**10  # fen in 亿元
FINE = 10**6  # ratios are kept in whole millionths of a percent, as amounts are in fen
Show = Callable[[Fraction | int], str]


@dataclass(frozen=True, slots=True)
class Judged:
    """One relation among claims and its verdict; `left` and `right` are all that the two sides can be, in fen or percent."""

    id: str
    verdict: int
    severity: Severity
    says: str
    claims: tuple[Claim, ...]
    left: Interval | None
    right: Interval | None
    demands: tuple[proof.Claim, ...] = ()
    place: Place | None = None  # where the text says it; else at the last of the claims
    derived: bool = False  # speaks of units that the text does not speak of

    @property
    def at(self) -> Place:
        """Where a person should look."""
        return self.place or self.claims[-1].place


def yi(fen: Fraction | int) -> str:
    """An amount in fen as 亿元, to the 万元."""
    text = f"{rounded(Fraction(fen) / YI, 4):f}"
    return f"{text.rstrip('0').rstrip('.')} 亿元"


def percent(value: Fraction | int) -> str:
    """A rate kept in millionths of a percent."""
    text = f"{rounded(Fraction(value) / FINE, 2):f}"
    return f"{text.rstrip('0').rstrip('.')}%"


def proven(verdict: int, left: Interval, right: Interval, show: Show) -> str:
    """The sentence that says why: both sides with their bounds."""
    if verdict == HOLDS:
        return "按印出的数成立。"
    spans = f"前者在 {show(left.low)} 至 {show(left.high)} 之间，后者在 {show(right.low)} 至 {show(right.high)} 之间"
    if verdict == ROUNDING:
        return f"只因四舍五入而有尾差：{spans}。"
    return f"不论原数怎样四舍五入都不成立：{spans}。请核对这几个数。"
