"""A form that came back as it was issued, every label in its place, is taken as a whole; every other is searched line by line.

The short way can only acquit: it takes figures that leave nothing to say. A figure that is odd in any way is looked at by
itself, and a sheet with anything out of its place is no such form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import layout as at
from ..amount import FEN, LARGEST, Fens
from ..form import Column, Form, Level, Line, visible
from ..gather import gathered
from ..keeping import by_places, by_shape
from ..shape import Key, Shape, open_columns
from .formulas import issued_formulas
from .marks import is_words
from .pasted import Total
from .source import Glance, Grid

Index = NDArray[np.intp]
Spot = tuple[int, Line, Column]  # a cell by its number, row after row from A1, with its line and column
BLANKS = {"", None}


@dataclass(frozen=True, slots=True)
class Taken:
    """What stands on a form: `places` with their `fen`; `odd` amounts to be looked at one by one; words and ratios as stated."""

    places: Index
    fen: Fens
    odd: Sequence[Spot]
    texts: Mapping[Key, str]
    shown: Mapping[Key, Any]
    changed: Mapping[tuple[int, int], str]  # totals under another formula than was issued
    pasted: Sequence[Total]  # totals that are values now
    kept: int  # totals that have a formula
    unshown: list[Key]  # ratios whose formula came without a result
    labels: int
    placed: int


class Plan:
    """One form of one level as issued: its labels, and which cell holds what."""

    def __init__(self, shape: Shape, level: Level, form: Form) -> None:
        layout, lines = at.Layout(shape.catalogue, level), list(visible(form, level))
        self.form, self.width = form, at.AMOUNTS + len(form.columns)
        self.rows, self.columns = layout.rows(form.id), layout.columns(form.id)
        self._heads = [at.COLUMN_MARK, *[""] * (at.AMOUNTS - 1), *self.columns]
        self._measure = (f"单位：{form.unit}",) if form.unit else tuple(BLANKS)
        self._headings = ["", *at.HEADINGS, *(column.heading for column in form.columns)]
        self._labels = [list(at.labels(line)) for line in lines]
        self._amounts: list[Spot] = []
        self._texts: list[tuple[int, Key]] = []
        self._ratios: list[tuple[int, Key]] = []
        self._closed: list[int] = []
        places: list[int] = []
        for line in lines:
            opened = open_columns(form, line)
            places += shape.places(form.id, line.code, opened)
            self._sort(line, opened, self.rows[line.code] * self.width)
        self._places = np.array(places, dtype=np.intp)
        self._is_entry = ~shape.level(level).computed[self._places]
        self._totals = {self._amounts[at][0]: at for at in np.flatnonzero(~self._is_entry).tolist()}
        self._entries = {self._amounts[at][0]: at for at in np.flatnonzero(self._is_entry).tolist()}
        self._follows = {*self._totals, *(number for number, _ in self._ratios)}
        issued = issued_formulas(shape, level, form.id).items()
        self._formulas = {
            self.rows[line] * self.width + self.columns[column]: formula for (_, line, column), formula in issued
        }
        self._issued = tuple(
            b">%s</f><v" % escape(formula, quote=False).encode() for formula in self._formulas.values()
        )
        self._amount_at, self._text_at, self._ratio_at, self._closed_at, self._formula_at, self._entry_at = map(
            gathered,
            (
                [spot[0] for spot in self._amounts],
                [number for number, _ in self._texts],
                [number for number, _ in self._ratios],
                self._closed,
                list(self._formulas),
                list(self._entries),
            ),
        )
        unsigned = [line.kind == "entry" and not line.signed for _, line, _ in self._amounts]
        self._unsigned = np.array(unsigned, dtype=bool)

    def _sort(self, line: Line, opened: Sequence[Column], first: int) -> None:
        """Each cell of a line to what it is for."""
        self._amounts += [(first + self.columns[column.id], line, column) for column in opened]
        open_ids = {column.id for column in opened}
        for number, column in enumerate(self.form.columns, first + at.AMOUNTS):
            if column.id in open_ids:
                continue
            if column.kind == "text" and line.kind != "heading":
                self._texts.append((number, (self.form.id, line.code, column.id)))
            elif line.kind == "ratio" or (column.kind != "amount" and opened):
                self._ratios.append((number, (self.form.id, line.code, column.id)))
            else:
                self._closed.append(number)

    def take(self, grid: Grid, unit: str) -> Taken | None:
        """What stands on the form of a unit of that name; None unless it is as it was issued."""
        seen = grid.glance if self._is_laid_out(grid.rows, unit) else None
        if seen is None or seen.merged > at.KEYS or not _shows_all(seen):
            return None
        cells = grid.cells
        if not self._follows.issuperset(seen.unshown) or not set(self._closed_at(cells)) <= BLANKS:
            return None
        amounts = self._amount_at(cells)
        given = ~np.array(list(map(BLANKS.__contains__, amounts)), dtype=bool)
        fen, plain = self._plain(amounts)
        told = None if self._stand(seen.formulas) else seen.told()
        pasted = [] if told is None else self._pasted(told, given)
        plain[[] if told is None else self._typed(told)] = False
        taken = np.flatnonzero(given & plain)
        odd = [self._amounts[number] for number in np.flatnonzero(given & ~plain).tolist()]
        texts = {
            key: str(said).strip()
            for (_, key), said in zip(self._texts, self._text_at(cells), strict=True)
            if said not in BLANKS
        }
        ratios = zip(self._ratios, self._ratio_at(cells), strict=True)
        shown = {key: value for (_, key), value in ratios if value not in BLANKS}
        without = set(seen.unshown)
        lost = [key for number, key in self._ratios if number in without] if without else []
        placed = int(given.sum()) + len(texts) + len(shown)
        changed = {} if told is None else self._changed(told)
        kept = int((given & ~self._is_entry).sum()) - len(pasted)
        labels = seen.content - placed
        return Taken(self._places[taken], fen[taken], odd, texts, shown, changed, pasted, kept, lost, labels, placed)

    def _stand(self, formulas: Sequence[bytes]) -> bool:
        """Whether totals and ratios have the formulas that were issued, and entries none."""
        return tuple(self._formula_at(formulas)) == self._issued and not any(self._entry_at(formulas))

    def _changed(self, told: Mapping[int, str]) -> Mapping[tuple[int, int], str]:
        others = self._formulas.items() - told.items()
        return {divmod(number, self.width): told[number] for number, _ in others if number in told}

    def _is_laid_out(self, rows: Sequence[Sequence[Any]], unit: str) -> bool:
        return (
            len(rows) == at.FIRST + len(self._labels)
            and {len(row) for row in rows} == {self.width}
            and rows[at.TITLE][at.KEY] == at.FORM_MARK + self.form.id
            and str(rows[at.UNIT][at.CODE]).partition("　")[0] == f"{at.UNIT_LABEL}：{unit}"
            and rows[at.UNIT][-1] in self._measure
            and rows[at.HEADING] == self._headings
            and all(each in BLANKS or is_words(each) for row in rows[: at.HEADING] for each in row)
            and rows[at.KEYS] == self._heads
            and not any(at.COLUMN_MARK in row for row in rows[: at.KEYS])
            and [row[: at.AMOUNTS] for row in rows[at.FIRST :]] == self._labels
        )

    def _plain(self, amounts: Sequence[Any]) -> tuple[Fens, NDArray[np.bool_]]:
        """Each amount in fen, and whether it is a number of no more than two decimals of which nothing is to be said."""
        none = np.nan
        numbers = np.array([value if type(value) is float else none for value in amounts], dtype=np.float64)
        scale = FEN.get(self.form.unit, 100)
        usual = np.abs(numbers) <= min(LARGEST, 2**62 // scale)
        cents = np.rint(np.where(usual, numbers, 0.0) * 100)
        plain = usual & (cents / 100 == numbers) & ~(self._unsigned & (numbers < 0))
        return cents.astype(np.int64) * (scale // 100), plain

    def _typed(self, told: Mapping[int, str]) -> list[int]:
        """By number among the amounts, the entries that have a formula."""
        return [self._entries[number] for number in self._entries.keys() & told.keys()]

    def _pasted(self, told: Mapping[int, str], given: NDArray[np.bool_]) -> list[Total]:
        """The totals that stand there without a formula."""
        lost = [self._amounts[at] for number, at in self._totals.items() if given[at] and number not in told]
        return [Total(divmod(number, self.width), line, column) for number, line, column in lost]


def _shows_all(seen: Glance) -> bool:
    """Whether nothing is hidden but the keys."""
    return seen.hidden_rows <= {at.KEYS} and seen.hidden_columns <= {at.KEY}


def plan(shape: Shape, level: Level, form: str) -> Plan:
    """The plan of a form, made once; of one without regions for all shapes alike."""
    return (_named if form in shape.catalogue.by_region else _shared)(shape, level, form)


@by_shape
def _named(shape: Shape, level: Level, form: str) -> Plan:
    return Plan(shape, level, shape.catalogue.form(form))


@by_places
def _shared(shape: Shape, level: Level, form: str) -> Plan:
    return Plan(shape, level, shape.catalogue.form(form))
