"""What works on one tier only is refused of several with one sentence, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.country.tree import Size, write_tree
from tests.season.city import run

SEASON = ("collect", "status", "accept 010101 --by x", "accept 010100 --by x", "reopen 010101 --why 理由")
PAPERS = ("attach", "report check 报告.docx", "report write -o 报告.docx", "explain 附表.xlsx 表一!C7")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tree")
    write_tree(Size(1, 1, 2), folder)
    return folder


@pytest.mark.parametrize("command", [*SEASON, *PAPERS])
def test_what_one_tier_has_is_refused_of_several(tree: Path, command: str) -> None:
    before = sorted(tree.rglob("*"))
    result = run(*command.split(), "-w", tree)
    assert 2 == result.exit_code, result.output
    assert result.output.startswith("单位名单有多级财政时")
    assert f"不能用 {command.split()[0]}" in result.output
    assert result.output.endswith("请在一个市自己的工作区里用\n")
    assert before == sorted(tree.rglob("*"))


@pytest.mark.parametrize("command", SEASON)
def test_that_no_season_is_kept_of_several_tiers_is_said(tree: Path, command: str) -> None:
    assert "不记台账，check 和 consolidate 直接用 returned 里的文件" in run(*command.split(), "-w", tree).output


def test_a_new_year_of_several_tiers_is_not_told_to_use_what_is_refused(tree: Path, tmp_path: Path) -> None:
    result = run("new", tmp_path / "2027", "--year", 2027, "--from", tree)
    assert f"单位名单和设置沿用 {tree}。" in result.output
    assert "--prior" not in result.output
