"""R-YR-05 … R-YR-07: between 快报 and 决算, through a split line, and where last year's figures were restated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

import numpy as np

from ..amount import FEN, from_fen, shown
from ..book import Book
from ..catalogue import Rule
from ..editions import Group
from ..finding import Finding
from ..prior import CALIBRE, continued, is_final, settled, unsettled
from .stack import Hit, places
from .together import Together

RESTATED = ("explanation", "restated", "text")
RESTATEMENT, CONTINUES = "R-YR-07", "R-YR-01"


def drift(rule: Rule, together: Together) -> Iterator[Hit]:
    """R-YR-05: where last year's book held 快报, the 决算 given now may differ on entry lines of `forms` by `rate` percent and
    `change`; beyond both it is explained. `columns`: the column that continues last year's."""
    for book in together.books.values():
        before = together.prior.books.get(book.unit.code)
        if before is None or is_final(before):
            continue
        loose = loose_places(together, book)
        for form in rule.forms:
            yield from (hit for hit in _drift(rule, together, book, before, form) if hit.place not in loose)


def _drift(rule: Rule, together: Together, book: Book, before: Book, form: str) -> Iterator[Hit]:
    at = places(together.shape, form, book.unit.level, rule.columns, kind="entry")[:, 0]
    now, was = book.fen[at], before.fen[at]
    moved = np.abs(now - was)
    much = (moved * 100.0 > float(rule.limits["rate"]) * np.abs(was)) & (
        moved > float(rule.limits["change"]) * FEN["万元"]
    )
    for line in np.flatnonzero(much & book.given[at] & before.given[at]):
        pct = f"{moved[line] * 100 / abs(was[line]):.1f}%" if was[line] else "——"
        words = {"was": f"{shown(int(was[line]))} 万元", "pct": pct}
        yield Hit(book.unit.code, int(at[line]), words, int(now[line]), int(was[line]))


def loose_places(together: Together, book: Book) -> frozenset[int]:
    """The figures of which last year's cannot be known one by one, because a line was split and nobody has said how."""
    shape = together.shape
    return frozenset(
        shape.place(group.form, line, column.id)
        for group in together.prior.split.get(book.unit.code, ())
        for line in unsettled(shape, group)
        for column in continued(shape, group.form)
    )


@dataclass(frozen=True, slots=True)
class Unequal:
    """A group of lines whose sum differs from what last year's lines held: where it stands now, and both sums in fen."""

    group: Group
    places: tuple[int, ...]
    now: int
    was: int


def unequal(together: Together, book: Book) -> Iterator[Unequal]:
    """The groups of an unknown split that have lost or gained money in a column that continues last year's."""
    shape, opened = together.shape, together.shape.level(book.unit.level).opened
    for group in together.prior.split.get(book.unit.code, ()):
        before = together.prior.books[book.unit.code]
        lines = [line.code for line in shape.catalogue.form(group.form).lines if line.code in group.new]
        for column in continued(shape, group.form):
            at = tuple(place for line in lines if (place := shape.place(group.form, line, column.id)) in opened)
            now, was = (int(each.fen[list(at)].sum()) for each in (book, before))
            room = 0 if before.steps is None else int(before.steps[list(at)].sum())
            if 2 * abs(now - was) > room and settled(column, before.texts.get(CALIBRE, "")):
                yield Unequal(group, at, now, was)


def preserved(rule: Rule, together: Together) -> Iterator[Hit]:
    """R-YR-06: what was split in a proportion that nobody has stated keeps its total: Σ old lines = Σ new lines, in every column
    that continues one of last year's; in one that is to hold 决算, only if last year's book does."""
    for book in together.books.values():
        for each in unequal(together, book):
            words = _names(together, each.group) | {"gap": f"{shown(abs(each.now - each.was))} 万元"}
            yield Hit(book.unit.code, each.places[0], words, each.now, each.was)


def _names(together: Together, group: Group) -> dict[str, str]:
    names = {line.code: line.name for line in together.shape.catalogue.form(group.form).lines}
    changes = [change for change in together.shape.catalogue.changes if change.form == group.form]
    names = {change.old: change.name for change in changes if change.name} | names
    return {
        "old": "、".join(f"{line} {names[line]}" for line in sorted(group.old)),
        "new": "、".join(f"{line} {names[line]}" for line in sorted(group.new)),
    }


def restated(together: Together, book: Book, finding: Finding) -> Finding:
    """R-YR-07: a figure of last year that this book gives otherwise is a restatement, not a mistake, if 上年数口径调整说明 names
    the line and gives both numbers."""
    rule = together.shape.catalogue.rule(RESTATEMENT)
    text = book.texts.get(RESTATED, "")
    if rule is None or not finding.rule.startswith(CONTINUES) or not text:
        return finding
    name = together.shape.catalogue.form(finding.form).line(finding.line).name
    both = {from_fen(fen) for fen in (finding.value, finding.expected) if fen is not None}
    if name not in text or not both <= set(_amounts(text)):
        return finding
    return replace(finding, rule=RESTATEMENT, severity=rule.severity, explanation=text)


def _amounts(text: str) -> Iterable[Decimal]:
    for word in re.findall(r"-?\d[\d,，]*(?:\.\d+)?", text):
        try:
            yield Decimal(re.sub("[,，]", "", word))
        except InvalidOperation:
            continue
