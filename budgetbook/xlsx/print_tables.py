"""The papers as one workbook: cover, contents, every table on a sheet that is set up to print."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ..papers.chart import Chart
from ..papers.page_fit import BOTTOM, LEADING, SIDE, SMALL_SIZE, TITLE_SIZE, TOP, Fit, breaks, fit, title_height
from ..papers.printed import Content, Figure, Paper, PrintedBook, PrintedTable, Rate, Row, RowKind
from ..papers.typefaces import OFFICIAL, Fonts
from ..saving import save
from .print_charts import add_charts

EPOCH = datetime(2026, 1, 1)
PAPERS = {"A3": 8, "A4": 9}  # codes of SpreadsheetML
PIXELS_PER_MM = 96 / 25.4
INCHES_PER_MM = 1 / 25.4
WIDTH_FONT = {"font_name": "Arial", "font_size": 10}  # measures columns; Liberation Sans is as wide, so pages agree
COVER, CONTENTS, CHARTS = "封面", "目录", "图表"
_UPRIGHT = Paper("A4")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True, slots=True)
class _Looks:
    """The formats of one workbook, each made once."""

    book: xlsxwriter.Workbook
    fonts: Fonts
    made: dict[tuple[tuple[str, Any], ...], Format] = field(default_factory=dict)

    def get(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format({"valign": "vcenter", **properties})
        return self.made[key]

    def cell(self, kind: RowKind, size: float, **properties: Any) -> Format:
        face = {"total": self.fonts.head, "of_which": self.fonts.kai}.get(kind, self.fonts.fang)
        return self.get(font_name=face, font_size=size, border=1, **properties)

    def number(self, kind: RowKind, size: float, decimals: int) -> Format:
        shape = "#,##0" + ("." + "0" * decimals if decimals else "")
        return self.get(
            font_name=self.fonts.latin, font_size=size, border=1, align="right", bold=kind == "total", num_format=shape
        )


def write_workbook(path: Path, book: PrintedBook, fonts: Fonts = OFFICIAL, charts: Sequence[Chart] = ()) -> None:
    """Write *book* to *path*, whole or not at all. The same book gives the same bytes."""
    package = io.BytesIO()
    with xlsxwriter.Workbook(package, _options()) as workbook:
        workbook.set_properties({"title": book.title, "author": book.issuer, "created": EPOCH})
        looks = _Looks(workbook, fonts)
        names = sheet_names(book.tables)
        _cover(workbook.add_worksheet(COVER), book, looks)
        _contents(workbook.add_worksheet(CONTENTS), book.tables, names, looks)
        for at, (table, name) in enumerate(zip(book.tables, names, strict=True)):
            _table(workbook.add_worksheet(name), table, looks, start=1 if at == 0 else 0)
        if book.moved is not None:
            _table(workbook.add_worksheet(_sheet_name(book.moved.number)), book.moved, looks)
        if charts:
            add_charts(workbook, workbook.add_worksheet(CHARTS), charts, fonts)
    save(path, package.getvalue())


def _options() -> dict[str, Any]:
    """Anew for each workbook, since xlsxwriter writes into the font it is given."""
    return {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_format_properties": dict(WIDTH_FONT),
    }


def _sheet_name(number: str) -> str:
    return _NOT_IN_NAMES.sub("-", number)[:31]


def sheet_names(tables: Iterable[PrintedTable]) -> tuple[str, ...]:
    """表一, 表二 …; a number that comes twice is told apart."""
    seen: dict[str, int] = {}
    names = []
    for table in tables:
        name = _sheet_name(table.number)
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name[:27]}({seen[name]})")
    return tuple(names)


def content_at(book: PrintedBook, sheet: str, row: int, column: int) -> tuple[PrintedTable, Row, Content] | None:
    """What stands in a cell of the workbook that is written of *book*, rows and columns from zero; None if it is in no table."""
    for table, name in zip(book.tables, sheet_names(book.tables), strict=True):
        if sheet in (name, table.number, table.title):
            at = row - 3 - table.head_rows
            if 0 <= at < len(table.rows) and column < len(table.columns):
                return table, table.rows[at], table.rows[at].cells[column]
    return None


def _cover(sheet: Worksheet, book: PrintedBook, looks: _Looks) -> None:
    _set_up(sheet, _UPRIGHT)
    sheet.set_column_pixels(0, 0, _width(_UPRIGHT))
    kai = looks.get(font_name=looks.fonts.kai, font_size=16, align="center")
    title = looks.get(font_name=looks.fonts.title, font_size=26, align="center", text_wrap=True)
    for row, height, text, look in (
        (0, 180, "", kai),
        (1, 120, book.title, title),
        (2, 60, book.subtitle, kai),
        (3, 200, "", kai),
        (4, 30, book.issuer, kai),
        (5, 30, book.date, kai),
    ):
        sheet.set_row(row, height)
        sheet.write_string(row, 0, text, look)


def _contents(sheet: Worksheet, tables: Sequence[PrintedTable], names: Sequence[str], looks: _Looks) -> None:
    _set_up(sheet, _UPRIGHT)
    sheet.set_column_pixels(0, 0, 90)
    sheet.set_column_pixels(1, 1, _width(_UPRIGHT) - 90)
    sheet.set_row(0, 50)
    _across(sheet, 0, 0, 1, "目　录", looks.get(font_name=looks.fonts.title, font_size=22, align="center"))
    entry = looks.get(font_name=looks.fonts.fang, font_size=12, text_wrap=True)
    for row, (table, name) in enumerate(zip(tables, names, strict=True), 1):
        sheet.set_row(row, 24 * (1 + len(table.title) // 36))
        sheet.write_string(row, 0, table.number, entry)
        sheet.write_url(row, 1, f"internal:'{name}'!A1", entry, table.title)


def _table(sheet: Worksheet, table: PrintedTable, looks: _Looks, start: int = 0) -> None:
    fitted = fit(table)
    head = 3 + table.head_rows
    _set_up(sheet, fitted.paper)
    sheet.set_footer(f'&C&"{looks.fonts.song},Regular"&14— &P —')
    if start:
        sheet.set_start_page(start)
    sheet.repeat_rows(0, head - 1)
    sheet.freeze_panes(head, 0)
    for at, width in enumerate(fitted.widths):
        sheet.set_column_pixels(at, at, int(width * PIXELS_PER_MM))
    _captions(sheet, table, fitted, looks)
    _heads(sheet, table, fitted, looks)
    for at, row in enumerate(table.rows):
        sheet.set_row(head + at, fitted.rows[at])
        levels = table.levels(row)
        for column, ((cell, side), level) in enumerate(zip(row.placed(), levels, strict=True)):
            figures = table.columns[column] == "figure"
            _cell(sheet, head + at, column, cell, _look(looks, cell, side.kind, fitted.size, level, figures))
    _notes(sheet, table, fitted, looks, head + len(table.rows))
    sheet.set_h_pagebreaks([head + at for at in breaks(table, fitted, title_repeats=True)])


def _captions(sheet: Worksheet, table: PrintedTable, fitted: Fit, looks: _Looks) -> None:
    last = len(table.columns) - 1
    fonts = looks.fonts
    small = SMALL_SIZE * LEADING + 4
    title = looks.get(font_name=fonts.title, font_size=TITLE_SIZE, align="center", text_wrap=True)
    number = looks.get(font_name=fonts.head, font_size=SMALL_SIZE, align="left")
    unit = looks.get(font_name=fonts.fang, font_size=SMALL_SIZE, align="right")
    for row, height, text, look in (
        (0, small, table.number, number),
        (1, title_height(table.title, fitted.paper), table.title, title),
        (2, small, table.unit, unit),
    ):
        sheet.set_row(row, height)
        _across(sheet, row, 0, last, text, look)


def _heads(sheet: Worksheet, table: PrintedTable, fitted: Fit, looks: _Looks) -> None:
    look = looks.get(font_name=looks.fonts.head, font_size=fitted.size, border=1, align="center", text_wrap=True)
    for at, height in enumerate(fitted.heads):
        sheet.set_row(3 + at, height)
    for head in table.heads:
        row, last = 3 + head.row, head.column + head.columns - 1
        if head.rows == head.columns == 1:
            sheet.write_string(row, head.column, head.text, look)
        else:
            sheet.merge_range(row, head.column, row + head.rows - 1, last, head.text, look)


def _look(looks: _Looks, cell: Content, kind: RowKind, size: float, level: int, figures: bool) -> Format:
    if isinstance(cell, Figure | Rate):
        return looks.number(kind, size, cell.decimals)
    if figures:
        return looks.cell(kind, size, align="right")
    return looks.cell(kind, size, align="left", indent=level, text_wrap=True)


def _cell(sheet: Worksheet, row: int, column: int, cell: Content, look: Format) -> None:
    if cell is None:
        sheet.write_blank(row, column, None, look)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell, look)
    else:
        sheet.write_number(row, column, cell.number, look)


def _notes(sheet: Worksheet, table: PrintedTable, fitted: Fit, looks: _Looks, first: int) -> None:
    look = looks.get(font_name=looks.fonts.kai, font_size=SMALL_SIZE, text_wrap=True, align="left")
    for at, note in enumerate(table.notes):
        sheet.set_row(first + at, fitted.notes[at])
        _across(sheet, first + at, 0, len(table.columns) - 1, note, look)


def _across(sheet: Worksheet, row: int, first: int, last: int, text: str, look: Format) -> None:
    if first == last:
        sheet.write_string(row, first, text, look)
    else:
        sheet.merge_range(row, first, row, last, text, look)


def _width(paper: Paper) -> int:
    return int((paper.millimetres[0] - 2 * SIDE) * PIXELS_PER_MM)


def _set_up(sheet: Worksheet, paper: Paper) -> None:
    sheet.set_paper(PAPERS[paper.size])
    if paper.landscape:
        sheet.set_landscape()
    sheet.set_margins(SIDE * INCHES_PER_MM, SIDE * INCHES_PER_MM, TOP * INCHES_PER_MM, BOTTOM * INCHES_PER_MM)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
