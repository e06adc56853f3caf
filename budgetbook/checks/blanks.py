"""Forms and columns that were left blank as a whole: one finding for each, not one for every relation that misses them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..book import Book
from ..cases import Addends, Case
from ..catalogue import Rule
from ..finding import SEVERITIES, Finding, Severity
from ..form import Level
from ..keeping import by_places
from ..returns import Return
from ..shape import Given, Shape
from .stack import Hit, found

Region = tuple[str, str]  # form, and column; no column means the whole form
Index = NDArray[np.intp]
GRAVEST: list[Severity] = list(SEVERITIES)
FUNCTIONS = {True: "blank_form", False: "blank_column"}


def regions(shape: Shape, book: Book) -> set[Region]:
    """Every form, and every column of a form, without a single figure."""
    return _blank(shape, book.unit.level, book.given)


def unfilled(shape: Shape, book: Book) -> set[Region]:
    """Every form, and every column of a form, in which nobody has filled in a figure; totals that follow from other forms may
    stand there by themselves."""
    level, plain = shape.level(book.unit.level), book.computed()
    followed: Given = level.computed & plain.given & (plain.fen == book.fen)
    return _blank(shape, book.unit.level, book.given & ~followed)


def _blank(shape: Shape, level: Level, given: Given) -> set[Region]:
    columns = _columns(shape, level)
    blank = ~np.logical_or.reduceat(given.take(columns.places), columns.starts)
    whole = np.logical_and.reduceat(blank, columns.firsts)
    found: set[Region] = {columns.names[at] for at in np.flatnonzero(blank).tolist()}
    return found | {(columns.names[at][0], "") for at in columns.firsts[whole].tolist()}


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of the forms of a level: the places of them all, where among these each column begins, and which column is
    the first of its form."""

    names: list[Region]
    places: Index
    starts: Index
    firsts: Index


@by_places
def _columns(shape: Shape, level: Level) -> Columns:
    names: list[Region] = []
    places: list[Index] = []
    firsts: list[int] = []
    for form in (form for form in shape.catalogue.at(level) if form.amounts):
        span = shape.span(form)
        firsts.append(len(names))
        for at, column in enumerate(form.amounts):
            names.append((form.id, column.id))
            places.append(np.arange(span.start + at, span.stop, len(form.amounts)))
    lengths = np.array([len(each) for each in places])
    return Columns(names, np.concatenate(places), np.cumsum(lengths) - lengths, np.array(firsts))


def region_of(shape: Shape, case: Case, blank: Collection[Region]) -> Region | None:
    """The blank region that one side of a case lies in altogether; None if there are figures about on both sides."""
    return next((region for side in (case.left, case.right) if (region := _region(shape, side, blank))), None)


def _region(shape: Shape, side: Addends, blank: Collection[Region]) -> Region | None:
    if not side or shape.keys[side[0][0]][::2] not in blank:  # in a blank form every column is blank
        return None
    keys = [shape.keys[place] for place, _ in side]
    if all((form, "") in blank for form, _, _ in keys):
        return keys[0][0], ""
    if all((form, column) in blank for form, _, column in keys):
        return keys[0][0], keys[0][2]
    return None


def speaking(shape: Shape, region: Region) -> Rule | None:
    """The rule that speaks for a blank region; None if the catalogue has none in force."""
    wanted = FUNCTIONS[not region[1]]
    return next((rule for rule in shape.catalogue.rules if rule.function == wanted and not rule.shadow), None)


def _said_anyway(shape: Shape, region: Region, severity: Severity) -> bool:
    """Whether a rule that wants every column filled in names this one as gravely."""
    return any(
        rule.function == "missing_columns"
        and not rule.shadow
        and region[0] in rule.forms
        and region[1] in rule.columns
        and GRAVEST.index(rule.severity) <= GRAVEST.index(severity)
        for rule in shape.catalogue.rules
    )


def told(
    shape: Shape, missed: Mapping[tuple[str, Region], list[Case]], returns: Mapping[str, Return]
) -> Iterator[Finding]:
    """One finding for each blank region, as grave as the gravest relation that misses it."""
    for (unit, region), cases in missed.items():
        rule = speaking(shape, region)
        if rule is None:
            continue
        form = shape.catalogue.form(region[0])
        severity: Severity = min((case.relation.severity for case in cases), key=GRAVEST.index)
        if _said_anyway(shape, region, severity):
            continue
        where = [place for case in cases for place, _ in (*case.left, *case.right) if shape.keys[place][0] == form.id]
        ids = sorted({case.relation.id for case in cases})
        words = {
            "form": f"{form.sheet}“{form.title}”",
            "column": form.column(region[1]).heading if region[1] else "",
            "count": str(len(ids)),
            "rules": "、".join(ids[:4]),
        }
        finding = found(shape, rule, Hit(unit, where[0], words), returns)
        yield replace(finding, severity=severity)


def told_once(shape: Shape, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, a blank region told once, though relations within the year and between years miss it."""
    rules = {rule.id for rule in shape.catalogue.rules if rule.function in FUNCTIONS.values()}
    seen: set[tuple[str, str, str, str]] = set()
    for finding in findings:
        key = (finding.rule, finding.unit, finding.form, finding.column)
        if finding.rule not in rules or key not in seen:
            seen.add(key)
            yield finding
