"""Every money line of a draft has a column the year after; what has none is told by its printed names, to whom it concerns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from budgetbook.founding import Wanted, _breaks, found
from budgetbook.next_columns import closed
from budgetbook.prior import carried
from budgetbook.workspace import Workspace, open_workspace


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Workspace]:
    folder = tmp_path_factory.mktemp("years")
    found(folder / "2026", Wanted(2026, "焦作市"))
    found(folder / "2027", Wanted(2027, last=folder / "2026"))
    return open_workspace(folder / "2026"), open_workspace(folder / "2027")


def test_every_money_line_of_the_shipped_draft_is_continued_in_next_years_catalogue(
    years: tuple[Workspace, Workspace],
) -> None:
    last, new = (space.catalogue for space in years)
    assert [] == [
        (form.id, line.code, column)
        for form in last.forms
        for line in form.lines
        for column in closed(form, line, new.form(form.id))
    ]
    assert {"initial", "adjusted", "actual", "budget"} == new.form("si_revenue").line("X_LTC_R01").columns
    assert ["与上年逐科目可比。"] == list(_breaks(last, new))


def test_a_catalogue_copied_by_hand_is_not_said_to_be_comparable(years: tuple[Workspace, Workspace]) -> None:
    last = years[0].catalogue
    [said] = _breaks(last, replace(last, changes=()))
    assert "表12“长期护理保险费收入”（X_LTC_R01）的“2025年年初预算数”栏在 2026 年没有开" in said


def test_money_without_a_place_is_told_by_the_printed_names(years: tuple[Workspace, Workspace]) -> None:
    shape, unit = years[0].shape, years[0].unit("修武县")
    lost = carried(shape, unit, [("si_revenue", "X_LTC_R01", "budget", 4_667_000_000, 0)], {}).lost
    assert ("表12“长期护理保险费收入”（X_LTC_R01）的“2025年年初预算数”栏 4,667 万元",) == lost


def test_the_sum_of_insurances_takes_the_new_one_in_where_it_is_open(years: tuple[Workspace, Workspace]) -> None:
    columns = {
        each.id: {column for column in ("prior", "initial", "actual", "budget") if column in each.columns}
        for each in years[1].catalogue.relations
        if each.id in ("R-SUM-06A", "R-SUM-06B")
    }
    assert {"R-SUM-06A": {"prior"}, "R-SUM-06B": {"initial", "actual", "budget"}} == columns
