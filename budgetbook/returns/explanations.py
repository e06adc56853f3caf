"""The sheet 校验 as it came back: what people wrote beside each relation. Verdicts are ours to give, not to read."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from ..layout import ASIDE, COLUMN_MARK
from .marks import SEARCHED, mark_at
from .source import Grid, Spot


@dataclass(frozen=True, slots=True)
class Explained:
    """`said`: relation key → explanation; how many cells these stood in; `strays`: the filled cells that are not the sheet's own."""

    said: Mapping[str, str]
    spoken: int
    strays: Set[Spot]


def explained(grid: Grid) -> Explained | None:
    """None if the hidden row that names the columns is gone."""
    row, key = mark_at(grid) or (0, 0)
    below = range(row, min(row + SEARCHED, len(grid.rows)))
    heads = next((at for at in below if grid.at(at, key) == COLUMN_MARK), None)
    if heads is None:
        return None
    columns = {str(grid.at(heads, at)): at for at in range(key, len(grid.rows[heads])) if grid.at(heads, at)}
    if "explanation" not in columns:
        return None
    keyed = {at: str(grid.at(at, key)) for at in range(heads + 1, len(grid.rows)) if grid.at(at, key)}
    rows = {at: word for at, word in keyed.items() if word != ASIDE}
    spoken = {(at, columns["explanation"]) for at in rows if grid.holds(at, columns["explanation"])}
    of_relation, of_group = frozenset(columns.values()), frozenset((key, key + 1))
    allowed = {at: of_relation if at in rows else of_group for at in keyed}
    strays = {
        (row, column)
        for row, column in grid.filled() - spoken
        if column not in allowed.get(row, ()) and (row > heads + 1 or row in rows)
    }
    return Explained({rows[at]: str(grid.at(at, column)).strip() for at, column in spoken}, len(spoken), strays)
