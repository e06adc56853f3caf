"""A form may state its precision: what differs only by rounding is no error, and what cannot be true together is one."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from budgetbook.amount import to_fen
from budgetbook.book import Book
from budgetbook.checks import check_all, check_one
from budgetbook.definitions import read_catalogue
from budgetbook.finding import Finding
from budgetbook.problems import DefinitionError
from budgetbook.returns import Return
from budgetbook.rulebook import BROKEN, ROUNDING, rulebook
from budgetbook.settings import data_folder
from budgetbook.shape import Shape
from budgetbook.tree_reader import read_tree
from tests.conftest import TREE, small_catalogue
from tests.rules.examples import NOWHERE


@functools.cache
def printed(**decimals: int) -> Shape:
    """The small city with some forms filled in from print."""
    forms = tuple(
        replace(form, decimals={column.id: decimals[form.id] for column in form.amounts})
        if form.id in decimals
        else form
        for form in small_catalogue().forms
    )
    return Shape(replace(small_catalogue(), forms=forms))


def found(shape: Shape, *figures: tuple[str, str, str, str]) -> list[Finding]:
    book = Book.empty(shape.catalogue.tree["A"], shape)
    for form, line, column, value in figures:
        book.put(form, line, column, to_fen(value))
    ret = Return("", "", NOWHERE, book, {})
    return [*check_one(shape, ret), *check_all(shape, {"A": ret})]


def rules(findings: Sequence[Finding], line: str) -> set[str]:
    return {each.rule for each in findings if each.line == line and each.severity == "error"}


def limits(total: str) -> list[tuple[str, str, str, str]]:
    """8.73 + 64.22 亿元 as 万元 against a printed total."""
    return [
        ("debt_limit", "D1.B", "actual", "87300"),
        ("debt_limit", "D1.C", "actual", "642200"),
        ("debt_limit", "D1.A", "actual", total),
    ]


@pytest.mark.parametrize(("total", "expected"), [("729500", set()), ("729400", set()), ("729000", {"R-SUM-01"})])
def test_a_total_printed_in_hundreds_of_millions_may_be_off_by_rounding_only(total: str, expected: set[str]) -> None:
    assert expected == rules(found(printed(debt_limit=-2), *limits(total)), "D1.A") & {"R-SUM-01"}


def test_the_same_figures_stated_exactly_are_an_error() -> None:
    assert "R-SUM-01" in rules(found(printed(), *limits("729400")), "D1.A")


def test_rounding_is_told_once_as_a_note_with_how_many() -> None:
    told = [each for each in found(printed(debt_limit=-2), *limits("729400")) if each.rule == "R-TOL-01"]
    assert ["note"] == [each.severity for each in told]
    assert "等 2 处只差尾数（这一处 100 万元）" in told[0].says


def test_notes_that_cannot_all_be_true_are_an_error_that_names_them() -> None:
    told = found(
        printed(debt_limit=-2),
        *(("debt_limit", line, "actual", "100") for line in ("D1.A", "D1.B", "D1.C")),
        *(("debt_limit", line, "actual", "200") for line in ("D1.E", "D1.F")),
    )
    joint = [each for each in told if each.rule == "R-TOL-02"]
    assert ["error"] == [each.severity for each in joint]
    assert "2 条勾稽关系看似只差尾数，按各数的小数位数却不可能同时成立" in joint[0].says
    assert "R-DEBT-01A" in joint[0].says and "R-DEBT-02C" in joint[0].says


def test_an_exact_form_is_judged_to_the_fen_beside_a_rounded_one() -> None:
    told = found(
        printed(debt_limit=-2), ("debt_general", "D2.4", "actual", "1.000001"), ("debt_bonds", "D4.G", "actual", "1")
    )
    assert "R-DEBT-03I" in {each.rule for each in told}


def half_up(fen: np.ndarray, step: int) -> np.ndarray:
    return np.sign(fen) * ((2 * np.abs(fen) + step) // (2 * step)) * step


def rounded_books(shape: Shape, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Figures and blanks of consistent books: random entries, exact totals, every figure of the rounded forms then printed."""
    level = shape.level("county")
    given = np.broadcast_to(level.entries, (count, shape.size)).copy()
    fen = np.where(level.entries, rng.integers(0, 10**12, (count, shape.size)), 0)
    level.compute(fen, given)
    for step in np.unique(shape.steps[shape.steps > 0]):
        at = shape.steps == step
        fen[:, at] = half_up(fen[:, at], int(step))
    return fen, given


FORMS = ("gp_revenue", "fund_revenue", "capital_revenue", "debt_limit")


def never_wrong(count: int) -> None:
    """Every total of every printed form of *count* books against its parts, at 0 to 2 decimals."""
    rng = np.random.default_rng(2026)
    for decimals in (0, 1, 2):
        shape = printed(**dict.fromkeys(FORMS, decimals))
        book = rulebook(shape, "county", totals=True)
        totals = np.array([case.relation.id == "R-SUM-01" for case in book.cases])
        for _ in range(count // 3 // 50):
            verdicts = book.verdicts(*rounded_books(shape, rng, 50))[:, totals]
            assert not (verdicts == BROKEN).any()
            assert (verdicts == ROUNDING).any()


def test_of_consistent_books_printed_at_any_precision_no_total_is_called_wrong() -> None:
    never_wrong(300)


@pytest.mark.long
def test_of_twenty_thousand_consistent_books_no_total_is_called_wrong() -> None:
    never_wrong(20_000)


@pytest.mark.parametrize(
    "written", ["debt_limit = 9", 'debt_limit = "two"', "debt_limit = { acual = 0 }", "indicators = 0"]
)
def test_a_precision_that_means_nothing_is_refused(written: str, tmp_path: Path) -> None:
    import tomllib

    settings = {"decimals": tomllib.loads(written)}
    with pytest.raises(DefinitionError, match=r"catalogue.toml：decimals\.\w+\.\w+ = .+ 不对，应写成 0 或"):
        read_catalogue(data_folder("templates") / "2026", read_tree(TREE), settings)
