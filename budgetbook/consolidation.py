"""Members to nodes: figures are added, flows between members are reconciled and eliminated, a missing member is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from .amount import Fens
from .book import Book
from .form import Form, Level
from .keeping import by_places
from .relation import Flow
from .shape import Given, Shape
from .unit import ALL, Tree, Unit

ESTIMATED = "代编"


@dataclass(frozen=True, slots=True)
class Pair:
    """One flow between two units in one column: what the payer says it pays and what the receiver says it gets, in fen."""

    flow: Flow
    payer: Unit
    receiver: Unit
    column: str
    paid: int | None
    received: int | None

    @property
    def difference(self) -> int:
        """Paid − received; a blank counts as nothing."""
        return (self.paid or 0) - (self.received or 0)


@dataclass(slots=True)
class Consolidated:
    """The books of the inner nodes, and how each came about."""

    books: dict[str, Book]
    parts: dict[str, list[tuple[str, Book]]] = field(default_factory=dict)
    eliminated: dict[str, Book] = field(default_factory=dict)
    missing: tuple[Unit, ...] = ()


def sent(tree: Tree, books: Mapping[str, Book]) -> dict[str, Book]:
    """The books of the leaves among *books*; one that says nothing is none."""
    return {
        leaf.code: books[leaf.code] for leaf in tree.leaves if leaf.code in books and not is_blank(books[leaf.code])
    }


def is_blank(book: Book) -> bool:
    """Whether a book holds no figure, not even a zero, though its unit has to state some; a 差额表 may be blank."""
    return not book.unit.adjustment and not book.given.any()


def missing(tree: Tree, books: Mapping[str, Book]) -> tuple[Unit, ...]:
    """The leaves that have no book; a 差额表 may be absent."""
    return tuple(leaf for leaf in tree.leaves if leaf.code not in books and not leaf.adjustment)


def consolidate(shape: Shape, books: Mapping[str, Book]) -> Consolidated:
    """Every node whose leaves all have a book. Members' totals are recomputed from their entries, never taken as stated."""
    tree = shape.catalogue.tree
    known = {code: book.computed() for code, book in books.items()}
    result = Consolidated({}, missing=missing(tree, books))
    absent = {leaf.code for leaf in result.missing}
    for node in tree.nodes:
        if not absent & {leaf.code for leaf in tree.under(node.code)}:
            known[node.code] = result.books[node.code] = _node(shape, node, known, result)
    return result


def _node(shape: Shape, node: Unit, known: Mapping[str, Book], result: Consolidated) -> Book:
    total, eliminated = Book.empty(node, shape), Book.empty(node, shape)
    members = [
        unit
        for unit in shape.catalogue.tree
        if unit.code in known
        and any(unit in shape.catalogue.tree.members(node.code, form.id) for form in shape.catalogue.forms)
    ]
    for form in shape.catalogue.forms:
        _add_form(
            shape,
            form,
            total,
            [known[unit.code] for unit in members if unit in shape.catalogue.tree.members(node.code, form.id)],
        )
    for receiver, payers in first_met(shape.catalogue.tree, node):
        eliminated.fen += received(shape, known[receiver.code])
        eliminated.fen += sum(paid(shape, known[payer.code], receiver) for payer in payers)
    eliminated.given |= eliminated.fen != 0
    total.fen -= eliminated.fen
    result.parts[node.code] = [(unit.name, known[unit.code]) for unit in members]
    result.eliminated[node.code] = eliminated
    book = total.computed()
    book.mark = _mark([known[unit.code] for unit in members])
    return book


def as_member(book: Book, unit: Unit, shape: Shape) -> Book:
    """A book of one tier as a member's book of another; of its by-region lines, all eliminated, nothing is taken along."""
    member = Book.empty(unit, shape)
    for form in shape.catalogue.forms:
        if form.id not in shape.catalogue.by_region:
            here, there = shape.span(form), book.shape.span(form)
            member.fen[here], member.given[here] = book.fen[there], book.given[there]
    member.texts, member.mark = dict(book.texts), book.mark
    return member.computed()


def _add_form(shape: Shape, form: Form, total: Book, members: list[Book]) -> None:
    span = shape.span(form)
    for book in members:
        total.fen[span] += book.fen[span]
        total.given[span] |= book.given[span]


def _mark(members: list[Book]) -> str:
    estimated = [book.unit.name for book in members if book.texts.get(("cover", "basis", "text")) == ESTIMATED]
    inherited = [name for book in members for name in book.mark.removeprefix("含代编：").split("、") if book.mark]
    return "含代编：" + "、".join([*estimated, *inherited]) if estimated or inherited else ""


def first_met(tree: Tree, node: Unit) -> Iterator[tuple[Unit, list[Unit]]]:
    """The receivers whose payers are under *node* but not under a smaller node with them, each with those payers."""
    sides = [list(tree.under(member.code)) or [member] for member in tree.members(node.code)]
    for side in sides:
        beside = {unit.code for other in sides if other is not side for unit in other}
        for receiver in side:
            payers = [payer for payer in tree.payers(receiver) if payer.code in beside]
            if payers and receives(receiver):
                yield receiver, payers


def receives(unit: Unit) -> bool:
    """Whether a leaf's grants come from within the tree; of a directly administered county only some do, or none."""
    return unit.level != "city" and ALL not in unit.direct and not unit.adjustment


def flows_of(shape: Shape, receiver: Unit) -> Iterator[Flow]:
    """The flows by which a unit and its payers are tied."""
    if receives(receiver):
        yield from (flow for flow in shape.catalogue.flows if not receiver.outside(flow))


def received(shape: Shape, receiver: Book) -> Fens:
    """The receiver's own entries under the flows' lines, totals computed: figures long, zero elsewhere."""
    level = shape.level(receiver.unit.level)
    wanted = flow_entries(shape, receiver.unit.level, receiver.unit.direct)
    fen, given = np.where(wanted, receiver.fen, 0), receiver.given & wanted
    level.compute(fen, given)
    return fen


@by_places
def flow_entries(shape: Shape, name: Level, direct: frozenset[str] = frozenset()) -> Given:
    """The entry cells, 其中 among them, that the receivers' lines of all flows but *direct* ones are made of at one level."""
    wanted = np.zeros(shape.size, dtype=bool)
    for flow in shape.catalogue.flows:
        if not direct & {ALL, flow.id, flow.rule}:
            wanted[list(under_flow(shape, flow, name))] = True
    return wanted


def under_flow(shape: Shape, flow: Flow, name: Level) -> frozenset[int]:
    """The entry cells, 其中 among them, that the receiver's lines of one flow are made of at one level."""
    level, rows = shape.level(name), {int(place): row for row, place in enumerate(shape.level(name).totals)}
    todo = [
        shape.place(term.form, term.line, column.id)
        for term in flow.receiver
        for column in shape.catalogue.form(term.form).amounts
    ]
    reached: set[int] = set()
    while todo:
        place = todo.pop()
        if level.open[place] and place not in reached:
            reached.add(place)
            if place in rows:
                todo.extend(part for part, _ in level.sums.addends(rows[place]))
            todo.extend(_of_which(shape, place))
    return frozenset(place for place in reached if level.entries[place])


def _of_which(shape: Shape, place: int) -> Iterator[int]:
    form, code, column = shape.keys[place]
    for line in shape.catalogue.form(form).lines:
        if line.kind == "of_which" and line.parent == code:
            yield shape.place(form, line.code, column)


def paid(shape: Shape, payer: Book, receiver: Unit) -> Fens:
    """What the payer's by-region lines say it paid one receiver, totals computed: figures long, zero elsewhere."""
    fen, given = np.zeros(shape.size, dtype=np.int64), np.zeros(shape.size, dtype=bool)
    for flow in flows_of(shape, receiver):
        for column in shape.catalogue.form(flow.payer.form).amounts:
            place = shape.place(flow.payer.form, f"{flow.payer.line}.{receiver.code}", column.id)
            fen[place], given[place] = payer.fen[place], payer.given[place]
    shape.level(payer.unit.level).compute(fen, given)
    return fen


def pairs(shape: Shape, books: Mapping[str, Book]) -> Iterator[Pair]:
    """Every flow between two units that both have a book, column by column, where either side has a figure."""
    tree = shape.catalogue.tree
    for receiver in tree.leaves:
        for payer in tree.payers(receiver):
            if {payer.code, receiver.code} <= books.keys():
                yield from pairs_of(shape, books[payer.code], books[receiver.code])


def pairs_of(shape: Shape, payer: Book, receiver: Book) -> Iterator[Pair]:
    """Every flow between two units, column by column, where either side has a figure."""
    for flow in flows_of(shape, receiver.unit):
        yield from _pairs(shape, flow, payer, receiver)


def _pairs(shape: Shape, flow: Flow, payer: Book, receiver: Book) -> Iterator[Pair]:
    line = f"{flow.payer.line}.{receiver.unit.code}"
    for column in shape.catalogue.form(flow.payer.form).amounts:
        paid = payer.at(flow.payer.form, line, column.id)
        got = [
            receiver.at(term.form, term.line, column.id)
            for term in flow.receiver
            if shape.has(term.form, term.line, column.id)
        ]
        received = sum(fen for fen in got if fen is not None) if any(fen is not None for fen in got) else None
        if paid is not None or received is not None:
            yield Pair(flow, payer.unit, receiver.unit, column.id, paid, received)
