"""Printed pages read back: what is missing, clipped, out of order or on another page is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from budgetbook.papers.preflight import check_print, first_pages
from budgetbook.papers.printed import PrintedTable
from tests.papers.paper_tables import balance_sheet, debt, expenditure, revenue

TABLES = (revenue(), balance_sheet(), debt())
CONTENTS = "目　录\n" + "\n".join(f"{table.number}　{table.title}........{at}" for at, table in enumerate(TABLES, 1))


def page(table: PrintedTable, first: int = 0, last: int | None = None) -> str:
    """A page as it comes out of a PDF, some rows of the table on it."""
    top = (
        f"{table.number}\n{table.title}\n{table.unit}" if not first else f"续{table.number}　{table.title} {table.unit}"
    )
    heads = "\n".join(head.text for head in table.heads)
    body = "\n".join(" ".join(str(cell) for cell in line.cells if cell is not None) for line in table.rows[first:last])
    return "\n".join([top, heads, body, *table.notes, "— 1 —"])


def pages() -> list[str]:
    return ["封面", CONTENTS, *map(page, TABLES)]


def rules(pages: list[str], tables: tuple[PrintedTable, ...] = TABLES) -> list[str]:
    return [finding.rule for finding in check_print(tables, pages)]


def test_papers_that_print_right_have_no_findings() -> None:
    assert [] == list(check_print(TABLES, pages(), expected=[1, 1, 1]))


def test_a_table_on_several_pages_is_put_together() -> None:
    long = expenditure()
    printed = [page(long, 0, 40), page(long, 40, 80), page(long, 80)]
    assert [] == list(check_print([long], printed, expected=[3]))


def test_a_table_that_is_not_printed_is_named() -> None:
    printed = pages()
    del printed[3]
    (finding,) = (each for each in check_print(TABLES, printed) if each.rule == "P-01")
    assert finding.says.startswith("表三《2025年市级一般公共预算收支平衡表》没有印出来")


def test_tables_out_of_order_are_named() -> None:
    cover, contents, one, two, three = pages()
    assert "P-02" in rules([cover, contents, two, one, three])


def test_a_figure_that_is_cut_off_is_named_with_its_row_and_column() -> None:
    printed = [each.replace("79,544", "79,5") for each in pages()]
    (finding,) = check_print(TABLES, printed)
    assert (
        "表一《2025年全市一般公共预算收入执行情况表》“增值税”2024年决算数应印 79,544，第 3 页上没有这个数。"
        "请加宽该栏或改用大一号的纸，重新生成。"
    ) == finding.says


def test_a_figure_printed_twice_must_be_there_twice() -> None:
    printed = pages()
    printed[3] = printed[3].replace("758,673", "758,674", 1)
    assert ["P-03"] == rules(printed)


def test_a_year_in_a_heading_does_not_pass_for_a_figure() -> None:
    table = replace(revenue(), rows=tuple(line for line in revenue().rows[:1]))
    assert [] == rules([page(table)], (table,))
    assert ["P-03"] == rules([page(table).replace("201,000", "")], (table,))


@pytest.mark.parametrize("shown", ["####", "###"])
def test_hashes_for_a_figure_are_reported(shown: str) -> None:
    assert ["P-04", "P-03"] == rules([each.replace("79,544", shown) for each in pages()])


def test_a_label_that_is_cut_off_is_reported() -> None:
    assert ["P-05"] == rules([each.replace("市本级（含开发区）", "市本级（含开") for each in pages()])


def test_a_label_that_wraps_is_whole() -> None:
    assert [] == rules([each.replace("城市维护建设税", "城市维护建\n设税") for each in pages()])


def test_a_wrong_page_in_the_contents_is_reported() -> None:
    printed = pages()
    printed[1] = printed[1].replace("........3", "........4")
    (finding,) = check_print(TABLES, printed)
    assert finding.says.startswith("目录说表1-1《2025年地方政府债务限额及余额预算情况表》在第 4 页，实际印在第 3 页。")


def test_more_pages_than_expected_are_reported() -> None:
    (finding,) = check_print(TABLES, pages(), expected=[1, 2, 1])
    assert ("P-07", "warning") == (finding.rule, finding.severity)


def test_a_page_with_nothing_but_a_head_is_reported() -> None:
    long = expenditure()
    printed = [page(long), page(long, len(long.rows))]
    assert ["P-08"] == rules(printed, (long,))


def test_a_title_that_begins_like_another_is_not_mistaken_for_it() -> None:
    other = replace(revenue(), number="表二", title=f"{revenue().title}（其中：高新区）")
    assert [] == list(check_print([revenue(), other], [page(revenue()), page(other)], expected=[1, 1]))


def test_folios_are_counted_from_the_first_table() -> None:
    assert {"表一": 1, "表三": 2, "表1-1": 3} == first_pages(TABLES, pages())
