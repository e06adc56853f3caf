"""封面: the form of the cover as an official page, and how the workbook stands with its relations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from . import layout as at
from .book import Book
from .panel import Panel, tally
from .sheet import Cell, Look, Mark, Number, Role, Sheet, Style

LAST = at.AMOUNTS + 1  # an empty column, so that the box stands in the middle
WIDTHS = (2.0, 8.0, 22.0, 46.0, 8.0)
ROLES: dict[Role, Role] = {"name": "cover_name", "text": "cover_text", "fixed": "cover_fixed"}
STATUS: tuple[tuple[str, str, str, Number, Look], ...] = (
    (at.COVER_COUNTS[0], "强制", "不符", "broken", "wrong"),
    (at.COVER_COUNTS[1], "核实", "不符", "unexplained", "rounding"),
    (at.COVER_COUNTS[2], "", "待填", "open", "open"),
)


def cover(form: Sheet, panel: Panel, book: Book) -> Sheet:
    """The cover of a book from its *form* as laid out like any other."""
    lines = [cell for cell in form.cells if cell.row >= at.FIRST and cell.column != at.CODE]
    first = max(cell.row for cell in lines) + 2
    status = [first + number for number in range(len(STATUS))]
    heights = {at.TITLE: 190.0, at.UNIT: 90.0} | {cell.row: 30.0 for cell in lines} | dict.fromkeys(status, 28.0)
    return replace(
        form,
        cells=[*_head(form, book), *map(_dressed, lines), *_status(panel, book, first)],
        widths=WIDTHS,
        heights=heights | {status[-1] + 1: 24.0, status[-1] + 3: 30.0},
        merged=((at.TITLE, at.CODE, at.TITLE, LAST), (at.UNIT, at.CODE, at.UNIT, LAST)),
        hidden_rows=(at.HEADING, at.KEYS),
        marks=[mark for row, (*_, look) in zip(status, STATUS, strict=True) for mark in _marks(row, look)],
        heads=0,
        landscape=False,
        centred=True,
    )


def _head(form: Sheet, book: Book) -> Iterator[Cell]:
    for cell in form.cells:
        if (cell.row, cell.column) == (at.TITLE, at.CODE):
            yield cell._replace(style=Style("cover_title"))
        elif (cell.row, cell.column) == (at.UNIT, at.CODE):
            yield cell._replace(value=book.unit.name, style=Style("cover_unit", own=True))
        elif cell.row < at.FIRST:
            yield cell


def _dressed(cell: Cell) -> Cell:
    role = ROLES.get(cell.style.role)
    return cell._replace(style=cell.style._replace(role=role, depth=0, strong=False)) if role else cell


def _status(panel: Panel, book: Book, first: int) -> Iterator[Cell]:
    counts = panel.tallies(book)
    for row, (name, level, verdict, number, _) in enumerate(STATUS, start=first):
        formula = "=" + tally(len(panel.rows), level, verdict, unexplained=number == "unexplained")
        yield Cell(row, at.KEY, at.ASIDE, Style("key"))
        yield Cell(row, at.NAME, name, Style("cover_name"))
        yield Cell(row, at.AMOUNTS, counts[number], Style("cover_status", number), formula)
    row = first + len(STATUS)
    yield Cell(row, at.KEY, at.ASIDE, Style("key"))
    yield Cell(row, at.AMOUNTS, at.COVER_LINK, Style("cover_link"), link=f"internal:'{at.PANEL_SHEET}'!A1")
    yield Cell(row + 2, at.KEY, at.ASIDE, Style("key"))
    yield Cell(row + 2, at.AMOUNTS, at.COVER_SEAL, Style("cover_foot"))


def _marks(row: int, look: Look) -> Iterator[Mark]:
    area = (row, at.AMOUNTS, row, at.AMOUNTS)
    yield Mark((area,), f"={at.a1(row, at.AMOUNTS)}>0", look)
    yield Mark((area,), f"={at.a1(row, at.AMOUNTS)}=0", "right")
