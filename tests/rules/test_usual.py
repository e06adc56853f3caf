"""What a figure is likely to be follows from the same line's other columns, and from how the columns of the form usually stand."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from budgetbook.book import Book
from budgetbook.checks.neighbours import neighbours
from budgetbook.checks.usual import Usual
from tests.conftest import small_shape

WHOLE = 10**6
SHARES = {"prior": 0.8, "initial": 0.85, "adjusted": 0.95, "actual": 0.9, "budget": 1.0}
LINES = [line.code for line in small_shape().catalogue.form("gp_expenditure").lines if line.kind == "entry"][:40]


def usual(times: dict[str, float], kept: str = "") -> Usual:
    """Of a county whose lines are 1,000 to 40,000 万元, each column at its share; the line *kept* is the same every year."""
    book = Book.empty(small_shape().catalogue.tree["A"], small_shape())
    for at, line in enumerate(LINES):
        for column, share in (SHARES | times).items():
            amount = 5000 if line == kept else round(1000 * (at + 1) * share)
            book.put("gp_expenditure", line, column, amount * WHOLE)
    return Usual(small_shape(), "county", book.fen, neighbours(small_shape(), "county"))


def place(line: str, column: str) -> int:
    return small_shape().place("gp_expenditure", line, column)


def test_a_column_that_usually_stands_at_nine_tenths_is_expected_there() -> None:
    found = usual({})
    assert pytest.approx(9000 * WHOLE, rel=0.01) == exp(found.expected(place(LINES[9], "actual"))[0])
    likely, other = found.chance(place(LINES[9], "actual"), 9000 * WHOLE, 10000 * WHOLE)
    assert likely > other


def test_a_column_in_another_unit_of_account_does_not_become_usual() -> None:
    found = usual({"actual": 9000.0})
    at = place(LINES[9], "actual")
    likely, other = found.chance(at, 9000 * WHOLE, 90_000_000 * WHOLE)
    assert likely > other + 5


def test_a_line_that_keeps_its_figure_is_expected_to_keep_it() -> None:
    at = place(LINES[9], "actual")
    likely, other = usual({}, kept=LINES[9]).chance(at, 5000 * WHOLE, 4990 * WHOLE)
    assert likely - other > 3
    likely, other = usual({}).chance(at, 9000 * WHOLE, 8990 * WHOLE)
    assert abs(likely - other) < 1


def test_of_a_line_that_stands_alone_nothing_is_known() -> None:
    book = Book.empty(small_shape().catalogue.tree["A"], small_shape())
    found = Usual(small_shape(), "county", book.fen, neighbours(small_shape(), "county"))
    assert not found.known(place(LINES[0], "actual"))
    assert np.isnan(found.expected(place(LINES[0], "actual"))[0])
