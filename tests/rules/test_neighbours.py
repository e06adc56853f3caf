"""What stands around a cell: where the eye slips to."""

import numpy as np
import pytest

from budgetbook.checks.neighbours import NONE, neighbours
from budgetbook.form import LEVELS, Level
from tests.conftest import small_shape

AMOUNTS = {form.id: [column.id for column in form.amounts] for form in small_shape().catalogue.forms}


@pytest.mark.parametrize("level", LEVELS)
def test_beside_a_cell_are_the_other_open_columns_of_its_line_in_order(level: Level) -> None:
    shape = small_shape()
    opened, found = shape.level(level).opened, neighbours(shape, level).columns
    for place in opened:
        form, line, own = shape.keys[place]
        others = [shape.place(form, line, column) for column in AMOUNTS[form] if column != own]
        assert [other for other in others if other in opened] == found[place][found[place] != NONE].tolist()
    assert (found[~shape.level(level).open] == NONE).all()


@pytest.mark.parametrize("level", LEVELS)
def test_above_and_below_an_entry_are_the_entries_of_its_column(level: Level) -> None:
    shape = small_shape()
    rows, entries = neighbours(shape, level).rows, shape.level(level).entries
    for place in np.flatnonzero(rows[:, 1] != NONE).tolist():
        below = int(rows[place, 1])
        assert rows[below, 0] == place and entries[place] and entries[below]
        assert shape.keys[place][::2] == shape.keys[below][::2]
        assert not entries[place + 1 : below][
            len(AMOUNTS[shape.keys[place][0]]) - 1 :: len(AMOUNTS[shape.keys[place][0]])
        ].any()
