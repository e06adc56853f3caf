"""Which row of a sheet is which line: by key, then by code and name, and said so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..form import Line, folded
from ..layout import HEADINGS
from .found import Doubt, Search, distinct
from .marks import mark_at
from .source import Grid, Spot

FEW = 3  # lines without key named one by one


def key_column(grid: Grid, codes: set[str], head: int, left: int) -> int | None:
    """The column that holds the keys of lines, if there is one."""
    counts = {
        column: sum(_key(grid.at(row, column)) in codes for row in range(head + 1, len(grid.rows)))
        for column in range(left)
    }
    mark = mark_at(grid)
    if mark and counts.get(mark[1]):
        return mark[1]
    best = max(counts, key=lambda column: counts[column], default=None)
    return best if best is not None and counts[best] > 0 else None


def _key(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip().replace(" ", "")


def rows_of(
    lines: list[Line], grid: Grid, head: int, left: int, keys: int | None, found: Search
) -> tuple[dict[str, int], set[Spot]]:
    """Line → row. A row whose key and printed name disagree belongs to no line: that is said, not decided."""
    by_code = {line.code: line for line in lines}
    by_name = _unique_names(lines)
    places: dict[str, list[int]] = {}
    furniture: set[Spot] = set()
    keyless: list[tuple[Line, int]] = []
    is_printed = keys is not None and _is_printed(grid, head, keys)
    for row in range(head + 1, len(grid.rows)):
        labels = [(column, grid.at(row, column)) for column in range(left) if grid.at(row, column) not in ("", None)]
        if not labels:
            continue
        code = _key(grid.at(row, keys)) if keys is not None else ""
        names = {folded(value) for column, value in labels if column != keys and isinstance(value, str)}
        line = by_code.get(code) or _by_label(by_code, by_name, [value for column, value in labels if column != keys])
        if line is None:
            continue
        others = {_key(value) for column, value in labels if column != keys} & by_code.keys() - {line.code}
        own = {(row, column) for column, value in labels if column == keys or _is_label(value, by_code)}
        if code in by_code and (others or _named_otherwise(line, names, by_name)):
            says = (
                f"第 {row + 1} 行的标识是“{line.code} {line.name}”，编码或名称却是“{labels[-1][1]}”，行被错位排序或粘贴，"
                "这一行没有读取，请按下发的顺序恢复"
            )
            found.ambiguous.append(Doubt(says, line.code, rows=(row,)))
            furniture |= own
            continue
        if all(column == keys for column, _ in labels) and not is_printed:
            found.unnamed.append((line, row))
        if code not in by_code or is_printed:
            keyless.append((line, row))
        if (said := names - by_code.keys()) and folded(line.name) not in said:
            found.renamed.append((line, row, "、".join(sorted(said))))
        places.setdefault(line.code, []).append(row)
        furniture |= own
    _say_keyless(keyless, found)
    return _one_row_each(places, grid, left, by_code, found), furniture


def _is_printed(grid: Grid, head: int, column: int) -> bool:
    """Whether a column holds the codes that people read."""
    return any(folded(grid.at(row, column)) == HEADINGS[0] for row in range(head + 1))


def _say_keyless(lines: Sequence[tuple[Line, int]], found: Search) -> None:
    """Lines that were told by what is printed; many are one thing to be said."""
    if len(lines) > FEW:
        first, row = lines[0]
        says = f"有 {len(lines)} 行的标识已丢失（从第 {row + 1} 行“{first.name}”起），各行按编码和名称认出，数照常读取"
        found.lost.append(says)
        return
    for line, row in lines:
        found.recovered.append(f"第 {row + 1} 行的标识已丢失，按编码和名称认作“{line.name}”")


def _is_label(value: object, by_code: Mapping[str, Line]) -> bool:
    return isinstance(value, str) or _key(value) in by_code


def _named_otherwise(line: Line, names: set[str], by_name: Mapping[str, Line | None]) -> bool:
    """Whether the printed name is that of another line; a name of no line is only a local wording."""
    return folded(line.name) not in names and bool(names & by_name.keys())


def _unique_names(lines: list[Line]) -> dict[str, Line | None]:
    names: dict[str, Line | None] = {}
    for line in lines:
        key = folded(line.name)
        names[key] = None if key in names else line
    return names


def _by_label(by_code: Mapping[str, Line], by_name: Mapping[str, Line | None], labels: list[Any]) -> Line | None:
    for value in labels:
        if (line := by_code.get(_key(value))) is not None:
            return line
    named = [by_name[folded(value)] for value in labels if folded(value) in by_name]
    return named[0] if len(named) == 1 else None


def _one_row_each(
    places: Mapping[str, list[int]], grid: Grid, left: int, by_code: Mapping[str, Line], found: Search
) -> dict[str, int]:
    chosen: dict[str, int] = {}
    for code, rows in places.items():
        if len(rows) > 1:
            doubt = Doubt(f"“{by_code[code].name}”一行", code, rows=tuple(rows))
            rows = distinct(rows, lambda row: _row_content(grid, row, left), found, doubt)
        if len(rows) == 1:
            chosen[code] = rows[0]
    return chosen


def _row_content(grid: Grid, row: int, left: int) -> tuple[tuple[int, str], ...]:
    width = len(grid.rows[row]) if row < len(grid.rows) else 0
    return tuple((column, str(grid.at(row, column))) for column in range(left, width) if grid.occupied(row, column))
