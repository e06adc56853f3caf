"""Which cells a claim must equal, and how they are reckoned, as budget staff keep it in claims.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any, Literal

from ..catalogue import Catalogue
from ..form import Form
from ..problems import says_toml
from ..relation import ANY, BadTerm, Term, terms
from ..shape import open_columns
from .claim import Claim

Kind = Literal["amount", "difference", "percent", "growth", "points"]
KINDS = ("amount", "difference", "percent", "growth", "points")


class ClaimMapError(ValueError):
    """The map cannot be used as it is written; the message says where and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The lines that a budget's flow, or one measure of it, stands in. 科目在哪一行"""

    budget: str
    flow: str
    line: tuple[Term, ...]
    measure: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """The columns that a measure stands in. `year` counts from the year drafted. 数在哪一栏"""

    measure: str
    year: int
    of: str
    base: str = ""
    kind: Kind = "amount"
    at: str = ""  # the column that holds the ratio, where a form has one
    whole: str | None = None  # a share of what; empty: of the revenue or expenditure it belongs to
    whole_scope: str = ""


@dataclass(frozen=True, slots=True)
class Hedges:
    """Words that leave room, and how much: units of the last place, and percentage points for 基本持平."""

    about: frozenset[str]
    at_least: frozenset[str]
    at_most: frozenset[str]
    width: Fraction
    beyond: Fraction
    flat: Fraction


@dataclass(frozen=True, slots=True)
class Formula:
    """How a claim follows from cells: sums of terms with their columns, and what is done with them."""

    kind: Kind
    of: tuple[Term, ...]
    base: tuple[Term, ...] = ()
    was: tuple[tuple[Term, ...], tuple[Term, ...]] = ((), ())  # of and base a year before
    base_scope: str = ""  # the base is another unit's
    shown: Term | None = None  # the cell that holds the result


@dataclass(frozen=True, slots=True)
class Figure:
    """What is spoken of, whoever's it is; `year` counts from the year drafted."""

    budget: str
    flow: str
    measure: str
    year: int


@dataclass(frozen=True, slots=True)
class ClaimMap:
    """Accounts and measures, in the order written."""

    accounts: tuple[Account, ...]
    measures: tuple[Measure, ...]
    hedges: Hedges

    def of_claim(self, claim: Claim, catalogue: Catalogue) -> Formula | None:
        """How a claim follows from the catalogue's cells; None if the map does not know."""
        if claim.year is None:
            return None
        return self.formula(Figure(claim.budget, claim.flow, claim.measure, claim.year - catalogue.year), catalogue)

    def formula(self, figure: Figure, catalogue: Catalogue) -> Formula | None:
        """The first way the map knows to find a figure among the catalogue's open cells; None if there is none."""
        found = (
            self._formula(account, measure, figure, catalogue)
            for account in self._accounts(figure.budget, figure.flow, figure.year)
            for measure in self.measures
            if _means(account, measure, figure)
        )
        return next((formula for formula in found if formula is not None), None)

    def _accounts(self, budget: str, flow: str, year: int) -> Iterator[Account]:
        for account in self.accounts:
            bound = _bound(account, budget, flow)
            if bound is not None and account.year in (None, year):
                yield bound

    def _formula(self, account: Account, measure: Measure, figure: Figure, catalogue: Catalogue) -> Formula | None:
        form = _form(catalogue, account.line)
        if form is None:
            return None
        columns = {column.id: column for column in form.columns}
        derived = columns.get(measure.at)
        of, base = (derived.of, derived.base) if derived else (measure.of, measure.base)
        formula = Formula(
            measure.kind,
            _at(account.line, of),
            _at(account.line, base),
            shown=_single(account.line, measure.at) if derived else None,
            base_scope=measure.whole_scope,
        )
        if measure.whole is not None or measure.whole_scope:
            formula = self._share(formula, account, measure, figure)
        return formula if _usable(formula, catalogue) else None

    def _share(self, formula: Formula, account: Account, measure: Measure, figure: Figure) -> Formula:
        if measure.whole_scope:
            return replace(formula, base=formula.of)
        flow = measure.whole or figure.flow.partition(".")[0]
        whole = next((each for each in self._accounts(figure.budget, flow, figure.year) if not each.measure), None)
        lines = whole.line if whole else ()
        was = (_at(account.line, measure.base), _at(lines, measure.base)) if measure.kind == "points" else ((), ())
        return replace(formula, base=_at(lines, measure.of), was=was)


def _means(account: Account, measure: Measure, figure: Figure) -> bool:
    """Whether a measure is the figure's; one with * belongs to accounts with a measure of their own."""
    if bool(account.measure) != (ANY in measure.measure):
        return False
    return (measure.measure.replace(ANY, account.measure), measure.year) == (figure.measure, figure.year)


def _bound(account: Account, budget: str, flow: str) -> Account | None:
    """The account for that flow; `revenue.*` binds to a code."""
    if account.budget != budget:
        return None
    if not account.flow.endswith(ANY):
        return account if account.flow == flow else None
    head = account.flow.removesuffix(ANY)
    if not flow.startswith(head):
        return None
    code = flow.removeprefix(head)
    return replace(account, line=tuple(replace(term, line=term.line.replace(ANY, code)) for term in account.line))


def _form(catalogue: Catalogue, line: tuple[Term, ...]) -> Form | None:
    try:
        form = catalogue.form(line[0].form)
        for term in line:
            catalogue.form(term.form).line(term.line)
    except KeyError:
        return None
    return form


def _at(line: tuple[Term, ...], column: str) -> tuple[Term, ...]:
    return tuple(replace(term, column=column) for term in line) if column else ()


def _single(line: tuple[Term, ...], column: str) -> Term | None:
    return replace(line[0], column=column) if len(line) == 1 else None


def _usable(formula: Formula, catalogue: Catalogue) -> bool:
    """Whether every cell is open, and the base is there where one is wanted."""
    if formula.kind != "amount" and not formula.base:
        return False
    cells = (*formula.of, *formula.base, *formula.was[0], *formula.was[1])
    return all(_open(catalogue, term) for term in cells)


def _open(catalogue: Catalogue, term: Term) -> bool:
    form = catalogue.form(term.form)
    return any(column.id == term.column for column in open_columns(form, form.line(term.line)))


def read_claim_map(text: str, catalogue: Catalogue, source: str = "claims.toml") -> ClaimMap:
    """The map written in TOML `text`. Raises ClaimMapError with the place and the remedy."""
    try:
        tables = tomllib.loads(text)
        accounts = tuple(_account(row, catalogue, source) for row in tables["account"])
        return ClaimMap(accounts, tuple(_measure(row, source) for row in tables["measure"]), _hedges(tables))
    except tomllib.TOMLDecodeError as error:
        raise ClaimMapError(f"{source} 读不了：{says_toml(error)}。") from error
    except KeyError as error:
        raise ClaimMapError(f"{source} 缺少“{error.args[0]}”一项。请从原文件补上这一项。") from error


def _account(row: Mapping[str, Any], catalogue: Catalogue, source: str) -> Account:
    _known(row, Account, source)
    try:
        line = terms(row["line"], "")
    except BadTerm as bad:
        raise ClaimMapError(f"{source} 的“{bad}”不是“表:科目”的写法。请改正，例如 gp_revenue:101。") from bad
    for term in line:
        if not _exists(catalogue, term):
            raise ClaimMapError(f"{source} 用到不存在的“{term.form}:{term.line}”。请核对表名和科目编码。")
    return Account(row["budget"], row["flow"], line, row.get("measure", ""), row.get("year"))


def _exists(catalogue: Catalogue, term: Term) -> bool:
    try:
        form = catalogue.form(term.form)
        return ANY in term.line or bool(form.line(term.line))
    except KeyError:
        return False


def _measure(row: Mapping[str, Any], source: str) -> Measure:
    _known(row, Measure, source)
    if row.get("kind", "amount") not in KINDS:
        raise ClaimMapError(f"{source} 的 kind“{row['kind']}”不认得。请改成 {'、'.join(KINDS)} 之一。")
    return Measure(row["measure"], row["year"], row["of"], **{key: row[key] for key in row if key not in _FIRST})


_FIRST = frozenset(("measure", "year", "of"))


def _known(row: Mapping[str, Any], noun: type, source: str) -> None:
    strange = row.keys() - {field.name for field in fields(noun)}
    if strange:
        raise ClaimMapError(f"{source} 有不认得的项“{'、'.join(sorted(strange))}”。请对照同表其他行改正。")


def _hedges(tables: Mapping[str, Any]) -> Hedges:
    words, width = tables["hedges"], tables["tolerance"]
    return Hedges(
        frozenset(words["about"]),
        frozenset(words["at_least"]),
        frozenset(words["at_most"]),
        Fraction(str(width["about"])),
        Fraction(str(width["beyond"])),
        Fraction(str(width["flat"])),
    )
