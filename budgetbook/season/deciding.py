"""接收与退回: a version is frozen or released, a total with everything under it, and never without who and why."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import replace

from ..problems import Impossible
from ..unit import Unit
from ..workspace import Workspace
from .archive import find
from .collecting import settled
from .facts import Accepted, Chosen, Reopened, local, now
from .history import NOTHING, History, Version, choose
from .pages import record
from .status import status


def accept(space: Workspace, unit: Unit, by: str, why: str, number: int | None = None) -> str:
    """Freezes the version that counts, or the one of that *number*; of a node its book. Says so. Raises Impossible, OSError."""
    known, _ = settled(space)
    _not_locked(space, known, unit)
    history = known.get(unit.code, NOTHING)
    version = None if unit.level == "node" else _version(history, unit, number)
    if version:
        sha256, what = version.received.sha256, _told(version)
    else:
        sha256, what = _book(space, known, unit), "汇总表，所属单位一并锁定"
    held = history.accepted
    if held and held.sha256 == sha256:
        return f"{unit.name}的{what}已由{held.by}在 {local(held.at)} 接收过。"
    if held:
        raise Impossible(
            f"{unit.name}已接收另一版（{held.by}，{local(held.at)}）。要改，请先 reopen {unit.name} --why 理由"
        )
    if version:
        _sound(space, unit, version, why, "" if version == history.used else by)
    record(space.season, [Accepted(unit.code, now(), sha256, by, why)])
    return f"已接收{unit.name}的{what}，接收人{by}{f'，{why}' if why else ''}。"


def reopen(space: Workspace, unit: Unit, by: str, why: str) -> str:
    """Releases what was accepted. Says so. Raises Impossible, OSError."""
    known, _ = settled(space)
    _not_locked(space, known, unit)
    held = known.get(unit.code, NOTHING).accepted
    if not held:
        raise Impossible(f"{unit.name}没有接收过，不用退回")
    if not why.strip():
        raise Impossible("没有写退回的理由，请用 --why 写明")
    record(space.season, [Reopened(unit.code, now(), by, why)])
    says = f"已退回{unit.name}（{held.by} {local(held.at)} 接收的），退回人{by}，{why}。"
    free = replace(known[unit.code], accepted=None)
    if free.undecided:
        return f"{says}{_several(unit, free)}。"
    if free.used and free.used.received.sha256 != held.sha256:
        return f"{says}现在用第 {free.used.number} 版（{free.used.received.file}），请重新核对。"
    return says


def _not_locked(space: Workspace, known: Mapping[str, History], unit: Unit) -> None:
    above = unit
    while above.parent:
        above = space.catalogue.tree[above.parent]
        if held := known.get(above.code, NOTHING).accepted:
            raise Impossible(
                f"{unit.name}已随{above.name}锁定（{held.by}，{local(held.at)}）。"
                f"要改动，请先 reopen {above.name} --why 理由"
            )


def _version(history: History, unit: Unit, number: int | None) -> Version:
    if not history.versions:
        raise Impossible(f"还没有收到{unit.name}的报表。请放进 returned 文件夹，先运行 budgetbook check")
    if number is not None:
        found = [each for each in history.versions if each.number == number]
        if not found:
            raise Impossible(f"{unit.name}没有第 {number} 版，只收到过 {len(history.versions)} 版")
        return found[0]
    version = history.used
    if version is None:
        raise Impossible(f"{_several(unit, history)}，再核对")
    return version


def _several(unit: Unit, history: History) -> str:
    names = "、".join(map(str, history.rivals))
    return f"{unit.name}同时收到 {len(history.rivals)} 个内容不同的文件：{names}。{choose(unit.name, history.rivals)}"


def _told(version: Version) -> str:
    return f"第 {version.number} 版（{version.received.file}，{local(version.received.at)} 收到）"


def _sound(space: Workspace, unit: Unit, version: Version, why: str, chooser: str) -> None:
    """Raises Impossible unless the version was checked and nothing is open, or it is said why it may be. Since only what counts is
    checked, a version that does not is chosen first, by the *chooser*."""
    checked = version.checked
    if find(space.season, version.received.sha256) is None:
        raise Impossible(f"{unit.name}第 {version.number} 版不在存档里，请从备份恢复 {space.season} 后再接收")
    if checked is None or checked.digest != space.catalogue.digest:
        says = f"{unit.name}第 {version.number} 版还没有按现在的目录核对过，请先运行 budgetbook check"
        if chooser:
            record(space.season, [Chosen(unit.code, now(), version.received.sha256, chooser)])
            says = f"已选定{unit.name}的{_told(version)}，选定人{chooser}。这一版还没有核对过，请先运行 budgetbook check 再接收"
        raise Impossible(says)
    wrong, open_ = (sum(getattr(each, kind) for each in checked.tallies) for kind in ("wrong", "unexplained"))
    if (wrong or open_) and not why.strip():
        told = "，".join(f"{word} {count} 项" for word, count in (("强制", wrong), ("待说明的核实", open_)) if count)
        raise Impossible(
            f"{unit.name}第 {version.number} 版还有{told}：{checked.troubles[0].says}"
            "请改正、说明或豁免后再接收；确要这样接收，请用 --why 写明理由"
        )


def _book(space: Workspace, known: Mapping[str, History], node: Unit) -> str:
    made = known.get(node.code, NOTHING).consolidated
    total = next(each for each in status(space.catalogue, "", known, {}, _day()).totals if each.node == node)
    if made is None:
        raise Impossible(f"{node.name}还没有汇总，请先运行 budgetbook consolidate")
    if total.standing == "stale":
        names = "、".join(unit.name for unit in total.changed) or "目录"
        raise Impossible(f"{node.name}的汇总表已过时（{names}后来有变动），请重新运行 budgetbook consolidate 再接收")
    if total.unaccepted:
        names = "、".join(unit.name for unit in total.unaccepted)
        raise Impossible(f"{node.name}下还有没接收的单位：{names}。请先逐个接收")
    path = space.folder / made.file
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != made.sha256:
        raise Impossible(f"{path} 不在了，或汇总之后被改动过。请重新运行 budgetbook consolidate 再接收")
    return made.sha256


def _day() -> dt.date:
    return dt.date.today()
