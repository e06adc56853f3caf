"""A typed formula is worth what it comes to; of one beyond arithmetic nothing is claimed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetbook.returns import Facts, Grid
from budgetbook.returns.arithmetic import worth

GRIDS = {
    "表": Grid([[1.0, 2.0, "字"], ["", 4.5, True]], look=lambda: Facts(errors={(2, 0): "#REF!"})),
    "县's 表": Grid([[7.0]]),
}


@pytest.mark.parametrize(
    ("result", "formula"),
    [
        (3, "1+2"),
        (-7, "-(3+4)"),
        (0.5, "50%"),
        (7, "1+2*3"),
        (2, "8/2/2"),
        (120, "1.2E2"),
        (6.5, "$B$1+B2"),
        (1, "A1+A2"),
        (7.5, "SUM(A1:B2)"),
        (4, "SUM(A1:C1,1)"),
        (8, "A1+'县''s 表'!A1"),
        (3, " 1 + 2 "),
    ],
)
def test_plain_arithmetic_comes_to_its_result(result: float, formula: str) -> None:
    assert result == worth(formula, GRIDS, "表")


@pytest.mark.parametrize(
    "formula",
    ["ROUND(1.5,0)", "A1+C1", "A3+1", "SUM(A1:A3)", "C2+1", "1/0", "[1]表!A1", "无此表!A1", "1+", "(1", "1)", "A1:A2", "1E999*1E999",
     "名称+1", "SUM(A1:XFD1048576)", "(" * 30 + "1" + ")" * 30, "1+" * 600 + "1", "", "1 2", "2^3", '"1"+1'],
)  # fmt: skip
def test_nothing_is_claimed_of_any_other(formula: str) -> None:
    assert worth(formula, GRIDS, "表") in (None, float("inf"))


_SUMS = st.recursive(
    st.integers(0, 999).map(str),
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda parts: f"({''.join(parts)})"),
    max_leaves=12,
)


@given(_SUMS)
def test_it_agrees_with_python(formula: str) -> None:
    assert formula.count("(") > 20 or eval(formula) == worth(formula, {}, "")


@given(st.text("0123456789.+-*/(),%A1$:!'E SUM()", max_size=40))
def test_it_never_raises(formula: str) -> None:
    worth(formula, GRIDS, "表")
