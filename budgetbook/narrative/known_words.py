"""Words that a report may use because a city has such a unit, or the catalogue such a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ..catalogue import Catalogue
from ..form import Line
from .standing import scope_of
from .vocabulary import Word, line_word, unit_word

FLOWS = {  # form → budget and flow that its codes are spoken of in
    "gp_revenue": ("general_public", "revenue"),
    "gp_expenditure": ("general_public", "expenditure"),
    "fund_revenue": ("government_fund", "revenue"),
    "fund_expenditure": ("government_fund", "expenditure"),
    "capital_revenue": ("state_capital", "revenue"),
    "capital_expenditure": ("state_capital", "expenditure"),
    "si_revenue": ("social_insurance", "revenue"),
    "si_expenditure": ("social_insurance", "expenditure"),
}
DEEPEST = 2  # 类 and 款; 项 share too many names
SPOKEN = re.compile(r"[\u4e00-\u9fff]{2,24}(?:收入|支出|税|费|基金)")
BOOKS = re.compile(r"(?:一般公共预算|政府性基金|国有资本经营|社会保险基金)")  # a book is spoken of, not a line of it
CODE = re.compile(r"\d+")


def known_words(catalogue: Catalogue) -> dict[str, Word]:
    """The units of the tree and the lines of the four budgets by name, as the vocabulary takes them."""
    units = {unit.name: unit_word(scope_of(catalogue.tree, unit)) for unit in catalogue.tree.leaves}
    return {**dict(_lines(catalogue)), **units}


def _lines(catalogue: Catalogue) -> Iterator[tuple[str, Word]]:
    """A name that several lines have says nothing."""
    named = [(form, line) for form in FLOWS for line in _spoken(catalogue, form)]
    times = Counter(line.name for _, line in named)
    for form, line in named:
        if times[line.name] == 1:
            budget, flow = FLOWS[form]
            yield line.name, line_word(f"{flow}.{line.code}", budget)


def _spoken(catalogue: Catalogue, form: str) -> Iterator[Line]:
    for line in catalogue.form(form).lines:
        if (
            line.depth <= DEEPEST
            and CODE.fullmatch(line.code)
            and SPOKEN.fullmatch(line.name)
            and not BOOKS.match(line.name)
        ):
            yield line
