"""Every claim of a report beside the cells it must equal: 一致, 尾差, 不一致, 找不到出处, or 未能读懂."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from ..amount import FEN, rounded
from ..model import Severity, Unit
from ..relation import Term
from ..shape import open_columns
from .claim import Claim, Place, Reading, Unread
from .claim_map import ClaimMap, Formula, Hedges
from .standing import Cell, Standing, reckoned, scope_of, scope_units

SCALE = {unit: Fraction(fen) for unit, fen in FEN.items()} | {"千元": Fraction(100_000)}
PERCENT = Fraction(1, 100)
HALF = Fraction(1, 2)


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
class Range:
    """What a printed number stands for, in its own unit; None where a hedge leaves an end open."""

    low: Fraction
    high: Fraction

    def __contains__(self, exact: Fraction) -> bool:
        return self.low <= exact <= self.high


@dataclass(frozen=True, slots=True)
class Tie:
    """One number of the text and what the books say of it; `exact` and the bounds in the unit printed."""

    verdict: Verdict
    printed: str
    place: Place
    says: str
    claim: Claim | None = None
    exact: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    cells: tuple[Cell, ...] = ()


def scale(unit: str) -> Fraction:
    """Fen, or plain fractions, in one of the unit printed."""
    return SCALE.get(unit, Fraction(1) if unit == "倍" else PERCENT)


def meant(claim: Claim, hedges: Hedges) -> Range:
    """The closed interval of everything that prints as the claim, with the room that its hedge leaves."""
    value, unit = Fraction(claim.value), Fraction(1, 10**claim.precision)
    low, high = value - unit * HALF, value + unit * HALF
    if claim.hedge in hedges.at_least:
        return Range(low, high + hedges.beyond * unit)
    if claim.hedge in hedges.at_most:
        return Range(low - hedges.beyond * unit, high)
    if claim.hedge in hedges.about:
        width = hedges.flat if not _has_digits(claim) else hedges.width * unit
        return Range(low - width, high + width)
    return Range(low, high)


def _has_digits(claim: Claim) -> bool:
    return any(character.isdecimal() for character in claim.printed)


def tie_out(reading: Reading, standing: Standing, claim_map: ClaimMap) -> list[Tie]:
    """Every claim and every unread number, in the order of the text."""
    checker = _Checker(reading.claims, standing, claim_map)
    ties = [*(checker.tie(claim) for claim in reading.claims), *map(_unread, reading.unread)]
    return sorted(ties, key=lambda tie: (tie.place.paragraph, tie.place.start))


def _unread(unread: Unread) -> Tie:
    says = f"{unread.why}，没有和表核对。请核对这个数，或把话说完整。"
    return Tie(Verdict.UNREAD, unread.printed, unread.place, says)


@dataclass(frozen=True, slots=True)
class _Sought:
    """A claim with the formula and the units it was traced to."""

    claim: Claim
    formula: Formula
    units: tuple[Unit, ...]


class _Checker:
    """Ties claim after claim; knows all of them, for a rate may have been worked out from printed figures."""

    def __init__(self, claims: Sequence[Claim], standing: Standing, claim_map: ClaimMap) -> None:
        self.standing, self.claim_map = standing, claim_map
        self.tree, self.catalogue = standing.shape.catalogue.tree, standing.shape.catalogue
        self.sought = {id(claim): found for claim in claims if (found := self._seek(claim))}
        self.amounts = dict(self._amounts())

    def _seek(self, claim: Claim) -> _Sought | None:
        formula = self.claim_map.of_claim(claim, self.catalogue)
        units = scope_units(self.tree, claim.scope, claim.of_which)
        return _Sought(claim, formula, units) if formula and units else None

    def _amounts(self) -> Iterator[tuple[tuple[tuple[Term, ...], tuple[Unit, ...]], Claim]]:
        for found in self.sought.values():
            if found.formula.kind == "amount":
                yield (found.formula.of, _codes(found.units)), found.claim

    def tie(self, claim: Claim) -> Tie:
        """The verdict on one claim."""
        found = self.sought.get(id(claim))
        if missing := self._missing(claim, found):
            return Tie(Verdict.NO_SOURCE, claim.printed, claim.place, missing, claim)
        assert found is not None
        value = self.standing.value(found.formula, found.units)
        cells = self.standing.cells(found.formula, found.units)
        if value is None and claim.value:
            says = f"{_where(cells)}没有数，文为 {claim.printed}。请补填表格，或核对这句话。"
            return self._told(Verdict.DIFFERS, found, None, cells, says)
        return self._judged(found, (value or Fraction(0)) / scale(claim.unit), cells)

    def _missing(self, claim: Claim, found: _Sought | None) -> str:
        if claim.basis == "comparable":
            return "这是同口径的数，表中只有自然口径。请另附同口径的计算表。"
        units = scope_units(self.tree, claim.scope, claim.of_which)
        if not units:
            return f"单位名单中没有“{claim.of_which or claim.scope}”。请核对单位名称，或在 budgetbook.toml 中补上。"
        if absent := [unit.name for unit in units if unit.code not in self.standing.books]:
            return f"没有{'、'.join(absent)}的报表（或还没有汇总）。请把报表放齐后再核对。"
        if found is None:
            return "报表里没有这样的数。请核对说法；确有出处的，在 claims.toml 里补上是哪张表哪一行。"
        return ""

    def _judged(self, found: _Sought, exact: Fraction, cells: tuple[Cell, ...]) -> Tie:
        claim, hedges = found.claim, self.claim_map.hedges
        strict = meant(replace(claim, hedge=""), hedges)
        if rounded(exact, claim.precision) == claim.value:
            return self._told(Verdict.AGREES, found, exact, cells, f"与{_where(cells)}一致。")
        if claim.hedge and exact in meant(claim, hedges):
            return self._told(Verdict.AGREES, found, exact, cells, f"与{_where(cells)}相符（{claim.hedge}）。")
        if exact in strict:
            says = f"{_where(cells)}为 {self._shown(found, exact)}，正在进位的界线上，文为 {claim.printed}。"
            return self._told(Verdict.ROUNDING, found, exact, cells, says)
        if self._from_printed(found):
            says = (
                f"{_where(cells)}按万元算为 {self._shown(found, exact)}，文为 {claim.printed}，"
                "是用文中已经四舍五入的数算的。请改用表中算好的数。"
            )
            return self._told(Verdict.ROUNDING, found, exact, cells, says)
        says = f"表为 {self._shown(found, exact)}（{_where(cells)}），文为 {self._said(claim)}。{self._cause(found, exact)}"
        return self._told(Verdict.DIFFERS, found, exact, cells, says)

    def _told(
        self, verdict: Verdict, found: _Sought, exact: Fraction | None, cells: tuple[Cell, ...], says: str
    ) -> Tie:
        span = meant(found.claim, self.claim_map.hedges)
        claim = found.claim
        return Tie(verdict, claim.printed, claim.place, says, claim, exact, span.low, span.high, cells)

    def _from_printed(self, found: _Sought) -> bool:
        """Whether the printed rate is exactly what the printed amounts give."""
        formula, claim = found.formula, found.claim
        if formula.kind not in ("percent", "growth") or formula.base_scope:
            return False
        of, base = (self._printed(terms, found.units) for terms in (formula.of, formula.base))
        rate = reckoned(formula.kind, of, base)
        return rate is not None and rounded(rate * 100, claim.precision) == claim.value

    def _printed(self, terms: tuple[Term, ...], units: tuple[Unit, ...]) -> Fraction | None:
        """An amount as the text gives it, if that agrees with the cells; else as the cells do."""
        exact = self.standing.value(Formula("amount", terms), units)
        claim = self.amounts.get((terms, _codes(units)))
        if claim is None or exact is None:
            return exact
        agrees = rounded(exact / scale(claim.unit), claim.precision) == claim.value
        return Fraction(claim.value) * scale(claim.unit) if agrees else exact

    def _shown(self, found: _Sought, exact: Fraction) -> str:
        return shown(exact, found.claim)

    def _said(self, claim: Claim) -> str:
        return f"{claim.direction} {claim.printed}" if claim.direction and _has_digits(claim) else claim.printed

    def _cause(self, found: _Sought, exact: Fraction) -> str:
        """What was probably mistaken for what."""
        cause = next(self._causes(found, exact), "")
        return f"{cause}请核对。" if cause else "请核对是表改了还是字错了。"

    def _causes(self, found: _Sought, exact: Fraction) -> Iterator[str]:
        claim = found.claim
        if not claim.value:
            return
        if rounded(-exact, claim.precision) == claim.value:
            yield "方向词可能写反了，"
        if claim.unit in SCALE:
            for unit in ("亿元", "万元", "元"):
                if rounded(exact * scale(claim.unit) / SCALE[unit], claim.precision) == claim.value:
                    yield f"单位可能应为{unit}，"
        yield from (
            f"这个数与{unit.name}的一致，范围可能写错了，"
            for unit in self._other_units(found)
            if self._same(claim, self.standing.value(found.formula, (unit,)))
        )
        yield from self._other_columns(found)
        if rounded(exact, claim.decimals) == claim.value:
            yield f"按印出的 {claim.decimals} 位小数是对的，可能少写了小数，"

    def _other_units(self, found: _Sought) -> Iterator[Unit]:
        for unit in self.tree:
            if unit.code in self.standing.books and unit not in found.units:
                yield unit

    def _other_columns(self, found: _Sought) -> Iterator[str]:
        if found.formula.kind != "amount":
            return
        first = found.formula.of[0]
        form = self.catalogue.form(first.form)
        for column in open_columns(form, form.line(first.line)):
            other = replace(found.formula, of=tuple(replace(term, column=column.id) for term in found.formula.of))
            if column.id != first.column and self._same(found.claim, self.standing.value(other, found.units)):
                yield f"这个数与“{column.heading}”一致，可能取错了栏，"

    def _same(self, claim: Claim, value: Fraction | None) -> bool:
        return bool(value) and rounded((value or Fraction(0)) / scale(claim.unit), claim.precision) == claim.value


def _codes(units: tuple[Unit, ...]) -> tuple[str, ...]:
    return tuple(unit.code for unit in units)


def _where(cells: tuple[Cell, ...]) -> str:
    return "、".join(map(str, cells[:3])) + (f"等 {len(cells)} 格" if len(cells) > 3 else "")


def shown(exact: Fraction, claim: Claim) -> str:
    """The exact value in the unit printed, with two more decimals than the claim, and what it is if it is negative."""
    value = rounded(exact, claim.precision + 2)
    text = f"{_plain(abs(value)) if claim.direction else _plain(value)}"
    unit = "个百分点" if claim.unit == "百分点" else "%" if claim.unit == "%" else f" {claim.unit}"
    if not claim.direction:
        return f"{text}{unit}"
    return f"{'下降' if value < 0 else '增长'} {text}{unit}"


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def coverage(ties: Sequence[Tie]) -> tuple[int, int]:
    """How many numbers there are, and how many of them have a source in the books."""
    return len(ties), sum(tie.verdict in (Verdict.AGREES, Verdict.ROUNDING, Verdict.DIFFERS) for tie in ties)


def counts(ties: Sequence[Tie]) -> Mapping[Verdict, int]:
    """How many numbers of each verdict; every verdict is named."""
    return {verdict: sum(tie.verdict is verdict for tie in ties) for verdict in Verdict}


__all__ = ["Range", "Tie", "Verdict", "counts", "coverage", "meant", "scale", "scope_of", "shown", "tie_out"]
