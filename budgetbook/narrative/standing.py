"""The books a report is checked against: whose figure a scope means, what a formula gives, and the cells it came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from ..book import Book
from ..finding import Place
from ..form import Level
from ..layout import Layout
from ..relation import Term
from ..returns import Return
from ..shape import Shape
from ..unit import Tree, Unit
from .claim_map import Formula

OWN = "本级"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its amount in fen, or its ratio; where it stands in the unit's workbook. `file` only for returns."""

    unit: str
    name: str
    file: str
    term: Term
    place: Place
    value: Fraction | None
    money: bool

    def __str__(self) -> str:
        return f"{self.name} {self.place}"


class Standing:
    """The books by unit code, nodes consolidated, and the returns they came from."""

    def __init__(self, shape: Shape, books: Mapping[str, Book], returns: Mapping[str, Return]) -> None:
        self.shape, self.books, self.returns = shape, books, returns

    def value(self, formula: Formula, units: Iterable[Unit]) -> Fraction | None:
        """Fen, or a plain fraction for a ratio; None if a figure is blank or the base is zero."""
        units = tuple(units)
        of = self._sum(formula.of, units)
        if formula.kind == "amount":
            return of
        whose = scope_units(self.shape.catalogue.tree, formula.base_scope, "") if formula.base_scope else units
        base = self._sum(formula.base, whose)
        was = self._sum(formula.was[0], units), self._sum(formula.was[1], units)
        return reckoned(formula.kind, of, base, was)

    def _sum(self, terms: tuple[Term, ...], units: tuple[Unit, ...]) -> Fraction | None:
        """Blank only if all is blank."""
        found = [
            term.weight * value
            for unit in units
            for term in terms
            if unit.code in self.books and (value := self._value(unit, term)) is not None
        ]
        return sum(found, Fraction(0)) if found else None

    def _value(self, unit: Unit, term: Term) -> Fraction | None:
        return self.books[unit.code].value(term.form, term.line, term.column)

    def cells(self, formula: Formula, units: Iterable[Unit]) -> tuple[Cell, ...]:
        """The cell that holds the result, or else those it follows from."""
        units = tuple(units)
        terms = (formula.shown,) if formula.shown and len(units) == 1 else (*formula.of, *formula.base, *formula.was[0])
        return tuple(self._cell(unit, term) for unit in units for term in terms)

    def _cell(self, unit: Unit, term: Term) -> Cell:
        ret = self.returns.get(unit.code)
        place = ret.place(term.form, term.line, term.column) if ret else None
        if place is None:
            place = _layout(self.shape, unit.level).place(term.form, term.line, term.column)
        money = self.shape.catalogue.form(term.form).column(term.column).kind in ("amount", "difference")
        return Cell(unit.code, unit.name, ret.file if ret else "", term, place, self._value(unit, term), money)


@lru_cache(maxsize=8)
def _layout(shape: Shape, level: Level) -> Layout:
    return Layout(shape.catalogue, level)


def reckoned(
    kind: str, of: Fraction | None, base: Fraction | None, was: tuple[Fraction | None, Fraction | None] = (None, None)
) -> Fraction | None:
    """A difference, percentage, growth, or the change of a percentage; None where it is undefined."""
    if of is None or base is None:
        return None
    if kind == "difference":
        return of - base
    if base == 0 or (kind == "growth" and base < 0):
        return None
    if kind != "points":
        return of / base - (kind == "growth")
    before = reckoned("percent", *was)
    return None if before is None else of / base - before


def scope_units(tree: Tree, scope: str, of_which: str) -> tuple[Unit, ...]:
    """The units whose figures together are meant; none if the tree has nothing of that name."""
    root = tree.units[0]
    city = _city(tree, root)
    if of_which:
        named = tuple(unit for unit in tree if unit.name == of_which)
        return named or tuple(unit for unit in tree.leaves if unit.level == "city" and of_which.endswith(OWN))
    if scope == "citywide":
        return (root,)
    if scope == "city_level":
        return (city,) if city else ()
    return tuple(_others(tree, root, city))


def _city(tree: Tree, root: Unit) -> Unit | None:
    """The member of the root that holds the city level's own return, or is it."""
    members = tree.members(root.code)
    return next((unit for unit in members if any(leaf.level == "city" for leaf in leaves(tree, unit))), None)


def leaves(tree: Tree, unit: Unit) -> Iterator[Unit]:
    """The leaves below a unit, or the unit itself."""
    yield from tree.under(unit.code) if unit.level == "node" else (unit,)


def _others(tree: Tree, root: Unit, city: Unit | None) -> Iterator[Unit]:
    for unit in tree.members(root.code):
        if unit is not city and not unit.adjustment:
            yield unit


def scope_of(tree: Tree, unit: Unit) -> str:
    """The scope that a unit's figures are spoken of in."""
    city = _city(tree, tree.units[0])
    if not unit.parent:
        return "citywide"
    within = city is not None and (unit == city or unit in tuple(tree.under(city.code)))
    return "city_level" if within else "county_level"
