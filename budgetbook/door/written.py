"""A sheet that is written throughout the one way that programs share, taken apart in one pass: its rows, and its cells as they stand.

Such a sheet is well-formed by construction: it holds no comment, CDATA or instruction between its rows, no cell or value twice,
no cell within a cell or outside a row, and no entity but the five and plain letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress, pairwise

from .limits import COLUMNS, ROWS
from .spelling import FORMULA, PLAIN, ROW, SMALL, column_number

_BEGIN, _END = b"<sheetData>", b"</sheetData>"
_LADDER = tuple(b"%c" % letter for letter in range(ord("A"), ord("Z") + 1))
_MOST = 100_000  # cells: more of them would not fit into a worker's memory one by one
_BETWEEN = b"\0"  # stands in no XML


@dataclass(frozen=True, slots=True)
class Row:
    """A row in which there are cells: its number, which of the cells of its sheet are its own, and whether they stand from A on."""

    number: int
    first: int
    end: int
    in_order: bool

    @property
    def cells(self) -> slice:
        """Its own of the cells of the sheet."""
        return slice(self.first, self.end)


@dataclass(frozen=True, slots=True)
class Written:
    """A sheet's cells in their order, with an empty place where a row begins: letters of the column, type, formula, value, as written.

    A formula is what stands between `<f` and the last `>` of its element. `tags` are those of the rows, `around` is all else.
    """

    rows: Sequence[Row]
    columns: Sequence[bytes]
    types: Sequence[bytes]
    formulas: Sequence[bytes]
    values: Sequence[bytes]
    tags: bytes
    around: bytes
    numbers: frozenset[int]  # of the rows, those without cells too
    width: int  # the last column in which there is a cell


def take_apart(content: bytes) -> Written | None:
    """None unless every row and every cell of a part is written that way, and none of them stands twice."""
    start, end = content.find(_BEGIN) + len(_BEGIN), content.rfind(_END)
    if start < len(_BEGIN) or end < start or content.count(b"<c ", start, end) > _MOST:
        return None
    pieces = _pieces().findall(content, start, end)
    if not pieces:
        return None
    columns, numbers, types, formulas, values, between = zip(*pieces, strict=True)
    tags = _BETWEEN.join(compress(between, between))
    if columns[0] or not _tags().fullmatch(tags):
        return None
    all_numbers = [int(number) for number in _row_number().findall(tags)]
    width = max(map(column_number, {*columns}))
    if len({*all_numbers}) < len(all_numbers) or max(all_numbers, default=0) > ROWS or width > COLUMNS:
        return None
    breaks = compress(range(len(between)), between)
    rows = list(_rows(tags, [*breaks], columns, numbers))
    if sum(row.end - row.first + 1 for row in rows) + 1 < len(pieces):
        return None
    around = content[:start] + content[end:]
    return Written(rows, columns, types, formulas, values, tags, around, frozenset(all_numbers), width)


def _rows(tags: bytes, breaks: list[int], columns: Sequence[bytes], numbers: Sequence[bytes]) -> Iterator[Row]:
    """The rows with cells, as long as all cells of a row are of its number and none stands twice."""
    for number, (at, end) in zip(_filled_row().findall(tags), pairwise(breaks), strict=True):
        own, count = columns[at + 1 : end], end - at - 1
        in_order = own == _LADDER[:count]
        if numbers[at + 1 : end].count(number) < count or not (in_order or len({*own}) == count):
            return
        yield Row(int(number), at + 1, end, in_order)


@cache
def _pieces() -> re.Pattern[bytes]:
    """A cell, or what stands before the next one."""
    formula = rb"<f(>" + FORMULA + rb"</f|" + SMALL + rb"(?: ?/|>" + FORMULA + rb"</f))>"
    value = rb"<v(?:>(" + PLAIN + rb")</v| ?/)>"
    inside = rb"(?: ?/|>(?:" + formula + rb")?+(?:" + value + rb")?+</c)>"
    cell = rb'<c r="([A-Z]{1,3}+)([1-9][0-9]{0,6}+)"(?: s="[0-9]++")?+(?: t="([A-Za-z]++)")?+' + inside
    return re.compile(cell + rb"|((?s:.)(?:[^<]++|<(?!c ))*+)")


@cache
def _tags() -> re.Pattern[bytes]:
    """The tags of rows, with a break where their cells stand."""
    empty = rb"(?:" + ROW + rb"(?: ?/>|></row>))*+"
    return re.compile(empty + rb"(?:" + ROW + b">" + _BETWEEN + rb"</row>" + empty + rb")*+")


@cache
def _row_number() -> re.Pattern[bytes]:
    return re.compile(rb'<row r="([0-9]+)"')


@cache
def _filled_row() -> re.Pattern[bytes]:
    return re.compile(rb'<row r="([0-9]+)"[^>]*>' + _BETWEEN)
