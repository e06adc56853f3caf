"""A report against itself: what holds as printed, what holds only by rounding, and what no exact figures could satisfy."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest

from budgetbook.narrative.judged import BROKEN, HOLDS, ROUNDING, Judged
from budgetbook.narrative.text_rules import TextRelationError, read_text_relations
from tests.test_sample import sample_shape

from .base import judged, needs_report, paragraphs, written

TITLE = "关于2025年预算执行情况和2026年预算草案的报告"
YI = 10**10


def verdicts(*lines: str) -> list[tuple[str, int]]:
    """(relation, verdict) of all that is judged."""
    return [(each.id, each.verdict) for each in judged(TITLE, *lines)]


def broken(*lines: str) -> list[Judged]:
    return [each for each in judged(TITLE, *lines) if each.verdict == BROKEN]


@needs_report
def test_the_published_report_has_one_contradiction_and_two_conclusions_to_look_at() -> None:
    found = [each for each in judged(*paragraphs()) if each.verdict == BROKEN]
    assert [("R-COL-03C", "error"), ("T-WORDS", "warning"), ("T-WORDS", "warning")] == [
        (each.id, each.severity) for each in found
    ]
    spent, quality, stable = found
    assert spent.left is not None and spent.right is not None
    assert (Fraction("0.93585"), Fraction("0.3")) == (spent.left.low / YI, spent.right.high / YI)
    assert "县（市、区）（全市减市级）国有资本经营预算支出" in spent.says
    assert ("一般公共预算收入量质齐升。", "一般公共预算支出保持稳定。") == tuple(
        each.at.sentence.strip("*") for each in (quality, stable)
    )


@needs_report
def test_what_holds_in_the_published_report_only_by_rounding_is_no_error() -> None:
    found = judged(*paragraphs())
    assert {HOLDS: 201, ROUNDING: 8, BROKEN: 3} == Counter(each.verdict for each in found)
    by_rounding = sorted(
        (each.id, tuple(claim.printed for claim in each.claims)) for each in found if each.verdict == 1
    )
    assert ("R-DEBT-01B", ("72.94 亿元", "8.73 亿元", "64.22 亿元")) in by_rounding
    assert ("T-SIF-03", ("2.8 亿元", "0.6 亿元", "3.3 亿元")) in by_rounding
    assert ("T-RATE", ("342.5 亿元", "312.9 亿元", "91.3%")) in by_rounding


@pytest.mark.parametrize(
    ("special", "verdict"), [("641.2", HOLDS), ("641.21", ROUNDING), ("641.22", BROKEN), ("614.2", BROKEN)]
)
def test_general_and_special_debt_make_the_total(special: str, verdict: int) -> None:
    line = f"2025年底，全市政府债务余额794.43亿元，其中一般债务余额153.23亿元，专项债务余额{special}亿元。"
    assert verdict == dict(verdicts(line))["R-DEBT-01B"]


def test_levels_make_the_city_and_a_level_not_spoken_of_is_what_is_left() -> None:
    line = "2025年底，全市政府债务余额794.43亿元；市级政府债务余额276.47亿元；县（市、区）政府债务余额{}亿元。"
    assert HOLDS == dict(verdicts(line.format("517.96")))["T-LEVEL"]
    assert BROKEN == dict(verdicts(line.format("571.96")))["T-LEVEL"]
    [negative] = broken("2025年全市政府性基金收入完成20.1亿元。", "2025年市级政府性基金收入完成20.3亿元。")
    assert ("T-DERIVED", True) == (negative.id, "由全市减市级推算，不得为负" in negative.says)


def test_a_zone_is_no_more_than_the_city_level_it_belongs_to() -> None:
    line = "2025年市级一般公共预算支出完成12.1亿元（含高新区{}亿元）。"
    assert [] == broken(line.format("12.1"))
    assert ["T-DERIVED"] == [each.id for each in broken(line.format("17.8"))]


def test_what_is_left_for_the_counties_obeys_the_rules_of_the_columns() -> None:
    city = "2025年全市一般公共预算支出调整预算342.5亿元，完成312.9亿元。"
    assert [] == broken(city, "2025年市级一般公共预算支出调整预算112.5亿元，完成102.1亿元。")
    [found] = broken(city, "2025年市级一般公共预算支出调整预算112.5亿元，完成82.1亿元。")
    assert ("R-COL-03A", True) == (found.id, "县（市、区）（全市减市级）" in found.says)


@pytest.mark.parametrize(("rate", "verdict"), [("91.4", HOLDS), ("91.3", ROUNDING), ("93.1", BROKEN)])
def test_completion_follows_from_the_amounts_beside_it(rate: str, verdict: int) -> None:
    line = f"2025年全市一般公共预算支出调整预算342.5亿元，完成312.9亿元，为调整预算的{rate}%。"
    assert verdict == dict(verdicts(line))["T-RATE"]


def test_what_follows_for_units_not_spoken_of_is_not_said_again() -> None:
    city = "2025年底，全市政府债务余额794.43亿元，其中一般债务余额153.23亿元，专项债务余额{}亿元。"
    level = "2025年底，市级政府债务余额276.47亿元，其中一般债务余额59.17亿元，专项债务余额217.30亿元。"
    assert [] == broken(city.format("641.20"), level)
    [found] = broken(city.format("614.20"), level)
    assert ("R-DEBT-01B", False) == (found.id, "减市级" in found.says)


def test_a_planned_growth_follows_from_budget_and_execution() -> None:
    lines = "2025年全市一般公共预算收入完成135.1亿元。", "2026年全市一般公共预算收入预算141.1亿元，增长{}%。"
    assert [] == broken(lines[0], lines[1].format("4.4"))
    assert ["T-RATE"] == [each.id for each in broken(lines[0], lines[1].format("5.4"))]


def test_sources_make_their_total_and_totals_are_equal() -> None:
    line = "2026年全市一般公共预算收入预算141.1亿元，加上上级补助等{}亿元，收入总计334亿元。支出预算312.2亿元，加上上解上级支出等21.8亿元，支出总计{}亿元。"
    assert [] == broken(line.format("192.9", "334.0"))
    assert ["R-SUM-01"] == [each.id for each in broken(line.format("129.9", "334.0"))]
    assert {"R-SUM-01", "R-LVL-15A"} == {each.id for each in broken(line.format("192.9", "343.0"))}


def test_the_closing_balance_is_carried_into_the_next_year() -> None:
    executed = "2025年全市社会保险基金收入完成109.0亿元，支出完成102.1亿元，年度收支结余6.9亿元，年末滚存结余94.5亿元。"
    drafted = "2026年全市社会保险基金收入预算115.9亿元，支出预算106.9亿元，年度收支结余9.0亿元，年末滚存结余{}亿元。"
    assert [] == broken(executed, drafted.format("103.5"))
    assert ["T-SIF-03"] == [each.id for each in broken(executed, drafted.format("105.3"))]


def test_debt_is_within_its_limit() -> None:
    line = "2025年底，全市政府债务限额805.20亿元，全市政府债务余额{}亿元。"
    assert [] == broken(line.format("794.43"))
    assert ["R-DEBT-02A"] == [each.id for each in broken(line.format("817.95"))]


def test_the_same_thing_said_twice_is_the_same() -> None:
    lines = "2025年全市一般公共预算收入完成135.1亿元。", "2025年全市一般公共预算收入完成{}。"
    assert [("T-SAME", HOLDS)] == verdicts(lines[0], lines[1].format("135.1亿元"))
    assert [("T-SAME", ROUNDING)] == verdicts(lines[0], lines[1].format("1350772万元"))
    assert [("T-SAME", BROKEN)] == verdicts(lines[0], lines[1].format("1353772万元"))


def test_relations_that_each_could_hold_are_found_where_they_cannot_hold_together() -> None:
    """The total is 0.3 more than the four parts at the bottom; five figures leave room for 0.25."""
    lines = [
        "2025年底，全市政府债务余额60.2亿元，其中一般债务余额30.1亿元，专项债务余额{}亿元。",
        "2025年底，市级一般债务余额15.0亿元，专项债务余额15.0亿元。",
        "2025年底，县（市、区）一般债务余额15.0亿元，专项债务余额14.9亿元。",
    ]
    found = judged(TITLE, lines[0].format("30.0"), *lines[1:])
    assert {"T-LEVEL": ROUNDING, "R-DEBT-01B": ROUNDING, "T-JOINT": BROKEN} == {each.id: each.verdict for each in found}
    [joint] = [each for each in found if each.id == "T-JOINT"]
    assert "以下 3 条单独看都成立或只差尾数，合起来却不能同时成立：" in joint.says
    assert 7 == len(joint.claims)
    assert "T-JOINT" not in dict(verdicts(lines[0].format("30.1"), *lines[1:]))


@pytest.mark.parametrize(
    ("line", "doubtful"),
    [
        ("全市一般公共预算收入同比增长5.1%，增长的主要原因是税收恢复。", False),
        ("全市一般公共预算收入同比下降5.1%，增长的主要原因是税收恢复。", True),
        ("全市一般公共预算支出保持稳定。全市一般公共预算支出同比下降2.8%。", False),
        ("全市一般公共预算支出保持稳定。全市一般公共预算支出同比下降5.8%。", True),
        ("一般公共预算收入量质齐升。全市一般公共预算收入增长2.0%，税收收入增长5.1%。", False),
        ("一般公共预算收入量质齐升。全市一般公共预算收入增长5.1%，税收收入增长2.0%。", True),
    ],
)
def test_conclusions_in_words_are_held_against_their_figures(line: str, doubtful: bool) -> None:
    words = [each for each in judged(TITLE, f"2025年，{line}") if each.id == "T-WORDS"]
    assert [(BROKEN if doubtful else HOLDS, "warning")] == [(each.verdict, each.severity) for each in words]


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (
            "si_revenue:M_SIF_FIN",
            "si_revenue:M_X",
            "x.toml 的 T-SIF-01 用到不存在的“si_revenue:M_X”。请核对表名和科目编码。",
        ),
        ('sign = "<="', 'sign = "<"', "x.toml 的 T-SIF-01 的 sign 或 severity 不认得。请对照其他行改正。"),
        ("[levels]", "[level]", "x.toml 缺少“levels”一项。请从原文件补上这一项。"),
        ("at_least = 5", "", "x.toml 的“快速增长、大幅增长、较快增长”没有写 at_least 或 at_most。请补上。"),
    ],
)
def test_a_broken_file_is_refused_with_its_place_and_the_remedy(before: str, after: str, says: str) -> None:
    text = written("text_relations.toml").replace(before, after)
    with pytest.raises(TextRelationError) as error:
        read_text_relations(text, sample_shape().catalogue, "x.toml")
    assert says == str(error.value)
