"""The relations of a catalogue compiled for one level, and their verdict over many units at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .amount import Fens
from .cases import TOTALS, Addends, Case, Cases, Index, all_cases, total_cases
from .form import Level
from .keeping import by_places
from .shape import Given, Shape
from .sums import Sums

OPEN, HOLDS, ROUNDING, BROKEN = range(4)
VERDICTS = ("待填", "通过", "尾差", "不符")
SIGNS = {"=": 0, "<=": 1, ">=": -1}

Marks = NDArray[np.bool_]
Verdicts = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Breach:
    """A case that does not hold for the unit at `row`; both sides in fen."""

    row: int
    case: Case
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Every case that applies to units of one level, and of each what its verdict depends on."""

    cases: Cases
    sign: NDArray[np.int8]
    skips: Marks  # not judged while the whole left side is blank
    whole: Marks  # any blank is itself a breach
    rooms: Fens  # twice by how much the sides may be apart

    @classmethod
    def of(cls, shape: Shape, level: Level, cases: Cases) -> RuleBook:
        """The rule book of these cases."""
        sign = cases.each(lambda relation: SIGNS[relation.sign]).astype(np.int8)
        skips = cases.each(lambda relation: relation.blank == "skip").astype(bool)
        whole = cases.each(lambda relation: relation.blank == "finding").astype(bool)
        return cls(cases, sign, skips, whole, rooms(shape, level, cases))

    def only(self, numbers: Index) -> RuleBook:
        """Some of the cases, in the order asked for."""
        marks = self.skips[numbers], self.whole[numbers]
        return RuleBook(self.cases.only(numbers), self.sign[numbers], *marks, self.rooms[numbers])

    @property
    def left(self) -> Sums:
        """The left sides."""
        return self.cases.left

    @property
    def right(self) -> Sums:
        """The right sides."""
        return self.cases.right

    @property
    def rounds(self) -> bool:
        """Whether any figure is stated with limited precision."""
        return bool(self.rooms.any())

    @property
    def places(self) -> NDArray[np.int64]:
        """The figures that the cases look at."""
        return np.concatenate([self.left.place, self.right.place])

    def touched(self, places: Given) -> Marks:
        """units × figures → units × cases: whether the case looks at any of the *places*."""
        result: Marks = self.left.given(places) | (self.right.given(places) & self.cases.there)
        return result

    def broken(self, fen: Fens, given: Given) -> Marks:
        """units × figures → units × cases: whether the case is broken. A case without any figure is never broken."""
        return self.compare(fen, given, fen, given)

    def compare(self, fen: Fens, given: Given, other: Fens, other_given: Given, room: Fens | None = None) -> Marks:
        """As `broken`, the right sides taken from *other* books. *room*: cases, where those state a precision of their own."""
        gap = self.left.of(fen) - self.right.of(other)
        wrong = self._wrong(gap)
        if self.rounds or room is not None:  # exact figures never come here
            wrong &= 2 * np.abs(gap) > (self.rooms if room is None else room)
        if len(whole := np.flatnonzero(self.whole)):
            wrong[..., whole] |= self.only(whole).short(given, other_given)
        some = np.flatnonzero(wrong.reshape(-1, len(self.cases)).any(axis=0))
        wrong[..., some] &= self.only(some).judged(given, other_given)
        return wrong

    def _wrong(self, gap: Fens) -> Marks:
        result: Marks = np.where(self.sign == 0, gap != 0, np.where(self.sign > 0, gap > 0, gap < 0))
        return result

    def room(self, steps: Fens, other: Fens) -> Fens:
        """figures → cases: twice by how much the sides can differ, this year's figures rounded to *steps*, the others' to *other*."""
        return self.left.spread(steps) + np.where(self.cases.there, self.right.spread(other), 0)

    def short(self, given: Given, other_given: Given) -> Marks:
        """units × figures → units × cases: whether a figure is blank."""
        result: Marks = ~(self.left.all_given(given) & (self.right.all_given(other_given) | ~self.cases.there))
        return result

    def judged(self, given: Given, other_given: Given) -> Marks:
        """units × figures → units × cases: whether enough is filled in."""
        result: Marks = self.left.given(given) | (self.right.given(other_given) & self.cases.there & ~self.skips)
        return result

    def verdicts(self, fen: Fens, given: Given) -> Verdicts:
        """units × figures → units × cases: OPEN where too much is blank to judge, HOLDS, BROKEN, or where figures of stated
        precision differ but could be what is meant, ROUNDING."""
        judged = self.judged(given, given)
        result: Verdicts = np.where(judged, HOLDS, OPEN).astype(np.int8)
        if self.rounds:
            result[judged & self._wrong(self.left.of(fen) - self.right.of(fen))] = ROUNDING
        result[self.broken(fen, given)] = BROKEN
        return result

    def breaches(self, fen: Fens, given: Given) -> Iterator[Breach]:
        """Every broken case of every unit."""
        yield from self.told(self.broken(fen, given), fen, fen)

    def breaches_between(
        self, fen: Fens, given: Given, other: Fens, other_given: Given, room: Fens | None = None
    ) -> Iterator[Breach]:
        """Every broken case, the right sides taken from *other* books, whose precision leaves *room*."""
        yield from self.told(self.compare(fen, given, other, other_given, room), fen, other)

    def told(self, broken: Marks, fen: Fens, other: Fens) -> Iterator[Breach]:
        """The cases marked in units × cases, with both sides in fen."""
        cases = {number: self.cases[number] for number in np.flatnonzero(broken.any(axis=0)).tolist()}
        for row, number in np.argwhere(broken).tolist():
            case = cases[number]
            yield Breach(row, case, side(case.left, fen[row]), side(case.right, other[row]))


def rooms(shape: Shape, level: Level, cases: Sequence[Case] | Cases) -> Fens:
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
    """The rule book of a level, compiled once; with *totals*, and every total against its parts."""
    return _compiled(shape, level, scope, totals)


@by_places
def _compiled(shape: Shape, level: Level, scope: str, totals: bool) -> RuleBook:
    if totals:
        return RuleBook.of(shape, level, rulebook(shape, level, scope).cases.then(total_cases(shape, level)))
    return RuleBook.of(shape, level, all_cases(shape, level, scope))
