"""The columns that lines need the year after: a line that was new in the draft is executed next year."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from .catalogue import Catalogue
from .form import Form, Line
from .problems import decoded

Row = dict[str, str]

MONEY = frozenset({"entry", "total", "of_which"})


def open_columns(folder: Path, last: Catalogue) -> None:
    """Opens, in the copy in *folder* of last year's catalogue, what the lines of a few columns need next year. Raises OSError."""
    opened: dict[str, set[str]] = {}
    for form in last.forms:
        needed = {line.code: _needed(form, line) for line in form.lines if list(closed(form, line, form))}
        opened |= {f"{form.id}:{line}": set(columns) for line, columns in needed.items()}
        if needed:
            _rewrite(folder / "lines" / f"{form.id}.csv", partial(_widen, needed=needed))
    if opened:
        _rewrite(folder / "relations.csv", partial(_regroup, opened=opened))


def _widen(rows: list[Row], needed: dict[str, list[str]]) -> None:
    for row in rows:
        if row["columns"] and row["code"] in needed:
            row["columns"] = " ".join(needed[row["code"]])


def _regroup(rows: list[Row], opened: dict[str, set[str]]) -> None:
    """Of two relations for the same line, the one that adds an opened line takes over the columns in which it is open now."""
    for row in rows:
        columns = set[str]().union(*(opened.get(term, ()) for term in row["right"].split()))
        for other in rows if columns else ():
            if (
                other is not row
                and other["left"] == row["left"]
                and set(other["right"].split()) < set(row["right"].split())
            ):
                moved = [each for each in other["columns"].split() if each in columns]
                other["columns"] = " ".join(each for each in other["columns"].split() if each not in columns)
                row["columns"] = " ".join([*moved, row["columns"]])


def closed(old: Form, line: Line, new: Form) -> Iterator[str]:
    """The columns of the new form that continue an open column of an old line, and are closed on the line that follows it."""
    follower = next((each for each in new.lines if each.code == line.code), None)
    if line.kind not in MONEY or follower is None or not follower.columns:
        return
    open_before = line.columns or {column.id for column in old.amounts}
    for column in new.amounts:
        if column.last in open_before and column.id not in follower.columns:
            yield column.id


def _needed(form: Form, line: Line) -> list[str]:
    """Every column but those that would continue a closed one."""
    return [column.id for column in form.amounts if not column.last or column.last in line.columns]


def _rewrite(path: Path, change: Callable[[list[Row]], None]) -> None:
    text = decoded(path.read_bytes())
    reader = csv.DictReader(io.StringIO(text), restval="")
    rows, heads = list(reader), list(reader.fieldnames or ())
    change(rows)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, heads, extrasaction="ignore", lineterminator="\r\n" if "\r\n" in text else "\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(out.getvalue().encode("utf-8-sig"))
