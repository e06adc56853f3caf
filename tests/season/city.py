"""The sample city consolidated in memory, and a small city on disk, each made once."""

from __future__ import annotations

import functools
import shutil
from pathlib import Path

from click.testing import CliRunner, Result

from budgetbook.book import Book
from budgetbook.cli import main
from budgetbook.consolidation import Consolidated, consolidate
from budgetbook.exchange.figures import read_figures
from budgetbook.inquiry.origins import Origins
from budgetbook.layout import Layout
from budgetbook.returns import Return, Where
from budgetbook.settings import data_folder
from budgetbook.workspace import Workspace, open_workspace
from tests.conftest import book, small_shape

SAMPLE = data_folder("samples") / "jiaozuo-2026"
Figures = dict[tuple[str, str, str], str | int]


@functools.cache
def sample_space() -> Workspace:
    return open_workspace(SAMPLE)


@functools.cache
def sample_books() -> dict[str, Book]:
    return read_figures(SAMPLE / "figures.csv", sample_space().shape)


def returned(space: Workspace, filled: Book) -> Return:
    """A book as if read from the workbook that was issued for it."""
    layout = Layout(filled.shape.catalogue, filled.unit.level)
    where = {
        form.id: Where(layout.sheet(form.id), layout.rows(form.id), layout.columns(form.id)) for form in layout.forms
    }
    return Return(f"{filled.unit.name}.xlsx", filled.unit.code * 8, space.stamp(filled.unit), filled, where)


def origins(space: Workspace, books: dict[str, Book]) -> Origins:
    result: Consolidated = consolidate(space.shape, books)
    return Origins(space.shape, {code: returned(space, each) for code, each in books.items()}, result)


@functools.cache
def sample_origins() -> Origins:
    return origins(sample_space(), sample_books())


SMALL: dict[str, Figures] = {
    "BJ": {
        ("gp_transfers", "1100201", "actual"): 100,
        ("city_transfers", "23002.A", "actual"): 30,
        ("city_transfers", "23002.B", "actual"): 20,
        ("gp_revenue", "10104", "actual"): 7,
        ("gp_revenue", "10104", "initial"): 5,
    },
    "GX": {("gp_revenue", "10104", "actual"): 3},
    "A": {
        ("gp_transfers", "1100207", "actual"): 30,
        ("gp_revenue", "10104", "actual"): 20,
        ("gp_revenue", "1010101", "actual"): "1.25",
        ("gp_revenue", "10104", "initial"): 15,
    },
    "B": {("gp_transfers", "1100201", "actual"): 20},
}


def small(units: dict[str, Figures]) -> Origins:
    """The small city consolidated in memory."""
    books = {code: book(code, figures) for code, figures in units.items()}
    rets = {code: returned(sample_space(), each) for code, each in books.items()}
    return Origins(small_shape(), rets, consolidate(small_shape(), books))


def put(space: Workspace, folder: Path, units: dict[str, Figures]) -> None:
    """A returned workbook for each unit."""
    folder.mkdir(exist_ok=True)
    for code, figures in units.items():
        (folder / f"{code}.xlsx").write_bytes(space.package(book(code, figures)))


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def copied(space: Workspace, target: Path) -> Workspace:
    shutil.copytree(space.folder, target)
    return open_workspace(target)
