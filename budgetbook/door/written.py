"""A sheet that is written throughout the one way that programs share, taken apart in one pass: its rows, and its cells as they stand.

Such a sheet is well-formed by construction: it holds no comment, CDATA or instruction between its rows, no cell or value twice,
no cell within a cell or outside a row, and no entity but the five and plain letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import compress, pairwise
from typing import Any

from ..gather import gathered
from .limits import COLUMNS, MIB, ROWS
from .spelling import FORMULA, PLAIN, ROW, SMALL, column_number, is_utf8

_BEGIN, _END = b"<sheetData>", b"</sheetData>"
_LADDER = tuple(b"%c" % letter for letter in range(ord("A"), ord("Z") + 1))
_MOST = 100_000  # cells: of more of them, taken apart one by one, there would be too much to hold
_REMEMBERED = 25_000  # cells of a sheet, up to which it is worth to remember in which order they stood
_BREAK = b"\0"  # stands in no XML


@dataclass(frozen=True, eq=False)
class Order:
    """The order in which the cells of a sheet stand, the same in all copies of a form: each row that has any by its number and its first
    and last of them; the numbers of all rows; the last column."""

    rows: Sequence[tuple[int, int, int]]
    numbers: frozenset[int]
    columns: Sequence[bytes]
    width: int

    @property
    def height(self) -> int:
        """The last row in which there is a cell."""
        return self.rows[-1][0] if self.rows else 0

    @property
    def corner(self) -> int | None:
        """The number of the cell A1, if there is one."""
        number, first, end = self.rows[0] if self.rows else (0, 0, 0)
        return self.columns.index(b"A", first, end) if number == 1 and b"A" in self.columns[first:end] else None

    @cached_property
    def spread(self) -> Callable[[Sequence[Any]], Sequence[Any]]:
        """Spreads what is told of the cells over the square."""
        return gathered(self.square())

    def square(self) -> Sequence[int]:
        """Every place from A1 on, row after row, by the number of its cell; that of the break before the first where there is none."""
        square = [0] * (self.height * self.width)
        for number, first, end in self.rows:
            start = (number - 1) * self.width
            if self.columns[first:end] == _LADDER[: end - first]:
                square[start : start + end - first] = range(first, end)
            else:
                for at in range(first, end):
                    square[start + column_number(self.columns[at]) - 1] = at
        return square


@dataclass(frozen=True, slots=True)
class Written:
    """The cells of a sheet in their order, with a break where a row begins, in which there is nothing: type, formula and value, as written.

    A formula is what stands behind its `<f`, with the `<v` of its result if it has one. `tags` are those of the rows, `around` is all else.
    """

    order: Order
    types: Sequence[bytes]
    formulas: Sequence[bytes]
    values: Sequence[bytes]
    tags: bytes
    around: bytes

    def is_utf8(self) -> bool:
        """Whether all is UTF-8 in which there can be anything else than ASCII."""
        return all(map(is_utf8, (self.around, self.tags, b"".join(self.formulas), b"".join(self.values))))


def take_apart(content: bytes) -> Written | None:
    """None unless every row and every cell of a part is written that way, and none of them stands twice."""
    start, end = content.find(_BEGIN) + len(_BEGIN), content.rfind(_END)
    if start < len(_BEGIN) or end < start or (end - start > 2 * MIB and content.count(b"<c ", start, end) > _MOST):
        return None
    pieces = _pieces().findall(content, start, end)
    if not pieces:
        return None
    columns, numbers, types, formulas, values, between = zip(*pieces, strict=True)
    tags = _BREAK.join(compress(between, between))
    ordered = _ordered if len(pieces) <= _REMEMBERED else _ordered.__wrapped__
    order = ordered(columns, _BREAK.join(numbers), tags)
    return Written(order, types, formulas, values, tags, content[:start] + content[end:]) if order else None


@lru_cache(maxsize=128)
def _ordered(columns: tuple[bytes, ...], numbers: bytes, tags: bytes) -> Order | None:
    """None if anything is not in a row of its number, stands twice, or lies outside of what a sheet can have."""
    if columns[0] or columns[-1] or not _tags().fullmatch(tags):
        return None
    told = [int(number) for number in _row_number().findall(tags)]
    width = max(map(column_number, {*columns}))
    if len({*told}) < len(told) or max(told, default=0) > ROWS or width > COLUMNS:
        return None
    own_numbers = numbers.split(_BREAK)
    breaks = [at for at, letters in enumerate(columns) if not letters]
    rows: list[tuple[int, int, int]] = []
    for number, (at, end) in zip(_filled_row().findall(tags), pairwise(breaks), strict=True):
        own, count = columns[at + 1 : end], end - at - 1
        if own_numbers[at + 1 : end].count(number) < count or (own != _LADDER[:count] and len({*own}) < count):
            return None
        rows.append((int(number), at + 1, end))
    return Order(sorted(rows), frozenset(told), columns, width)


@cache
def _pieces() -> re.Pattern[bytes]:
    """A cell, or what stands before the next one."""
    formula = rb"<f((?:>" + FORMULA + rb"</f|" + SMALL + rb"(?: ?/|>" + FORMULA + rb"</f))>(?:<v)?+)"
    value = rb"(?<=<v)(?:>(" + PLAIN + rb")</v>| ?/>)"
    inside = rb"(?: ?/>|>(?:" + formula + rb"|<v)?+(?:" + value + rb")?+</c>)"
    cell = rb'<c r="([A-Z]++)([0-9]++)"(?: s="[0-9]++")?+(?: t="([A-Za-z]++)")?+' + inside
    return re.compile(cell + rb"|((?s:.)(?:[^<]++|<(?!c ))*+)")


@cache
def _tags() -> re.Pattern[bytes]:
    """The tags of rows, with a break where their cells stand."""
    empty = rb"(?:" + ROW + rb"(?: ?/>|></row>))*+"
    return re.compile(empty + rb"(?:" + ROW + b">" + _BREAK + rb"</row>" + empty + rb")*+")


@cache
def _row_number() -> re.Pattern[bytes]:
    return re.compile(rb'<row r="([0-9]+)"')


@cache
def _filled_row() -> re.Pattern[bytes]:
    return re.compile(rb'<row r="([0-9]+)"[^>]*>' + _BREAK)
