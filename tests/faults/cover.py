"""Which entry cells the rules hold fast, and which none protects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from budgetbook.checks.effects import closure, effects, matrix
from budgetbook.form import Level
from budgetbook.rulebook import rulebook
from budgetbook.sparse import Sparse
from budgetbook.unit import applies

from .measure import sample_shape

Held = NDArray[np.bool_]
LEVELS: tuple[tuple[Level, str], ...] = (("county", "410821"), ("city", "410800BJ"))


def held(level: Level, unit: str) -> tuple[Held, Held, Held]:
    """Cells × held by an equality within the return; by one with another book (flow, last year); within bounds only."""
    shape = sample_shape()
    made, who = effects(shape, level), shape.catalogue.tree[unit]
    spoken = [
        case.relation.severity != "note"
        and not case.relation.shadow
        and applies(case.relation.levels, who.kinds, case.relation.sign)
        for case in made.rules.cases
    ]
    equal = [case.relation.sign == "=" and case.relation.severity == "error" for case in made.rules.cases]
    live = made.still.times(made.above)
    own = _moved(live, np.flatnonzero(np.array(spoken) & np.array(equal)))
    bound = _moved(live, np.flatnonzero(spoken))
    return own, _years(level, "prior") | _years(level, "final") | _flows(level), bound


def _years(level: Level, scope: str) -> Held:
    rules = rulebook(sample_shape(), level, scope)
    rows = matrix(rules.left, sample_shape().size).times(effects(sample_shape(), level).above)
    return _moved(rows, np.flatnonzero([case.relation.sign == "=" for case in rules.cases]))


def _moved(rows: Sparse, which: NDArray[np.intp]) -> Held:
    found = np.zeros(rows.width, dtype=bool)
    found[rows.picked(which).indices] = True
    return found


def _flows(level: Level) -> Held:
    """The cells that a payer's or a receiver's line is made of."""
    shape, above = sample_shape(), closure(sample_shape(), level)
    found = np.zeros(shape.size, dtype=bool)
    for flow in shape.catalogue.flows:
        ends = [flow.payer.line + "." + unit.code for unit in shape.catalogue.tree.leaves]
        lines = [(flow.payer.form, line) for line in ends] + [(term.form, term.line) for term in flow.receiver]
        for form, line in lines:
            for column in shape.catalogue.form(form).amounts:
                if shape.has(form, line, column.id):
                    row = shape.place(form, line, column.id)
                    found[above.row(row)[0]] = True
    return found


def cover_table() -> Iterator[str]:
    """Entry cells by what holds them, then the cells that nothing holds, form by form."""
    yield "| level | entry cells | equality in the return | only with last year's book or the other side | only a bound or a warning | nothing |"
    yield "|---|--:|--:|--:|--:|--:|"
    bare: dict[str, Held] = {}
    for level, unit in LEVELS:
        entries = sample_shape().level(level).entries
        own, other, bound = held(level, unit)
        groups = (own, other & ~own, bound & ~own & ~other)
        bare[level] = entries & ~own & ~other & ~bound
        yield f"| {level} | {entries.sum()} | {' | '.join(str((entries & group).sum()) for group in groups)} | {bare[level].sum()} |"
    yield ""
    yield "| form | column | entry cells of a county return that no rule protects |"
    yield "|---|---|---|"
    yield from _bare(bare["county"], sample_shape().level("county").entries)


def _bare(bare: Held, entries: Held) -> Iterator[str]:
    keys = sample_shape().keys
    lines: dict[tuple[str, str], list[str]] = defaultdict(list)
    many: dict[tuple[str, str], int] = defaultdict(int)
    for place in np.flatnonzero(entries).tolist():
        form, line, column = keys[place]
        many[form, column] += 1
        if bare[place]:
            lines[form, column].append(line)
    for (form, column), codes in lines.items():
        named = "all" if len(codes) == many[form, column] else " ".join(codes)
        yield f"| {form} | {column} | {named} ({len(codes)} of {many[form, column]}) |"
