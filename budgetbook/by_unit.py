"""The by-unit workbook: one column per unit, nodes as live sums of their members less what was eliminated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .amount import FEN
from .book import Book
from .catalogue import Catalogue
from .consolidation import Consolidated
from .form import Column, Form, Line
from .layout import a1, letters
from .sheet import Cell, Sheet, Stamp, Style, Workbook
from .unit import Tree, Unit

FIRST_ROW, FIRST_COLUMN = 3, 2


@dataclass(frozen=True, slots=True)
class Slot:
    """One column of a measure: a unit, or what was eliminated at a node."""

    unit: Unit
    eliminated: bool

    @property
    def heading(self) -> str:
        return f"{self.unit.name}抵消数" if self.eliminated else self.unit.name


def by_unit(
    catalogue: Catalogue, books: Mapping[str, Book], result: Consolidated, stamp: Stamp, more: Sequence[Sheet] = ()
) -> Workbook:
    """One sheet a form: lines that anyone filled × (measure × unit); and *more* sheets behind them."""
    everyone = {**books, **result.books}
    sheets = [
        _sheet(catalogue, form, everyone, result)
        for form in catalogue.forms
        if form.amounts and any(line.kind == "entry" for line in form.lines)
    ]
    return Workbook(
        [*(sheet for sheet in sheets if len(sheet.cells) > 2), *more], stamp, f"{catalogue.year}年分单位汇总表"
    )


def slots(tree: Tree, result: Consolidated) -> list[Slot]:
    """The columns of one measure, in tree order; a node that eliminates has a column for it after it."""
    found: list[Slot] = []
    for unit in tree:
        found.append(Slot(unit, False))
        if unit.code in result.eliminated:
            found.append(Slot(unit, True))
    return found


def _sheet(catalogue: Catalogue, form: Form, everyone: Mapping[str, Book], result: Consolidated) -> Sheet:
    columns = [slot for slot in slots(catalogue.tree, result) if slot.unit.code in everyone]
    lines = [line for line in form.lines if any(_filled(form, line, book) for book in everyone.values())]
    cells = [
        Cell(0, 0, f"{form.title}（分单位）", Style("title")),
        Cell(0, FIRST_COLUMN, f"单位：{form.unit}", Style("note")),
    ]
    cells += [Cell(2, at, text, Style("heading")) for at, text in enumerate(("科目编码", "项目"))]
    for number, measure in enumerate(form.amounts):
        cells += _measure(form, measure, FIRST_COLUMN + number * len(columns), columns, lines, everyone, result)
    cells += [
        cell
        for row, line in enumerate(lines, start=FIRST_ROW)
        for cell in (Cell(row, 0, line.code, Style("code")), Cell(row, 1, line.name, Style("name", depth=line.depth)))
    ]
    return Sheet(
        f"{form.sheet} 分单位",
        cells if lines else [],
        [14.0, 40.0, *[13.0] * (len(columns) * len(form.amounts))],
        heads=FIRST_ROW,
        frozen=FIRST_COLUMN,
        heights={2: 32.0},
    )


def _filled(form: Form, line: Line, book: Book) -> bool:
    return any(
        book.shape.has(form.id, line.code, column.id) and book.at(form.id, line.code, column.id) is not None
        for column in form.amounts
    )


def _measure(
    form: Form,
    measure: Column,
    start: int,
    columns: list[Slot],
    lines: list[Line],
    everyone: Mapping[str, Book],
    result: Consolidated,
) -> Iterator[Cell]:
    yield Cell(1, start, measure.heading, Style("heading"))
    at = {(slot.unit.code, slot.eliminated): start + number for number, slot in enumerate(columns)}
    tree = result.books[next(iter(result.books))].shape.catalogue.tree if result.books else None
    for slot in columns:
        yield Cell(2, at[slot.unit.code, slot.eliminated], slot.heading, Style("heading"))
        book = result.eliminated[slot.unit.code] if slot.eliminated else everyone[slot.unit.code]
        members = (
            [at[unit.code, False] for unit in tree.members(slot.unit.code, form.id) if (unit.code, False) in at]
            if tree and slot.unit.code in result.books and not slot.eliminated
            else []
        )
        for row, line in enumerate(lines, start=FIRST_ROW):
            yield _figure(
                form,
                measure,
                line,
                row,
                at[slot.unit.code, slot.eliminated],
                book,
                members,
                at.get((slot.unit.code, True)),
            )


def _figure(
    form: Form,
    measure: Column,
    line: Line,
    row: int,
    column: int,
    book: Book,
    members: list[int],
    eliminated: int | None,
) -> Cell:
    place = book.shape.place(form.id, line.code, measure.id)
    value = float(np.round(book.fen[place] / FEN[form.unit], 6)) if book.given[place] else None
    if not members or not book.shape.level("node").open[place]:
        return Cell(row, column, value, Style("fixed", "amount"))
    added = ",".join(a1(row, member) for member in members)
    less = f"-SUM({letters(eliminated)}{row + 1})" if eliminated is not None else ""
    return Cell(
        row,
        column,
        "" if value is None else value,
        Style("total", "amount"),
        f'=IF(COUNT({added})=0,"",ROUND(SUM({added}){less},6))',
    )
