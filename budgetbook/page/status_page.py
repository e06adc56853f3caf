"""How the season stands as one page: unit × form by state, who is late, what each total waits for, and what to write to whom."""

from __future__ import annotations

from typing import Any

from ..catalogue import Catalogue
from ..season.facts import local
from ..season.reminders import reminder
from ..season.status import STANDINGS, STATES, FormState, State, Status, TotalState, UnitState
from ..season.status_report import notes, total_words
from .compact import plain
from .frame import page

LOOKS: dict[State, str] = {
    "unissued": "x",
    "issued": "m",
    "missing": "e",
    "received": "n",
    "wrong": "e",
    "unexplained": "w",
    "explained": "t",
    "accepted": "t",
    "locked": "t",
}
MARKS: dict[State, str] = {
    "unissued": "",
    "issued": "…",
    "missing": "缺",
    "received": "收",
    "wrong": "✕",
    "unexplained": "!",
    "explained": "○",
    "accepted": "✓",
    "locked": "锁",
}
SOUND = ("current", "accepted")  # totals that can be used


def status_page(catalogue: Catalogue, status: Status, made: str) -> str:
    """The page as HTML; everything that people or files have said is escaped."""
    return page(
        "status.html",
        "status.js",
        _told(catalogue, status),
        title=f"{status.city}{status.year}年预算报表进度",
        made=made,
        counts=[(STATES[state], LOOKS[state], count) for state, count in status.counts().items() if count],
        late=sum(bool(each.late) for each in status.units),
    )


def _told(catalogue: Catalogue, status: Status) -> dict[str, Any]:
    return {
        "states": [[STATES[state], LOOKS[state], MARKS[state]] for state in STATES],
        "forms": [[form.sheet, form.title] for form in catalogue.forms],
        "units": [_unit(catalogue, status, each) for each in status.units],
        "totals": [_total(each) for each in status.totals],
    }


def _unit(catalogue: Catalogue, status: Status, each: UnitState) -> list[Any]:
    forms = {form.form: form for form in each.forms}
    version = each.version
    return [
        plain(each.unit.name),
        [list(STATES).index(each.state), each.count],
        [version.number, local(version.received.at)] if version else [],
        each.due.isoformat() if each.due else "",
        each.late,
        plain("；".join(notes(each))),
        [_form(forms.get(form.id)) for form in catalogue.forms],
        [plain(each.unit.contact), plain(each.unit.phone)],
        [plain(line) for line in reminder(status, each).splitlines()],
    ]


def _form(state: FormState | None) -> list[int] | int:
    return 0 if state is None else [list(STATES).index(state.state), state.count]


def _total(total: TotalState) -> list[Any]:
    _, *rest = total_words(total)
    made = f"（{local(total.at)} 汇总）" if total.at else ""
    return [plain(total.node.name), STANDINGS[total.standing] + made, total.standing in SOUND, plain("；".join(rest))]
