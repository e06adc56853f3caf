"""Imports go down only, and siblings do not import each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import budgetbook

ROOT = Path(budgetbook.__file__).parent
LAYERS = [  # a package stands as one where it lies in one layer, by its modules where it reaches from the middle to the rim
    "__main__",
    "cli api",
    "demo inquiry.inquiries exchange.exported",
    "inquiry.printed",
    "inquiry.tracing inquiry.comparing",
    "papers.job report.job waiving",
    "page.job report.books",
    "papers.books",
    "tiers.shown",
    "tiers.job",
    "tiers.cluster",
    "tiers.here",
    "tiers.closers",
    "tiers.waiting",
    "tiers.closing tiers.kept",
    "tiers.wanted",
    "jobs",
    "issuing",
    "last_year founding",
    "next_columns",
    "season.noting season.deciding season.job",
    "season.collecting",
    "season.joining season.choosing",
    "intake",
    "ahead origin",
    "reading rulebook_text inquiry.explanation_report inquiry.difference_report inquiry.reasons_report report.tied report.page",
    "page.status_page",
    "season.status_report season.basis",
    "page.findings_page season.reminders",
    "findings.shown",
    "workspace",
    "season.numbers",
    "season.ledger",
    "season.pages season.archive",
    "admission",
    "exchange.datapackage exchange.figures by_unit waivers findings.annex findings.feedback findings.receipt findings.workbook xlsx papers.definitions papers.docx_tables papers.pdf report.comments report.template",
    "exchange.figure_files papers.fonts report.files",
    "page.frame page.drawing",
    "definitions",
    "rule_reader edition_reader form_reader tree_reader flow_sheets",
    "inquiry.reasons inquiry.origins",
    "inquiry.explanation inquiry.difference template checks papers.attachments narrative",
    "consolidation returns",
    "cover prior",
    "panel papers.sums papers.charts",
    "layout papers.rows",
    "book rulebook papers.lines",
    "naming editions cases",
    "season.status",
    "season.history",
    "papers.made_of",
    "shape papers.measures season.facts",
    "papers.docx_markup papers.preflight papers.balance",
    "papers.page_fit papers.attachment papers.rounding",
    "catalogue",
    "unit",
    "form finding sheet papers.printed papers.rounding_program rounding_proof papers.typefaces papers.chart",
    "page.compact",
    "season.lying",
    "relation amount sums sparse door saving settings",
    "problems gather keeping",
]
DEPTH = {name: depth for depth, layer in enumerate(LAYERS) for name in layer.split()}
BESIDE = {  # pairs within one layer that a reader would expect
    ("inquiry.comparing", "inquiry.tracing"),
    ("inquiry.reasons_report", "inquiry.explanation_report"),
    ("report.page", "report.tied"),
}


def placed(dotted: str) -> str:
    """The name under which a module stands in LAYERS: its own, or its package's."""
    parts = dotted.split(".")
    return next((name for name in (".".join(parts[:2]), parts[0]) if name in DEPTH), dotted)


def modules() -> Iterator[tuple[str, Path]]:
    for path in ROOT.rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts != ("__init__",):
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imported(path: Path) -> set[str]:
    """The project's modules that one module imports, as dotted names below budgetbook."""
    found: set[str] = set()
    package = path.relative_to(ROOT).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom):
            continue
        base = package[: len(package) - node.level + 1] if node.level else ("budgetbook",)
        named = [*base, *(node.module or "").split(".")] if node.module else list(base)
        if not node.level:
            named = (node.module or "").split(".")[1:] if (node.module or "").startswith("budgetbook.") else []
            if not named:
                continue
        found |= {placed(".".join([*named, alias.name])) for alias in node.names}
    return found & DEPTH.keys()


def test_every_module_has_a_layer() -> None:
    packages = {name.split(".")[0] for name in DEPTH}
    assert [] == [name for name, _ in modules() if placed(name) not in DEPTH and name not in packages]


def test_every_layer_names_a_module() -> None:
    known = {name for name, _ in modules()} | {"__main__"}
    assert set() == DEPTH.keys() - known


def test_imports_go_down_only() -> None:
    upward = [
        (module, other)
        for name, path in modules()
        for module in [placed(name)]
        for other in imported(path)
        if module in DEPTH and module != "__main__" and other != module
        if DEPTH[other] <= DEPTH[module] and (module, other) not in BESIDE
    ]
    assert [] == upward
