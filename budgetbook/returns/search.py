"""Which row of a sheet is which line of its form, and which column is which measure."""

from __future__ import annotations

from ..form import Form, Line
from ..layout import KEY
from .found import Doubt, Search
from .heads import above, columns_of, key_row
from .lines import key_column, rows_of
from .marks import Where
from .source import Grid


def search(form: Form, lines: list[Line], name: str, grid: Grid) -> Search:
    """The rows and columns of a form on one sheet."""
    found = Search()
    head, columns = columns_of(form, grid, found)
    if head is None:
        found.ambiguous.append(
            Doubt(f"工作表“{name}”的表头被改动，认不出各栏，这张表没有读取，请从下发的文件中重新填报这张表")
        )
        return found
    left = min(columns.values(), default=KEY + 1)
    keys = key_column(grid, {line.code for line in form.lines}, head, left)
    rows, found.furniture = rows_of(lines, grid, head, left, keys, found)
    last = max(columns.values(), default=0)
    found.furniture |= {*above(form, grid, head, last), *key_row(columns, grid, left, set(rows.values()))}
    found.head = head
    found.where = Where(name, rows, columns)
    return found
