"""读取回执: the last sheet of a feedback workbook: how each sheet was read, what had moved, what had to be recovered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from .. import layout as at
from ..returns import Receipt, Return
from ..sheet import Cell, Sheet, Style

SHEET = "读取回执"
HEADINGS = ("工作表", "对应的表", "有内容的单元格", "采用的数和文字", "表样文字", "没有采用（见问题反馈）")
WIDTHS = (2.0, 34.0, 34.0, 16.0, 16.0, 12.0, 24.0)
COUNTS, MOVES = 4, ("移动过的行和栏", "原来的位置", "现在的位置")


def receipt(ret: Return) -> Sheet:
    """The receipt of one return, to be looked at and not filled in."""
    cells = [
        Cell(at.TITLE, at.KEY, at.FORM_MARK + at.RECEIPT, Style("key")),
        Cell(at.TITLE, 1, SHEET, Style("title")),
        Cell(at.UNIT, 1, f"{PurePath(ret.file).name}　校验值 {ret.sha256[:16]}", Style("unit_left")),
        *_row(COUNTS - 1, HEADINGS, "heading"),
    ]
    for row, each in enumerate(ret.receipts, start=COUNTS):
        counts = (each.content, each.placed, each.labels, each.reported)
        cells += _row(row, (each.sheet, each.title, *map(str, counts)), "name")
    row = COUNTS + len(ret.receipts) + 1
    told = list(_told(ret.receipts))
    cells += _row(row, ("工作表", *MOVES), "heading") if told else []
    for number, words in enumerate(told, start=row + 1):
        cells += _row(number, words, "name")
    merged = ((at.TITLE, 1, at.TITLE, len(HEADINGS)),)
    return Sheet(SHEET, cells, WIDTHS, heads=COUNTS, heights={at.TITLE: 30.0}, merged=merged, hidden_columns=(at.KEY,))


def _told(receipts: Sequence[Receipt]) -> Iterator[tuple[str, ...]]:
    for each in receipts:
        yield from ((each.sheet, moved.what, moved.old, moved.new) for moved in each.moved)
        yield from ((each.sheet, words, "", "") for words in each.recovered)


def _row(row: int, words: Sequence[str], role: str) -> Iterator[Cell]:
    for column, text in enumerate(words, start=1):
        yield Cell(row, column, text, Style("heading" if role == "heading" else "name"))
