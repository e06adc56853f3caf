"""Where a file comes from, and what is doubtful about it: its kind, its number, its edition, and whose it says it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .door.candidates import Candidate
from .door.kinds import Kind, mismatch
from .door.remarks import Remark
from .layout import JUDGED_SHEET, STAMP_SHEET
from .returns import Return
from .sheet import Stamp
from .unit import Unit
from .workspace import Workspace

OLD = {
    Kind.XLS: "旧格式（.xls）",
    Kind.ET: "WPS 格式（.et）",
    Kind.ODS: "OpenDocument 格式（.ods）",
    Kind.STRICT: "Strict 格式（.xlsx）",
}


def doubts(space: Workspace, name: str, ret: Return) -> Iterator[tuple[str, str]]:
    """F-03, F-04: a file that was never issued from here, an older template, a name that speaks of another unit."""
    if says := _origin(space, ret.unit, ret.stamp):
        yield "F-03", f"{name} {says}"
    others = [unit.name for unit in space.catalogue.tree.leaves if unit.name in name and unit.code != ret.unit.code]
    if others and ret.unit.name not in name:
        yield (
            "F-04",
            f"{name} 的文件名是{'、'.join(others)}，里面却是{ret.unit.name}的报表。请核对是否填错或发错了文件。",
        )


def _origin(space: Workspace, unit: Unit, stamp: Stamp) -> str:
    """What is doubtful about where a workbook comes from; empty if it is the one that was issued last, or consolidated elsewhere."""
    from .season.facts import local

    if unit.level == "node" and not space.catalogue.tree.consolidates(unit):
        return ""
    if not stamp.serial:
        return f"的三处标识都已丢失，只能按各表写的填报单位认作{unit.name}的报表。请向{unit.name}核实来源，最好在下发的文件中重新填报。"
    latest, known = space.numbers.latest(unit.code), space.numbers.known(unit.code, stamp.number)
    another = stamp.digest != space.catalogue.digest
    if not another and not space.made_here(stamp):
        return f"的编号不是本工作区下发{unit.name}报表的编号，可能来自别处的副本。请向{unit.name}核实来源。"
    if latest and known and known != latest:
        return f"填在 {local(known.at)} 下发的旧表里，{local(latest.at)} 已重新下发。请核对数是否按新表填报，需要时退回重填。"
    if another:
        return "是按另一版目录下发的模板，科目或表式可能与现在不同。请核对单位名单和目录是否改过，需要时重新下发。"
    if latest and not known:
        told = f"的编号 {stamp.number} 不在下发记录里" if stamp.number else "没有下发编号"
        return f"{told}，不是填在下发给{unit.name}的报表里。请向{unit.name}核实来源。"
    return ""


def remarks(candidate: Candidate, notices: Iterable[Remark]) -> Iterator[str]:
    """What the door has to say of a file that was read, but for what we hid in it ourselves."""
    ours = (STAMP_SHEET, JUDGED_SHEET)  # hidden by us
    yield from (notice.says for notice in notices if not any(name in notice.says for name in ours))
    if candidate.kind in OLD:
        yield f"文件是{OLD[candidate.kind]}，这次已经读取；公式是否改动无法核对，下次请另存为 .xlsx 再报。"
    elif odd := mismatch(candidate.kind, candidate.path):
        yield odd
