"""What a printed table holds."""

from __future__ import annotations

import pytest

from budgetbook.papers.printed import Figure, Head, PrintedTable, Rate, beside, head_grid, row
from tests.papers.paper_tables import balance_sheet, expenditure, revenue, wan


@pytest.mark.parametrize(
    ("fen", "unit", "decimals", "expected"),
    [
        (123_456_789_00, "万元", 0, "12,346"),
        (123_456_789_00, "万元", 2, "12,345.68"),
        (123_456_789_00, "亿元", 4, "1.2346"),
        (123_456_789_00, "元", 2, "123,456,789.00"),
        (500_000, "万元", 0, "1"),
        (-500_000, "万元", 0, "-1"),
        (-499_999, "万元", 0, "0"),
        (0, "亿元", 2, "0.00"),
        (10**18 + 5 * 10**5, "万元", 0, "1,000,000,000,001"),
    ],
)
def test_a_figure_prints_half_away_from_zero_with_thousands_separators(
    fen: int, unit: str, decimals: int, expected: str
) -> None:
    assert expected == str(Figure(fen, unit, decimals))


def test_a_figure_that_was_balanced_prints_as_it_was_balanced() -> None:
    assert "1.3" == str(Figure(12_400_000_000, "亿元", 1, printed=13_000_000_000))


def test_one_unit_of_the_last_place_is_counted_in_fen() -> None:
    assert [10**9, 10**6, 10**6, 1] == [
        Figure(0, "亿元", 1).place,
        Figure(0, "亿元", 4).place,
        Figure(0, "万元", 0).place,
        Figure(0, "元", 2).place,
    ]


@pytest.mark.parametrize(
    ("top", "bottom", "expected"), [(995, 1000, "99.5"), (-1, 3, "-33.3"), (2005, 100, "2,005.0"), (1, 800, "0.1")]
)
def test_a_percentage_is_rounded_half_away_from_zero(top: int, bottom: int, expected: str) -> None:
    assert expected == str(Rate(top, bottom))


def test_nested_headings_span_rows_and_columns() -> None:
    assert (
        Head("科目", 0, 0, 2, 1),
        Head("2025年", 0, 1, 1, 2),
        Head("年初", 1, 1),
        Head("调整", 1, 2),
        Head("增减%", 0, 3, 2, 1),
    ) == head_grid("科目", ("2025年", ["年初", "调整"]), "增减%")


def test_the_shorter_side_is_blank_above_its_last_row() -> None:
    left = [row("甲", wan(1)), row("乙", wan(2)), row("收入总计", wan(3))]
    right = [row("丙", wan(3)), row("支出总计", wan(3))]
    assert [
        ("甲", wan(1), "丙", wan(3)),
        ("乙", wan(2), None, None),
        ("收入总计", wan(3), "支出总计", wan(3)),
    ] == [line.cells for line in beside(left, right)]


def test_the_label_stands_in_by_the_level_of_its_side_and_the_code_does_not() -> None:
    table = expenditure()
    assert (0, 2, 0, 0, 0) == table.levels(table.rows[2])


def test_a_figure_is_named_by_the_label_on_its_own_side_and_all_headings_above_it() -> None:
    table = balance_sheet()
    assert "二、上级补助收入" == table.row_name(table.rows[1], 1)
    assert "二、上解上级支出" == table.row_name(table.rows[1], 3)
    assert "支　　出2025年快报数" == table.column_name(3)


def test_a_row_that_does_not_fill_the_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="表一 row 1: 2 cells for 6 columns"):
        PrintedTable("表一", "", "", revenue().columns, revenue().heads, (row("税收收入", wan(1)),))
