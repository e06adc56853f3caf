"""What people type into cells, and what they hide from sight."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.workbook.workbook import Workbook

from .structural import Edit, sheet

WIDE = str.maketrans("0123456789.,+", "０１２３４５６７８９．，＋")


def figures(book: Workbook, rng: random.Random) -> list[Cell]:
    """The cells of one sheet in which a figure stands."""
    cells = [cell for row in sheet(book, rng).iter_rows(min_row=5, min_col=4) for cell in row]
    return [cell for cell in cells if type(cell.value) in (int, float)]


def some(book: Workbook, rng: random.Random) -> list[Cell]:
    """A few of them."""
    found = figures(book, rng)
    return rng.sample(found, min(len(found), rng.randint(1, 4)))


WAYS: tuple[Callable[[str], str], ...] = (
    lambda plain: plain,
    lambda plain: f" {plain}　",
    lambda plain: f"\xa0{plain}\n",
    lambda plain: f"{plain}万元",
    lambda plain: f"+{plain}",
    lambda plain: plain.translate(WIDE),
    lambda plain: f"＋{plain.translate(WIDE)}",
)


def text_number(book: Workbook, rng: random.Random) -> None:
    for cell in some(book, rng):
        cell.value, cell.number_format = rng.choice(WAYS)(f"{cell.value:.2f}"), "@"


def separated_number(book: Workbook, rng: random.Random) -> None:
    for cell in some(book, rng):
        comma = rng.choice((",", "，", " ", "\xa0", " , ", "'", "."))
        cell.value = rng.choice(WAYS)(f"{cell.value:,.2f}".replace(",", comma))


def words_for_a_number(book: Workbook, rng: random.Random) -> None:
    for cell in some(book, rng):
        cell.value = rng.choice(
            (f"约{cell.value:.0f}", f"{cell.value:.0f}多", "一百六十七", f"{cell.value:.0f}²", "见附件", "—", "无")
        )


def another_type(book: Workbook, rng: random.Random) -> None:
    for cell in some(book, rng):
        cell.value = rng.choice((True, dt.date(2026, 5, 1), "#REF!", "#N/A", "#DIV/0!"))


def formula_for_a_figure(book: Workbook, rng: random.Random) -> None:
    """A sum that makes the figure; it has no result until a program calculates it."""
    for cell in some(book, rng):
        first = rng.randint(1, 999)
        cell.value = f"={first}+{cell.value - first:.2f}"


def hide_rows(book: Workbook, rng: random.Random) -> None:
    for cell in some(book, rng):
        cell.parent.row_dimensions[cell.row].hidden = True


def hide_column(book: Workbook, rng: random.Random) -> None:
    for cell in some(book, rng)[:1]:
        cell.parent.column_dimensions[get_column_letter(cell.column)].hidden = True


def calculate_by_hand(book: Workbook, _rng: random.Random) -> None:
    book.calculation.calcMode = "manual"


TYPED: tuple[Edit, ...] = (
    text_number, separated_number, words_for_a_number, another_type, formula_for_a_figure, hide_rows, hide_column, calculate_by_hand,
)  # fmt: skip
