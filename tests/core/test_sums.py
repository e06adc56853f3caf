"""Many sums at once are what they are one by one, whatever is done with them."""

from fnmatch import fnmatch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from budgetbook.cases import all_cases, total_cases
from budgetbook.sums import Sums
from tests.test_sample import sample_shape

FIGURES = 6
ROW = st.lists(st.tuples(st.integers(0, FIGURES - 1), st.integers(-3, 3)), min_size=1, max_size=4)
ROWS = st.lists(ROW, max_size=5)
FEN = st.lists(st.lists(st.integers(-(10**12), 10**12), min_size=FIGURES, max_size=FIGURES), min_size=1, max_size=3)


@given(ROWS, FEN)
def test_every_sum_of_every_unit_is_the_one_that_python_makes(
    rows: list[list[tuple[int, int]]], fen: list[list[int]]
) -> None:
    told = Sums(rows).of(np.array(fen, dtype=np.int64))
    assert [[sum(unit[place] * weight for place, weight in row) for row in rows] for unit in fen] == told.tolist()


@given(ROWS, st.lists(st.booleans(), min_size=FIGURES, max_size=FIGURES))
def test_a_sum_is_given_by_any_addend_and_whole_by_all(rows: list[list[tuple[int, int]]], there: list[bool]) -> None:
    sums, marks = Sums(rows), np.array(there, dtype=bool)
    assert [any(there[place] for place, _ in row) for row in rows] == sums.given(marks).tolist()
    assert [all(there[place] for place, _ in row) for row in rows] == sums.all_given(marks).tolist()


@given(ROWS, ROWS, st.data())
def test_sums_that_are_picked_or_joined_keep_their_addends(
    rows: list[list[tuple[int, int]]], more: list[list[tuple[int, int]]], data: st.DataObject
) -> None:
    numbers = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=6)) if rows else []
    assert [rows[number] for number in numbers] == list(Sums(rows).only(np.array(numbers, dtype=np.intp)).all_addends())
    assert [*rows, *more] == list(Sums(rows).then(Sums(more)).all_addends())


def test_a_case_has_an_open_figure_for_each_term_of_its_relation() -> None:
    shape = sample_shape()
    for case in all_cases(shape, "county", "unit"):
        for terms, addends in ((case.relation.left, case.left), (case.relation.right, case.right)):
            assert [term.weight for term in terms] == [weight for _, weight in addends]
            assert {place for place, _ in addends} <= shape.level("county").opened
            for term, (place, _) in zip(terms, addends, strict=True):
                form, line, column = shape.keys[place]
                assert term.form == form and fnmatch(line, term.line)
                assert column in ((term.column,) if term.column else case.relation.columns)


def test_a_case_is_the_same_however_it_is_asked_for() -> None:
    shape = sample_shape()
    whole = all_cases(shape, "county", "unit").then(total_cases(shape, "county"))
    each, some = list(whole), np.array([len(whole) - 1, 3, 700], dtype=np.intp)
    assert each == [whole[number] for number in range(len(whole))]
    assert [each[number] for number in some] == list(whole.only(some))
