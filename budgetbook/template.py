"""The workbook of one unit: its forms laid out as sheets, with whatever figures and texts its book already holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache
from itertools import compress
from math import ceil

import numpy as np

from . import layout as at
from .amount import FEN
from .book import Book, cell_value, no_base
from .catalogue import Catalogue
from .cover import cover
from .editions import edition_map
from .form import LEVELS, Column, Form, Level, Line
from .layout import Layout
from .panel import panel_of
from .prior import settled
from .shape import LevelShape, Shape, by_places, open_columns, visible
from .sheet import Cell, Choice, Number, Role, Sheet, Stamp, Style, Workbook
from .sums import Sums
from .unit import Unit

LABELS = 3  # cells of a line before its columns
WIDTH = {"amount": 15.0, "difference": 14.0, "growth": 10.0, "percent": 10.0, "text": 28.0}
NAME_WIDTH = 46.0
GUIDE_WIDTH = 72.0  # what a page upright takes, even in a wide typeface
CLOSED, ENTRY = Style("closed"), Style("entry", "amount")
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
    panel = panel_of(book.shape, level, book.unit.kinds)
    drawn = [
        replace(form_sheet.sheet(book), marks=panel.marks.get(form_sheet.form.id, ()))
        for form_sheet in _form_sheets(book.shape, level)
    ]
    panel_sheet, judged = panel.sheets(book)
    front = [cover(drawn[0], panel, book), _guide(catalogue, layout, book.unit), panel_sheet]
    sheets = [*front, *drawn[1:], judged, _stamp_sheet(stamp)]
    return Workbook(sheets, stamp, f"{book.unit.name}{catalogue.year}年预算报表")


@lru_cache(maxsize=8)
def _form_sheets(shape: Shape, level: Level) -> tuple[FormSheet, ...]:
    """The forms of one level, laid out once for all its units; those without regions once for all shapes alike."""
    named = shape.catalogue.by_region
    return tuple(
        (_form_sheet if form.id in named else _shared_sheet)(shape, level, form.id)
        for form in shape.catalogue.at(level)
    )


def _form_sheet(shape: Shape, level: Level, form: str) -> FormSheet:
    return FormSheet(_layout(shape, level), shape.catalogue.form(form), shape, level, _sums(shape.level(level)))


@lru_cache(maxsize=8)
def _layout(shape: Shape, level: Level) -> Layout:
    return Layout(shape.catalogue, level)


@by_places
def _shared_sheet(shape: Shape, level: Level, form: str) -> FormSheet:
    return _form_sheet(shape, level, form)


class FormSheet:
    """One form of one level as a sheet: laid out blank, then filled in for one book after another."""

    def __init__(self, layout: Layout, form: Form, shape: Shape, level: Level, sums: dict[int, int]) -> None:
        self.layout, self.form, self.shape = layout, form, shape
        self.level: LevelShape = shape.level(level)
        self.lines = list(visible(form, level))
        self.last = at.AMOUNTS + len(form.columns) - 1
        self._sums = sums
        self._blank = [cell for line in self.lines for cell in self._line(line)]
        self._sheet = self._outline()
        fed = [(number, places) for number, line in enumerate(self.lines) if (places := self._inputs(line))]
        self._fed = [number for number, _ in fed]
        self._given = Sums([[(place, 1) for place in places] for _, places in fed])

    def sheet(self, book: Book) -> Sheet:
        """The form with what a book holds; cells that stay blank are the same objects in every book."""
        cells, width = (
            list(self._locked(book.brought) if book.brought else self._blank),
            LABELS + len(self.form.columns),
        )
        figures = self._figures(book)
        for number in self._touched(book):
            for place, column in enumerate(self.form.columns, start=number * width + LABELS):
                cell = cells[place]
                value = self._value(book, figures, self.lines[number], column, cell.style)
                if value != cell.value:
                    cells[place] = Cell(cell.row, cell.column, value, cell.style, cell.formula)
        return replace(self._sheet, cells=[*self._head(book), *cells])

    def _outline(self) -> Sheet:
        """Title, unit of account, headings, hidden keys, lines."""
        return Sheet(
            name=at.sheet_name(self.form),
            cells=(),
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

    def _inputs(self, line: Line) -> list[int]:
        """The places whose figures decide what a line shows."""
        if line.kind == "ratio":
            keys = [
                (term.form, term.line, column.id) for term in (*line.parts, *line.base) for column in self.form.amounts
            ]
            return [self.shape.place(*key) for key in keys if self.shape.has(*key)]
        return [self.shape.place(self.form.id, line.code, column.id) for column in open_columns(self.form, line)]

    def _touched(self, book: Book) -> list[int]:
        """The lines, by number, in which a book has something to show."""
        given = set(compress(self._fed, self._given.given(book.given).tolist()))
        worded = {line for form, line, _ in book.texts if form == self.form.id}
        return [
            number
            for number, line in enumerate(self.lines)
            if number in given or line.kind == "fixed" or line.code in worded
        ]

    @cache  # noqa: B019  # a form sheet lives as long as the program
    def _locked(self, calibre: str) -> list[Cell]:
        """The cells as they are where last year's figures were filled in: what continues last year's approved figures is closed,
        but for lines that were split in a proportion that only the unit knows."""
        lines = {self.layout.rows(self.form.id)[line.code]: line.code for line in self.lines}
        loose = {
            line
            for group in edition_map(self.shape.catalogue).groups
            if group.form == self.form.id
            for line in group.new
        }
        columns = {self._at(column) for column in self.form.amounts if column.last and settled(column, calibre)}
        return [
            cell._replace(style=cell.style._replace(role="brought"))
            if cell.column in columns and cell.style.role == "entry" and lines[cell.row] not in loose
            else cell
            for cell in self._blank
        ]

    def _head(self, book: Book) -> Iterator[Cell]:
        yield Cell(at.TITLE, at.KEY, at.FORM_MARK + self.form.id, Style("key"))
        yield Cell(at.TITLE, at.CODE, self.form.title, Style("title"))
        yield Cell(at.UNIT, at.CODE, f"{at.UNIT_LABEL}：{book.unit.name}{self._source(book)}", Style("note"))
        if self.form.unit:
            yield Cell(at.UNIT, self.last, f"单位：{self.form.unit}", Style("unit"))
        yield Cell(at.KEYS, at.KEY, at.COLUMN_MARK, Style("key"))
        for place, heading in enumerate(at.HEADINGS, start=at.CODE):
            yield Cell(at.HEADING, place, heading, Style("heading"))
        for column in self.form.columns:
            yield Cell(at.HEADING, self._at(column), column.heading, Style("heading"))
            yield Cell(at.KEYS, self._at(column), column.id, Style("key"))

    def _source(self, book: Book) -> str:
        headings = "、".join(column.heading for column in self.form.amounts if column.last)
        return f"　{headings}取自上年报表（{book.brought}）" if book.brought and headings else ""

    def _at(self, column: Column) -> int:
        return self.layout.columns(self.form.id)[column.id]

    def _line(self, line: Line) -> Iterator[Cell]:
        row = self.layout.rows(self.form.id)[line.code]
        strong = line.kind in ("total", "heading") and line.depth < 2
        key, code, name = at.labels(line)
        yield Cell(row, at.KEY, key, Style("key"))
        yield Cell(row, at.CODE, code, Style("code", strong=strong))
        yield Cell(row, at.NAME, name, Style("name", depth=line.depth, strong=strong))
        opened = {column.id for column in open_columns(self.form, line)}
        for column, at_column in zip(self.form.columns, self.layout.columns(self.form.id).values(), strict=True):
            yield self._cell(row, at_column, line, column, opened, strong)

    def _figures(self, book: Book) -> dict[tuple[str, str], int]:
        """(line, column) → fen, for every figure of this form that a book has."""
        span = self.shape.span(self.form)
        places = np.flatnonzero(book.given[span]) + span.start
        keys = self.shape.keys
        return {keys[place][1:]: fen for place, fen in zip(places.tolist(), book.fen[places].tolist(), strict=True)}

    def _value(
        self, book: Book, figures: dict[tuple[str, str], int], line: Line, column: Column, style: Style
    ) -> str | float | None:
        """What a cell of that style shows of a book."""
        if style.role == "fixed":
            return self._fixed(book, line)
        if column.kind == "text":
            return book.texts.get((self.form.id, line.code, column.id)) or None
        if style.role == "closed":
            return None
        if style.role == "derived" and line.kind == "ratio":
            return self._shown(book, line, column)
        if style.role == "derived":
            return self._compared(column.kind, *(figures.get((line.code, id)) for id in (column.of, column.base)))
        fen = figures.get((line.code, column.id))
        if fen is None:
            return "" if style.role == "total" else None
        return fen / FEN[self.form.unit]

    def _cell(self, row: int, at_column: int, line: Line, column: Column, opened: set[str], strong: bool) -> Cell:
        if column.kind == "text":
            role: Role = "fixed" if line.kind == "fixed" else "closed" if line.kind == "heading" else "text"
            return Cell(row, at_column, None, Style(role, "" if role == "fixed" else "text"))
        closed = Cell(row, at_column, None, CLOSED)
        if line.kind == "ratio" and (not line.columns or column.id in line.columns or column.kind != "amount"):
            return self._ratio(row, at_column, line, column)
        if column.kind == "amount":
            return self._amount(row, at_column, line, column, strong) if column.id in opened else closed
        return self._derived(row, at_column, column, strong) if {column.of, column.base} <= opened else closed

    def _fixed(self, book: Book, line: Line) -> str:
        unit = book.unit
        return {"unit": unit.name, "code": unit.code, "year": str(self.shape.catalogue.year)}[line.code]

    def _amount(self, row: int, column_at: int, line: Line, column: Column, strong: bool) -> Cell:
        place = self.shape.place(self.form.id, line.code, column.id)
        if place not in self._sums:
            return Cell(row, column_at, None, ENTRY)
        keys = self.shape.keys
        addends = [(*keys[part], weight) for part, weight in self.level.sums.addends(self._sums[place])]
        return Cell(
            row,
            column_at,
            "",
            Style("total", "amount", strong=strong),
            at.total_formula(self.layout, self.form.id, addends),
        )

    def _derived(self, row: int, column_at: int, column: Column, strong: bool) -> Cell:
        formula = at.derived_formula(
            column.kind, *(at.a1(row, self.layout.columns(self.form.id)[id]) for id in (column.of, column.base))
        )
        return Cell(row, column_at, "", Style("derived", NUMBERS[column.kind], strong=strong), formula)

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
                    if self.shape.has(term.form, term.line, column.id)
                ]
                for terms in (line.parts, line.base)
            )
            opened = bool(above and below)
            formula = at.ratio_formula(above, below)
        if not opened:
            return Cell(row, column_at, None, CLOSED)
        return Cell(row, column_at, "", Style("derived", "percent"), formula)

    def _compared(self, kind: str, above: int | None, below: int | None) -> str | float:
        """A derived cell of two amounts; a quotient of whole numbers is the float nearest to the exact value."""
        if above is None or below is None:
            return ""
        if kind == "difference":
            return (above - below) / FEN[self.form.unit]
        if no_base(kind, below):
            return "—"
        return (above - below if kind == "growth" else above) / below

    def _shown(self, book: Book, line: Line, column: Column) -> str | float:
        """A cell of a ratio line."""
        value = cell_value(book, self.form, line, column)
        if value is not None:
            return float(value)
        used = [(term.form, term.line, column.id) for term in (*line.parts, *line.base)]
        known = all(self.shape.has(*key) and book.at(*key) is not None for key in used)
        return "—" if column.kind == "amount" and known else ""

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


def _width(text: str) -> float:
    return sum(1.0 if ord(letter) < 256 else 2.0 for letter in text)


def _guide(catalogue: Catalogue, layout: Layout, unit: Unit) -> Sheet:
    title, *lines = [line for line in catalogue.guide.splitlines() if line.strip()]
    cells = [Cell(0, 0, title.lstrip("# "), Style("title"))]
    for row, text in enumerate(lines, start=1):
        cells.append(Cell(row, 0, text.lstrip("# "), Style("note", strong=text.startswith("#"))))
    row = len(lines) + 2
    for offset, (role, text) in enumerate(
        (
            ("entry", "浅黄色：请填写"),
            ("brought", "浅绿色：取自上年报表，不用填"),
            ("total", "灰色：公式，自动计算"),
            ("closed", "深灰色：不填"),
        )
    ):
        cells.append(Cell(row + offset, 0, text, Style(role)))  # type: ignore[arg-type]  # three of the roles
    row += 4
    says = f"本文件由{unit.name}（{LEVELS[unit.level]}）填报，共 {len(layout.forms)} 张表，点击表名可跳转："
    cells.append(Cell(row, 0, says, Style("note", strong=True)))
    for offset, form in enumerate(layout.forms, start=1):
        text = f"{form.sheet}　{form.title}" + (f"（依据：{form.basis}）" if form.basis else "")
        cells.append(Cell(row + offset, 0, text, Style("link"), link=f"internal:'{at.sheet_name(form)}'!A1"))
    heights = {cell.row: 16.0 * ceil(_width(str(cell.value)) / (GUIDE_WIDTH - 4)) for cell in cells[1:]} | {0: 30.0}
    return Sheet(at.GUIDE_SHEET, cells, [GUIDE_WIDTH], heights=heights, landscape=False)


def _stamp_sheet(stamp: Stamp) -> Sheet:
    return Sheet(at.STAMP_SHEET, [Cell(0, 0, str(stamp), Style("key"))], [10.0], hidden=True)
