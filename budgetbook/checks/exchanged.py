"""R-REA-17: figures of two neighbouring lines in each other's place leave every sum as it was; the other columns tell."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..amount import FEN, shown
from ..catalogue import Rule
from .stack import Hit, Stack, places
from .wording import name_of

Amounts = NDArray[np.float64]
Marks = NDArray[np.bool_]
Found = tuple[NDArray[np.intp], ...]  # of a column, a unit and a line each
FAR, CLOSE = 2.0, 1.25  # times as much: another figure; about the same


def exchanged(rule: Rule, stack: Stack) -> Iterator[Hit]:
    """R-REA-17: of two neighbouring entry lines of `forms` one figure or both of at least `floor`, each far from its own line
    and close to the other in every other one of `columns`, of which at least `least` are filled in."""
    for form in rule.forms:
        at = places(stack.shape, form, stack.level, rule.columns, kind="entry")
        amounts = np.abs(np.stack([stack.fen[:, each] for each in at.T])).astype(np.float64)
        for column, unit, line in _found(rule, amounts):
            here, there = int(at[line, column]), int(at[line + 1, column])
            value, other = int(stack.fen[unit, here]), int(stack.fen[unit, there])
            words = {"other": name_of(stack.shape, there), "below": f"{shown(other)} 万元"}
            yield Hit(stack.unit(unit), here, words, value)


def _found(rule: Rule, amounts: Amounts) -> list[tuple[int, int, int]]:
    """The columns, units and lines, of *amounts*, whose figure stands in the place of the next line's."""
    above, below, count = amounts[:, :, :-1], amounts[:, :, 1:], len(amounts)
    large, some = amounts >= float(rule.limits["floor"]) * FEN["万元"], amounts > 0
    found = np.nonzero((large[:, :, :-1] | large[:, :, 1:]) & some[:, :, :-1] & some[:, :, 1:])
    found = _only(found, ~_close(above[found], above[np.where(found[0] == 0, 1, 0), found[1], found[2]]))
    used = np.zeros(len(found[0]), dtype=np.int64)
    for step in range(1, count):
        if not len(found[0]):
            return []
        beside = ((found[0] + step) % count, found[1], found[2])
        mine, next_, own, its = above[found], below[found], above[beside], below[beside]
        there = (own > 0) & (its > 0)
        left = ~there | (_far(mine, own) & _far(next_, its) & _close(mine, its) & _close(next_, own))
        found, used = _only(found, left), (used + there)[left]
    columns, units, lines = (each.tolist() for each in _only(found, used >= int(rule.limits["least"])))
    return list(zip(columns, units, lines, strict=True))


def _only(found: Found, marked: Marks) -> Found:
    return tuple(each[marked] for each in found)


def _far(one: Amounts, other: Amounts) -> Marks:
    return (one > FAR * other) | (other > FAR * one)


def _close(one: Amounts, other: Amounts) -> Marks:
    return (one <= CLOSE * other) & (other <= CLOSE * one)
