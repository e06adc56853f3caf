"""朝阳市's two published years under the whole rule book: every finding is accounted for, and nothing is accounted for that is not found."""

from __future__ import annotations

import functools
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from budgetbook.amount import to_fen
from budgetbook.book import Book
from budgetbook.checks import check_all
from budgetbook.definitions import read_catalogue
from budgetbook.exchange.figures import read_figures
from budgetbook.finding import Finding
from budgetbook.last_year import read_prior
from budgetbook.prior import Prior
from budgetbook.returns import Return
from budgetbook.settings import data_folder
from budgetbook.shape import Shape
from budgetbook.tree_reader import read_tree
from budgetbook.workspace import Workspace, open_workspace
from tests.rules.examples import NOWHERE
from tests.test_chaoyang import CITY, mapped, rows

KEYS = ("rule", "unit", "form", "line", "column")
KINDS = {"公开表差错", "抽取缺失", "没有公开", "属实，应说明", "口径不同"}
Told = tuple[str, Finding]  # 2025, 2026, or the pair


@functools.cache
def space(year: int) -> Workspace:
    """The sample's workspace for one budget year; the year before has the same settings."""
    config: dict[str, Any] = tomllib.loads((CITY / "budgetbook.toml").read_text(encoding="utf-8"))
    folder = data_folder("templates") / config["catalogue"]
    catalogue = read_catalogue(folder, read_tree(config["unit"]), config["settings"] | {"year": year})
    return replace(open_workspace(CITY), shape=Shape(catalogue))


def books(year: int, *names: str) -> dict[str, Book]:
    """The books of one year; what stands in several files is put together."""
    made: dict[str, Book] = {}
    for name in names:
        for code, book in read_figures(CITY / name, space(year).shape).items():
            known = made.setdefault(code, Book.empty(book.unit, book.shape))
            entries = book.given & book.shape.level(book.unit.level).entries
            known.fen[entries], known.given[entries] = book.fen[entries], True
    return {code: book.computed() for code, book in made.items()}


def findings(year: int, made: dict[str, Book], prior: Prior | None = None) -> Iterator[Finding]:
    returns = {code: Return("", "", NOWHERE, book, {}) for code, book in made.items()}
    yield from check_all(space(year).shape, returns, prior)


@functools.cache
def told() -> tuple[Told, ...]:
    """Everything the rule book says of either year, and of the pair what it does not say of 2026 alone."""
    this = books(2026, "figures.csv", "figures_other.csv")
    alone = [("2026", each) for each in findings(2026, this)]
    known = {(each.rule, each.says) for _, each in alone}
    prior = read_prior(space(2026), CITY / "figures_2025.csv", "快报")
    pair = [("pair", each) for each in findings(2026, this, prior) if (each.rule, each.says) not in known]
    return (*alone, *(("2025", each) for each in findings(2025, books(2025, "figures_2025.csv"))), *pair)


def matches(row: dict[str, str], book: str, finding: Finding) -> bool:
    """Whether a row of the table speaks of a finding; what it leaves blank may be anything."""
    return row["book"] in ("", book) and all(row[key] in ("", getattr(finding, key)) for key in KEYS)


def test_every_finding_on_the_two_published_years_is_accounted_for_and_no_row_is_stale() -> None:
    table, found = rows("accounted.csv"), Counter[int]()
    missing = []
    for book, finding in told():
        at = next((at for at, row in enumerate(table) if matches(row, book, finding)), None)
        if at is None:
            missing.append((book, finding.rule, finding.says))
        else:
            found[at] += 1
    assert [] == missing
    assert [int(row["count"]) for row in table] == [found[at] for at in range(len(table))]


def test_every_row_says_what_kind_of_finding_it_is_and_why() -> None:
    table = rows("accounted.csv")
    assert KINDS == {row["kind"] for row in table}
    assert [] == [row for row in table if len(row["note"]) < 8]


def test_no_finding_is_left_that_a_wrong_rule_of_ours_makes_line_by_line() -> None:
    """A column that was not published is told once for its form, not once for each of its lines."""
    lines = Counter(
        (book, each.rule, each.unit, each.column) for book, each in told() if each.rule.startswith("R-YR-02")
    )
    assert max(lines.values()) <= 2


def test_last_years_approved_budget_is_this_years_initial_budget_but_for_the_four_figures_listed() -> None:
    differing = {(each.form, each.line) for book, each in told() if book == "pair" and each.rule.startswith("R-YR-02")}
    assert {
        ("gp_expenditure", "2320301"),
        ("gp_expenditure", "2320302"),
        ("capital_revenue", "1030601"),
        ("capital_expenditure", "22301"),
    } == differing
    prior = read_prior(space(2026), CITY / "figures_2025.csv")
    assert to_fen(2827949) == prior.books["211300"].at("gp_expenditure", "T_GPB_E", "initial")


@pytest.mark.parametrize(
    ("name", "year", "files"),
    [
        ("real_chaoyang.csv", 2026, ("figures.csv", "figures_other.csv")),
        ("real_chaoyang_2024.csv", 2025, ("figures_2025.csv",)),
    ],
)
def test_the_figures_are_what_the_mapping_program_makes_of_the_published_books(
    name: str, year: int, files: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, made = mapped(name, year, True, monkeypatch)
    kept = [list(row.values()) for file in files for row in rows(file)]
    assert sorted(made["figures.csv"]) == sorted(kept)
