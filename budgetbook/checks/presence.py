"""What has to be there: R-EMPTY-01 and -03 (财预〔2016〕143号: 没有数据的表格应当列出空表并说明) and R-COL-09."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..catalogue import Rule
from ..form import Form
from .stack import NOWHERE, Hit, Stack, money_lines
from .together import Together

SHOWN = 6  # forms named in one sentence
EMPTY = ("explanation", "empty")


def blank_book(_rule: Rule, together: Together) -> Iterator[Hit]:
    """R-EMPTY-03: a return that was read whole and holds no figure at all, not even a zero."""
    for unit in together.blank:
        if unit not in together.unread:
            yield Hit(unit, NOWHERE)


def empty_forms(rule: Rule, stack: Stack) -> Iterator[Hit]:
    """R-EMPTY-01: a form of `forms` without any figure other than zero is named, by number or title, under 空表说明."""
    sheets = [stack.shape.catalogue.form(form) for form in rule.forms]
    sheets = [sheet for sheet in sheets if stack.level in sheet.levels]
    used = np.stack([stack.fen[:, stack.shape.span(sheet)].any(axis=1) for sheet in sheets])
    for row in np.flatnonzero(~used.all(axis=0)):
        text = stack.text(row, *EMPTY)
        unknown = stack.unknown(row)
        unsaid = [
            sheet
            for at, sheet in enumerate(sheets)
            if not used[at, row]
            and not _named(sheet, text)
            and (unknown is None or not unknown[stack.shape.span(sheet)].any())
        ]
        if unsaid:
            forms = "、".join(f"{sheet.sheet}“{sheet.title}”" for sheet in unsaid[:SHOWN])
            forms += f"等 {len(unsaid)} 张表" if len(unsaid) > SHOWN else ""
            yield Hit(stack.unit(row), NOWHERE, {"forms": forms})


def _named(sheet: Form, text: str) -> bool:
    short = sheet.title.partition("（")[0].removesuffix("表")
    return any(name in text for name in (sheet.sheet, sheet.sheet.replace("表0", "表"), sheet.title, short))


def missing_columns(rule: Rule, stack: Stack) -> Iterator[Hit]:
    """R-COL-09: a form that has figures in one of `columns` has some in each of them: the draft in a draft, the budget, the
    adjusted budget and the execution once there is one."""
    for form in rule.forms:
        if not money_lines(stack.shape, form, stack.level):
            continue
        sheet = stack.shape.catalogue.form(form)
        columns = [column for column in sheet.amounts if column.id in rule.columns]
        block = stack.shape.span(sheet)
        grid = stack.given[:, block].reshape(len(stack.books), len(sheet.lines), len(sheet.amounts))
        state = np.stack([grid[:, :, sheet.amounts.index(column)].any(axis=1) for column in columns])
        for row in np.flatnonzero(state.any(axis=0) & ~state.all(axis=0)):
            unknown = stack.unknown(row)
            start, wide = block.start, len(sheet.amounts)
            missing = [
                column.heading
                for at, column in enumerate(columns)
                if not state[at, row]
                and (unknown is None or not unknown[start + sheet.amounts.index(column) : block.stop : wide].any())
            ]
            present = [column.heading for at, column in enumerate(columns) if state[at, row]]
            words = {
                "form": f"{sheet.sheet}“{sheet.title}”",
                "missing": "、".join(missing),
                "present": "、".join(present),
            }
            if missing:
                yield Hit(stack.unit(row), NOWHERE, words)
