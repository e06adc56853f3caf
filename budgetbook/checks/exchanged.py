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
FAR, CLOSE = 2.0, 1.25  # times as much: another figure; about the same


def exchanged(rule: Rule, stack: Stack) -> Iterator[Hit]:
    """R-REA-17: of two neighbouring entry lines of `forms` one figure or both of at least `floor`, each far from its own line
    and close to the other in every other one of `columns`, of which at least `least` are filled in."""
    for form in rule.forms:
        at = places(stack.shape, form, stack.level, rule.columns, kind="entry")
        amounts = np.abs(stack.fen[:, at]).astype(np.float64)
        for column in range(len(rule.columns)):
            for unit, line in _found(rule, amounts, column):
                here, there = int(at[line, column]), int(at[line + 1, column])
                value, other = int(stack.fen[unit, here]), int(stack.fen[unit, there])
                words = {"other": name_of(stack.shape, there), "below": f"{shown(other)} 万元"}
                yield Hit(stack.unit(unit), here, words, value)


def _found(rule: Rule, amounts: Amounts, column: int) -> list[tuple[int, int]]:
    """The units and lines whose figure in one column stands in the place of the next line's."""
    above, below = amounts[:, :-1], amounts[:, 1:]
    mine, next_ = above[:, :, column], below[:, :, column]
    first = 1 if column == 0 else 0
    floor = float(rule.limits["floor"]) * FEN["万元"]
    some = (np.maximum(mine, next_) >= floor) & (mine > 0) & (next_ > 0) & ~_close(mine, above[:, :, first])
    units, lines = np.nonzero(some)
    if not len(units):
        return []
    wrong, used = np.ones(len(units), dtype=bool), np.zeros(len(units), dtype=np.int64)
    for other in (each for each in range(amounts.shape[2]) if each != column):
        own, its = above[units, lines, other], below[units, lines, other]
        there = (own > 0) & (its > 0)
        x, y = mine[units, lines], next_[units, lines]
        wrong &= ~there | (_far(x, own) & _far(y, its) & _close(x, its) & _close(y, own))
        used += there
    told = wrong & (used >= int(rule.limits["least"]))
    return list(zip(units[told].tolist(), lines[told].tolist(), strict=True))


def _far(one: Amounts, other: Amounts) -> Marks:
    return (one > FAR * other) | (other > FAR * one)


def _close(one: Amounts, other: Amounts) -> Marks:
    return (one <= CLOSE * other) & (other <= CLOSE * one)
