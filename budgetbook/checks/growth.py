"""R-REA-03: what grows or falls by much is explained. 预算法第四十八条: 重要事项的说明是否清晰."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..amount import FEN, shown
from ..catalogue import Rule
from .stack import Hit, Stack, compared, middles, percent
from .together import Together

ROBUST = 1.4826  # the median absolute deviation of a normal distribution, as a standard deviation


def growth(rule: Rule, stack: Stack) -> Iterator[Hit]:
    """R-REA-03: a line down to `depth` of at least `floor` that moved by more than `rate` percent and by more than `change`
    is explained. `columns` are growth columns, so that the draft is compared with what this city compares it with."""
    at = compared(stack.shape, stack.level, rule.forms, rule.columns, int(rule.limits["depth"]))
    of, base = stack.fen.take(at.of, axis=1), stack.fen.take(at.base, axis=1)
    moved = np.abs(of - base)
    large = np.maximum(of, base) >= float(rule.limits["floor"]) * FEN["万元"]
    much = (moved * 100.0 > float(rule.limits["rate"]) * base) & (moved > float(rule.limits["change"]) * FEN["万元"])
    both = stack.given.take(at.of, axis=1) & stack.given.take(at.base, axis=1) & (base > 0)
    rows, lines = at.marked(large & much & both)
    now, then = of[rows, lines], base[rows, lines]
    figures = (rows, at.of[lines], now, then, percent(now - then, then))
    for row, place, mine, before, rate in zip(*(each.tolist() for each in figures), strict=True):
        yield Hit(stack.unit(row), place, _words(mine, before, rate), mine, before)


def _words(of: int, base: int, rate: float) -> dict[str, str]:
    return {
        "of": f"{shown(of)} 万元",
        "base": f"{shown(base)} 万元",
        "pct": f"{abs(rate):.1f}%",
        "direction": "增长" if of > base else "下降",
    }


def outliers(rule: Rule, together: Together) -> Iterator[Hit]:
    """R-REA-03: the growth of a total of one unit stands `distance` robust deviations (median and median absolute deviation)
    away from that of its peers, of which there are at least `least`."""
    peers = [book for book in together.leaves if "county" in book.unit.kinds]
    if len(peers) < rule.limits["least"]:
        return
    first, second = rule.columns
    for term in (term for group in rule.lines for term in group):
        ends = [together.shape.place(term.form, term.line, column) for column in (first, second)]
        of, base = (np.array([book.fen[place] for book in peers]) for place in ends)
        usual = base >= float(rule.limits["floor"]) * FEN["万元"]
        if usual.sum() < rule.limits["least"]:
            continue
        rate = percent(of - base, np.where(usual, base, 0))
        middle = float(middles(rate))
        spread = max(ROBUST * float(middles(np.abs(rate - middle))), 1.0)
        for row in np.flatnonzero(np.abs(rate - middle) > float(rule.limits["distance"]) * spread):
            words = {"pct": f"{rate[row]:.1f}%", "median": f"{middle:.1f}%", "count": str(int(usual.sum()))}
            yield Hit(peers[row].unit.code, ends[0], words, int(of[row]), int(base[row]))
