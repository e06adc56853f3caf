"""Whole columns filled in at once show what one cell after another would."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from budgetbook.template.columns import quotients

WHOLE = st.integers(-(2**62), 2**62) | st.integers(-100, 100)


@given(pairs=st.lists(st.tuples(WHOLE, WHOLE.filter(bool)), max_size=5))
def test_a_quotient_of_whole_numbers_is_the_float_nearest_to_it(pairs: list[tuple[int, int]]) -> None:
    above, below = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    assert [float(Fraction(*pair)) for pair in pairs] == quotients(above, below)


@given(above=st.lists(WHOLE, max_size=5))
def test_amounts_are_divided_by_their_unit_of_account_alike(above: list[int]) -> None:
    assert [fen / 1_000_000 for fen in above] == quotients(np.array(above, dtype=np.int64), 1_000_000)
