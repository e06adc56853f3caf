"""What must add up on printed pages: totals over parts, the relations of the catalogue, units over their members."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..book import Book
from ..form import Level
from ..rulebook import rulebook
from ..shape import LevelShape
from ..unit import Unit
from .printed import Figure, PrintedTable
from .rounding import Sum
from .rows import Source

Addends = tuple[tuple[int, str], ...]


def sums_of(source: Source, tables: Sequence[PrintedTable], derived: Sequence[Sum]) -> list[Sum]:
    """Every sum whose total and parts are printed at one scale; a part that is not printed is taken as its own parts."""
    found: dict[tuple[str, Addends, bool], Sum] = {}
    for printed in _scales(tables).values():
        page = _Page(source, printed)
        for one in (*page.totals(), *page.relations(), *page.of_which(), *page.members(), *page.derived(derived)):
            found.setdefault((one.total, one.parts, one.whole), one)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Printed:
    """A figure on the page: its exact amount and the number of the table it is first printed in."""

    exact: int
    table: str


def _scales(tables: Sequence[PrintedTable]) -> dict[tuple[str, int], dict[str, _Printed]]:
    scales: dict[tuple[str, int], dict[str, _Printed]] = {}
    for table in tables:
        for number in table.numbers:
            if isinstance(number, Figure) and number.id:
                here = scales.setdefault((number.unit, number.decimals), {})
                here.setdefault(number.id, _Printed(number.exact, table.number))
    return scales


class _Page:
    """What is printed at one scale, and how figures follow from others."""

    def __init__(self, source: Source, printed: Mapping[str, _Printed]) -> None:
        self.source, self.printed, self.shape = source, printed, source.shape
        self.plain = [id.partition("/")[::2] for id in printed if not id.startswith("(") and "+" not in id]
        self.place = {":".join(key): place for place, key in enumerate(self.shape.keys)}
        self._addends: dict[Level, dict[int, list[tuple[int, int]]]] = {}

    def totals(self) -> Iterator[Sum]:
        """Totals of a form over their parts, in columns of one figure and of several added."""
        for unit, key in self.plain:
            yield from self._sum((1, f"{unit}/{key}"), self._parts(unit, (self.place[key],)))
        for id in self.printed:
            if "+" in id and not id.startswith("("):
                unit, keys = _apart(id)
                yield from self._sum((1, id), self._parts(unit, tuple(self.place[key] for key in keys)))

    def relations(self) -> Iterator[Sum]:
        """The equations of the catalogue that hold in the book."""
        for unit in dict.fromkeys(unit for unit, _ in self.plain):
            book = self.source.books[unit]
            for case in rulebook(self.shape, book.unit.level).cases:
                if case.relation.sign == "=" and case.relation.severity == "error" and case.right:
                    addends = (*case.left, *((place, -weight) for place, weight in case.right))
                    yield from self._equation(book, [(weight, place) for place, weight in addends if book.fen[place]])

    def of_which(self) -> Iterator[Sum]:
        """A line that is 其中 of another does not exceed it."""
        for unit, key in self.plain:
            form, code, column = key.split(":")
            line = self.shape.catalogue.form(form).line(code)
            total, id = f"{unit}/{form}:{line.parent}:{column}", f"{unit}/{key}"
            above = self.printed.get(total)
            if line.kind == "of_which" and above and 0 <= self.printed[id].exact <= above.exact:
                yield Sum(total, ((1, id),), above.table, whole=False)

    def members(self) -> Iterator[Sum]:
        """A unit over its members, where nothing was eliminated between them."""
        for code, key in self.plain:
            yield from self._sum((1, f"{code}/{key}"), self._of_members(self.shape.catalogue.tree[code], key))

    def derived(self, sums: Iterable[Sum]) -> Iterator[Sum]:
        """Sums and differences of columns, where all of it is printed at this scale."""
        for one in sums:
            if one.total in self.printed:
                yield from self._sum((1, one.total), [part for part in one.parts if part[1] in self.printed])

    def _sum(self, total: tuple[int, str], parts: Iterable[tuple[int, str]] | None) -> Iterator[Sum]:
        terms = [total, *((-sign, id) for sign, id in parts or ())]
        live = [term for term in terms if self.printed[term[1]].exact]
        if parts and live and not sum(sign * self.printed[id].exact for sign, id in live):
            yield self._turned(live)

    def _turned(self, terms: Sequence[tuple[int, str]]) -> Sum:
        """The equation as one total over parts without a minus, if it has one: a difference is a part of what it is taken from."""
        alone = [sign for sign in (1, -1) if [each for each, _ in terms].count(sign) == 1]
        sign, total = next(((sign, id) for sign, id in terms if sign in alone), terms[0])
        rest = tuple((-sign * each, id) for each, id in terms if id != total)
        return Sum(total, rest, self.printed[total].table)

    def _equation(self, book: Book, terms: Sequence[tuple[int, int]]) -> Iterator[Sum]:
        named = [(weight, f"{book.unit.code}/{':'.join(self.shape.keys[place])}") for weight, place in terms]
        if len(named) > 1 and all(abs(weight) == 1 and id in self.printed for weight, id in named):
            yield from self._sum(named[0], [(-weight * named[0][0], id) for weight, id in named[1:]])

    def _parts(self, unit: str, places: tuple[int, ...]) -> Addends | None:
        """The printed figures that a total is made of, None if one of them cannot be shown to be; several places are
        columns that are printed as their sum."""
        book = self.source.books[unit]
        rows = [self._level(book.unit.level).get(place, []) for place in places]
        if len({len(row) for row in rows}) != 1:
            return None
        found: list[tuple[int, str]] = []
        for parts in zip(*rows, strict=True):
            at = tuple(place for place, _ in parts)
            id = "+".join(f"{unit}/{':'.join(self.shape.keys[place])}" for place in at)
            if id in self.printed:
                found.append((parts[0][1], id))
            elif book.fen[list(at)].any():
                below = self._parts(unit, at)
                if not below:
                    return None
                found += [(parts[0][1] * sign, each) for sign, each in below]
        return tuple(found)

    def _level(self, level: Level) -> dict[int, list[tuple[int, int]]]:
        if level not in self._addends:
            self._addends[level] = _addends(self.shape.level(level))
        return self._addends[level]

    def _of_members(self, unit: Unit, key: str) -> Addends | None:
        found: list[tuple[int, str]] = []
        for member in self.shape.catalogue.tree.members(unit.code, key.partition(":")[0]):
            id, book = f"{member.code}/{key}", self.source.books.get(member.code)
            if id in self.printed:
                found.append((1, id))
            elif book is not None and book.fen[self.place[key]]:
                below = self._of_members(member, key)
                if not below:
                    return None
                found += below
        return tuple(found)


def _apart(id: str) -> tuple[str, list[str]]:
    """The unit and the keys of a sum of columns."""
    pairs = [part.partition("/") for part in id.split("+")]
    return pairs[0][0], [key for _, _, key in pairs]


def _addends(level: LevelShape) -> dict[int, list[tuple[int, int]]]:
    return {int(place): level.sums.addends(row) for row, place in enumerate(level.totals)}
