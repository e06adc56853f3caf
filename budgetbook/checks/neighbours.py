"""What stands around a cell, where the eye slips to: the lines above and below it, the other columns, the same line in other years."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..form import Form, Level
from ..shape import Shape, by_places, open_columns, visible

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
        before: dict[str, int] = {}
        entries = shape.level(level).entries
        for line in visible(form, level):
            cells = {column.id: shape.place(form.id, line.code, column.id) for column in open_columns(form, line)}
            for at, column in enumerate(form.amounts):
                if (place := cells.get(column.id)) is None:
                    continue
                self.block[place] = blocks + at
                self._across(place, cells)
                if entries[place]:
                    if column.id in before:
                        self.rows[place, 0], self.rows[before[column.id], 1] = before[column.id], place
                    before[column.id] = place

    def _across(self, place: int, cells: dict[str, int]) -> None:
        others = [other for other in cells.values() if other != place]
        self.columns[place, : len(others)] = others
        years = [other for name, other in cells.items() if other != place and name in self._years]
        if any(cells[name] == place for name in cells if name in self._years):
            self.years[place, : len(years)] = years


@by_places
def neighbours(shape: Shape, level: Level) -> Neighbours:
    """The neighbours of a level, found once."""
    return Neighbours(shape, level)
