"""Two versions of a workbook are compared by key: what moved has not changed, and what changed most comes first."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetbook.amount import to_fen
from budgetbook.book import Book
from budgetbook.finding import Finding
from budgetbook.inquiry.difference import Version, difference
from budgetbook.inquiry.difference_report import as_text
from budgetbook.returns import Return, Where
from budgetbook.shape import Key
from budgetbook.workspace import Workspace
from tests.conftest import book, small_catalogue, small_shape, typed_over
from tests.season.city import SMALL, Figures, put, returned, run, sample_books, sample_space

TAX, VAT = ("gp_revenue", "10104", "actual"), ("gp_revenue", "1010101", "actual")


def ret(figures: Figures) -> Return:
    return returned(sample_space(), book("A", figures))


def test_a_version_does_not_differ_from_itself() -> None:
    assert not difference(small_shape(), Version(ret(SMALL["A"])), Version(ret(SMALL["A"])))


def test_value_changes_come_largest_first_and_totals_are_told_from_entries() -> None:
    """企业所得税 20 → 18, 增值税 1.25 → blank: 税收收入 and 本年收入合计 fall by 3.25."""
    new = {key: value for key, value in SMALL["A"].items() if key != VAT} | {TAX: 18}
    found = difference(small_shape(), Version(ret(SMALL["A"])), Version(ret(new)))
    sizes = [abs(each.change) for each in found.values]
    assert sorted(sizes, reverse=True) == sizes
    entries = [(each.key, each.old, each.new, str(each.at)) for each in found.values if not each.computed]
    assert [
        (TAX, to_fen(20), to_fen(18), "表01 一般公共预算收入表!G9"),
        (VAT, to_fen("1.25"), None, "表01 一般公共预算收入表!G8"),
    ] == entries
    assert {"101", "T_GPB_R"} <= {each.key[1] for each in found.values if each.computed}


@settings(max_examples=15)
@given(st.integers(0, 10**6))
def test_exactly_the_seeded_edits_are_found_and_they_lead_from_old_to_new(seed: int) -> None:
    rng, old = random.Random(seed), sample_books()["410821"]
    new = Book(old.unit, old.shape, old.fen.copy(), old.given.copy(), dict(old.texts))
    entries = np.flatnonzero(old.shape.level("county").entries)
    edited = {int(place) for place in rng.sample(list(entries), rng.randrange(1, 40))}
    for place in edited:
        new.fen[place], new.given[place] = int(old.fen[place]) + rng.randrange(1, 10**9), True
    found = difference(old.shape, Version(returned(sample_space(), old)), Version(returned(sample_space(), new)))
    assert {old.shape.keys[place] for place in edited} == {each.key for each in found.values}
    assert all((old.at(*each.key), new.at(*each.key)) == (each.old, each.new) for each in found.values)


def test_rows_that_were_moved_have_not_changed_and_rows_that_are_gone_are_named() -> None:
    old, new = ret(SMALL["A"]), ret(SMALL["A"])
    where = new.where["gp_revenue"]
    turned = {code: row + 3 for code, row in where.rows.items() if code != "10112"}
    new.where["gp_revenue"] = Where(where.sheet, turned, where.columns)
    found = difference(small_shape(), Version(old), Version(new))
    assert ((), [("gp_revenue", "10112", "", "gone")]) == (
        found.values,
        [(each.form, each.line, each.column, each.state) for each in found.shifted],
    )


def test_a_form_that_was_added_is_one_change() -> None:
    old, new = ret(SMALL["A"]), ret(SMALL["A"])
    del old.where["livelihood"]
    found = difference(small_shape(), Version(old), Version(new))
    assert [("livelihood", "", "", "added")] == [
        (each.form, each.line, each.column, each.state) for each in found.shifted
    ]


def test_texts_and_explanations_beside_relations_that_changed_are_shown() -> None:
    old, new = ret(SMALL["A"]), ret(SMALL["A"])
    old.book.texts = {("cover", "preparer", "text"): "张三", ("panel", "R-1", "explanation"): "a"}
    new.book.texts = {("cover", "preparer", "text"): "李四\x1b[31m"}
    found = difference(small_shape(), Version(old), Version(new))
    text = "\n".join(as_text(small_catalogue(), [found]))
    assert "“张三” → “李四�[31m”" in text
    assert "校验“R-1”的说明" in text


def test_findings_are_fixed_or_new_by_what_they_are_about() -> None:
    """The same trouble at the same figure is the same finding, whatever the amounts."""

    def about(line: str, says: str) -> Finding:
        return Finding("R-SUM-01", "error", says, "A", "x.xlsx", "gp_revenue", line, "actual")

    old = [about("101", "相差 1"), about("103", "相差 2")]
    new = [about("103", "相差 9"), about("10104", "相差 3")]
    found = difference(small_shape(), Version(ret(SMALL["A"]), old), Version(ret(SMALL["A"]), new))
    assert (["101"], ["10104"]) == ([each.line for each in found.fixed], [each.line for each in found.arisen])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("SUM(G7:G9)", None, "公式改成了数值"),
        (None, "SUM(G7:G9)", "恢复了公式"),
        ("SUM(G7:G9)", "SUM(G7:G8)", "公式改写：=SUM(G7:G9) → =SUM(G7:G8)"),
        ("SUM(G7:G9)", "=sum( $G$7:G9 )", ""),
        ("SUM(G7:G9)", "", ""),  # one of a shared group, spelled out elsewhere
    ],
)
def test_a_formula_typed_over_restored_or_rewritten(old: str | None, new: str | None, says: str) -> None:
    total: Key = ("gp_revenue", "101", "actual")
    versions = [
        Version(ret(SMALL["A"]), formulas={} if formula is None else {total: formula}) for formula in (old, new)
    ]
    text = "\n".join(as_text(small_catalogue(), [difference(small_shape(), *versions)]))
    assert (bool(says), True) == ("公式变化 1 处" in text, says in text)


def test_long_lists_are_cut_in_text_and_counted() -> None:
    old, new = (returned(sample_space(), sample_books()[code]) for code in ("410802", "410803"))
    found = difference(sample_space().shape, Version(old), Version(replace(new, book=replace(new.book, unit=old.unit))))
    text = "\n".join(as_text(sample_space().catalogue, [found]))
    assert f"另有 {len(found.values) - 20} 处，用 --json 或 --xlsx 查看全部" in text


def test_the_command_finds_an_edit_and_a_total_typed_over(filled: Workspace, tmp_path: Path) -> None:
    """企业所得税 20 → 26 and 税收收入 typed as 99."""
    new = tmp_path / "甲县 新.xlsx"
    changed = book("A", SMALL["A"] | {TAX: 26})
    new.write_bytes(typed_over(filled, changed, ("gp_revenue", "101", "actual"), 99))
    target = tmp_path / "变化.json"
    result = run(
        "diff", filled.returned / "A.xlsx", new, "-w", filled.folder, "--json", target, "--xlsx", tmp_path / "变化.xlsx"
    )
    assert 1 == result.exit_code, result.output
    assert "表01“企业所得税”2025年执行数 表01 一般公共预算收入表!G9：20 万元 → 26 万元，+6 万元" in result.stdout
    assert "表01“税收收入”2025年执行数 表01 一般公共预算收入表!G6 公式改成了数值" in result.stdout
    told = json.loads(target.read_text(encoding="utf-8"))
    assert ("budgetbook/difference/1", ["A"]) == (told["schema"], [each["unit"] for each in told["units"]])
    assert "R-SUM-01" in {each["rule"] for each in told["units"][0]["arisen"]}
    sheet = openpyxl.load_workbook(tmp_path / "变化.xlsx")["金额变化"]
    assert len(told["units"][0]["values"]) == sheet.max_row - 3


def test_folders_are_compared_unit_by_unit(filled: Workspace, tmp_path: Path) -> None:
    put(filled, tmp_path / "新", {"A": SMALL["A"] | {TAX: 21}, "B": SMALL["B"], "BJ": SMALL["BJ"]})
    result = run("diff", filled.returned, tmp_path / "新", "-w", filled.folder)
    assert "20 万元 → 21 万元，+1 万元" in result.stdout
    assert "高新区（GX）GX.xlsx" in result.stdout
    assert "现在没有了" in result.stdout
    assert "没有变化：市本级、乙县" in result.stdout


def test_workbooks_of_two_units_are_not_compared(filled: Workspace) -> None:
    result = run("diff", filled.returned / "A.xlsx", filled.returned / "B.xlsx", "-w", filled.folder)
    assert 2 == result.exit_code
    assert "A.xlsx 是甲县的报表，B.xlsx 是乙县的报表，不是同一个单位，无法比较" in result.stderr
