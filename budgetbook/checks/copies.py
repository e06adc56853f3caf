"""R-COL-10 and R-REA-16: columns, and whole books, that are copies of each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from ..amount import Fens
from ..book import Book
from ..catalogue import Rule
from .stack import NOWHERE, Hit, Stack, places
from .together import Together

LARGEST = 12  # figures of a book by which copies are recognised
BLOCK = 64  # figures next to each other of which the largest is looked at first
Pair = tuple[str, str]  # of units


def same_columns(rule: Rule, stack: Stack) -> Iterator[Hit]:
    """The `columns` of a form hold the same figures on at least `share` percent of the entry lines that are not all zero, and
    there are at least `least` such lines: one was copied from the other, or 执行 was filled in to fit the budget."""
    for form in rule.forms:
        at = places(stack.shape, form, stack.level, rule.columns, kind="entry")
        first, *others = (stack.fen.take(column, axis=1) for column in at.T)
        used, same = first != 0, np.ones(first.shape, dtype=bool)
        for other in others:
            used |= other != 0
            same &= other == first
        same &= used
        total, equal = np.count_nonzero(used, axis=1), np.count_nonzero(same, axis=1)
        for row in np.flatnonzero(
            (total >= rule.limits["least"]) & (equal * 100 >= float(rule.limits["share"]) * total)
        ):
            sheet = stack.shape.catalogue.form(form)
            columns = "、".join(sheet.column(column).heading for column in rule.columns)
            words = {"form": sheet.title, "columns": columns, "same": str(equal[row]), "count": str(total[row])}
            yield Hit(stack.unit(row), int(at[int(np.argmax(same[row])), -1]), words)


def same_books(rule: Rule, together: Together) -> Iterator[Hit]:
    """R-REA-16: two units' returns have at least `share` percent of their entries, `least` or more, in common, or those of one
    form: one was copied from the other."""
    books = {book.unit.code: book for book in together.leaves}
    spans = [together.shape.span(form) for form in together.shape.catalogue.forms if form.amounts and form.lines]
    in_books, in_forms = _suspects(books, spans)
    told: set[tuple[str, str]] = set()
    for mine, theirs in sorted(in_books):
        if words := _alike(rule, books[mine], books[theirs], slice(None)):
            told.add((mine, theirs))
            yield Hit(mine, NOWHERE, words)
    for number, (mine, theirs) in sorted(in_forms):
        span = spans[number]
        if (mine, theirs) not in told and (words := _alike(rule, books[mine], books[theirs], span)):
            yield Hit(mine, span.start + int(np.argmax(books[mine].fen[span] != 0)), words)


def _alike(rule: Rule, one: Book, other: Book, span: slice) -> dict[str, str] | None:
    """What there is to say if nearly all figures of two books are the same there."""
    mine, theirs = one.fen[span], other.fen[span]
    used = (mine != 0) | (theirs != 0)
    same, count = int((used & (mine == theirs)).sum()), int(used.sum())
    if count < rule.limits["least"] or same * 100 < rule.limits["share"] * count:
        return None
    return {"other": other.unit.name, "same": str(same), "count": str(count)}


def _suspects(books: dict[str, Book], spans: Sequence[slice]) -> tuple[set[Pair], set[tuple[int, Pair]]]:
    """Pairs that have one of their largest figures in common, and pairs that have the largest of a form in common, with the
    number of its span: copies have nearly all in common, so looking at the largest will do."""
    codes, starts = list(books), [span.start for span in spans]
    tops = np.zeros((len(codes), len(starts)), dtype=np.int64)
    held: list[tuple[int, int, int]] = []
    for row, book in enumerate(books.values()):
        sizes = np.abs(book.fen)
        tops[row] = np.maximum.reduceat(sizes, starts)
        held.extend((place, int(book.fen[place]), row) for place in largest(sizes))
    places, figures, rows = np.array(held, dtype=np.int64).reshape(-1, 3).T
    owners, forms = np.nonzero(tops)
    in_books = {pair for _, pair in _shared(codes, places, figures, rows)}
    return in_books, set(_shared(codes, forms, tops[owners, forms], owners))


def _shared(codes: Sequence[str], where: Fens, figures: Fens, owners: Fens) -> Iterator[tuple[int, Pair]]:
    """Where two have the same figure, and the two."""
    order = np.lexsort((figures, where))
    where, figures = where[order], figures[order]
    other = np.flatnonzero((np.diff(where) != 0) | (np.diff(figures) != 0)) + 1
    starts, stops = np.append(0, other), np.append(other, len(order))
    for start, stop in zip(starts[stops - starts > 1].tolist(), stops[stops - starts > 1].tolist(), strict=True):
        alike = sorted(codes[row] for row in owners[order[start:stop]].tolist())
        yield from ((int(where[start]), pair) for pair in combinations(alike, 2))


def largest(sizes: Fens) -> list[int]:
    """The places of the LARGEST figures, the first ones of those that are equal. Where as many blocks have one that large, no
    smaller one is among them: few figures are left to be put in order."""
    tops = np.maximum.reduceat(sizes, np.arange(0, len(sizes), BLOCK)) if len(sizes) else sizes
    least = int(np.partition(tops, -LARGEST)[-LARGEST]) if len(tops) > LARGEST else 0
    large = np.flatnonzero(sizes >= max(least, 1))
    order = np.argsort(-sizes[large], kind="stable")
    found: list[int] = large[order[:LARGEST]].tolist()
    return found
