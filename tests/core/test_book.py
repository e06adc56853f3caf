"""A book keeps blank apart from zero, and every total and ratio follows from the entries."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from budgetbook.amount import to_fen
from budgetbook.shape import Shape
from tests.conftest import book, small_shape


def test_a_total_of_blanks_is_blank_and_a_total_of_zeros_is_zero() -> None:
    filled = book("A", {("gp_revenue", "10104", "actual"): 0})
    assert 0 == filled.at("gp_revenue", "T_GPB_R", "actual")
    assert filled.at("gp_revenue", "T_GPB_R", "budget") is None


def test_totals_run_through_forms() -> None:
    """增值税 100 + 教育费附加 50 → 本年收入合计 150 on 表01 and 收入总计 150 on 表03."""
    filled = book("A", {("gp_revenue", "1010101", "actual"): 100, ("gp_revenue", "1030203", "actual"): 50})
    assert to_fen(150) == filled.at("gp_balance", "T_GPB_R_ALL", "actual")


def test_a_subtraction_is_a_total_too() -> None:
    """上年 10 + 收入 7 − 支出 4 = 年末 13."""
    filled = book(
        "A",
        {
            ("si_balance", "S10202.open", "actual"): 10,
            ("si_revenue", "1020201", "actual"): 7,
            ("si_expenditure", "2090201", "actual"): 4,
        },
    )
    assert to_fen(13) == filled.at("si_balance", "T_SIF_END", "actual")


def test_ratios_are_exact_and_undefined_over_nothing() -> None:
    filled = book(
        "A",
        {
            ("gp_revenue", "10104", "actual"): 110,
            ("gp_revenue", "10104", "prior"): 100,
            ("gp_revenue", "10104", "adjusted"): 0,
        },
    )
    assert Fraction(1, 10) == filled.value("gp_revenue", "10104", "growth")
    assert filled.value("gp_revenue", "10104", "adjusted_pct") is None
    assert Fraction(1) == filled.value("indicators", "tax_ratio", "actual")


def test_a_county_has_no_lines_for_paying_counties_below_it(shape: Shape) -> None:
    assert not shape.level("county").open[shape.place("city_transfers", "23002", "actual")]
    assert shape.level("city").open[shape.place("city_transfers", "23002", "actual")]


@given(st.dictionaries(st.integers(0, small_shape().size - 1), st.integers(-(10**15), 10**15), max_size=40))
def test_computing_totals_twice_changes_nothing(figures: dict[int, int]) -> None:
    filled = book("B", {})
    for place, fen in figures.items():
        filled.fen[place], filled.given[place] = fen, True
    once = filled.computed()
    twice = once.computed()
    assert (once.fen.tolist(), once.given.tolist()) == (twice.fen.tolist(), twice.given.tolist())


def test_a_frame_shows_blanks_as_not_a_number() -> None:
    frame = book("A", {("gp_revenue", "10104", "actual"): "12.5"}).frame("gp_revenue")
    assert 12.5 == frame.loc[("10104", "企业所得税"), "actual"]
    assert frame["budget"].isna().all()
