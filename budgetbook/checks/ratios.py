"""R-COL-01, R-COL-02: percentages and differences are what the amounts make them; `—` where the base is zero."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..amount import FEN
from ..book import Book, cell_value, no_base
from ..model import Column, Finding, Form, Line
from ..returns import Return
from ..shape import Shape

CLOSE = Fraction(1, 2000)  # 0.05 percentage points
SURE, NEAR = 1e6, 0.0004  # below SURE a binary float is off by less than a billionth, far within CLOSE − NEAR


def ratios(shape: Shape, ret: Return) -> Iterator[Finding]:
    """Each derived cell as stated against its value computed from the stated amounts."""
    for (form_id, line_code, column_id), stated in ret.shown.items():
        form = shape.catalogue.form(form_id)
        line, column = form.line(line_code), form.column(column_id)
        if _plainly_agrees(ret.book, form, line, column, stated):
            continue
        exact = cell_value(ret.book, form, line, column)
        money = column.kind == "difference" and line.kind != "ratio"
        if _agrees(stated, exact, FEN[form.unit] if money else 1, Fraction(FEN["元"]) if money else CLOSE):
            continue
        place = ret.place(form_id, line_code, column_id)
        should = (
            "留空或“—”"
            if exact is None
            else f"{float(exact / FEN[form.unit]):,.2f}"
            if money
            else f"{float(exact):.1%}"
        )
        yield Finding(
            "R-COL-02" if exact is None else "R-COL-01",
            "error",
            f"{place}“{line.name}”{column.heading}为“{_read(stated, money)}”，按表内金额计算应为{should}。请恢复计算公式。",
            ret.unit.code,
            ret.file,
            form_id,
            line_code,
            column_id,
            place.sheet if place else "",
            place.cell if place else "",
        )


def _plainly_agrees(book: Book, form: Form, line: Line, column: Column, stated: object) -> bool:
    """A quotient of two amounts so near what is stated that no exact arithmetic is needed to tell; False leaves it to that."""
    if line.kind == "ratio" or column.kind not in ("percent", "growth") or not isinstance(stated, float):
        return False
    if not all(book.shape.has(form.id, line.code, id) for id in (column.of, column.base)):
        return False
    above, below = (book.at(form.id, line.code, id) for id in (column.of, column.base))
    if above is None or below is None or no_base(column.kind, below):
        return False
    quotient = above / below - (column.kind == "growth")
    return abs(quotient) < SURE and abs(stated - quotient) < NEAR


def _agrees(stated: object, exact: Fraction | None, scale: int, close: Fraction) -> bool:
    if isinstance(stated, str):
        return stated.strip() in ("", "—", "-") and exact is None
    if isinstance(stated, bool) or not isinstance(stated, int | float):
        return False
    return exact is not None and abs(Fraction(stated) * scale - exact) <= close


def _read(stated: object, money: bool) -> str:
    if isinstance(stated, int | float) and not isinstance(stated, bool):
        return f"{stated:,.2f}" if money else f"{stated:.1%}"
    return str(stated)[:40]
