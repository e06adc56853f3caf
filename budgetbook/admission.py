"""The bytes of one file pass the door and become cells, or it is said why not: all that can be done without a workspace."""

from __future__ import annotations

from dataclasses import dataclass

from .door.remarks import Remark
from .door.verdicts import verdict
from .returns.source import Source
from .xlsx.contents import Contents
from .xlsx.read import Unreadable, read


@dataclass(frozen=True, slots=True)
class Admitted:
    """What stands in a file, or why nothing of it is read, and what the door has to say."""

    source: Source | None
    refusals: tuple[Remark, ...] = ()
    notices: tuple[Remark, ...] = ()


def admitted(content: bytes) -> Admitted:
    """Never raises for what a file contains."""
    told = verdict(content)
    if not told.admitted:
        return Admitted(None, told.refusals)
    try:
        return Admitted(read(content, Contents(told.parts, told.plain)), notices=told.notices)
    except Unreadable as error:
        says = f"不是能读取的 Excel 工作簿（{error}），没有读取。请另存为 .xlsx 后重发。"
        return Admitted(None, (Remark("unreadable", says),))
