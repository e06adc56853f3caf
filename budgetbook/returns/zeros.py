"""Zeros of an old workbook that were blank on its sender's screen: .xls as LibreOffice saves it has 0 for the text of a formula."""

from __future__ import annotations

from collections.abc import Sequence

from ..book import cell_value
from ..shape import Key
from .sent import Return


def blanked(ret: Return, zeros: Sequence[Key]) -> None:
    """Takes back those of the *zeros* where nothing adds up to anything, or a ratio has no base: there the formulas as they were
    issued show a blank. Any other stays the 0 that it says."""
    if not zeros:
        return
    book, shape, ought = ret.book, ret.book.shape, ret.book.computed()
    ratios = [key for key in zeros if key in ret.shown]
    for key in set(zeros).difference(ratios):
        place = shape.place(*key)
        book.given[place] &= ought.given[place]
    for form_id, line, column in ratios:
        form = shape.catalogue.form(form_id)
        if cell_value(book, form, form.line(line), form.column(column)) is None:
            del ret.shown[form_id, line, column]
