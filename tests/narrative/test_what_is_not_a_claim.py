"""Every number is accounted for, and what the grammar does not follow is listed as unread instead of guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetbook.narrative.claim import Claim, Other, Reading, Unread

from .claims import reading

HEADING = "一、2025年预算执行情况"
NOT_GUESSED = [
    "全市一般公共预算收入、支出分别完成135.1亿元、312.9亿元。",  # which is which
    "全市政府性基金、国有资本经营预算收入完成77.3亿元。",  # two books at once
    "市级财力10.5亿元。",  # not a line of the books
    "全市高等教育支出5.2亿元。",  # part of a line's name
    "一般公共预算收入比2023年增长12%。",  # not the year before
    "一般公共预算收入上年完成128.5亿元。",  # the year before
    "剔除一次性因素后一般公共预算收入为120.4亿元。",
    "剔除一次性因素后，一般公共预算收入为120.4亿元，增长3%。",
    "一般公共预算收入剔除一次性因素后增长3.1%。",
    "一般公共预算收入由5.1亿元增加到8.2亿元。",
    "一般公共预算收入增长4.5%-5%。",  # a range
    "一般公共预算收入完成年度目标的102%。",
    "政府债务余额低于限额10.7亿元。",  # the limit, or the distance to it
    "一般公共预算收入135.1，增长。",  # no unit
    "一般公共预算收入135.1亿，增长。",
    "政府债务余额38571万元元。",
    "一般公共预算收入大于支出5亿元。",
    "一般公共预算收入完成135.1亿元的目标。",
]


@pytest.mark.parametrize("text", NOT_GUESSED)
def test_what_the_grammar_does_not_follow_is_unread_and_never_a_claim(text: str) -> None:
    read = reading(HEADING, text)
    assert () == read.claims
    assert read.unread != ()


def test_an_amount_that_was_not_understood_passes_nothing_on() -> None:
    read = reading(HEADING, "市级一般公共预算收入完成30.5亿元。其中：沿街商铺收益1.8亿元，同比增长30.9%。")
    assert ["30.5亿元"] == [claim.printed for claim in read.claims]
    assert ["1.8亿元", "30.9%"] == [unread.printed for unread in read.unread]


def test_what_is_unread_says_why_in_chinese_and_where_it_stands() -> None:
    text = "其中：政府债务余额 38571 万元元。"
    [unread] = reading(HEADING, text).unread
    assert "38571 万元元" == text[unread.place.start : unread.place.until] == unread.printed
    assert "单位不是亿元、万元、元、%或百分点" == unread.why
    assert text == unread.place.sentence


def test_accounts_of_work_have_money_that_is_in_no_book() -> None:
    read = reading(
        "一、2025年预算执行情况",
        "（一）主要财政工作情况",
        "1.保障民生。全市教育支出51.7亿元，其中，安排校舍改造资金4200万元；发放就业补助2.1亿元，同比增长30.4%。",
    )
    assert [("expenditure.205", "actual")] == [(claim.flow, claim.measure) for claim in read.claims]
    outside = [(other.kind, other.printed) for other in read.others if other.place.paragraph == 2][1:]
    assert [
        ("预算科目以外的金额", "4200万元"),
        ("预算科目以外的金额", "2.1亿元"),
        ("其他事物的比率", "30.4%"),
    ] == outside
    assert () == read.unread


@pytest.mark.parametrize(
    ("text", "kind", "printed"),
    [
        ("财预〔2025〕12号印发。", "文号", "〔2025〕12号"),
        ("2025年3月1日起施行。", "日期", "2025年3月1日"),
        ("1-6月运行平稳。", "日期", "1-6月"),
        ("市第十四届人大。", "序数", "第十四"),
        ("规模居全省第三。", "位次", "第三"),
        ("位列全省前5。", "位次", "5"),
        ("新增企业208家。", "事物的数量", "208"),
        ("惠及3.6万户。", "事物的数量", "3.6"),
        ("推进两大行动。", "事物的数量", "两"),
        ("“1+2+4+N”体系。", "名称代号", "1+2+4+N"),
        ("实施“345”行动。", "名称代号", "345"),
        ("一是开源。", "序数", "一是"),
        ("连续7年获奖。", "事物的数量", "7"),
    ],
)
def test_numbers_that_are_no_figures_say_what_they_are(text: str, kind: str, printed: str) -> None:
    assert [(kind, printed)] == [(other.kind, other.printed) for other in reading("概况", text).others]


@pytest.mark.parametrize("text", ["统一一般要求，进一步推进一体化。", "十分重要，千方百计，万众一心。"])
def test_words_that_only_contain_numerals_are_no_numbers(text: str) -> None:
    assert () == reading(text).others


WORDS = """一般公共预算 收入 支出 全市 市级 完成 调整预算 为 的 增长 下降 其中 含高新区 加上 债务余额 持平 占 剔除 以下简称
    （ ） 、 ， 。 ； 一、 （一） 1. “ ” * + N . - 12.5亿元 ３，０００万元 7 % 2.5% 0.3个百分点 2025年 第三 十 百分之五"""
PIECES = st.sampled_from(WORDS.split())


@given(st.lists(st.lists(PIECES | st.just(" "), max_size=30).map("".join), max_size=4))
def test_every_digit_of_any_text_is_in_exactly_one_number(paragraphs: list[str]) -> None:
    read = reading(*paragraphs)
    for index, paragraph in enumerate(paragraphs):
        found = [position for number in numbers(read, index) for position in spread(number)]
        digits = [position for position, character in enumerate(paragraph) if character.isdecimal()]
        assert digits == [position for position in sorted(found) if paragraph[position].isdecimal()]


@given(st.lists(PIECES, max_size=40).map("".join))
def test_every_number_is_printed_where_its_place_says(paragraph: str) -> None:
    for number in numbers(reading(paragraph), 0):
        assert number.printed == paragraph[number.place.start : number.place.until]


def numbers(read: Reading, paragraph: int) -> list[Claim | Other | Unread]:
    every: list[Claim | Other | Unread] = [*read.claims, *read.others, *read.unread]
    return [number for number in every if number.place.paragraph == paragraph]


def spread(number: Claim | Other | Unread) -> range:
    return range(number.place.start, number.place.until)
