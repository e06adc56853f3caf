"""The relations of a catalogue read for every line and every column they speak of: each reading is a case, two sums of figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
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
Reading = tuple[list[int], list[int]]  # the places on the left and on the right


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
    relations = [
        relation
        for relation in (*shape.catalogue.relations, *of_which(shape, level, scope))
        if relation.scope == scope and at_level(relation, level)
    ]
    read = [(at, *both) for at, relation in enumerate(relations) for both in readings(shape, relation, level)]
    of = [at for at, _, _ in read]
    there = np.array([bool(right) for _, _, right in read], dtype=bool)
    left = _sums([relation.left for relation in relations], of, (left for _, left, _ in read))
    right = _sums([relation.right for relation in relations], of, (right for _, _, right in read))
    return Cases(relations, np.array(of, dtype=np.intp), left, right, there)


def _sums(terms: Sequence[tuple[Term, ...]], of: Sequence[int], places: Iterable[Sequence[int]]) -> Sums:
    """One side of every case: the weights of its relation's *terms* at its *places*."""
    weights = [[term.weight for term in side] or [0] for side in terms]
    return Sums.laid(
        np.array(list(chain.from_iterable(side or (0,) for side in places)), dtype=np.int64),
        np.array(list(chain.from_iterable(weights[at] for at in of)), dtype=np.int64),
        np.array([len(weights[at]) for at in of], dtype=np.int64),
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


def cases(shape: Shape, relation: Relation, level: Level) -> Iterator[Case]:
    """A relation read for every line its `*` binds to and every column it names, where all its cells are open."""
    weights = [[term.weight for term in side] for side in (relation.left, relation.right)]
    for places in readings(shape, relation, level):
        left, right = (tuple(zip(*each, strict=True)) for each in zip(places, weights, strict=True))
        yield Case(relation, left, right)


def readings(shape: Shape, relation: Relation, level: Level) -> Iterator[Reading]:
    """The places on the left and on the right of every case of a relation."""
    opened, sides = shape.level(level).opened, (relation.left, relation.right)
    columns = [[_columns(shape, side, column) for side in sides] for column in relation.columns or ("",)]
    for code in _bindings(shape, relation, level):
        left_lines, right_lines = (_lines(shape, side, code) for side in sides)
        for left_columns, right_columns in columns:
            left, right = _met(left_lines, left_columns), _met(right_lines, right_columns)
            if left and right is not None and opened.issuperset(left) and opened.issuperset(right):
                yield left, right


def _lines(shape: Shape, terms: Sequence[Term], code: str) -> list[int] | None:
    """Where the lines of *terms* begin; None if there is one that the catalogue has not."""
    found = [shape.start(term.form, term.line.replace(ANY, code)) for term in terms]
    return [start for start in found if start is not None] if None not in found else None


def _columns(shape: Shape, terms: Sequence[Term], column: str) -> list[int] | None:
    """Where in their lines the columns of *terms* stand; None if there is one that the catalogue has not."""
    found = [shape.offset(term.form, term.column or column) for term in terms]
    return [offset for offset in found if offset is not None] if None not in found else None


def _met(lines: list[int] | None, columns: list[int] | None) -> list[int] | None:
    if lines is None or columns is None:
        return None
    return [start + offset for start, offset in zip(lines, columns, strict=True)]


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
