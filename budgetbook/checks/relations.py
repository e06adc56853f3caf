"""The relations of the catalogue over every unit and every node, and the development zones against their city."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ..book import Book
from ..model import Finding
from ..returns import Return
from ..shape import Shape
from .rulebook import Breach, RuleBook
from .wording import at_cell, relation_says


def relations(shape: Shape, books: Sequence[Book], returns: Mapping[str, Return]) -> Iterator[Finding]:
    """Every relation that does not hold. A breach that is only the echo of a wrong total is left out."""
    for level in ("county", "city", "node"):
        group = [book for book in books if book.unit.level == level]
        if not group:
            continue
        rules = RuleBook(shape, level)
        stated = np.stack([book.fen for book in group]), np.stack([book.given for book in group])
        exact = [book.computed() for book in group]
        holds = ~rules.broken(np.stack([book.fen for book in exact]), np.stack([book.given for book in exact]))
        number = {id(case): at for at, case in enumerate(rules.cases)}
        for breach in rules.breaches(*stated):
            if not holds[breach.row, number[id(breach.case)]]:
                yield _finding(shape, group[breach.row], breach, returns)


def zones(shape: Shape, books: Mapping[str, Book], returns: Mapping[str, Return]) -> Iterator[Finding]:
    """R-LVL-02: what a zone reports is part of what its city level reports, and cannot be more."""
    rules = RuleBook(shape, "county", "zone")
    for unit in shape.catalogue.tree:
        if unit.show == "of_which" and unit.code in books and unit.parent in books:
            zone, city = books[unit.code].computed(), books[unit.parent]
            for breach in rules.breaches_between(zone.fen[None], zone.given[None], city.fen[None], city.given[None]):
                if breach.left > 0:
                    yield _finding(shape, zone, breach, returns)


def _finding(shape: Shape, book: Book, breach: Breach, returns: Mapping[str, Return]) -> Finding:
    relation, ret = breach.case.relation, returns.get(book.unit.code)
    says = relation_says(shape, ret, relation, breach.case.left, breach.case.right, (breach.left, breach.right))
    if ret is None:
        says = f"{book.unit.name}：{says}"
    return at_cell(
        shape,
        ret,
        book.unit.code,
        breach.case.left[0][0],
        relation.id,
        relation.severity,
        says,
        breach.left,
        breach.right,
    )
