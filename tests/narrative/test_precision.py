"""How exactly a figure is meant, when print drops its trailing zeros."""

from __future__ import annotations

from decimal import Decimal

import pytest

from budgetbook.narrative.numbers import chinese_number

from .claims import reading

REVENUE = "全市一般公共预算收入预算{}亿元，调整为{}亿元，完成{}亿元。支出预算{}亿元，调整为{}亿元，完成{}亿元。"


def precisions(*values: str) -> list[int]:
    text = REVENUE.format(*values)
    return [claim.precision for claim in reading("一、2025年预算执行情况", text).claims]


def test_a_whole_number_among_tenths_is_meant_to_the_tenth() -> None:
    assert [1, 1, 1, 1, 1, 1] == precisions("31.1", "30.5", "30", "108", "112.5", "102.1")


def test_one_figure_with_more_decimals_is_no_habit() -> None:
    assert [1, 2, 1, 1, 1, 1] == precisions("31.1", "30.52", "30", "108.2", "112.5", "102.1")


def test_whole_numbers_throughout_are_meant_as_they_stand() -> None:
    assert [0, 0, 0, 0, 0, 0] == precisions("31", "30", "30", "108", "112", "102")


def test_each_section_and_book_has_its_own_habit() -> None:
    text = [
        "一、2025年预算执行情况",
        "（一）一般公共预算",
        REVENUE.format("31.1", "30.5", "30", "108", "112.5", "102.1"),
        "（二）国有资本经营预算",
        REVENUE.replace("一般公共", "国有资本经营").format("5.91", "5.2", "5.11", "5.95", "5.96", "6"),
    ]
    assert [1] * 6 + [2] * 6 == [claim.precision for claim in reading(*text).claims]


def test_a_section_with_few_figures_follows_the_one_around_it() -> None:
    text = [
        "一、2025年预算执行情况",
        "（一）收入情况",
        "全市一般公共预算收入完成128.4亿元，其中税收90.2亿元，非税收入38.2亿元。",
        "（二）支出情况",
        "全市一般公共预算支出完成301亿元。",
    ]
    assert 1 == reading(*text).claims[-1].precision


def test_nought_yuan_is_nought_in_the_unit_around_it() -> None:
    text = "市级国有资本经营预算收入预算10.9亿元（含高新区0.4亿元），调整为1.1亿元（含高新区0元），完成764万元。"
    claim = reading("一、2025年预算执行情况", text).claims[3]
    assert (Decimal(0), "亿元", 0, 1) == (claim.value, claim.unit, claim.decimals, claim.precision)


@pytest.mark.parametrize(
    ("words", "value"),
    [("十四", "14"), ("一百三十五", "135"), ("四点五", "4.5"), ("两千零八", "2008"), ("一亿三千万", "130000000")],
)
def test_chinese_numerals_say_numbers(words: str, value: str) -> None:
    assert Decimal(value) == chinese_number(words)


@pytest.mark.parametrize(
    ("printed", "value", "unit"),
    [
        ("十三亿五千万元", "135000", "万元"),
        ("三亿元", "3", "亿元"),
        ("四点二五亿元", "4.25", "亿元"),
        ("两千万元", "2000", "万元"),
    ],
)
def test_amounts_in_words_have_the_unit_they_are_said_in(printed: str, value: str, unit: str) -> None:
    [claim] = reading(f"2024年全市一般公共预算收入完成{printed}。").claims
    assert (Decimal(value), unit, printed) == (claim.value, claim.unit, claim.printed)
