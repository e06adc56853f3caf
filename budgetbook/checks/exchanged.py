"""R-REA-17: figures of two neighbouring lines in each other's place leave every sum as it was; the other columns tell."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..amount import FEN, Fens, shown
from ..catalogue import Rule
from .stack import Hit, Stack, places
from .wording import name_of

Amounts = NDArray[np.float64]
Marks = NDArray[np.bool_]
Index = NDArray[np.intp]
FAR, CLOSE = 2.0, 1.25  # times as much: another figure; about the same


def exchanged(rule: Rule, stack: Stack) -> Iterator[Hit]:
    """R-REA-17: of two neighbouring entry lines of `forms` one figure or both of at least `floor`, each far from its own line
    and close to the other in every other one of `columns`, of which at least `least` are filled in."""
    for form in rule.forms:
        at = places(stack.shape, form, stack.level, rule.columns, kind="entry")
        amounts = np.abs(stack.fen.take(at.T, axis=1))  # units × columns × lines
        units, lines = _uneven(amounts)
        if not len(units):
            continue
        above, below = (amounts[units, :, line].T.astype(np.float64) for line in (lines, lines + 1))
        for column, pair in _found(rule, above, below):
            unit, line = units[pair], lines[pair]
            here, there = int(at[line, column]), int(at[line + 1, column])
            value, other = int(stack.fen[unit, here]), int(stack.fen[unit, there])
            words = {"other": name_of(stack.shape, there), "below": f"{shown(other)} 万元"}
            yield Hit(stack.unit(unit), here, words, value)


def _uneven(amounts: Fens) -> tuple[Index, Index]:
    """The units and lines whose figures, and those of the line below, are far apart among themselves; of others none can be
    found. By whole numbers, and before anything is compared with the line below: nearly all lines go."""
    low, high = amounts.min(axis=1), amounts.max(axis=1)
    uneven = high - low > low
    units, lines = np.nonzero(uneven[:, :-1] & uneven[:, 1:])
    return units, lines


def _found(rule: Rule, above: Amounts, below: Amounts) -> list[tuple[int, int]]:
    """The columns, and which pair of lines, whose figures stand in each other's place; *above* and *below* are columns × pairs."""
    count = len(above)
    large = np.maximum(above, below) >= float(rule.limits["floor"]) * FEN["万元"]
    other = [1, *[0] * (count - 1)]  # far from the first other column, whatever the line below has there
    alone = ~_close(above, above[other])
    columns, pairs = np.nonzero(large & alone & (above > 0) & (below > 0))
    used = np.zeros(len(columns), dtype=np.int64)
    for step in range(1, count):
        beside = (columns + step) % count
        mine, next_, own, its = above[columns, pairs], below[columns, pairs], above[beside, pairs], below[beside, pairs]
        there = (own > 0) & (its > 0)
        left = ~there | (_far(mine, own) & _far(next_, its) & _close(mine, its) & _close(next_, own))
        columns, pairs, used = columns[left], pairs[left], (used + there)[left]
    told = used >= int(rule.limits["least"])
    return list(zip(columns[told].tolist(), pairs[told].tolist(), strict=True))


def _far(one: Amounts, other: Amounts) -> Marks:
    return (one > FAR * other) | (other > FAR * one)


def _close(one: Amounts, other: Amounts) -> Marks:
    return (one <= CLOSE * other) & (other <= CLOSE * one)
