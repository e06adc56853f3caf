"""R-REA-02: the share of one line in another does not move by much without a reason."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..catalogue import Rule
from .stack import Hit, Stack, percent


def share_moved(rule: Rule, stack: Stack) -> Iterator[Hit]:
    """R-REA-02: the first group of `lines` as a percentage of the second moved by more than `points` percentage points from
    the second of `columns` to the first."""
    part, whole = rule.lines
    now, was = (percent(stack.sums(part, column), stack.sums(whole, column)) for column in rule.columns)
    for row in np.flatnonzero(np.abs(now - was) > float(rule.limits["points"])):
        place = stack.shape.place(part[0].form, part[0].line, rule.columns[0])
        words = {"now": f"{now[row]:.1f}%", "was": f"{was[row]:.1f}%", "moved": f"{abs(now[row] - was[row]):.1f}"}
        yield Hit(stack.unit(row), place, words, int(stack.fen[row, place]))
