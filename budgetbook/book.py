"""A book: the figures of one unit on all forms, as arrays shaped by the catalogue; and the ratios that follow from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .amount import Fens, from_fen, to_fen
from .form import Column, Form, Line
from .relation import Term
from .shape import MONEY, Given, Shape
from .unit import Unit

if TYPE_CHECKING:
    import pandas

Texts = dict[tuple[str, str, str], str]


@dataclass(slots=True)
class Book:
    """账册: figures in fen with blank kept apart from zero. `fen` and `given` are figures long, in the order of `shape`."""

    unit: Unit
    shape: Shape
    fen: Fens
    given: Given
    texts: Texts = field(default_factory=dict)
    mark: str = ""  # 含代编：…, on every page the book reaches
    steps: Fens | None = None  # what each figure is rounded to, in fen, if the book was read from print
    brought: str = (
        ""  # 决算 or 快报: what last year's book holds from which the columns that continue it were filled in
    )

    @classmethod
    def empty(cls, unit: Unit, shape: Shape) -> Book:
        """A book with every figure blank."""
        return cls(unit, shape, np.zeros(shape.size, dtype=np.int64), np.zeros(shape.size, dtype=bool))

    @classmethod
    def of(cls, unit: Unit, shape: Shape, figures: Mapping[tuple[str, str, str], str | int]) -> Book:
        """A book from (form, line, column) → amount in 万元, totals computed. Raises KeyError for an unknown figure."""
        book = cls.empty(unit, shape)
        for key, amount in figures.items():
            book.put(*key, to_fen(amount))
        return book.computed()

    def put(self, form: str, line: str, column: str, fen: int) -> None:
        """Raises KeyError for an unknown figure."""
        place = self.shape.place(form, line, column)
        self.fen[place], self.given[place] = fen, True

    def at(self, form: str, line: str, column: str) -> int | None:
        """The amount in fen, None if blank. Raises KeyError for an unknown figure."""
        place = self.shape.place(form, line, column)
        return int(self.fen[place]) if self.given[place] else None

    def computed(self) -> Book:
        """The same entries with every total computed from them, and nothing where this level has no cell."""
        level = self.shape.level(self.unit.level)
        book = Book(
            self.unit,
            self.shape,
            np.where(level.entries, self.fen, 0),
            self.given & level.entries,
            self.texts,
            self.mark,
            self.steps,
            self.brought,
        )
        level.compute(book.fen, book.given)
        return book

    def value(self, form: str, line: str, column: str) -> Fraction | None:
        """Any cell: an amount in fen, or a ratio as a plain fraction. None if blank or undefined. Raises KeyError."""
        sheet = self.shape.catalogue.form(form)
        return cell_value(self, sheet, sheet.line(line), sheet.column(column))

    def frame(self, form: str) -> pandas.DataFrame:
        """Lines × amount columns of one form in its unit of account; blank is NaN. Raises KeyError."""
        import pandas

        sheet = self.shape.catalogue.form(form)
        columns = [column.id for column in sheet.amounts]
        rows = [[_number(self.at(form, line.code, column)) for column in columns] for line in sheet.lines]
        index = pandas.MultiIndex.from_tuples([(line.code, line.name) for line in sheet.lines], names=["line", "name"])
        return pandas.DataFrame(rows, index=index, columns=columns, dtype=float)

    def rows(self) -> Iterable[tuple[str, str, str, str, str]]:
        """Tidy figures: unit, form, line, column, value in 万元; a blank cell is an absent row."""
        keys = self.shape.keys
        level = self.shape.level(self.unit.level)
        for place in np.flatnonzero(self.given & level.open):
            yield self.unit.code, *keys[place], str(from_fen(self.fen[place]))


def _number(fen: int | None) -> float | None:
    return None if fen is None else float(from_fen(fen))


def cell_value(book: Book, form: Form, line: Line, column: Column) -> Fraction | None:
    """The value of any cell of a form: entries and totals as they stand in the book, ratios computed exactly."""
    if column.kind == "text" or line.kind in ("text", "fixed", "heading"):
        return None
    if column.kind == "amount":
        return _ratio(book, line, column.id) if line.kind == "ratio" else _amount(book, form, line, column.id)
    above = cell_value(book, form, line, form.column(column.of))
    below = cell_value(book, form, line, form.column(column.base))
    return derived(column.kind, above, below)


def derived(kind: str, above: Fraction | None, below: Fraction | None) -> Fraction | None:
    """difference, percent or growth of two values; undefined where either is blank or the base is zero (growth: or negative)."""
    if above is None or below is None:
        return None
    if kind == "difference":
        return above - below
    return None if no_base(kind, below) else above / below - (kind == "growth")


def no_base(kind: str, below: int | Fraction) -> bool:
    """Whether nothing can be said in terms of that base."""
    return below == 0 or (kind == "growth" and below < 0)


def _amount(book: Book, form: Form, line: Line, column: str) -> Fraction | None:
    if line.kind not in MONEY:
        return None
    fen = book.at(form.id, line.code, column)
    return None if fen is None else Fraction(fen)


def _ratio(book: Book, line: Line, column: str) -> Fraction | None:
    if line.columns and column not in line.columns:
        return None
    above, below = _sum(book, line.parts, column), _sum(book, line.base, column)
    return derived("percent", above, below)


def _sum(book: Book, parts: tuple[Term, ...], column: str) -> Fraction | None:
    amounts = [
        (part.weight, book.at(part.form, part.line, part.column or column))
        for part in parts
        if book.shape.has(part.form, part.line, part.column or column)
    ]
    if any(fen is None for _, fen in amounts) or not amounts:
        return None
    return Fraction(sum(weight * fen for weight, fen in amounts if fen is not None))


@dataclass(frozen=True, slots=True)
class SlimBook:
    """A book on its way to or from a worker, who has its shape: the figures that are given, by place."""

    unit: Unit
    places: NDArray[np.intp]
    fen: Fens
    texts: Texts = field(default_factory=dict)
    mark: str = ""
    brought: str = ""

    @classmethod
    def of(cls, book: Book) -> SlimBook:
        """What of a book has to travel."""
        places = np.flatnonzero(book.given)
        return cls(book.unit, places, book.fen[places], book.texts, book.mark, book.brought)

    def whole(self, shape: Shape) -> Book:
        """The book again."""
        book = Book.empty(self.unit, shape)
        book.fen[self.places], book.given[self.places] = self.fen, True
        book.texts, book.mark, book.brought = self.texts, self.mark, self.brought
        return book
