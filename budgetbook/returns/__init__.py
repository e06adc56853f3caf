"""From the cells of a returned workbook to a return: read by key, never by position; what cannot be placed is reported."""

from __future__ import annotations

from ..model import Catalogue
from ..shape import Shape
from ..sheet import Stamp
from .marks import Where
from .placing import Accounts, Placing, Return
from .receipt import Receipt
from .source import Facts, Glance, Grid, Source
from .values import Reading, understood

__all__ = [
    "Accounts",
    "Facts",
    "Glance",
    "Grid",
    "Reading",
    "Receipt",
    "Return",
    "Source",
    "Where",
    "identified",
    "read_return",
    "understood",
]


def identified(source: Source, catalogue: Catalogue) -> Stamp | str:
    """The stamp of a workbook that belongs to this year and tree, or the sentence that says why it does not."""
    if not source.stamps:
        return "不是本系统下发的报表（没有找到标识），没有读取。请在下发的文件中填报后返回"
    stamp = source.stamps[0]
    if any((each.unit, each.year) != (stamp.unit, stamp.year) for each in source.stamps):
        told = "、".join(sorted({f"{each.unit}/{each.year}" for each in source.stamps}))
        return f"里面有几个互相矛盾的单位标识（{told}），没有读取。请用下发的原文件重新填报"
    if stamp.year != catalogue.year:
        return f"是 {stamp.year} 年的报表，现在收的是 {catalogue.year} 年，没有读取。请用 {catalogue.year} 年下发的文件填报"
    if stamp.unit not in catalogue.tree:
        return f"的单位代码 {stamp.unit} 不在本市单位名单中，没有读取。请核对是否发错了文件，或在 budgetbook.toml 中补上这个单位"
    return stamp


def read_return(shape: Shape, source: Source, file: str, sha256: str) -> Return | str:
    """A return, or the sentence that says why the file is not one."""
    stamp = identified(source, shape.catalogue)
    if isinstance(stamp, str):
        return stamp
    return Placing(shape, shape.catalogue.tree[stamp.unit], source, file, sha256, stamp).place()
