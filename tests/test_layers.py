"""Imports go down only, and siblings do not import each other."""

from __future__ import annotations

import ast
from pathlib import Path

import budgetbook

ROOT = Path(budgetbook.__file__).parent
LAYERS = [
    "cli",
    "demo",
    "jobs",
    "intake report",
    "workspace",
    "figures by_unit xlsx definitions docx_tables pdf fonts report_files",
    "template checks attachments narrative",
    "consolidate returns",
    "layout panel",
    "book",
    "shape",
    "page_fit",
    "model sheet printed rounding rounding_program",
    "relation amount",
]
DEPTH = {name: depth for depth, layer in enumerate(LAYERS) for name in layer.split()}
# a package's own modules, and pairs within one layer that a reader would expect
BESIDE = {
    ("by_unit", "definitions"),
    ("figures", "definitions"),
    ("pdf", "fonts"),
    ("rounding", "rounding_program"),
    ("report", "intake"),
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
    modules = {path.relative_to(ROOT).parts[0].removesuffix(".py") for path in ROOT.rglob("*.py")} - {"__init__"}
    assert set() == modules - DEPTH.keys()


def test_imports_go_down_only() -> None:
    upward = [
        (module, other)
        for path in ROOT.rglob("*.py")
        for module in [path.relative_to(ROOT).parts[0].removesuffix(".py")]
        for other in imported(path)
        if module != "__init__" and other != module and other in DEPTH
        if DEPTH[other] <= DEPTH[module] and (module, other) not in BESIDE
    ]
    assert [] == upward
