"""What the operator or the sender did wrong is one clear sentence with the file and the remedy, and nothing else stops."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from budgetbook.cli import main
from budgetbook.sheet import Stamp
from budgetbook.template import workbook
from budgetbook.workspace import Workspace
from budgetbook.xlsx.write import write
from tests.conftest import book, typed_over


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def put(space: Workspace, code: str, name: str = "", **figures: Any) -> Path:
    """A returned workbook of a unit with 企业所得税 执行数 as given."""
    path = space.returned / (name or f"{code}.xlsx")
    amount = figures.get("amount", 5)
    path.write_bytes(space.package(book(code, {("gp_revenue", "10104", "actual"): amount})))
    return path


def findings(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(result.stdout)["findings"]
    return found


def says(result: Result) -> str:
    return "\n".join(finding["says"] for finding in findings(result))


def test_a_path_that_does_not_exist(space: Workspace) -> None:
    result = run("check", "-w", space.folder, space.folder / "没有")
    assert (2, True) == (result.exit_code, "没有找到" in result.stderr and "请核对路径" in result.stderr)


def test_a_folder_without_a_workbook(space: Workspace) -> None:
    result = run("check", "-w", space.folder)
    assert (2, True) == (
        result.exit_code,
        "中没有报表文件" in result.stderr and "请把各单位返回的文件放进去" in result.stderr,
    )


def test_a_folder_that_is_no_workspace(tmp_path: Path) -> None:
    result = run("check", "-w", tmp_path / "x")
    assert (2, True) == (result.exit_code, "不是工作区" in result.stderr and "budgetbook new" in result.stderr)


def test_a_workbook_that_is_not_ours_is_named_and_the_others_are_read(space: Workspace) -> None:
    import openpyxl

    put(space, "A")
    openpyxl.Workbook().save(space.returned / "别人的表.xlsx")
    result = run("check", "-w", space.folder, "--json", "-")
    assert 1 == result.exit_code
    assert "别人的表.xlsx 不是本系统下发的报表" in says(result)
    assert {"A": "read", "": "foreign"} == {file["unit"]: file["state"] for file in json.loads(result.stdout)["files"]}


def stamped(space: Workspace, code: str, **changes: Any) -> bytes:
    stamp = space.stamp(space.catalogue.tree[code])
    other = Stamp(
        changes.get("unit", stamp.unit), changes.get("year", stamp.year), stamp.level, stamp.digest, stamp.serial
    )
    return write(workbook(space.catalogue, book(code, {}), other))


def test_another_years_workbook(space: Workspace) -> None:
    (space.returned / "去年.xlsx").write_bytes(stamped(space, "A", year=2025))
    result = run("check", "-w", space.folder, "--json", "-")
    assert (1, True) == (result.exit_code, "去年.xlsx 是 2025 年的报表，现在收的是 2026 年" in says(result))


def test_another_citys_workbook(space: Workspace) -> None:
    (space.returned / "外市.xlsx").write_bytes(stamped(space, "A", unit="999999"))
    result = run("check", "-w", space.folder, "--json", "-")
    assert (1, True) == (result.exit_code, "外市.xlsx 的单位代码 999999 不在本市单位名单中" in says(result))


def test_a_file_that_was_never_issued_from_here_is_named(space: Workspace) -> None:
    stamp = space.stamp(space.catalogue.tree["A"])
    other = Stamp("A", stamp.year, stamp.level, stamp.digest, "000000000000")
    (space.returned / "甲县.xlsx").write_bytes(write(workbook(space.catalogue, book("A", {}), other)))
    assert "甲县.xlsx 的编号不是本工作区下发甲县报表的编号" in says(run("check", "-w", space.folder, "--json", "-"))


def test_a_template_of_another_catalogue_is_named(space: Workspace) -> None:
    stamp = space.stamp(space.catalogue.tree["A"])
    old = Stamp("A", stamp.year, stamp.level, "old", stamp.serial)
    (space.returned / "甲县.xlsx").write_bytes(write(workbook(space.catalogue, book("A", {}), old)))
    assert "甲县.xlsx 是按另一版目录下发的模板" in says(run("check", "-w", space.folder, "--json", "-"))


def test_a_neighbours_workbook_under_ones_own_name_is_named(space: Workspace) -> None:
    put(space, "B", "甲县报表.xlsx")
    result = run("check", "-w", space.folder, "--json", "-")
    assert "甲县报表.xlsx 的文件名是甲县，里面却是乙县的报表" in says(result)


def test_an_empty_file(space: Workspace) -> None:
    (space.returned / "空.xlsx").write_bytes(b"")
    put(space, "A")
    result = run("check", "-w", space.folder, "--json", "-")
    assert (1, True) == (result.exit_code, "空.xlsx：文件是空的（0 字节）" in says(result))


def test_a_file_cut_off_in_transfer(space: Workspace) -> None:
    whole = put(space, "A")
    whole.write_bytes(whole.read_bytes()[:20_000])
    result = run("check", "-w", space.folder, "--json", "-")
    assert 1 == result.exit_code
    assert "A.xlsx" in says(result)


def test_the_same_unit_twice_with_different_figures_is_used_neither_way(space: Workspace) -> None:
    put(space, "A", "甲县.xlsx", amount=5)
    put(space, "A", "甲县最终版.xlsx", amount=6)
    result = run("check", "-w", space.folder, "--json", "-")
    assert 1 == result.exit_code
    assert re.search(
        r"甲县（A）有 2 个内容不同的文件：甲县\.xlsx（第 . 版）、甲县最终版\.xlsx（第 . 版）。", says(result)
    )
    assert 2 == run("consolidate", "-w", space.folder).exit_code


def test_the_same_file_twice_is_read_once(space: Workspace) -> None:
    shutil.copy(put(space, "A"), space.returned / "副本.xlsx")
    result = run("check", "-w", space.folder, "--json", "-")
    assert [] == [
        finding for finding in findings(result) if finding["rule"].startswith("F-") and finding["severity"] == "error"
    ]
    assert ["read", "superseded"] == sorted(file["state"] for file in json.loads(result.stdout)["files"])


def test_a_missing_unit_is_named_and_what_is_complete_is_still_made(space: Workspace) -> None:
    for code in ("BJ", "GX", "A"):
        put(space, code)
    result = run("consolidate", "-w", space.folder)
    assert 2 == result.exit_code
    assert "还缺：乙县（B）" in result.stdout
    assert "已汇总 1 本：市级" in result.stdout
    assert {"某市2026年预算报表_SJ_市级.xlsx", "分单位汇总表.xlsx", "核实说明汇总.xlsx"} == {
        path.name for path in space.out.iterdir()
    }


def test_an_unknown_unit_lists_the_known_ones(space: Workspace) -> None:
    result = run("template", "-w", space.folder, "--unit", "丙县")
    assert (2, True) == (result.exit_code, "单位“丙县”不在" in result.stderr and "A 甲县" in result.stderr)


def test_figures_for_cells_that_do_not_exist_are_refused_with_their_rows(space: Workspace, tmp_path: Path) -> None:
    figures = tmp_path / "数据.csv"
    figures.write_text(
        "unit,form,line,column,value\nA,gp_revenue,99999,actual,5\nA,gp_revenue,10104,actual,五\n", encoding="utf-8"
    )
    result = run("fill", put(space, "A"), figures, "-o", tmp_path / "out.xlsx", "-w", space.folder)
    assert 2 == result.exit_code
    assert "数据.csv 第 2 行：目录中没有“gp_revenue”表“99999”科目" in result.stderr
    assert "数据.csv 第 3 行：“五”不是数字" in result.stderr
    assert not (tmp_path / "out.xlsx").exists()


def test_a_broken_settings_file_is_one_sentence(space: Workspace) -> None:
    (space.folder / "budgetbook.toml").write_text("city = 某市\n", encoding="utf-8")
    result = run("check", "-w", space.folder)
    assert (2, True) == (result.exit_code, "无法读取" in result.stderr and "请检查这里的引号" in result.stderr)


def test_a_total_typed_over_is_reported_at_its_cell(space: Workspace) -> None:
    """税收收入 typed as 6 where its parts add up to 5."""
    (space.returned / "A.xlsx").write_bytes(
        typed_over(space, book("A", {("gp_revenue", "10104", "actual"): 5}), ("gp_revenue", "101", "actual"), 6)
    )
    found = [
        finding
        for finding in findings(run("check", "-w", space.folder, "--json", "-"))
        if finding["rule"] == "R-SUM-01"
    ]
    assert [("101", "G6", 6, 5, 1)] == [
        tuple(each[key] for key in ("line", "cell", "value", "expected", "difference")) for each in found
    ][:1]
    assert (
        "“税收收入”2025年执行数 6 万元，所属各项合计 5 万元，相差 1 万元。请核对所属明细，或恢复合计公式；公式还在的，按 F9 重新计算后保存。"
        in found[0]["says"]
    )


def test_a_file_that_is_no_return_is_not_called_a_folder(space: Workspace) -> None:
    (space.folder / "~$甲县.xlsx").write_bytes(b"\5user")
    result = run("check", "-w", space.folder, space.folder / "~$甲县.xlsx")
    assert (2, True) == (result.exit_code, result.stderr.startswith("~$甲县.xlsx 不是报表文件，没有读取。"))
