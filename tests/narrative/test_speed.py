"""The time a reading takes grows with the length of the text and no faster."""

from __future__ import annotations

from time import process_time

import pytest

from .claims import reading

PROSE = "深入推进各项改革，持续优化支出结构，重点领域保障有力，预算执行整体平稳，全面完成年度各项工作任务。"
FIGURES = "全市一般公共预算收入预算134.2亿元，执行中按法定程序调整为134.9亿元，实际完成135.3亿元（含高新区10.4亿元），同比增长5.1%。"
PARAGRAPH = PROSE * 6 + FIGURES + PROSE * 6
HOSTILE = [
    "1",
    "一",
    "（",
    "（）",
    "a",
    "1，111",
    "全市",
    "、",
    "第",
    "加上",
    "其中",
    "占",
    "区",
    "以下简称",
    "1.",
    "百分之",
    "-",
    " ",
]

pytestmark = pytest.mark.long


def test_ten_megabytes_are_read_in_ten_seconds() -> None:
    paragraphs = ["一、2025年预算执行情况", *[PARAGRAPH] * (10 * 2**20 // len(PARAGRAPH.encode()))]
    start = process_time()
    read = reading(*paragraphs)
    assert process_time() - start < 10
    assert 5 * (len(paragraphs) - 1) == len(read.claims)


@pytest.mark.parametrize("piece", HOSTILE)
def test_one_endless_sentence_takes_no_more_than_its_length(piece: str) -> None:
    text = "全市收入" + piece * (2**18 // len(piece)) + "5亿元。"
    start = process_time()
    reading("一、2025年预算执行情况", text)
    assert process_time() - start < 10
