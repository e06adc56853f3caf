"""豁免: a waived finding stays listed and stands in nobody's way; one that has run out counts again; a bad file is refused."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from budgetbook.checks.waived import unmatched, waived
from budgetbook.cli import main
from budgetbook.finding import Finding, Waiver, fingerprint
from budgetbook.findings.shown import counts, waived_count
from budgetbook.problems import DefinitionError
from budgetbook.waivers import HEAD, read_waivers, with_waiver
from budgetbook.workspace import Workspace
from tests.conftest import book, small_catalogue

DEFICIT = Finding(
    "R-BAL-01", "error", "收入总计 90 万元，支出总计 100 万元。", "A", "甲.xlsx", "gp_balance", "T", "actual"
)
PRINT = fingerprint(DEFICIT, 2026)
TODAY = dt.date(2026, 11, 26)
EXPIRED = "2026-11-25"


def waiver(until: str = "", mark: str = PRINT, unit: str = "甲县") -> Waiver:
    return Waiver(mark, "R-BAL-01", unit, "预算科王某", "结算未完", until, 2)


@pytest.mark.parametrize("until", ["", "2026-11-26", "2027-01-01"])
def test_a_waived_finding_stays_listed_and_is_not_counted(until: str) -> None:
    found = list(waived([DEFICIT], [waiver(until)], small_catalogue(), TODAY))
    assert [waiver(until)] == [each.waiver for each in found]
    assert (0, 1) == (counts(found)["error"], waived_count(found))


def test_a_waiver_that_has_run_out_counts_again_and_says_so() -> None:
    found = list(waived([DEFICIT], [waiver(EXPIRED)], small_catalogue(), TODAY))
    assert (1, 0) == (counts(found)["error"], waived_count(found))
    assert found[0].says.endswith("预算科王某给的豁免已于 2026-11-25 到期，重新计入。")


def test_of_two_waivers_of_one_finding_the_later_counts() -> None:
    found = list(waived([DEFICIT], [waiver(EXPIRED), waiver("2026-12-31")], small_catalogue(), TODAY))
    assert ["2026-12-31"] == [each.waiver.until for each in found if each.waiver]


def test_a_finding_of_no_unit_cannot_be_waived() -> None:
    unread = Finding("F-01", "error", "无法读取。")
    assert [unread] == list(waived([unread], [waiver(mark=fingerprint(unread, 2026))], small_catalogue(), TODAY))


@pytest.mark.parametrize(("here", "told"), [({"A"}, 1), ({"B"}, 0), ({"BJ", "GX", "A", "B"}, 1)])
def test_a_waiver_that_matches_nothing_is_told_if_its_unit_was_read(here: set[str], told: int) -> None:
    found = list(unmatched([waiver()], [], small_catalogue(), here, "waivers.csv"))
    assert told == len(found)
    assert all("waivers.csv 第 2 行豁免的问题（R-BAL-01，甲县，指纹" in each.says for each in found)


def test_a_waiver_that_matches_is_not_told() -> None:
    assert [] == list(unmatched([waiver()], [DEFICIT], small_catalogue(), {"A"}, "waivers.csv"))


@pytest.mark.parametrize(
    "wrong", [waiver(unit="乙县"), Waiver(PRINT, "R-SUM-03", "甲县", "预算科王某", "结算未完", "", 2)]
)
def test_a_waiver_that_names_another_unit_or_rule_is_told_and_not_applied(wrong: Waiver) -> None:
    assert [DEFICIT] == list(waived([DEFICIT], [wrong], small_catalogue(), TODAY))
    [told] = unmatched([wrong], [DEFICIT], small_catalogue(), {"A"}, "waivers.csv")
    assert f"第 2 行写的是 {wrong.rule}、{wrong.unit}，指纹 {PRINT} 却是甲县的 R-BAL-01，这一行没有生效" in told.says


def written(folder: Path, *rows: str, encoding: str = "utf-8-sig") -> Path:
    path = folder / "waivers.csv"
    path.write_text("\r\n".join([",".join(HEAD), *rows]) + "\r\n", encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_the_file_is_read_as_excel_saves_it(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, f"{PRINT},R-BAL-01,甲县,预算科王某,结算未完,2026/12/31", ",,,,,", encoding=encoding)
    assert [waiver("2026-12-31")] == list(read_waivers(path, small_catalogue().tree))


def test_a_line_is_added_to_what_stands_there(tmp_path: Path) -> None:
    path = tmp_path / "waivers.csv"
    for until in ("", "2026-12-31"):
        path.write_bytes(with_waiver(path, waiver(until)))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert ["", "2026-12-31"] == [each.until for each in read_waivers(path, small_catalogue().tree)]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (
            "1.23E+11,R-1,甲县,王某,理由,",
            "第 3 行：指纹“1.23E+11”不是 12 位数字和小写字母（Excel 会把全是数字的改写成科学计数）",
        ),
        (f"{PRINT},R-1,甲县,,理由,", "第 3 行：没有写豁免人（by）或理由（why），请补上"),
        (f"{PRINT},R-1,甲县,王某,理由,年底", "第 3 行：期限“年底”不是日期，请写成 2026-12-31"),
        (f"{PRINT},R-1,甲县,王某,理由,2026-02-30", "第 3 行：期限“2026-02-30”不是日期"),
        (f"{PRINT},R-1,丁县,王某,理由,", "第 3 行：单位“丁县”不在单位名单中"),
    ],
)
def test_a_line_that_cannot_be_meant_so_is_refused_with_its_number(tmp_path: Path, row: str, says: str) -> None:
    path = written(tmp_path, f"{PRINT},R-BAL-01,甲县,王某,理由,", row)
    with pytest.raises(DefinitionError) as error:
        read_waivers(path, small_catalogue().tree)
    assert f"waivers.csv {says}" in str(error.value)


def test_a_file_without_its_heading_is_refused(tmp_path: Path) -> None:
    (tmp_path / "waivers.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DefinitionError, match="第一行应为表头 fingerprint,rule,unit,by,why,until"):
        read_waivers(tmp_path / "waivers.csv", small_catalogue().tree)


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def with_a_deficit(space: Workspace) -> str:
    """甲县 has sent a budget that does not balance; the fingerprints of its errors but one are waived."""
    figures: dict[Any, Any] = {("gp_revenue", "10119", "budget"): 90, ("gp_expenditure", "2010101", "budget"): 100}
    (space.returned / "甲县.xlsx").write_bytes(space.package(book("A", figures)))
    told = json.loads(run("check", "-w", space.folder, "--json", "-").stdout)["findings"]
    errors = [each["fingerprint"] for each in told if each["severity"] == "error"]
    rows = [f"{mark},,甲县,王某,试填," for mark in errors[1:]]
    written(space.folder, *rows)
    return str(errors[0])


def test_the_command_waives_and_the_check_is_clean(space: Workspace) -> None:
    last = with_a_deficit(space)
    assert 1 == run("check", "-w", space.folder).exit_code
    done = run("waive", last, "-w", space.folder, "--by", "李某", "--why", "试填", "--until", "2099-12-31")
    assert (0, True) == (done.exit_code, done.output.startswith("已豁免（李某豁免，至 2099-12-31：试填）：甲县 R-"))
    again = run("check", "-w", space.folder)
    assert 0 == again.exit_code
    assert "已豁免" in again.output and "李某豁免，至 2099-12-31：试填" in again.output
    summary = json.loads(run("check", "-w", space.folder, "--json", "-").stdout)["summary"]
    assert 0 == summary["error"] < summary["waived"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--by", " ", "--why", "试填"), "没有写豁免人（--by）或理由（--why）"),
        (("--by", "李某", "--why", "试填", "--until", "明年"), "期限“明年”不是日期"),
        (("--by", "李某", "--why", "试填", "--until", "2020-01-01"), "期限 2020-01-01 已经过去"),
        (("--by", "李某", "--why", "试填"), "这次核对没有指纹为“000000000000”的问题"),
    ],
)
def test_a_waiver_that_cannot_be_meant_is_not_written(space: Workspace, options: tuple[str, ...], says: str) -> None:
    (space.returned / "甲县.xlsx").write_bytes(space.package(book("A", {})))
    done = run("waive", "000000000000", "-w", space.folder, *options)
    assert (2, True) == (done.exit_code, says in done.stderr)
    assert not (space.folder / "waivers.csv").exists()


def test_a_bad_file_stops_the_check_with_its_line(space: Workspace) -> None:
    (space.returned / "甲县.xlsx").write_bytes(space.package(book("A", {})))
    written(space.folder, "abc,,,,,")
    done = run("check", "-w", space.folder)
    assert (2, True) == (done.exit_code, "waivers.csv 第 2 行：指纹“abc”" in done.stderr)
