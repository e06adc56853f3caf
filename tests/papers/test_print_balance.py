"""舍位平衡 on tables: what prints adds up, alike everywhere, and the moved figures are listed."""

from __future__ import annotations

import pytest

from budgetbook.papers.balance import balance, conflicts, moved_table, plain
from budgetbook.papers.printed import Figure, PrintedTable, head_grid, row
from budgetbook.papers.rounding import Sum

YI = 10**10


def figure(tenths: int, id: str, decimals: int = 0) -> Figure:
    return Figure(tenths * YI // 10, "亿元", decimals, id)


def table(number: str, *figures: Figure) -> PrintedTable:
    rows = tuple(row(each.id, each) for each in figures)
    return PrintedTable(number, f"{number}题", "单位：亿元", ("label", "figure"), head_grid("项目", "执行数"), rows)


TAXES = (figure(100, "合计"), figure(34, "增值税"), figure(33, "所得税"), figure(33, "其他"))
SUMS = (Sum("合计", ((1, "增值税"), (1, "所得税"), (1, "其他")), "表一"),)


def printed(table: PrintedTable) -> dict[object, str]:
    return {line.cells[0]: str(line.cells[1]) for line in table.rows}


def test_the_page_adds_up() -> None:
    (made,) = balance([table("表一", *TAXES)], SUMS).tables
    assert {"合计": "10", "增值税": "4", "所得税": "3", "其他": "3"} == printed(made)


def test_one_figure_prints_alike_in_every_table_of_its_scale() -> None:
    _, other = balance([table("表一", *TAXES), table("表二", figure(34, "增值税"))], SUMS).tables
    assert {"增值税": "4"} == printed(other)


def test_a_table_with_more_decimals_is_balanced_by_itself() -> None:
    finer = [figure(tenths, name, 1) for tenths, name in ((100, "合计"), (34, "增值税"), (33, "所得税"), (33, "其他"))]
    _, made = balance([table("表一", *TAXES), table("表二", *finer)], SUMS).tables
    assert {"合计": "10.0", "增值税": "3.4", "所得税": "3.3", "其他": "3.3"} == printed(made)
    assert () == made.notes


def test_the_exact_figures_are_never_changed() -> None:
    (made,) = balance([table("表一", *TAXES)], SUMS).tables
    assert [each.exact for each in TAXES] == [each.exact for each in made.numbers if isinstance(each, Figure)]


def test_a_table_with_moved_figures_says_so_below() -> None:
    (made,) = balance([table("表一", *TAXES)], SUMS).tables
    assert (
        "注：为使合计与分项相符，本表有 1 个数作了舍位平衡，末位调整 1 个单位，见《舍位平衡调整清单》。",
    ) == made.notes


def test_moved_figures_are_listed_where_they_stand() -> None:
    listed = moved_table(balance([table("表一", *TAXES)], SUMS))
    (line,) = listed.rows
    assert ["表一", "增值税", "执行数", "340,000,000.00", "3", "4", "None"] == list(map(str, line.cells))
    assert ("注：共调整 1 个数，每个数只调整末位 1 个单位，已证明不能更少；账册中的数没有改动。",) == listed.notes


def test_a_figure_the_report_quotes_keeps_its_plain_rounding() -> None:
    (made,) = balance([table("表一", *TAXES)], SUMS, quoted={"增值税"}).tables
    assert "3" == printed(made)["增值税"]


def test_plain_rounding_prints_the_note_on_differences_where_there_are_any() -> None:
    one, other = plain([table("表一", *TAXES), table("表二", figure(30, "房产税"))], SUMS)
    assert {"合计": "10", "增值税": "3", "所得税": "3", "其他": "3"} == printed(one)
    assert ("注：表内数字经四舍五入，合计与分项之和可能有尾差。",) == one.notes
    assert () == other.notes


def test_tables_that_cannot_add_up_together_are_named() -> None:
    cells = {"甲行": 15, "乙行": 15, "左列": 12, "右列": 18, "甲左": 7, "甲右": 8, "乙左": 5, "乙右": 10}
    sums = [
        Sum("甲行", ((1, "甲左"), (1, "甲右")), "表一"),
        Sum("乙行", ((1, "乙左"), (1, "乙右")), "表一"),
        Sum("左列", ((1, "甲左"), (1, "乙左")), "表二"),
        Sum("右列", ((1, "甲右"), (1, "乙右")), "表二"),
    ]
    balanced = balance([table("表一", *(figure(tenths, name) for name, tenths in cells.items()))], sums)
    (says,) = conflicts(balanced)
    assert says.startswith("表一、表二按现在的单位和小数位数无法做到舍位平衡：4 个合计关系互相牵制")


def test_a_total_that_is_wrong_in_the_book_is_said_to_be_the_books() -> None:
    wrong = (figure(110, "合计"), *TAXES[1:])
    (says,) = conflicts(balance([table("表一", *wrong)], SUMS))
    assert "“合计”与所属各项之和在账册中就不相等，不是舍位造成的。请先核对账册。" == says


def test_two_amounts_under_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="合计 stands for two amounts"):
        balance([table("表一", figure(10, "合计")), table("表二", figure(11, "合计"))], SUMS)
