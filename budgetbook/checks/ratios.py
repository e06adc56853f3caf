"""R-COL-01, R-COL-02: percentages and differences are what the amounts make them; `—` where the base is zero."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..amount import FEN
from ..book import cell_value
from ..model import Finding
from ..returns import Return
from ..shape import Shape

CLOSE = Fraction(1, 2000)  # 0.05 percentage points


def ratios(shape: Shape, ret: Return) -> Iterator[Finding]:
    """Each derived cell as stated against its value computed from the stated amounts."""
    for (form_id, line_code, column_id), stated in ret.shown.items():
        form = shape.catalogue.form(form_id)
        line, column = form.line(line_code), form.column(column_id)
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
            "R-COL-01",
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
