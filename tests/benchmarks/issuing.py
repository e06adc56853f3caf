"""Blank workbooks for a drawn country, each run a process of its own: files of half a megabyte each, written over from run to run."""

from __future__ import annotations

import sys
from pathlib import Path

from budgetbook.workspace import open_workspace
from tests.country.tree import Size, write_tree

from .measure import Case, Group
from .site import Site

PROVINCE, COUNTRY = Size(1, 15, 12), Size(17, 15, 12)
# 180 and 3,060 counties, and a workbook more for each city, each province and the nation


def issuing(site: Site) -> Group:
    """A province by one process and by two, the country by two."""
    province, country = drawn(site, PROVINCE), drawn(site, COUNTRY)
    alone = f"{count(province):,}, one process"
    return Group(
        "Blank workbooks of a country, cold",
        alone,
        [
            Case(alone, command=issued(province, 1)),
            Case(f"{count(province):,}, two processes", command=issued(province, 2)),
            Case(f"{count(country):,}, two processes", command=issued(country, 2)),
        ],
    )


def drawn(site: Site, size: Size) -> Path:
    """The workspace of a country of that size, nothing issued."""
    folder = site.folder / f"country-{size.provinces}"
    if not folder.exists():
        write_tree(size, folder)
    return folder


def count(folder: Path) -> int:
    """Workbooks."""
    return len(open_workspace(folder).whole.leaves)


def issued(folder: Path, jobs: int) -> list[str]:
    """The command."""
    return [sys.executable, "-m", "budgetbook", "template", "-w", str(folder), "--jobs", str(jobs)]
