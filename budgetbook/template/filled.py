"""One form of one level filled in for one book after another; cells that stay blank are the same objects in every book."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from operator import attrgetter

import numpy as np

from .. import layout as at
from ..amount import FEN
from ..book import Book, cell_value
from ..editions import edition_map
from ..form import Column, Line
from ..prior import settled
from ..sheet import Cell, Mark, Role, Sheet, Style
from ..sums import Sums
from .blank import LABELS, BlankForm
from .columns import Amounts, Compared, Places, Shown

Spot = tuple[int, Line, Column]  # a cell of the blank form, by number


class FormSheet:
    """A form as laid out, and what is put into it."""

    def __init__(self, blank: BlankForm) -> None:
        self.blank, self.form, self.shape = blank, blank.form, blank.shape
        self._unit = FEN.get(self.form.unit, 1)
        self._fixed = [(cell, line) for cell, line, _ in self._cells("fixed")]
        worded = (each for each in self._cells("text", "closed") if each[2].kind == "text")
        self._worded = {(line.code, column.id): cell for cell, line, column in worded}
        self._columns: list[Amounts | Compared] = [*self._amounts(), *self._compared()]
        derived = ((each, self._inputs(each[1])) for each in self._cells("derived") if each[1].kind == "ratio")
        fed = [(ratio, places) for ratio, places in derived if places]
        self._ratios = [ratio for ratio, _ in fed]
        self._given = Sums([[(place, 1) for place in places] for _, places in fed])

    def _cells(self, *roles: Role) -> Iterator[Spot]:
        """The cells that have one of some roles, by number, with their lines and columns."""
        for number, line in enumerate(self.blank.lines):
            for cell, column in enumerate(self.form.columns, start=number * self.blank.width + LABELS):
                if self.blank.cells[cell].style.role in roles:
                    yield cell, line, column

    def _amounts(self) -> Iterator[Amounts]:
        cells = list(self._cells("entry", "total"))
        if cells:
            yield Amounts(_places(cell for cell, _, _ in cells), self._standing(cells, attrgetter("id")))

    def _compared(self) -> Iterator[Compared]:
        derived = [each for each in self._cells("derived") if each[1].kind != "ratio"]
        for kind in sorted({column.kind for _, _, column in derived}):
            cells = [each for each in derived if each[2].kind == kind]
            above, below = (self._standing(cells, attrgetter(side)) for side in ("of", "base"))
            yield Compared(kind, _places(cell for cell, _, _ in cells), above, below)

    def _standing(self, cells: Iterable[Spot], of: Callable[[Column], str]) -> Places:
        """Where the figures of some cells stand that a column names."""
        return _places(self.shape.place(self.form.id, line.code, of(column)) for _, line, column in cells)

    def sheet(self, book: Book, marks: Sequence[Mark]) -> Sheet:
        """The form with what a book holds."""
        cells = list(self._locked(book.brought) if book.brought else self.blank.cells)
        for number, value in self._shown(book):
            cell = cells[number]
            cells[number] = Cell._make((*cell[:2], value, *cell[3:]))
        return replace(self.blank.sheet, cells=[*self.blank.head, self._whose(book), *cells], marks=marks)

    def _shown(self, book: Book) -> Iterator[Shown]:
        """The cells in which a book has something to show."""
        yield from ((cell, self._named(book, line)) for cell, line in self._fixed)
        for (form, line, column), words in book.texts.items():
            if words and form == self.form.id and (line, column) in self._worded:
                yield self._worded[line, column], words
        for each in self._columns:
            yield from each.shown(book, self._unit)
        for number in np.flatnonzero(self._given.given(book.given)).tolist():
            cell, ratio, of = self._ratios[number]
            yield cell, self._ratio(book, ratio, of)

    def _whose(self, book: Book) -> Cell:
        """Who fills it in, and where last year's figures are from."""
        headings = "、".join(column.heading for column in self.form.amounts if column.last)
        source = f"　{headings}取自上年报表（{book.brought}）" if book.brought and headings else ""
        return Cell(at.UNIT, at.CODE, f"{at.UNIT_LABEL}：{book.unit.name}{source}", Style("note", own=True))

    def _inputs(self, line: Line) -> list[int]:
        """The places whose figures decide what a ratio line shows."""
        terms, columns = (*line.parts, *line.base), self.form.amounts
        keys = [(term.form, term.line, column.id) for term in terms for column in columns]
        return [self.shape.place(*key) for key in keys if self.shape.has(*key)]

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

    def _named(self, book: Book, line: Line) -> str:
        unit = book.unit
        return {"unit": unit.name, "code": unit.code, "year": str(self.shape.catalogue.year)}[line.code]

    def _ratio(self, book: Book, line: Line, column: Column) -> str | float:
        """A cell of a ratio line."""
        value = cell_value(book, self.form, line, column)
        if value is not None:
            return float(value)
        used = [(term.form, term.line, column.id) for term in (*line.parts, *line.base)]
        known = all(self.shape.has(*key) and book.at(*key) is not None for key in used)
        return "—" if column.kind == "amount" and known else ""


def _places(numbers: Iterable[int]) -> Places:
    return np.fromiter(numbers, dtype=np.intp)
