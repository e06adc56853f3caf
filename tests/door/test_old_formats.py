"""Old and open formats pass a door of their own: whatever their bytes are, there is a verdict, and what is admitted is known cell by cell."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetbook.door.limits import LIMITS
from budgetbook.door.ole import whole
from budgetbook.door.verdicts import verdict
from budgetbook.sheet import Cell, Sheet, Style
from budgetbook.xlsx.read import Unreadable, read

from .old_formats import formula, ods, record, xls
from .packages import compound

PLAIN = Style("plain")
SHEETS = [
    Sheet("收入", [Cell(0, 0, "科目", PLAIN), Cell(1, 1, 167.0, PLAIN), Cell(3, 2, 9.5, PLAIN, "=1")], [10.0]),
    Sheet("支出", [Cell(0, 0, "=1+1", PLAIN), Cell(2, 0, None, PLAIN, "=1")], [10.0]),
]
MADE = {"xls": xls(SHEETS), "ods": ods(SHEETS)}


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_what_stands_in_a_sheet_is_delivered_and_known(made: bytes) -> None:
    grid = read(made).grids["收入"]
    assert ["科目", 167.0, 9.5] == [grid.at(*spot) for spot in sorted(grid.filled())]
    assert ({(3, 2)}, frozenset()) == (set(grid.facts.formulas), grid.facts.unread)


@pytest.mark.parametrize("kind", [b"\0", b"\3"], ids=["a text of no length", "no text"])
def test_a_formula_that_shows_an_empty_text_is_blank_and_not_a_zero(kind: bytes) -> None:
    text = record(0x207, b"\0\0\0") if kind == b"\0" else b""
    made = xls(SHEETS, lambda _, cell: formula(cell, kind + bytes(5) + b"\xff\xff") + text if cell.formula else None)
    grid = read(made).grids["收入"]
    assert ("", {(3, 2)}, frozenset()) == (grid.at(3, 2), set(grid.facts.formulas), grid.facts.zeros)


def test_a_formula_that_shows_a_zero_is_known_as_one_that_may_be_a_text() -> None:
    grid = read(xls(SHEETS, lambda _, cell: formula(cell, bytes(8)) if cell.formula else None)).grids["收入"]
    assert (0.0, frozenset({(3, 2)})) == (grid.at(3, 2), grid.facts.zeros)


@settings(max_examples=60)
@given(st.sampled_from(sorted(MADE)), st.data())
def test_a_file_cut_or_changed_anywhere_has_a_verdict_and_is_read_or_refused(kind: str, data: st.DataObject) -> None:
    made = bytearray(MADE[kind])
    at = data.draw(st.integers(0, len(made) - 1))
    made[at] = data.draw(st.integers(0, 255))
    made = made[: data.draw(st.sampled_from((len(made), at)))]
    if made.startswith((b"PK\3\4", b"\xd0\xcf")) and verdict(bytes(made)).admitted:
        try:
            read(bytes(made))
        except Unreadable as refused:
            assert str(refused)


@settings(max_examples=60)
@given(st.binary(max_size=600), st.integers(0, 2_000))
def test_records_of_any_bytes_have_a_verdict(records: bytes, at: int) -> None:
    sound = whole(MADE["xls"], "Workbook")
    assert verdict(compound(("Workbook", sound[:at] + records + sound[at:]))) is not None


def test_a_stream_in_small_sectors_is_whole() -> None:
    from struct import pack

    content = bytearray(compound(("Small", b"A" * 64 + b"B" * 64), ("Root's", b"")))
    entry = content.index("Root Entry".encode("utf-16-le"))
    content[60:64] = pack("<L", 2)  # the table of small sectors stands in sector 2, their content in sector 10
    content[entry + 116 : entry + 128] = pack("<LQ", 10, 4_096)
    small = content.index("Small".encode("utf-16-le"))
    content[small + 116 : small + 128] = pack("<LQ", 1, 100)
    content[3 * 512 : 3 * 512 + 12] = pack("<LLL", 0xFFFFFFFE, 2, 0xFFFFFFFE)
    content[11 * 512 : 11 * 512 + 192] = b"x" * 64 + b"A" * 64 + b"B" * 64
    assert b"A" * 64 + b"B" * 36 == whole(bytes(content), "Small")


def test_the_limits_of_cells_hold_for_old_formats_too() -> None:
    from dataclasses import replace

    from budgetbook.door.biff import preflight_old
    from budgetbook.door.opendocument import preflight_open

    few = replace(LIMITS, cells=2)
    assert ["cell-count"] == [each.code for each in preflight_old(MADE["xls"], few).refusals]
    assert ["cell-count"] == [each.code for each in preflight_open(MADE["ods"], few).refusals]
