"""Which sheet is which form, which row is which line, which column is which measure: by key, then by label, and said so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..catalogue import Catalogue
from ..form import Form, Line, folded
from ..layout import COLUMN_MARK, FORM_MARK, HEADINGS, KEY, PANEL, PANEL_SHEET, sheet_name
from .source import Grid, Spot

_FIGURE = re.compile(r"[-+（]?[\d.,]*\d[\d.,]*）?")
FEW = 3  # lines without key named one by one
SEARCHED = 20  # rows and columns in which marks and headings are looked for, should rows have been put on top


@dataclass(frozen=True, slots=True)
class Where:
    """Where one form stood: its sheet, the row of each line, the column of each measure."""

    sheet: str
    rows: Mapping[str, int]
    columns: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A line or column, or with neither the whole sheet, of which it cannot be told where it stands; `rows` and `columns` were
    therefore not read."""

    says: str
    line: str = ""
    column: str = ""
    rows: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()


@dataclass(slots=True)
class Search:
    """What was found on one sheet, the cells that served to find it, what had to be recovered, and what is ambiguous."""

    where: Where | None = None
    furniture: set[Spot] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)  # our keys that are gone, and what told in their place
    recovered: list[str] = field(default_factory=list)
    ambiguous: list[Doubt] = field(default_factory=list)
    renamed: list[tuple[Line, int, str]] = field(default_factory=list)  # line, row, the name that stands there
    unnamed: list[tuple[Line, int]] = field(
        default_factory=list
    )  # line, row: nothing but the key says which line it is
    head: int = 0  # the row that names the columns


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


def search(form: Form, lines: list[Line], name: str, grid: Grid) -> Search:
    """The rows and columns of a form on one sheet."""
    found = Search()
    head, columns = _columns(form, grid, found)
    if head is None:
        found.ambiguous.append(
            Doubt(f"工作表“{name}”的表头被改动，认不出各栏，这张表没有读取，请从下发的文件中重新填报这张表")
        )
        return found
    left = min(columns.values(), default=KEY + 1)
    key_column = _key_column(grid, {line.code for line in form.lines}, head, left)
    rows, found.furniture = _rows(lines, grid, head, left, key_column, found)
    last = max(columns.values(), default=0)
    found.furniture |= {*_above(form, grid, head, last), *_key_row(columns, grid, left, set(rows.values()))}
    found.head = head
    found.where = Where(name, rows, columns)
    return found


def is_words(value: object) -> bool:
    """Whether a value is text that cannot be meant as a figure."""
    return isinstance(value, str) and not _FIGURE.fullmatch(folded(value))


def _above(form: Form, grid: Grid, head: int, last: int) -> Iterator[Spot]:
    """The headings and what else is written above the lines; a figure among them belongs to nobody."""
    headings = {folded(column.heading) for column in form.columns}
    for row in range(head + 1):
        for column in range(last + 1):
            label = grid.at(row, column)
            if isinstance(label, str) and (row == head or folded(label) in headings or is_words(label)):
                yield row, column


def _key_row(columns: Mapping[str, int], grid: Grid, left: int, lines: set[int]) -> Iterator[Spot]:
    """The keys of columns that stand where their columns do, in whatever is left of their row."""
    ids = {at: id for id, at in columns.items()}
    for row in set(range(min(SEARCHED, len(grid.rows)))) - lines:
        for column, value in enumerate(grid.rows[row]):
            if value and value == (COLUMN_MARK if column < left else ids.get(column)):
                yield row, column


def _columns(form: Form, grid: Grid, found: Search) -> tuple[int | None, dict[str, int]]:
    ids = {column.id for column in form.columns}
    for is_keys in (_is_marked, _is_of_ids):
        for row in range(min(SEARCHED, len(grid.rows))):
            keys = [str(value).strip() for value in grid.rows[row]]
            if is_keys(keys, ids):
                return row, _once(enumerate(keys), ids, grid, found, "栏", row)
    headings = {folded(column.heading): column.id for column in form.columns}
    for row in range(min(SEARCHED, len(grid.rows))):
        named = [(at, headings.get(folded(value), "")) for at, value in enumerate(grid.rows[row])]
        if len({id for _, id in named if id}) * 2 >= len(ids):
            found.lost.append(f"栏目标识行已丢失，按第 {row + 1} 行的栏目名称识别各栏")
            return row, _once(named, ids, grid, found, "栏", row)
    return None, {}


def _is_marked(keys: Sequence[str], ids: set[str]) -> bool:
    return COLUMN_MARK in keys[:SEARCHED] and not ids.isdisjoint(keys)


def _is_of_ids(keys: Sequence[str], ids: set[str]) -> bool:
    """Whether a row has lost its mark only."""
    return len(ids.intersection(keys)) * 2 >= len(ids)


def _once(
    named: Iterable[tuple[int, str]], known: set[str], grid: Grid, found: Search, what: str, head: int
) -> dict[str, int]:
    """Key → position; of several with one key the only one with content, or none if that leaves a choice."""
    places: dict[str, list[int]] = {}
    for at, key in named:
        if key in known:
            places.setdefault(key, []).append(at)
    chosen: dict[str, int] = {}
    for key, spots in places.items():
        if len(spots) > 1:
            doubt = Doubt(f"“{key}”{what}", column=key, columns=tuple(spots))
            spots = _distinct(spots, lambda at: _column_content(grid, at, head), found, doubt)
        if len(spots) == 1:
            chosen[key] = spots[0]
    return chosen


def _distinct(spots: list[int], content: Any, found: Search, doubt: Doubt) -> list[int]:
    """One of several copies, if all that have content agree; otherwise none, and that is said of what *doubt* names."""
    what = doubt.says
    contents = {at: content(at) for at in spots}
    filled = [at for at in spots if contents[at]]
    if len({contents[at] for at in filled}) <= 1:
        found.recovered.append(f"{what}有 {len(spots)} 份，内容没有出入，按第一份读取")
        return (filled or spots)[:1]
    says = f"{what}有 {len(spots)} 份且内容不同，不知以哪份为准，没有读取，请只保留一份"
    found.ambiguous.append(replace(doubt, says=says))
    return []


def _column_content(grid: Grid, column: int, head: int) -> tuple[tuple[int, str], ...]:
    return tuple(
        (row, str(grid.at(row, column))) for row in range(head + 1, len(grid.rows)) if grid.occupied(row, column)
    )


def _key_column(grid: Grid, codes: set[str], head: int, left: int) -> int | None:
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


def _rows(
    lines: list[Line], grid: Grid, head: int, left: int, key_column: int | None, found: Search
) -> tuple[dict[str, int], set[Spot]]:
    """Line → row. A row whose key and printed name disagree belongs to no line: that is said, not decided."""
    by_code = {line.code: line for line in lines}
    by_name = _unique_names(lines)
    places: dict[str, list[int]] = {}
    furniture: set[Spot] = set()
    keyless: list[tuple[Line, int]] = []
    is_printed = key_column is not None and _is_printed(grid, head, key_column)
    for row in range(head + 1, len(grid.rows)):
        labels = [(column, grid.at(row, column)) for column in range(left) if grid.at(row, column) not in ("", None)]
        if not labels:
            continue
        code = _key(grid.at(row, key_column)) if key_column is not None else ""
        names = {folded(value) for column, value in labels if column != key_column and isinstance(value, str)}
        line = by_code.get(code) or _by_label(
            by_code, by_name, [value for column, value in labels if column != key_column]
        )
        if line is None:
            continue
        others = {_key(value) for column, value in labels if column != key_column} & by_code.keys() - {line.code}
        own = {(row, column) for column, value in labels if column == key_column or _is_label(value, by_code)}
        if code in by_code and (others or _named_otherwise(line, names, by_name)):
            says = (
                f"第 {row + 1} 行的标识是“{line.code} {line.name}”，编码或名称却是“{labels[-1][1]}”，行被错位排序或粘贴，"
                "这一行没有读取，请按下发的顺序恢复"
            )
            found.ambiguous.append(Doubt(says, line.code, rows=(row,)))
            furniture |= own
            continue
        if all(column == key_column for column, _ in labels) and not is_printed:
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
            rows = _distinct(rows, lambda row: _row_content(grid, row, left), found, doubt)
        if len(rows) == 1:
            chosen[code] = rows[0]
    return chosen


def _row_content(grid: Grid, row: int, left: int) -> tuple[tuple[int, str], ...]:
    width = len(grid.rows[row]) if row < len(grid.rows) else 0
    return tuple((column, str(grid.at(row, column))) for column in range(left, width) if grid.occupied(row, column))
