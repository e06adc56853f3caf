"""Many books of one level side by side, and what a rule found in one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from string import Formatter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..amount import Fens, shown
from ..book import Book
from ..catalogue import Rule
from ..finding import Finding
from ..form import Form, Level, Line, visible
from ..keeping import by_places, by_shape
from ..relation import Relation, Term
from ..returns import Return
from ..shape import Given, Shape
from ..unit import Unit, applies
from .wording import at_cell, name_of, where

Row = int | np.integer[Any]
CHUNK = 64  # books looked at together; enough for the arrays to pay, few enough to stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Hit:
    """What a rule found for one unit: the figure to look at (NOWHERE for none), and what its sentence needs."""

    unit: str
    place: int
    words: Mapping[str, str] = field(default_factory=dict)
    value: int | None = None
    expected: int | None = None


NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Stack:
    """Books of one level: `fen` and `given` are units × figures."""

    shape: Shape
    level: Level
    books: Sequence[Book]
    fen: Fens
    given: Given
    unread: Mapping[str, Given] = field(default_factory=dict)  # unit → figures: what could not be read of its return

    def unit(self, row: Row) -> str:
        """The code of the unit in a row."""
        return self.books[int(row)].unit.code

    def unknown(self, row: Row) -> Given | None:
        """The figures that could not be read of the unit in a row; None if all were."""
        return self.unread.get(self.unit(row))

    def text(self, row: Row, form: str, line: str, column: str = "text") -> str:
        """Words that the unit in a row has written; empty if none."""
        return self.books[int(row)].texts.get((form, line, column), "")

    def sums(self, terms: Sequence[Term], column: str = "") -> Fens:
        """Σ weight·figure for every unit, in fen; a figure that this form has not counts as nothing."""
        total: Fens = np.zeros(len(self.books), dtype=np.int64)
        for term in terms:
            if self.shape.has(term.form, term.line, term.column or column):
                total += term.weight * self.fen[:, self.shape.place(term.form, term.line, term.column or column)]
        return total


def stacks(shape: Shape, books: Sequence[Book], unread: Mapping[str, Given] = {}) -> Iterator[Stack]:
    """The books by level, a chunk at a time."""
    for level in ("county", "city", "node"):
        group = [book for book in books if book.unit.level == level]
        for at in range(0, len(group), CHUNK):
            chunk = group[at : at + CHUNK]
            fen, given = np.stack([book.fen for book in chunk]), np.stack([book.given for book in chunk])
            yield Stack(shape, level, chunk, fen, given, unread)


@by_places
def money_lines(shape: Shape, form: str, level: Level) -> list[tuple[Line, int]]:
    """The entry lines and totals of a form at *level*, each with where its figures begin."""
    lines = (line for line in visible(shape.catalogue.form(form), level) if line.kind in ("entry", "total"))
    return [(line, start) for line in lines if (start := shape.start(form, line.code)) is not None]


@by_places
def places(shape: Shape, form: str, level: Level, columns: tuple[str, ...], depth: int = 99, kind: str = "") -> Fens:
    """Lines × columns → places, for the lines down to *depth*, of one *kind* or any, that have all of *columns* open."""
    offsets = [offset for column in columns if (offset := shape.offset(form, column)) is not None]
    whole = bool(columns) and len(offsets) == len(columns)
    starts = [
        start
        for line, start in (money_lines(shape, form, level) if whole else ())
        if line.depth <= depth and kind in ("", line.kind)
        if not line.columns or line.columns.issuperset(columns)
    ]
    found: Fens = np.add.outer(np.array(starts, dtype=np.int64), np.array(offsets, dtype=np.int64))
    return found.reshape(len(starts), len(columns))


@dataclass(frozen=True, slots=True)
class Compared:
    """The amounts that derived columns of several forms set against each other: a place each, and which form and column it is."""

    of: Fens
    base: Fens
    group: NDArray[np.intp]

    def marked(self, marks: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The rows and lines that are marked, form by form and column by column, unit by unit."""
        rows, lines = np.nonzero(marks)
        order = np.argsort(self.group[lines], kind="stable")
        return rows[order], lines[order]


@by_places
def compared(shape: Shape, level: Level, forms: tuple[str, ...], columns: tuple[str, ...], depth: int) -> Compared:
    """What *columns* compare on the lines of *forms* down to *depth*."""
    pairs = [column_pair(shape.catalogue.form(form), column) for form in forms for column in columns]
    named = [form for form in forms for _ in columns]
    at = [
        places(shape, form, level, pair, depth) if pair else np.zeros((0, 2), dtype=np.int64)
        for form, pair in zip(named, pairs, strict=True)
    ]
    both = np.concatenate(at)
    return Compared(both[:, 0].copy(), both[:, 1].copy(), np.repeat(np.arange(len(at)), [len(each) for each in at]))


def column_pair(form: Form, column: str) -> tuple[str, str] | None:
    """The amounts that a derived column compares, None if the form has not that column."""
    found = next((each for each in form.columns if each.id == column), None)
    return (found.of, found.base) if found and found.base else None


def found(shape: Shape, rule: Rule | Relation, hit: Hit, returns: Mapping[str, Return]) -> Finding:
    """A hit as a finding: the rule's sentence with this unit's words in it, and what to do."""
    ret, place = returns.get(hit.unit), hit.place
    limits, used = _limits(shape, rule.id), _used(rule.says)
    if place == NOWHERE:
        says = _sentence(shape, rule, hit.unit, ret, {**limits, **hit.words})
        return Finding(rule.id, rule.severity, says, hit.unit, ret.file if ret else "")
    unit, name, sheet = _cell(shape, place)
    words = {**limits, "where": where(ret, shape, place)[0] if ret else sheet, "name": name, "unit": unit}
    if hit.value is not None and "value" in used:
        words["value"] = f"{shown(hit.value, unit)} {unit}"
    if hit.expected is not None and "expected" in used:
        words["expected"] = f"{shown(hit.expected, unit)} {unit}"
    words |= hit.words
    says = _sentence(shape, rule, hit.unit, ret, words)
    return at_cell(shape, ret, hit.unit, place, rule.id, rule.severity, says, hit.value, hit.expected)


def _sentence(shape: Shape, rule: Rule | Relation, unit: str, ret: Return | None, words: Mapping[str, str]) -> str:
    says = f"{rule.says.format_map(words)}。{rule.remedy}。"
    return says if ret else f"{shape.catalogue.tree[unit].name}：{says}"


@by_shape
def _cell(shape: Shape, place: int) -> tuple[str, str, str]:
    """The unit of account of a figure, its name, and the sheet it stands on."""
    form = shape.catalogue.form(shape.keys[place][0])
    return form.unit, name_of(shape, place), form.sheet


@by_shape
def _limits(shape: Shape, rule: str) -> Mapping[str, str]:
    known = shape.catalogue.rule(rule)
    return {name: f"{float(limit):g}" for name, limit in known.limits.items()} if isinstance(known, Rule) else {}


@lru_cache(maxsize=512)
def _used(says: str) -> frozenset[str]:
    """The words that a sentence has a place for."""
    return frozenset(word for _, word, _, _ in Formatter().parse(says) if word)


def wanted(units: Mapping[str, Unit], rule: Rule | Relation, hits: Iterator[Hit]) -> Iterator[Hit]:
    """The hits in units that the rule applies to."""
    return (hit for hit in hits if applies(rule.levels, units[hit.unit].kinds))


def percent(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    """part / whole × 100; nothing (NaN) where the whole is zero."""
    result: NDArray[np.float64] = np.divide(part * 100.0, whole, out=np.full(part.shape, np.nan), where=whole != 0)
    return result


def middles(amounts: NDArray[np.float64]) -> NDArray[np.float64]:
    """The median of every column, of what is not nothing (NaN); in every column something is."""
    ranked, many = np.sort(amounts, axis=0), (~np.isnan(amounts)).sum(axis=0)  # what is nothing comes last
    low, high = (np.take_along_axis(ranked, middle[None], axis=0)[0] for middle in ((many - 1) // 2, many // 2))
    result: NDArray[np.float64] = (low + high) / 2
    return result
