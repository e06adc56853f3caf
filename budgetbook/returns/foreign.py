"""Sheets that are no form of the unit: the guide, the stamp and the relations are ours, all else is reported."""

from __future__ import annotations

from ..layout import FEEDBACK, GUIDE_SHEET, JUDGED, PANEL, RECEIPT, STAMP_SHEET, a1
from .explanations import explained
from .record import Record
from .source import Grid


def foreign(record: Record, id: str, name: str, grid: Grid) -> None:
    """A sheet that is no form of this unit: the guide is ours, all else is reported."""
    if id in (JUDGED, RECEIPT):
        record.labels += grid.count()
        return
    if id in (PANEL, FEEDBACK) and _explanations(record, id, name, grid):
        return
    filled = sorted(grid.filled())
    if name == GUIDE_SHEET and not id:
        record.labels += sum(column == 0 for _, column in filled)
        record.strays("", name, grid, [spot for spot in filled if spot[1] > 0])
        return
    if name == STAMP_SHEET and not id:
        record.labels += (0, 0) in filled
        record.strays("", name, grid, [spot for spot in filled if spot != (0, 0)])
        return
    record.reported += len(filled)
    if not filled:
        return
    first = a1(*filled[0])
    hidden = "" if grid.visible else "（隐藏）"
    record.find(
        "K-08",
        "warning",
        f"工作表“{name}”{hidden}不是下发的表，有 {len(filled)} 个单元格有内容（从 {first} 起），没有采用。如有要报的数，请填入下发的表中。",
    )


def _explanations(record: Record, id: str, name: str, grid: Grid) -> bool:
    """What was written beside relations or findings; whether the sheet could be read."""
    found = explained(grid)
    if found is None:
        return False
    for key, words in found.said.items():
        record.ret.book.texts.setdefault((id, key, "explanation"), words)
    record.placed += found.spoken
    record.labels += len(grid.filled()) - found.spoken - len(found.strays)
    record.strays(id, name, grid, sorted(found.strays))
    return True
