"""A city of the samples to measure on: its workspace, its filled returns, and as many more units like its own as are wanted."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from budgetbook.book import Book
from budgetbook.demo import run
from budgetbook.exchange.figures import read_figures
from budgetbook.jobs import overlaid
from budgetbook.settings import CONFIG, data_folder
from budgetbook.shape import Shape
from budgetbook.unit import Tree
from budgetbook.workspace import Workspace, open_workspace

SAMPLE = "jiaozuo-2026"
COUNTY = "410821"


class Site:
    """The sample city in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.sample = folder, data_folder("samples") / SAMPLE
        for name in ("issued", "returned", "out"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        if not (folder / CONFIG).exists():
            shutil.copyfile(self.sample / CONFIG, folder / CONFIG)

    @cached_property
    def space(self) -> Workspace:
        return open_workspace(self.folder)

    @cached_property
    def books(self) -> dict[str, Book]:
        """The filled books of the sample's units."""
        figures = read_figures(self.sample / "figures.csv", self.space.shape)
        words = read_figures(self.sample / "texts.csv", self.space.shape)
        return {
            code: overlaid(book, words.get(code, Book.empty(book.unit, book.shape))) for code, book in figures.items()
        }

    @property
    def file(self) -> Path:
        """The filled return of one county."""
        path = self.folder / "returned" / f"{COUNTY}.xlsx"
        if not path.exists():
            path.write_bytes(self.space.package(self.books[COUNTY]))
        return path

    @property
    def played(self) -> Path:
        """The whole job on the sample city: every return, every consolidated book."""
        folder = self.folder / "played"
        if not folder.exists():
            list(run(folder, lambda title, steps, total: iter(steps)))
        return folder

    @property
    def papers(self) -> Path:
        """Where the congress papers go."""
        return self.folder / "papers"

    def counties(self, count: int) -> tuple[list[Book], Shape]:
        """Books of that many counties, those of the sample over and over, times two, three …, so that what added up still does;
        and a shape whose tree knows them."""
        own = [book for book in self.books.values() if book.unit.level == "county"]
        made = [(own[number % len(own)], 1 + number // len(own)) for number in range(count)]
        units = [replace(book.unit, code=f"{book.unit.code}x{factor}", direct=frozenset()) for book, factor in made]
        catalogue = self.space.catalogue
        shape = Shape(replace(catalogue, tree=Tree((*catalogue.tree.units, *units))))
        books = [
            Book(unit, shape, book.fen * factor, book.given, book.texts, book.mark)
            for unit, (book, factor) in zip(units, made, strict=True)
        ]
        return books, shape
