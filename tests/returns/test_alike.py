"""What many cells of a column have in common, as when it was pasted, is one thing to say."""

from __future__ import annotations

import pytest
from openpyxl.workbook.workbook import Workbook

from budgetbook.amount import to_fen
from budgetbook.returns import Return

from .test_told import returned, transfers

LINES = ["1100102", "1100103", "1100104", "1100105", "1100106"]  # in rows 7 to 11


def with_column(*values: object) -> tuple[Return, list[str]]:
    """The return with these values one below the other, and what is said of them."""

    def edit(book: Workbook) -> None:
        for row, value in enumerate(values, start=7):
            transfers(book)[f"G{row}"].value = value

    ret = returned(edit)
    return ret, [each.says for each in ret.findings if (each.form, each.column) == ("gp_transfers", "actual")]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (
            "12.5",
            "是文本格式的数字，已按数字读取。请选中这些格，用“数据”菜单里的“分列”（直接点“完成”）改成数值后保存",
        ),
        ("—", "填的是“—”“无”一类的字，已按空白处理；没有数请留空，确实为零请填 0"),
        (12.34567, "的数超过两位小数，请核对是否从别处粘贴、单位是否一致"),
    ],
)
def test_of_five_cells_alike_their_number_is_said_once(value: object, says: str) -> None:
    assert [f"表05 上级税收返还和转移支付表!G7 至 G11“2025年执行数”一栏有 5 格{says}。"] == with_column(*[value] * 5)[1]


def test_of_four_cells_each_is_said() -> None:
    assert 4 == len(with_column("1", "2", "3", "4")[1])


def test_where_a_unit_was_written_into_the_cell_each_is_said_with_what_it_was_read_as() -> None:
    said = with_column(*[f"{number}0000元" for number in range(1, 6)])[1]
    assert [f"已按 {number} 万元读取" for number in range(1, 6)] == [
        each[each.index("已按") : each.index("，请改")] for each in said
    ]


def test_every_cell_is_read_whether_or_not_it_is_named() -> None:
    ret, _ = with_column("1", "2", "3", "4", "5")
    assert [to_fen(number) for number in range(1, 6)] == [ret.book.at("gp_transfers", line, "actual") for line in LINES]
