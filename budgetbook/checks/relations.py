"""The relations of the catalogue over every unit and every node, between years, and the development zones against their city."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from string import ascii_uppercase

import numpy as np

from ..amount import Fens
from ..book import Book
from ..cases import Addends, Case
from ..finding import Finding
from ..prior import is_final
from ..relation import Relation
from ..returns import Return
from ..rulebook import Breach, rulebook
from ..shape import Given, LevelShape, Shape
from ..unit import applies
from .blanks import Region, region_of, regions, speaking, told, unfilled
from .stack import Stack, stacks
from .together import Together
from .unread import Unread, beneath, touches
from .wording import at_cell, relation_says
from .years import loose_places, restated, unequal

Sides = tuple[str, Addends, Addends]
Unmatched = Collection[tuple[str, str]]  # (node, column) in which flows that were eliminated there differ


@dataclass(frozen=True, slots=True)
class Broken:
    """One breach of one book."""

    book: Book
    breach: Breach

    @property
    def relation(self) -> Relation:
        """The relation that is broken."""
        return self.breach.case.relation

    @property
    def sides(self) -> Sides:
        """Unit and the figures compared, under whatever rule."""
        return self.book.unit.code, self.breach.case.left, self.breach.case.right

    @property
    def key(self) -> tuple[str, str, int]:
        """Unit, rule and figure."""
        return self.book.unit.code, self.relation.id, self.breach.case.left[0][0]


def relations(
    shape: Shape,
    books: Sequence[Book],
    returns: Mapping[str, Return],
    unmatched: Unmatched,
    unread: Unread,
    *,
    shadow: bool = False,
) -> Iterator[Finding]:
    """Every relation that does not hold, echoes left out: of a wrong total, of a line below it that breaks the same relation, and in
    a node of what a member or an unmatched flow breaks, and nothing that rests on what was not read. *shadow*: the relations that are only counted."""
    broken = [
        each
        for stack in stacks(shape, books)
        for each in _broken(shape, stack)
        if each.relation.shadow == shadow
        and applies(each.relation.levels, each.book.unit.kinds, each.relation.sign)
        and not touches((*each.breach.case.left, *each.breach.case.right), unread.get(each.book.unit.code))
    ]
    keys, sides = {each.key for each in broken}, {each.sides for each in broken}
    books_with = {each.book.unit.code: each.book for each in broken}
    blank = {code: regions(shape, book) for code, book in books_with.items()}
    missed: dict[tuple[str, Region], list[Case]] = {}
    for each in broken:
        region = region_of(shape, each.breach.case, blank[each.book.unit.code])
        if region and speaking(shape, region):
            missed.setdefault((each.book.unit.code, region), []).append(each.breach.case)
        elif not _is_echo(shape, each, keys, sides, unmatched):
            yield _finding(shape, each.book, each.breach, returns)
    yield from told(shape, missed, returns)


def _broken(shape: Shape, stack: Stack) -> Iterator[Broken]:
    rules, level = rulebook(shape, stack.level), shape.level(stack.level)
    wrong = rules.broken(stack.fen, stack.given)
    rows = np.flatnonzero(wrong.any(axis=1))
    if not len(rows):
        return
    fen, given = stack.fen[rows], stack.given[rows]
    some = np.flatnonzero(wrong.any(axis=0))
    these = rules.only(some)
    level.compute_for(these.places, fen, given)
    if rules.rounds:  # a total that is within its parts' precision is better known than their sum
        _as_stated(level, fen, stack.fen[rows], stack.given[rows])
    still = these.broken(fen, given)
    wrong[np.ix_(rows, some)] &= still  # what holds once the totals are right is the echo of a wrong total
    for breach in rules.told(wrong, stack.fen, stack.fen):
        yield Broken(stack.books[breach.row], breach)


def _as_stated(level: LevelShape, fen: Fens, stated: Fens, given: Given) -> None:
    near = given[:, level.totals] & ~level.wrong(stated, given)
    fen[:, level.totals] = np.where(near, stated[:, level.totals], fen[:, level.totals])


def _is_echo(
    shape: Shape,
    broken: Broken,
    keys: Collection[tuple[str, str, int]],
    sides: Collection[Sides],
    unmatched: Unmatched,
) -> bool:
    unit, rule, place = broken.key
    if any((unit, rule, part) in keys for part in parts(shape, broken.book, place)):
        return True
    if broken.book.unit.level != "node":
        return False
    column = shape.keys[place][2]
    if broken.relation.sign == "=" and (unit, column) in unmatched:
        return True
    return any((code, rule, place) in keys or (code, *broken.sides[1:]) in sides for code in below(shape, unit))


def parts(shape: Shape, book: Book, place: int) -> Iterable[int]:
    """The places that a total is made of; none for an entry."""
    level = shape.level(book.unit.level)
    row = level.rows.get(place)
    return () if row is None else [part for part, _ in level.sums.addends(row)]


def below(shape: Shape, node: str) -> Iterator[str]:
    """Every unit under a node, at any depth."""
    for unit in shape.catalogue.tree.members(node):
        yield unit.code
        yield from below(shape, unit.code)


def zones(
    shape: Shape,
    books: Mapping[str, Book],
    returns: Mapping[str, Return],
    unread: Unread,
    *,
    shadow: bool = False,
) -> Iterator[Finding]:
    """R-LVL-02: what a zone reports is part of what its city level reports, and cannot be more."""
    for unit in shape.catalogue.tree:
        if unit.show == "of_which" and unit.code in books and unit.parent in books:
            zone, city = books[unit.code].computed(), books[unit.parent]
            lost = beneath(zone, unread[unit.code]) if unit.code in unread else None
            for breach in _between(shape, zone, city, "zone"):
                case = breach.case
                if touches(case.left, lost) or touches(case.right, unread.get(unit.parent)):
                    continue
                if breach.left > 0 and case.relation.shadow == shadow:
                    yield _finding(shape, zone, breach, returns)


def across(together: Together, returns: Mapping[str, Return], *, shadow: bool = False) -> Iterator[Finding]:
    """R-YR: this year's books against last year's; R-LVL-18: approved books against the 代编 ones they replace. Echoes are left
    out: above a line that differs, and in a node what differs in a member. What a unit restated is told as R-YR-07."""
    prior = together.prior.books
    for scope, others in (("prior", prior), ("final", prior), ("estimate", together.estimates)):
        wanted = [book for code, book in together.books.items() if code in others]
        found = [
            each
            for book in wanted
            if scope != "final" or is_final(others[book.unit.code])
            for each in _across(together, book, others[book.unit.code], scope)
            if each.relation.shadow == shadow
            and not touches(each.breach.case.left, together.unread.get(each.book.unit.code))
        ]
        keys = {_family(each.key) for each in found}
        keys |= {
            (book.unit.code, family, place)
            for book in wanted
            for group in unequal(together, book)
            for place in group.places
            for family in ("R-YR-01", "R-YR-02")
        }
        blank = {
            book.unit.code: unfilled(together.shape, book)
            for book in {id(each.book): each.book for each in found}.values()
        }
        missed: dict[tuple[str, Region], list[Case]] = {}
        for each in found:
            region = region_of(together.shape, replace(each.breach.case, right=()), blank[each.book.unit.code])
            if region and speaking(together.shape, region):
                missed.setdefault((each.book.unit.code, region), []).append(each.breach.case)
            elif not _told_below(together.shape, each, keys):
                yield restated(together, each.book, _finding(together.shape, each.book, each.breach, returns))
        yield from told(together.shape, missed, returns)


def _across(together: Together, book: Book, other: Book, scope: str) -> Iterator[Broken]:
    loose = loose_places(together, book) if scope != "estimate" else frozenset()
    for breach in _between(together.shape, book, other, scope):
        known = not loose or not any(place in loose for place, _ in breach.case.right)
        if known and applies(breach.case.relation.levels, book.unit.kinds, breach.case.relation.sign):
            yield Broken(book, breach)


def _told_below(shape: Shape, broken: Broken, keys: Collection[tuple[str, str, int]]) -> bool:
    unit, rule, place = _family(broken.key)
    if any((unit, rule, part) in keys for part in parts(shape, broken.book, place)):
        return True
    return broken.book.unit.level == "node" and any((code, rule, place) in keys for code in below(shape, unit))


def _family(key: tuple[str, str, int]) -> tuple[str, str, int]:
    """R-YR-01 is written once for each form, R-YR-01A, R-YR-01B …, and a total may stand on another form than its parts."""
    return key[0], key[1].rstrip(ascii_uppercase), key[2]


def _between(shape: Shape, book: Book, other: Book, scope: str) -> Iterator[Breach]:
    rules = rulebook(shape, book.unit.level, scope)
    room = None if other.steps is None else rules.room(shape.level(book.unit.level).steps, other.steps)
    yield from rules.breaches_between(book.fen[None], book.given[None], other.fen[None], other.given[None], room)


def _finding(shape: Shape, book: Book, breach: Breach, returns: Mapping[str, Return]) -> Finding:
    relation, ret = breach.case.relation, returns.get(book.unit.code)
    says = relation_says(shape, ret, relation, breach.case.left, breach.case.right, (breach.left, breach.right))
    if ret is None:
        says = f"{book.unit.name}：{says}"
    return at_cell(
        shape,
        ret,
        book.unit.code,
        _pointed(breach.case, book.fen),
        relation.id,
        relation.severity,
        says,
        breach.left,
        breach.right,
    )


def _pointed(case: Case, fen: Fens) -> int:
    """The cell to look at: the first on the left, or the first with a figure where there should be none at all."""
    if not case.right:
        return next((place for place, _ in case.left if fen[place]), case.left[0][0])
    return case.left[0][0]
