"""The sample as a whole: which form is decided before which, and the two files it becomes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from budgetbook.book import Book
from budgetbook.shape import Shape

from . import balances, capital, debt, expenditure, funds, insurance, papers, revenue
from .ledger import Ledger
from .tables import LEAVES
from .words import texts

FEN = 1_000_000  # in 万元


def figures(shape: Shape) -> Ledger:
    """All entries of all twelve leaves."""
    ledger = Ledger()
    revenue.fill(ledger)
    insurance.fill(ledger)
    debt.fill(ledger)
    expenditure.fill(ledger, shape.catalogue.form("gp_expenditure"))
    funds.fill(ledger)
    capital.fill(ledger)
    balances.fill(ledger)
    papers.fill(ledger)
    return ledger


def books(shape: Shape) -> dict[str, Book]:
    """Leaf → its book, totals computed."""
    empty = {unit: Book.empty(shape.catalogue.tree[unit], shape) for unit in LEAVES}
    for (unit, form, line, column), amount in figures(shape):
        empty[unit].put(form, line, column, amount * FEN)
    return {unit: book.computed() for unit, book in empty.items()}


def figures_csv(made: dict[str, Book]) -> str:
    """`unit,form,line,column,value` in 万元: entries only, in the order of the forms."""
    rows = [row for book in made.values() for row in _entries(book)]
    return _csv("unit,form,line,column,value", rows)


def texts_csv(made: dict[str, Book]) -> str:
    """`unit,form,line,column,text`."""
    return _csv("unit,form,line,column,text", texts(made))


def _entries(book: Book) -> list[tuple[str, ...]]:
    bare = Book(book.unit, book.shape, book.fen, book.given & book.shape.level(book.unit.level).entries)
    return list(bare.rows())


def _csv(head: str, rows: Iterable[tuple[str, ...]]) -> str:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(head.split(","))
    writer.writerows(rows)
    return target.getvalue()
