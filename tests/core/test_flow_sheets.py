"""往来对账表 shows both sides of every pair and whom to ask; 抵消表 has one line a pair and adds up to what was eliminated."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from budgetbook.amount import from_fen, to_fen
from budgetbook.book import Book
from budgetbook.consolidation import consolidate
from budgetbook.flow_sheets import ELIMINATED, FIRST, HEADINGS, LEADS, PAIRS, flow_sheets
from budgetbook.returns import Return, Where
from budgetbook.sheet import Sheet
from tests.conftest import book, small_shape
from tests.core.test_consolidate import city
from tests.rules.examples import NOWHERE

Value = str | float | None


def returned(books: Mapping[str, Book]) -> dict[str, Return]:
    return {code: Return(f"{code}.xlsx", "", NOWHERE, each, {}) for code, each in books.items()}


def sheets(books: Mapping[str, Book], returns: Mapping[str, Return] | None = None) -> dict[str, Sheet]:
    made = flow_sheets(small_shape(), returns or returned(books), consolidate(small_shape(), books))
    return {sheet.name: sheet for sheet in made}


def rows(sheet: Sheet, first: int) -> list[list[Value]]:
    """The cells below the headings."""
    found: dict[int, dict[int, Value]] = {}
    for cell in sheet.cells:
        if cell.row >= first:
            found.setdefault(cell.row, {})[cell.column] = cell.value
    return [[row[column] for column in sorted(row)] for _, row in sorted(found.items())]


def differing() -> dict[str, Book]:
    """甲县 says it got 28 where the city says it paid 30."""
    books = city()
    books["A"] = book("A", {("gp_transfers", "1100207", "actual"): 28, ("gp_balance", "2300601", "actual"): 2})
    return books


def test_a_pair_that_differs_stands_first_with_both_cells_and_both_telephones() -> None:
    returns = returned(differing())
    returns["A"].book.texts |= {("cover", "phone", "text"): "0391-1", ("cover", "preparer", "text"): "甲某"}
    returns["A"].where["gp_transfers"] = Where("表05", {"11002": 6}, {"actual": 6})
    returns["BJ"].where["city_transfers"] = Where("表27", {"23002.A": 11}, {"actual": 6})
    first = dict(zip(HEADINGS, rows(sheets(differing(), returns)[PAIRS], FIRST)[0], strict=True))
    expected = {
        "结论": "不符", "往来": "一般性转移支付", "栏目": "2025年执行数",
        "付方": "市本级", "付方位置": "表27!G12", "付方数": 30.0, "付方文件": "BJ.xlsx", "付方联系人": "未留电话",
        "收方": "甲县", "收方位置": "表05!G7", "收方数": 28.0, "收方文件": "A.xlsx", "收方联系人": "甲某 0391-1",
        "差额（付减收）": 2.0, "规则": "R-LVL-10",
    }  # fmt: skip
    assert expected == first


def test_the_head_counts_pairs_and_differences() -> None:
    says = [cell.value for cell in sheets(differing())[PAIRS].cells if cell.row == 1]
    assert [
        "单位：万元。上下级往来 4 对，不符 1 对，相差 2 万元。不符的请付方、收方按联系电话核对，改正后重报。"
    ] == says


def test_a_pair_is_left_out_at_the_first_node_that_holds_both_one_line_a_pair() -> None:
    lines = [row[:5] for row in rows(sheets(city())[ELIMINATED], FIRST + 1)]
    assert [
        ["市级", "一般性转移支付", "市本级", "表27 一般性转移支付", "高新区"],
        ["市级", "合计", "", "", ""],
        ["全市", "一般性转移支付", "市本级", "表27 一般性转移支付", "甲县"],
        ["全市", "体制上解", "市本级", "表28 体制上解收入", "甲县"],
        ["全市", "一般性转移支付", "市本级", "表27 一般性转移支付", "乙县"],
        ["全市", "合计", "", "", ""],
    ] == lines


@pytest.mark.parametrize("node", ["SJ", "ALL"])
def test_the_lines_of_a_node_add_up_to_what_was_eliminated_there(node: str) -> None:
    books = differing()
    gone = consolidate(small_shape(), books).eliminated[node]
    name = small_shape().catalogue.tree[node].name
    measures = [column.id for column in small_shape().catalogue.form("city_transfers").amounts]
    at = len(LEADS) + 3 * measures.index("actual")
    total = next(row for row in rows(sheets(books)[ELIMINATED], FIRST + 1) if row[:2] == [name, "合计"])
    paid = sum(gone.at(form, line, "actual") or 0 for form, line in (("gp_balance", "23002"), ("gp_balance", "11006")))
    got = sum(gone.at(form, line, "actual") or 0 for form, line in (("gp_balance", "11002"), ("gp_balance", "2300601")))
    assert [float(from_fen(paid)), float(from_fen(got)), float(from_fen(paid - got))] == total[at : at + 3]
    assert to_fen(0) < paid


def test_the_difference_and_the_totals_are_formulas() -> None:
    formulas = {cell.formula for cell in sheets(city())[ELIMINATED].cells if cell.formula}
    assert "=ROUND(SUM(P5)-SUM(Q5),6)" in formulas
    assert "=SUM(P7:P9)" in formulas
