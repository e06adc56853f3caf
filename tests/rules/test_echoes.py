"""One cause is one finding: what follows from a finding is not reported again, and what does not follow is."""

from __future__ import annotations

from collections.abc import Mapping

from budgetbook.book import Book
from budgetbook.checks import check_all
from budgetbook.finding import Finding
from budgetbook.returns import Return
from tests.conftest import book, prior, small_shape
from tests.rules.examples import NOWHERE

Figures = dict[tuple[str, str, str], str | int]


def found(figures: Mapping[str, Figures], **more: Mapping[str, Book]) -> list[Finding]:
    returns = {code: Return("", "", NOWHERE, book(code, each), {}) for code, each in figures.items()}
    return list(check_all(small_shape(), returns, **more))


def told(findings: list[Finding], *rules: str) -> set[tuple[str, str, str]]:
    return {(each.rule, each.unit, each.line) for each in findings if each.rule in rules}


def over(line: str, more: int, unit: str = "gp_expenditure") -> Figures:
    return {(unit, line, "adjusted"): 100, (unit, line, "actual"): 100 + more}


def test_an_item_over_its_budget_is_reported_at_the_item_and_not_at_every_total_above_it() -> None:
    assert {("R-COL-03A", "A", "2050201")} == told(found({"A": over("2050201", 7)}), "R-COL-03A")


def test_two_items_over_their_budgets_are_two_findings() -> None:
    figures = over("2050201", 7) | over("2080101", 9)
    assert {("R-COL-03A", "A", "2050201"), ("R-COL-03A", "A", "2080101")} == told(found({"A": figures}), "R-COL-03A")


def test_a_county_that_does_not_balance_is_not_reported_again_for_the_nodes_above_it() -> None:
    entry: Figures = {("gp_revenue", "10119", "actual"): 90, ("gp_expenditure", "2010101", "actual"): 100}
    even: Figures = {("gp_revenue", "10119", "actual"): 100, ("gp_expenditure", "2010101", "actual"): 100}
    every = {"A": entry, "B": even, "BJ": even, "GX": even}
    assert {("R-BAL-01", "A", "T_GPB_R_ALL")} == told(found(every), "R-BAL-01", "R-LVL-15A")


def test_a_flow_that_differs_is_reported_once_and_not_as_a_balance_of_the_whole_city() -> None:
    city: Figures = {("gp_revenue", "10119", "actual"): 500, ("city_transfers", "23002.A", "actual"): 500}
    county: Figures = {("gp_transfers", "1100202", "actual"): 480, ("gp_expenditure", "2010101", "actual"): 480}
    spoken = found({"A": county, "B": {}, "BJ": city, "GX": {}})
    assert {("R-LVL-10", "A", "11002")} == told(spoken, "R-LVL-10", "R-BAL-01", "R-LVL-15A")


def test_a_form_left_blank_is_one_finding_for_all_the_relations_that_look_for_it() -> None:
    limits: Figures = {
        ("debt_limit", "D1.B", "actual"): 600,
        ("debt_limit", "D1.C", "actual"): 800,
        ("debt_limit", "D1.E", "actual"): 500,
        ("debt_limit", "D1.F", "actual"): 700,
    }
    spoken = [each for each in found({"A": limits}) if each.rule.startswith(("R-DEBT", "R-EMPTY-02"))]
    assert {"R-EMPTY-02"} == {each.rule for each in spoken}
    assert ["debt_early", "debt_general", "debt_special"] == sorted(each.form for each in spoken)
    assert "表16“地方政府一般债务余额情况表（表1-2）”整张没有填" in next(
        each.says for each in spoken if each.form == "debt_general"
    )


def test_a_column_left_blank_is_one_finding_as_grave_as_what_misses_it() -> None:
    spending: Figures = {
        ("capital_expenditure", "2230202", "actual"): 40,
        ("capital_expenditure", "2230108", "actual"): 50,
    }
    spoken = [each for each in found({"A": spending}) if each.rule in ("R-COL-03C", "R-COL-09C")]
    assert [("R-COL-09C", "error")] == [(each.rule, each.severity) for each in spoken]


def test_a_central_account_points_at_the_one_that_was_used() -> None:
    assert {("R-CENT-01A", "A", "23201")} == told(
        found({"A": {("gp_expenditure", "2320101", "actual"): 5}}), "R-CENT-01A"
    )


def test_the_reserve_of_a_zone_is_not_judged_but_that_of_a_county_is() -> None:
    spending: Figures = {("gp_expenditure", "2010101", "budget"): 10000}
    assert {("R-REA-01A", "A", "227")} == told(found({"A": spending, "GX": spending}), "R-REA-01A")


def test_the_finding_says_both_sides_with_their_weights_and_what_to_do() -> None:
    spending: Figures = {("gp_expenditure", "2010101", "budget"): 9950, ("gp_expenditure", "227", "budget"): 50}
    says = next(each.says for each in found({"A": spending}) if each.rule == "R-REA-01A")
    assert says == (
        "表02“预备费”2026年预算数 50 万元，不得小于“本年支出合计”2026年预算数 10,000 万元的1%，即 100 万元，相差 50 万元。"
        "预备费不得低于本级一般公共预算支出额的百分之一。请按支出额的百分之一至百分之三设置预备费。"
    )


def test_last_years_book_is_spoken_of_in_last_years_words() -> None:
    this: Figures = {("gp_revenue", "10119", "initial"): 100}
    last = {"A": {("gp_revenue", "10119", "budget"): 90}}
    says = next(each.says for each in found({"A": this}, prior=prior(last)) if each.rule == "R-YR-02A")
    assert "“契税”2025年年初预算数 100 万元，应等于上年报表“契税”2025年预算数 90 万元，相差 10 万元" in says


def test_an_approved_budget_is_compared_with_the_estimate_it_replaces() -> None:
    estimate = {"A": book("A", {("gp_revenue", "10119", "budget"): 90})}
    spoken = found({"A": {("gp_revenue", "10119", "budget"): 100}}, estimates=estimate)
    assert {("R-LVL-18A", "A", "10119")} == told(spoken, "R-LVL-18A")
