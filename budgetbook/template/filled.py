"""One form of one level filled in for one book after another; cells that stay blank are the same objects in every book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from .. import layout as at
from ..amount import FEN
from ..book import Book, cell_value, no_base
from ..editions import edition_map
from ..form import Column, Line
from ..prior import settled
from ..shape import open_columns
from ..sheet import Cell, Mark, Sheet, Style
from ..sums import Sums
from .blank import LABELS, BlankForm

Figures = dict[tuple[str, str], int]  # (line, column) → fen


class FormSheet:
    """A form as laid out, and what is put into it."""

    def __init__(self, blank: BlankForm) -> None:
        self.blank, self.form, self.shape = blank, blank.form, blank.shape
        self._numbers = {line.code: number for number, line in enumerate(blank.lines)}
        self._fixed = [number for number, line in enumerate(blank.lines) if line.kind == "fixed"]
        fed = [(number, places) for number, line in enumerate(blank.lines) if (places := self._inputs(line))]
        self._fed = np.array([number for number, _ in fed], dtype=np.intp)
        self._given = Sums([[(place, 1) for place in places] for _, places in fed])

    def sheet(self, book: Book, marks: Sequence[Mark]) -> Sheet:
        """The form with what a book holds."""
        cells = list(self._locked(book.brought) if book.brought else self.blank.cells)
        figures = self._figures(book)
        for number in self._touched(book):
            for place, column in enumerate(self.form.columns, start=number * self.blank.width + LABELS):
                cell = cells[place]
                value = self._value(book, figures, self.blank.lines[number], column, cell.style)
                if value != cell.value:
                    cells[place] = cell._replace(value=value)
        return replace(self.blank.sheet, cells=[*self.blank.head, self._whose(book), *cells], marks=marks)

    def _whose(self, book: Book) -> Cell:
        """Who fills it in, and where last year's figures are from."""
        headings = "、".join(column.heading for column in self.form.amounts if column.last)
        source = f"　{headings}取自上年报表（{book.brought}）" if book.brought and headings else ""
        return Cell(at.UNIT, at.CODE, f"{at.UNIT_LABEL}：{book.unit.name}{source}", Style("note", own=True))

    def _inputs(self, line: Line) -> list[int]:
        """The places whose figures decide what a line shows."""
        if line.kind == "ratio":
            keys = [
                (term.form, term.line, column.id) for term in (*line.parts, *line.base) for column in self.form.amounts
            ]
            return [self.shape.place(*key) for key in keys if self.shape.has(*key)]
        return list(self.shape.places(self.form.id, line.code, open_columns(self.form, line)))

    def _touched(self, book: Book) -> list[int]:
        """The lines, by number, in which a book has something to show."""
        given = self._fed[np.flatnonzero(self._given.given(book.given))].tolist() if len(self._fed) else ()
        worded = (self._numbers[line] for form, line, _ in book.texts if form == self.form.id and line in self._numbers)
        return sorted({*self._fixed, *given, *worded})

    @cache  # noqa: B019  # a form sheet lives as long as the program
    def _locked(self, calibre: str) -> list[Cell]:
        """The cells as they are where last year's figures were filled in: what continues last year's approved figures is closed,
        but for lines that were split in a proportion that only the unit knows."""
        lines = {self.blank.rows[line.code]: line.code for line in self.blank.lines}
        groups = edition_map(self.shape.catalogue).groups
        loose = {line for group in groups if group.form == self.form.id for line in group.new}
        columns = {self.blank.columns[each.id] for each in self.form.amounts if each.last and settled(each, calibre)}
        return [
            cell._replace(style=cell.style._replace(role="brought"))
            if cell.column in columns and cell.style.role == "entry" and lines[cell.row] not in loose
            else cell
            for cell in self.blank.cells
        ]

    def _figures(self, book: Book) -> Figures:
        """Every figure of this form that a book has."""
        span = self.shape.span(self.form)
        places = np.flatnonzero(book.given[span]) + span.start
        keys = self.shape.keys
        return {keys[place][1:]: fen for place, fen in zip(places.tolist(), book.fen[places].tolist(), strict=True)}

    def _value(self, book: Book, figures: Figures, line: Line, column: Column, style: Style) -> str | float | None:
        """What a cell of that style shows of a book."""
        if style.role == "fixed":
            return self._named(book, line)
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

    def _named(self, book: Book, line: Line) -> str:
        unit = book.unit
        return {"unit": unit.name, "code": unit.code, "year": str(self.shape.catalogue.year)}[line.code]

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
