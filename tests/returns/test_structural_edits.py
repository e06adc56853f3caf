"""Whatever people do to rows, columns and sheets: a figure is read exactly, or its form, line or column is reported."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from budgetbook.book import Book
from budgetbook.layout import sheet_name
from budgetbook.returns import Return, read_return
from budgetbook.sheet import Stamp
from budgetbook.template import workbook
from budgetbook.xlsx.read import read
from budgetbook.xlsx.write import write
from tests.conftest import small_shape

KEPT = ("cover", "gp_transfers", "three_public", "debt_bonds")
Edit = Callable[[Workbook, random.Random], None]


def filled_book() -> Book:
    """Every entry of four forms a different amount, so that no mix-up can pass unseen."""
    shape = small_shape()
    filled = Book.empty(shape.catalogue.tree["A"], shape)
    for place in np.flatnonzero(shape.level("county").entries):
        if shape.keys[place][0] in KEPT:
            filled.fen[place], filled.given[place] = (1_000_003 + 7 * int(place)) * 10_000, True
    return filled.computed()


FILLED = filled_book()


def package() -> bytes:
    catalogue = small_shape().catalogue
    made = workbook(catalogue, FILLED, Stamp("A", 2026, "county", catalogue.digest, "1"))
    names = {sheet_name(catalogue.form(id)) for id in KEPT} | {"_budgetbook"}
    return write(replace(made, sheets=[sheet for sheet in made.sheets if sheet.name in names]))


PACKAGE = package()


def sheet(book: Workbook, rng: random.Random) -> Worksheet:
    return rng.choice([each for each in book.worksheets if each.title != "_budgetbook"])


def insert_row(book: Workbook, rng: random.Random) -> None:
    page = sheet(book, rng)
    page.insert_rows(rng.randint(1, page.max_row + 1), rng.randint(1, 3))


def delete_row(book: Workbook, rng: random.Random) -> None:
    page = sheet(book, rng)
    page.delete_rows(rng.randint(1, page.max_row))


def insert_column(book: Workbook, rng: random.Random) -> None:
    page = sheet(book, rng)
    page.insert_cols(rng.randint(1, page.max_column + 1))


def delete_column(book: Workbook, rng: random.Random) -> None:
    page = sheet(book, rng)
    page.delete_cols(rng.randint(1, page.max_column))


def swap_rows(book: Workbook, rng: random.Random) -> None:
    """Sorting, as far as two rows go."""
    page = sheet(book, rng)
    one, other = rng.randint(5, max(5, page.max_row)), rng.randint(5, max(5, page.max_row))
    for column in range(1, page.max_column + 1):
        first, second = page.cell(one, column), page.cell(other, column)
        first.value, second.value = second.value, first.value


def sort_without_the_hidden_column(book: Workbook, rng: random.Random) -> None:
    page = sheet(book, rng)
    one, other = rng.randint(5, max(5, page.max_row)), rng.randint(5, max(5, page.max_row))
    for column in range(2, page.max_column + 1):
        first, second = page.cell(one, column), page.cell(other, column)
        first.value, second.value = second.value, first.value


def duplicate_row(book: Workbook, rng: random.Random) -> None:
    page = sheet(book, rng)
    source = rng.randint(5, max(5, page.max_row))
    target = page.max_row + 1
    for column in range(1, page.max_column + 1):
        page.cell(target, column).value = page.cell(source, column).value
    if rng.random() < 0.5:
        page.cell(target, rng.randint(4, 8)).value = rng.randint(1, 999)


def duplicate_column(book: Workbook, rng: random.Random) -> None:
    page = sheet(book, rng)
    source, target = rng.randint(4, max(4, page.max_column)), page.max_column + 1
    for row in range(1, page.max_row + 1):
        page.cell(row, target).value = page.cell(row, source).value


def title_row_on_top(book: Workbook, rng: random.Random) -> None:
    page = sheet(book, rng)
    page.insert_rows(1)
    page.cell(1, 1).value = "附件三"


def rename_sheet(book: Workbook, rng: random.Random) -> None:
    sheet(book, rng).title = f"新表{rng.randint(1, 999)}"


def move_sheet(book: Workbook, rng: random.Random) -> None:
    book.move_sheet(sheet(book, rng), rng.randint(-2, 2))


def copy_sheet(book: Workbook, rng: random.Random) -> None:
    copy = book.copy_worksheet(sheet(book, rng))
    if rng.random() < 0.5:
        copy.cell(8, 5).value = rng.randint(1, 999)


def delete_sheet(book: Workbook, rng: random.Random) -> None:
    if len(book.worksheets) > 2:
        book.remove(sheet(book, rng))


def lose_hidden_keys(book: Workbook, rng: random.Random) -> None:
    page = sheet(book, rng)
    if rng.random() < 0.5:
        for row in range(1, page.max_row + 1):
            page.cell(row, 1).value = None
    else:
        for column in range(1, page.max_column + 1):
            page.cell(4, column).value = None


def lose_one_key(book: Workbook, rng: random.Random) -> None:
    page = sheet(book, rng)
    page.cell(rng.randint(1, page.max_row), 1).value = None


def merge_cells(book: Workbook, rng: random.Random) -> None:
    """As Excel does it: only the first cell keeps its value."""
    page = sheet(book, rng)
    row, column = rng.randint(5, max(5, page.max_row)), rng.randint(4, max(4, page.max_column))
    page.merge_cells(start_row=row, start_column=column, end_row=row + 1, end_column=column)


def type_into_a_free_cell(book: Workbook, rng: random.Random) -> None:
    page = sheet(book, rng)
    page.cell(page.max_row + 2, page.max_column + 2).value = 12345


EDITS: tuple[Edit, ...] = (
    insert_row, delete_row, insert_column, delete_column, swap_rows, sort_without_the_hidden_column, duplicate_row, duplicate_column,
    title_row_on_top, rename_sheet, move_sheet, copy_sheet, delete_sheet, lose_hidden_keys, lose_one_key, merge_cells, type_into_a_free_cell,
)  # fmt: skip

# openpyxl does not move merges with their rows; a changed copy whose original is then deleted is no copy but a new figure
LAST = (copy_sheet, duplicate_row, merge_cells)


def edited(edits: list[Edit], seed: int) -> Return:
    book, rng = openpyxl.load_workbook(io.BytesIO(PACKAGE)), random.Random(seed)
    for page in book.worksheets:
        for block in list(page.merged_cells.ranges):
            page.unmerge_cells(str(block))
    for edit in sorted(edits, key=lambda edit: edit in LAST):
        edit(book, rng)
    target = io.BytesIO()
    book.save(target)
    ret = read_return(small_shape(), read(target.getvalue()), "a.xlsx", "")
    assert isinstance(ret, Return), ret
    return ret


def silently_wrong(ret: Return) -> list[str]:
    """Figures that differ from what was filled in, without a finding on their form, line or column."""
    spoken = [each for found in ret.findings for each in (found, *found.echoes)]
    told = [(found.form, found.line, found.column) for found in spoken if found.severity != "note"]
    wrong = []
    shape, level = ret.book.shape, ret.book.shape.level("county")
    for place in np.flatnonzero(level.entries & ((ret.book.fen != FILLED.fen) | (ret.book.given != FILLED.given))):
        form, line, column = shape.keys[place]
        if not any(each[0] == form and each[1] in ("", line) and each[2] in ("", column) for each in told):
            wrong.append(
                f"{form}:{line}@{column} {FILLED.fen[place]} → {ret.book.fen[place] if ret.book.given[place] else None}"
            )
    return wrong


def accounted(ret: Return) -> bool:
    return ret.accounts.content == ret.accounts.placed + ret.accounts.labels + ret.accounts.reported


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_one_edit_leaves_figures_exact_or_reported(edit: Edit) -> None:
    for seed in range(4):
        ret = edited([edit], seed)
        assert ([], True) == (silently_wrong(ret), accounted(ret)), ret.accounts


@settings(max_examples=100)
@given(st.lists(st.sampled_from(EDITS), min_size=2, max_size=6), st.integers(0, 10**6))
def test_any_sequence_of_edits_leaves_figures_exact_or_reported(edits: list[Edit], seed: int) -> None:
    ret = edited(edits, seed)
    assert ([], True) == (silently_wrong(ret), accounted(ret)), ret.accounts


@pytest.mark.long
@settings(max_examples=1000)
@given(st.lists(st.sampled_from(EDITS), min_size=1, max_size=8), st.integers(0, 10**9))
def test_a_thousand_sequences_of_edits(edits: list[Edit], seed: int) -> None:
    ret = edited(edits, seed)
    assert ([], True) == (silently_wrong(ret), accounted(ret)), ret.accounts


@pytest.mark.parametrize(
    "edit",
    [rename_sheet, move_sheet, title_row_on_top, insert_row, insert_column, swap_rows],
    ids=lambda edit: edit.__name__,
)
def test_what_keeps_the_keys_is_read_in_full(edit: Edit) -> None:
    ret = edited([edit], 1)
    entries = ret.book.shape.level("county").entries
    assert np.array_equal(FILLED.fen[entries], ret.book.fen[entries])
