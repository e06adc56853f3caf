"""explain and why over every cell of the consolidated sample books, down to the cells of the returns. Minutes; run by name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from budgetbook.book import cell_value
from budgetbook.inquiry.explanation import Explanation
from budgetbook.inquiry.reasons import Reason, reason
from budgetbook.shape import Key
from tests.season.city import sample_origins, sample_space
from tests.season.test_explain import NODES
from tests.season.test_explain import adds_up as explains
from tests.season.test_why import adds_up as reasons
from tests.season.test_why import later

pytestmark = pytest.mark.long


def cells(node: str) -> Iterator[Key]:
    """Every cell that holds an amount or a ratio, before or after."""
    books = sample_origins().result.books[node], later().result.books[node]
    for form in sample_space().catalogue.at("node"):
        for line in form.lines:
            for column in form.columns:
                if any(cell_value(book, form, line, column) is not None for book in books):
                    yield form.id, line.code, column.id


def stands_on_cells(found: Explanation) -> bool:
    """Every leaf is a cell of a returned file."""
    return all(leaf.cited and leaf.cited.place for _, leaf in found.leaves())


@pytest.mark.parametrize("node", NODES)
def test_every_cell_is_explained_down_to_returned_cells(node: str) -> None:
    form_of, book = sample_space().catalogue.form, sample_origins().result.books[node]
    wrong, checked = [], 0
    for key in cells(node):
        found = sample_origins().explained(node, key)
        form = form_of(key[0])
        value = cell_value(book, form, form.line(key[1]), form.column(key[2]))
        if found.value != value or not explains(found) or (value is not None and not stands_on_cells(found)):
            wrong.append(key)
        checked += 1
    print(f"{node}: {checked} cells explained")
    assert [] == wrong


def told(found: Reason) -> bool:
    """The change of the root is that of the cells at its leaves, each times what it counts for."""
    counted = [(times, leaf.change) for times, leaf in found.leaves()]
    return found.change is None or found.change == sum(times * (change or 0) for times, change in counted)


@pytest.mark.parametrize("node", NODES)
def test_every_change_is_reasoned_down_to_returned_cells(node: str) -> None:
    wrong, checked = [], 0
    for key in cells(node):
        found = reason(sample_origins().explained(node, key), later().explained(node, key))
        if not reasons(found) or not told(found):
            wrong.append(key)
        checked += 1
    print(f"{node}: {checked} changes reasoned")
    assert [] == wrong
