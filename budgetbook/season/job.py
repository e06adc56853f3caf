"""What the season's commands do."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

from ..saving import save
from ..workspace import Workspace
from .collecting import settled
from .pages import Told
from .reminders import reminder
from .status import Status, status
from .status_report import as_data, as_workbook


def stands(space: Workspace, day: dt.date | None = None) -> tuple[Status, Told]:
    """How the season stands on a *day*, today if none is given; and how the ledger was read."""
    known, told = settled(space)
    return status(space.catalogue, space.city, known, space.due, day or dt.date.today()), told


def status_json(found: Status) -> str:
    """`budgetbook/status/1`."""
    return json.dumps(as_data(found), ensure_ascii=False, indent=1)


def status_workbook(space: Workspace, found: Status) -> bytes:
    """The status as a workbook."""
    from ..xlsx.write import write

    return write(as_workbook(space.catalogue, found, space.stamp(space.catalogue.tree.units[0])))


def write_reminders(found: Status, out: Path) -> Iterator[Path]:
    """A text file for each unit that has something to do."""
    out.mkdir(parents=True, exist_ok=True)
    for each in found.units:
        if text := reminder(found, each):
            path = out / f"催报_{each.unit.code}_{each.unit.name}.txt"
            save(path, text.encode("utf-8-sig"))
            yield path
