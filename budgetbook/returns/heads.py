"""Which column of a sheet is which measure: by the row of keys, then by the headings, and said so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..form import Form, folded
from ..layout import COLUMN_MARK
from .found import Doubt, Search, distinct
from .marks import SEARCHED, is_words
from .source import Grid, Spot


def columns_of(form: Form, grid: Grid, found: Search) -> tuple[int | None, dict[str, int]]:
    """The row that names the columns, if there is one, and the column of each measure."""
    ids = {column.id for column in form.columns}
    for is_keys in (_is_marked, _is_of_ids):
        for row in range(min(SEARCHED, len(grid.rows))):
            keys = [str(value).strip() for value in grid.rows[row]]
            if is_keys(keys, ids):
                return row, _once(enumerate(keys), ids, grid, found, row)
    headings = {folded(column.heading): column.id for column in form.columns}
    for row in range(min(SEARCHED, len(grid.rows))):
        named = [(at, headings.get(folded(value), "")) for at, value in enumerate(grid.rows[row])]
        if len({id for _, id in named if id}) * 2 >= len(ids):
            found.lost.append(f"栏目标识行已丢失，按第 {row + 1} 行的栏目名称识别各栏")
            return row, _once(named, ids, grid, found, row)
    return None, {}


def _is_marked(keys: Sequence[str], ids: set[str]) -> bool:
    return COLUMN_MARK in keys[:SEARCHED] and not ids.isdisjoint(keys)


def _is_of_ids(keys: Sequence[str], ids: set[str]) -> bool:
    """Whether a row has lost its mark only."""
    return len(ids.intersection(keys)) * 2 >= len(ids)


def _once(named: Iterable[tuple[int, str]], known: set[str], grid: Grid, found: Search, head: int) -> dict[str, int]:
    """Key → position; of several with one key the only one with content, or none if that leaves a choice."""
    places: dict[str, list[int]] = {}
    for at, key in named:
        if key in known:
            places.setdefault(key, []).append(at)
    chosen: dict[str, int] = {}
    for key, spots in places.items():
        if len(spots) > 1:
            doubt = Doubt(f"“{key}”栏", column=key, columns=tuple(spots))
            spots = distinct(spots, lambda at: _column_content(grid, at, head), found, doubt)
        if len(spots) == 1:
            chosen[key] = spots[0]
    return chosen


def _column_content(grid: Grid, column: int, head: int) -> tuple[tuple[int, str], ...]:
    return tuple(
        (row, str(grid.at(row, column))) for row in range(head + 1, len(grid.rows)) if grid.occupied(row, column)
    )


def above(form: Form, grid: Grid, head: int, last: int) -> Iterator[Spot]:
    """The headings and what else is written above the lines; a figure among them belongs to nobody."""
    headings = {folded(column.heading) for column in form.columns}
    for row in range(head + 1):
        for column in range(last + 1):
            label = grid.at(row, column)
            if isinstance(label, str) and (row == head or folded(label) in headings or is_words(label)):
                yield row, column


def key_row(columns: Mapping[str, int], grid: Grid, left: int, lines: set[int]) -> Iterator[Spot]:
    """The keys of columns that stand where their columns do, in whatever is left of their row."""
    ids = {at: id for id, at in columns.items()}
    for row in set(range(min(SEARCHED, len(grid.rows)))) - lines:
        for column, value in enumerate(grid.rows[row]):
            if value and value == (COLUMN_MARK if column < left else ids.get(column)):
                yield row, column
