"""What of a return could not be read, and what rests on it: that is unknown, not zero, and nothing is compared with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from ..book import Book
from ..cases import Addends
from ..catalogue import Rule
from ..finding import Finding
from ..form import Column, Form, Level, Line, visible
from ..keeping import by_places
from ..relation import ANY
from ..returns import Return
from ..rulebook import rulebook
from ..shape import Given, Key, Shape
from ..unit import applies

Unread = Mapping[str, Given]  # unit → figures: what is unknown; a unit whose return was read whole is not in it
TELLING = ("K-01", "K-02", "K-08", "F-06")  # the rules that say what was not read


def unread(shape: Shape, returns: Mapping[str, Return]) -> Unread:
    """What is unknown in those returns that were not read whole."""
    found = {code: unknown(shape, ret) for code, ret in returns.items() if not _is_whole(shape, ret)}
    return {code: places for code, places in found.items() if places.any()}


def without_cell(shape: Shape, ret: Return) -> Given | None:
    """The figures that had no cell to be read from; None if the return was read whole."""
    return None if _is_whole(shape, ret) else _missing(shape, ret)


def unknown(shape: Shape, ret: Return) -> Given:
    """The figures that had no cell to be read from, and the totals left without a value that are made of them."""
    return _resting(ret.book, _missing(shape, ret))


def beneath(book: Book, places: Given) -> Given:
    """*places*, and every total that comes out wrong if it is computed without them."""
    level, found = book.shape.level(book.unit.level), places.copy()
    level.compute(np.zeros_like(book.fen), found)
    return found | places


def touches(addends: Addends, places: Given | None) -> bool:
    """Whether one side of a case rests on any of the *places*."""
    return places is not None and any(places[place] for place, _ in addends)


def rests_on(shape: Shape, rule: Rule, place: int, places: Given | None) -> bool:
    """Whether what a rule says of a figure, or any figure that the rule names, is among the *places*."""
    if places is None:
        return False
    named = (
        shape.place(term.form, term.line, column)
        for group in rule.lines
        for term in group
        for column in ((term.column,) if term.column else rule.columns)
        if ANY not in term.line and shape.has(term.form, term.line, column)
    )
    return bool(place >= 0 and places[place]) or any(places[each] for each in named)


def ratio_rests_on(shape: Shape, key: Key, places: Given) -> bool:
    """Whether a ratio or a difference is made of any figure among the *places*."""
    form = shape.catalogue.form(key[0])
    made_of = _made_of(form, form.line(key[1]), form.column(key[2]))
    return any(shape.has(*each) and places[shape.place(*each)] for each in made_of)


def said(shape: Shape, ret: Return, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, those that say what was not read with how much could not be checked for it."""
    missing = without_cell(shape, ret)
    for finding in findings:
        about = finding.rule in TELLING and finding.severity == "error"
        count = _suspended(shape, ret, missing, finding) if missing is not None and about else 0
        whose = "它们" if finding.echoes else "它"
        more = f"涉及{whose}的勾稽关系和合计（{count:,} 处）暂未核对。" if count else ""
        yield replace(finding, says=finding.says + more) if more else finding


def _is_whole(shape: Shape, ret: Return) -> bool:
    """Whether every form, line and column had its place. Books of nodes are not read from what units fill in."""
    if ret.unit.level == "node" or not ret.where:
        return True
    return all(
        (where := ret.where.get(form)) is not None and len(where.rows) >= lines and len(where.columns) >= columns
        for form, lines, columns in _sizes(shape, ret.unit.level)
    )


@by_places
def _sizes(shape: Shape, level: Level) -> list[tuple[str, int, int]]:
    return [
        (form.id, sum(1 for _ in visible(form, level)), len(form.columns))
        for form in shape.catalogue.at(level)
        if form.amounts
    ]


def _missing(shape: Shape, ret: Return) -> Given:
    found: Given = shape.level(ret.unit.level).open.copy()
    for form in shape.catalogue.at(ret.unit.level):
        if where := ret.where.get(form.id):
            lines = np.array([line.code not in where.rows for line in form.lines], dtype=bool)
            columns = np.array([column.id not in where.columns for column in form.amounts], dtype=bool)
            found[shape.span(form)] &= (lines[:, None] | columns[None, :]).ravel()
    return found


def _resting(book: Book, missing: Given) -> Given:
    """A total without a value is as unknown as its parts; one that was stated, or can be computed, is known."""
    level = book.shape.level(book.unit.level)
    found: Given = missing & level.entries
    for places, sums in level.waves:
        found[places] = ~book.given[places] & sums.given(found)
    return found


def _suspended(shape: Shape, ret: Return, missing: Given, finding: Finding) -> int:
    """How many comparisons rest on what a finding says was not read."""
    about: Given = np.zeros_like(missing)
    for each in (finding, *finding.echoes):
        if each.form:
            about |= _region(shape, each)
    if not (about & missing).any():
        return 0
    book = rulebook(shape, ret.unit.level, totals=True)
    told = np.flatnonzero(book.touched(_resting(ret.book, about & missing))).tolist()
    relations = (book.cases[number].relation for number in told)
    return sum(not each.shadow and applies(each.levels, ret.unit.kinds, each.sign) for each in relations)


def _region(shape: Shape, finding: Finding) -> Given:
    form = shape.catalogue.form(finding.form)
    found: Given = np.zeros(shape.size, dtype=bool)
    lines = np.array([finding.line in ("", line.code) for line in form.lines], dtype=bool)
    columns = np.array([finding.column in ("", column.id) for column in form.amounts], dtype=bool)
    found[shape.span(form)] = (lines[:, None] & columns[None, :]).ravel()
    return found


def _made_of(form: Form, line: Line, column: Column) -> Iterator[Key]:
    if column.kind == "amount" and line.kind == "ratio":
        yield from ((term.form, term.line, term.column or column.id) for term in (*line.parts, *line.base))
    elif column.kind == "amount":
        yield form.id, line.code, column.id
    elif column.base:
        yield from _made_of(form, line, form.column(column.of))
        yield from _made_of(form, line, form.column(column.base))
