"""舍位平衡: printed at a coarser unit than entered, a whole set of tables still adds up.

Every cell prints at its half-up rounding (half away from zero) or one unit of its last place beside it:

- a zero or a figure already whole at its place stays; a figure never changes its sign;
- a total that is part of no other total (a top total) and a cell that is `fixed` are never moved;
- a total that is itself a part of another (a subtotal) is moved only when the set cannot add up otherwise:
  the number of moved subtotals is minimal, then the number of moved cells, then the distance from the exact figures;
- cells that print the same figure (one id, or a sum of one part) move together.

A sum that the exact figures do not meet is a mistake in the book, not of rounding: it is named and left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import gcd

import numpy as np
from scipy.sparse import csr_array

from .rounding_program import IntArray, Program, settle


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed figure: its exact amount and one unit of its last printed place, both in fen."""

    exact: int
    place: int
    fixed: bool = False  # quoted elsewhere as plainly rounded


@dataclass(frozen=True, slots=True)
class Sum:
    """A total and its signed parts, by cell id. Not `whole`: the parts are 其中 and may not exceed the total."""

    total: str
    parts: tuple[tuple[int, str], ...]
    table: str = ""
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Move:
    """A cell that prints one unit beside its half-up rounding; amounts in fen."""

    cell: str
    exact: int
    plain: int
    printed: int
    subtotal: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """A sum that cannot be met and the irreducible set it belongs to: leave any one out and the others can be met."""

    unmet: Sum
    sums: tuple[Sum, ...]

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that cannot all add up."""
        return tuple(dict.fromkeys(one.table for one in self.sums))


@dataclass(frozen=True, slots=True)
class Rounded:
    """What to print (id → fen) and all there is to say about it. `minimal`: proven that no fewer moves would do."""

    printed: dict[str, int]
    moves: tuple[Move, ...]
    minimal: bool
    conflicts: tuple[Conflict, ...] = ()
    unsolved: tuple[Sum, ...] = ()  # no solution within the time limit; printed plainly
    broken: tuple[Sum, ...] = ()  # not met by the exact figures


def nearest(fen: int, place: int) -> int:
    """The multiple of *place* nearest to *fen*, half away from zero."""
    size = (2 * abs(fen) + place) // (2 * place) * place
    return size if fen >= 0 else -size


def round_plain(cells: Mapping[str, Cell]) -> dict[str, int]:
    """Every cell half-up by itself, in fen; the sums then differ by 尾差."""
    return {key: nearest(cell.exact, cell.place) for key, cell in cells.items()}


def round_together(cells: Mapping[str, Cell], sums: Iterable[Sum], seconds: float = 30.0) -> Rounded:
    """Round *cells* so that every one of *sums* holds as printed; *seconds* bounds the time of the solver."""
    exact = {key: cell.exact for key, cell in cells.items()}
    sound: list[Sum] = []
    broken: list[Sum] = []
    for one in sums:
        (sound if _met(one, exact) else broken).append(one)
    ground = _ground(cells, sound)
    settlement = settle(ground.program, seconds)
    plain = round_plain(cells)
    printed = {key: plain[key] + int(settlement.steps[ground.figure[key]]) * cells[key].place for key in cells}
    return Rounded(
        printed,
        tuple(_moves(cells, plain, printed, ground)),
        settlement.proven,
        tuple(Conflict(ground.sums[row], tuple(ground.sums[at] for at in rows)) for row, rows in settlement.conflicts),
        tuple(ground.sums[row] for row in settlement.unsolved),
        tuple(broken),
    )


def difference(one: Sum, amounts: Mapping[str, int]) -> int:
    """The total less its parts."""
    return amounts[one.total] - sum(sign * amounts[part] for sign, part in one.parts)


def _met(one: Sum, amounts: Mapping[str, int]) -> bool:
    return difference(one, amounts) == 0 if one.whole else difference(one, amounts) >= 0


@dataclass(frozen=True, slots=True)
class _Ground:
    program: Program
    sums: tuple[Sum, ...]  # one for each row of the program
    figure: dict[str, int]  # cell id → column of the program
    subtotals: frozenset[int]


def _ground(cells: Mapping[str, Cell], sums: Sequence[Sum]) -> _Ground:
    figure = _figures(cells, sums)
    sums = tuple(one for one in sums if any(figure[one.total] != figure[part] for _, part in one.parts))
    totals = {figure[one.total] for one in sums if one.whole}
    parts = {figure[part] for one in sums if one.whole for _, part in one.parts}
    quoted = {figure[key] for key, cell in cells.items() if cell.fixed}
    program = _program(cells, sums, figure, still=(totals - parts) | quoted, subtotals=totals & parts)
    return _Ground(program, sums, figure, frozenset(totals & parts))


def _figures(cells: Mapping[str, Cell], sums: Iterable[Sum]) -> dict[str, int]:
    """Cell id → figure: a total with one part is the same figure as that part."""
    chief = {key: key for key in cells}

    def root(key: str) -> str:
        while chief[key] != key:
            key = chief[key]
        return key

    for one in sums:
        if one.whole and len(one.parts) == 1 and one.parts[0][0] == 1:
            part = one.parts[0][1]
            if cells[one.total].place == cells[part].place:
                chief[root(part)] = root(one.total)
    number: dict[str, int] = {}
    return {key: number.setdefault(root(key), len(number)) for key in cells}


def _program(
    cells: Mapping[str, Cell], sums: Sequence[Sum], figure: Mapping[str, int], still: set[int], subtotals: set[int]
) -> Program:
    members = np.bincount(list(figure.values()))
    count = len(members)
    first = dict(reversed([(at, cells[key]) for key, at in figure.items()]))
    exact = np.array([first[at].exact for at in range(count)], dtype=np.int64)
    place = np.array([first[at].place for at in range(count)], dtype=np.int64)
    plain = np.array([nearest(first[at].exact, first[at].place) for at in range(count)], dtype=np.int64)
    free = (exact % place != 0) & ~np.isin(np.arange(count), list(still))
    matrix, gap = _rows(cells, sums, figure, plain // place)
    return Program(
        matrix=matrix,
        gap=gap,
        loose=np.array([not one.whole for one in sums], dtype=np.bool_),
        up=free & ((exact > 0) | (plain < 0)),
        down=free & ((exact < 0) | (plain > 0)),
        lean=(exact - plain) / place,
        weight=members.astype(np.float64),
        subtotal=np.isin(np.arange(count), list(subtotals)),
    )


def _rows(
    cells: Mapping[str, Cell], sums: Sequence[Sum], figure: Mapping[str, int], units: IntArray
) -> tuple[csr_array, IntArray]:
    """The sums as rows over the figures, in whole steps of the finest place each holds, and what each lacks."""
    rows: list[int] = []
    columns: list[int] = []
    values: list[int] = []
    for row, one in enumerate(sums):
        terms = [(1, one.total), *((-sign, part) for sign, part in one.parts)]
        step = gcd(*(cells[key].place for _, key in terms))
        rows += [row] * len(terms)
        columns += [figure[key] for _, key in terms]
        values += [sign * (cells[key].place // step) for sign, key in terms]
    matrix = csr_array((values, (rows, columns)), shape=(len(sums), len(units)), dtype=np.int64)
    return matrix, np.asarray(matrix @ units, dtype=np.int64)


def _moves(
    cells: Mapping[str, Cell], plain: Mapping[str, int], printed: Mapping[str, int], ground: _Ground
) -> Iterator[Move]:
    for key, cell in cells.items():
        if printed[key] != plain[key]:
            yield Move(key, cell.exact, plain[key], printed[key], ground.figure[key] in ground.subtotals)
