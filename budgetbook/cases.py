"""The relations of a catalogue read for every line and every column they speak of: each reading is a case, two sums of figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .form import Form, Level, visible
from .relation import ANY, Relation, Term
from .shape import Given, Shape
from .sums import Sums

TOTALS = "R-SUM-01"
KINDS: dict[Level, frozenset[str]] = {
    "county": frozenset({"county", "zone", "adjustment"}),
    "city": frozenset({"city"}),
    "node": frozenset({"node", "root"}),
}

Addends = tuple[tuple[int, int], ...]  # (place of the figure, weight)
Index = NDArray[np.intp]
Places = NDArray[np.int64]
_NONE: Places = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Case:
    """One relation read for one line and one column; the first addend on the left is the cell a finding points at."""

    relation: Relation
    left: Addends
    right: Addends


@dataclass(frozen=True, slots=True)
class Cases:
    """Many cases as arrays; one of them is made a `Case` when it is asked for. A right side without addends is a figure times
    nothing, and not `there`."""

    relations: Sequence[Relation]
    of: Index  # of each case the number of its relation
    left: Sums
    right: Sums
    there: Given

    def __len__(self) -> int:
        return len(self.of)

    def __getitem__(self, number: int) -> Case:
        right = tuple(self.right.addends(number)) if self.there[number] else ()
        return Case(self.relations[self.of[number]], tuple(self.left.addends(number)), right)

    def __iter__(self) -> Iterator[Case]:
        sides = zip(self.left.all_addends(), self.right.all_addends(), strict=True)
        for number, there, (left, right) in zip(self.of.tolist(), self.there.tolist(), sides, strict=True):
            yield Case(self.relations[number], tuple(left), tuple(right) if there else ())

    def each(self, said: Callable[[Relation], Any]) -> NDArray[Any]:
        """What is said of its relation, for every case."""
        found: NDArray[Any] = np.array([said(relation) for relation in self.relations])[self.of]
        return found

    def only(self, numbers: Index) -> Cases:
        """Some of the cases, in the order asked for."""
        sides = self.left.only(numbers), self.right.only(numbers)
        return Cases(self.relations, self.of[numbers], *sides, self.there[numbers])

    def then(self, other: Cases) -> Cases:
        """These cases and after them the others."""
        return Cases(
            [*self.relations, *other.relations],
            np.append(self.of, other.of + len(self.relations)),
            self.left.then(other.left),
            self.right.then(other.right),
            np.append(self.there, other.there),
        )


def all_cases(shape: Shape, level: Level, scope: str) -> Cases:
    """Every case of the catalogue's relations that units of *level* can break."""
    known = (*shape.catalogue.relations, *of_which(shape, level, scope))
    return read(shape, level, [each for each in known if each.scope == scope and at_level(each, level)])


def read(shape: Shape, level: Level, relations: Sequence[Relation]) -> Cases:
    """Each relation for every line its `*` binds to and every column it names, where all its cells are open."""
    relations = [each for each in relations if each.left]
    spoken = [(_bindings(shape, each, level), each.columns or ("",)) for each in relations]
    left, right = (
        _sums(sides, [_places(shape, side, *of) for side, of in zip(sides, spoken, strict=True)])
        for sides in ([each.left for each in relations], [each.right for each in relations])
    )
    of = np.repeat(np.arange(len(relations)), [len(codes) * len(columns) for codes, columns in spoken])
    there = np.array([bool(each.right) for each in relations], dtype=bool)[of]
    opened = np.append(shape.level(level).open, False)
    fits = left.all_given(opened) & (right.all_given(opened) | ~there)
    return Cases(relations, of, left, right, there).only(np.flatnonzero(fits))


def _places(shape: Shape, terms: Sequence[Term], codes: Sequence[str], columns: Sequence[str]) -> Places:
    """(Lines × columns) × terms → places; beyond the last for what the catalogue has not."""
    starts = [[shape.start(term.form, term.line.replace(ANY, code)) for term in terms] for code in codes]
    offsets = [[shape.offset(term.form, term.column or column) for term in terms] for column in columns]
    found = [
        shape.size if start is None or offset is None else start + offset
        for line in starts
        for beside in offsets
        for start, offset in zip(line, beside, strict=True)
    ]
    return np.array(found, dtype=np.int64).reshape(len(codes) * len(columns), len(terms))


def _sums(terms: Sequence[tuple[Term, ...]], places: Sequence[Places]) -> Sums:
    """One side of every case of every relation; a side without addends is a figure times nothing."""
    many = [len(each) for each in places]
    weights = [[term.weight for term in side] or [0] for side in terms]
    return Sums.laid(
        np.concatenate(
            [_NONE, *(each.ravel() if each.size else np.zeros(len(each), dtype=np.int64) for each in places)]
        ),
        np.array(
            [weight for side, times in zip(weights, many, strict=True) for weight in side * times], dtype=np.int64
        ),
        np.repeat(np.array([len(side) for side in weights], dtype=np.int64), many),
    )


def total_cases(shape: Shape, level: Level) -> Cases:
    """R-SUM-01: a stated total is the sum of its parts; a total left blank is not judged."""
    book, forms = shape.level(level), shape.catalogue.forms
    of = np.searchsorted([shape.span(form).start for form in forms], book.totals, side="right") - 1
    ones = np.ones_like(book.totals)
    left, there = Sums.laid(book.totals, ones, ones), np.ones(len(of), dtype=bool)
    return Cases([_total_of(form) for form in forms], of, left, book.sums, there)


def _total_of(form: Form) -> Relation:
    return Relation(
        TOTALS,
        "error",
        (Term(1, form.id, ANY),),
        "=",
        (),
        (),
        "unit",
        "skip",
        "",
        "合计应等于所属各项之和",
        "请核对所属明细，或恢复合计公式",
        "",
    )


def at_level(relation: Relation, level: Level) -> bool:
    """Whether some units of *level* are of a kind that the relation applies to; whether one is, `unit.applies` says."""
    return not relation.levels or bool(relation.levels & KINDS[level])


def _bindings(shape: Shape, relation: Relation, level: Level) -> list[str]:
    starred = next((term for term in relation.left if ANY in term.line), None)
    if starred is None:
        return [""]
    head, _, tail = starred.line.partition(ANY)
    lines = [line.code for line in visible(shape.catalogue.form(starred.form), level) if line.kind != "heading"]
    return [code[len(head) : len(code) - len(tail)] for code in lines if code.startswith(head) and code.endswith(tail)]


def of_which(shape: Shape, level: Level, scope: str) -> Iterator[Relation]:
    """R-SUM-02: an 其中 line is part of the line above it, and cannot be more."""
    rule = next((rule for rule in shape.catalogue.rules if rule.function == "of_which"), None)
    if scope != "unit" or rule is None:
        return
    for form in shape.catalogue.at(level):
        for line in visible(form, level):
            if line.kind == "of_which" and line.parent:
                yield Relation(
                    rule.id,
                    rule.severity,
                    (Term(1, form.id, line.code),),
                    "<=",
                    (Term(1, form.id, line.parent),),
                    tuple(column.id for column in form.amounts),
                    "unit",
                    rule.blank,
                    rule.stage,
                    rule.says,
                    rule.remedy,
                    rule.basis,
                    rule.shadow,
                )
