"""Money is exact: whole fen, rounding half away from zero, printed figures as intervals."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetbook.amount import Interval, fens, from_fen, rounded, shown, to_fen

FEN = st.integers(-(10**17), 10**17)


@given(FEN)
def test_an_amount_in_fen_survives_the_way_to_any_unit_and_back(fen: int) -> None:
    for unit in ("元", "万元", "亿元"):
        assert fen == to_fen(from_fen(fen, unit), unit)


@given(st.lists(st.integers(-(10**13), 10**13), min_size=1))
def test_binary_floats_of_a_workbook_are_read_as_the_decimals_they_stand_for(cents: list[int]) -> None:
    typed = np.array([cent / 100 for cent in cents])
    assert [cent * 10_000 for cent in cents] == fens(typed).tolist()


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [("2.5", 0, "3"), ("-2.5", 0, "-3"), ("8.725", 2, "8.73"), ("1.249", 1, "1.2"), ("0", 1, "0.0")],
)
def test_rounding_is_half_away_from_zero(value: str, decimals: int, expected: str) -> None:
    assert Decimal(expected) == rounded(Fraction(value), decimals)


def test_a_printed_figure_stands_for_everything_that_rounds_to_it() -> None:
    interval = Interval.printed("72.94", 2, "亿元")
    assert to_fen("72.942", "亿元") in interval
    assert to_fen("72.95", "亿元") not in interval


def test_amounts_are_shown_with_thousands_and_only_the_decimals_they_have() -> None:
    assert (
        shown(to_fen("1234567.8")),
        shown(to_fen(12000)),
        shown(to_fen("0.05")),
    ) == ("1,234,567.8", "12,000", "0.05")
