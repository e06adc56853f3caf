"""Which Python function stands behind a rule of rules.csv, what limits it reads, and what words its sentence may use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..catalogue import Rule
from . import (
    adjustment,
    calibre,
    copies,
    exchanged,
    execution,
    growth,
    levels,
    presence,
    purpose,
    rounding,
    roundness,
    scale,
    shares,
    years,
)
from .stack import Hit, Stack
from .together import Together

OfBooks = Callable[[Rule, Stack], Iterator[Hit]]
OfAll = Callable[[Rule, Together], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class Function:
    """How a rule is evaluated: on a stack of books, on all books together, or as part of another check (neither)."""

    doc: str
    limits: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    of_books: OfBooks | None = None
    of_all: OfAll | None = None


def _books(function: OfBooks, limits: str = "", words: str = "") -> Function:
    return Function(function.__doc__ or "", tuple(limits.split()), tuple(words.split()), of_books=function)


def _all(function: OfAll, limits: str = "", words: str = "") -> Function:
    return Function(function.__doc__ or "", tuple(limits.split()), tuple(words.split()), of_all=function)


FUNCTIONS = {
    "reading": Function("Found while a cell is read: budgetbook/returns.py."),
    "totals": Function("Every stated total against its stated parts: budgetbook/checks/totals.py."),
    "of_which": Function("Every 其中 line against the line it is part of: budgetbook/cases.py."),
    "blank_form": Function(
        "A form left blank as a whole that relations look for: budgetbook/checks/blanks.py.",
        words=("form", "count", "rules"),
    ),
    "blank_column": Function(
        "A column left blank as a whole that relations look for: budgetbook/checks/blanks.py.",
        words=("form", "column", "count", "rules"),
    ),
    "ratios": Function("Every stated percentage and difference against the amounts: budgetbook/checks/ratios.py."),
    "flows": Function("Every flow, as the payer and as the receiver state it: budgetbook/checks/flows.py."),
    "approved": _books(adjustment.approved, words="forms missing"),
    "revenue_cut": _books(adjustment.revenue_cut, words="text"),
    "restated": _books(adjustment.restated, words="text"),
    "calibre": _all(calibre.calibre, words="mine theirs count"),
    "same_columns": _books(copies.same_columns, "share least", "form columns same count"),
    "same_books": _all(copies.same_books, "share least", "other same count"),
    "rate_outside": _books(execution.rate_outside, "low high floor depth", "rate of base"),
    "exchanged": _books(exchanged.exchanged, "floor least", "other below"),
    "forecast_bias": _books(execution.forecast_bias, "ahead behind floor depth", "of base rate"),
    "growth": _books(growth.growth, "rate floor change depth", "pct of base direction"),
    "outliers": _all(growth.outliers, "distance least floor", "pct median count"),
    "stated_nodes": _all(levels.stated_nodes, words="members"),
    "complete": _all(levels.complete, words="missing count"),
    "derived": _all(levels.derived, words="node others problem"),
    "adjusted": _books(levels.adjusted, words="form count"),
    "direct": _all(levels.direct, words="county flow"),
    "blank_book": _all(presence.blank_book),
    "empty_forms": _books(presence.empty_forms, words="forms"),
    "missing_columns": _books(presence.missing_columns, words="form missing present"),
    "spent": _books(purpose.spent, "floor", "others"),
    "roundness": _books(roundness.roundness, "share least", "form pct count"),
    "scale_of_column": _books(scale.scale_of_column, "least", "form column times guess"),
    "scale_of_unit": _all(scale.scale_of_unit, "least", "form times guess against"),
    "scale_beyond": _books(scale.scale_beyond, "county city", "form most"),
    "scale_between": _books(scale.scale_between, words="times other"),
    "share_moved": _books(shares.share_moved, "points", "was now moved"),
    "drift": _all(years.drift, "rate change", "was pct"),
    "rounding_notes": _books(rounding.rounding_notes, words="count gap"),
    "joint_verdict": _books(rounding.joint_verdict, words="count which"),
    "preserved": _all(years.preserved, words="old new gap"),
}
