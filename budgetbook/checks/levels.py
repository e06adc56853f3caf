"""R-LVL: a node is the sum of its members, every member is there, and what can be derived from two books makes sense too."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..book import Book
from ..catalogue import Rule
from ..unit import Unit
from .stack import NOWHERE, Hit, Stack, places
from .together import Together


def stated_nodes(rule: Rule, together: Together) -> Iterator[Hit]:
    """R-LVL-01, R-LVL-17: a node's book that was handed in has, on every entry line of `forms`, what its members add up to
    after elimination: 全市 = 市级 + Σ 县 + 差额表. Debt is added without elimination."""
    for code, mine in together.nodes.items():
        if code not in together.stated:
            continue
        stated = together.stated[code]
        members = "、".join(unit.name for unit in together.shape.catalogue.tree.members(code))
        differs = together.shape.level("node").entries & (stated.fen != mine.fen)
        for form in rule.forms:
            span = together.shape.span(together.shape.catalogue.form(form))
            if not (stated.given[span].any() and mine.given[span].any()):
                continue
            for place in np.flatnonzero(differs[span]) + span.start:
                yield Hit(code, int(place), {"members": members}, int(stated.fen[place]), int(mine.fen[place]))


def complete(rule: Rule, together: Together) -> Iterator[Hit]:
    """R-LVL-03: the list of members is complete; a member that has sent nothing is named, and never counts as zero. Said once
    at least two members are here, for the root."""
    tree = together.shape.catalogue.tree
    missing = [leaf.name for leaf in tree.leaves if leaf.code not in together.stated and not leaf.adjustment]
    if missing and len(together.leaves) > 1:
        yield Hit(tree.units[0].code, NOWHERE, {"missing": "、".join(missing), "count": str(len(missing))})


def derived(rule: Rule, together: Together) -> Iterator[Hit]:
    """R-LVL-04: where a node and all but one of its members are known, the rest (全市 − 市级 = 县级合计) obeys the column rules as
    well: not negative, and 执行 not above 调整预算. `forms` are compared in `columns` (执行, 调整预算)."""
    for code, node in together.books.items():
        if together.shape.catalogue.tree.consolidates(node.unit):
            members = together.shape.catalogue.tree.members(code)
            absent = [unit for unit in members if unit.code not in together.books and not unit.adjustment]
            known = [together.books[unit.code] for unit in members if unit.code in together.books]
            if len(absent) == 1 and known:
                yield from _derived(rule, together, node, known, absent[0])


def _derived(rule: Rule, together: Together, node: Book, known: list[Book], absent: Unit) -> Iterator[Hit]:
    rest = node.fen - sum(book.fen for book in known)
    words = {"node": node.unit.name, "others": "、".join(book.unit.name for book in known)}
    for form in rule.forms:
        at = places(together.shape, form, "node", rule.columns)
        signed = {line.code for line in together.shape.catalogue.form(form).lines if line.signed}
        for place, limit in at[rest[at].any(axis=1)] if len(at) else ():
            line = together.shape.keys[place][1]
            if rest[place] < 0 and line not in signed:
                yield Hit(absent.code, int(place), words | {"problem": "是负数"}, int(rest[place]), 0)
            elif form.endswith("expenditure") and rest[place] > rest[limit] and node.given[limit]:
                problem = words | {"problem": "大于调整预算数"}
                yield Hit(absent.code, int(place), problem, int(rest[place]), int(rest[limit]))


def adjusted(rule: Rule, stack: Stack) -> Iterator[Hit]:
    """R-LVL-01: a 差额表 makes the whole what it is other than by its members; each of `forms` that it touches is explained, at
    its largest figure."""
    for form in rule.forms:
        span = stack.shape.span(stack.shape.catalogue.form(form))
        used = np.where(stack.shape.level(stack.level).entries[span], stack.fen[:, span], 0)
        for row in np.flatnonzero(used.any(axis=1)):
            largest = int(np.abs(used[row]).argmax())
            words = {"form": stack.shape.catalogue.form(form).sheet, "count": str(np.count_nonzero(used[row]))}
            yield Hit(stack.unit(row), span.start + largest, words, int(used[row, largest]))


def direct(rule: Rule, together: Together) -> Iterator[Hit]:
    """R-LVL-16: the grants and loans of a county under the province (省直管县) come from the province; the city's by-region
    forms have nothing for it on the flows that pass by the city."""
    tree = together.shape.catalogue.tree
    for receiver in (unit for unit in tree.leaves if unit.direct):
        for payer in (unit for unit in tree.payers(receiver) if unit.code in together.stated):
            yield from _paid(together.stated[payer.code], receiver)


def _paid(book: Book, receiver: Unit) -> Iterator[Hit]:
    for flow in filter(receiver.outside, book.shape.catalogue.flows):
        line = f"{flow.payer.line}.{receiver.code}"
        for column in book.shape.catalogue.form(flow.payer.form).amounts:
            if paid := book.at(flow.payer.form, line, column.id):
                place = book.shape.place(flow.payer.form, line, column.id)
                yield Hit(book.unit.code, place, {"county": receiver.name, "flow": flow.name}, paid, 0)
