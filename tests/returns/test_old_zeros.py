"""LibreOffice writes 0 into .xls where a formula shows a text, a blank or not: what was blank is read as blank, and no more than that."""

from __future__ import annotations

from collections.abc import Callable
from struct import pack

import pytest

from budgetbook.checks import check_all, check_one
from budgetbook.layout import STAMP_SHEET, Layout, sheet_name
from budgetbook.returns import Return, read_return
from budgetbook.shape import Key
from budgetbook.sheet import Cell, Sheet
from budgetbook.template import workbook
from budgetbook.workspace import Workspace
from budgetbook.xlsx.read import read
from tests.conftest import book
from tests.door.old_formats import Put, at, formula, record, xls

FORM = "gp_revenue"
TAX, OTHER = (FORM, "1010101", "actual"), (FORM, "1030203", "actual")
FILLED = book("A", {TAX: 100, OTHER: 0, (FORM, "1010101", "prior"): 80})
TOTAL, ZERO = (FORM, "101", "actual"), (FORM, "103", "actual")
BLANK, RATIO = (FORM, "101", "budget"), (FORM, "101", "growth")


def as_libreoffice(_sheet: Sheet, cell: Cell) -> bytes | None:
    """The result of every formula as a number, which is 0 for a text."""
    if not cell.formula:
        return None
    return formula(cell, pack("<d", cell.value if isinstance(cell.value, float | int) else 0))


def but(space: Workspace, key: Key, make: Callable[[Cell], bytes]) -> Put:
    """As LibreOffice does, but for one figure."""
    spot = (sheet_name(space.catalogue.form(FORM)), *Layout(space.catalogue, "county").cell(*key))
    return lambda sheet, cell: (
        make(cell) if (sheet.name, cell.row, cell.column) == spot else as_libreoffice(sheet, cell)
    )


def sent(space: Workspace, put: Put) -> Return:
    names = (sheet_name(space.catalogue.form(FORM)), STAMP_SHEET)
    made = workbook(space.catalogue, FILLED, space.stamp(FILLED.unit)).sheets
    old = xls([sheet for sheet in made if sheet.name in names], put)
    ret = read_return(space.shape, read(old), "A.xls", "")
    assert isinstance(ret, Return), ret
    return ret


def told(space: Workspace, ret: Return) -> list[tuple[str, str]]:
    found = [*ret.findings, *check_one(space.shape, ret), *check_all(space.shape, {"A": ret})]
    return sorted((each.rule, each.says) for each in found if each.severity == "error")


def test_totals_that_were_blank_are_blank_and_those_that_were_zero_are_zero(space: Workspace) -> None:
    stated = sent(space, as_libreoffice).book
    assert (None, 0, 100_0000_00) == (stated.at(*BLANK), stated.at(*ZERO), stated.at(*TOTAL))
    assert [row for row in FILLED.rows() if row[1] == FORM] == list(stated.rows())


def test_nothing_more_is_to_be_corrected_than_where_each_result_is_kept(space: Workspace) -> None:
    assert told(space, sent(space, lambda _sheet, _cell: None)) == told(space, sent(space, as_libreoffice))


@pytest.mark.parametrize(("key", "rule"), [(TOTAL, "R-SUM-01"), (RATIO, "R-COL-01")])
def test_a_zero_where_there_is_something_to_show_is_told(space: Workspace, key: Key, rule: str) -> None:
    ret = sent(space, but(space, key, lambda cell: formula(cell, bytes(8))))
    assert (rule, ret.place(*key)) in {
        (each.rule, ret.place(each.form, each.line, each.column)) for each in check_one(space.shape, ret)
    }


def test_a_zero_typed_over_a_blank_total_stays(space: Workspace) -> None:
    typed = but(space, BLANK, lambda cell: record(0x203, at(cell) + pack("<d", 0)))
    assert 0 == sent(space, typed).book.at(*BLANK)


def test_a_zero_of_a_formula_that_somebody_wrote_into_an_entry_is_told(space: Workspace) -> None:
    ret = sent(space, but(space, TAX, lambda cell: formula(cell, bytes(8))))
    assert [("K-04", "warning", ret.place(*TAX))] == [
        (each.rule, each.severity, ret.place(each.form, each.line, each.column))
        for each in ret.findings
        if each.line == TAX[1]
    ]
