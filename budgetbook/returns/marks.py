"""Which sheet is which form: by its mark, then by its label, and said so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..catalogue import Catalogue
from ..form import folded
from ..layout import FORM_MARK, PANEL, PANEL_SHEET, sheet_name
from .source import Grid, Spot

_FIGURE = re.compile(r"[-+（]?[\d.,]*\d[\d.,]*）?")
SEARCHED = 20  # rows and columns in which marks and headings are looked for, should rows have been put on top


@dataclass(frozen=True, slots=True)
class Where:
    """Where one form stood: its sheet, the row of each line, the column of each measure."""

    sheet: str
    rows: Mapping[str, int]
    columns: Mapping[str, int]


def forms_of(grids: Mapping[str, Grid], catalogue: Catalogue) -> Iterator[tuple[str, Grid, str, bool]]:
    """Each sheet with the form it carries (empty: none) and whether that was told by its label instead of its mark."""
    labels = {folded(label): form.id for form in catalogue.forms for label in (sheet_name(form), form.title) if form.id}
    for name, grid in grids.items():
        if mark := grid_form(grid):
            yield name, grid, mark, False
        elif name == PANEL_SHEET:
            yield name, grid, PANEL, True
        else:
            said = [labels[key] for key in map(folded, (name, *_head_texts(grid))) if key in labels]
            yield name, grid, said[0] if len(set(said)) == 1 else "", True


def _head_texts(grid: Grid) -> Iterator[str]:
    for row in range(min(6, len(grid.rows))):
        yield from (value for value in grid.rows[row][:SEARCHED] if isinstance(value, str) and value)


def mark_at(grid: Grid) -> Spot | None:
    """Where the form mark stands."""
    for row in range(min(SEARCHED, len(grid.rows))):
        for column, value in enumerate(grid.rows[row][:SEARCHED]):
            if isinstance(value, str) and value.startswith(FORM_MARK):
                return row, column
    return None


def grid_form(grid: Grid) -> str:
    """The form a sheet's mark names; empty if it has none."""
    spot = mark_at(grid)
    return str(grid.at(*spot)).removeprefix(FORM_MARK).strip() if spot else ""


def is_words(value: object) -> bool:
    """Whether a value is text that cannot be meant as a figure."""
    return isinstance(value, str) and not _FIGURE.fullmatch(folded(value))
