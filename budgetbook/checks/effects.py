"""What one cell does to every relation of its unit: the rule book as a matrix, with the totals above a cell following it or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..amount import Fens
from ..book import Book
from ..cases import Addends
from ..form import Level
from ..keeping import by_places
from ..prior import is_final
from ..rulebook import RuleBook, rulebook
from ..shape import Shape
from ..sparse import Sparse, stacked
from ..sums import Sums
from ..unit import applies

Marks = NDArray[np.bool_]
Tie = tuple[
    str, int, str, Addends, int
]  # a flow: its rule, the cell and unit it is told at, this unit's addends, the gap
RowKey = tuple[str, int, str]  # rule, the cell and unit it is told at
WEIGHT = {"error": 1.0, "warning": 0.3, "note": 0.0}


class Effects:
    """Relations × cells of one level, as long as the cell alone changes; and cells × cells, what follows it."""

    def __init__(self, shape: Shape, level: Level) -> None:
        self.rules = rulebook(shape, level, totals=True)
        self.above = closure(shape, level)  # cells × cells: what each cell adds to those above it
        self.over = self.above.turned()
        self.still = _gaps(self.rules, shape.size)


@by_places
def effects(shape: Shape, level: Level) -> Effects:
    """The effects of a level, compiled once."""
    return Effects(shape, level)


def matrix(sums: Sums, width: int) -> Sparse:
    """Sums × figures."""
    return Sparse.of(sums.rows, sums.place, sums.weight, len(sums), width)


def _gaps(rules: RuleBook, width: int) -> Sparse:
    """Left − right × figures."""
    left, right = rules.left, rules.right
    rows, places = np.append(left.rows, right.rows), np.append(left.place, right.place)
    return Sparse.of(rows, places, np.append(left.weight, -right.weight), len(left), width)


def closure(shape: Shape, level: Level) -> Sparse:
    """Cells × cells: by how much the one follows the other when every formula is in place."""
    book, every = shape.level(level), np.arange(shape.size)
    into = Sparse.of(book.sums.place, book.totals[book.sums.rows], book.sums.weight, shape.size, shape.size)
    # from each cell to itself, then a step further each time
    cells, moved, by = [every], [every], [np.ones_like(every)]
    while len(cells[-1]):
        met = into.picked(cells[-1])
        cells.append(met.indices)
        moved.append(moved[-1][met.rows])
        by.append(by[-1][met.rows] * met.data)
    return Sparse.of(np.concatenate(cells), np.concatenate(moved), np.concatenate(by), shape.size, shape.size)


@dataclass  # no slots: `cells` is found once
class Evidence:
    """What one unit's figures say: every relation with its gap, left − right, and how each cell moves it: alone, or *live*, the
    totals above it following."""

    book: Book
    fen: Fens
    gap: Fens
    sign: NDArray[np.int8]
    judged: Marks
    weight: NDArray[np.float64]
    keys: Sequence[RowKey]
    still: Sparse  # relations × cells
    above: Sparse  # cells × cells: by how much a total follows what is below it
    follow: Sparse  # cells × the totals above them, and by how much those follow
    room: Fens  # twice the gap that the stated precision of the figures leaves open

    def behind(self, rows: NDArray[np.intp], live: bool) -> Sparse:
        """Relations × cells: the cells that move each of these relations, and by how much."""
        alone = self.still.picked(rows)
        return alone.times(self.above) if live else alone

    def touched(self, places: NDArray[np.int64], live: bool) -> Sparse:
        """Cells × relations: the relations that each of these cells moves."""
        return self.follow.picked(places).times(self._cells) if live else self._cells.picked(places)

    @cached_property
    def _cells(self) -> Sparse:
        return self.still.turned()

    def broken(self, gap: Fens | None = None, rows: NDArray[np.intp] | slice = slice(None)) -> Marks:
        """Which relations, of *rows*, do not hold with these gaps."""
        gap = self.gap if gap is None else gap
        sign = self.sign[rows]
        wrong: Marks = np.where(sign == 0, gap != 0, np.where(sign > 0, gap > 0, gap < 0)) & self.judged[rows]
        if self.room.any():
            wrong &= 2 * np.abs(gap) > self.room[rows]
        return wrong & (self.weight[rows] > 0)

    def moved(self, places: Sequence[int], steps: Sequence[int], live: bool) -> tuple[NDArray[np.intp], Fens]:
        """The relations that these changes touch, and their new gaps."""
        change = self._change(places, steps, live)
        rows = np.flatnonzero(change)
        return rows, self.gap[rows] + change[rows]

    def _change(self, places: Sequence[int], steps: Sequence[int], live: bool) -> Fens:
        """What these changes do to the gap of every relation."""
        touched = self.touched(np.array(places, dtype=np.int64), live)
        change: Fens = np.zeros(len(self.gap), dtype=np.int64)
        np.add.at(change, touched.indices, touched.data * np.array(steps, dtype=np.int64)[touched.rows])
        return change

    def over(self, place: int) -> NDArray[np.int64]:
        """A cell and every total above it."""
        return self.follow.row(place)[0]

    def settle(self, places: Sequence[int], steps: Sequence[int], live: bool) -> None:
        """Take a correction as made."""
        self.gap = self.gap + self._change(places, steps, live)
        for place, step in zip(places, steps, strict=True):
            if live:
                cells, by = self.follow.row(place)
                self.fen[cells] += by * step
            else:
                self.fen[place] += step


@dataclass(frozen=True, slots=True)
class Rows:
    """Some relations: left − right as a matrix over the cells, and how they stand."""

    matrix: Sparse
    gap: Fens
    sign: NDArray[np.int8]
    judged: Marks
    weight: NDArray[np.float64]
    keys: Sequence[RowKey]
    room: Fens


def evidence(shape: Shape, book: Book, ties: Sequence[Tie] = (), prior: Book | None = None) -> Evidence:
    """All that can be held against the figures of one unit; *ties* and *prior* come from outside."""
    made = effects(shape, book.unit.level)
    rows = [_of(made.rules, book, None, made.still)]
    for scope in _scopes(prior):
        rules = rulebook(shape, book.unit.level, scope)
        rows.append(_of(rules, book, prior, matrix(rules.left, shape.size)))
    if ties:
        rows.append(_tied(ties, shape.size))
    return Evidence(
        book,
        book.fen.copy(),
        np.concatenate([each.gap for each in rows]),
        np.concatenate([each.sign for each in rows]),
        np.concatenate([each.judged for each in rows]),
        np.concatenate([each.weight for each in rows]),
        [key for each in rows for key in each.keys],
        stacked([each.matrix for each in rows]),
        made.above,
        made.over,
        np.concatenate([each.room for each in rows]),
    )


def _scopes(prior: Book | None) -> tuple[str, ...]:
    return () if prior is None else ("prior", "final") if is_final(prior) else ("prior",)


def _of(rules: RuleBook, book: Book, other: Book | None, rows: Sparse) -> Rows:
    against, cases = other or book, rules.cases
    weight = cases.each(
        lambda relation: (
            WEIGHT[relation.severity] * (not relation.shadow) * applies(relation.levels, book.unit.kinds, relation.sign)
        )
    )
    ids, first = cases.each(lambda relation: relation.id).tolist(), rules.left.place[rules.left.start].tolist()
    return Rows(
        rows,
        rules.left.of(book.fen) - rules.right.of(against.fen),
        rules.sign,
        rules.judged(book.given, against.given),
        weight.astype(np.float64),
        [(id, place, book.unit.code) for id, place in zip(ids, first, strict=True)],
        rules.rooms if against.steps is None else rules.room(book.shape.level(book.unit.level).steps, against.steps),
    )


def _tied(ties: Sequence[Tie], width: int) -> Rows:
    many = len(ties)
    return Rows(
        matrix(Sums([addends for _, _, _, addends, _ in ties]), width),
        np.array([gap for *_, gap in ties], dtype=np.int64),
        np.zeros(many, dtype=np.int8),
        np.ones(many, dtype=bool),
        np.ones(many),
        [(rule, place, unit) for rule, place, unit, _, _ in ties],
        np.zeros(many, dtype=np.int64),
    )
