"""Quicker ways to the same answer."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetbook.amount import FEN
from budgetbook.book import SlimBook, cell_value
from budgetbook.checks.ratios import CLOSE, doubtful
from budgetbook.form import Column
from budgetbook.shape import is_open
from budgetbook.template import workbook
from budgetbook.workspace import Workspace
from tests.conftest import book, small_shape
from tests.core.test_round_trip import random_book

MONEY = st.integers(-(10**15), 10**15)


def compared() -> list[Column]:
    """The columns of 表01 that set one amount against another."""
    return [column for column in small_shape().catalogue.form("gp_revenue").columns if column.base]


@given(
    above=MONEY,
    below=MONEY,
    off=st.one_of(st.just(0.0), st.floats(-0.002, 0.002)),
    blank=st.sampled_from(["", "—", None]),
)
def test_a_ratio_passed_without_exact_arithmetic_passes_with_it(
    above: int, below: int, off: float, blank: str | None
) -> None:
    form = small_shape().catalogue.form("gp_revenue")
    line = form.line("1010101")
    for column in compared():
        made = book("A", {})
        made.put("gp_revenue", "1010101", column.of, above)
        made.put("gp_revenue", "1010101", column.base, below)
        exact = cell_value(made, form, line, column)
        scale = FEN["万元"] if column.kind == "difference" else 1
        stated = off if exact is None else float(exact / scale) + off
        key = ("gp_revenue", "1010101", column.id)
        if [] == list(doubtful(made, {key: stated if blank is None else blank})):
            assert (exact is None) == (blank is not None)
            assert exact is None or abs(Fraction(stated) * scale - exact) <= (100 if scale > 1 else CLOSE)


def test_percentages_growth_and_differences_are_compared() -> None:
    assert {"percent", "growth", "difference"} == {
        column.kind for form in small_shape().catalogue.forms for column in form.columns if column.base
    }


def test_a_ratio_as_the_workbook_shows_it_needs_no_exact_arithmetic() -> None:
    made = book("A", {("gp_revenue", "1010101", "prior"): 7, ("gp_revenue", "1010101", "actual"): 9})
    form = made.shape.catalogue.form("gp_revenue")
    values = {column.id: cell_value(made, form, form.line("1010101"), column) for column in compared()}
    scale = {column.id: FEN["万元"] if column.kind == "difference" else 1 for column in compared()}
    shown = {
        ("gp_revenue", "1010101", id): float(value / scale[id]) for id, value in values.items() if value is not None
    }
    assert shown
    assert [] == list(doubtful(made, shown))


@pytest.mark.parametrize("level", ["county", "city", "node"])
def test_a_levels_open_places_are_those_of_its_forms(level: str) -> None:
    shape = small_shape()
    expected = {
        shape.place(form.id, line.code, column.id)
        for form in shape.catalogue.forms
        for line in form.lines
        for column in form.amounts
        if is_open(form, line, column.id, level)  # type: ignore[arg-type]  # one of the levels
    }
    assert expected == shape.level(level).opened  # type: ignore[arg-type]  # one of the levels


@pytest.mark.parametrize("unit", ["A", "BJ", "ALL"])
def test_derived_cells_show_the_float_nearest_to_the_exact_value(space: Workspace, unit: str) -> None:
    filled = random_book(unit, 11, 0.4)
    sheets = {sheet.name: sheet for sheet in workbook(space.catalogue, filled, space.stamp(filled.unit)).sheets}
    shown = {
        value
        for sheet in sheets.values()
        for cell in sheet.cells
        if cell.style.role == "derived" and isinstance(value := cell.value, float)
    }
    exact = {
        float(value)
        for form in space.catalogue.at(filled.unit.level)
        for line in form.lines
        for column in form.columns
        if column.kind in ("percent", "growth") and line.kind in ("entry", "total", "of_which")
        if {column.of, column.base} <= {each.id for each in form.amounts}
        if (value := cell_value(filled, form, line, column)) is not None
    }
    assert len(exact) > 100
    assert set() == exact - shown


def test_a_book_travels_without_its_blanks_and_comes_back_whole(space: Workspace) -> None:
    filled = random_book("A", 5)
    again = SlimBook.of(filled).whole(filled.shape)
    assert (filled.fen.tolist(), filled.given.tolist(), filled.texts) == (
        again.fen.tolist(),
        again.given.tolist(),
        again.texts,
    )
