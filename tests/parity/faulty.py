"""Workbooks with seeded faults, what an independent engine makes of them, and what Python expects it to make of them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import formualizer
import numpy as np

from budgetbook.book import Book
from budgetbook.layout import JUDGED_SHEET, PANEL_SHEET, Layout, a1, panel_cell
from budgetbook.panel import Panel, panel_of
from budgetbook.rulebook import side
from budgetbook.sheet import Cell, Sheet, Stamp, Workbook
from budgetbook.template import workbook
from budgetbook.xlsx.read import read
from budgetbook.xlsx.write import write

STALE = 987654321.0  # what every formula is said to hold, so that only recalculation can bring the right value
FEN = 1_000_000
COVER = "封面"
Grids = Mapping[str, Sequence[Sequence[Any]]]
Faults = dict[int, int | None]  # place of a figure → what is typed there in fen, None for a cleared cell


@dataclass(frozen=True)
class Faulty:
    """A book as its workbook states it: `typed` are the cells where a person overwrote or cleared what stood there."""

    book: Book
    typed: Faults

    @property
    def panel(self) -> Panel:
        return panel_of(self.book.shape, self.book.unit.level, self.book.unit.kinds)

    @cached_property
    def made(self) -> Workbook:
        """The workbook that we would issue with this book."""
        catalogue, unit = self.book.shape.catalogue, self.book.unit
        return workbook(catalogue, self.book, Stamp(unit.code, catalogue.year, unit.level, catalogue.digest, ""))

    def package(self) -> bytes:
        """That workbook, every cached value stale and every overwritten total a typed number."""
        return write(_spoiled(self.made, self))


def _spoiled(made: Workbook, faulty: Faulty) -> Workbook:
    level = faulty.book.shape.level(faulty.book.unit.level)
    layout = Layout(faulty.book.shape.catalogue, faulty.book.unit.level)
    typed: dict[str, set[tuple[int, int]]] = {}
    for place in faulty.typed:
        if level.computed[place]:
            form, line, column = faulty.book.shape.keys[place]
            typed.setdefault(layout.sheet(form), set()).add(layout.cell(form, line, column))
    sheets = [
        replace(sheet, cells=[_spoil(cell, typed.get(sheet.name, set())) for cell in sheet.cells])
        for sheet in made.sheets
    ]
    return replace(made, sheets=sheets)


def _spoil(cell: Cell, typed: set[tuple[int, int]]) -> Cell:
    if (cell.row, cell.column) in typed:
        return cell._replace(formula="")
    return cell._replace(value=STALE) if cell.formula else cell


def stated(clean: Book, faults: Faults) -> Faulty:
    """The book as the workbook states it: totals follow from what is typed, except those that are typed themselves."""
    level = clean.shape.level(clean.unit.level)
    parts = {int(place): level.sums.addends(row) for row, place in enumerate(level.totals)}
    fen, given = np.where(level.entries, clean.fen, 0), clean.given & level.entries
    for place, value in faults.items():
        fen[place], given[place] = value or 0, value is not None
    done: set[int] = set(faults)

    def settle(place: int) -> None:
        if place in done or place not in parts:
            return
        done.add(place)
        for part, _ in parts[place]:
            settle(part)
        given[place] = any(given[part] for part, _ in parts[place])
        fen[place] = sum(int(fen[part]) * weight for part, weight in parts[place])

    for place in parts:
        settle(place)
    return Faulty(replace(clean, fen=fen, given=given), faults)


def random_book(clean: Book, rng: random.Random, share: float) -> Book:
    """Entries with up to two decimals of 万元, zeros and blanks among them, totals computed."""
    book = Book.empty(clean.unit, clean.shape)
    for place in np.flatnonzero(clean.shape.level(clean.unit.level).entries):
        if rng.random() < share:
            book.fen[place], book.given[place] = rng.choice([0, rng.randrange(10**8) * 10_000]), True
    return book.computed()


def aimed(panel: Panel, rows: Sequence[int], rng: random.Random, book: Book) -> Faults:
    """A fault in some figure of each of these relations, more often than not in the one that it points at."""
    found: Faults = {}
    for row in rows:
        case = panel.rules.cases[rng.choice(panel.rows[row].cases)]
        places = [place for place, _ in (*case.left, *case.right)]
        place = rng.choice([places[0], places[0], *places])
        found[place] = fault(int(book.fen[place]), rng)
    return found


def broken(panel: Panel, rows: Sequence[int], book: Book) -> Faults:
    """For each of these relations, the figure that it points at typed over by one that breaks it."""
    found: Faults = {}
    for row in rows:
        case = panel.rules.cases[panel.rows[row].cases[0]]
        place, weight = case.left[0]
        rest = side(case.right, book.fen) - side(case.left[1:], book.fen)
        beyond = -1 if (case.relation.sign == ">=") != (weight < 0) else 1
        found[place] = rest // weight + beyond * (10_000 + 2 * abs(rest // weight))
    return found


def fault(fen: int, rng: random.Random) -> int | None:
    """What stands in a cell after one of the things that people do to it."""
    value = fen or 12_345_600_000
    digits = str(abs(value))
    return rng.choice(  # within the fifteen digits that a cell holds, whatever a relation weighs it by
        [
            None,  # cleared
            0,
            fen + rng.choice([-1, 1]),  # a fen off
            fen + rng.choice([-1, 1]) * rng.randrange(1, 10**12),
            -value,
            value * 10_000 if abs(value) < 10**8 else value // 10,  # 元 for 万元, or a decimal point slipped
            value // 10_000,
            int(digits[:-2][::-1] + digits[-2:] or "0"),  # digits turned around
            rng.randrange(10**12),
        ]
    )


def formualizer_values(faulty: Faulty) -> Grids:
    """Every sheet from A1 on, recalculated in full."""
    book = formualizer.load_workbook_bytes(faulty.package())
    book.evaluate_all()
    return {sheet.name: _values(book.sheet(sheet.name), sheet) for sheet in faulty.made.sheets}


def _values(calculated: Any, sheet: Sheet) -> Sequence[Sequence[Any]]:
    last = max(cell.row for cell in sheet.cells), max(cell.column for cell in sheet.cells)
    area = formualizer.RangeAddress(sheet.name, 1, 1, last[0] + 1, last[1] + 1)
    values: Sequence[Sequence[Any]] = calculated.get_values(area)
    return values


def differences(faulty: Faulty, grids: Grids) -> Iterator[str]:
    """Where the workbook says something else than Python: panel, lines judged behind it, cover, totals."""
    yield from _panel_differences(faulty, grids)
    yield from _formula_differences(faulty, grids)
    yield from _total_differences(faulty, grids)


def _panel_differences(faulty: Faulty, grids: Grids) -> Iterator[str]:
    for number, (row, outcome) in enumerate(zip(faulty.panel.rows, faulty.panel.outcomes(faulty.book), strict=True)):
        weighed = any(abs(weight) > 1 for _, weight in faulty.panel.rules.cases[row.cases[0]].left)
        for column, expected in outcome.items():
            actual = _at(grids[PANEL_SHEET], *panel_cell(number, column))
            if not _same(expected, actual, weighed and column in ("left", "right", "gap")):
                yield f"{row.key} {column}: {expected!r} expected, {actual!r} calculated"


def _formula_differences(faulty: Faulty, grids: Grids) -> Iterator[str]:
    """The cover and the hidden sheet, where the cells of the workbook as issued are what Python gives."""
    for sheet in faulty.made.sheets:
        if sheet.name in (COVER, JUDGED_SHEET):
            for cell in sheet.cells:
                actual = _at(grids[sheet.name], cell.row, cell.column)
                if cell.formula and not _same(cell.value, actual, False):
                    yield f"{sheet.name} {a1(cell.row, cell.column)}: {cell.value!r} expected, {actual!r} calculated"


def _total_differences(faulty: Faulty, grids: Grids) -> Iterator[str]:
    book, layout = faulty.book, Layout(faulty.book.shape.catalogue, faulty.book.unit.level)
    for place in book.shape.level(book.unit.level).totals:
        form, line, column = book.shape.keys[place]
        expected = int(book.fen[place]) / FEN if book.given[place] else ""
        actual = _at(grids[layout.sheet(form)], *layout.cell(form, line, column))
        if not _same(expected, actual, False):
            yield f"{form}:{line}@{column}: {expected!r} expected, {actual!r} calculated"


def _at(rows: Sequence[Sequence[Any]], row: int, column: int) -> Any:
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else ""


def _same(expected: Any, actual: Any, weighed: bool) -> bool:
    """Amounts to the fen. What is shown of a weighed relation has parts of a fen: there, to what a double can hold."""
    if isinstance(expected, str):
        return bool(expected == ("" if actual is None else actual))
    if isinstance(actual, bool) or not isinstance(actual, int | float):
        return False
    gap = abs(expected - actual)
    return bool(gap <= 1e-8 + 1e-14 * abs(expected)) if weighed else bool(gap < 0.25 / FEN)


def calc_values(path: Path) -> Grids:
    """Every sheet of a workbook that LibreOffice has saved."""
    return {name: grid.rows for name, grid in read(path.read_bytes()).grids.items()}
