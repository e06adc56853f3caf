"""Which paper a table takes, how high its rows are, and where its pages break."""

from __future__ import annotations

from dataclasses import replace

import pytest

from budgetbook.papers.page_fit import breaks, fit, lines, page_count, printable
from budgetbook.papers.printed import Paper, PrintedTable, head_grid, row
from tests.papers.paper_tables import expenditure, labelled, papers, regions, revenue, wan, wide


def long_table(groups: list[int]) -> PrintedTable:
    """类 of so many rows each."""
    rows = [
        row(f"第{at}类" if not part else "款", wan(part), opens=not part)
        for at, n in enumerate(groups)
        for part in range(n)
    ]
    return PrintedTable("表九", "分页", "单位：万元", ("label", "figure"), head_grid("项目", "金额"), tuple(rows))


def test_few_columns_stand_upright_and_many_lie() -> None:
    assert Paper("A4") == fit(revenue()).paper
    assert Paper("A4", landscape=True) == fit(regions()).paper


def test_a_table_may_ask_for_its_paper() -> None:
    assert Paper("A3", landscape=True) == fit(wide()).paper


def test_more_columns_than_a_lying_page_holds_take_a3() -> None:
    table = regions()
    columns = 24
    grown = replace(
        table,
        columns=labelled(columns),
        heads=head_grid("项目", *(f"地区{at}" for at in range(columns))),
        rows=(row("合计", *(wan(1_234_567) for _ in range(columns))),),
    )
    assert Paper("A3", landscape=True) == fit(grown).paper


@pytest.mark.parametrize("table", papers().tables, ids=lambda table: table.number)
def test_columns_fill_the_page_and_no_figure_is_wider_than_its_column(table: PrintedTable) -> None:
    fitted = fit(table)
    assert printable(fitted.paper)[0] == pytest.approx(sum(fitted.widths))
    points = [width * 72 / 25.4 for width in fitted.widths]
    for line in table.rows:
        for at, (cell, kind) in enumerate(zip(line.cells, table.columns, strict=True)):
            if kind == "figure" and cell is not None:
                assert len(str(cell)) * 0.5 * fitted.size < points[at]  # digits are half an em


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("一般公共预算收入", 9, 1),
        ("一般公共预算收入", 5, 2),
        ("2025年快报数", 4, 2),
        ("1,234,567", 3, 2),
        ("", 5, 1),
        ("甲\n乙", 5, 2),
    ],
)
def test_chinese_wraps_anywhere_and_numbers_do_not(text: str, room: float, expected: int) -> None:
    assert expected == lines(text, room)


def test_a_row_is_as_high_as_its_tallest_cell() -> None:
    table = expenditure()
    heights = fit(table).rows
    assert heights[3] < heights[5]  # the row with the reason wraps


def test_a_page_ends_before_a_new_group_where_it_is_half_full() -> None:
    table = long_table([10, 20, 10, 12])
    (first,) = breaks(table, fit(table), title_repeats=True)
    assert 30 == first
    assert table.rows[first].opens


def test_a_group_longer_than_a_page_is_broken_inside() -> None:
    table = long_table([90])
    assert 3 == page_count(table, title_repeats=True)


def test_the_last_row_is_never_alone() -> None:
    for rows in range(25, 60):
        table = long_table([rows])
        assert all(len(table.rows) - at > 1 for at in breaks(table, fit(table), title_repeats=True))


def test_no_page_ends_on_the_first_row_of_a_group() -> None:
    for first in range(20, 45):
        table = long_table([first, 30, 30])
        assert not any(table.rows[at - 1].opens for at in breaks(table, fit(table), title_repeats=True))


def test_a_table_a_little_too_long_gives_up_air_before_it_takes_a_second_page() -> None:
    airy = fit(long_table([30]))
    (tight,) = {fit(table) for table in [long_table([36])] if page_count(table, title_repeats=True) == 1}
    assert airy.air > tight.air


def test_pages_hold_more_where_the_title_does_not_repeat() -> None:
    table = long_table([200])
    assert page_count(table, title_repeats=False) <= page_count(table, title_repeats=True)
