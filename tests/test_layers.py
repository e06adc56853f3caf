"""Imports go down only, and siblings do not import each other."""

from __future__ import annotations

import ast
from pathlib import Path

import budgetbook

ROOT = Path(budgetbook.__file__).parent
LAYERS = [
    "__main__",
    "cli chinese_click api",
    "demo inquiries exchange",
    "tracing comparing",
    "attach_job report_job",
    "attach_books",
    "jobs",
    "intake report rulebook_text explanation_report difference_report reasons_report report_tied report_page",
    "workspace",
    "datapackage figure_files figures by_unit feedback findings_book xlsx definitions attachment_definitions rule_reader docx_tables pdf fonts report_files report_comments report_template",
    "reasons",
    "explanation difference template checks attachments narrative",
    "consolidation returns",
    "cover",
    "panel attachment_sums attachment_charts",
    "layout attachment_rows",
    "book rulebook attachment_lines",
    "naming",
    "shape attachment_measures",
    "docx_markup print_preflight print_balance",
    "page_fit attachment",
    "model sheet printed rounding rounding_program rounding_proof typefaces chart",
    "relation amount sums",
]
DEPTH = {name: depth for depth, layer in enumerate(LAYERS) for name in layer.split()}
# a package's own modules, and pairs within one layer that a reader would expect
BESIDE = {
    ("by_unit", "definitions"),
    ("figures", "definitions"),
    ("figures", "figure_files"),
    ("figure_files", "definitions"),
    ("comparing", "tracing"),
    ("reasons_report", "explanation_report"),
    ("definitions", "rule_reader"),
    ("report_comments", "report_files"),
    ("report_tied", "report"),
    ("report_page", "report_tied"),
    ("attachment_definitions", "definitions"),
    ("pdf", "fonts"),
    ("rounding", "rounding_program"),
    ("report", "intake"),
    ("cli", "chinese_click"),
}


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    depth = len(path.relative_to(ROOT).parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == depth:
            names = [node.module] if node.module else [alias.name for alias in node.names]
            found |= {name.split(".")[0] for name in names if name}
        if isinstance(node, ast.ImportFrom) and node.level == 0 and (node.module or "").startswith("budgetbook."):
            found.add((node.module or "").split(".")[1])
    return found


def test_every_module_has_a_layer() -> None:
    modules = {path.relative_to(ROOT).parts[0].removesuffix(".py") for path in ROOT.rglob("*.py")} - {
        "__init__",
        "__main__",
    }
    assert set() == modules - DEPTH.keys()


def test_imports_go_down_only() -> None:
    upward = [
        (module, other)
        for path in ROOT.rglob("*.py")
        for module in [path.relative_to(ROOT).parts[0].removesuffix(".py")]
        for other in imported(path)
        if module not in ("__init__", "__main__") and other != module and other in DEPTH
        if DEPTH[other] <= DEPTH[module] and (module, other) not in BESIDE
    ]
    assert [] == upward
