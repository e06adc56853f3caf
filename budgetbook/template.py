"""The workbook of one unit: its forms laid out as sheets, with whatever figures and texts its book already holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from math import ceil

from . import layout as at
from .amount import FEN
from .book import Book, cell_value
from .layout import Layout
from .model import LEVELS, Catalogue, Column, Form, Line, Unit
from .shape import LevelShape, open_columns, visible
from .sheet import Cell, Choice, Number, Sheet, Stamp, Style, Workbook

WIDTH = {"amount": 15.0, "difference": 14.0, "growth": 10.0, "percent": 10.0, "text": 28.0}
NAME_WIDTH = 46.0
NUMBERS: dict[str, Number] = {
    "amount": "amount",
    "difference": "amount",
    "growth": "percent",
    "percent": "percent",
    "text": "text",
}


def workbook(catalogue: Catalogue, book: Book, stamp: Stamp) -> Workbook:
    """The workbook of `book.unit`, figures and totals as the book has them; entry cells of a blank book are blank."""
    level = book.unit.level
    layout = Layout(catalogue, level)
    drawn = [FormSheet(layout, form, book).sheet() for form in layout.forms]
    sheets = [drawn[0], _guide(catalogue, layout, book.unit), *drawn[1:], _stamp_sheet(stamp)]
    return Workbook(sheets, stamp, f"{book.unit.name}{catalogue.year}年预算报表")


class FormSheet:
    """One form of one book as a sheet."""

    def __init__(self, layout: Layout, form: Form, book: Book) -> None:
        self.layout, self.form, self.book = layout, form, book
        self.level: LevelShape = book.shape.level(book.unit.level)
        self.lines = list(visible(form, book.unit.level))
        self.last = at.AMOUNTS + len(form.columns) - 1
        self._sums = _sums(self.level)

    def sheet(self) -> Sheet:
        """Title, unit of account, headings, hidden keys, lines."""
        return Sheet(
            name=at.sheet_name(self.form),
            cells=[*self._head(), *(cell for line in self.lines for cell in self._line(line))],
            widths=[2.0, 14.0, NAME_WIDTH, *(self._width(column) for column in self.form.columns)],
            heads=at.FIRST,
            frozen=at.AMOUNTS,
            heights=self._heights(),
            hidden_rows=(at.KEYS,),
            hidden_columns=(at.KEY,),
            merged=((at.TITLE, at.CODE, at.TITLE, self.last),),
            numbers=tuple(self._numbers()),
            choices=tuple(self._choices()),
            landscape=len(self.form.columns) > 2,
        )

    def _width(self, column: Column) -> float:
        return 60.0 if len(self.form.columns) == 1 and column.kind == "text" else WIDTH[column.kind]

    def _head(self) -> Iterator[Cell]:
        yield Cell(at.TITLE, at.KEY, at.FORM_MARK + self.form.id, Style("key"))
        yield Cell(at.TITLE, at.CODE, self.form.title, Style("title"))
        yield Cell(at.UNIT, at.CODE, f"填报单位：{self.book.unit.name}", Style("note"))
        if self.form.unit:
            yield Cell(at.UNIT, self.last, f"单位：{self.form.unit}", Style("unit"))
        yield Cell(at.KEYS, at.KEY, at.COLUMN_MARK, Style("key"))
        yield Cell(at.HEADING, at.CODE, "科目编码", Style("heading"))
        yield Cell(at.HEADING, at.NAME, "项目", Style("heading"))
        for column in self.form.columns:
            yield Cell(at.HEADING, self._at(column), column.heading, Style("heading"))
            yield Cell(at.KEYS, self._at(column), column.id, Style("key"))

    def _at(self, column: Column) -> int:
        return self.layout.columns(self.form.id)[column.id]

    def _line(self, line: Line) -> Iterator[Cell]:
        row = self.layout.rows(self.form.id)[line.code]
        strong = line.kind in ("total", "heading") and line.depth < 2
        yield Cell(row, at.KEY, line.code, Style("key"))
        yield Cell(row, at.CODE, line.code if _printed(line.code) else "", Style("code", strong=strong))
        yield Cell(
            row,
            at.NAME,
            ("其中：" if line.kind == "of_which" and "其中" not in line.name else "") + line.name,
            Style("name", depth=line.depth, strong=strong),
        )
        for column in self.form.columns:
            yield self._cell(row, self._at(column), line, column, strong)

    def _cell(self, row: int, at_column: int, line: Line, column: Column, strong: bool) -> Cell:
        if column.kind == "text":
            return self._text(row, at_column, line, column)
        if line.kind == "ratio" and (not line.columns or column.id in line.columns or column.kind != "amount"):
            return self._ratio(row, at_column, line, column)
        if column.kind == "amount":
            return self._amount(row, at_column, line, column, strong)
        return self._derived(row, at_column, line, column, strong)

    def _text(self, row: int, column_at: int, line: Line, column: Column) -> Cell:
        words = self.book.texts.get((self.form.id, line.code, column.id), "")
        if line.kind == "fixed":
            return Cell(row, column_at, self._fixed(line), Style("fixed"))
        return Cell(row, column_at, words or None, Style("closed" if line.kind == "heading" else "text", "text"))

    def _fixed(self, line: Line) -> str:
        unit = self.book.unit
        return {"unit": unit.name, "code": unit.code, "year": str(self.book.shape.catalogue.year)}[line.code]

    def _amount(self, row: int, column_at: int, line: Line, column: Column, strong: bool) -> Cell:
        if column not in open_columns(self.form, line):
            return Cell(row, column_at, None, Style("closed"))
        place = self.book.shape.place(self.form.id, line.code, column.id)
        value = float(Fraction(int(self.book.fen[place]), FEN[self.form.unit])) if self.book.given[place] else None
        if place not in self._sums:
            return Cell(row, column_at, value, Style("entry", "amount"))
        keys = self.book.shape.keys
        addends = [(*keys[part], weight) for part, weight in self.level.sums.addends(self._sums[place])]
        return Cell(
            row,
            column_at,
            "" if value is None else value,
            Style("total", "amount", strong=strong),
            at.total_formula(self.layout, self.form.id, addends),
        )

    def _derived(self, row: int, column_at: int, line: Line, column: Column, strong: bool) -> Cell:
        opened = {each.id for each in open_columns(self.form, line)}
        if not {column.of, column.base} <= opened:
            return Cell(row, column_at, None, Style("closed"))
        formula = at.derived_formula(
            column.kind, *(at.a1(row, self.layout.columns(self.form.id)[id]) for id in (column.of, column.base))
        )
        return Cell(
            row, column_at, self._shown(line, column), Style("derived", NUMBERS[column.kind], strong=strong), formula
        )

    def _ratio(self, row: int, column_at: int, line: Line, column: Column) -> Cell:
        if column.kind == "difference":
            opened = not line.columns or {column.of, column.base} <= line.columns
            cells = [at.a1(row, self.layout.columns(self.form.id)[id]) for id in (column.of, column.base)]
            formula = at.derived_formula("difference", *cells)
        else:
            above, below = (
                [
                    self.layout.address(term.form, term.line, column.id, self.form.id)
                    for term in terms
                    if self.book.shape.has(term.form, term.line, column.id)
                ]
                for terms in (line.parts, line.base)
            )
            opened = bool(above and below)
            formula = at.ratio_formula(above, below)
        if not opened:
            return Cell(row, column_at, None, Style("closed"))
        return Cell(row, column_at, self._shown(line, column), Style("derived", "percent"), formula)

    def _shown(self, line: Line, column: Column) -> str | float:
        value = cell_value(self.book, self.form, line, column)
        if value is not None:
            return (
                float(value / FEN[self.form.unit])
                if column.kind == "difference" and line.kind != "ratio"
                else float(value)
            )
        return "—" if self._undefined(line, column) else ""

    def _undefined(self, line: Line, column: Column) -> bool:
        """Both operands are there, so it can only be the base that is zero."""
        if line.kind == "ratio":
            used = [(term.form, term.line, column.id) for term in (*line.parts, *line.base)]
            return column.kind == "amount" and all(
                self.book.shape.has(*key) and self.book.at(*key) is not None for key in used
            )
        return all(self.book.at(self.form.id, line.code, id) is not None for id in (column.of, column.base))

    def _heights(self) -> dict[int, float]:
        heights = {at.TITLE: 30.0, at.UNIT: 18.0, at.HEADING: 44.0}
        for line in self.lines:
            room = NAME_WIDTH - 2 * line.depth - 1
            if (lines := ceil(_width(line.name) / room)) > 1:
                heights[self.layout.rows(self.form.id)[line.code]] = 16.0 * lines
        return heights

    def _numbers(self) -> Iterator[tuple[int, int, int, int]]:
        first, last = at.FIRST, at.FIRST + len(self.lines) - 1
        for column in self.form.amounts:
            if any(line.kind != "ratio" for line in self.lines):
                yield (first, self._at(column), last, self._at(column))

    def _choices(self) -> Iterator[Choice]:
        for line in self.lines:
            if line.choices:
                row = self.layout.rows(self.form.id)[line.code]
                yield Choice((row, at.AMOUNTS, row, at.AMOUNTS), line.choices)


def _sums(level: LevelShape) -> dict[int, int]:
    """Place of a total → its row among the level's sums."""
    return {int(place): row for row, place in enumerate(level.totals)}


def _printed(code: str) -> bool:
    """Whether a code belongs to the official classification and is shown to people."""
    return bool(re.fullmatch(r"\d+", code))


def _width(text: str) -> float:
    return sum(1.0 if ord(letter) < 256 else 2.0 for letter in text)


def _guide(catalogue: Catalogue, layout: Layout, unit: Unit) -> Sheet:
    lines = [line for line in catalogue.guide.splitlines() if line.strip()]
    cells = [Cell(0, 0, lines[0].lstrip("# "), Style("title"))]
    cells += [Cell(row, 0, text, Style("note")) for row, text in enumerate(lines[1:], start=1)]
    row = len(lines) + 1
    for offset, (role, text) in enumerate(
        (("entry", "浅黄色：请填写"), ("total", "灰色：公式，自动计算"), ("closed", "深灰色：不填"))
    ):
        cells.append(Cell(row + offset, 0, text, Style(role)))  # type: ignore[arg-type]  # three of the roles
    row += 4
    cells.append(
        Cell(
            row,
            0,
            f"本文件由{unit.name}（{LEVELS[unit.level]}）填报，共 {len(layout.forms)} 张表，点击表名可跳转：",
            Style("note"),
        )
    )
    for offset, form in enumerate(layout.forms, start=1):
        name = at.sheet_name(form)
        cells.append(
            Cell(
                row + offset,
                0,
                f"{form.sheet}　{form.title}" + (f"（依据：{form.basis}）" if form.basis else ""),
                Style("link"),
                link=f"internal:'{name}'!A1",
            )
        )
    heights = {cell.row: 16.0 * ceil(_width(str(cell.value)) / 96) for cell in cells[1:]} | {0: 30.0}
    return Sheet(at.GUIDE_SHEET, cells, [100.0], heights=heights, landscape=False)


def _stamp_sheet(stamp: Stamp) -> Sheet:
    return Sheet(at.STAMP_SHEET, [Cell(0, 0, str(stamp), Style("key"))], [10.0], hidden=True)
