"""A small city of two counties and a zone, on the real catalogue; and the means to make and break its workbooks."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings

from budgetbook.amount import to_fen
from budgetbook.book import Book
from budgetbook.catalogue import Catalogue
from budgetbook.definitions import read_catalogue
from budgetbook.layout import Layout, sheet_name
from budgetbook.prior import CALIBRE, FINAL, Prior, carried
from budgetbook.settings import data_folder
from budgetbook.shape import Shape
from budgetbook.sheet import Cell
from budgetbook.template import workbook
from budgetbook.tree_reader import read_tree
from budgetbook.workspace import Workspace, open_workspace
from budgetbook.xlsx.write import write

settings.register_profile("budgetbook", deadline=None, derandomize=True)  # no timed asserts, the same run everywhere
settings.load_profile("budgetbook")

TREE = [
    {"code": "ALL", "name": "全市", "level": "node"},
    {"code": "SJ", "name": "市级", "level": "node", "parent": "ALL"},
    {"code": "BJ", "name": "市本级", "level": "city", "parent": "SJ"},
    {"code": "GX", "name": "高新区", "level": "county", "parent": "SJ", "show": "of_which"},
    {"code": "XJ", "name": "县（市、区）", "level": "node", "parent": "ALL"},
    {"code": "A", "name": "甲县", "level": "county", "parent": "XJ"},
    {"code": "B", "name": "乙县", "level": "county", "parent": "XJ"},
]


@functools.cache
def small_catalogue() -> Catalogue:
    return read_catalogue(data_folder("templates") / "2026", read_tree(TREE))


@functools.cache
def small_shape() -> Shape:
    return Shape(small_catalogue())


@pytest.fixture
def shape() -> Shape:
    return small_shape()


def small_city(folder: Path) -> Workspace:
    """A workspace of the small city."""
    units = "\n".join("[[unit]]\n" + "\n".join(f'{key} = "{value}"' for key, value in unit.items()) for unit in TREE)
    (folder / "budgetbook.toml").write_text(
        f'city = "某市"\ncatalogue = "2026"\nseal = "test"\n{units}\n', encoding="utf-8"
    )
    for name in ("issued", "returned", "out"):
        (folder / name).mkdir()
    return open_workspace(folder)


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return small_city(tmp_path)


def book(unit: str, figures: dict[tuple[str, str, str], str | int]) -> Book:
    """A book of the small city, totals computed."""
    shape = small_shape()
    return Book.of(shape.catalogue.tree[unit], shape, figures)


def prior(figures: Mapping[str, Mapping[tuple[str, str, str], str | int]], final: bool = False) -> Prior:
    """Last year's books, unit → (form, line, column) of last year → 万元, as this year sees them."""
    shape, texts = small_shape(), {CALIBRE: FINAL} if final else {}
    found = {
        code: carried(
            shape, shape.catalogue.tree[code], [(*key, to_fen(each), 0) for key, each in amounts.items()], texts
        )
        for code, amounts in figures.items()
    }
    assert [] == [each.lost for each in found.values() if each.lost]
    return Prior({code: each.book for code, each in found.items()}, {code: each.split for code, each in found.items()})


def typed_over(space: Workspace, filled: Book, key: tuple[str, str, str], amount: float) -> bytes:
    """The workbook of a book with one formula replaced by a typed number, as people do."""
    row, column = Layout(space.catalogue, filled.unit.level).cell(*key)
    made = workbook(space.catalogue, filled, space.stamp(filled.unit))
    name = sheet_name(space.catalogue.form(key[0]))
    sheets = [
        replace(sheet, cells=[_typed(cell, row, column, amount) for cell in sheet.cells])
        if sheet.name == name
        else sheet
        for sheet in made.sheets
    ]
    return write(replace(made, sheets=sheets))


def _typed(cell: Cell, row: int, column: int, amount: float) -> Cell:
    return cell._replace(value=amount, formula="") if (cell.row, cell.column) == (row, column) else cell
