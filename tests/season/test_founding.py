"""A workspace for any city, from a list of units, an example, or last year's; a list that cannot be meant so is refused."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from budgetbook.workspace import open_workspace
from tests.season.city import run
from tests.season.tiny import MEALS, sent, tiny_book, tiny_workspace

UNITS = """code,name,level,parent,show,contact,phone,deadline
211300,全市,node,,,,,
211300SJ,市级,node,211300,,,,
211300BJ,市本级,city,211300SJ,,李四,0421-1,2025-12-15
211399,高新区,county,211300SJ,of_which,,,
"""


def told(folder: Path) -> dict[str, object]:
    return tomllib.loads((folder / "budgetbook.toml").read_text(encoding="utf-8"))


def test_any_city_from_a_list_of_units(tmp_path: Path) -> None:
    (tmp_path / "名单.csv").write_text(UNITS, encoding="gb18030")
    folder = tmp_path / "w"
    result = run("new", folder, "--year", 2026, "--city", "某地市", "--units", tmp_path / "名单.csv")
    assert 0 == result.exit_code, result.output
    space = open_workspace(folder)
    assert ("某地市", ["市本级", "高新区"]) == (space.city, [unit.name for unit in space.catalogue.tree.leaves])
    unit = space.unit("市本级")
    assert ("李四", "0421-1", "2025-12-15") == (unit.contact, unit.phone, str(space.due["211300BJ"]))
    assert "of_which" == space.unit("高新区").show


def test_the_examples_are_known_by_name_and_another_city_asks_for_its_list(tmp_path: Path) -> None:
    assert 0 == run("new", tmp_path / "a", "--year", 2026, "--city", "朝阳市").exit_code
    assert "朝阳市" == open_workspace(tmp_path / "a").city
    result = run("new", tmp_path / "b", "--year", 2026, "--city", "无名市")
    assert (2, True) == (result.exit_code, "没有无名市的单位名单，请用 --units" in result.stderr)
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("211399,高新区", "211300BJ,高新区"), "单位代码“211300BJ”出现两次，一个单位只能在一处"),
        (("高新区", "市本级"), "在同一上级下出现两次（代码 211300BJ、211399），一个单位只能在一处"),
        (("county,211300SJ", "county,999"), "上级“999”不存在"),
        (("2025-12-15", "年底"), "deadline = “年底” 不是日期"),
        (("code,name", "代码,name"), "第一行缺少 code"),
    ],
)
def test_a_list_that_cannot_be_meant_so_is_refused(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    (tmp_path / "名单.csv").write_text(UNITS.replace(*change), encoding="utf-8")
    result = run("new", tmp_path / "w", "--year", 2026, "--units", tmp_path / "名单.csv")
    assert (2, True) == (result.exit_code, says in result.stderr), result.output
    assert not (tmp_path / "w").exists()


def test_a_second_workspace_of_one_year_is_pointed_out(tmp_path: Path) -> None:
    run("new", tmp_path / "a", "--year", 2026)
    result = run("new", tmp_path / "b", "--year", 2026)
    assert (0, True) == (result.exit_code, "旁边的 a 也是焦作市 2026 年的工作区。一个年度只用一个" in result.output)
    assert "已经存在，没有改动" in run("new", tmp_path / "b", "--year", 2026).stderr


def test_two_workspaces_of_one_year_become_one_by_copying_what_happened(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    one = tiny_workspace(tmp_path / "a")
    shutil.rmtree(tmp_path / "b")
    shutil.copytree(one.folder, tmp_path / "b")
    other = open_workspace(tmp_path / "b")
    sent(one, ["C1"])
    sent(other, ["C2"])
    run("check", "-w", one.folder)
    run("check", "-w", other.folder)
    shutil.copytree(other.season, one.season, dirs_exist_ok=True)
    said = run("status", "-w", one.folder).output
    assert 2 == said.count("第 1 版")


@pytest.fixture
def last(tmp_path: Path) -> Path:
    """A finished year: 第1县 planned 10, corrected to 12 and accepted; a third version came after that."""
    folder = tmp_path / "2026"
    folder.mkdir()
    space = tiny_workspace(folder, more="deadline = 2025-12-20\n[settings.headings]\nprior = '上上年'\n")
    sent(space, ["BJ", "C1", "C2"])
    run("check", "-w", folder)
    sent(space, ["C1"], 12, 20)
    run("check", "-w", folder)
    assert 0 == run("accept", "C1", "-w", folder, "--by", "张").exit_code
    sent(space, ["C1"], 99, 100)
    run("check", "-w", folder)
    return folder


def test_next_year_carries_tree_and_settings_and_starts_from_last_years_catalogue(last: Path, tmp_path: Path) -> None:
    folder = tmp_path / "2027"
    result = run("new", folder, "--year", 2027, "--from", last)
    assert 0 == result.exit_code, result.output
    assert "与上年逐科目可比" in result.output
    space = open_workspace(folder)
    assert (2027, ["BJ", "C1", "C2"]) == (space.catalogue.year, [unit.code for unit in space.catalogue.tree.leaves])
    assert {"headings": {"prior": "上上年"}} == told(folder)["settings"]
    assert (None, True) == (told(folder).get("deadline"), told(folder)["seal"] != "test")
    assert "2026年预算数" in {column.heading for column in space.catalogue.form("three_public").columns}


def test_next_year_is_filled_in_from_the_accepted_versions(last: Path, tmp_path: Path) -> None:
    folder = tmp_path / "2027"
    run("new", folder, "--year", 2027, "--from", last)
    result = run("template", "-w", folder, "--prior", last)
    assert 0 == result.exit_code, result.output
    [issued] = (folder / "issued").glob("*_C1_*")
    from budgetbook.jobs import one_return

    book = one_return(open_workspace(folder), issued).book
    planned = tiny_book(open_workspace(last), "C1", 12).at(*MEALS, "budget")
    assert planned == book.at(*MEALS, "initial")


def test_a_year_that_does_not_follow_is_refused(last: Path, tmp_path: Path) -> None:
    result = run("new", tmp_path / "2030", "--year", 2030, "--from", last)
    assert (2, True) == (result.exit_code, "新的一年应为 2027" in result.stderr)
