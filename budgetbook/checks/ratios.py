"""R-COL-01, R-COL-02: percentages and differences are what the amounts make them; `—` where the base is zero."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, compress, count, repeat

import numpy as np
from numpy.typing import NDArray

from ..amount import FEN, Fens
from ..book import Book, cell_value
from ..finding import Finding
from ..keeping import by_shape
from ..returns import Return
from ..shape import MONEY, Key, Shape
from .unread import ratio_rests_on, unread

CLOSE = Fraction(1, 2000)  # 0.05 percentage points
SURE, NEAR = 1e6, 0.0004  # below SURE a binary float is off by less than a billionth, far within CLOSE − NEAR
NEAR_MONEY = 90  # fen; far within one yuan
BLANK = ("", "—", "-")
KINDS = ("percent", "growth", "difference")
_UNKNOWN = (0, 0, -1, 1)


def ratios(shape: Shape, ret: Return) -> Iterator[Finding]:
    """Each derived cell as stated against its value computed from the stated amounts."""
    lost = unread(shape, {ret.unit.code: ret}).get(ret.unit.code)
    for key in doubtful(ret.book, ret.shown):
        if lost is not None and ratio_rests_on(shape, key, lost):
            continue
        (form_id, line_code, column_id), stated = key, ret.shown[key]
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
            "R-COL-02" if exact is None else "R-COL-01",
            "error",
            f"{place}“{line.name}”{column.heading}为“{_read(stated, money)}”，按表内金额计算应为{should}。请恢复计算公式；公式还在的，按 F9 重新计算后保存。",
            ret.unit.code,
            ret.file,
            form_id,
            line_code,
            column_id,
            place.sheet if place else "",
            place.cell if place else "",
        )


def missing_ratios(shape: Shape, ret: Return) -> int:
    """How many cells whose formula came without a result would have one; where there is nothing to show, blank is the result."""
    pairs = _pairs(ret.book, ret.unshown)
    found = compress(ret.unshown, pairs.defined | (pairs.kind == _UNKNOWN[2]))
    forms = ((shape.catalogue.form(form), line, column) for form, line, column in found)
    return sum(
        cell_value(ret.book, form, form.line(line), form.column(column)) is not None for form, line, column in forms
    )


def doubtful(book: Book, shown: Mapping[Key, object]) -> Iterator[Key]:
    """The cells that need exact arithmetic to tell: all but those so near to, or as blank as, what two amounts make them."""
    pairs = _pairs(book, shown)
    above, below, defined = pairs.above, pairs.below, pairs.defined
    blank = np.array([type(value) is not float and _is_blank(value) for value in shown.values()], dtype=bool)
    numbers = np.array([value if type(value) is float else np.nan for value in shown.values()], dtype=np.float64)
    money = pairs.kind == KINDS.index("difference")
    should = np.where(
        money, above - below, above / np.where(below == 0, 1, below) - (pairs.kind == KINDS.index("growth"))
    )
    near = np.abs(numbers * pairs.scale - should) < np.where(money, NEAR_MONEY, NEAR)
    agrees = np.where(
        np.isnan(numbers), blank & ~defined, defined & near & (np.abs(should) < np.where(money, 1e15, SURE))
    )
    return compress(shown, ~agrees | (pairs.kind == _UNKNOWN[2]))


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Of each cell the two amounts that it sets against each other, and whether they make it anything but blank."""

    above: Fens
    below: Fens
    kind: NDArray[np.int64]
    scale: NDArray[np.int64]
    defined: NDArray[np.bool_]


def _pairs(book: Book, cells: Collection[Key]) -> _Pairs:
    known, table = _compared(book.shape)
    numbers = np.fromiter(map(known.get, cells, repeat(-1)), dtype=np.intp, count=len(cells))
    first, second, kind, scale = table.take(numbers, axis=1)
    above, below = book.fen[first], book.fen[second]
    money, growth = kind == KINDS.index("difference"), kind == KINDS.index("growth")
    defined = book.given[first] & book.given[second] & (money | (below > 0) | (~growth & (below != 0)))
    return _Pairs(above, below, kind, scale, defined)


@by_shape
def _compared(shape: Shape) -> tuple[Mapping[Key, int], NDArray[np.int64]]:
    """The cells that set one amount of their line against another, numbered; of each number the two places, which kind it is, and
    fen in one of its unit. The last number is for every other cell."""
    keys: list[Iterable[Key]] = []
    rows: list[NDArray[np.int64]] = []
    for form in shape.catalogue.forms:
        money = [(row, line.code) for row, line in enumerate(form.lines) if line.kind in MONEY]
        codes, firsts = [code for _, code in money], np.array([row for row, _ in money]) * len(form.amounts)
        at = {column.id: shape.span(form).start + number for number, column in enumerate(form.amounts)}
        for column in form.columns if codes else ():
            if column.kind in KINDS and {column.of, column.base} <= at.keys():
                keys.append(zip(repeat(form.id), codes, repeat(column.id)))
                scale = FEN[form.unit] if column.kind == "difference" else 1
                same = np.broadcast_to([[KINDS.index(column.kind)], [scale]], (2, len(codes)))
                rows.append(np.concatenate([[firsts + at[column.of], firsts + at[column.base]], same]))
    unknown = np.array([_UNKNOWN], dtype=np.int64).T
    return dict(zip(chain.from_iterable(keys), count())), np.concatenate([*rows, unknown], axis=1)


def _is_blank(stated: object) -> bool:
    return stated == "" or (isinstance(stated, str) and stated.strip() in BLANK)


def _agrees(stated: object, exact: Fraction | None, scale: int, close: Fraction) -> bool:
    if isinstance(stated, str):
        return _is_blank(stated) and exact is None
    if isinstance(stated, bool) or not isinstance(stated, int | float):
        return False
    return exact is not None and abs(Fraction(stated) * scale - exact) <= close


def _read(stated: object, money: bool) -> str:
    if isinstance(stated, int | float) and not isinstance(stated, bool):
        return f"{stated:,.2f}" if money else f"{stated:.1%}"
    return str(stated)[:40]
