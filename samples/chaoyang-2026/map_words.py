"""Words of the print → unit, form, line and column: by heading, by name, by code, and by the order of the classification."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from budgetbook.form import Form
from budgetbook.shape import Shape

NUMBERING = re.compile(r"^\s*(其中：|附：|[一二三四五六七八九十]+、|\d+\.)?\s*")
BY_CODE, BY_NAME = 11, 10  # of two readings that keep the print's order, the one with the extracted code

Key = tuple[str, str, str, str]  # unit, form, line, column
Where = tuple[str, str]  # form, line
Link = tuple["Link | None", int, int]  # the row before, this row, its place in the order


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed number."""

    scope: str
    table: int
    title: str
    side: str
    row: int
    code: str
    name: str
    column: str
    value: str

    @property
    def group(self) -> tuple[int, str, str]:
        """The rows that are printed one under another."""
        return self.table, self.scope, self.side


class Reading:
    """The words of mapping.toml for one budget year: cell → unit, form, line, column."""

    def __init__(self, shape: Shape, words: Mapping[str, Any]) -> None:
        self.shape, self.words = shape, words
        self.columns: dict[str, str] = {self._dated(heading): column for heading, column in words["columns"].items()}
        by_heading: dict[str, str] = words["regions"] | words["debt"]
        self.by_heading = {self._dated(heading): where.split() for heading, where in by_heading.items()}
        self.lines: dict[tuple[int, str, str, int], Where] = {}

    def _dated(self, text: str) -> str:
        year = self.shape.catalogue.year
        return re.sub(r"\{Y(-\d)?\}", lambda found: str(year + int(found[1] or 0)), text)

    def forms(self, title: str) -> list[Form]:
        """The forms that a table's rows may belong to, the likelier first."""
        found: list[str] = next((forms for words, forms in self.words["titles"].items() if words in title), [])
        return [self.shape.catalogue.form(id) for id in found]

    def learn_lines(self, cells: Iterable[Cell]) -> None:
        """Finds the line of every row of the print."""
        tables: dict[tuple[int, str, str], dict[int, Cell]] = {}
        for cell in cells:
            tables.setdefault(cell.group, {})[cell.row] = cell
        for group, rows in tables.items():
            for cell, where in self._in_print_order(list(rows.values())):
                self.lines[*group, cell.row] = where

    def _in_print_order(self, rows: list[Cell]) -> Iterator[tuple[Cell, Where]]:
        forms = self.forms(rows[0].title)
        order = [(form.id, code) for form in forms for code in codes(form, rows[0].side)]
        at = {where: number for number, where in enumerate(order)}
        readings = [{at[where]: weight for where, weight in self._readings(row, forms) if where in at} for row in rows]
        taken = ascending(readings, len(order))
        for row, reading, number in zip(rows, readings, taken, strict=True):
            left = {free: weight for free, weight in reading.items() if free not in taken}
            if number is None and left and (len(left) == 1 or max(left.values()) == BY_CODE):
                number = max(left, key=lambda free: left[free])
            if number is not None:
                yield row, order[number]

    def _readings(self, row: Cell, forms: list[Form]) -> Iterator[tuple[Where, int]]:
        name = plain(row.name)
        own = ""
        for form in forms:
            if code := self.words["names"].get(form.id, {}).get(name):
                yield (form.id, code), BY_CODE
                return
        for same in (plain, stem):
            own = next((form.id for form in forms if same(name) in self._index(form.id, same)), "")
            if own:
                yield from (((own, code), BY_NAME) for code in self._index(own, same)[same(name)])
                break
        yield from (((form.id, row.code), BY_CODE) for form in forms if row.code and own in ("", form.id))

    @cache  # noqa: B019  # one reading lives as long as the program
    def _index(self, form: str, same: Callable[[str], str]) -> dict[str, list[str]]:
        index: dict[str, list[str]] = {}
        for line in self.shape.catalogue.form(form).lines:
            for name in {same(each) for each in (line.name, *line.aliases)}:
                index.setdefault(name, []).append(line.code)
        return index

    def where(self, cell: Cell) -> Key | str:
        """The figure a cell stands for, or why there is none."""
        unit = self.words["units"].get(cell.scope)
        if unit is None:
            return f"“{cell.scope}”不是单位树中的单位"
        if cell.column in self.by_heading:
            form, line, column = self.by_heading[cell.column]
            return unit, form, line, self._which_year(column, cell)
        column = self._column(cell)
        if not self.forms(cell.title):
            return "目录没有与本表对应的表或栏目"
        if not column:
            return f"目录没有“{cell.column}”这一栏"
        if (*cell.group, cell.row) not in self.lines:
            return "目录没有这个科目，或它的位置不合科目次序"
        form, line = self.lines[*cell.group, cell.row]
        return (unit, form, line, column) if self.shape.has(form, line, column) else f"表“{form}”没有“{column}”这一栏"

    def _which_year(self, column: str, cell: Cell) -> str:
        draft = f"全市{self.shape.catalogue.year}年" in cell.title
        return {"now": "budget" if draft else "actual", "then": "actual" if draft else "prior"}.get(column, column)

    def _column(self, cell: Cell) -> str:
        column = self.columns.get(cell.column, "")
        return "budget_basic" if column == "budget" and "经济分类" in cell.title else column


def plain(name: str) -> str:
    """A name without numbering and with the brackets of the classification."""
    return NUMBERING.sub("", name).strip("： ").translate(str.maketrans("()", "（）"))


def stem(name: str) -> str:
    """A name without its 收入 or 支出."""
    return re.sub(r"(收入|支出)$", "", plain(name))


def codes(form: Form, side: str) -> list[str]:
    """The lines of a form, or of one side of a balance, in order."""
    every = [line.code for line in form.lines]
    middle = next((at + 1 for at, code in enumerate(every) if code.endswith("_R_ALL")), 0)
    return every[:middle] if side == "收入" else every[middle:] if side == "支出" else every


def ascending(readings: Sequence[Mapping[int, int]], size: int) -> list[int | None]:
    """The reading of each row under which most rows follow the order of the classification; None for a row that cannot."""
    best = np.zeros(size + 1, dtype=np.int64)
    chain: list[Link | None] = [None] * (size + 1)
    for row, reading in enumerate(readings):
        reached = [(int(np.argmax(best[: number + 1])), number, weight) for number, weight in reading.items()]
        steps = [(number + 1, int(best[at]) + weight, (chain[at], row, number)) for at, number, weight in reached]
        for at, weight, step in steps:
            if weight > best[at]:
                best[at], chain[at] = weight, step
    taken: list[int | None] = [None] * len(readings)
    link = chain[int(np.argmax(best))]
    while link:
        before, row, number = link
        taken[row], link = number, before
    return taken
