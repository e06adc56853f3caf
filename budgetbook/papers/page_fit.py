"""How printed text fits paper: the sheet a table needs, widths of columns, heights of rows, breaks of pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import ceil
from unicodedata import east_asian_width

from .printed import ColumnKind, Content, Paper, PrintedTable, Row

POINTS_PER_MM = 72 / 25.4
TOP, BOTTOM, SIDE = 25.0, 22.0, 20.0  # margins, mm
TITLE_SIZE, SMALL_SIZE = 18.0, 10.5  # 小二, 五号; pt
SIZES = (10.5, 9.0, 7.5)  # 五号, 小五, 六号; pt
LEADING = 1.35
CELL_SIDE = 2.0  # white space inside a cell, mm left and right together
AIR = (2.5, 1.5, 0.5)  # pt above and below the text of a cell; less where a table then fits on one page
NARROW = 0.55  # em; digits and Latin letters
INDENT = 1.0  # em for each level
LEAST_FILLED = 0.5  # of a page, when it ends early so that a 类 begins on the next
HEAD_LINES = 3
SURE = 0.97  # of a line or a page: what is counted on
LABEL_EM, TEXT_EM = 14.0, 8.0  # narrowest that a longer label or remark is squeezed to
_WORDS = re.compile(r"[!-~]+|.", re.DOTALL)
_UPRIGHT, _LYING, _LARGE = Paper("A4"), Paper("A4", True), Paper("A3", True)
_CHOICES = ((_UPRIGHT, 10.5), (_LYING, 10.5), (_LYING, 9.0), (_LARGE, 10.5), (_LARGE, 9.0), (_LARGE, 7.5))


@dataclass(frozen=True, slots=True)
class Fit:
    """How one table stands on its paper: `size` and heights in points, widths in millimetres."""

    paper: Paper
    size: float
    air: float
    widths: tuple[float, ...]
    title: float
    heads: tuple[float, ...]
    rows: tuple[float, ...]
    notes: tuple[float, ...]


@lru_cache(maxsize=1 << 16)
def em(text: str) -> float:
    """How wide *text* runs, in widths of one Chinese character."""
    return sum(1.0 if east_asian_width(sign) in "WFA" else NARROW for sign in text)


def lines(text: str, room: float) -> int:
    """How many lines *text* takes in *room* em. Chinese breaks anywhere, a number or a Latin word does not."""
    sure = max(room * SURE, 1.0)
    return sum(1 if em(part) <= sure else _wrapped(part, sure) for part in text.split("\n"))


def _wrapped(text: str, room: float) -> int:
    count, used = 1, 0.0
    for word in _WORDS.findall(text):
        width = em(word)
        if used and used + width > room:
            count, used = count + 1, 0.0
        count += max(ceil(width / room) - 1, 0)
        used += width if width <= room else width % room
    return count


def printable(paper: Paper) -> tuple[float, float]:
    """Width in millimetres and height in points inside the margins."""
    width, height = paper.millimetres
    return width - 2 * SIDE, (height - TOP - BOTTOM) * POINTS_PER_MM


@lru_cache(maxsize=256)
def fit(table: PrintedTable) -> Fit:
    """The first paper and type size that hold the columns: A4, A4 lying, A3 lying. Kept for all who print the table."""
    ems = _ems(table)
    choices = _CHOICES if table.paper is None else tuple((table.paper, size) for size in SIZES)
    for paper, size in choices:
        least = tuple(wide * (size / POINTS_PER_MM) + CELL_SIDE for wide in ems)
        if sum(least) <= printable(paper)[0]:
            return _on(table, paper, size, _spread(table, least, paper, size))
    paper, size = choices[-1]
    scale = printable(paper)[0] / sum(least)
    return _on(table, paper, size, tuple(width * scale for width in least))


def _ems(table: PrintedTable) -> tuple[float, ...]:
    """The least width of each column, in widths of one Chinese character."""
    columns = list(zip(*(row.cells for row in table.rows), strict=True)) or [()] * len(table.columns)
    kinds = zip(table.columns, columns, strict=True)
    cells = [_least(kind, [em(_said(cell)) for cell in column]) for kind, column in kinds]
    heads = {head.column: _least_head(em(head.text)) for head in table.heads if head.columns == 1}
    return tuple(max(wide, heads.get(at, 0.0)) for at, wide in enumerate(cells))


def _least_head(width: float) -> float:
    """A heading of up to four characters stands on one line, a longer one on no more than three."""
    return float(ceil(width / min(max(ceil(width / 4), 1), HEAD_LINES)))


def _least(kind: ColumnKind, widths: Sequence[float]) -> float:
    widest = max(widths, default=0.0)
    if kind == "figure":
        return widest
    return min(widest, LABEL_EM if kind == "label" else TEXT_EM)


def _spread(table: PrintedTable, least: tuple[float, ...], paper: Paper, size: float) -> tuple[float, ...]:
    """What is left over goes to labels until they fit on one line, then to remarks, the rest to all columns alike."""
    room = printable(paper)[0]
    wanted, widths = _wanted_widths(table, least, size), list(least)
    for kind in ("label", "text"):
        short = {at: wanted[at] - widths[at] for at, each in enumerate(table.columns) if each == kind}
        share = min((room - sum(widths)) / max(sum(short.values()), 0.01), 1.0)
        for at, missing in short.items():
            widths[at] += missing * share
    return _evened(table.columns, least, [width * room / sum(widths) for width in widths])


def _evened(kinds: Sequence[ColumnKind], least: Sequence[float], widths: Sequence[float]) -> tuple[float, ...]:
    """Columns of figures equally wide, where the widest figure allows."""
    figures = [at for at, kind in enumerate(kinds) if kind == "figure"]
    mean = sum(widths[at] for at in figures) / max(len(figures), 1)
    if any(least[at] > mean for at in figures):
        return tuple(widths)
    return tuple(mean if at in figures else width for at, width in enumerate(widths))


def _wanted_widths(table: PrintedTable, least: tuple[float, ...], size: float) -> list[float]:
    wanted = list(least)
    for row in table.rows:
        for at, (cell, level) in enumerate(zip(row.cells, table.levels(row), strict=True)):
            if table.columns[at] != "figure":
                wide = em(_said(cell)) / SURE + level * INDENT
                wanted[at] = max(wanted[at], wide * size / POINTS_PER_MM + CELL_SIDE)
    return wanted


def _on(table: PrintedTable, paper: Paper, size: float, widths: tuple[float, ...]) -> Fit:
    """With as much air as a single page leaves; a table that needs more pages gets the most."""
    counts = tuple(_line_counts(table, widths, size))
    airy = [_with_air(table, paper, size, widths, counts, air) for air in AIR]
    return next((one for one in airy if not breaks(table, one, title_repeats=True)), airy[0])


def _with_air(
    table: PrintedTable, paper: Paper, size: float, widths: tuple[float, ...], counts: tuple[int, ...], air: float
) -> Fit:
    room = printable(paper)[0] * POINTS_PER_MM
    return Fit(
        paper,
        size,
        air,
        widths,
        title=title_height(table.title, paper) + 2 * SMALL_SIZE * LEADING + 8,
        heads=_head_heights(table, widths, size, air),
        rows=tuple(count * size * LEADING + 2 * air for count in counts),
        notes=tuple(lines(note, room / SMALL_SIZE - 1) * SMALL_SIZE * LEADING + 2 for note in table.notes),
    )


def title_height(title: str, paper: Paper) -> float:
    """The height of a title, in points."""
    return lines(title, printable(paper)[0] * POINTS_PER_MM / TITLE_SIZE - 1) * TITLE_SIZE * LEADING


def _line_counts(table: PrintedTable, widths: Sequence[float], size: float) -> Iterator[int]:
    rooms = [(width - CELL_SIDE) * POINTS_PER_MM / size for width in widths]
    for row in table.rows:
        cells = zip(row.cells, table.columns, rooms, table.levels(row), strict=True)
        yield max(
            1 if kind == "figure" else lines(_said(cell), room - level * INDENT) for cell, kind, room, level in cells
        )


def _head_heights(table: PrintedTable, widths: Sequence[float], size: float, air: float) -> tuple[float, ...]:
    heights = [size * LEADING + 2 * air] * table.head_rows
    for head in sorted(table.heads, key=lambda head: head.rows):
        span = range(head.row, head.row + head.rows)
        room = (sum(widths[head.column : head.column + head.columns]) - CELL_SIDE) * POINTS_PER_MM / size
        short = lines(head.text, room) * size * LEADING + 2 * air - sum(heights[at] for at in span)
        for at in span:
            heights[at] += max(short, 0.0) / head.rows
    return tuple(heights)


def _said(cell: Content) -> str:
    return "" if cell is None else str(cell)


def breaks(table: PrintedTable, fitted: Fit, *, title_repeats: bool) -> tuple[int, ...]:
    """The rows that begin a new page. A page ends before a 类 if it is then at least half full, and never
    leaves the last row alone with the notes."""
    page = printable(fitted.paper)[1] * SURE - sum(fitted.heads)
    first = page - fitted.title
    heights = [*fitted.rows[:-1], fitted.rows[-1] + sum(fitted.notes)] if fitted.rows else []
    return tuple(_break_rows(table.rows, heights, first, first if title_repeats else page))


def page_count(table: PrintedTable, *, title_repeats: bool) -> int:
    """How many pages the table is expected to take."""
    return 1 + len(breaks(table, fit(table), title_repeats=title_repeats))


def _break_rows(rows: Sequence[Row], heights: Sequence[float], first: float, later: float) -> Iterator[int]:
    tops = [0.0, *accumulate(heights)]
    start, page = 0, first
    for at in range(len(rows)):
        if tops[at + 1] - tops[start] > page and at > start:
            start, page = _best_break(rows, tops, start, at, page), later
            yield start


def _best_break(rows: Sequence[Row], tops: Sequence[float], start: int, full: int, page: float) -> int:
    latest = full if full < len(rows) - 1 else max(full - 1, start + 1)
    for at in range(latest, start, -1):
        if tops[at] - tops[start] < page * LEAST_FILLED:
            break
        if rows[at].opens:
            return at
    return latest
