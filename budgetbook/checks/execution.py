"""How far the budget was met: 预算法第十三条, 第五十六条. R-COL-05 and R-REA-04."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..amount import FEN, shown
from ..catalogue import Rule
from .stack import Hit, Stack, compared, percent, places


def rate_outside(rule: Rule, stack: Stack) -> Iterator[Hit]:
    """R-COL-05: 执行 as a percentage of the budget lies between `low` and `high`, on lines down to `depth` whose budget is at
    least `floor`; outside, the line is to be explained. `columns` are percent columns."""
    at = compared(stack.shape, stack.level, rule.forms, rule.columns, int(rule.limits["depth"]))
    of, base = stack.fen.take(at.of, axis=1), stack.fen.take(at.base, axis=1)
    rate = percent(of, base)
    large = base >= float(rule.limits["floor"]) * FEN["万元"]
    outside = (rate < float(rule.limits["low"])) | (rate > float(rule.limits["high"]))
    rows, lines = at.marked(large & outside & stack.given.take(at.of, axis=1))
    figures = (rows, at.of[lines], of[rows, lines], base[rows, lines], rate[rows, lines])
    for row, place, done, planned, pct in zip(*(each.tolist() for each in figures), strict=True):
        words = {"rate": f"{pct:.1f}%", "of": _money(done), "base": _money(planned)}
        yield Hit(stack.unit(row), place, words, done, planned)


def forecast_bias(rule: Rule, stack: Stack) -> Iterator[Hit]:
    """R-REA-04: the new budget is more than `ahead` percent of 执行 although 执行 was less than `behind` percent of the old
    budget: the forecast repeats what has just failed. `columns`: new budget, execution, old budget."""
    for form in rule.forms:
        at = places(stack.shape, form, stack.level, rule.columns, int(rule.limits["depth"]))
        if not len(at):
            continue
        ahead, done, before = (stack.fen.take(at[:, column], axis=1) for column in range(3))
        bold = ahead * 100.0 > done * float(rule.limits["ahead"])
        poor = done * 100.0 < before * float(rule.limits["behind"])
        large = (ahead >= float(rule.limits["floor"]) * FEN["万元"]) & stack.given[:, at[:, 1]]
        for row, line in np.argwhere(bold & poor & large):
            words = {
                "of": _money(int(ahead[row, line])),
                "base": _money(int(done[row, line])),
                "rate": f"{done[row, line] * 100 / before[row, line]:.1f}%",
            }
            yield Hit(stack.unit(row), int(at[line, 0]), words, int(ahead[row, line]), int(done[row, line]))


def _money(fen: int) -> str:
    return f"{shown(fen)} 万元"
