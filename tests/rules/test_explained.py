"""A 核实 finding is explained by the reason column of its line, or by 情况说明 where that speaks of the line; set phrases do not do."""

from __future__ import annotations

import pytest

from budgetbook.checks import check_all
from budgetbook.checks.explained import inadequate
from budgetbook.finding import Finding
from budgetbook.findings.shown import as_json, counts, explained_count
from budgetbook.returns import Return
from tests.conftest import book, small_catalogue, small_shape
from tests.rules.examples import NOWHERE

JUMP: dict[tuple[str, str, str], str | int] = {
    ("gp_expenditure", "2050201", "actual"): 90000,
    ("gp_expenditure", "2050201", "prior"): 50000,
}
REASON = ("gp_expenditure", "205", "reason")
GENERAL = ("explanation", "expenditure", "text")


def jump(**texts: str) -> Finding:
    """What a county is told of its 教育支出, having given these explanations."""
    filled = book("A", JUMP)
    filled.texts |= {{"reason": REASON, "general": GENERAL}[where]: text for where, text in texts.items()}
    found = check_all(small_shape(), {"A": Return("", "", NOWHERE, filled, {})})
    return next(each for each in found if (each.rule, each.line) == ("R-REA-03A", "205"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "没有填写"),
        ("—", "没有填写"),
        ("无", "只有套话，没有说明原因"),
        ("正常", "只有套话，没有说明原因"),
        ("据实列支。", "只有套话，没有说明原因"),
        ("因补", "不足 6 个字"),
        ("教育支出数据属于实际情况", "没有写明原因"),
        ("主要是新建两所中学", ""),
    ],
)
def test_an_explanation_is_more_than_a_phrase_and_names_a_cause(text: str, why: str) -> None:
    assert why == inadequate(text, small_catalogue().adequacy)


def test_amounts_are_wanted_where_the_rule_asks_for_them() -> None:
    adequacy = small_catalogue().adequacy
    assert "没有写明金额" == inadequate("主要是新建两所中学", adequacy, amounts=True)
    assert "" == inadequate("主要是新建两所中学，增加3.2亿元", adequacy, amounts=True)


def test_the_reason_beside_the_figure_explains_it() -> None:
    assert "主要是新建两所中学" == jump(reason="主要是新建两所中学").explanation


def test_a_set_phrase_does_not_and_the_finding_says_why() -> None:
    found = jump(reason="据实")
    assert "" == found.explanation
    assert found.says.endswith("已填的说明“据实”只有套话，没有说明原因，请补充。")


def test_the_general_explanation_counts_if_it_speaks_of_the_line() -> None:
    assert jump(general="教育支出增长80%，主要是新建两所中学。").explanation
    assert "" == jump(general="农林水支出下降，主要是上年一次性项目完工。").explanation


def test_an_error_is_never_explained_away() -> None:
    filled = book("A", {("gp_revenue", "10119", "actual"): 90})
    filled.texts["gp_balance", "T_GPB_R_ALL", "reason"] = "主要是支出表还没有填完"
    found = check_all(small_shape(), {"A": Return("", "", NOWHERE, filled, {})})
    assert [""] == [each.explanation for each in found if each.rule == "R-BAL-01"]


def test_explained_findings_are_still_listed_and_counted_apart() -> None:
    found = [jump(reason="主要是新建两所中学"), jump()]
    assert 2 == counts(found)["warning"]
    assert 1 == explained_count(found)
    assert '"explained": 1' in as_json(2026, [], found)
    assert '"explanation": "主要是新建两所中学"' in as_json(2026, [], found)


def test_a_reason_beside_a_total_that_is_nothing_but_this_line_explains_it() -> None:
    sold: dict[tuple[str, str, str], str | int] = {
        ("capital_revenue", "103060304", "actual"): 9000,
        ("capital_revenue", "103060304", "prior"): 2000,
    }
    filled = book("A", sold)
    filled.texts["capital_revenue", "T_SCB_R", "reason"] = "主要是转让一家企业的国有股权"
    found = check_all(small_shape(), {"A": Return("", "", NOWHERE, filled, {})})
    assert ["主要是转让一家企业的国有股权"] == [each.explanation for each in found if each.rule == "R-REA-03A"]
