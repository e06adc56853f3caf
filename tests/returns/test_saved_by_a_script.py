"""A county's script opened the filled return and saved it: no result of any formula is left, and every figure that was typed is."""

from __future__ import annotations

import io

import numpy as np
import openpyxl
import pytest

from budgetbook.book import Book
from budgetbook.checks import check_all, check_one
from budgetbook.exchange.figures import read_figures
from budgetbook.reading import ReadReturn
from budgetbook.returns import Return
from budgetbook.settings import data_folder
from budgetbook.workspace import open_workspace

SAMPLE, COUNTY = data_folder("samples") / "jiaozuo-2026", "410821"


@pytest.fixture(scope="module")
def sent() -> tuple[Book, Return, Return]:
    """The book of a county of the sample, and its return as it was filled in and as it was saved again."""
    space = open_workspace(SAMPLE)
    book = read_figures(SAMPLE / "figures.csv", space.shape)[COUNTY]
    filled = space.package(book)
    saved = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(filled)).save(saved)
    first, again = (ReadReturn(SAMPLE)(content).slim for content in (filled, saved.getvalue()))
    assert first and again
    return book, first.whole(space.shape, "", ""), again.whole(space.shape, "", "")


def test_every_entry_is_read_as_it_was_typed(sent: tuple[Book, Return, Return]) -> None:
    book, _, again = sent
    entries = book.shape.level("county").entries
    np.testing.assert_array_equal(book.fen[entries], again.book.fen[entries])
    np.testing.assert_array_equal(book.given[entries], again.book.given[entries])


def test_every_cell_with_content_is_accounted_for(sent: tuple[Book, Return, Return]) -> None:
    accounts = sent[2].accounts
    assert accounts.content == accounts.placed + accounts.labels + accounts.reported


def test_nothing_has_to_be_corrected_that_had_not_to_be_before(sent: tuple[Book, Return, Return]) -> None:
    def told(ret: Return) -> set[tuple[str, str, str, str]]:
        found = [*ret.findings, *check_one(ret.book.shape, ret), *check_all(ret.book.shape, {COUNTY: ret})]
        return {(each.rule, each.form, each.line, each.column) for each in found if each.severity == "error"}

    _, first, again = sent
    assert told(first) == told(again)


def test_that_formulas_have_no_result_is_told_once_and_forces_nothing(sent: tuple[Book, Return, Return]) -> None:
    ((severity, says),) = [(each.severity, each.says) for each in sent[2].findings if each.rule == "K-04"]
    assert ("note", True) == (severity, "没有计算结果" in says)
