"""Whose return a workbook is: by the stamps in it, and by what its sheets say of themselves when all stamps are lost."""

from __future__ import annotations

from itertools import islice

from ..catalogue import Catalogue
from ..sheet import Stamp
from ..unit import Unit
from .labels import units_named
from .marks import SEARCHED, grid_form
from .source import Source


def identified(source: Source, catalogue: Catalogue) -> Stamp | str:
    """The stamp of a workbook that belongs to this year and tree, or the sentence that says why it does not.

    Of a workbook without any stamp whose sheets name one unit it is a stamp of our making, with no serial.
    """
    if not source.stamps:
        return (
            _by_its_sheets(source, catalogue)
            or "不是本系统下发的报表（没有找到标识），没有读取。请在下发的文件中填报后返回"
        )
    stamp = source.stamps[0]
    if any((each.unit, each.year) != (stamp.unit, stamp.year) for each in source.stamps):
        told = "、".join(sorted({f"{each.unit}/{each.year}" for each in source.stamps}))
        return f"里面有几个互相矛盾的单位标识（{told}），没有读取。请用下发的原文件重新填报"
    if stamp.year != catalogue.year:
        return f"是 {stamp.year} 年的报表，现在收的是 {catalogue.year} 年，没有读取。请用 {catalogue.year} 年下发的文件填报"
    if stamp.unit not in catalogue.tree:
        return f"的单位代码 {stamp.unit} 不在本市单位名单中，没有读取。请核对是否发错了文件，或在 budgetbook.toml 中补上这个单位"
    return stamp


def _by_its_sheets(source: Source, catalogue: Catalogue) -> Stamp | None:
    """Every sheet with a form mark has to name the same unit of the tree."""
    known = {form.id for form in catalogue.forms}
    marked = [grid for grid in source.grids.values() if grid_form(grid) in known]
    named = {name for grid in marked for name in islice(units_named(grid, SEARCHED), 1)}
    found: list[Unit] = [unit for unit in catalogue.tree if {unit.name} == named]
    if len(found) != 1:
        return None
    return Stamp(found[0].code, catalogue.year, found[0].level, catalogue.digest, "")
