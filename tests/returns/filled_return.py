"""A filled return of four forms, for people to work on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from budgetbook.book import Book
from budgetbook.layout import sheet_name
from budgetbook.sheet import Stamp
from budgetbook.template import workbook
from budgetbook.xlsx.write import write
from tests.conftest import small_shape

KEPT = ("cover", "gp_transfers", "three_public", "debt_bonds")


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
