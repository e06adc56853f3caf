"""R-COL-10 and R-REA-16: columns, and whole books, that are copies of each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from ..book import Book
from ..catalogue import Rule
from .stack import NOWHERE, Hit, Stack, places
from .together import Together

LARGEST = 12  # figures of a book by which copies are recognised


def same_columns(rule: Rule, stack: Stack) -> Iterator[Hit]:
    """The `columns` of a form hold the same figures on at least `share` percent of the entry lines that are not all zero, and
    there are at least `least` such lines: one was copied from the other, or 执行 was filled in to fit the budget."""
    for form in rule.forms:
        at = places(stack.shape, form, stack.level, rule.columns, kind="entry")
        figures = stack.fen[:, at]
        used = (figures != 0).any(axis=2)
        same = used & (figures == figures[:, :, :1]).all(axis=2)
        total, equal = used.sum(axis=1), same.sum(axis=1)
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
    told: set[tuple[str, str]] = set()
    for mine, theirs in sorted(_suspects(books)):
        if words := _alike(rule, books[mine], books[theirs], slice(None)):
            told.add((mine, theirs))
            yield Hit(mine, NOWHERE, words)
    spans = [together.shape.span(form) for form in together.shape.catalogue.forms if form.amounts and form.lines]
    for mine, theirs, span in _suspects_by_form(books, spans):
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


def _suspects(books: dict[str, Book]) -> set[tuple[str, str]]:
    """Pairs that have a large figure in common; copies have nearly all, so looking at each book's largest will do."""
    holders: dict[tuple[int, int], list[str]] = defaultdict(list)
    for code, book in books.items():
        places = np.argpartition(np.abs(book.fen), -LARGEST)[-LARGEST:]
        for figure in zip(places.tolist(), book.fen[places].tolist(), strict=True):
            if figure[1]:
                holders[figure].append(code)
    return {pair for codes in holders.values() for pair in combinations(sorted(codes), 2)}


def _suspects_by_form(books: dict[str, Book], spans: Sequence[slice]) -> list[tuple[str, str, slice]]:
    """Pairs whose largest figure of a form is the same, with where the form stands."""
    starts = [span.start for span in spans]
    holders: dict[tuple[int, int], list[str]] = defaultdict(list)
    for code, book in books.items():
        for number, largest in enumerate(np.maximum.reduceat(np.abs(book.fen), starts).tolist()):
            if largest:
                holders[number, largest].append(code)
    pairs = ((number, pair) for (number, _), codes in holders.items() for pair in combinations(sorted(codes), 2))
    return [(*pair, spans[number]) for number, pair in sorted(pairs)]
