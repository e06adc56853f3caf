"""R-YR-05: between 快报 and 决算 a figure may move, and by much only with a reason."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..amount import FEN, shown
from ..book import Book
from ..model import Rule
from .calibre import CALIBRE
from .stack import Hit, places
from .together import Together

FINAL = "决算"


def is_final(book: Book) -> bool:
    """Whether a book of last year holds final accounts; one that does not say so holds 快报."""
    return book.texts.get(CALIBRE) == FINAL


def drift(rule: Rule, together: Together) -> Iterator[Hit]:
    """R-YR-05: where last year's book held 快报, the 决算 given now may differ on entry lines of `forms` by `rate` percent and
    `change`; beyond both it is explained. `columns`: this year's column, and last year's that it continues."""
    for book in together.books.values():
        before = together.prior.get(book.unit.code)
        if before is None or is_final(before):
            continue
        for form in rule.forms:
            yield from _drift(rule, together, book, before, form)


def _drift(rule: Rule, together: Together, book: Book, before: Book, form: str) -> Iterator[Hit]:
    at = places(together.shape, form, book.unit.level, rule.columns, kind="entry")
    now, was = book.fen[at[:, 0]], before.fen[at[:, 1]]
    moved = np.abs(now - was)
    much = (moved * 100.0 > float(rule.limits["rate"]) * np.abs(was)) & (
        moved > float(rule.limits["change"]) * FEN["万元"]
    )
    for line in np.flatnonzero(much & book.given[at[:, 0]] & before.given[at[:, 1]]):
        pct = f"{moved[line] * 100 / abs(was[line]):.1f}%" if was[line] else "——"
        words = {"was": f"{shown(int(was[line]))} 万元", "pct": pct}
        yield Hit(book.unit.code, int(at[line, 0]), words, int(now[line]), int(was[line]))
