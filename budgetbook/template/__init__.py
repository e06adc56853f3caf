"""The workbook of one unit: its forms laid out as sheets, with whatever figures and texts its book already holds."""

from __future__ import annotations

from .. import layout as at
from ..book import Book
from ..catalogue import Catalogue
from ..cover import cover
from ..form import Level
from ..keeping import by_places, by_shape
from ..layout import Layout
from ..panel import panel_of
from ..shape import Shape
from ..sheet import Cell, Sheet, Stamp, Style, Workbook
from .blank import BlankForm
from .filled import FormSheet
from .guide import guide


def workbook(catalogue: Catalogue, book: Book, stamp: Stamp) -> Workbook:
    """The workbook of `book.unit`, figures and totals as the book has them; entry cells of a blank book are blank."""
    level = book.unit.level
    panel = panel_of(book.shape, level, book.unit.kinds)
    drawn = [form.sheet(book, panel.marks.get(form.form.id, ())) for form in _form_sheets(book.shape, level)]
    panel_sheet, judged = panel.sheets(book)
    front = [cover(drawn[0], panel, book), guide(book.shape, book.unit), panel_sheet]
    sheets = [*front, *drawn[1:], judged, _stamp_sheet(stamp)]
    return Workbook(sheets, stamp, f"{book.unit.name}{catalogue.year}年预算报表")


@by_shape
def _form_sheets(shape: Shape, level: Level) -> tuple[FormSheet, ...]:
    """The forms of one level, laid out once for all its units; those without regions once for all shapes alike."""
    named = shape.catalogue.by_region
    return tuple(
        (_form_sheet if form.id in named else _shared_sheet)(shape, level, form.id)
        for form in shape.catalogue.at(level)
    )


def _form_sheet(shape: Shape, level: Level, form: str) -> FormSheet:
    return FormSheet(BlankForm(_layout(shape, level), shape.catalogue.form(form), shape, level))


@by_shape
def _layout(shape: Shape, level: Level) -> Layout:
    return Layout(shape.catalogue, level)


@by_places
def _shared_sheet(shape: Shape, level: Level, form: str) -> FormSheet:
    return _form_sheet(shape, level, form)


def _stamp_sheet(stamp: Stamp) -> Sheet:
    return Sheet(at.STAMP_SHEET, [Cell(0, 0, str(stamp), Style("key", own=True))], [10.0], hidden=True)
