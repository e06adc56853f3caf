"""The relations of a catalogue compiled for one level, and their verdict over many units at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..amount import Fens
from ..model import Form, Level
from ..relation import ANY, Relation, Sums, Term
from ..shape import Given, Shape, is_open, visible

NOTHING = -1


@dataclass(frozen=True, slots=True)
class Case:
    """One relation read for one line and one column; the first addend on the left is the cell a finding points at."""

    relation: Relation
    left: tuple[tuple[int, int], ...]
    right: tuple[tuple[int, int], ...]


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
            if relation.scope == scope
            for case in cases(shape, relation, level)
        ]
        self.left = Sums([case.left for case in self.cases])
        self.right = Sums([case.right or ((0, 0),) for case in self.cases])
        self._sign = np.array([{"=": 0, "<=": 1, ">=": -1}[case.relation.sign] for case in self.cases], dtype=np.int8)
        self._skips = np.array([case.relation.blank == "skip" for case in self.cases], dtype=bool)

    def broken(self, fen: Fens, given: Given) -> NDArray[np.bool_]:
        """units × figures → units × cases: whether the case is broken. A side without any figure breaks nothing."""
        return self.compare(fen, given, fen, given)

    def compare(self, fen: Fens, given: Given, other: Fens, other_given: Given) -> NDArray[np.bool_]:
        """As `broken`, the right sides taken from *other* books."""
        gap = self.left.of(fen) - self.right.of(other)
        wrong = np.where(self._sign == 0, gap != 0, np.where(self._sign > 0, gap > 0, gap < 0))
        present = self.left.given(given) | self.right.given(other_given)
        complete = self.left.all_given(given)
        result: NDArray[np.bool_] = wrong & present & (complete | ~self._skips)
        return result

    def breaches(self, fen: Fens, given: Given) -> Iterator[Breach]:
        """Every broken case of every unit."""
        yield from self._breaches(self.broken(fen, given), fen, fen)

    def breaches_between(self, fen: Fens, given: Given, other: Fens, other_given: Given) -> Iterator[Breach]:
        """Every broken case, the right sides taken from *other* books."""
        yield from self._breaches(self.compare(fen, given, other, other_given), fen, other)

    def _breaches(self, broken: NDArray[np.bool_], fen: Fens, other: Fens) -> Iterator[Breach]:
        for row, number in np.argwhere(broken):
            case = self.cases[number]
            yield Breach(int(row), case, _side(case.left, fen[row]), _side(case.right, other[row]))


def _side(addends: tuple[tuple[int, int], ...], fen: Fens) -> int:
    return int(sum(int(fen[place]) * weight for place, weight in addends))


def cases(shape: Shape, relation: Relation, level: Level) -> Iterator[Case]:
    """A relation read for every line its `*` binds to and every column it names, where all its cells are open."""
    for line in _bindings(shape, relation, level):
        for column in relation.columns or ("",):
            left, right = (_addends(shape, terms, line, column, level) for terms in (relation.left, relation.right))
            if left and len(left) == len(relation.left) and len(right) == len(relation.right):
                yield Case(relation, tuple(left), tuple(right))


def _bindings(shape: Shape, relation: Relation, level: Level) -> list[str]:
    starred = next((term for term in relation.left if ANY in term.line), None)
    if starred is None:
        return [""]
    head, _, tail = starred.line.partition(ANY)
    lines = [line.code for line in visible(shape.catalogue.form(starred.form), level) if line.kind != "heading"]
    return [code[len(head) : len(code) - len(tail)] for code in lines if code.startswith(head) and code.endswith(tail)]


def _addends(shape: Shape, terms: tuple[Term, ...], line: str, column: str, level: Level) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for term in terms:
        key = (term.form, term.line.replace(ANY, line), term.column or column)
        if shape.has(*key) and _open(shape.catalogue.form(term.form), key, level):
            found.append((shape.place(*key), term.weight))
    return found


def _open(form: Form, key: tuple[str, str, str], level: Level) -> bool:
    return is_open(form, form.line(key[1]), key[2], level)


def of_which(shape: Shape, level: Level, scope: str) -> Iterator[Relation]:
    """R-SUM-02: an 其中 line is part of the line above it, and cannot be more."""
    if scope != "unit":
        return
    for form in shape.catalogue.at(level):
        for line in visible(form, level):
            if line.kind == "of_which" and line.parent:
                columns = tuple(column.id for column in form.amounts)
                yield Relation(
                    "R-SUM-02",
                    "error",
                    (Term(1, form.id, line.code),),
                    "<=",
                    (Term(1, form.id, line.parent),),
                    columns,
                    "unit",
                    "zero",
                    "",
                    "其中数不得大于它所属的数",
                    "请核对两行",
                    "",
                )
