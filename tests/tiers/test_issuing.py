"""The workbooks of several tiers, issued at once."""

from pathlib import Path

import pytest

from budgetbook import issuing
from budgetbook.issuing import issue
from budgetbook.unit import Unit
from budgetbook.workspace import Workspace, open_workspace
from tests.country.tree import Size, write_tree


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """Two cities of three counties each."""
    write_tree(Size(1, 2, 3), tmp_path)
    return open_workspace(tmp_path)


def counties(space: Workspace) -> list[Unit]:
    return [unit for unit in space.whole.leaves if unit.level == "county"]


def packages(paths: list[Path]) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in paths}


def test_side_by_side_workbooks_of_several_tiers_are_those_of_one_process(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = packages(list(issue(space, counties(space), space.folder / "alone", jobs=1)))
    monkeypatch.setattr(issuing, "MANY", 1)
    monkeypatch.setattr(issuing, "BATCH", 2)
    beside = packages(list(issue(space, counties(space), space.folder / "beside", jobs=2)))
    assert 6 == len(set(alone.values()))
    assert alone == beside


def test_workbooks_carry_the_number_of_their_own_tier(space: Workspace) -> None:
    first, *_, last = counties(space)
    space.number({space.whole.tier_of(unit.code): [unit.code] for unit in (first, last)})
    stamps = [space.of(unit.code).stamp(unit) for unit in (first, last)]
    assert 2 == len({stamp.digest for stamp in stamps})
    assert [True, True] == [bool(stamp.number) for stamp in stamps]


def test_the_numbers_of_all_tiers_stand_on_one_page(space: Workspace) -> None:
    tiers = {tier.code: [unit.code for unit in space.whole.within(tier.code)] for tier in space.whole.tiers}
    space.number(tiers)
    assert 1 == len(list((space.season / "facts").iterdir()))
