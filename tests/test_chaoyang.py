"""A second city, 朝阳市, with its published 2025 execution and 2026 draft: settings and figures, and no Python of its own."""

from __future__ import annotations

import csv
import functools
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

import budgetbook
from budgetbook.amount import from_fen, to_fen
from budgetbook.book import Book
from budgetbook.definitions import read_catalogue
from budgetbook.settings import data_folder
from budgetbook.shape import Shape
from budgetbook.tree_reader import read_tree

CITY = data_folder("samples") / "chaoyang-2026"
EXTRACTED = CITY.parent.parent.parent / "shared" / "domain" / "real"
Key = tuple[str, str, str, str]


def rows(name: str) -> list[dict[str, str]]:
    with (CITY / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def key(row: dict[str, str]) -> Key:
    return row["unit"], row["form"], row["line"], row["column"]


def money(text: str) -> int:
    return to_fen(Decimal(text))


@functools.cache
def shape() -> Shape:
    config = tomllib.loads((CITY / "budgetbook.toml").read_text(encoding="utf-8"))
    folder = data_folder("templates") / config["catalogue"]
    return Shape(read_catalogue(folder, read_tree(config["unit"]), config["settings"]))


@functools.cache
def books() -> dict[str, Book]:
    made: dict[str, Book] = {}
    for row in rows("figures.csv"):
        unit = shape().catalogue.tree[row["unit"]]
        made.setdefault(unit.code, Book.empty(unit, shape())).put(*key(row)[1:], money(row["value"]))
    return {code: book.computed() for code, book in made.items()}


@functools.cache
def total_rows(unit: str) -> dict[int, int]:
    level = shape().level(shape().catalogue.tree[unit].level)
    return {int(place): row for row, place in enumerate(level.totals)}


def parts(of: Key) -> list[tuple[Key, int]]:
    """The addends of a total at its unit's level, with their weights; none for an entry."""
    row = total_rows(of[0]).get(shape().place(*of[1:]))
    if row is None:
        return []
    addends = shape().level(shape().catalogue.tree[of[0]].level).sums.addends(row)
    return [((of[0], *shape().keys[place]), weight) for place, weight in addends]


@functools.cache
def printed() -> dict[Key, int]:
    """What was printed first in each cell, and the entries."""
    cells: dict[Key, int] = {key(row): money(row["value"]) for row in rows("figures.csv")}
    for row in reversed(rows("printed_totals.csv")):
        cells[key(row)] = money(row["value"])
    return cells


def sum_of_printed_parts(of: Key) -> int:
    return sum(w * (printed()[part] if part in printed() else sum_of_printed_parts(part)) for part, w in parts(of))


def breaks(kind: str) -> dict[tuple[Key, str], int]:
    listed = [row for row in rows("known_breaks.csv") if row["kind"] == kind]
    return {(key(row), row["table"]): money(row["difference"]) for row in listed}


@functools.cache
def broken_at_or_under(of: Key) -> int:
    """By how much the known breaks of the print make a total differ from its entries."""
    own = sum(gap for (at, _), gap in breaks("合计不等").items() if at == of)
    return own + sum(weight * broken_at_or_under(part) for part, weight in parts(of))


def test_the_package_and_the_catalogue_know_nothing_of_the_second_city() -> None:
    sources = [*Path(budgetbook.__file__).parent.rglob("*.py"), *data_folder("templates").rglob("*.csv")]
    assert [] == [str(path) for path in sources if "211300" in path.read_text(encoding="utf-8-sig")]


def test_columns_are_headed_as_the_city_prints_them() -> None:
    revenue, expenditure = shape().catalogue.form("gp_revenue"), shape().catalogue.form("gp_expenditure")
    assert ["2024年决算数", "2025年年初预算数", "2025年调整后预算数", "2025年快报数", "2026年预算数"] == [
        column.heading for column in revenue.amounts
    ]
    assert ("budget", "actual") == (revenue.column("budget_growth").of, revenue.column("budget_growth").base)
    assert ("budget", "initial") == (expenditure.column("budget_growth").of, expenditure.column("budget_growth").base)


def test_the_zone_stands_with_the_counties_but_inside_the_city_level_for_debt() -> None:
    tree = shape().catalogue.tree
    assert "开发区" == [unit.name for unit in tree.members("211300XJ", "gp_revenue")][-1]
    assert 8 == len(tree.members("211300XJ", "gp_revenue"))
    assert ["市本级", "开发区"] == [unit.name for unit in tree.members("211300SJ", "debt_limit")]
    assert ["市本级"] == [unit.name for unit in tree.members("211300SJ", "gp_revenue")]


def test_no_node_is_finer_than_its_members_so_that_nothing_is_lost_in_consolidation() -> None:
    deeper = [
        form.id
        for form in shape().catalogue.at("node")
        for level in ("city", "county")
        if level in form.levels and form.depths.get("node", 99) > form.depths.get(level, 99)
    ]
    assert [] == deeper


def test_every_figure_is_an_entry_of_its_units_level() -> None:
    tree = shape().catalogue.tree
    closed = [
        key(row)
        for row in rows("figures.csv")
        if not shape().level(tree[row["unit"]].level).entries[shape().place(*key(row)[1:])]
    ]
    assert [] == closed


def test_no_figure_is_given_twice() -> None:
    given = [key(row) for row in rows("figures.csv")]
    assert len(given) == len(set(given))


def test_every_printed_total_follows_from_the_entries_to_the_last_unit() -> None:
    again = breaks("两处不同")
    wrong = []
    for row in rows("printed_totals.csv"):
        gap = broken_at_or_under(key(row)) + again.get((key(row), row["table"]), 0)
        computed = books()[row["unit"]].at(*key(row)[1:])
        if computed is None or money(row["value"]) != computed + gap:
            wrong.append((key(row), row["table"], row["value"], computed and from_fen(computed)))
    assert [] == wrong


def test_all_but_the_totals_above_a_break_are_reproduced_exactly() -> None:
    totals = rows("printed_totals.csv")
    exact = [row for row in totals if books()[row["unit"]].at(*key(row)[1:]) == money(row["value"])]
    assert {
        ("211300", "gp_expenditure", "T_GPB_E", "adjusted"),
        ("211300BJ", "gp_expenditure", "T_GPB_E", "adjusted"),
        ("211300BJ", "gp_expenditure", "220", "adjusted"),
        ("211300", "gp_revenue", "101", "actual"),
        ("211300", "gp_revenue", "103", "actual"),
    } == {key(row) for row in totals if row not in exact}


def test_the_breaks_are_exactly_those_listed() -> None:
    totals, first = rows("printed_totals.csv"), set[Key]()
    found = {}
    for row in totals:
        if key(row) not in first and parts(key(row)):
            gap = money(row["value"]) - sum_of_printed_parts(key(row))
            if gap:
                found[key(row), row["table"]] = gap
        first.add(key(row))
    assert breaks("合计不等") == found


def test_a_number_printed_twice_differs_only_where_listed() -> None:
    wrong = {
        (key(row), row["table"]): money(row["value"]) - printed()[key(row)]
        for row in rows("printed_totals.csv")
        if money(row["value"]) != printed()[key(row)]
    }
    listed = breaks("两处不同")
    assert {at: gap for at, gap in listed.items() if parts(at[0])} == wrong
    entries = [row for row in rows("known_breaks.csv") if row["kind"] == "两处不同" and not parts(key(row))]
    assert [money(row["expected"]) for row in entries] == [books()[row["unit"]].at(*key(row)[1:]) for row in entries]


def test_every_break_is_explained() -> None:
    assert [] == [key(row) for row in rows("known_breaks.csv") if not row["note"]]


@pytest.mark.parametrize(
    ("unit", "column", "total"),
    [
        ("211300", "actual", 4201487),
        ("211300", "budget", 3844008),
        ("211300BJ", "actual", 3093858),
        ("211300BJ", "budget", 2665669),
    ],
)
def test_both_sides_of_the_balance_come_to_the_published_total(unit: str, column: str, total: int) -> None:
    book = books()[unit]
    assert to_fen(total) == book.at("gp_balance", "T_GPB_R_ALL", column) == book.at("gp_balance", "T_GPB_E_ALL", column)


def mapped(
    name: str, year: int, every: bool, monkeypatch: pytest.MonkeyPatch
) -> tuple[dict[str, int], dict[str, list[list[str]]]]:
    """What the mapping program makes of an extracted book: its counts, and the rows of each file."""
    if not (EXTRACTED / name).is_file():
        pytest.skip(f"the extracted book {name} is not part of the project")
    monkeypatch.syspath_prepend(str(CITY))
    import map_real  # type: ignore[import-not-found]  # a program of the sample, not of the package

    cells = len(map_real.read_cells(EXTRACTED / name, "" if every else "一般公共预算[收支]"))
    placed, placer, notes = map_real.place_book(EXTRACTED / name, year, every)
    made = {
        file: [[str(value) for value in row] for row in lines]
        for file, _, lines in map_real.tables(placed, placer, notes)
    }
    return {"cells": cells, **placed.counts}, made


def test_the_files_are_what_the_mapping_program_makes_of_the_published_books(monkeypatch: pytest.MonkeyPatch) -> None:
    _, made = mapped("real_chaoyang.csv", 2026, False, monkeypatch)
    assert {file: [list(row.values()) for row in rows(file)] for file in made} == made


@pytest.mark.parametrize(("name", "year"), [("real_chaoyang.csv", 2026), ("real_chaoyang_2024.csv", 2025)])
def test_the_mapping_program_accounts_for_every_printed_cell(
    name: str, year: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts, made = mapped(name, year, True, monkeypatch)
    sorted_into = ("entered", "printed total", "printed again", "derived", "blank", "unplaced")
    assert counts["cells"] == sum(counts[kind] for kind in sorted_into)
    assert counts["entered"] + counts["restored"] == len(made["figures.csv"])
    assert counts["unplaced"] == len(made["unplaced.csv"])
