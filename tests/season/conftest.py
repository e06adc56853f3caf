"""A small city whose four returns are in and consolidated, made once; a test that changes it takes a copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from budgetbook.workspace import Workspace, open_workspace
from tests.conftest import TREE
from tests.season.city import SMALL, copied, put, run


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("small")
    units = "\n".join("[[unit]]\n" + "\n".join(f'{key} = "{value}"' for key, value in unit.items()) for unit in TREE)
    settings = f'city = "某市"\ncatalogue = "2026"\nseal = "test"\n{units}\n'
    (folder / "budgetbook.toml").write_text(settings, encoding="utf-8")
    for name in ("issued", "out"):
        (folder / name).mkdir()
    space = open_workspace(folder)
    put(space, space.returned, SMALL)
    result = run("consolidate", "-w", folder)
    assert "已汇总 3 本" in result.stdout, result.output
    return space


@pytest.fixture
def own(filled: Workspace, tmp_path: Path) -> Workspace:
    return copied(filled, tmp_path / "own")


@pytest.fixture(scope="session")
def whole(filled: Workspace) -> Path:
    """The consolidated book of 全市."""
    return filled.out / "某市2026年预算报表_ALL_全市.xlsx"
