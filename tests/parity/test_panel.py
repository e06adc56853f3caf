"""What the panel promises: every relation that applies, in formulas that every spreadsheet program reads, and people's words read back."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from budgetbook.book import Book
from budgetbook.catalogue import Catalogue
from budgetbook.layout import JUDGED_SHEET, PANEL, PANEL_SHEET
from budgetbook.panel import Panel, Row, panel_of
from budgetbook.returns import Return, read_return
from budgetbook.shape import Shape
from budgetbook.sheet import Stamp
from budgetbook.template import workbook
from budgetbook.workspace import Workspace
from budgetbook.xlsx.read import read
from tests.conftest import book, small_shape
from tests.parity.faulty import Faulty, formualizer_values, stated

SHARED = {"SUM", "IF", "ABS", "ROUND", "MIN", "MAX", "COUNT", "COUNTIF", "SUMPRODUCT", "INDEX", "MATCH", "HYPERLINK"}


def panel(code: str, shape: Shape | None = None) -> Panel:
    shape = shape or small_shape()
    unit = shape.catalogue.tree[code]
    return panel_of(shape, unit.level, unit.kinds)


def row(board: Panel, key: str) -> Row:
    return next(each for each in board.rows if each.key == key)


def outcome(filled: Book, key: str) -> dict[str, Any]:
    board = panel_of(filled.shape, filled.unit.level, filled.unit.kinds)
    return dict(zip([each.key for each in board.rows], board.outcomes(filled), strict=True))[key]


def changed(shape: Shape, id: str, **fields: Any) -> Shape:
    """The small city, one of its relations changed."""
    relations = tuple(replace(each, **fields) if each.id == id else each for each in shape.catalogue.relations)
    catalogue: Catalogue = replace(shape.catalogue, relations=relations)
    return Shape(catalogue)


@pytest.mark.parametrize("code", ["A", "GX", "BJ", "ALL"])
def test_formulas_keep_to_the_functions_and_the_length_that_all_programs_share(code: str) -> None:
    unit = small_shape().catalogue.tree[code]
    made = workbook(small_shape().catalogue, Book.empty(unit, small_shape()), Stamp(code, 2026, unit.level, "", ""))
    cells = [cell.formula for sheet in made.sheets for cell in sheet.cells if cell.formula]
    formulas = cells + [mark.formula for sheet in made.sheets for mark in sheet.marks]
    plain = [re.sub(r"'[^']*'|\"[^\"]*\"", "", formula) for formula in formulas]
    assert set() == {name for formula in plain for name in re.findall(r"[A-Z]+(?=\()", formula)} - SHARED
    assert max(map(len, formulas)) < 8192


@pytest.mark.parametrize("code", ["A", "GX", "BJ", "ALL"])
def test_a_red_mark_reads_only_its_own_sheet_so_that_every_program_takes_it(code: str) -> None:
    assert [] == [mark.formula for marks in panel(code).marks.values() for mark in marks if "!" in mark.formula]


def test_every_case_of_the_rule_book_that_applies_stands_on_the_panel_once() -> None:
    board = panel("A")
    told = sorted(number for each in board.rows for number in each.cases)
    kinds = small_shape().catalogue.tree["A"].kinds
    applying = [
        number
        for number, case in enumerate(board.rules.cases)
        if not case.relation.shadow and (not case.relation.levels or case.relation.levels & kinds)
    ]
    assert applying == told


def test_a_shadow_relation_is_shown_to_nobody() -> None:
    shape = changed(small_shape(), "R-X-01", shadow=True)
    assert [] == [each.key for each in panel("A", shape).rows if each.relation.id == "R-X-01"]


def test_a_relation_for_one_kind_of_unit_is_shown_to_that_kind_only() -> None:
    shape = changed(small_shape(), "R-X-01", levels=frozenset({"zone"}))
    shown = {code: any(each.relation.id == "R-X-01" for each in panel(code, shape).rows) for code in ("A", "GX")}
    assert {"A": False, "GX": True} == shown


def test_nothing_is_judged_on_a_blank_workbook() -> None:
    board = panel("A")
    blank = Book.empty(small_shape().catalogue.tree["A"], small_shape())
    assert {"待填"} == {each["verdict"] for each in board.outcomes(blank)}
    assert {"broken": 0, "unexplained": 0, "open": len(board.rows)} == board.tallies(blank)


def test_a_total_typed_over_is_told_with_both_sides_and_its_cell() -> None:
    clean = book("A", {("gp_revenue", "1010101", "actual"): 100})
    place = small_shape().place("gp_revenue", "101", "actual")
    told = outcome(stated(clean, {place: 110_000_000}).book, "R-SUM-01:gp_revenue@actual")
    expected = {"left": 110.0, "right": 100.0, "gap": 10.0, "verdict": "不符", "count": 1, "first": "表01 G6"}
    assert expected == {column: told[column] for column in expected}


def test_a_relation_over_many_lines_counts_its_breaches_and_shows_the_first() -> None:
    figures: dict[tuple[str, str, str], str | int] = {}
    for line, spent in (("2010101", 7), ("2010102", 5), ("2010103", 9)):
        figures |= {("gp_expenditure", line, "adjusted"): 6, ("gp_expenditure", line, "actual"): spent}
    filled = book("A", figures)
    board = panel("A")
    key = next(
        each.key for each in board.rows if each.relation.id.startswith("R-COL-03") and each.form == "gp_expenditure"
    )
    told = outcome(filled, key)
    assert (len(("T_GPB_E", "201", "20101", "2010101", "2010103")), "不符") == (told["count"], told["verdict"])
    assert (21.0, 18.0, 3.0) == (told["left"], told["right"], told["gap"])


def test_a_blank_that_is_itself_a_finding_is_told_alike_in_the_workbook() -> None:
    shape = changed(small_shape(), "R-X-01", blank="finding")
    unit = shape.catalogue.tree["A"]
    filled = Book.of(unit, shape, {("gp_balance", "110090102", "actual"): 0})
    key = "R-X-01:gp_balance@actual"
    assert ("不符", 0.0) == (outcome(filled, key)["verdict"], outcome(filled, key)["gap"])
    number = [each.key for each in panel("A", shape).rows].index(key)
    calculated = formualizer_values(Faulty(filled, {}))[PANEL_SHEET][4 + number]
    assert ["不符", "缺"] == [calculated[8], calculated[12]]


def test_what_people_write_beside_a_relation_comes_back_under_its_key(space: Workspace) -> None:
    filled = book("A", {("gp_revenue", "1010101", "actual"): 100})
    key = (PANEL, panel("A").rows[7].key, "explanation")
    filled.texts[key] = "增值税留抵退税 12.5 万元"
    ret = read_return(space.shape, read(space.package(filled)), "a.xlsx", "")
    assert isinstance(ret, Return), ret
    assert {key: "增值税留抵退税 12.5 万元"} == {at: words for at, words in ret.book.texts.items() if at[0] == PANEL}
    assert [] == [each.says for each in ret.findings]
    assert ret.accounts.content == ret.accounts.placed + ret.accounts.labels


def test_the_lines_judged_behind_the_panel_are_on_a_sheet_that_people_do_not_see(space: Workspace) -> None:
    unit = space.catalogue.tree["A"]
    made = workbook(space.catalogue, Book.empty(unit, space.shape), space.stamp(unit))
    assert [True] == [sheet.hidden for sheet in made.sheets if sheet.name == JUDGED_SHEET]


def test_an_explained_warning_no_longer_waits_on_the_cover() -> None:
    board = panel("A")
    filled = Book.empty(small_shape().catalogue.tree["A"], small_shape())
    for place in range(small_shape().size):
        if small_shape().level("county").entries[place]:
            filled.fen[place], filled.given[place] = (place % 97) * 1_000_000, True
    filled = filled.computed()
    waiting = [
        each.key
        for each, told in zip(board.rows, board.outcomes(filled), strict=True)
        if each.relation.severity == "warning" and told["verdict"] == "不符"
    ]
    before = board.tallies(filled)["unexplained"]
    filled.texts[PANEL, waiting[0], "explanation"] = "项目提前开工，增加 30 万元"
    assert (len(waiting), len(waiting) - 1) == (before, board.tallies(filled)["unexplained"])
