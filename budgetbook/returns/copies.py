"""Several sheets that carry one form: whether they say the same, and which of them nobody filled in."""

from __future__ import annotations

from ..form import Form, Line
from ..shape import open_columns
from .search import search
from .source import Grid


def content(grid: Grid) -> tuple[object, ...]:
    """All that a sheet says; of two sheets that say the same one is enough."""
    facts = grid.facts
    return tuple(map(tuple, grid.rows)), frozenset(facts.errors.items()), facts.uncalculated, facts.unread


def is_blank(form: Form, lines: list[Line], name: str, grid: Grid) -> bool:
    """Whether nothing stands on a sheet but labels, and formulas where nothing is to be filled in."""
    found = search(form, lines, name, grid)
    if found.where is None or found.ambiguous:
        return False
    rows, columns = found.where.rows, found.where.columns
    entries = {
        (rows[line.code], columns[column.id])
        for line in lines
        if line.kind in ("entry", "of_which") and line.code in rows
        for column in open_columns(form, line)
        if column.id in columns
    }
    return not grid.filled() - found.furniture - (grid.facts.formulas.keys() - entries)
