"""From what a check found, and from how the season stands, to their pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from ..checks import gathered as together
from ..finding import Finding
from ..intake import Intake
from ..papers.books import gathered
from ..papers.charts import charts
from ..papers.definitions import FILE, read_papers
from ..saving import save
from ..season.status import Status
from ..settings import definition_file
from ..shape import Shape
from ..tiers.job import Country
from ..workspace import Workspace
from .findings_page import Checked, findings_page
from .status_page import status_page


def write_findings_page(space: Workspace, intake: Intake, findings: Sequence[Finding], path: Path) -> None:
    """The page of a check, with the charts of whatever is complete. Raises DefinitionError for a broken attachments.toml."""
    papers = read_papers(definition_file(space.folder, FILE), space.catalogue)
    source, _ = gathered(space, intake)
    judged = together(space.shape, intake.returns).books
    added = [unit.code for unit in space.catalogue.tree.nodes if unit.code in judged]
    drawn = charts(papers, source)
    path.parent.mkdir(parents=True, exist_ok=True)
    checked = Checked(space.city, space.shape, intake.files, findings, intake.returns, judged, drawn, added, _now())
    save(path, findings_page(checked).encode())


def write_country_page(country: Country, path: Path) -> None:
    """The page of a check of several tiers, without the figures of its books; its findings have to fit into memory."""
    files, findings = list(country.kept.files()), list(country.kept.findings())
    catalogue, missing = country.catalogue(), set(country.missing)
    added = [
        node.code
        for node in catalogue.tree.nodes
        if missing.isdisjoint(leaf.code for leaf in catalogue.tree.under(node.code))
    ]
    checked = Checked(country.space.city, Shape(catalogue), files, findings, {}, {}, (), added, _now())
    path.parent.mkdir(parents=True, exist_ok=True)
    save(path, findings_page(checked).encode())


def write_status_page(space: Workspace, status: Status, path: Path) -> None:
    """The page of the season as it stands."""
    path.parent.mkdir(parents=True, exist_ok=True)
    save(path, status_page(space.catalogue, status, _now()).encode())


def _now() -> str:
    now = datetime.now()
    return f"{now.year}年{now.month}月{now.day}日 {now:%H:%M}"
