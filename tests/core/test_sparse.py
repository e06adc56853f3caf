"""A sparse matrix is the dense one it stands for, whatever is done with it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from budgetbook.sparse import Sparse, stacked

Ints = NDArray[np.int64]
SIZES = st.integers(1, 5)
SMALL = st.integers(-3, 3)


@st.composite
def matrices(draw: st.DrawFn, *, height: int = 0, width: int = 0) -> Ints:
    """A matrix of that size, or of any."""
    height, width = height or draw(SIZES), width or draw(SIZES)
    return np.array(
        draw(st.lists(st.lists(SMALL, min_size=width, max_size=width), min_size=height, max_size=height)), np.int64
    )


@st.composite
def alike(draw: st.DrawFn) -> tuple[Ints, Ints]:
    """Two matrices of one size."""
    first = draw(matrices())
    return first, draw(matrices(height=first.shape[0], width=first.shape[1]))


@st.composite
def chained(draw: st.DrawFn) -> tuple[Ints, Ints]:
    """Two matrices that can be multiplied."""
    first = draw(matrices())
    return first, draw(matrices(height=first.shape[1]))


def sparse(dense: Ints) -> Sparse:
    """Every cell is given as an entry, zeros too."""
    rows, columns = np.indices(dense.shape).reshape(2, -1)
    return Sparse.of(rows, columns, dense.ravel(), *dense.shape)


def dense(made: Sparse) -> list[list[int]]:
    """What a sparse matrix stands for, once it is found to be as it says."""
    for number in range(made.height):
        columns, values = made.row(number)
        assert sorted(set(columns.tolist())) == columns.tolist()
        assert 0 not in values
    whole = np.zeros((made.height, made.width), np.int64)
    whole[made.rows, made.indices] = made.data
    return whole.tolist()  # type: ignore[no-any-return]  # of two dimensions


@given(matrices())
def test_what_is_put_in_comes_out(matrix: Ints) -> None:
    assert matrix.tolist() == dense(sparse(matrix))


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), SMALL)))
def test_entries_of_one_cell_are_added_up(entries: list[tuple[int, int, int]]) -> None:
    expected = np.zeros((3, 4), np.int64)
    for row, column, value in entries:
        expected[row, column] += value
    rows, columns, values = np.array(entries, np.int64).reshape(-1, 3).T
    assert expected.tolist() == dense(Sparse.of(rows, columns, values, 3, 4))


@given(matrices(), st.data())
def test_rows_are_picked_in_the_order_asked_for_and_more_than_once(matrix: Ints, data: st.DataObject) -> None:
    rows = np.array(data.draw(st.lists(st.integers(0, len(matrix) - 1))), np.int64)
    assert matrix[rows].tolist() == dense(sparse(matrix).picked(rows))


@given(matrices())
def test_turned_it_is_the_transpose(matrix: Ints) -> None:
    assert matrix.T.tolist() == dense(sparse(matrix).turned())


@given(chained())
def test_times_is_the_matrix_product(pair: tuple[Ints, Ints]) -> None:
    left, right = pair
    assert (left @ right).tolist() == dense(sparse(left).times(sparse(right)))


@given(alike())
def test_entries_of_one_cell_are_added_up_and_none_is_kept_that_is_zero(pair: tuple[Ints, Ints]) -> None:
    left, right = (each.ravel() for each in pair)
    rows, columns = np.tile(np.indices(pair[0].shape).reshape(2, -1), 2)
    both = Sparse.of(rows, columns, np.append(left, right), *pair[0].shape)
    assert (pair[0] + pair[1]).tolist() == dense(both)
    assert 0 == len(Sparse.of(rows, columns, np.append(left, -left), *pair[0].shape).data)


@given(alike())
def test_stacked_is_one_below_the_other(pair: tuple[Ints, Ints]) -> None:
    assert np.concatenate(pair).tolist() == dense(stacked([sparse(each) for each in pair]))
