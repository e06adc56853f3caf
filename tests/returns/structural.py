"""What people do to rows, columns and sheets."""

from __future__ import annotations

import random
from collections.abc import Callable

from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

Edit = Callable[[Workbook, random.Random], None]


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


STRUCTURAL: tuple[Edit, ...] = (
    insert_row, delete_row, insert_column, delete_column, swap_rows, sort_without_the_hidden_column, duplicate_row, duplicate_column,
    title_row_on_top, rename_sheet, move_sheet, copy_sheet, delete_sheet, lose_hidden_keys, lose_one_key, merge_cells, type_into_a_free_cell,
)  # fmt: skip

# openpyxl does not move merges with their rows; a changed copy whose original is then deleted is no copy but a new figure
LAST = (copy_sheet, duplicate_row, merge_cells)
