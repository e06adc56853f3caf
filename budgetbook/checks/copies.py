"""R-COL-10 and R-REA-16: columns, and whole books, that are copies of each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
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
    """R-REA-16: two units' returns have at least `share` percent of their entries, `least` or more, in common: one file was
    copied from the other."""
    books = {book.unit.code: book for book in together.leaves}
    for mine, theirs in sorted(_suspects(books)):
        same, count = _in_common(books[mine], books[theirs])
        if count >= rule.limits["least"] and same * 100 >= rule.limits["share"] * count:
            words = {"other": books[theirs].unit.name, "same": str(same), "count": str(count)}
            yield Hit(mine, NOWHERE, words)


def _suspects(books: dict[str, Book]) -> set[tuple[str, str]]:
    """Pairs that have a large figure in common; copies have nearly all, so looking at each book's largest will do."""
    holders: dict[tuple[int, int], list[str]] = defaultdict(list)
    for code, book in books.items():
        places = np.argpartition(np.abs(book.fen), -LARGEST)[-LARGEST:]
        for figure in zip(places.tolist(), book.fen[places].tolist(), strict=True):
            if figure[1]:
                holders[figure].append(code)
    return {pair for codes in holders.values() for pair in combinations(sorted(codes), 2)}


def _in_common(one: Book, other: Book) -> tuple[int, int]:
    used = (one.fen != 0) | (other.fen != 0)
    return int((used & (one.fen == other.fen)).sum()), int(used.sum())
