"""催报: what to write to a unit that has something to do, ready to send."""

from __future__ import annotations

from .status import Status, UnitState

SHOWN = 5  # troubles told; the rest is counted


def reminder(status: Status, each: UnitState) -> str:
    """The text; empty if the unit has nothing to do."""
    asked = _asked(each)
    if not asked:
        return ""
    to = f"{each.unit.name}{f'（{each.unit.contact}）' if each.unit.contact else ''}："
    return f"{to}\n{asked}\n{status.city}财政局预算编审 {status.day.isoformat()}"


def _asked(each: UnitState) -> str:
    due = f"{each.due.month} 月 {each.due.day} 日" if each.due else ""
    if each.state == "missing":
        return f"预算报表应于 {due}前报送，已逾期 {each.late} 天，请今天报来。确有困难的，请回复预计报送时间。"
    if each.state == "issued":
        return f"预算报表已下发，请{f'于 {due}前' if due else '尽快'}填报并返回原文件（不要改文件结构）。"
    if each.rivals:
        names = "、".join(version.received.file for version in each.rivals)
        return f"同时收到 {len(each.rivals)} 个内容不同的文件：{names}。请回复以哪个为准。"
    return _mending(each) if each.state in ("wrong", "unexplained") else ""


def _mending(each: UnitState) -> str:
    version = each.version
    if version is None or version.checked is None:
        return ""
    wanted = "error" if each.state == "wrong" else "warning"
    says = [trouble.says for trouble in version.checked.troubles if trouble.severity == wanted]
    lines = [f"{number}. {text}" for number, text in enumerate(says[:SHOWN], start=1)]
    more = [f"另有 {len(says) - SHOWN} 项，见反馈表。"] if len(says) > SHOWN else []
    ask = "必须改正" if each.state == "wrong" else "请在情况说明中写明原因（或更正）"
    head = f"报来的第 {version.number} 版报表（{version.received.file}）有 {len(says)} 项{ask}："
    return "\n".join([head, *lines, *more, "请改好后重新报送整本报表。"])
