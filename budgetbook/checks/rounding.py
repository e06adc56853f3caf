"""R-TOL: where figures are stated with limited precision, what could be true alone but not together is an error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from ..amount import Fens, shown
from ..book import Book
from ..cases import TOTALS, Case
from ..catalogue import Rule
from ..rounding_proof import BROKEN, Claim, Printed, together, verdict
from ..rulebook import HOLDS, ROUNDING, RuleBook, rulebook, side
from ..shape import Shape
from ..unit import applies
from .stack import Hit, Stack
from .wording import name_of

NAMED = 4  # relations of a conflict that are told; the rest is counted


def rounding_notes(rule: Rule, stack: Stack) -> Iterator[Hit]:
    """R-TOL-01: relations that do not hold as stated, but do for some exact values that round to what is stated (尾差). Told once
    for each unit, so that nobody looks for mistakes that there are not."""
    for book, rules, verdicts in _judged(stack):
        steps = _steps(book)
        binding = [each for each in zip(rules.cases, verdicts, strict=True) if _binds(each[0], book)]
        near = [case for case, told in binding if told == ROUNDING and _possible(case, book, steps)]
        if near:
            gap = abs(side(near[0].left, book.fen) - side(near[0].right, book.fen))
            place = near[0].left[0][0]
            words = {"count": str(len(near)), "gap": f"{shown(gap)} 万元"}
            yield Hit(book.unit.code, place, words)


def joint_verdict(rule: Rule, stack: Stack) -> Iterator[Hit]:
    """R-TOL-02: relations that seem to differ by rounding only, while no exact values that round to the stated figures satisfy
    all of them. Proven by linear feasibility, the proof checked in fractions; the set told is irreducible. A relation alone is
    given the room of all that its totals may be made of; here a total has the room of what it is made of in this book."""
    for book, rules, verdicts in _judged(stack):
        near = [at for at, told in enumerate(verdicts) if told == ROUNDING and _hard(rules.cases[at], book)]
        if not near:
            continue
        bound = [at for at in _may_bind(rules, book, verdicts) if _hard(rules.cases[at], book)]
        steps = _steps(book)
        for group in _linked([rules.cases[at] for at in (*near, *bound)], len(near), steps):
            yield from _conflict(stack.shape, book, group, steps)


def _judged(stack: Stack) -> Iterator[tuple[Book, RuleBook, list[int]]]:
    if not stack.shape.rounded:
        return
    rules = rulebook(stack.shape, stack.level, totals=True)
    for book, verdicts in zip(stack.books, rules.verdicts(stack.fen, stack.given), strict=True):
        yield book, rules, verdicts.tolist()


def _binds(case: Case, book: Book) -> bool:
    relation = case.relation
    return not relation.shadow and applies(relation.levels, book.unit.kinds, relation.sign)


def _possible(case: Case, book: Book, steps: Fens) -> bool:
    claim = Claim("", _terms(case), case.relation.sign)
    return verdict(claim, _printed(book, (case,), steps)) != BROKEN


def _hard(case: Case, book: Book) -> bool:
    """Whether a case has to hold, whatever anyone explains."""
    return case.relation.severity == "error" and _binds(case, book)


def _may_bind(rules: RuleBook, book: Book, verdicts: Sequence[int]) -> Iterator[int]:
    """The cases that hold as stated but not for all that the figures can stand for; the others can add nothing to a proof."""
    slack = np.abs(rules.left.of(book.fen) - rules.right.of(book.fen))
    for at in np.flatnonzero((np.array(verdicts) == HOLDS) & (2 * slack < rules.rooms)):
        yield int(at)


def _steps(book: Book) -> Fens:
    """How each figure is rounded: a total that is the sum of its parts like those that are given, any other as it is stated; a
    blank is nothing at all."""
    level = book.shape.level(book.unit.level)
    steps: Fens = np.where(book.given, book.shape.steps, 0)
    spread = level.spread(np.where(level.entries, steps, 0))
    added = level.totals[book.fen[level.totals] == level.sums.of(book.fen)]
    steps[added] = np.maximum(steps[added], spread[added])
    return steps


def _linked(cases: Sequence[Case], near: int, steps: Fens) -> Iterator[list[Case]]:
    """The first *near* cases in groups, each with all that shares a rounded figure with one of it, directly or through others."""
    by_place: dict[int, list[int]] = {}
    for at, case in enumerate(cases):
        for place in _rounded(case, steps):
            by_place.setdefault(place, []).append(at)
    seen: set[int] = set()
    for start in range(near):
        if start in seen:
            continue
        group, todo = [], [start]
        while todo:
            at = todo.pop()
            if at not in seen:
                seen.add(at)
                group.append(at)
                todo.extend(other for place in _rounded(cases[at], steps) for other in by_place[place])
        yield [cases[at] for at in sorted(group)]


def _rounded(case: Case, steps: Fens) -> list[int]:
    return [place for place, _ in (*case.left, *case.right) if steps[place]]


def _conflict(shape: Shape, book: Book, group: Sequence[Case], steps: Fens) -> Iterator[Hit]:
    cases = {f"{at}": case for at, case in enumerate(group)}
    claims = [Claim(name, _terms(case), case.relation.sign) for name, case in cases.items()]
    joint = together(claims, _printed(book, group, steps))
    if joint.verdict == BROKEN:
        told = [cases[claim.name] for claim in joint.conflict]
        words = {"count": str(len(told)), "which": "；".join(_named(shape, told))}
        yield Hit(book.unit.code, told[0].left[0][0], words)


def _terms(case: Case) -> tuple[tuple[str, int], ...]:
    signed: Iterable[tuple[int, int]] = (*case.left, *((place, -weight) for place, weight in case.right))
    return tuple((str(place), weight) for place, weight in signed)


def _printed(book: Book, group: Sequence[Case], steps: Fens) -> Mapping[str, Printed]:
    places = {place for case in group for place, _ in (*case.left, *case.right)}
    return {str(place): Printed(int(book.fen[place]), int(steps[place])) for place in places}


def _named(shape: Shape, cases: Sequence[Case]) -> Iterator[str]:
    for case in cases[:NAMED]:
        sheet = shape.catalogue.form(shape.keys[case.left[0][0]][0]).sheet
        says = "等于所属各项之和" if case.relation.id == TOTALS else case.relation.says
        yield f"{case.relation.id} {sheet}{name_of(shape, case.left[0][0])}：{says}"
    if len(cases) > NAMED:
        yield f"等 {len(cases)} 条"
