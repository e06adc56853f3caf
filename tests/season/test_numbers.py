"""Every issued workbook has a number of its own; one that was issued again, or elsewhere, is recognised."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from budgetbook.season.facts import Issued, now, on_page, page
from budgetbook.season.pages import page_names, told
from budgetbook.sheet import Stamp
from budgetbook.workspace import Workspace, open_workspace
from budgetbook.xlsx.read import read
from tests.season.city import run
from tests.season.tiny import sent, tiny_workspace


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    (tmp_path / "w").mkdir()
    return tiny_workspace(tmp_path / "w")


def template(space: Workspace, *more: object) -> dict[str, Stamp]:
    assert 0 == run("template", "-w", space.folder, *more).exit_code
    return {path.stem.split("_")[1]: read(path.read_bytes()).stamps[0] for path in space.issued.iterdir()}


def doubts(space: Workspace, name: str) -> list[str]:
    result = run("check", "-w", space.folder, "--json", "-")
    found = json.loads(result.stdout)["findings"]
    return [each["says"] for each in found if each["rule"] == "F-03" and name in each["file"]]


def back(space: Workspace, code: str) -> None:
    """A unit sends the workbook that was issued to it."""
    [issued] = space.issued.glob(f"*_{code}_*")
    (space.returned / f"{code}.xlsx").write_bytes(issued.read_bytes())


def test_every_unit_has_a_number_of_its_own_that_the_seal_holds(space: Workspace) -> None:
    stamps = template(space)
    assert 3 == len({stamp.number for stamp in stamps.values()})
    assert all(len(stamp.number) == 8 and space.made_here(stamp) for stamp in stamps.values())
    other = Stamp("C1", 2026, "county", stamps["C1"].digest, stamps["C2"].serial)
    assert not space.made_here(other)


def test_made_again_by_the_same_catalogue_it_is_the_same_workbook(space: Workspace) -> None:
    template(space)
    before = {path.name: path.read_bytes() for path in space.issued.iterdir()}
    template(space)
    assert before == {path.name: path.read_bytes() for path in space.issued.iterdir()}
    assert 1 == len(page_names(space.season))


def test_a_workbook_that_was_issued_again_since_is_named(space: Workspace) -> None:
    template(space)
    back(space, "C1")
    assert [] == doubts(space, "C1.xlsx")
    template(space, "--renew", "--unit", "第1县")
    back(space, "C2")
    [says] = doubts(space, "C1.xlsx")
    assert "C1.xlsx 填在" in says and "下发的旧表里" in says and "已重新下发" in says
    assert [] == doubts(space, "C2.xlsx")


def test_a_workbook_from_a_copy_of_the_workspace_is_named(space: Workspace, tmp_path: Path) -> None:
    """The same seal, but a number that was drawn elsewhere."""
    shutil.copytree(space.folder, tmp_path / "b")
    twin = open_workspace(tmp_path / "b")
    template(space)
    stamp = template(twin)["C1"]
    [made] = twin.issued.glob("*_C1_*")
    (space.returned / "C1.xlsx").write_bytes(made.read_bytes())
    assert [
        f"C1.xlsx 的编号 {stamp.number} 不在下发记录里，不是填在下发给第1县的报表里。请向第1县核实来源。"
    ] == doubts(space, "C1.xlsx")


def test_a_workbook_without_a_number_is_named_once_numbers_were_given(space: Workspace) -> None:
    sent(space, ["C1"])
    assert [] == doubts(space, "C1.xlsx")
    template(space)
    assert ["C1.xlsx 没有下发编号，不是填在下发给第1县的报表里。请向第1县核实来源。"] == doubts(space, "C1.xlsx")


def test_a_page_of_facts_gives_itself_away_when_edited(tmp_path: Path) -> None:
    name, text = page([Issued("C1", now(), "12345678", "d")])
    assert ["C1"] == [fact.unit for fact in on_page(name, text)]
    with pytest.raises(ValueError, match=name):
        list(on_page(name, text.replace("12345678", "12345679")))
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / name).write_text(text.replace('"C1"', '"C2"'), encoding="utf-8")
    assert ([], [name]) == (told(tmp_path).facts, told(tmp_path).spoilt)
