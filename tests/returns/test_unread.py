"""What could not be read is unknown, not zero: it is told once, and nothing that rests on it is held against the unit."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace

import pytest

from budgetbook.catalogue import Catalogue
from budgetbook.checks import check_all, check_one
from budgetbook.finding import Finding
from budgetbook.layout import Layout, sheet_name
from budgetbook.returns import Grid, Return, Source, read_return
from budgetbook.xlsx.read import read
from tests.faults.measure import sample
from tests.faults.test_faults import space

UNIT = "410821"
Grids = dict[str, Grid]
Edit = Callable[[Grids], None]


@functools.cache
def whole() -> Source:
    return read(space().package(sample()[UNIT]))


def catalogue() -> Catalogue:
    return space().shape.catalogue


def name(form: str) -> str:
    return sheet_name(catalogue().form(form))


def judged(edit: Edit) -> list[Finding]:
    grids = dict(whole().grids)
    edit(grids)
    ret = read_return(space().shape, replace(whole(), grids=grids), "a.xlsx", "")
    assert isinstance(ret, Return)
    found = [*check_one(space().shape, ret), *check_all(space().shape, {UNIT: ret})]
    assert ret.accounts.content == ret.accounts.placed + ret.accounts.labels + ret.accounts.reported
    return found


@functools.cache
def usual() -> frozenset[tuple[str, str]]:
    return frozenset((each.rule, each.says) for each in judged(lambda grids: None))


def told(edit: Edit) -> list[tuple[str, str]]:
    """What is told of the edited return and not of the whole one."""
    return sorted((each.severity, each.says) for each in judged(edit) if (each.rule, each.says) not in usual())


def cell(form: str, line: str, column: str) -> tuple[int, int]:
    return Layout(catalogue(), "county").cell(form, line, column)


def edited(grid: Grid, cells: dict[tuple[int, int], object]) -> Grid:
    rows = [list(row) for row in grid.rows]
    for (row, column), value in cells.items():
        rows[row][column] = value
    return Grid(rows, grid.visible, grid.look)


def drop(form: str) -> Edit:
    def edit(grids: Grids) -> None:
        del grids[name(form)]

    return edit


def copy(form: str, line: str) -> Edit:
    """A second sheet of the form with another figure."""

    def edit(grids: Grids) -> None:
        grids["另一份"] = edited(grids[name(form)], {cell(form, line, "actual"): 77.0})

    return edit


def blank_copy(form: str) -> Edit:
    """A copy before or after the form itself from which all figures were deleted."""

    def edit(grids: Grids) -> None:
        own = grids.pop(name(form))
        emptied = {
            (row, column): ""
            for row, values in enumerate(own.rows)
            for column, value in enumerate(values)
            if type(value) is float and (row, column) not in own.facts.formulas
        }
        grids["备份"] = edited(own, emptied)
        grids[name(form)] = own

    return edit


def exchange_names(form: str, one: str, other: str) -> Edit:
    def edit(grids: Grids) -> None:
        own, rows = grids[name(form)], [cell(form, line, "actual")[0] for line in (one, other)]
        names = [own.at(row, 2) for row in rows]
        grids[name(form)] = edited(own, {(rows[0], 2): names[1], (rows[1], 2): names[0]})

    return edit


def twice(form: str, line: str) -> Edit:
    """A line once more below the form, with another figure."""

    def edit(grids: Grids) -> None:
        own, (row, column) = grids[name(form)], cell(form, line, "actual")
        again = [*own.rows[row][:column], 55.0, *own.rows[row][column + 1 :]]
        grids[name(form)] = Grid([*own.rows, again], own.visible, own.look)

    return edit


def without_column(form: str, column: str) -> Edit:
    def edit(grids: Grids) -> None:
        own, (_, at) = grids[name(form)], cell(form, catalogue().form(form).lines[0].code, column)
        grids[name(form)] = edited(own, {(row, at): "" for row in range(len(own.rows))})

    return edit


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (drop("fund_revenue"), "没有找到“政府性基金预算收入表”（表06）"),
        (copy("gp_revenue", "10104"), "都没有读取，请只保留一份"),
        (twice("gp_revenue", "1010601"), "“个人所得税”一行有 2 份且内容不同"),
        (without_column("fund_expenditure", "adjusted"), "缺少“2025年调整预算数”一栏"),
    ],
)
def test_what_was_not_read_is_one_error_that_says_how_much_was_not_checked(edit: Edit, said: str) -> None:
    errors = [says for severity, says in told(edit) if severity != "note"]
    assert 1 == len(errors), errors
    assert said in errors[0]
    assert "涉及它的勾稽关系和合计（" in errors[0]


def test_lines_whose_names_were_exchanged_are_told_once_each_and_not_as_missing() -> None:
    found = told(exchange_names("gp_revenue", "10104", "1010601"))
    assert 2 == len(found), found
    assert all("行被错位排序或粘贴" in says and "暂未核对" in says for _, says in found)


def test_of_a_form_and_its_emptied_copy_the_filled_one_is_read() -> None:
    says = f"工作表“备份”是“一般公共预算收入表”的空白副本，没有填数，没有采用；填了数的是“{name('gp_revenue')}”。"
    assert [("note", says)] == told(blank_copy("gp_revenue"))


def test_totals_of_a_form_that_is_missing_are_not_told_as_left_without_a_result() -> None:
    assert ["error"] == [severity for severity, _ in told(drop("gp_balance"))]


def test_a_wrong_total_that_rests_on_nothing_unread_is_still_told() -> None:
    def edit(grids: Grids) -> None:
        drop("fund_revenue")(grids)
        own = grids[name("gp_revenue")]
        grids[name("gp_revenue")] = edited(own, {cell("gp_revenue", "101", "actual"): 99999.0})

    assert any("“税收收入”2025年执行数 99,999 万元，所属各项合计" in says for _, says in told(edit))
