"""Writes sheets as an .xlsx workbook. With its `page` the only module that knows xlsxwriter; looks live here."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from ..layout import STAMP_NAME
from ..sheet import NOTE_AUTHOR, Cell, Look, Sheet, Style, Workbook
from .page import Page

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # same in, same out
FORMATS = {
    "amount": "#,##0.00;-#,##0.00;0.00",
    "percent": "0.0%",
    "points": "0.0",
    "text": "@",
    "count": "0;;",  # no breach, nothing to read
    "broken": '0" 项不符"',
    "unexplained": '0" 项待说明"',
    "open": '0" 项待填"',
}
A4, A3 = 9, 8
WIDE = 170.0  # letters that A4 across takes at a size one can read
LOOKS: dict[Look, dict[str, Any]] = {
    "wrong": {"font_color": "#9C0006", "bg_color": "#FFC7CE"},
    "rounding": {"font_color": "#7F6000", "bg_color": "#FFE699"},
    "right": {"font_color": "#375623"},
    "open": {"font_color": "#808080"},
}
BASE = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
GRID = {"border": 1, "border_color": "#BFBFBF"}
COVER = {"border": 1, "border_color": "#7F7F7F", "font_size": 12}
ROLES: dict[str, dict[str, Any]] = {
    "title": {"font_name": "黑体", "font_size": 16, "align": "center"},
    "note": {"text_wrap": True},
    "unit": {"align": "right"},
    "unit_left": {},
    "heading": GRID | {"bold": True, "align": "center", "text_wrap": True, "bg_color": "#D9E1F2"},
    "key": {"font_color": "#808080", "num_format": "@"},
    "code": GRID | {"num_format": "@"},
    "name": GRID | {"text_wrap": True},
    "entry": GRID | {"bg_color": "#FFFBE6", "locked": False},
    "brought": GRID | {"bg_color": "#EAF1E4"},
    "total": GRID | {"bg_color": "#F2F2F2"},
    "derived": GRID | {"bg_color": "#F2F2F2", "align": "right"},
    "text": GRID | {"bg_color": "#FFFBE6", "locked": False, "text_wrap": True},
    "fixed": GRID | {"bg_color": "#F2F2F2", "num_format": "@"},
    "closed": GRID | {"bg_color": "#BFBFBF"},
    "alert": GRID | {"font_color": "#C00000", "bold": True, "text_wrap": True},
    "link": {"font_color": "#0563C1", "underline": 1},
    "plain": {},
    "pointer": GRID | {"font_color": "#0563C1", "underline": 1, "align": "center"},
    "name_pointer": GRID | {"font_color": "#0563C1", "underline": 1, "text_wrap": True},
    "verdict": GRID | {"align": "center"},
    "cover_title": {"font_name": "黑体", "font_size": 26, "align": "center", "valign": "bottom", "text_wrap": True},
    "cover_unit": {"font_name": "楷体", "font_size": 20, "align": "center"},
    "cover_name": COVER | {"align": "center"},
    "cover_text": COVER | {"indent": 1, "bg_color": "#FFFBE6", "locked": False, "text_wrap": True},
    "cover_fixed": COVER | {"indent": 1, "num_format": "@"},
    "cover_status": COVER | {"indent": 1, "align": "left", "bold": True},
    "cover_link": {"font_color": "#0563C1", "underline": 1, "align": "right"},
    "cover_foot": {"font_size": 12, "align": "right"},
}
NOTE = {"author": NOTE_AUTHOR, "x_scale": 3, "y_scale": 1.6, "font_name": "宋体", "font_size": 9}
FLAGS = {"error": "#F8A5A5", "warning": "#FFD08A"}
OPEN = {role for role, look in ROLES.items() if look.get("locked") is False}
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
        waiting = [each for sheet in workbook.sheets for each in pen.draw(sheet)]
        for page, cell in sorted(waiting, key=lambda each: turn(each[1])):
            pen.put(page, cell)
    return target.getvalue()


def turn(cell: Cell) -> int:
    """When its text comes among a package's strings, so that labels keep their number: a label, who the unit is, people's own words."""
    if cell.formula:
        return 0
    return 1 if cell.style.own else 2 if cell.style.role in OPEN and cell.style.number != "amount" else 0


def text_of(value: str) -> str:
    """What of a text can stand in a cell."""
    return _ILLEGAL.sub("", value)[:32767]


class _Pen:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.formats: dict[Style, Format] = {}
        self.looks: dict[Look, Format] = {}

    def draw(self, sheet: Sheet) -> list[tuple[Worksheet, Cell]]:
        """Everything but what only this unit says; the cells for that, with their page."""
        page: Worksheet = self.book.add_worksheet(sheet.name, Page)
        for column, width in enumerate(sheet.widths):
            page.set_column(column, column, width, None, {"hidden": column in sheet.hidden_columns})
        for row in sorted({*sheet.heights, *sheet.hidden_rows}):
            page.set_row(row, sheet.heights.get(row), None, {"hidden": row in sheet.hidden_rows})
        merged = {(block[0], block[1]): block for block in sheet.merged}
        for cell in sheet.cells:
            if cell[:2] in merged:
                value = "" if turn(cell) else cell.value
                page.merge_range(*merged[cell[:2]], value, self._format(cell.style))
            elif not turn(cell):
                self.put(page, cell)
        self._rules(page, sheet)
        self._marks(page, sheet)
        self._print_setup(page, sheet)
        page.protect("", PROTECTION | {"autofilter": sheet.filtered is not None})
        if sheet.hidden:
            page.very_hidden()
        return [(page, cell) for cell in sheet.cells if turn(cell)]

    def put(self, page: Worksheet, cell: Cell) -> None:
        """One cell."""
        look = self._format(cell.style)
        if cell.note:
            page.write_comment(cell.row, cell.column, cell.note, NOTE)
        if cell.link:
            page.write_url(cell.row, cell.column, cell.link, look, str(cell.value))
        elif cell.formula:
            page.write_formula(cell.row, cell.column, cell.formula, look, cell.value)
        elif isinstance(cell.value, str) and (text := text_of(cell.value)):
            page.write_string(cell.row, cell.column, text, look)
        elif cell.value is None or isinstance(cell.value, str):
            page.write_blank(cell.row, cell.column, None, look)
        else:
            page.write_number(cell.row, cell.column, cell.value, look)

    def _format(self, style: Style) -> Format:
        known = self.formats.get(style)
        if known is None:
            look = BASE | ROLES[style.role]
            if style.number:
                look["num_format"] = FORMATS[style.number]
            if style.depth:
                look["indent"] = style.depth
            if style.strong:
                look["bold"] = True
            if style.flag:
                look["bg_color"] = FLAGS[style.flag]
            known = self.formats[style] = self.book.add_format(look)
        return known

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

    def _marks(self, page: Worksheet, sheet: Sheet) -> None:
        for mark in sheet.marks:
            areas = " ".join(xl_range(*area) for area in mark.areas)
            rule = {"type": "formula", "criteria": mark.formula, "format": self._look(mark.look), "multi_range": areas}
            page.conditional_format(*mark.areas[0], rule)
        if sheet.filtered:
            page.autofilter(*sheet.filtered)

    def _look(self, look: Look) -> Format:
        if look not in self.looks:
            self.looks[look] = self.book.add_format(LOOKS[look])
        return self.looks[look]

    def _print_setup(self, page: Worksheet, sheet: Sheet) -> None:
        page.set_paper(A3 if sheet.landscape and sum(sheet.widths) > WIDE else A4)
        if sheet.landscape:
            page.set_landscape()
        if sheet.centred:
            page.center_horizontally()
        page.fit_to_pages(1, 0)
        page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        page.set_footer("&C— &P —")
        page.hide_gridlines(2)
        if sheet.heads:
            page.repeat_rows(0, sheet.heads - 1)
            page.freeze_panes(sheet.heads, sheet.frozen)
