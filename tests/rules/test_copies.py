"""R-REA-16: what was copied from a neighbour is recognised, a whole file or one form of it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from budgetbook.book import Book
from budgetbook.checks import check_all
from budgetbook.checks.copies import LARGEST, largest
from budgetbook.returns import Return
from tests.conftest import small_shape
from tests.core.test_round_trip import random_book
from tests.rules.examples import NOWHERE

SPAN = small_shape().span(small_shape().catalogue.form("gp_expenditure"))


def told(*books: Book) -> list[tuple[str, str, bool]]:
    returns = {book.unit.code: Return("", "", NOWHERE, book, {}) for book in books}
    found = [each for each in check_all(small_shape(), returns) if each.rule == "R-REA-16B"]
    return [(each.unit, each.form, "乙县的报表有" in each.says) for each in found]


def pasted(share: float) -> tuple[Book, Book]:
    """Of one form of the first book so much is the second's."""
    mine, theirs = random_book("A", 1, 0.5), random_book("B", 2, 0.5)
    places = np.flatnonzero(theirs.given[SPAN]) + SPAN.start
    places = places[: int(share * len(places))]
    mine.fen[SPAN] = np.where(theirs.given[SPAN], mine.fen[SPAN], 0)
    mine.fen[places], mine.given[places] = theirs.fen[places], True
    return mine, theirs


def test_two_books_of_their_own_are_no_copies() -> None:
    assert [] == told(random_book("A", 1, 0.5), random_book("B", 2, 0.5))


def test_a_form_of_a_neighbour_is_named_where_the_rest_is_the_units_own() -> None:
    assert [("A", "gp_expenditure", True)] == told(*pasted(1.0))


def test_a_form_of_which_a_part_is_alike_is_no_copy() -> None:
    assert [] == told(*pasted(0.9))


def test_a_whole_copy_is_told_once() -> None:
    theirs = random_book("B", 2, 0.5)
    mine = Book(small_shape().catalogue.tree["A"], small_shape(), theirs.fen, theirs.given)
    assert [("A", "", True)] == told(mine, theirs)


@given(st.lists(st.integers(0, 9) | st.integers(0, 10**17), max_size=2000))
def test_the_largest_figures_of_a_book_are_found_without_putting_all_in_order(sizes: list[int]) -> None:
    expected = sorted((place for place, size in enumerate(sizes) if size), key=lambda place: (-sizes[place], place))
    assert expected[:LARGEST] == largest(np.array(sizes, dtype=np.int64))
