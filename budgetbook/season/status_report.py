"""The status as people and programs read it: a table for the terminal, JSON, a workbook with a matrix unit × form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..catalogue import Catalogue
from ..naming import clean
from ..sheet import Cell, Role, Sheet, Stamp, Style, Workbook
from .facts import local
from .history import choose
from .reminders import reminder
from .status import STANDINGS, STATES, FormState, State, Status, TotalState, UnitState

HEADINGS = ("单位", "状态", "版本", "收到时间", "截止日期", "逾期", "说明")
ALERTS: frozenset[State] = frozenset({"missing", "wrong"})
FIRST = 3


def as_text(status: Status) -> Iterator[str]:
    """Units, then totals, then what there is to do."""
    rows = [HEADINGS, *(_row(each) for each in status.units)]
    widths = [max(_width(row[at]) for row in rows) for at in range(len(HEADINGS) - 1)]
    for row in rows:
        padded = [word + " " * (width - _width(word)) for word, width in zip(row, widths, strict=False)]
        yield "  ".join([*padded, row[-1]]).rstrip()
    yield ""
    yield from (f"{total.node.name}：{'；'.join(total_words(total))}" for total in status.totals)
    counts = "，".join(f"{STATES[state]} {count}" for state, count in status.counts().items() if count)
    yield f"合计 {len(status.units)} 个单位：{counts}"


def _width(text: str) -> int:
    return sum(1 if ord(letter) < 256 else 2 for letter in text)


def _row(each: UnitState) -> tuple[str, ...]:
    version = each.version
    return (
        each.unit.name,
        str(each),
        f"第 {version.number} 版" if version else "",
        local(version.received.at) if version else "",
        each.due.isoformat() if each.due else "",
        f"{each.late} 天" if each.late else "",
        "；".join(notes(each)),
    )


def notes(each: UnitState) -> Iterator[str]:
    """What is to be known of a unit beside its state."""
    if each.version and not each.checked and each.state not in ("accepted", "locked"):
        yield "还没有按现在的目录核对"
    if each.by:
        yield clean(f"{each.by}接收" + (f"：{each.why}" if each.why else ""))
    if each.waiting:
        yield clean(f"另收到第 {each.waiting[-1].number} 版（{each.waiting[-1].received.file}），没有采用")
    if each.rivals:
        names = "、".join(map(str, each.rivals))
        yield clean(
            f"同时收到 {len(each.rivals)} 个不同的文件，等待选定：{names}。{choose(each.unit.name, each.rivals)}"
        )


def total_words(total: TotalState) -> Iterator[str]:
    """How a total stands, then what it waits for and what has changed."""
    made = f"（{local(total.at)} 汇总）" if total.at else ""
    yield f"{STANDINGS[total.standing]}{made}"
    for words, units in (("缺", total.missing), ("汇总后有变动", total.changed), ("还没接收", total.unaccepted)):
        if units:
            yield f"{words}：{'、'.join(unit.name for unit in units)}"
    if total.edited:
        yield "汇总后目录改过"


def as_data(status: Status) -> dict[str, Any]:
    """`budgetbook/status/1`."""
    return {
        "schema": "budgetbook/status/1",
        "year": status.year,
        "city": status.city,
        "day": status.day.isoformat(),
        "units": [_unit_data(each) for each in status.units],
        "totals": [_total_data(each) for each in status.totals],
        "summary": status.counts(),
    }


def _unit_data(each: UnitState) -> dict[str, Any]:
    version = each.version
    return {
        "unit": each.unit.code,
        "name": each.unit.name,
        "state": each.state,
        "count": each.count,
        "version": version.number if version else None,
        "received": version.received.at if version else None,
        "file": version.received.file if version else None,
        "sha256": version.received.sha256 if version else None,
        "checked": each.checked,
        "due": each.due.isoformat() if each.due else None,
        "late": each.late,
        "accepted_by": each.by or None,
        "why": each.why or None,
        "waiting": [version.received.file for version in each.waiting],
        "rivals": [version.received.file for version in each.rivals],
        "forms": [{"form": form.form, "state": form.state, "count": form.count} for form in each.forms],
    }


def _total_data(total: TotalState) -> dict[str, Any]:
    return {
        "unit": total.node.code,
        "name": total.node.name,
        "state": total.standing,
        "made": total.at or None,
        "file": total.file or None,
        "missing": [unit.code for unit in total.missing],
        "unaccepted": [unit.code for unit in total.unaccepted],
        "changed": [unit.code for unit in total.changed],
        "catalogue_edited": total.edited,
    }


def as_workbook(catalogue: Catalogue, status: Status, stamp: Stamp) -> Workbook:
    """进度, 表别, 汇总, 催报."""
    sheets = [_progress(status), _matrix(catalogue, status), _totals(status), _reminders(status)]
    return Workbook(sheets, stamp, f"{status.city}{status.year}年预算报表进度")


def _progress(status: Status) -> Sheet:
    title = f"{status.city}{status.year}年预算报表进度（{status.day}）"
    rows = [_row(each) for each in status.units]
    alerts = {at for at, each in enumerate(status.units) if each.state in ALERTS or each.late}
    return _table("进度", title, HEADINGS, rows, (16.0, 12.0, 10.0, 18.0, 14.0, 10.0, 70.0), alerts)


def _table(
    name: str,
    title: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    alerts: set[int] = frozenset(),  # type: ignore[assignment]  # read only
) -> Sheet:
    cells = [Cell(0, 0, title, Style("title"))]
    cells += [Cell(2, column, text, Style("heading")) for column, text in enumerate(headings)]
    for at, row in enumerate(rows):
        role: Role = "alert" if at in alerts else "name"
        cells += [
            Cell(FIRST + at, column, text, Style(role if column == 1 else "name")) for column, text in enumerate(row)
        ]
    last = FIRST + max(len(rows), 1) - 1
    filtered = (2, 0, last, len(headings) - 1)
    return Sheet(name, cells, widths, heads=FIRST, frozen=1, heights={0: 28.0}, filtered=filtered)


def _matrix(catalogue: Catalogue, status: Status) -> Sheet:
    """One row a unit, one column a form."""
    forms = catalogue.forms
    cells = [Cell(0, 0, f"各单位各表状态（{status.day}）", Style("title")), Cell(2, 0, "单位", Style("heading"))]
    cells += [Cell(2, at, form.sheet, Style("heading")) for at, form in enumerate(forms, start=1)]
    for row, each in enumerate(status.units, start=FIRST):
        states = {form.form: form for form in each.forms}
        cells.append(Cell(row, 0, each.unit.name, Style("name")))
        for at, form in enumerate(forms, start=1):
            state = states.get(form.id)
            role: Role = "closed" if state is None else "alert" if state.state in ALERTS else "name"
            cells.append(Cell(row, at, _word(state), Style(role)))
    return Sheet("表别", cells, [16.0, *[10.0] * len(forms)], heads=FIRST, frozen=1, heights={0: 28.0})


def _word(form: FormState | None) -> str:
    if form is None:
        return ""
    return f"{STATES[form.state]} {form.count}" if form.count else STATES[form.state]


def _totals(status: Status) -> Sheet:
    rows = [
        (total.node.name, next(total_words(total)), "；".join(list(total_words(total))[1:])) for total in status.totals
    ]
    alerts = {at for at, total in enumerate(status.totals) if total.standing in ("none", "stale")}
    return _table("汇总", "汇总表", ("汇总单位", "状态", "等待和变动"), rows, (18.0, 34.0, 90.0), alerts)


def _reminders(status: Status) -> Sheet:
    rows = [
        (each.unit.name, str(each), each.unit.contact, each.unit.phone, text)
        for each in status.units
        if (text := reminder(status, each))
    ]
    headings, widths = ("单位", "状态", "联系人", "电话", "催报文字"), (16.0, 12.0, 16.0, 16.0, 100.0)
    return _table("催报", "催报（可直接复制发送）", headings, rows, widths)
