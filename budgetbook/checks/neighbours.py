"""What stands around a cell, where the eye slips to: the lines above and below it, the other columns, the same line in other years."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..form import Form, Level
from ..keeping import by_places
from ..shape import Shape

Places = NDArray[np.int64]
NONE = -1


class Neighbours:
    """Cells × places around them, NONE where there is nothing. `rows`: above, below; `columns`: others of the same line."""

    def __init__(self, shape: Shape, level: Level) -> None:
        wide = max(len(form.amounts) for form in shape.catalogue.forms)
        self.rows: Places = np.full((shape.size, 2), NONE, dtype=np.int64)
        self.columns: Places = np.full((shape.size, wide), NONE, dtype=np.int64)
        self.years: Places = np.full((shape.size, wide), NONE, dtype=np.int64)
        self.block = np.full(shape.size, NONE, dtype=np.int64)  # one number for each column of each form
        self._years = {
            name for form in shape.catalogue.forms for column in form.columns for name in (column.of, column.base)
        }
        blocks = 0
        for form in shape.catalogue.at(level):
            self._form(shape, form, level, blocks)
            blocks += len(form.amounts)

    def _form(self, shape: Shape, form: Form, level: Level, blocks: int) -> None:
        span, wide = shape.span(form), len(form.amounts)
        if not wide:
            return
        opened, entries = (
            cells[span].reshape(-1, wide) for cells in (shape.level(level).open, shape.level(level).entries)
        )
        yearly = np.array([column.id in self._years for column in form.amounts], dtype=bool)
        places = np.arange(span.start, span.stop).reshape(-1, wide)
        self.block[places[opened]] = blocks + np.nonzero(opened)[1]
        for lines, columns in _alike(opened):
            _beside(self.columns, places[lines], columns)
            _beside(self.years, places[lines], columns[yearly[columns]])
        for at in range(wide):
            entered = places[entries[:, at], at]
            self.rows[entered[1:], 0], self.rows[entered[:-1], 1] = entered[:-1], entered[1:]


def _alike(opened: NDArray[np.bool_]) -> Iterator[tuple[list[int], NDArray[np.intp]]]:
    """The lines of a form that have the same columns open, and these."""
    lines: dict[bytes, list[int]] = {}
    for line, columns in enumerate(opened):
        lines.setdefault(columns.tobytes(), []).append(line)
    for several in lines.values():
        yield several, np.flatnonzero(opened[several[0]])


def _beside(found: Places, places: Places, columns: NDArray[np.intp]) -> None:
    """Puts down, for each of these *columns* of some lines, the others of them."""
    for column in columns.tolist():
        others = columns[columns != column]
        found[places[:, column], : len(others)] = places[:, others]


@by_places
def neighbours(shape: Shape, level: Level) -> Neighbours:
    """The neighbours of a level, found once."""
    return Neighbours(shape, level)
