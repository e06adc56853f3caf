"""What one cell does to every relation of its unit: the rule book as a matrix, with the totals above a cell following it or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..amount import Fens
from ..book import Book
from ..form import Level
from ..prior import is_final
from ..rulebook import SIGNS, Addends, RuleBook, rulebook
from ..shape import Shape, by_places
from ..sparse import Sparse, stacked, unity
from ..sums import Sums
from ..unit import applies

Marks = NDArray[np.bool_]
Tie = tuple[
    str, int, str, Addends, int
]  # a flow: its rule, the cell and unit it is told at, this unit's addends, the gap
RowKey = tuple[str, int, str]  # rule, the cell and unit it is told at
WEIGHT = {"error": 1.0, "warning": 0.3, "note": 0.0}


class Effects:
    """Relations × cells of one level. `still`: the cell alone changes; `live`: the totals above it follow."""

    def __init__(self, shape: Shape, level: Level) -> None:
        self.rules = rulebook(shape, level, totals=True)
        self.above = closure(shape, level)  # cells × cells: what each cell adds to those above it
        self.over = self.above.turned()
        self.still = matrix(self.rules.left, shape.size).plus(_right(self.rules, shape.size))
        self.live = self.still.times(self.above)


@by_places
def effects(shape: Shape, level: Level) -> Effects:
    """The effects of a level, compiled once."""
    return Effects(shape, level)


def matrix(sums: Sums, width: int) -> Sparse:
    """Sums × figures."""
    return Sparse.of(sums.rows, sums.place, sums.weight, len(sums), width)


def _right(rules: RuleBook, width: int) -> Sparse:
    """To be taken off the left; a side without addends is zero, not the figure that stands in for it."""
    right, there = rules.right, np.array([bool(case.right) for case in rules.cases], dtype=np.int64)
    return Sparse.of(right.rows, right.place, -right.weight * there[right.rows], len(right), width)


def closure(shape: Shape, level: Level) -> Sparse:
    """Cells × cells: by how much the one follows the other when every formula is in place."""
    book = shape.level(level)
    follow = Sparse.of(book.totals[book.sums.rows], book.sums.place, book.sums.weight, shape.size, shape.size)
    total, step = unity(shape.size), follow
    while len(step.data):
        total, step = total.plus(step), follow.times(step)
    return total


@dataclass  # no slots: columns are found once
class Evidence:
    """What one unit's figures say: every relation with its gap, left − right, and how each cell moves it."""

    book: Book
    fen: Fens
    gap: Fens
    sign: NDArray[np.int8]
    judged: Marks
    weight: NDArray[np.float64]
    keys: Sequence[RowKey]
    still: Sparse
    live: Sparse
    follow: Sparse  # cells × the totals above them, and by how much those follow
    room: Fens  # twice the gap that the stated precision of the figures leaves open

    @cached_property
    def columns(self) -> tuple[Sparse, Sparse]:
        """`still` and `live` by cell: cells × relations."""
        return self.still.turned(), self.live.turned()

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
        touched = self.columns[live].picked(np.array(places, dtype=np.int64))
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
    live = [made.live]
    for scope in _scopes(prior):
        rules = rulebook(shape, book.unit.level, scope)
        rows.append(_of(rules, book, prior, matrix(rules.left, shape.size)))
    if ties:
        rows.append(_tied(ties, shape.size))
    live += [each.matrix.times(made.above) for each in rows[1:]]
    return Evidence(
        book,
        book.fen.copy(),
        np.concatenate([each.gap for each in rows]),
        np.concatenate([each.sign for each in rows]),
        np.concatenate([each.judged for each in rows]),
        np.concatenate([each.weight for each in rows]),
        [key for each in rows for key in each.keys],
        stacked([each.matrix for each in rows]),
        stacked(live),
        made.over,
        np.concatenate([each.room for each in rows]),
    )


def _scopes(prior: Book | None) -> tuple[str, ...]:
    return () if prior is None else ("prior", "final") if is_final(prior) else ("prior",)


def _of(rules: RuleBook, book: Book, other: Book | None, rows: Sparse) -> Rows:
    against = other or book
    there = np.array([bool(case.right) for case in rules.cases], dtype=bool)
    firm = np.array([case.relation.blank != "skip" for case in rules.cases], dtype=bool)
    left, right = rules.left.given(book.given), rules.right.given(against.given) & there
    weight = [
        WEIGHT[case.relation.severity]
        * (not case.relation.shadow)
        * applies(case.relation.levels, book.unit.kinds, case.relation.sign)
        for case in rules.cases
    ]
    return Rows(
        rows,
        rules.left.of(book.fen) - np.where(there, rules.right.of(against.fen), 0),
        np.array([SIGNS[case.relation.sign] for case in rules.cases], dtype=np.int8),
        left | (right & firm),
        np.array(weight, dtype=np.float64),
        [(case.relation.id, case.left[0][0], book.unit.code) for case in rules.cases],
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
