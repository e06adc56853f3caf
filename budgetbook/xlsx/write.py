"""Writes sheets as an .xlsx workbook. The only module that knows xlsxwriter; looks live here."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ..layout import STAMP_NAME
from ..sheet import Cell, Sheet, Style, Workbook

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # same in, same out
FORMATS = {"amount": "#,##0.00;-#,##0.00;0.00", "percent": "0.0%", "points": "0.0", "text": "@"}
BASE = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
GRID = {"border": 1, "border_color": "#BFBFBF"}
ROLES: dict[str, dict[str, Any]] = {
    "title": {"font_name": "黑体", "font_size": 16, "align": "center"},
    "note": {"text_wrap": True},
    "unit": {"align": "right"},
    "heading": GRID | {"bold": True, "align": "center", "text_wrap": True, "bg_color": "#D9E1F2"},
    "key": {"font_color": "#808080", "num_format": "@"},
    "code": GRID | {"num_format": "@"},
    "name": GRID | {"text_wrap": True},
    "entry": GRID | {"bg_color": "#FFFBE6", "locked": False},
    "total": GRID | {"bg_color": "#F2F2F2"},
    "derived": GRID | {"bg_color": "#F2F2F2", "align": "right"},
    "text": GRID | {"bg_color": "#FFFBE6", "locked": False, "text_wrap": True},
    "fixed": GRID | {"bg_color": "#F2F2F2", "num_format": "@"},
    "closed": GRID | {"bg_color": "#BFBFBF"},
    "alert": GRID | {"font_color": "#C00000", "bold": True, "text_wrap": True},
    "link": {"font_color": "#0563C1", "underline": 1},
}
PROTECTION = {"format_columns": True, "format_rows": True, "select_locked_cells": True, "select_unlocked_cells": True}
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write(workbook: Workbook) -> bytes:
    """The package, the same bytes for the same sheets."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": workbook.title, "created": EPOCH})
        book.set_custom_property("budgetbook", str(workbook.stamp), "text")
        book.define_name(STAMP_NAME, f'="{workbook.stamp}"')
        book.set_calc_mode("auto")
        pen = _Pen(book)
        for sheet in workbook.sheets:
            pen.draw(sheet)
    return target.getvalue()


class _Pen:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.formats: dict[Style, Format] = {}

    def draw(self, sheet: Sheet) -> None:
        page: Worksheet = self.book.add_worksheet(sheet.name)
        for column, width in enumerate(sheet.widths):
            page.set_column(column, column, width, None, {"hidden": column in sheet.hidden_columns})
        for row in sorted({*sheet.heights, *sheet.hidden_rows}):
            page.set_row(row, sheet.heights.get(row), None, {"hidden": row in sheet.hidden_rows})
        merged = {(block[0], block[1]): block for block in sheet.merged}
        for cell in sheet.cells:
            if (cell.row, cell.column) in merged:
                page.merge_range(*merged[cell.row, cell.column], cell.value, self._format(cell.style))
            else:
                self._cell(page, cell)
        self._rules(page, sheet)
        self._print_setup(page, sheet)
        page.protect("", PROTECTION)
        if sheet.hidden:
            page.very_hidden()

    def _cell(self, page: Worksheet, cell: Cell) -> None:
        look = self._format(cell.style)
        if cell.link:
            page.write_url(cell.row, cell.column, cell.link, look, str(cell.value))
        elif cell.formula:
            page.write_formula(cell.row, cell.column, cell.formula, look, cell.value)
        elif cell.value is None or cell.value == "":
            page.write_blank(cell.row, cell.column, None, look)
        elif isinstance(cell.value, str):
            page.write_string(cell.row, cell.column, _ILLEGAL.sub("", cell.value)[:32767], look)
        else:
            page.write_number(cell.row, cell.column, cell.value, look)

    def _format(self, style: Style) -> Format:
        if style not in self.formats:
            look = BASE | ROLES[style.role]
            if style.number:
                look["num_format"] = FORMATS[style.number]
            if style.depth:
                look["indent"] = style.depth
            if style.strong:
                look["bold"] = True
            self.formats[style] = self.book.add_format(look)
        return self.formats[style]

    def _rules(self, page: Worksheet, sheet: Sheet) -> None:
        for block in sheet.numbers:
            page.data_validation(
                *block,
                {
                    "validate": "decimal",
                    "criteria": "between",
                    "minimum": -1e11,
                    "maximum": 1e11,
                    "ignore_blank": True,
                    "error_title": "请填数字",
                    "error_message": "这里只能填数字（单位见表头，可有两位小数）。没有数请留空，不要填文字或符号。",
                },
            )
        for choice in sheet.choices:
            page.data_validation(
                *choice.block,
                {
                    "validate": "list",
                    "source": list(choice.words),
                    "ignore_blank": True,
                    "error_title": "请从列表中选择",
                    "error_message": f"请选择：{'、'.join(choice.words)}。",
                },
            )

    def _print_setup(self, page: Worksheet, sheet: Sheet) -> None:
        page.set_paper(9)
        if sheet.landscape:
            page.set_landscape()
        page.fit_to_pages(1, 0)
        page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        page.set_footer("&C— &P —")
        page.hide_gridlines(2)
        if sheet.heads:
            page.repeat_rows(0, sheet.heads - 1)
            page.freeze_panes(sheet.heads, sheet.frozen)
