"""Reads the printed pages back: every table there, in order, with every figure; nothing clipped; contents right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import normalize

from ..finding import Finding
from .printed import Figure, PrintedTable, Rate

_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_HASHES = "###"


@dataclass(frozen=True, slots=True)
class _Found:
    """A table and the pages it is printed on, counted from zero."""

    table: PrintedTable
    pages: tuple[int, ...]

    @property
    def name(self) -> str:
        return f"{self.table.number}《{self.table.title}》"


def check_print(
    tables: Sequence[PrintedTable], pages: Sequence[str], expected: Sequence[int] | None = None
) -> Iterator[Finding]:
    """Compare the text of the printed *pages* with the tables; *expected* is how many pages each should take."""
    found = _find(tables, pages)
    printed = [one for one in found if one.pages]
    yield from _missing(found)
    yield from _out_of_order(printed)
    for one in printed:
        yield from _hashes(one, pages)
        yield from _figures(one, pages)
        yield from _labels(one, pages)
        yield from _bare_heads(one, pages)
    yield from _contents(printed, pages)
    if expected is not None:
        yield from _counts(found, expected)


def first_pages(tables: Sequence[PrintedTable], pages: Sequence[str]) -> dict[str, int]:
    """Number of the table → the folio of its first page, for a contents list."""
    found = [one for one in _find(tables, pages) if one.pages]
    start = min((one.pages[0] for one in found), default=0)
    return {one.table.number: one.pages[0] - start + 1 for one in found}


def _squeezed(text: str) -> str:
    return "".join(normalize("NFKC", text).split())


def _numbers(text: str) -> Counter[str]:
    return Counter(_NUMBER.findall(normalize("NFKC", text)))


def _find(tables: Sequence[PrintedTable], pages: Sequence[str]) -> list[_Found]:
    """The pages of each table: those with its title and unit, and its number by itself or after 续."""
    where: dict[int, list[int]] = {at: [] for at in range(len(tables))}
    signs = [tuple(map(_squeezed, (table.number, table.title, table.unit))) for table in tables]
    for page, text in enumerate(pages):
        whole, lines = _squeezed(text), [_squeezed(line) for line in text.splitlines()]
        here = [
            at
            for at, (number, title, unit) in enumerate(signs)
            if title in whole and unit in whole
            if any(line == number or line.startswith(f"续{number}{title}") for line in lines)
        ]
        if here:
            where[max(here, key=lambda at: len(tables[at].title))].append(page)
    return [_Found(table, tuple(where[at])) for at, table in enumerate(tables)]


def _missing(found: Sequence[_Found]) -> Iterator[Finding]:
    for one in found:
        if not one.pages:
            says = f"{one.name}没有印出来：各页都找不到它的表号、表题和单位。请重新生成后再打印。"
            yield Finding("P-01", "error", says)


def _out_of_order(found: Sequence[_Found]) -> Iterator[Finding]:
    for before, after in pairwise(found):
        if after.pages[0] < before.pages[0]:
            says = f"{after.name}印在{before.name}前面，次序与目录不符。请按目录次序重新生成。"
            yield Finding("P-02", "error", says)


def _hashes(one: _Found, pages: Sequence[str]) -> Iterator[Finding]:
    for page in one.pages:
        if _HASHES in pages[page]:
            says = f"{one.name}的第 {page + 1} 页印出了“####”，有的栏太窄。请加宽该栏，或改用横排、A3 纸。"
            yield Finding("P-04", "error", says)


def _figures(one: _Found, pages: Sequence[str]) -> Iterator[Finding]:
    """What is left of the numbers on the pages, once those of title, head and text are set aside, are the figures."""
    table = one.table
    there = _numbers("\n".join(pages[page] for page in one.pages))
    repeated = [table.number, table.title, *(head.text for head in table.heads)] * len(one.pages)
    once = [*table.notes, *(cell for row in table.rows for cell in row.cells if isinstance(cell, str))]
    absent = Counter(map(str, table.numbers)) - (there - _numbers("\n".join([*repeated, *once])))
    for row in table.rows:
        for column, cell in enumerate(row.cells):
            if isinstance(cell, Figure | Rate) and absent[str(cell)] > 0:
                absent[str(cell)] -= 1
                where = f"{one.name}“{table.row_name(row, column)}”{table.column_name(column)}"
                says = f"{where}应印 {cell}，{_span(one)}上没有这个数。请加宽该栏或改用大一号的纸，重新生成。"
                yield Finding("P-03", "error", says)


def _labels(one: _Found, pages: Sequence[str]) -> Iterator[Finding]:
    whole = "".join(_squeezed(pages[page]) for page in one.pages)
    for row in one.table.rows:
        for cell in row.cells:
            if isinstance(cell, str) and _squeezed(cell) not in whole:
                says = f"{one.name}中的“{cell}”在{_span(one)}上没有完整印出。请检查这一行是否被截断。"
                yield Finding("P-05", "warning", says)


def _bare_heads(one: _Found, pages: Sequence[str]) -> Iterator[Finding]:
    table = one.table
    cells = (cell for row in table.rows for cell in zip(row.cells, table.columns, strict=True))
    labels = {_squeezed(cell) for cell, kind in cells if kind == "label" and isinstance(cell, str) and cell}
    for page in one.pages:
        whole = _squeezed(pages[page])
        if labels and not any(label in whole for label in labels):
            yield Finding("P-08", "error", f"{one.name}的第 {page + 1} 页只有表头，没有一行内容。请重新生成。")


def _contents(found: Sequence[_Found], pages: Sequence[str]) -> Iterator[Finding]:
    """The page that the contents list gives for a table is the folio of its first page."""
    if not found:
        return
    start = min(one.pages[0] for one in found)
    front = _squeezed("".join(pages[:start]))
    for one in found:
        entry = re.escape(_squeezed(one.table.number + one.table.title))
        listed = re.search(rf"{entry}\.+(\d+)", front)
        if listed and int(listed[1]) != one.pages[0] - start + 1:
            says = f"目录说{one.name}在第 {listed[1]} 页，实际印在第 {one.pages[0] - start + 1} 页。"
            yield Finding("P-06", "error", f"{says}请在 Word 中全选后按 F9 更新目录，或重新生成。")


def _counts(found: Sequence[_Found], expected: Sequence[int]) -> Iterator[Finding]:
    for one, pages in zip(found, expected, strict=True):
        if one.pages and len(one.pages) != pages:
            says = f"{one.name}应占 {pages} 页，实际占 {len(one.pages)} 页。请看分页处是否合适。"
            yield Finding("P-07", "warning", says)


def _span(one: _Found) -> str:
    first, last = one.pages[0] + 1, one.pages[-1] + 1
    return f"第 {first} 页" if first == last else f"第 {first} 至 {last} 页"
