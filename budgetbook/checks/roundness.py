"""R-REA-14: figures that are too round to have been counted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..amount import FEN
from ..catalogue import Rule
from .stack import Hit, Stack, places

ROUND = 100 * FEN["万元"]


def roundness(rule: Rule, stack: Stack) -> Iterator[Hit]:
    """R-REA-14: more than `share` percent of the entries of a column, `least` or more, are whole hundreds of 万元: estimated, or
    converted from 亿元, not taken from the books."""
    for form in rule.forms:
        for column in rule.columns:
            at = places(stack.shape, form, stack.level, (column,), kind="entry")[:, 0]
            figures = stack.fen.take(at, axis=1)
            used = figures != 0
            smooth = used & (figures % ROUND == 0)
            total, even = np.count_nonzero(used, axis=1), np.count_nonzero(smooth, axis=1)
            many = (total >= rule.limits["least"]) & (even * 100 > float(rule.limits["share"]) * total)
            for row in np.flatnonzero(many):
                words = {
                    "form": stack.shape.catalogue.form(form).title,
                    "pct": f"{even[row] * 100 / total[row]:.0f}%",
                    "count": str(total[row]),
                }
                yield Hit(stack.unit(row), int(at[int(np.argmax(smooth[row]))]), words)
