"""Amounts in the wrong unit of account: 元, 万元 and 亿元 are ten thousand apart. U-01, R-REA-15, R-REA-18, R-DEBT-11. Proposed, never repaired."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ..amount import FEN, Fens, shown
from ..book import Book
from ..catalogue import Rule
from .stack import Hit, Stack, middles, places
from .together import Together

STEPS = {
    4: ("一万倍", "元"),
    -4: ("万分之一", "亿元"),
    8: ("一亿倍", "元（应为亿元）"),
    -8: ("一亿分之一", "亿元（应为元）"),
}
FAR = 2.5  # powers of ten by which the sum of a column is worth a closer look
NEAR = 0.5  # powers of ten around 4 and 8 that count as a slip of unit


def scale_of_column(rule: Rule, stack: Stack) -> Iterator[Hit]:
    """U-01: on the lines a column shares with the others, `least` or more, it is typically 10⁴ or 10⁸ times them or a fraction
    of it: that column was filled in in another unit of account."""
    for form in rule.forms:
        sheet = stack.shape.catalogue.form(form)
        columns = tuple(column.id for column in sheet.amounts if column.id in rule.columns)
        at = places(stack.shape, form, stack.level, columns, kind="entry")
        if len(columns) < 2 or not len(at):
            continue
        figures = np.abs(stack.fen.take(at.T, axis=1))  # units × columns × lines
        for row in np.flatnonzero(_suspect(figures.sum(axis=2))):
            odd = _odd_columns(figures[row].T, int(rule.limits["least"]))
            for column, step in odd.items():
                words = {
                    "form": f"{sheet.sheet}“{sheet.title}”",
                    "column": sheet.column(columns[column]).heading,
                    "times": STEPS[step][0],
                    "guess": STEPS[step][1],
                }
                first = int(np.argmax(figures[row, column] > 0))
                yield Hit(stack.unit(row), int(at[first, column]), words)


def _suspect(sums: Fens) -> NDArray[np.bool_]:
    """The units one of whose columns, as a whole, is far from the others: cheap, and lets no slip of unit pass."""
    logs = np.log10(np.maximum(sums, 1))
    columns = np.sort(logs, axis=1)
    last = columns.shape[1] - 1
    usual = (columns[:, last // 2] + columns[:, (last + 1) // 2])[:, None] / 2
    result: NDArray[np.bool_] = ((np.abs(logs - usual) > FAR) & (sums > 0)).any(axis=1)
    return result


def _odd_columns(figures: Fens, least: int) -> dict[int, int]:
    """Column → step against the typical figure of its line; only if fewer than half of the columns are odd."""
    logs = _logs(figures)
    width = logs.shape[1]
    steps: dict[int, int] = {}
    for column in range(width):
        others = middles(np.delete(logs, column, axis=1).T) if width > 1 else np.full(len(logs), np.nan)
        gaps = (logs[:, column] - others)[~np.isnan(logs[:, column] - others)]
        if len(gaps) >= least and (step := slip(_median(gaps.tolist()))):
            steps[column] = step
    return steps if len(steps) * 2 < width else {}


def _logs(figures: Fens) -> NDArray[np.float64]:
    logs = np.full(figures.shape, np.nan)
    np.log10(figures, out=logs, where=figures > 0)
    lines: NDArray[np.float64] = logs[(~np.isnan(logs)).sum(axis=1) > 1]
    return lines


def _median(amounts: Sequence[float]) -> float:
    """As the statistics library has it, which takes as long to load as a return to check."""
    ranked, half = sorted(amounts), len(amounts) // 2
    return ranked[half] if len(ranked) % 2 else (ranked[half - 1] + ranked[half]) / 2


def slip(log: float) -> int:
    """The step of unit that a ratio, as a power of ten, comes to; zero if none."""
    return next((step for step in STEPS if abs(log - step) <= NEAR), 0)


def scale_of_unit(rule: Rule, together: Together) -> Iterator[Hit]:
    """R-REA-15: a form as a whole is 10⁴ or 10⁸ times, or a fraction of, the same unit's last year or the middle of its peers,
    of which there are at least `least`. `lines` are the totals looked at, in `columns`."""
    peers = [book for book in together.leaves if "county" in book.unit.kinds]
    for term in (term for group in rule.lines for term in group):
        middle = _middle(together, peers, term.form, term.line, rule)
        for book in together.leaves:
            place = together.shape.place(term.form, term.line, rule.columns[0])
            for against, other in _others(
                book, together.prior.books, place, middle if "county" in book.unit.kinds else 0
            ):
                step = _slip(int(book.fen[place]), other)
                if step:
                    words = {
                        "form": together.shape.catalogue.form(term.form).title,
                        "times": STEPS[step][0],
                        "guess": STEPS[step][1],
                        "against": f"{against} {shown(other)} 万元",
                    }
                    yield Hit(book.unit.code, place, words, int(book.fen[place]), other)
                    break


def _middle(together: Together, peers: Sequence[Book], form: str, line: str, rule: Rule) -> int:
    amounts = [int(book.fen[together.shape.place(form, line, rule.columns[0])]) for book in peers]
    used = [amount for amount in amounts if amount]
    return int(_median(used)) if len(used) >= rule.limits["least"] else 0


def _others(book: Book, prior: Mapping[str, Book], place: int, middle: int) -> Iterator[tuple[str, int]]:
    if book.unit.code in prior:
        yield "本单位上年报表", int(prior[book.unit.code].fen[place])
    yield "同级单位中位数", middle


def _slip(one: int, other: int) -> int:
    return slip(float(np.log10(one / other))) if one > 0 and other > 0 else 0


def scale_beyond(rule: Rule, stack: Stack) -> Iterator[Hit]:
    """R-REA-18: one of `lines` holds, in one of `columns`, more than any unit of its kind can have: `county` 万元 in a county or
    zone, `city` at city level. It was filled in in 元; one file alone shows it."""
    limit = int(FEN["万元"] * rule.limits["city" if stack.level == "city" else "county"])
    for term in (term for group in rule.lines for term in group):
        columns = [column for column in rule.columns if stack.shape.has(term.form, term.line, column)]
        at = [stack.shape.place(term.form, term.line, column) for column in columns]
        if stack.level not in stack.shape.catalogue.form(term.form).levels or not at:
            continue
        beyond = stack.fen[:, at] > limit
        for row in np.flatnonzero(beyond.any(axis=1)):
            place = at[int(np.argmax(beyond[row]))]
            words = {"form": stack.shape.catalogue.form(term.form).title, "most": shown(limit)}
            yield Hit(stack.unit(row), place, words, int(stack.fen[row, place]))


def scale_between(rule: Rule, stack: Stack) -> Iterator[Hit]:
    """R-DEBT-11: the debt forms follow a law table printed in 亿元; a figure that is 10⁴ times or a ten-thousandth of the same
    figure on another form (the two groups of `lines`, pair by pair) was filled in in the wrong unit."""
    for left, right in zip(*rule.lines, strict=True):
        for column in rule.columns:
            if not stack.shape.has(left.form, left.line, column) or not stack.shape.has(right.form, right.line, column):
                continue
            one, other = stack.sums([left], column), stack.sums([right], column)
            for row in np.flatnonzero((one > 0) & (other > 0) & (one != other)):
                if step := _slip(int(one[row]), int(other[row])):
                    place = stack.shape.place(left.form, left.line, column)
                    name = stack.shape.catalogue.form(right.form).line(right.line).name
                    words = {
                        "times": STEPS[step][0],
                        "other": f"{stack.shape.catalogue.form(right.form).sheet}“{name}”",
                    }
                    yield Hit(stack.unit(row), place, words, int(one[row]), int(other[row]))
