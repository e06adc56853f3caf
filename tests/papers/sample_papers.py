"""The congress papers of the sample, from its figures, and means to change their definitions."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from budgetbook.amount import FEN, rounded
from budgetbook.book import Book
from budgetbook.consolidation import consolidate
from budgetbook.exchange.figures import read_figures
from budgetbook.papers.attachment import Attachment, PaperSet
from budgetbook.papers.attachments import PrintedSet, print_set
from budgetbook.papers.definitions import FILE, read_papers
from budgetbook.papers.printed import Figure
from budgetbook.papers.rows import Source
from budgetbook.settings import data_folder
from budgetbook.shape import Shape
from budgetbook.workspace import open_workspace

SAMPLE = data_folder("samples") / "jiaozuo-2026"
DEFINITIONS = data_folder("templates") / "2026" / FILE


@functools.cache
def shape() -> Shape:
    return open_workspace(SAMPLE).shape


@functools.cache
def leaves() -> dict[str, Book]:
    books, words = (read_figures(SAMPLE / name, shape()) for name in ("figures.csv", "texts.csv"))
    return {code: replace(book, texts=words[code].texts) for code, book in books.items()}


@functools.cache
def source() -> Source:
    return Source(shape(), {**leaves(), **consolidate(shape(), leaves()).books}, "焦作市")


@functools.cache
def papers() -> PaperSet:
    return read_papers(DEFINITIONS, shape().catalogue)


@functools.cache
def whole_set() -> PrintedSet:
    return print_set(papers(), source())


def changed(change: Callable[[Attachment], Attachment]) -> PaperSet:
    return replace(papers(), attachments=tuple(map(change, papers().attachments)))


def defined(text: str, folder: Path) -> PaperSet:
    """The papers as the default definitions and *text* after them say."""
    path = folder / FILE
    path.write_text(DEFINITIONS.read_text(encoding="utf-8") + text, encoding="utf-8")
    return read_papers(path, shape().catalogue)


def from_book(figure: Figure) -> int:
    """The figure's amount as its identity says it follows from the books: a figure, a sum of some, a difference of two."""
    if figure.id.startswith("("):
        above, below = figure.id[1:-1].split(")-(")
        return in_book(above) - in_book(below)
    return sum(map(in_book, figure.id.split("+")))


def in_book(id: str) -> int:
    unit, _, key = id.partition("/")
    form, line, column = key.split(":")
    return source().books[unit].at(form, line, column) or 0


def as_printed(fen: int, unit: str, decimals: int) -> Decimal:
    return rounded(Fraction(fen, FEN[unit]), decimals)


def figures(printed: PrintedSet) -> Iterator[Figure]:
    yield from (number for table in printed.tables for number in table.numbers if isinstance(number, Figure))
