"""Cities with ever other numbers of counties: what follows from one number is not kept for all others."""

from __future__ import annotations

import gc
from pathlib import Path
from weakref import ref

import pytest

from budgetbook import workspace
from budgetbook.book import Book
from budgetbook.checks import check_all
from budgetbook.workspace import Workspace, open_workspace
from tests.core.test_round_trip import returned

CITIES = {"0101": 1, "0102": 2, "0103": 3}


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """A nation of cities no two of which have as many counties."""
    lines = ['city = "全国"', 'catalogue = "2026"', unit("00", "全国", "node", "", "tier = true")]
    for city, counties in CITIES.items():
        lines += [unit(city, f"市{city}", "node", "00", "tier = true"), unit(f"{city}BJ", f"本级{city}", "city", city)]
        lines += [unit(f"{city}{each:02}", f"县{city}{each:02}", "county", city) for each in range(counties)]
    (tmp_path / "budgetbook.toml").write_text("\n".join(lines), encoding="utf-8")
    return open_workspace(tmp_path)


def unit(code: str, name: str, level: str, parent: str, more: str = "") -> str:
    belongs = f'parent = "{parent}"' if parent else ""
    return f'[[unit]]\ncode = "{code}"\nname = "{name}"\nlevel = "{level}"\n{belongs}\n{more}'


def worked_on(space: Workspace, city: str) -> None:
    """A workbook of the city's own level issued, read back and checked."""
    own = space.of(city)
    book = Book.empty(own.unit(f"{city}BJ"), own.shape)
    book.put("gp_revenue", "1010101", "actual", 5)
    sent = returned(own, book.computed())
    assert list(check_all(own.shape, {sent.unit.code: sent}))


def test_shapes_of_tiers_are_let_go(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "KEPT", 1)
    monkeypatch.setattr(workspace, "KINDS", 1)
    shapes = []
    for city in CITIES:
        worked_on(space, city)
        shapes.append(ref(space.of(city).shape))
    space.tiers.forget()
    gc.collect()
    assert [None] * len(CITIES) == [shape() for shape in shapes]
