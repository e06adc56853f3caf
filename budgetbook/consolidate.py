"""Members to nodes: figures are added, flows between members are reconciled and eliminated, a missing member is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from .amount import Fens
from .book import Book
from .model import Flow, Form, Tree, Unit
from .shape import Shape

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
    for pair_payer, pair_receiver in first_met(shape.catalogue.tree, node):
        for flow in shape.catalogue.flows:
            _eliminate(shape, flow, known[pair_payer.code], known[pair_receiver.code], eliminated)
    total.fen -= eliminated.fen
    result.parts[node.code] = [(unit.name, known[unit.code]) for unit in members]
    result.eliminated[node.code] = eliminated
    book = total.computed()
    book.mark = _mark([known[unit.code] for unit in members])
    return book


def _add_form(shape: Shape, form: Form, total: Book, members: list[Book]) -> None:
    span = shape.span(form)
    for book in members:
        total.fen[span] += book.fen[span]
        total.given[span] |= book.given[span]


def _mark(members: list[Book]) -> str:
    estimated = [book.unit.name for book in members if book.texts.get(("cover", "basis", "text")) == ESTIMATED]
    inherited = [name for book in members for name in book.mark.removeprefix("含代编：").split("、") if book.mark]
    return "含代编：" + "、".join([*estimated, *inherited]) if estimated or inherited else ""


def first_met(tree: Tree, node: Unit) -> Iterator[tuple[Unit, Unit]]:
    """The (payer, receiver) pairs whose lowest common node is *node*; a directly administered county has no payer here."""
    sides = [
        list(tree.under(member.code)) if member.level == "node" else [member] for member in tree.members(node.code)
    ]
    for side in sides:
        for receiver in side:
            if receiver.level == "county" and not receiver.direct and not receiver.adjustment:
                yield from (
                    (payer, receiver)
                    for payer in tree.payers(receiver)
                    if payer not in side and any(payer in other for other in sides)
                )


def received_entries(shape: Shape, flow: Flow, receiver: Book) -> Fens:
    """The receiver's own entries under the flow's line, totals computed: figures long, zero elsewhere."""
    level = shape.level(receiver.unit.level)
    wanted = np.zeros(shape.size, dtype=bool)
    for term in flow.receiver:
        form = shape.catalogue.form(term.form)
        for column in form.amounts:
            wanted[_entries_under(shape, receiver.unit, term.form, term.line, column.id)] = True
    fen, given = np.where(wanted, receiver.fen, 0), receiver.given & wanted
    level.compute(fen, given)
    return fen


def _entries_under(shape: Shape, unit: Unit, form: str, line: str, column: str) -> list[int]:
    level = shape.level(unit.level)
    rows = {int(place): row for row, place in enumerate(level.totals)}
    todo, found = [shape.place(form, line, column)], list[int]()
    while todo:
        place = todo.pop()
        if place in rows:
            todo.extend(part for part, _ in level.sums.addends(rows[place]))
        elif level.open[place]:
            found.append(place)
    return found


def _eliminate(shape: Shape, flow: Flow, payer: Book, receiver: Book, eliminated: Book) -> None:
    eliminated.fen += received_entries(shape, flow, receiver)
    line = f"{flow.payer.line}.{receiver.unit.code}"
    fen, given = np.zeros(shape.size, dtype=np.int64), np.zeros(shape.size, dtype=bool)
    for column in shape.catalogue.form(flow.payer.form).amounts:
        place = shape.place(flow.payer.form, line, column.id)
        fen[place], given[place] = payer.fen[place], payer.given[place]
    shape.level(payer.unit.level).compute(fen, given)
    eliminated.fen += fen
    eliminated.given |= eliminated.fen != 0


def pairs(shape: Shape, books: Mapping[str, Book]) -> Iterator[Pair]:
    """Every flow between two units that both have a book, column by column, where either side has a figure."""
    tree = shape.catalogue.tree
    for receiver in tree.leaves:
        for payer in tree.payers(receiver):
            if receiver.direct or receiver.adjustment or not {payer.code, receiver.code} <= books.keys():
                continue
            for flow in shape.catalogue.flows:
                yield from _pairs(shape, flow, books[payer.code], books[receiver.code])


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
