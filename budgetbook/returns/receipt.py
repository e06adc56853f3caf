"""回执: how one sheet was read: how many cells, what had moved and from where to where, and what had to be recovered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..form import Form
from ..layout import Layout, letters
from .marks import Where


@dataclass(frozen=True, slots=True)
class Moved:
    """Lines or columns that stand elsewhere than they were issued, as many as moved together."""

    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """One sheet: `content` cells, of which figures or texts, labels, and reported ones; the three add up to it."""

    sheet: str
    title: str
    content: int
    placed: int
    labels: int
    reported: int
    moved: tuple[Moved, ...] = ()
    recovered: tuple[str, ...] = ()


def moves(form: Form, layout: Layout, where: Where) -> Iterator[Moved]:
    """Runs of lines that moved by the same distance, then columns one by one."""
    issued = layout.rows(form.id)
    run: list[str] = []
    for code, row in where.rows.items():
        shift = row - issued.get(code, row)
        if run and shift and shift == where.rows[run[-1]] - issued[run[-1]]:
            run.append(code)
            continue
        if run:
            yield _rows(form, issued, where.rows, run)
        run = [code] if shift else []
    if run:
        yield _rows(form, issued, where.rows, run)
    for id, at in where.columns.items():
        if (old := layout.columns(form.id).get(id, at)) != at:
            yield Moved(f"“{form.column(id).heading}”一栏", f"{letters(old)} 栏", f"{letters(at)} 栏")


def _rows(form: Form, old: Mapping[str, int], new: Mapping[str, int], run: list[str]) -> Moved:
    first, last = run[0], run[-1]
    if first == last:
        return Moved(f"“{form.line(first).name}”一行", f"第 {old[first] + 1} 行", f"第 {new[first] + 1} 行")
    what = f"“{form.line(first).name}”至“{form.line(last).name}”共 {len(run)} 行"
    return Moved(what, _span(old, first, last), _span(new, first, last))


def _span(rows: Mapping[str, int], first: str, last: str) -> str:
    return f"第 {rows[first] + 1}—{rows[last] + 1} 行"
