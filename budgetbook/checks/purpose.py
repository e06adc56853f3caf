"""R-X-12, R-REA-13: money raised for a purpose goes to that purpose. 预算法第九条: 政府性基金专款专用."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..amount import FEN
from ..catalogue import Rule
from .stack import Hit, Stack


def spent(rule: Rule, stack: Stack) -> Iterator[Hit]:
    """R-X-12: where the first group of `lines` comes to `floor` or more, something stands on one of the second: it was spent,
    set aside, or carried forward."""
    raised, used = rule.lines
    names = "、".join(f"“{stack.shape.catalogue.form(term.form).line(term.line).name}”" for term in used)
    for column in rule.columns:
        income, spending = stack.sums(raised, column), sum(np.abs(stack.sums([term], column)) for term in used)
        place = stack.shape.place(raised[0].form, raised[0].line, column)
        for row in np.flatnonzero((income >= float(rule.limits["floor"]) * FEN["万元"]) & (spending == 0)):
            yield Hit(stack.unit(row), place, {"others": names}, int(income[row]))
