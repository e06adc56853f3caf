"""Every claim of a report beside the cells it must equal: 一致, 尾差, 不一致, 找不到出处, or 未能读懂."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from ..amount import rounded
from ..finding import Severity
from ..relation import Term
from ..unit import Unit
from .claim import Claim, Place, Reading, Unread
from .claim_map import ClaimMap, Formula
from .printed_claim import meant, prints_as, said, scale, shown, strictly
from .standing import Cell, Standing, reckoned
from .tie_causes import cause
from .traced import Tracer

NAMED_CELLS = 3


class Verdict(StrEnum):
    """What became of a number, in the word a person reads."""

    AGREES = "一致"
    ROUNDING = "尾差"
    DIFFERS = "不一致"
    NO_SOURCE = "找不到出处"
    UNREAD = "未能读懂"


SEVERITY: dict[Verdict, Severity | None] = {
    Verdict.AGREES: None,
    Verdict.ROUNDING: "note",
    Verdict.DIFFERS: "error",
    Verdict.NO_SOURCE: "warning",
    Verdict.UNREAD: "warning",
}


@dataclass(frozen=True, slots=True)
class Tie:
    """One number of the text and what the books say of it; `exact` and the bounds of its interval in the unit printed."""

    verdict: Verdict
    printed: str
    place: Place
    says: str
    claim: Claim | None = None
    exact: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Sought:
    """A claim with the formula and the units it was traced to."""

    claim: Claim
    formula: Formula
    units: tuple[Unit, ...]

    @property
    def key(self) -> tuple[tuple[Term, ...], tuple[str, ...]]:
        """The cells of an amount, whoever claims it."""
        return self.formula.of, tuple(unit.code for unit in self.units)


def tie_out(reading: Reading, standing: Standing, claim_map: ClaimMap) -> list[Tie]:
    """Every claim and every unread number, in the order of the text."""
    checker = _Checker(reading.claims, standing, claim_map)
    ties = [*map(checker.tie, reading.claims), *unread_numbers(reading)]
    return sorted(ties, key=lambda tie: (tie.place.paragraph, tie.place.start))


def unread_numbers(reading: Reading) -> list[Tie]:
    """The numbers that nobody could read, which no check reaches."""
    return list(map(_unread, reading.unread))


def _unread(unread: Unread) -> Tie:
    says = f"{unread.why}，没有核对。请核对这个数，或把话说完整。"
    return Tie(Verdict.UNREAD, unread.printed, unread.place, says)


class _Checker:
    """Ties claim after claim; knows all of them, for a rate may have been worked out from printed amounts."""

    def __init__(self, claims: Sequence[Claim], standing: Standing, claim_map: ClaimMap) -> None:
        self.standing, self.claim_map = standing, claim_map
        self.tracer = Tracer(claim_map, standing.shape.catalogue)
        self.sought = {id(claim): found for claim in claims if (found := self._seek(claim))}
        self.amounts = {found.key: found.claim for found in self.sought.values() if found.formula.kind == "amount"}

    def _seek(self, claim: Claim) -> Sought | None:
        formula, units = self.tracer.formula(claim), self.tracer.units(claim)
        return Sought(claim, formula, units) if formula and units else None

    def tie(self, claim: Claim) -> Tie:
        """The verdict on one claim."""
        found, missing = self.sought.get(id(claim)), self._missing(claim)
        if found is None or missing:
            return Tie(Verdict.NO_SOURCE, claim.printed, claim.place, missing or NOT_IN_BOOKS, claim)
        value = self.standing.value(found.formula, found.units)
        cells = self.standing.cells(found.formula, found.units)
        if value is None and claim.value:
            says = f"{where(cells)}没有数，文为 {said(claim)}。请补填表格，或核对这句话。"
            return self._told(Verdict.DIFFERS, claim, None, cells, says)
        exact = (value or Fraction(0)) / scale(claim.unit)
        verdict, says = self._verdict(found, exact, where(cells))
        return self._told(verdict, claim, exact, cells, says)

    def _missing(self, claim: Claim) -> str:
        if claim.basis == "comparable":
            return "这是同口径的数，表中只有自然口径。请另附同口径的计算表。"
        units = self.tracer.units(claim)
        if not units:
            return f"单位名单中没有“{claim.of_which or claim.scope}”。请核对单位名称，或在 budgetbook.toml 中补上。"
        absent = [unit.name for unit in units if unit.code not in self.standing.books]
        return f"没有{'、'.join(absent)}的报表（或还没有汇总）。请把报表放齐后再核对。" if absent else ""

    def _verdict(self, found: Sought, exact: Fraction, cells: str) -> tuple[Verdict, str]:
        claim = found.claim
        if prints_as(exact, claim):
            return Verdict.AGREES, f"与{cells}一致。"
        if claim.hedge and exact in meant(claim, self.claim_map.hedges):
            return Verdict.AGREES, f"与{cells}相符（{claim.hedge}）。"
        if exact in strictly(claim):
            return Verdict.ROUNDING, f"{cells}为 {shown(exact, claim)}，正在进位的界线上，文为 {said(claim)}。"
        if self._from_printed(found):
            why = "是用文中已经四舍五入的数算的。请改用表中算好的数。"
            return Verdict.ROUNDING, f"{cells}按万元算为 {shown(exact, claim)}，文为 {said(claim)}，{why}"
        guess = cause(claim, found.formula, found.units, exact, self.standing)
        remedy = f"{guess}请核对。" if guess else "请核对是表改了还是字错了。"
        return Verdict.DIFFERS, f"表为 {shown(exact, claim)}（{cells}），文为 {said(claim)}。{remedy}"

    def _told(self, verdict: Verdict, claim: Claim, exact: Fraction | None, cells: tuple[Cell, ...], says: str) -> Tie:
        span = meant(claim, self.claim_map.hedges)
        return Tie(verdict, claim.printed, claim.place, says, claim, exact, span.low, span.high, cells)

    def _from_printed(self, found: Sought) -> bool:
        """Whether the printed rate is exactly what the printed amounts give."""
        formula, claim = found.formula, found.claim
        if formula.kind not in ("percent", "growth") or formula.base_scope:
            return False
        rate = reckoned(formula.kind, self._printed(formula.of, found), self._printed(formula.base, found))
        return rate is not None and rounded(rate * 100, claim.precision) == claim.value

    def _printed(self, terms: tuple[Term, ...], found: Sought) -> Fraction | None:
        """An amount as the text gives it, if that agrees with the cells; else as the cells do."""
        amount = Sought(found.claim, Formula("amount", terms), found.units)
        exact, claim = self.standing.value(amount.formula, amount.units), self.amounts.get(amount.key)
        if claim is None or exact is None or not prints_as(exact / scale(claim.unit), claim):
            return exact
        return Fraction(claim.value) * scale(claim.unit)


NOT_IN_BOOKS = "报表里没有这样的数。请核对说法；确有出处的，在 claims.toml 里补上是哪张表哪一行。"


def where(cells: tuple[Cell, ...]) -> str:
    """The cells as a person finds them."""
    more = f"等 {len(cells)} 格" if len(cells) > NAMED_CELLS else ""
    return "、".join(map(str, cells[:NAMED_CELLS])) + more


def differing(ties: Sequence[Tie]) -> Iterator[Tie]:
    """The numbers that do not agree."""
    return (tie for tie in ties if tie.verdict is not Verdict.AGREES)


def coverage(ties: Sequence[Tie]) -> tuple[int, int]:
    """How many numbers there are, and how many of them have a source in the books."""
    return len(ties), sum(tie.verdict not in (Verdict.NO_SOURCE, Verdict.UNREAD) for tie in ties)


def counts(ties: Sequence[Tie]) -> Mapping[Verdict, int]:
    """How many numbers of each verdict; every verdict is named."""
    found = Counter(tie.verdict for tie in ties)
    return {verdict: found[verdict] for verdict in Verdict}
