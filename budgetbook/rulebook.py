"""The relations of a catalogue compiled for one level, and their verdict over many units at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .amount import Fens
from .form import Level, visible
from .relation import ANY, Relation, Term
from .shape import Given, Shape, by_places
from .sums import Sums

OPEN, HOLDS, ROUNDING, BROKEN = range(4)
VERDICTS = ("待填", "通过", "尾差", "不符")
TOTALS = "R-SUM-01"
SIGNS = {"=": 0, "<=": 1, ">=": -1}
KINDS: dict[Level, frozenset[str]] = {
    "county": frozenset({"county", "zone", "adjustment"}),
    "city": frozenset({"city"}),
    "node": frozenset({"node", "root"}),
}

Verdicts = NDArray[np.int8]
Addends = tuple[tuple[int, int], ...]  # (place of the figure, weight)


@dataclass(frozen=True, slots=True)
class Case:
    """One relation read for one line and one column; the first addend on the left is the cell a finding points at."""

    relation: Relation
    left: Addends
    right: Addends


@dataclass(frozen=True, slots=True)
class Breach:
    """A case that does not hold for the unit at `row`; both sides in fen."""

    row: int
    case: Case
    left: int
    right: int


class RuleBook:
    """Every case that applies to units of one level."""

    def __init__(self, shape: Shape, level: Level, scope: str = "unit") -> None:
        self.cases = [
            case
            for relation in (*shape.catalogue.relations, *of_which(shape, level, scope))
            if relation.scope == scope and at_level(relation, level)
            for case in cases(shape, relation, level)
        ]
        self.left = Sums([case.left for case in self.cases])
        self.right = Sums([case.right or ((0, 0),) for case in self.cases])
        self._know(shape, level)

    def with_totals(self, shape: Shape, level: Level) -> RuleBook:
        """And every total against its parts."""
        more, book = copy(self), shape.level(level)
        more.cases = [*self.cases, *total_cases(shape, level)]
        more.left = self.left.then(Sums([((place, 1),) for place in book.totals.tolist()]))
        more.right = self.right.then(book.sums)
        more._know(shape, level)
        return more

    def _know(self, shape: Shape, level: Level) -> None:
        self._sign = np.array([SIGNS[case.relation.sign] for case in self.cases], dtype=np.int8)
        self._skips = np.array([case.relation.blank == "skip" for case in self.cases], dtype=bool)
        self._whole = np.array([case.relation.blank == "finding" for case in self.cases], dtype=bool)
        self._right = np.array([bool(case.right) for case in self.cases], dtype=bool)
        self.rooms = rooms(shape, level, self.cases)
        self.rounds = bool(self.rooms.any())
        self._entire = np.flatnonzero(self._whole)

    def only(self, numbers: NDArray[np.intp]) -> RuleBook:
        """Some of the cases, in the order asked for."""
        some = copy(self)
        some.cases = [self.cases[number] for number in numbers]
        some.left, some.right = self.left.only(numbers), self.right.only(numbers)
        some._sign, some._skips, some._right = self._sign[numbers], self._skips[numbers], self._right[numbers]
        some._whole, some.rooms = self._whole[numbers], self.rooms[numbers]
        some.rounds = bool(some.rooms.any())
        some._entire = np.flatnonzero(some._whole)
        return some

    @property
    def places(self) -> NDArray[np.int64]:
        """The figures that the cases look at."""
        return np.concatenate([self.left.place, self.right.place])

    def touched(self, places: Given) -> NDArray[np.bool_]:
        """units × figures → units × cases: whether the case looks at any of the *places*."""
        result: NDArray[np.bool_] = self.left.given(places) | (self.right.given(places) & self._right)
        return result

    def broken(self, fen: Fens, given: Given) -> NDArray[np.bool_]:
        """units × figures → units × cases: whether the case is broken. A case without any figure is never broken."""
        return self.compare(fen, given, fen, given)

    def compare(
        self, fen: Fens, given: Given, other: Fens, other_given: Given, room: Fens | None = None
    ) -> NDArray[np.bool_]:
        """As `broken`, the right sides taken from *other* books. *room*: cases, where those state a precision of their own."""
        gap = self.left.of(fen) - self.right.of(other)
        wrong = self._wrong(gap)
        if self.rounds or room is not None:  # exact figures never come here
            wrong &= 2 * np.abs(gap) > (self.rooms if room is None else room)
        if len(self._entire):
            wrong[..., self._entire] |= self.only(self._entire).short(given, other_given)
        result: NDArray[np.bool_] = self._judged(given, other_given) & wrong
        return result

    def _wrong(self, gap: Fens) -> NDArray[np.bool_]:
        result: NDArray[np.bool_] = np.where(self._sign == 0, gap != 0, np.where(self._sign > 0, gap > 0, gap < 0))
        return result

    def room(self, steps: Fens, other: Fens) -> Fens:
        """figures → cases: twice by how much the sides can differ, this year's figures rounded to *steps*, the others' to *other*."""
        return self.left.spread(steps) + np.where(self._right, self.right.spread(other), 0)

    def short(self, given: Given, other_given: Given) -> NDArray[np.bool_]:
        """units × figures → units × cases: whether a figure is blank."""
        result: NDArray[np.bool_] = ~(self.left.all_given(given) & (self.right.all_given(other_given) | ~self._right))
        return result

    def verdicts(self, fen: Fens, given: Given) -> Verdicts:
        """units × figures → units × cases: OPEN where too much is blank to judge, HOLDS, BROKEN, or where figures of stated
        precision differ but could be what is meant, ROUNDING."""
        judged = self._judged(given, given)
        result: Verdicts = np.where(judged, HOLDS, OPEN).astype(np.int8)
        if self.rounds:
            result[judged & self._wrong(self.left.of(fen) - self.right.of(fen))] = ROUNDING
        result[self.broken(fen, given)] = BROKEN
        return result

    def _judged(self, given: Given, other_given: Given) -> NDArray[np.bool_]:
        left = self.left.given(given)
        result: NDArray[np.bool_] = left | (self.right.given(other_given) & self._right & ~self._skips)
        return result

    def breaches(self, fen: Fens, given: Given) -> Iterator[Breach]:
        """Every broken case of every unit."""
        yield from self.told(self.broken(fen, given), fen, fen)

    def breaches_between(
        self, fen: Fens, given: Given, other: Fens, other_given: Given, room: Fens | None = None
    ) -> Iterator[Breach]:
        """Every broken case, the right sides taken from *other* books, whose precision leaves *room*."""
        yield from self.told(self.compare(fen, given, other, other_given, room), fen, other)

    def told(self, broken: NDArray[np.bool_], fen: Fens, other: Fens) -> Iterator[Breach]:
        """The cases marked in units × cases, with both sides in fen."""
        for row, number in np.argwhere(broken):
            case = self.cases[number]
            yield Breach(int(row), case, side(case.left, fen[row]), side(case.right, other[row]))


def rooms(shape: Shape, level: Level, cases: Sequence[Case]) -> Fens:
    """For each case twice the room that the stated precision of its figures leaves, in fen: Σ |weight|·step. A total against its
    own parts is as precise as it is stated; anywhere else, as what it is made of."""
    if not shape.rounded:
        return np.zeros(len(cases), dtype=np.int64)
    spread = shape.level(level).steps
    return np.array([_room(case, shape.steps, spread) for case in cases], dtype=np.int64)


def _room(case: Case, own: Fens, spread: Fens) -> int:
    if case.relation.id == TOTALS:
        return int(own[case.left[0][0]]) + sum(abs(weight) * int(spread[place]) for place, weight in case.right)
    net: Counter[tuple[int, bool]] = Counter()
    for number, (place, weight) in enumerate((*case.left, *((place, -weight) for place, weight in case.right))):
        other = case.relation.scope != "unit" and number >= len(case.left)
        net[place, other] += weight  # one figure on both sides has no room against itself
    return sum(abs(weight) * int(spread[place]) for (place, _), weight in net.items())


def side(addends: Addends, fen: Fens) -> int:
    """One side of a case over the figures of one book."""
    return int(sum(int(fen[place]) * weight for place, weight in addends))


def rulebook(shape: Shape, level: Level, scope: str = "unit", *, totals: bool = False) -> RuleBook:
    """The rule book of a level, compiled once."""
    return _compiled(shape, level, scope, totals)


@by_places
def _compiled(shape: Shape, level: Level, scope: str, totals: bool) -> RuleBook:
    return _compiled(shape, level, scope, False).with_totals(shape, level) if totals else RuleBook(shape, level, scope)


def at_level(relation: Relation, level: Level) -> bool:
    """Whether some units of *level* are of a kind that the relation applies to; whether one is, `model.applies` says."""
    return not relation.levels or bool(relation.levels & KINDS[level])


def cases(shape: Shape, relation: Relation, level: Level) -> Iterator[Case]:
    """A relation read for every line its `*` binds to and every column it names, where all its cells are open."""
    opened = shape.level(level).opened
    for line in _bindings(shape, relation, level):
        for column in relation.columns or ("",):
            left = _addends(shape, relation.left, line, column, opened)
            right = _addends(shape, relation.right, line, column, opened)
            if left and len(left) == len(relation.left) and len(right) == len(relation.right):
                yield Case(relation, tuple(left), tuple(right))


def _bindings(shape: Shape, relation: Relation, level: Level) -> list[str]:
    starred = next((term for term in relation.left if ANY in term.line), None)
    if starred is None:
        return [""]
    head, _, tail = starred.line.partition(ANY)
    lines = [line.code for line in visible(shape.catalogue.form(starred.form), level) if line.kind != "heading"]
    return [code[len(head) : len(code) - len(tail)] for code in lines if code.startswith(head) and code.endswith(tail)]


def _addends(
    shape: Shape, terms: tuple[Term, ...], line: str, column: str, opened: Collection[int]
) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for term in terms:
        key = (term.form, term.line.replace(ANY, line), term.column or column)
        if shape.has(*key) and (place := shape.place(*key)) in opened:
            found.append((place, term.weight))
    return found


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


def total_cases(shape: Shape, level: Level) -> Iterator[Case]:
    """R-SUM-01: a stated total is the sum of its parts; a total left blank is not judged."""
    book = shape.level(level)
    relations: dict[str, Relation] = {}
    for place, addends in zip(book.totals.tolist(), book.sums.all_addends(), strict=True):
        form = shape.keys[place][0]
        relation = relations.setdefault(
            form,
            Relation(
                TOTALS,
                "error",
                (Term(1, form, ANY),),
                "=",
                (),
                (),
                "unit",
                "skip",
                "",
                "合计应等于所属各项之和",
                "请核对所属明细，或恢复合计公式",
                "",
            ),
        )
        yield Case(relation, ((place, 1),), tuple(addends))
