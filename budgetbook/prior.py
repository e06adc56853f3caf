"""Last year's books as this year sees them: its figures in this year's lines and in the columns that continue them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from .amount import Fens, shown
from .book import Book, Texts
from .editions import EditionMap, Group, edition_map
from .form import Column, Line
from .shape import LevelShape, Shape
from .unit import Unit

CALIBRE = ("cover", "calibre", "text")
FINAL, EXPRESS = "决算", "快报"
Figure = tuple[str, str, str, int, int]  # form, line and column of last year, fen, and to what it is rounded


@dataclass(frozen=True, slots=True)
class Prior:
    """上年账册 by unit code: in `prior` and `initial`, and what else continues a column of last year (`Column.last`), what stood
    there; in other columns what stood in the same one. `split`: the groups of lines of which only the sum is known."""

    books: Mapping[str, Book] = field(default_factory=dict)
    split: Mapping[str, tuple[Group, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Carried:
    """One unit's book on its way from last year, with the money that found no place."""

    book: Book
    split: tuple[Group, ...]
    lost: tuple[str, ...]


def is_final(book: Book) -> bool:
    """Whether a book of last year holds final accounts; one that does not say so holds 快报."""
    return book.texts.get(CALIBRE) == FINAL


def carried(shape: Shape, unit: Unit, figures: Iterable[Figure], texts: Texts) -> Carried:
    """A unit's entries of last year put into this year's shape, totals computed from them."""
    book, changes, level = Book.empty(unit, shape), edition_map(shape.catalogue), shape.level(unit.level)
    lost, moved = dict[str, None](), dict[str, set[str]]()
    steps: Fens = np.zeros(shape.size, dtype=np.int64)
    for form, line, column, fen, step in figures:
        places = [
            (place, part, column_id)
            for code, part in changes.carried(form, line, fen)
            for column_id in _columns(shape, form, column)
            for place in (_entry(shape, level, form, code, column_id),)
        ]
        for place, part, at in places:
            if place is not None:
                book.fen[place] += part
                book.given[place] = True
                steps[place] += step
            elif part and at != column:
                lost[_nowhere(shape, form, line, at, fen)] = None
        if fen:
            moved.setdefault(form, set()).add(line)
    book.texts = {key: words for key, words in texts.items() if key[0] == "cover"}
    book.steps = level.spread(steps) if steps.any() else None
    return Carried(book.computed(), _split(changes, moved), tuple(lost))


def _columns(shape: Shape, form: str, column: str) -> list[str]:
    """This year's columns that show a column of last year: those that continue it, and its own unless that continues another."""
    amounts = shape.catalogue.form(form).amounts
    return [each.id for each in amounts if each.last == column or (each.id == column and not each.last)]


def _entry(shape: Shape, level: LevelShape, form: str, line: str, column: str) -> int | None:
    """Where a figure is filled in at this level: at its line, or at the nearest above that has no parts here."""
    lines = shape.catalogue.form(form)
    while line and shape.has(form, line, column):
        place = shape.place(form, line, column)
        if level.entries[place]:
            return place
        if level.open[place]:
            return None
        line = lines.line(line).parent
    return None


def _nowhere(shape: Shape, form: str, line: str, column: str, fen: int) -> str:
    """What was lost, by the names that are printed; a line that is gone has only its code."""
    sheet = shape.catalogue.form(form)
    name = next((f"“{each.name}”（{line}）" for each in sheet.lines if each.code == line), f"科目代码 {line} ")
    heading = next(each.heading for each in sheet.columns if each.id == column)
    return f"{sheet.sheet}{name}的“{heading}”栏 {shown(fen, sheet.unit)} {sheet.unit}"


def _split(changes: EditionMap, moved: Mapping[str, set[str]]) -> tuple[Group, ...]:
    """The groups of unknown split in which a line that is changed had money at all."""
    changed = {(change.form, change.old) for change in changes.changes}
    return tuple(
        group
        for group in changes.groups
        if any((group.form, line) in changed for line in group.old & moved.get(group.form, set()))
    )


@cache
def unsettled(shape: Shape, group: Group) -> frozenset[str]:
    """The lines that hold some of a group's money but not all: nothing can be said of each alone."""
    lines = {line.code: line for line in shape.catalogue.form(group.form).lines}
    above: dict[str, set[str]] = {}
    for new in group.new:
        for line in _upwards(lines[new].parent, lines):
            above.setdefault(line, set()).add(new)
    return group.new | {line for line, held in above.items() if held != group.new}


def _upwards(line: str, lines: Mapping[str, Line]) -> Iterator[str]:
    while line:
        yield line
        line = lines[line].parent


def continued(shape: Shape, form: str) -> tuple[Column, ...]:
    """The columns of a form that continue one of last year's."""
    return tuple(column for column in shape.catalogue.form(form).amounts if column.last)


def settled(column: Column, calibre: str) -> bool:
    """Whether what a book of that calibre holds is what a column is to show, and nothing else."""
    return column.calibre in ("", calibre)


def prefilled(before: Book, split: Iterable[Group] = ()) -> Book:
    """A blank book of this year with what continues last year's filled in; lines of its unknown *split* stay blank."""
    shape, book = before.shape, Book.empty(before.unit, before.shape)
    for form in shape.catalogue.at(before.unit.level):
        loose = {line for group in split if group.form == form.id for line in group.new}
        for column in continued(shape, form.id):
            for line in form.lines:
                place = shape.place(form.id, line.code, column.id)
                book.given[place] = before.given[place] and line.code not in loose
    book.fen[book.given] = before.fen[book.given]
    book = book.computed()
    book.brought = FINAL if is_final(before) else EXPRESS
    return book
