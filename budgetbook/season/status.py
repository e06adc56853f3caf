"""How the season stands on one day: every unit and form, every total, from what happened and from the deadlines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ..catalogue import Catalogue
from ..unit import Unit
from .facts import Tally
from .history import NOTHING, History, Version

State = Literal["unissued", "issued", "missing", "received", "wrong", "unexplained", "explained", "accepted", "locked"]
STATES: Mapping[State, str] = {
    "unissued": "未发",
    "issued": "已发",
    "missing": "未报",
    "received": "已收",
    "wrong": "有误",
    "unexplained": "待说明",
    "explained": "已说明",
    "accepted": "已接收",
    "locked": "已锁定",
}
Standing = Literal["none", "current", "stale", "accepted"]
STANDINGS: Mapping[Standing, str] = {
    "none": "未汇总",
    "current": "有效",
    "stale": "已过时",
    "accepted": "已接收",
}


@dataclass(frozen=True, slots=True)
class FormState:
    """One form of one unit; `count` is how many findings make it wrong or unexplained."""

    form: str
    state: State
    count: int = 0


@dataclass(frozen=True, slots=True)
class UnitState:
    """One unit that sends returns. `late`: days after the deadline, until it came or until today."""

    unit: Unit
    state: State
    count: int
    forms: tuple[FormState, ...]
    version: Version | None = None
    checked: bool = False  # by the catalogue as it is now
    waiting: tuple[Version, ...] = ()  # came after the version that counts
    rivals: tuple[Version, ...] = ()  # nobody has chosen yet
    due: dt.date | None = None
    late: int = 0
    by: str = ""  # who accepted it
    why: str = ""

    def __str__(self) -> str:
        return f"{STATES[self.state]} {self.count}" if self.count else STATES[self.state]


@dataclass(frozen=True, slots=True)
class TotalState:
    """One consolidated book: what it waits for, and which units have sent something else since it was made."""

    node: Unit
    standing: Standing
    at: str = ""
    file: str = ""
    missing: tuple[Unit, ...] = ()
    unaccepted: tuple[Unit, ...] = ()  # it can be made, but of versions that nobody has accepted
    changed: tuple[Unit, ...] = ()
    edited: bool = False  # the catalogue is another one since


@dataclass(frozen=True, slots=True)
class Status:
    """The whole season on one day."""

    year: int
    city: str
    day: dt.date
    units: tuple[UnitState, ...]
    totals: tuple[TotalState, ...]

    def counts(self) -> dict[State, int]:
        """Units by state; every state is named."""
        return {state: sum(each.state == state for each in self.units) for state in STATES}


def status(
    catalogue: Catalogue,
    city: str,
    histories: Mapping[str, History],
    due: Mapping[str, dt.date],
    day: dt.date,
) -> Status:
    """Units and totals in the order of the tree; *due*: unit → its deadline."""
    locked = {
        leaf.code
        for node in catalogue.tree.nodes
        if histories.get(node.code, NOTHING).accepted
        for leaf in catalogue.tree.under(node.code)
    }
    units = tuple(
        _unit(catalogue, unit, histories.get(unit.code, NOTHING), due.get(unit.code), day, unit.code in locked)
        for unit in catalogue.tree.leaves
        if not unit.adjustment or unit.code in histories
    )
    nodes = reversed(catalogue.tree.nodes)
    return Status(catalogue.year, city, day, units, tuple(_total(catalogue, node, histories) for node in nodes))


def arrived(version: Version) -> dt.date:
    """The day on which a version came."""
    return dt.datetime.fromisoformat(version.received.at).astimezone().date()


def _unit(
    catalogue: Catalogue, unit: Unit, history: History, due: dt.date | None, day: dt.date, locked: bool
) -> UnitState:
    version = history.used
    checked = bool(version and version.checked and version.checked.digest == catalogue.digest)
    came = min(map(arrived, history.versions), default=day)
    late = max(0, (came - due).days) if due else 0
    tallies = {each.form: each for each in version.checked.tallies} if version and version.checked and checked else {}
    whole = _whole(history, late, locked)
    forms = tuple(_form(form.id, whole, version, tallies.get(form.id)) for form in catalogue.at(unit.level))
    state, count = (whole, 0) if whole != "received" else _worst(tallies)
    accepted = history.accepted
    return UnitState(
        unit,
        state,
        count,
        forms,
        version,
        checked,
        history.waiting,
        history.undecided,
        due,
        late,
        accepted.by if accepted else "",
        accepted.why if accepted else "",
    )


def _whole(history: History, late: int, locked: bool) -> State:
    """Where a unit stands apart from what is wrong with its return."""
    if history.versions:
        return "locked" if locked else "accepted" if history.accepted else "received"
    if history.issued is None:
        return "unissued"
    return "missing" if late else "issued"


def _form(form: str, whole: State, version: Version | None, tally: Tally | None) -> FormState:
    if version and version.checked and form in version.checked.absent:
        return FormState(form, "missing")
    return FormState(form, *(_judged(tally) if whole == "received" and tally else (whole, 0)))


def _judged(tally: Tally) -> tuple[State, int]:
    if tally.wrong:
        return "wrong", tally.wrong
    if tally.unexplained:
        return "unexplained", tally.unexplained
    return ("explained" if tally.explained or tally.waived else "received"), 0


def _worst(tallies: Mapping[str, Tally]) -> tuple[State, int]:
    """All forms, and what stands on none, together."""
    each = list(zip(*(tally[1:] for tally in tallies.values()), strict=True)) or [(), (), (), ()]
    return _judged(Tally("", *map(sum, each)))


def _total(catalogue: Catalogue, node: Unit, histories: Mapping[str, History]) -> TotalState:
    own = histories.get(node.code, NOTHING)
    made = own.consolidated
    leaves = [leaf for leaf in catalogue.tree.under(node.code) if not leaf.adjustment or leaf.code in histories]
    versions = {leaf.code: histories.get(leaf.code, NOTHING).used for leaf in leaves}
    missing = tuple(leaf for leaf in leaves if versions[leaf.code] is None)
    unaccepted = tuple(
        leaf for leaf in leaves if versions[leaf.code] and not histories.get(leaf.code, NOTHING).accepted
    )
    if made is None:
        return TotalState(node, "none", missing=missing, unaccepted=unaccepted)
    changed = tuple(_changed(leaves, versions, dict(made.inputs)))
    edited = made.digest != catalogue.digest
    standing: Standing = "stale" if changed or edited else "accepted" if own.accepted else "current"
    return TotalState(node, standing, made.at, made.file, missing, unaccepted, changed, edited)


def _changed(leaves: list[Unit], versions: Mapping[str, Version | None], inputs: Mapping[str, str]) -> Iterator[Unit]:
    """The units whose version is no longer the one that went into a total."""
    for leaf in leaves:
        version = versions[leaf.code]
        if inputs.get(leaf.code, "") != (version.received.sha256 if version else ""):
            yield leaf
