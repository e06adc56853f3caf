"""R-SUM-01: every total is the sum of its parts, in every amount column. 财政总决算: 类=Σ款，款=Σ项."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..finding import Finding
from ..returns import Return
from ..shape import Shape
from .ratios import missing_ratios
from .unread import unread, without_cell
from .wording import at_cell, total_says


def totals(shape: Shape, ret: Return) -> Iterator[Finding]:
    """The stated value of each total against its stated parts; a total left without value is taken from its parts."""
    level = shape.level(ret.unit.level)
    book = ret.book
    parts, present = level.sums.of(book.fen), level.sums.given(book.given)
    stated, given = book.fen[level.totals], book.given[level.totals]
    lost = unread(shape, {ret.unit.code: ret}).get(ret.unit.code)
    wrong = level.wrong(book.fen, book.given)
    if lost is not None:
        wrong &= ~level.sums.given(lost)
        present &= ~lost[level.totals]
    if (missing := without_cell(shape, ret)) is not None:
        present &= ~missing[level.totals]
    for row in np.flatnonzero(wrong):
        place, value, sum_ = int(level.totals[row]), int(stated[row]), int(parts[row])
        yield at_cell(
            shape,
            ret,
            ret.unit.code,
            place,
            "R-SUM-01",
            "error",
            total_says(shape, ret, place, value, sum_),
            value,
            sum_,
        )
    empty = int((present & ~given).sum())
    blank = missing_ratios(shape, ret)
    if empty or blank:
        told = [f"{empty} 个合计单元格"] * bool(empty) + [f"{blank} 个比率和增减额单元格"] * bool(blank)
        yield Finding(
            "K-04",
            "note",
            f"有 {'、'.join(told)}没有计算结果，已按{'所属明细' if empty else '表内金额'}重新计算；请在 Excel 或 WPS 中打开重新计算后保存。",
            ret.unit.code,
            ret.file,
        )


def settle(shape: Shape, ret: Return) -> None:
    """Totals that came without a value take the sum of their parts, so that nothing built on them sees a blank; not of parts
    that were not read."""
    computed = ret.book.computed()
    level = shape.level(ret.unit.level)
    empty = level.computed & computed.given & ~ret.book.given
    if (lost := unread(shape, {ret.unit.code: ret}).get(ret.unit.code)) is not None:
        empty &= ~lost
    ret.book.fen[empty] = computed.fen[empty]
    ret.book.given |= empty
