"""Every consolidated figure is the sum of what is named as its origin, down to the cells of the returns."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from click.testing import Result

from budgetbook.amount import to_fen
from budgetbook.book import Book, cell_value
from budgetbook.consolidation import consolidate
from budgetbook.inquiry.explanation import Explanation
from budgetbook.inquiry.explanation_report import Traced, as_text
from budgetbook.inquiry.origins import Origins
from budgetbook.inquiry.tracing import key_at, stated_at
from budgetbook.naming import written
from budgetbook.problems import Impossible
from budgetbook.shape import Shape
from budgetbook.unit import Tree, Unit
from budgetbook.workspace import Workspace
from tests.conftest import book, small_catalogue, typed_over
from tests.season.city import SMALL, put, returned, run, sample_books, sample_origins, sample_space, small

NODES = ("410800", "410800SJ", "410800XJ")


def adds_up(found: Explanation) -> bool:
    return found.value == found.recomputed() and all(adds_up(part) for part in (*found.parts, *found.lines))


@pytest.mark.parametrize("node", NODES)
def test_every_consolidated_amount_is_the_sum_of_its_parts_and_those_of_theirs(node: str) -> None:
    """Units and eliminations, and below an elimination its two sides; with the next test, by induction to the leaves."""
    shape, consolidated = sample_space().shape, sample_origins().result.books[node]
    places = np.flatnonzero(consolidated.given & shape.level("node").open)
    found = [sample_origins().explained(node, shape.keys[place], 2) for place in places]
    assert consolidated.fen[places].tolist() == [each.value for each in found]
    assert [] == [each.key for each in found if not each.parts or not adds_up(each)]
    assert len(places) > 6_000


@pytest.mark.parametrize("unit", ["410800BJ", "410871", "410802", "410883"])
def test_every_total_of_a_return_is_the_sum_of_its_lines(unit: str) -> None:
    shape, filled = sample_space().shape, sample_books()[unit]
    level = shape.level(filled.unit.level)
    places = np.flatnonzero(filled.given & level.computed)
    found = [sample_origins().explained(unit, shape.keys[place], 1) for place in places]
    assert [] == [each.key for each in found if not each.parts or not adds_up(each)]
    assert len(places) > 500


@pytest.mark.parametrize("node", NODES)
def test_every_ratio_is_computed_from_its_explained_numerator_and_denominator(node: str) -> None:
    catalogue, consolidated = sample_space().catalogue, sample_origins().result.books[node]
    checked = 0
    for form in catalogue.at("node"):
        for line in form.lines:
            for column in form.columns:
                value = cell_value(consolidated, form, line, column)
                if value is not None and (column.kind != "amount" or line.kind == "ratio"):
                    found = sample_origins().explained(node, (form.id, line.code, column.id), 1)
                    assert (value, True) == (found.value, adds_up(found))
                    checked += 1
    assert checked > 2_000


def test_the_leaves_of_a_total_are_cells_of_returns_and_add_up_exactly() -> None:
    shape, whole = sample_space().shape, sample_origins().result.books["410800"]
    everything = np.flatnonzero(whole.given & shape.level("node").open)
    flows = [place for place in everything if sample_origins().result.eliminated["410800"].fen[place]]
    for place in [*flows[::9], *everything[::61]]:
        leaves = list(sample_origins().explained("410800", shape.keys[place]).leaves())
        assert int(whole.fen[place]) == sum(times * (leaf.value or 0) for times, leaf in leaves), shape.keys[place]
        assert all(leaf.cited and leaf.cited.place for _, leaf in leaves)


def test_a_figure_that_draws_on_forms_with_other_members_goes_by_its_lines() -> None:
    """A zone that belongs to 市级 for money but to 县（市、区） for debt: totals across such forms have no members of their own."""
    catalogue = small_catalogue()
    units = [replace(unit, parent_in={"gp_revenue": "XJ"}) if unit.code == "GX" else unit for unit in catalogue.tree]
    shape = Shape(replace(catalogue, tree=Tree(tuple(units))))
    books = {code: Book.of(shape.catalogue.tree[code], shape, figures) for code, figures in SMALL.items()}
    result = consolidate(shape, books)
    made = Origins(shape, {code: returned(sample_space(), each) for code, each in books.items()}, result)
    found = made.explained("XJ", ("gp_balance", "T_GPB_R_ALL", "actual"))
    assert (
        to_fen("24.25") + to_fen(50) == found.value == sum(times * (leaf.value or 0) for times, leaf in found.leaves())
    )
    assert {"line"} == {part.role for part in found.parts}


def test_an_elimination_shows_both_sides_of_the_flow() -> None:
    found = sample_origins().explained("410800", ("gp_balance", "11002", "actual"))
    gone = next(part for part in found.parts if part.role == "eliminated")
    for side in gone.parts:
        assert "received" == side.role
        assert [(side.value, "410800BJ", "一般性转移支付")] == [
            (each.fen, each.unit.code, each.flow.name) for each in side.opposite
        ]


def test_an_adjustment_member_is_called_one() -> None:
    catalogue = small_catalogue()
    extra = Unit("CE", "差额表", "county", "ALL", adjustment=True)
    shape = Shape(replace(catalogue, tree=Tree((*catalogue.tree.units, extra))))
    figures = SMALL | {"CE": {("gp_revenue", "10104", "actual"): "-0.5"}}
    books = {code: Book.of(shape.catalogue.tree[code], shape, each) for code, each in figures.items()}
    rets = {code: returned(sample_space(), each) for code, each in books.items()}
    found = Origins(shape, rets, consolidate(shape, books)).explained("ALL", ("gp_revenue", "10104", "actual"))
    assert [("member", 10), ("member", 20), ("adjustment", -0.5)] == [
        (part.role, float(part.value or 0) / 1e6) for part in found.parts
    ]


@pytest.fixture(scope="module")
def asked(filled: Workspace, whole: Path) -> Result:
    """企业所得税 执行数 explained: 市本级 7 + 高新区 3 + 甲县 20 = 30; 乙县 left it blank."""
    files = ("--json", filled.out / "来源.json", "--xlsx", filled.out / "来源.xlsx")
    return run("explain", whole, "表01!G9", "-w", filled.folder, *files)


def test_a_cell_is_explained_in_text_with_units_file_hash_and_cell(asked: Result, filled: Workspace) -> None:
    assert 0 == asked.exit_code, asked.output
    digest = hashlib.sha256((filled.returned / "BJ.xlsx").read_bytes()).hexdigest()[:12]
    assert "全市 表01 一般公共预算收入表!G9 表01“企业所得税”2025年执行数：30 万元" in asked.stdout
    assert f"    市本级  7 万元  ← BJ.xlsx（{digest}） 表01 一般公共预算收入表!G9\n" in asked.stdout
    assert "（空白未填：乙县）" in asked.stdout


def leaves(part: dict[str, Any], times: int = 1) -> list[tuple[int, dict[str, Any]]]:
    weight = times * part["weight"]
    return [each for below in part["parts"] for each in leaves(below, weight)] or [(weight, part)]


def test_json_holds_the_whole_tree(asked: Result, filled: Workspace) -> None:
    told = json.loads((filled.out / "来源.json").read_text(encoding="utf-8"))
    assert ("budgetbook/explanation/1", 30) == (told["schema"], told["explanation"]["value"])
    cells = [(weight * part["value"], part["unit"], part["cell"]) for weight, part in leaves(told["explanation"])]
    assert [(7, "BJ", "G9"), (3, "GX", "G9"), (20, "A", "G9")] == cells


def test_the_sheet_links_each_returned_cell_relative_to_where_it_is_saved(asked: Result, filled: Workspace) -> None:
    sheet = openpyxl.load_workbook(filled.out / "来源.xlsx")["数的来源"]
    links = [cell.hyperlink for row in sheet for cell in row if cell.hyperlink]
    assert [(f"../returned/{code}.xlsx", "'表01 一般公共预算收入表'!G9") for code in ("BJ", "GX", "A")] == [
        (link.target.replace("\\", "/"), link.location) for link in links
    ]
    assert 30 == sum(sheet.cell(row, 4).value for row in range(5, sheet.max_row + 1) if sheet.cell(row, 5).value)


def test_a_ratio_shows_numerator_and_denominator() -> None:
    """企业所得税 为年初预算%: 30 / 20."""
    found = small(SMALL).explained("ALL", ("gp_revenue", "10104", "initial_pct"))
    text = "\n".join(as_text(small_catalogue(), Traced("表01!H9", "", "", written(found.value), found)))
    assert "为年初预算%：150.0000%" in text
    assert "分子：全市  表01“企业所得税”2025年执行数  30 万元" in text
    assert "分母：全市  表01“企业所得税”2025年年初预算数  20 万元" in text


def test_a_total_older_than_a_return_is_called_stale(own: Workspace) -> None:
    put(own, own.returned, {"A": SMALL["A"] | {("gp_revenue", "10104", "actual"): 21}})
    result = run("explain", own.out / "某市2026年预算报表_ALL_全市.xlsx", "表01!G9", "-w", own.folder)
    assert 1 == result.exit_code
    assert "这个数已经过时。汇总表中是 30 万元，按现有的返回表重新汇总是 31 万元，相差 -1 万元" in result.stdout
    assert "汇总之后改过的返回表：A.xlsx" in result.stdout


def test_a_returned_total_that_was_typed_over_says_what_stands_there(own: Workspace) -> None:
    """税收收入 of 甲县 typed as 99 where its parts add up to 21.25: the consolidation uses the parts, and says so."""
    (own.returned / "A.xlsx").write_bytes(typed_over(own, book("A", SMALL["A"]), ("gp_revenue", "101", "actual"), 99))
    result = run("explain", own.returned / "A.xlsx", "表01!G6", "-w", own.folder)
    assert "此格填的是 99 万元，汇总时按所属明细重新计算" in result.stdout
    assert "“增值税”2025年执行数  1.25 万元  ← 表01 一般公共预算收入表!G7" in result.stdout


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("表99!G9", "没有工作表“表99”，有的是：封面、表01"),
        ("G9", "不是单元格，请写成“表01!G7”的样子"),
        ("表01!G0", "不是单元格，请写成“表01!G7”的样子"),
        ("表01!B2", "不是放数的格子"),
        ("表01!XFD1048576", "不是放数的格子"),
        ("表01!O9", "是文字，不是数"),
        ("表01!G11", "是空白，没有数可以追溯"),
    ],
)
def test_a_cell_without_a_figure_is_one_sentence(cell: str, says: str) -> None:
    ret = returned(sample_space(), small(SMALL).books["ALL"])
    with pytest.raises(Impossible, match=says):
        stated_at(small_catalogue(), ret, key_at(small_catalogue(), ret.where, cell), cell)


def test_a_workbook_without_forms_is_not_called_a_book(own: Workspace) -> None:
    run("consolidate", "-w", own.folder)
    result = run("explain", own.out / "分单位汇总表.xlsx", "表01!G5", "-w", own.folder)
    instead = own.out / "某市2026年预算报表_ALL_全市.xlsx"
    assert (2, True) == (
        result.exit_code,
        f"分单位汇总表.xlsx 不是账册，里面没有按下发的样子填数的表，不能从它追溯。请指明全市的账册，例如 {instead}\n"
        == result.stderr,
    ), result.output


@pytest.mark.parametrize("cell", ["表01!G9", "表01!$g$9", "表01 一般公共预算收入表!G9", "'表01'！G9", "gp_revenue!G9"])
def test_a_cell_may_be_named_in_several_ways(cell: str) -> None:
    ret = returned(sample_space(), small(SMALL).books["ALL"])
    assert ("gp_revenue", "10104", "actual") == key_at(small_catalogue(), ret.where, cell)


def test_a_book_of_another_workspace_is_refused(own: Workspace, whole: Path) -> None:
    config = own.folder / "budgetbook.toml"
    config.write_text(config.read_text(encoding="utf-8").replace('"test"', '"other"'), encoding="utf-8")
    result = run("explain", whole, "表01!G9", "-w", own.folder)
    assert (2, True) == (result.exit_code, "不是这个工作区" in result.stderr and "编号对不上" in result.stderr)


def test_a_return_that_is_not_there_is_named(own: Workspace) -> None:
    (own.returned / "B.xlsx").unlink()
    book = own.out / "某市2026年预算报表_ALL_全市.xlsx"
    result = run("explain", book, "表01!G9", "-w", own.folder, "--returns", own.returned)
    assert (2, True) == (result.exit_code, "中缺 乙县（B） 的报表，全市无法汇总" in result.stderr)
