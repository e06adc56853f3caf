"""Where each figure sits in a book's one long array, which cells a level may fill, and how totals follow from entries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .amount import Fens, step
from .catalogue import Catalogue
from .form import Column, Form, Level, Line, sees, visible
from .keeping import by_places
from .relation import Term
from .sums import Sums

Given = NDArray[np.bool_]
Key = tuple[str, str, str]  # form, line, column
Wave = tuple[NDArray[np.int64], Sums]  # totals that are made of nothing later, and of what
MONEY = ("entry", "total", "of_which")


@dataclass(frozen=True, slots=True)
class Total:
    """One computed cell: its place and the (place, weight) pairs that add up to it."""

    place: int
    addends: tuple[tuple[int, int], ...]


class LevelShape:
    """What units of one level fill in, and the order in which their totals are computed."""

    def __init__(self, shape: Shape, level: Level) -> None:
        cells = [
            (form, line, open_columns(form, line))
            for form in shape.catalogue.at(level)
            for line in visible(form, level)
        ]
        self.opened = frozenset(
            place for form, line, columns in cells for place in shape.places(form.id, line.code, columns)
        )
        self.open: Given = np.zeros(shape.size, dtype=bool)
        self.open[list(self.opened)] = True
        totals = [
            Total(shape.place(form.id, line.code, column.id), addends)
            for form, line, columns in cells
            if line.kind == "total"
            for column, addends in shape.addends(form, line, columns, self.opened)
        ]
        self.totals = np.array([total.place for total in totals], dtype=np.int64)
        self.rows = {total.place: row for row, total in enumerate(totals)}  # place of a total → its row among the sums
        self.sums = Sums([total.addends for total in totals])
        self.computed: Given = np.zeros(shape.size, dtype=bool)
        self.computed[self.totals] = True
        self.entries: Given = self.open & ~self.computed
        self.waves = [(self.totals[wave], self.sums.only(wave)) for wave in _waves(totals)]
        self.steps: Fens = self.spread(shape.steps.copy()) if shape.rounded else shape.steps
        self._room = shape.steps[self.totals] + self.sums.spread(self.steps) if shape.rounded else 0

    def wrong(self, fen: Fens, given: Given) -> Given:
        """units × totals: what is stated otherwise than as the sum of its parts, beyond what their precision leaves open."""
        gap = fen[..., self.totals] - self.sums.of(fen)
        result: Given = given[..., self.totals] & (2 * np.abs(gap) > self._room)
        return result

    def spread(self, steps: Fens) -> Fens:
        """Figures long, in place: a total is as uncertain as what it is made of, if it is not stated worse itself."""
        for places, sums in self.waves:
            steps[..., places] = np.maximum(steps[..., places], sums.spread(steps))
        return steps

    def compute(self, fen: Fens, given: Given) -> None:
        """Writes every total into units × figures in place; a total of blanks only is blank."""
        _computed(self.waves, fen, given)

    def compute_for(self, wanted: NDArray[np.int64], fen: Fens, given: Given) -> None:
        """As `compute`, but only the totals among the places *wanted* and those that they are made of."""
        needed = np.zeros(len(self.open), dtype=bool)
        needed[wanted] = True
        waves: list[Wave] = []
        for places, sums in reversed(self.waves):
            rows = np.flatnonzero(needed[places])
            some = sums.only(rows)
            needed[some.place] = True
            waves.append((places[rows], some))
        _computed(reversed(waves), fen, given)


def _computed(waves: Iterable[Wave], fen: Fens, given: Given) -> None:
    for places, sums in waves:
        given[..., places] = sums.given(given)
        fen[..., places] = sums.of(fen)


class Shape:
    """Lines × amount columns of every form laid end to end.

    Shapes *like* each other are of the same definitions and as many regions: every figure has the same place in them.
    """

    def __init__(self, catalogue: Catalogue, like: Shape | None = None) -> None:
        self.catalogue, self._like = catalogue, like
        self.alike: dict[tuple[object, ...], Any] = like.alike if like else {}  # what only places were needed to find
        self.own: dict[tuple[object, ...], Any] = {}  # what was found for its very regions
        self._start: dict[str, int] = {}
        self._line: dict[str, dict[str, int]] = {}
        self._column: dict[str, dict[str, int]] = {}
        self.size = 0
        for form in catalogue.forms:
            self._start[form.id] = self.size
            if like and form.id not in catalogue.by_region:
                self._line[form.id] = like._line[form.id]
            else:
                self._line[form.id] = {line.code: at for at, line in enumerate(form.lines)}
            self._column[form.id] = {column.id: at for at, column in enumerate(form.amounts)}
            self.size += len(form.lines) * len(form.amounts)

    def place(self, form: str, line: str, column: str) -> int:
        """Raises KeyError for a figure the catalogue does not have."""
        return self._first(form, line) + self._column[form][column]

    def places(self, form: str, line: str, columns: Iterable[Column]) -> Iterator[int]:
        """The places of a line in some columns."""
        first, at = self._first(form, line), self._column[form]
        return (first + at[column.id] for column in columns)

    def _first(self, form: str, line: str) -> int:
        return self._start[form] + self._line[form][line] * len(self._column[form])

    def start(self, form: str, line: str) -> int | None:
        """Where the figures of a line begin; None if the catalogue has no such line."""
        at = self._line.get(form, {}).get(line)
        return None if at is None else self._start[form] + at * len(self._column[form])

    def offset(self, form: str, column: str) -> int | None:
        """How far into a line of *form* a column stands; None if the catalogue has no such column."""
        return self._column.get(form, {}).get(column)

    def has(self, form: str, line: str, column: str) -> bool:
        """Whether the catalogue has that figure."""
        return line in self._line.get(form, ()) and column in self._column.get(form, ())

    def span(self, form: Form) -> slice:
        """The part of the array that belongs to *form*: lines × amount columns, row by row."""
        start = self._start[form.id]
        return slice(start, start + len(form.lines) * len(form.amounts))

    @cached_property
    def steps(self) -> Fens:
        """The unit of the last place of every figure, in fen: what it is rounded to; zero if it is exact."""
        steps: Fens = np.zeros(self.size, dtype=np.int64)
        for form in self.catalogue.forms:
            grid = steps[self.span(form)].reshape(len(form.lines), -1)
            for column, at in self._column[form.id].items():
                if column in form.decimals:
                    grid[:, at] = step(form.unit, form.decimals[column])
        return steps

    @cached_property
    def rounded(self) -> bool:
        """Whether any figure is stated with limited precision."""
        return bool(self.steps.any())

    @cached_property
    def keys(self) -> list[Key]:
        """The (form, line, column) of every place; with a shape like this one, its very keys wherever they are the same."""
        shared = self._like.keys if self._like else []
        return [key for form in self.catalogue.forms for key in self._keys(form, shared)]

    def _keys(self, form: Form, shared: list[Key]) -> list[Key]:
        if shared and form.id not in self.catalogue.by_region:
            return shared[self.span(form)]
        return [(form.id, line.code, column.id) for line in form.lines for column in form.amounts]

    def level(self, level: Level) -> LevelShape:
        """What units of *level* fill in."""
        return _level(self, level)

    def addends(
        self, form: Form, line: Line, columns: Iterable[Column], opened: Collection[int]
    ) -> Iterator[tuple[Column, tuple[tuple[int, int], ...]]]:
        """The places and weights that a total is made of in each column, among *opened*; no such column if it is entered there."""
        parts = [
            (self._first(term.form, term.line), self._column[term.form], term.weight)
            for term in self._parts(form, line)
        ]
        for column in columns:
            id = column.id
            found = [(place, weight) for first, at, weight in parts if id in at and (place := first + at[id]) in opened]
            if found:
                yield column, tuple(found)

    def _parts(self, form: Form, line: Line) -> tuple[Term, ...]:
        if line.parts:
            return line.parts
        return tuple(
            Term(1, form.id, child.code)
            for child in self._children(form).get(line.code, ())
            if child.kind in ("entry", "total")
        )

    def _children(self, form: Form) -> dict[str, list[Line]]:
        cache = self.__dict__.setdefault("_families", {})
        if form.id not in cache:
            family: dict[str, list[Line]] = {}
            for line in form.lines:
                family.setdefault(line.parent, []).append(line)
            cache[form.id] = family
        found: dict[str, list[Line]] = cache[form.id]
        return found


@by_places
def _level(shape: Shape, level: Level) -> LevelShape:
    return LevelShape(shape, level)


def open_columns(form: Form, line: Line) -> tuple[Column, ...]:
    """The amount columns in which a line holds money."""
    if line.kind not in MONEY:
        return ()
    if not line.columns:
        return form.amounts
    return tuple(column for column in form.amounts if column.id in line.columns)


def is_open(form: Form, line: Line, column: str, level: Level) -> bool:
    """Whether a cell may hold money at *level*."""
    return sees(form, line, level) and any(each.id == column for each in open_columns(form, line))


def _waves(totals: list[Total]) -> Iterator[NDArray[np.intp]]:
    """The numbers of the totals that are made of nothing later, then of those that are made of these, and so on."""
    rank: dict[int, int] = {}
    by_place = {total.place: total for total in totals}

    def ranked(place: int) -> int:
        if place not in rank:
            rank[place] = 1 + max([ranked(part) for part, _ in by_place[place].addends if part in by_place], default=0)
        return rank[place]

    waves: dict[int, list[int]] = {}
    for number, total in enumerate(totals):
        waves.setdefault(ranked(total.place), []).append(number)
    for wave in sorted(waves):
        yield np.array(waves[wave], dtype=np.intp)
