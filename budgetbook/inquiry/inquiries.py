"""What explain, diff and why answer: text for the terminal, JSON for programs, a workbook for the desk."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..jobs import Progress
from ..sheet import Workbook
from ..tiers.wanted import one_tier
from ..unit import Unit
from ..workspace import Workspace
from . import difference_report, explanation_report, reasons_report
from .comparing import diff, of_one_tier
from .printed import explain_printed, is_printed
from .tracing import explain, link_from, why


@dataclass(frozen=True, slots=True)
class Answer:
    """`workbook` takes the path it will be saved at, so that links can be relative to it. `amiss`: exit code 1."""

    text: Sequence[str]
    json: str
    workbook: Callable[[Path], bytes]
    amiss: bool = False


def explained(space: Workspace, book: Path, cell: str, returned: Sequence[Path], progress: Progress) -> Answer:
    """Where one cell of a book or of the papers, or a number of the report, comes from; amiss if the book is older than the returns. Raises Impossible."""
    if is_printed(book):
        one_tier(space, "explain 查附表和报告")
    traced = (explain_printed if is_printed(book) else explain)(space, book, cell, returned, progress)
    catalogue, stamp = space.catalogue, space.stamp(traced.explanation.unit)

    def workbook(path: Path) -> bytes:
        link = lambda cited: link_from(path.parent, cited)  # noqa: E731  # needs the folder
        return _written(explanation_report.as_workbook(catalogue, traced, stamp, link))

    text = list(explanation_report.as_text(catalogue, traced))
    return Answer(text, _json(explanation_report.as_data(catalogue, traced)), workbook, bool(traced.says))


def compared(space: Workspace, old: Path, new: Path, progress: Progress) -> Answer:
    """What changed between two versions; amiss if findings at error level arose. Raises Impossible."""
    space = of_one_tier(space, (old, new))
    found = diff(space, old, new, progress)
    catalogue, stamp = space.catalogue, space.stamp(space.catalogue.tree.units[0])
    amiss = any(finding.severity == "error" for each in found for finding in each.arisen)
    return Answer(
        list(difference_report.as_text(catalogue, found)),
        _json(difference_report.as_data(catalogue, found)),
        lambda _: _written(difference_report.as_workbook(catalogue, found, stamp)),
        amiss,
    )


def reasoned(space: Workspace, old: Path, new: Path, cell: str, unit: Unit | None, progress: Progress) -> Answer:
    """Why a figure changed, with the definitions of the unit's tier. Raises Impossible."""
    space = space.of(unit.code) if unit else space
    called, found = why(space, old, new, cell, unit, progress)
    catalogue, stamp = space.catalogue, space.stamp(found.unit)
    return Answer(
        list(reasons_report.as_text(catalogue, called, found)),
        _json(reasons_report.as_data(catalogue, called, found)),
        lambda _: _written(reasons_report.as_workbook(catalogue, called, found, stamp)),
    )


def _json(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1)


def _written(workbook: Workbook) -> bytes:
    from ..xlsx.write import write

    return write(workbook)
