"""Goes after a figure: through its consolidation to the members, through its lines, to the cells of the files it was read from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from ..amount import Fens
from ..book import Book, cell_value
from ..consolidation import ESTIMATED, Consolidated, first_met, paid, received, under_flow
from ..form import Column, Form, Level, Line
from ..naming import Value
from ..relation import Flow, Term
from ..returns import Return
from ..shape import MONEY, Key, Shape
from ..unit import Unit
from .explanation import Cited, Explanation, Opposite, Role, Rule

_RULES: dict[str, Rule] = {"amount": "percent", "percent": "percent", "growth": "growth", "difference": "whole"}


@dataclass(frozen=True, slots=True)
class _Side:
    """What one unit says of the flows it has with another: `book` holds that and nothing else."""

    role: Literal["received", "paid"]
    book: Book
    receiver: Unit
    payers: list[Unit]


def _masked(book: Book, fen: Fens) -> Book:
    return Book(book.unit, book.shape, fen, fen != 0)


class Origins:
    """Where the figures of one consolidation, and of the returns in it, come from."""

    def __init__(self, shape: Shape, returns: Mapping[str, Return], result: Consolidated) -> None:
        self.shape, self.returns, self.result = shape, returns, result
        self.books = {code: ret.book.computed() for code, ret in returns.items()} | result.books

    def explained(self, unit: str, key: Key, depth: int = 99) -> Explanation:
        """Any amount or ratio of a unit that has a book, *depth* steps down. Raises KeyError for any other cell."""
        form = self.shape.catalogue.form(key[0])
        line, column = form.line(key[1]), form.column(key[2])
        return self._cell("figure", self.books[unit], form, line, column, depth)

    def _cell(self, role: Role, book: Book, form: Form, line: Line, column: Column, depth: int) -> Explanation:
        if column.kind == "text" or line.kind not in (*MONEY, "ratio"):
            raise KeyError(column.id)
        if column.kind == "amount" and line.kind in MONEY:
            root = self._figure(role, 1, book, self.shape.place(form.id, line.code, column.id), depth)
            return replace(root, lines=self._split(book, root)) if book.unit.code in self.result.books else root
        parts = tuple(self._operands(book, form, line, column, depth))
        value: Value | None = cell_value(book, form, line, column)
        if value is not None and column.kind == "difference" and line.kind != "ratio":
            value = int(value)  # of two amounts, in fen
        rule = _RULES[column.kind]
        return Explanation(role, book.unit, (form.id, line.code, column.id), value, rule=rule, parts=parts)

    def _operands(self, book: Book, form: Form, line: Line, column: Column, depth: int) -> Iterator[Explanation]:
        if column.kind == "amount":
            yield self._sum("above", book, (form.id, line.code, column.id), line.parts, depth)
            yield self._sum("below", book, (form.id, line.code, column.id), line.base, depth)
            return
        yield self._cell("above", book, form, line, form.column(column.of), depth)
        below = self._cell("below", book, form, line, form.column(column.base), depth)
        yield replace(below, weight=-1) if column.kind == "difference" else below

    def _sum(self, role: Role, book: Book, key: Key, terms: tuple[Term, ...], depth: int) -> Explanation:
        keys = [(term.weight, (term.form, term.line, term.column or key[2])) for term in terms]
        places = [(weight, self.shape.place(*each)) for weight, each in keys if self.shape.has(*each)]
        parts = tuple(self._figure("line", weight, book, place, depth) for weight, place in places)
        if len(parts) == 1 and parts[0].weight == 1:
            return replace(parts[0], role=role)
        blank = not parts or any(part.value is None for part in parts)
        value = None if blank else sum(part.weight * (part.value or 0) for part in parts)
        return Explanation(role, book.unit, key, value, rule="whole", parts=parts)

    def _split(self, book: Book, root: Explanation) -> tuple[Explanation, ...]:
        """The parts by line of a figure that was split by unit."""
        place = self.shape.place(*root.key)
        if root.value is None or all(part.role == "line" for part in root.parts):
            return ()
        return tuple(self._figure("line", weight, book, part, 0) for part, weight in self._addends(book, place))

    def _figure(self, role: Role, weight: int, book: Book, place: int, depth: int) -> Explanation:
        unit, key = book.unit, self.shape.keys[place]
        value = int(book.fen[place]) if book.given[place] else None
        if unit.code in self.result.books:
            parts = self._by_unit(book, place, depth) if depth and value is not None else ()
            blank = self._blank(unit, key[0], place) if parts and parts[0].role != "line" else ()
            return Explanation(role, unit, key, value, weight, parts=parts, blank=blank)
        ret = self.returns[unit.code]
        whole = book is self.books[unit.code]  # not one side of a flow
        stated = int(ret.book.fen[place]) if whole and ret.book.given[place] else None
        return Explanation(
            role,
            unit,
            key,
            value,
            weight,
            parts=self._by_line(book, place, depth),
            cited=Cited(ret.file, ret.sha256, ret.place(*key)),
            stated=None if stated == value else stated,
            estimated=ret.book.texts.get(("cover", "basis", "text")) == ESTIMATED,
        )

    def _by_unit(self, book: Book, place: int, depth: int) -> tuple[Explanation, ...]:
        """Members less what was eliminated; a figure that draws on forms with other members goes by its lines instead."""
        members = [
            self.books[unit.code]
            for unit in self._members(book.unit, self.shape.keys[place][0])
            if self.books[unit.code].given[place]
        ]
        gone = int(self.result.eliminated[book.unit.code].fen[place])
        if sum(int(member.fen[place]) for member in members) - gone != book.fen[place]:
            return self._by_line(book, place, depth)
        parts = [
            self._figure("adjustment" if member.unit.adjustment else "member", 1, member, place, depth - 1)
            for member in members
        ]
        return (*parts, self._eliminated(book.unit, place, gone, depth)) if gone else tuple(parts)

    def _by_line(self, book: Book, place: int, depth: int) -> tuple[Explanation, ...]:
        if not depth:
            return ()
        return tuple(self._figure("line", weight, book, part, depth - 1) for part, weight in self._addends(book, place))

    def _addends(self, book: Book, place: int) -> Iterator[tuple[int, int]]:
        row = self._rows(book.unit.level).get(place)
        if row is not None and book.given[place]:
            sums = self.shape.level(book.unit.level).sums
            yield from ((part, weight) for part, weight in sums.addends(row) if book.given[part])

    def _members(self, node: Unit, form: str) -> Iterator[Unit]:
        return (unit for unit in self.shape.catalogue.tree.members(node.code, form) if unit.code in self.books)

    def _blank(self, node: Unit, form: str, place: int) -> tuple[Unit, ...]:
        return tuple(
            unit
            for unit in self._members(node, form)
            if not self.books[unit.code].given[place] and self.shape.level(unit.level).open[place]
        )

    def _rows(self, level: Level) -> Mapping[int, int]:
        if level not in self._rows_of:
            self._rows_of[level] = {int(place): row for row, place in enumerate(self.shape.level(level).totals)}
        return self._rows_of[level]

    @cached_property
    def _rows_of(self) -> dict[Level, dict[int, int]]:
        return {}

    def _eliminated(self, node: Unit, place: int, gone: int, depth: int) -> Explanation:
        sides = [side for side in self._sides(node) if side.book.fen[place]] if depth > 1 else []
        parts = tuple(self._side(side, place, depth - 2) for side in sides)
        return Explanation("eliminated", node, self.shape.keys[place], gone, -1, parts=parts)

    def _sides(self, node: Unit) -> list[_Side]:
        if node.code not in self._sides_of:
            self._sides_of[node.code] = list(self._met(node))
        return self._sides_of[node.code]

    @cached_property
    def _sides_of(self) -> dict[str, list[_Side]]:
        return {}

    def _met(self, node: Unit) -> Iterator[_Side]:
        for receiver, payers in first_met(self.shape.catalogue.tree, node):
            got = self.books[receiver.code]
            yield _Side("received", _masked(got, received(self.shape, got)), receiver, payers)
            for payer in payers:
                given = self.books[payer.code]
                yield _Side("paid", _masked(given, paid(self.shape, given, receiver)), receiver, payers)

    def _side(self, side: _Side, place: int, depth: int) -> Explanation:
        found = self._figure(side.role, 1, side.book, place, max(depth, 0))
        return replace(found, opposite=tuple(self._opposite(side, place)))

    def _opposite(self, side: _Side, place: int) -> Iterator[Opposite]:
        """The cells that say the same money on the other side, for every flow that reaches *place*."""
        reached = self._reached(side.book, place)
        for flow in self.shape.catalogue.flows:
            if side.role == "paid":
                if not any(self._paying(flow, side.receiver, place) for place in reached):
                    continue
                spots = [(side.receiver, term.form, term.line) for term in flow.receiver]
            elif reached & self._under(flow, side.book.unit.level):
                spots = [(payer, flow.payer.form, f"{flow.payer.line}.{side.receiver.code}") for payer in side.payers]
            else:
                continue
            for unit, form, line in spots:
                if self.shape.has(form, line, self.shape.keys[place][2]):
                    yield self._other(flow, unit, (form, line, self.shape.keys[place][2]))

    def _other(self, flow: Flow, unit: Unit, key: Key) -> Opposite:
        ret = self.returns[unit.code]
        return Opposite(flow, unit, key, self.books[unit.code].at(*key), Cited(ret.file, ret.sha256, ret.place(*key)))

    def _reached(self, book: Book, place: int) -> set[int]:
        parts = [part for part, _ in self._addends(book, place)]
        return {place}.union(*(self._reached(book, part) for part in parts))

    def _paying(self, flow: Flow, receiver: Unit, place: int) -> bool:
        return self.shape.keys[place][:2] == (flow.payer.form, f"{flow.payer.line}.{receiver.code}")

    def _under(self, flow: Flow, level: Level) -> frozenset[int]:
        if (flow.id, level) not in self._under_of:
            self._under_of[flow.id, level] = under_flow(self.shape, flow, level)
        return self._under_of[flow.id, level]

    @cached_property
    def _under_of(self) -> dict[tuple[str, Level], frozenset[int]]:
        return {}
