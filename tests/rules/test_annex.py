"""核实说明汇总 lists what units explained, well or not, and what the city waived, for an officer to read."""

from __future__ import annotations

import pytest

from budgetbook.checks import check_all
from budgetbook.finding import Finding, Waiver
from budgetbook.findings.annex import FIRST, HEADINGS, annex
from budgetbook.returns import Return
from budgetbook.sheet import Stamp
from tests.conftest import book, small_catalogue, small_shape
from tests.rules.examples import NOWHERE
from tests.rules.test_explained import JUMP, REASON

WAIVER = Waiver("0" * 12, "R-BAL-01", "甲县", "预算科", "结算未完", "2026-12-31")


def of_a_jump(reason: str) -> list[Finding]:
    filled = book("A", JUMP)
    filled.texts[REASON] = reason
    found = check_all(small_shape(), {"A": Return("", "", NOWHERE, filled, {})})
    return [each for each in found if (each.rule, each.line) == ("R-REA-03A", "205")]


def listed(findings: list[Finding]) -> list[dict[str, object]]:
    sheet = annex(small_catalogue(), findings, Stamp("ALL", 2026, "node", "", "")).sheets[1]
    rows: dict[int, dict[str, object]] = {}
    for cell in sheet.cells:
        if cell.row >= FIRST:
            rows.setdefault(cell.row, {})[HEADINGS[cell.column]] = cell.value
    return list(rows.values())


@pytest.mark.parametrize(
    ("reason", "standing"),
    [
        ("主要是新建两所中学", "充分"),
        ("据实", "不充分：只有套话，没有说明原因"),
        ("", "未说明"),
    ],
)
def test_an_explanation_is_listed_with_whether_it_does(reason: str, standing: str) -> None:
    row = listed(of_a_jump(reason))[0]
    assert ("甲县", "R-REA-03A", reason, standing) == (
        row["单位"],
        row["编号"],
        row["填报单位的说明"],
        row["说明是否充分"],
    )


def test_a_waived_error_is_listed_with_who_why_and_until() -> None:
    row = listed([Finding("R-BAL-01", "error", "不平。", "A", waiver=WAIVER)])[0]
    expected = ("强制", "已豁免", "预算科", "结算未完", "2026-12-31")
    assert expected == tuple(row[name] for name in ("级别", "说明是否充分", "豁免人", "豁免理由", "豁免至"))


def test_errors_that_stand_and_notes_are_not_in_it() -> None:
    assert [] == listed([Finding("R-BAL-01", "error", "不平。", "A"), Finding("R-REA-11", "note", "低。", "A")])


def test_the_first_sheet_counts_by_unit() -> None:
    found = [*of_a_jump(""), *of_a_jump("据实"), Finding("R-BAL-01", "error", "不平。", "A", waiver=WAIVER)]
    sheet = annex(small_catalogue(), found, Stamp("ALL", 2026, "node", "", "")).sheets[0]
    assert ["甲县", 3.0, 0.0, 1.0, 1.0, 1.0] == [cell.value for cell in sheet.cells if cell.row == FIRST]
