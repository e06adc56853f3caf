"""What was adjusted was approved: 预算法第六十七条 (四种情形), 第六十九条 (报人大常委会批准), and restated figures carry both."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from ..catalogue import Rule
from .stack import NOWHERE, Hit, Stack

APPROVAL, CAUSE, RESTATED = "approval_adjusted", "adjust_cause", "restated"
FORM = "explanation"


def approved(rule: Rule, stack: Stack) -> Iterator[Hit]:
    """R-COL-06: where the adjusted budget differs from the approved one, the approval (meeting, date, 文号) and one of the
    causes of 预算法第六十七条, or the grant from above that needs no adjustment (第七十一条), are written down. `lines` are the
    totals that are compared in the two `columns`."""
    first, second = rule.columns
    totals = [term for group in rule.lines for term in group]
    changed = np.array([stack.sums([term], first) != stack.sums([term], second) for term in totals])
    for row in np.flatnonzero(changed.any(axis=0)):
        moved = [term.form for term, differs in zip(totals, changed[:, row], strict=True) if differs]
        if missing := _missing(rule, stack.text(row, FORM, APPROVAL), stack.text(row, FORM, CAUSE)):
            yield Hit(stack.unit(row), NOWHERE, {"forms": _names(stack, moved), "missing": "；".join(missing)})


def _missing(rule: Rule, approval: str, cause: str) -> list[str]:
    missing = [] if re.search(r"\d", approval) else ["没有写明批准的会议、日期或文号"]
    if not any(word in cause for word in rule.words):
        missing.append("没有写明属于哪一种调整情形")
    return missing


def revenue_cut(rule: Rule, stack: Stack) -> Iterator[Hit]:
    """R-COL-07: revenue is cut below the approved budget only by an adjustment that the standing committee approved
    (预算法第六十九条): one of `words` stands in the approval."""
    first, second = rule.columns
    for term in (term for group in rule.lines for term in group):
        before, after = stack.sums([term], first), stack.sums([term], second)
        for row in np.flatnonzero((after < before) & (after != 0)):
            text = stack.text(row, FORM, APPROVAL)
            if not any(word in text for word in rule.words):
                place = stack.shape.place(term.form, term.line, second)
                yield Hit(stack.unit(row), place, {"text": text or "空白"}, int(after[row]), int(before[row]))


def restated(rule: Rule, stack: Stack) -> Iterator[Hit]:
    """R-YR-07: a restatement of last year's figures gives the figure before and after."""
    for row in range(len(stack.books)):
        text = stack.text(row, FORM, RESTATED)
        if any(word in text for word in rule.words) and len(re.findall(r"\d[\d,，.]*", _without_years(text))) < 2:
            yield Hit(stack.unit(row), NOWHERE, {"text": text[:40]})


def _without_years(text: str) -> str:
    return re.sub(r"\d{4}\s*年|\d+\s*[月日号]", "", text)


def _names(stack: Stack, forms: list[str]) -> str:
    return "、".join(dict.fromkeys(stack.shape.catalogue.form(form).title for form in forms))
