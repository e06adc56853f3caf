"""One form of one level laid out blank: what every workbook of the level has in common."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from .. import layout as at
from ..form import Column, Form, Level, Line, visible
from ..layout import Layout
from ..shape import LevelShape, Shape, open_columns
from ..sheet import Cell, Choice, Number, Sheet, Style

LABELS = 3  # cells of a line before its columns
WIDTH = {"amount": 15.0, "difference": 14.0, "growth": 10.0, "percent": 10.0, "text": 28.0}
NAME_WIDTH = 46.0
CLOSED, ENTRY, KEY, HEADING = Style("closed"), Style("entry", "amount"), Style("key"), Style("heading")
NUMBERS: dict[str, Number] = {
    "amount": "amount",
    "difference": "amount",
    "growth": "percent",
    "percent": "percent",
    "text": "text",
}
_ROW = "\0"  # in a formula that reads the same on every line, where the number of the row goes


class BlankForm:
    """The cells of a form: its head, then line by line its labels and columns."""

    def __init__(self, layout: Layout, form: Form, shape: Shape, level: Level) -> None:
        self.layout, self.form, self.shape = layout, form, shape
        self.level: LevelShape = shape.level(level)
        self.lines = list(visible(form, level))
        self.rows, self.columns = layout.rows(form.id), layout.columns(form.id)
        self.last = at.AMOUNTS + len(form.columns) - 1
        self._formulas = {column.id: self._formula(column) for column in form.columns if column.base}
        self.head = list(self._head())
        self.cells = [cell for line in self.lines for cell in self._line(line)]
        self.sheet = self._outline()

    @property
    def width(self) -> int:
        """Cells of one line."""
        return LABELS + len(self.form.columns)

    def _head(self) -> Iterator[Cell]:
        yield Cell(at.TITLE, at.KEY, at.FORM_MARK + self.form.id, KEY)
        yield Cell(at.TITLE, at.CODE, self.form.title, Style("title"))
        if self.form.unit:
            yield Cell(at.UNIT, self.last, f"单位：{self.form.unit}", Style("unit"))
        yield Cell(at.KEYS, at.KEY, at.COLUMN_MARK, KEY)
        for place, heading in enumerate(at.HEADINGS, start=at.CODE):
            yield Cell(at.HEADING, place, heading, HEADING)
        for column in self.form.columns:
            yield Cell(at.HEADING, self.columns[column.id], column.heading, HEADING)
            yield Cell(at.KEYS, self.columns[column.id], column.id, KEY)

    def _outline(self) -> Sheet:
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

    def _heights(self) -> dict[int, float]:
        heights = {at.TITLE: 30.0, at.UNIT: 18.0, at.HEADING: 44.0}
        for line in self.lines:
            room = NAME_WIDTH - 2 * line.depth - 1
            if (lines := ceil(width(line.name) / room)) > 1:
                heights[self.rows[line.code]] = 16.0 * lines
        return heights

    def _numbers(self) -> Iterator[tuple[int, int, int, int]]:
        first, last = at.FIRST, at.FIRST + len(self.lines) - 1
        for column in self.form.amounts:
            if any(line.kind != "ratio" for line in self.lines):
                yield (first, self.columns[column.id], last, self.columns[column.id])

    def _choices(self) -> Iterator[Choice]:
        for line in self.lines:
            if line.choices:
                row = self.rows[line.code]
                yield Choice((row, at.AMOUNTS, row, at.AMOUNTS), line.choices)

    def _line(self, line: Line) -> Iterator[Cell]:
        row = self.rows[line.code]
        strong = line.kind in ("total", "heading") and line.depth < 2
        key, code, name = at.labels(line)
        yield Cell(row, at.KEY, key, KEY)
        yield Cell(row, at.CODE, code, Style("code", strong=strong))
        yield Cell(row, at.NAME, name, Style("name", depth=line.depth, strong=strong))
        opened = {column.id for column in open_columns(self.form, line)}
        for column in self.form.columns:
            value, style, formula = self._cell(line, column, opened, strong)
            yield Cell(row, self.columns[column.id], value, style, formula)

    def _cell(self, line: Line, column: Column, opened: set[str], strong: bool) -> tuple[str | None, Style, str]:
        """Value, style and formula."""
        if column.kind == "text":
            return None, _words(line), ""
        if line.kind == "ratio" and (not line.columns or column.id in line.columns or column.kind != "amount"):
            formula = self._ratio(line, column)
            return ("", Style("derived", "percent"), formula) if formula else (None, CLOSED, "")
        if not ({column.id} if column.kind == "amount" else {column.of, column.base}) <= opened:
            return None, CLOSED, ""
        if column.kind != "amount":
            return "", Style("derived", NUMBERS[column.kind], strong=strong), self._compared(line, column)
        if formula := self._total(line, column):
            return "", Style("total", "amount", strong=strong), formula
        return None, ENTRY, ""

    def _total(self, line: Line, column: Column) -> str:
        """Nothing if the figure is entered."""
        row = self.level.rows.get(self.shape.place(self.form.id, line.code, column.id))
        if row is None:
            return ""
        addends = [(*self.shape.keys[part], weight) for part, weight in self.level.sums.addends(row)]
        return at.total_formula(self.layout, self.form.id, addends)

    def _formula(self, column: Column) -> str:
        above, below = (at.letters(self.columns[id]) + _ROW for id in (column.of, column.base))
        return at.derived_formula(column.kind, above, below)

    def _compared(self, line: Line, column: Column) -> str:
        return self._formulas[column.id].replace(_ROW, str(self.rows[line.code] + 1))

    def _ratio(self, line: Line, column: Column) -> str:
        """Nothing if the cell is closed."""
        if column.kind == "difference":
            opened = not line.columns or {column.of, column.base} <= line.columns
            return self._compared(line, column) if opened else ""
        above, below = (
            [
                self.layout.address(term.form, term.line, column.id, self.form.id)
                for term in terms
                if self.shape.has(term.form, term.line, column.id)
            ]
            for terms in (line.parts, line.base)
        )
        return at.ratio_formula(above, below) if above and below else ""


def _words(line: Line) -> Style:
    """The style of a cell for words."""
    if line.kind == "fixed":
        return Style("fixed", own=True)
    return Style("closed" if line.kind == "heading" else "text", "text")


def width(text: str) -> float:
    """Of a text on the page, in letters of a Latin typeface."""
    return sum(1.0 if ord(letter) < 256 else 2.0 for letter in text)
