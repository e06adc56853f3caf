"""The sample of 焦作市 2026: made by a program, adding up to what was published, and marked as an example."""

from __future__ import annotations

import csv
import functools
import importlib
from collections.abc import Mapping

import numpy as np
import pytest

from budgetbook.book import Book
from budgetbook.consolidation import consolidate, pairs
from budgetbook.demo import missed, published
from budgetbook.exchange.figures import read_figures
from budgetbook.form import LEVELS
from budgetbook.rulebook import rulebook
from budgetbook.settings import data_folder
from budgetbook.shape import Shape
from budgetbook.unit import applies
from budgetbook.workspace import open_workspace

SAMPLE = data_folder("samples") / "jiaozuo-2026"
COLUMNS = ("prior", "initial", "adjusted", "actual", "budget")
BALANCED = {
    "gp_balance": ("T_GPB_R_ALL", "T_GPB_E_ALL"),
    "fund_balance": ("T_GFB_R_ALL", "T_GFB_E_ALL"),
    "capital_balance": ("T_SCB_R_ALL", "T_SCB_E_ALL"),
}
CARRIED = {
    "gp_balance": ("1100801", "2300901"),
    "fund_balance": ("1100802", "2300902"),
    "capital_balance": ("1100804", "2300918"),
}


@functools.cache
def sample_shape() -> Shape:
    return open_workspace(SAMPLE).shape


@functools.cache
def leaves() -> Mapping[str, Book]:
    return read_figures(SAMPLE / "figures.csv", sample_shape())


@functools.cache
def all_books() -> Mapping[str, Book]:
    return {**leaves(), **consolidate(sample_shape(), leaves()).books}


def rows(name: str) -> list[dict[str, str]]:
    with (SAMPLE / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def errors(books: list[Book]) -> set[tuple[str, str, str]]:
    """(unit, relation, line) of every broken relation at error level."""
    found = set()
    for level in LEVELS:
        group = [book for book in books if book.unit.level == level]
        if group:
            fen, given = np.stack([book.fen for book in group]), np.stack([book.given for book in group])
            for breach in rulebook(sample_shape(), level).breaches(fen, given):
                relation = breach.case.relation
                if relation.severity == "error" and applies(
                    relation.levels, group[breach.row].unit.kinds, relation.sign
                ):
                    line = sample_shape().keys[breach.case.left[0][0]][1]
                    found.add((group[breach.row].unit.name, breach.case.relation.id, line))
    return found


def test_the_program_makes_the_files_that_are_in_the_tree() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SAMPLE))
        sample = importlib.import_module("making.sample")
    made = sample.books(sample_shape())
    assert (SAMPLE / "figures.csv").read_text(encoding="utf-8-sig") == sample.figures_csv(made)
    assert (SAMPLE / "texts.csv").read_text(encoding="utf-8-sig") == sample.texts_csv(made)


def test_every_leaf_is_there_and_only_entries_are_given() -> None:
    shape, tree = sample_shape(), sample_shape().catalogue.tree
    assert {leaf.code for leaf in tree.leaves} == set(leaves())
    for row in rows("figures.csv"):
        place = shape.place(row["form"], row["line"], row["column"])
        assert shape.level(tree[row["unit"]].level).entries[place], row


def test_every_published_figure_is_reproduced_at_its_printed_precision() -> None:
    figures = published(SAMPLE / "published.csv")
    assert 218 == len(figures)
    assert [] == missed(figures, dict(all_books()))


@pytest.mark.parametrize("form", BALANCED)
def test_every_budget_balances_at_every_unit_in_every_column(form: str) -> None:
    revenue, spending = BALANCED[form]
    for unit, book in all_books().items():
        for column in COLUMNS:
            assert (book.at(form, revenue, column) or 0) == (book.at(form, spending, column) or 0), (unit, column)


@pytest.mark.parametrize("form", CARRIED)
def test_what_is_carried_over_is_brought_forward(form: str) -> None:
    opening, closing = CARRIED[form]
    for unit, book in leaves().items():
        for column in COLUMNS[1:]:
            before = "actual" if column == "budget" else "prior"
            assert (book.at(form, closing, before) or 0) == (book.at(form, opening, column) or 0), (unit, column)


def test_payer_and_receiver_state_the_same_money_in_every_column() -> None:
    found = list(pairs(sample_shape(), leaves()))
    assert [] == [pair for pair in found if pair.difference]
    assert set(COLUMNS) == {pair.column for pair in found}


def test_a_county_breaks_a_rule_only_where_the_published_figures_force_it() -> None:
    """市级 0.9 of 全市 1.1 adjusted leaves the counties 0.2; 1.0 less 141 万元 spent leaves them 0.99 亿元."""
    forced = {("沁阳市", "R-COL-03C", line) for line in ("T_SCB_E", "223", "22302", "2230202")}
    assert forced == errors(list(leaves().values()))


def test_the_counties_together_show_what_the_published_figures_hide() -> None:
    forced = {("县（市、区）", "R-COL-03C", line) for line in ("T_SCB_E", "223", "22302", "2230202")}
    assert forced == errors([all_books()[code] for code in ("410800XJ", "410800SJ", "410800")])


def test_the_reserve_and_the_guarantees_are_within_the_law_at_every_leaf() -> None:
    for unit, book in leaves().items():
        spending, reserve = book.at("gp_expenditure", "T_GPB_E", "budget"), book.at("gp_expenditure", "227", "budget")
        assert spending and reserve and spending <= 100 * reserve <= 3 * spending, unit
        for line in ("SB.1", "SB.2", "SB.3"):
            standard, budget = (book.at("three_guarantees", line, column) for column in ("standard", "budget"))
            assert standard and budget and standard <= budget, (unit, line)


def test_subsidies_paid_by_the_general_budgets_are_those_the_funds_receive() -> None:
    city = all_books()["410800"]
    for column in COLUMNS:
        paid = sum(city.at("gp_expenditure", line, column) or 0 for line in ("20826", "20827", "2080507", "21012"))
        assert city.at("si_revenue", "M_SIF_FIN", column) == paid, column


def test_no_two_counties_and_no_two_columns_are_alike() -> None:
    form = sample_shape().catalogue.form("gp_expenditure")
    span = sample_shape().span(form)
    books = {unit: book.fen[span].reshape(len(form.lines), -1) for unit, book in leaves().items()}
    for unit, fen in books.items():
        filled = fen.any(axis=1)
        assert (fen[filled, 2] == fen[filled, 3]).mean() < 0.8, unit  # 调整预算数, 执行数
        for other, theirs in books.items():
            assert other == unit or (fen[filled] == theirs[filled]).mean() < 0.5, (unit, other)


def test_every_leaf_says_that_it_is_an_example() -> None:
    texts = rows("texts.csv")
    for code, book in leaves().items():
        said = {row["line"]: row["text"] for row in texts if row["unit"] == code and row["form"] == "explanation"}
        assert "示例数据" in said["other"], code
        assert book.unit.level == "city" or all("示例" in text for text in said.values()), code
        cover = {row["line"]: row["text"] for row in texts if row["unit"] == code and row["form"] == "cover"}
        assert ("草案", "快报", "定稿") == (cover["basis"], cover["calibre"], cover["stage"])
        assert "示例填报人" == cover["preparer"]
