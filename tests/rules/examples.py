"""Reads templates/2026/examples.csv: what must pass and what must fail each rule, as figures of a small city."""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass, field, replace

from budgetbook.amount import to_fen
from budgetbook.book import Book, Texts
from budgetbook.catalogue import Catalogue
from budgetbook.checks import check_all, check_one
from budgetbook.definitions import read_catalogue
from budgetbook.layout import COLUMN_MARK, FORM_MARK
from budgetbook.prior import Figure, Prior, carried, is_final
from budgetbook.relation import Relation
from budgetbook.returns import Grid, Return, Source, read_return
from budgetbook.rulebook import rulebook
from budgetbook.settings import data_folder
from budgetbook.shape import Shape
from budgetbook.sheet import Stamp
from budgetbook.tree_reader import read_tree
from budgetbook.unit import ALL, Tree, applies
from tests.conftest import TREE

FOLDER = data_folder("templates") / "2026"
PEERS = [{"code": f"C{at}", "name": f"丙{at}县", "level": "county", "parent": "XJ"} for at in range(1, 7)]
ADJUSTMENT = {"code": "CE", "name": "差额", "level": "county", "parent": "ALL", "adjustment": True}
TOKEN = re.compile(r"(?:(?P<who>\w+)/)?(?P<form>\w+):(?P<line>[^@\s]+)@(?P<column>\w+)=(?P<value>.*)")
ROLES = ("prior", "estimate", "shown", "cell")
NOWHERE = Stamp("A", 2026, "county", "", "")


@dataclass(frozen=True)
class Example:
    """One row: `figures` are `[who/]form:line@column=value`, who a unit, or prior, estimate, shown, cell for the row's own."""

    rule: str
    must: str
    unit: str
    figures: str
    texts: str
    why: str

    def __str__(self) -> str:
        return f"{self.rule} {self.must} {self.why or self.figures[:40]}"


@functools.cache
def examples() -> tuple[Example, ...]:
    with (FOLDER / "examples.csv").open(encoding="utf-8-sig", newline="") as file:
        return tuple(Example(**row) for row in csv.DictReader(file))


@functools.cache
def shape_of(peers: bool, direct: str, rounded: str) -> Shape:
    """The small city with every rule in force, with six more counties if *peers*, one of its counties *direct*, and one of its
    forms *rounded*: `form=decimals`."""
    tree = read_tree([*TREE, ADJUSTMENT, *(PEERS if peers else [])])
    units = tuple(replace(unit, direct=frozenset({ALL} if unit.code == direct else ())) for unit in tree)
    form, _, decimals = rounded.partition("=")
    settings = {"decimals": {form: int(decimals)}} if form else {}
    return Shape(_all_in_force(read_catalogue(FOLDER, Tree(units), settings)))


def _all_in_force(catalogue: Catalogue) -> Catalogue:
    """Examples are judged whatever the year; a rule in the shadow is judged like any other."""
    resting = [rule for rule in catalogue.resting if isinstance(rule, Relation)]
    others = [rule for rule in catalogue.resting if not isinstance(rule, Relation)]
    return replace(
        catalogue,
        relations=tuple(replace(rule, shadow=False) for rule in (*catalogue.relations, *resting)),
        rules=tuple(replace(rule, shadow=False) for rule in (*catalogue.rules, *others)),
        resting=(),
    )


@dataclass
class Situation:
    """An example put into books."""

    shape: Shape
    unit: str
    stated: dict[str, Book] = field(default_factory=dict)
    before: list[Figure] = field(default_factory=list)  # of the unit, last year
    said: Texts = field(default_factory=dict)
    estimates: dict[str, Book] = field(default_factory=dict)
    shown: dict[tuple[str, str, str], object] = field(default_factory=dict)
    cells: dict[tuple[str, str, str], float] = field(default_factory=dict)

    def book(self, who: str) -> Book:
        code = self.unit if who in ROLES else who or self.unit
        books = self.estimates if who == "estimate" else self.stated
        return books.setdefault(code, Book.empty(self.shape.catalogue.tree[code], self.shape))

    @property
    def prior(self) -> Prior:
        """The unit's book of last year as this year sees it."""
        if not self.before and not self.said:
            return Prior()
        last = carried(self.shape, self.shape.catalogue.tree[self.unit], self.before, self.said)
        assert () == last.lost
        return Prior({self.unit: last.book}, {self.unit: last.split})

    def figure(self, token: str) -> None:
        found = TOKEN.fullmatch(token)
        assert found, f"“{token}”不是“单位/表:科目@栏目=数”的写法"
        key, value = (found["form"], found["line"], found["column"]), found["value"]
        if found["who"] == "shown":
            self.shown[key] = value if value == "—" else float(value)
        elif found["who"] == "cell":
            self.cells[key] = float(value)
        elif found["who"] == "prior":
            self.before.append((*key, to_fen(value), 0))
        else:
            self.book(found["who"] or "").put(*key, to_fen(value))

    def text(self, token: str) -> None:
        found = TOKEN.fullmatch(token)
        assert found, f"“{token}”不是“单位/表:科目@栏目=文字”的写法"
        texts = self.said if found["who"] == "prior" else self.book(found["who"] or "").texts
        texts[found["form"], found["line"], found["column"]] = found["value"]


def situation(example: Example) -> Situation:
    direct = re.search(r"direct:(\w+)", example.texts)
    rounded = re.search(r"decimals:(\w+=-?\d)", example.texts)
    shape = shape_of("C1/" in example.figures, direct[1] if direct else "", rounded[1] if rounded else "")
    made = Situation(shape, example.unit)
    if made.shape.catalogue.tree[example.unit].level != "node":
        made.book("")
    for token in example.figures.split():
        made.figure(token)
    for token in filter(None, (text.strip() for text in example.texts.split("|"))):
        if not token.startswith(("direct:", "decimals:")):
            made.text(token)
    return made


def found(example: Example) -> bool:
    """Whether the rule speaks. A relation is asked directly, before echoes are folded; all else as in a real check."""
    made = situation(example)
    rule = made.shape.catalogue.rule(example.rule)
    assert rule is not None, f"{example.rule} 不在规则目录中"
    return _breached(made, rule) if isinstance(rule, Relation) else example.rule in _spoken(made)


def _breached(made: Situation, rule: Relation) -> bool:
    book = made.book("")
    if made.before:  # last year's totals are computed, so this year's are too
        book = book.computed()
    last = made.prior.books
    if rule.scope == "final" and last and not is_final(last[made.unit]):
        return False
    others = {"prior": last, "final": last, "estimate": made.estimates}.get(rule.scope, made.stated)
    other = others.get("SJ" if rule.scope == "zone" else made.unit, Book.empty(book.unit, made.shape))
    rules = rulebook(made.shape, book.unit.level, rule.scope)
    breaches = rules.breaches_between(book.fen[None], book.given[None], other.fen[None], other.given[None])
    return applies(rule.levels, book.unit.kinds, rule.sign) and any(
        breach.case.relation.id == rule.id for breach in breaches
    )


def _spoken(made: Situation) -> set[str]:
    returns = {code: Return("", "", NOWHERE, book, {}) for code, book in made.stated.items()}
    if made.shown:
        returns[made.unit].shown.update(made.shown)
    if made.cells:
        returns[made.unit] = _read(made)
    alone = [finding for ret in returns.values() for finding in check_one(made.shape, ret)]
    return {finding.rule for finding in [*alone, *check_all(made.shape, returns, made.prior, made.estimates)]}


def _read(made: Situation) -> Return:
    ((form, line, column), value) = next(iter(made.cells.items()))
    grid = Grid([[FORM_MARK + form], [COLUMN_MARK, "", "", column], [line, "", "", value]])
    stamp = replace(NOWHERE, unit=made.unit)
    ret = read_return(made.shape, Source({form: grid}, (stamp,)), "", "")
    assert isinstance(ret, Return)
    return ret
