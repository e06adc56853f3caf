"""One finding for one mistake: what was typed, what was meant, how many relations that clears, and the echoes folded under it."""

from __future__ import annotations

import pytest

from budgetbook.book import Book
from budgetbook.checks import check_all, check_one, gathered
from budgetbook.checks.cause import with_causes
from budgetbook.checks.stories import best
from budgetbook.finding import Finding
from tests.conftest import small_shape
from tests.faults.inject import stated
from tests.faults.measure import given

WHOLE = 10**6
Key = tuple[str, str, str]


@pytest.mark.parametrize(
    ("typed", "right", "story"),
    [
        (123_400_000, 12_340, "按元填列，应为万元"),
        (123_400, 12_340, "小数点错一位，大了十倍"),
        (12_430, 12_340, "相邻两位数字颠倒"),
        (-12_340, 12_340, "正负号填反"),
        (1_240, 12_340, "漏打一位数字"),
        (123_440, 12_340, "多打一位数字"),
        (0, 12_340, "漏填"),
        (98_765, 12_340, ""),
    ],
)
def test_a_slip_of_the_hand_has_its_name(typed: int, right: int, story: str) -> None:
    assert story == best(typed * WHOLE, right * WHOLE).says


def clean() -> Book:
    """A county whose budget balances: 12,340 of tax and 12,000 of grants, all spent in two lines."""
    spent = {("gp_expenditure", "2050201"): 20_340, ("gp_expenditure", "2080501"): 4_000}
    income = {("gp_revenue", "1010101"): 12_340, ("gp_transfers", "1100202"): 12_000}
    columns = ("prior", "initial", "adjusted", "actual", "budget")
    figures: dict[Key, str | int] = {
        (*cell, each): amount for cell, amount in (spent | income).items() for each in columns
    }
    return Book.of(small_shape().catalogue.tree["A"], small_shape(), figures)


def told(typed: dict[Key, int], *, held: tuple[Key, ...] = ()) -> list[Finding]:
    """What is newly found, with causes, once these amounts are typed; *held* totals do not follow."""
    shape = small_shape()
    places = {shape.place(*key): amount * WHOLE for key, amount in typed.items()}
    before = {(each.rule, each.line, each.column) for each in _found(clean())}
    book = stated(clean(), dict(places), held=tuple(shape.place(*key) for key in held))
    new = [each for each in _found(book) if (each.rule, each.line, each.column) not in before]
    ret = given(book)
    return with_causes(gathered(shape, {"A": ret}), {"A": ret}, new)


def _found(book: Book) -> list[Finding]:
    ret = given(book)
    return [*check_one(small_shape(), ret), *check_all(small_shape(), {"A": ret})]


def test_ten_findings_of_one_slip_become_one_with_its_cause() -> None:
    roots = [each for each in told({("gp_expenditure", "2050201", "actual"): 203_400}) if each.cause]
    assert 1 == len(roots)
    assert roots[0].cause.startswith("最可能：表02")
    assert "录入 203,400 万元，若为 20,340 万元（小数点错一位，大了十倍），则 " in roots[0].cause
    assert "条不符全部消除" in roots[0].cause
    assert len(roots[0].echoes) > 1


def test_the_gravest_finding_stands_for_the_others_and_none_is_lost() -> None:
    found = told({("gp_expenditure", "2050201", "actual"): 203_400})
    root = next(each for each in found if each.cause)
    assert "error" == root.severity
    assert {"R-BAL-01", "R-COL-03A"} <= {each.rule for each in (root, *root.echoes)}


def test_a_total_that_misses_a_part_is_said_to() -> None:
    total = ("gp_expenditure", "T_GPB_E", "actual")
    roots = [each for each in told({total: 20_340}, held=(total,)) if each.cause]
    assert ["error"] == [each.severity for each in roots]
    assert "合计漏加“社会保障和就业支出”" in roots[0].cause


def test_without_a_broken_relation_nothing_changes() -> None:
    finding, returns = Finding("U-02", "warning", "是文本格式的数字。", "A"), {"A": given(clean())}
    assert [finding] == with_causes(gathered(small_shape(), returns), returns, [finding])
