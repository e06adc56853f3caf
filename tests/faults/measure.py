"""What the rule book and the likely cause make of each fault."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from budgetbook.book import Book
from budgetbook.checks import check_all, check_one
from budgetbook.checks.cause import traced
from budgetbook.checks.effects import effects, evidence
from budgetbook.checks.likelihood import Guess
from budgetbook.exchange.figures import read_figures
from budgetbook.finding import SEVERITIES, Finding
from budgetbook.form import Level
from budgetbook.returns import Return
from budgetbook.settings import data_folder
from budgetbook.shape import Shape
from budgetbook.sheet import Stamp
from budgetbook.workspace import open_workspace

from .inject import Fault

SAMPLE = data_folder("samples") / "jiaozuo-2026"
Key = tuple[str, str, str, str, str]


@functools.cache
def sample_shape() -> Shape:
    return open_workspace(SAMPLE).shape


@functools.cache
def sample() -> Mapping[str, Book]:
    """The clean returns, figures and words."""
    books = read_figures(SAMPLE / "figures.csv", sample_shape())
    for code, words in read_figures(SAMPLE / "texts.csv", sample_shape()).items():
        books[code].texts.update(words.texts)
    return books


@functools.cache
def clean_books() -> list[Book]:
    """The returns without a finding at error level."""
    return [book for code, book in sample().items() if not any(key[1] == "error" for key in baseline(code))]


def given(book: Book) -> Return:
    """As if it had come in a file."""
    return Return(f"{book.unit.name}.xlsx", "", Stamp(book.unit.code, 2026, book.unit.level, "", ""), book, {})


def findings(book: Book) -> list[Finding]:
    """All that the checks say of one return, before causes."""
    ret = given(Book(book.unit, book.shape, book.fen.copy(), book.given.copy(), book.texts))
    return [*check_one(book.shape, ret), *check_all(book.shape, {book.unit.code: ret})]


def key(finding: Finding) -> Key:
    """What makes two findings the same, wherever the file was."""
    return finding.rule, finding.severity, finding.form, finding.line, finding.column


@functools.cache
def baseline(code: str) -> frozenset[Key]:
    """What is found in a clean return."""
    return frozenset(key(finding) for finding in findings(sample()[code]))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one fault. `rank` of the true cause among the guesses, 0 if it is not there."""

    fault: Fault
    protected: bool
    level: str  # the gravest new finding, empty if there is none
    right: bool  # a new finding at the cell, or of a relation through it
    rank: int
    before: int  # new findings, echoes among them
    told: int  # new findings after folding


def protected(book: Book, places: Iterable[int]) -> bool:
    """Whether an equality at error level holds one of these cells fast."""
    return bool(fast(book.unit.code)[list(places)].any())


@functools.cache
def fast(code: str) -> NDArray[np.bool_]:
    """Cells × whether a total, or an equality at error level that is judged in the clean return, moves with the cell."""
    book = sample()[code]
    told = evidence(sample_shape(), book)
    firm = np.flatnonzero((told.sign == 0) & (told.weight >= 1) & told.judged)
    held: NDArray[np.bool_] = np.zeros(told.still.width, dtype=bool)
    held[told.behind(firm, True).indices] = True
    return held | sample_shape().level(book.unit.level).computed


def reach(book: Book, places: Iterable[int]) -> set[int]:
    """The cells and every total above them."""
    over = effects(sample_shape(), book.unit.level).over
    return {int(cell) for place in places for cell in over.row(place)[0]}


@functools.cache
def _cells_of(level: Level) -> dict[tuple[str, int], set[int]]:
    return {
        (case.relation.id, case.left[0][0]): {place for place, _ in (*case.left, *case.right)}
        for case in effects(sample_shape(), level).rules.cases
    }


def through(fault: Fault, finding: Finding, reached: set[int]) -> bool:
    """Whether a finding is at a faulty cell, at a total above it, or of a relation through one of them."""
    shape = sample_shape()
    if not shape.has(finding.form, finding.line, finding.column):
        return any(shape.keys[place][0] == finding.form for place in fault.places)
    place = shape.place(finding.form, finding.line, finding.column)
    cells = _cells_of(fault.book.unit.level).get((finding.rule, place), set())
    return place in reached or bool(cells & reached)


def outcome(fault: Fault) -> Outcome:
    """Check, trace, compare. The first cause named is the one that counts."""
    found = [each for each in findings(fault.book) if key(each) not in baseline(fault.book.unit.code)]
    reached = reach(fault.book, fault.places)
    level = next((severity for severity in SEVERITIES if any(each.severity == severity for each in found)), "")
    ret = given(fault.book)
    told, roots = traced(sample_shape(), ret, found)
    return Outcome(
        fault,
        protected(fault.book, fault.places),
        level,
        any(through(fault, each, reached) for each in found),
        _rank(fault, roots[0]) if roots else 0,
        len(found),
        len(told),
    )


def _rank(fault: Fault, guesses: list[Guess]) -> int:
    meant = set(zip(fault.places, fault.right, strict=True))
    return next(
        (at for at, guess in enumerate(guesses, 1) if set(zip(guess.places, guess.right, strict=True)) == meant), 0
    )
