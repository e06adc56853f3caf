"""From what a check read and found to its page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from ..checks import gathered as together
from ..intake import Intake
from ..model import Finding
from ..papers.books import gathered
from ..papers.charts import charts
from ..papers.definitions import FILE, read_papers
from ..saving import save
from ..workspace import Workspace, definition_file
from .findings_page import Checked, findings_page


def write_findings_page(space: Workspace, intake: Intake, findings: Sequence[Finding], path: Path) -> None:
    """The page of a check, with the charts of whatever is complete. Raises DefinitionError for a broken attachments.toml."""
    papers = read_papers(definition_file(space.folder, FILE), space.catalogue)
    source, _ = gathered(space, intake)
    made = f"{datetime.now():%Y年%-m月%-d日 %H:%M}"
    judged = together(space.shape, intake.returns).books
    drawn = charts(papers, source)
    path.parent.mkdir(parents=True, exist_ok=True)
    checked = Checked(space.city, space.shape, intake.files, findings, intake.returns, judged, drawn, made)
    save(path, findings_page(checked).encode())
