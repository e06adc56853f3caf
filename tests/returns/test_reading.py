"""However a cell is written, what stands in it is delivered or known to be missing; never blank without a word."""

from __future__ import annotations

import pytest

from budgetbook.returns import Grid
from budgetbook.xlsx.read import Unreadable, read
from tests.door.packages import (
    BOOK,
    BOOK_RELS,
    CELL,
    SHEET,
    STRINGS,
    cell,
    edited,
    packed,
    parts,
    rows,
    with_part,
    workbook,
)

C3 = (2, 2)


def income(content: bytes) -> Grid:
    return read(content).grids["收入"]


@pytest.mark.parametrize(
    "xml",
    [
        '<c r="C3" t="e"><v>#REF!</v></c>',
        "<c r=\"C3\" t='e'><v>#REF!</v></c>",
        '<c r="C3" t ="e"><v>#REF!</v></c>',
        '<c r="C3" t="e">\n<v>#REF!</v>\n</c>',
        '<c t="e" r="C3"><v>#REF!</v></c>',
        '<c r="C3" t="e"><f>A1/0</f>\n<v>#REF!</v></c>',
    ],
)
def test_an_error_is_an_error_in_any_handwriting(xml: str) -> None:
    grid = income(cell(xml))
    assert ({C3: "#REF!"}, True) == (grid.facts.errors, grid.holds(*C3))


@pytest.mark.parametrize(
    "xml", ['<c r="C3"><f>1+1</f></c>', '<c r="C3">\n<f>1+1</f>\n</c>', "<c r='C3'><f>1+1</f></c>"]
)
def test_a_formula_without_a_result_is_known_in_any_handwriting(xml: str) -> None:
    assert frozenset({C3}) == income(cell(xml)).facts.uncalculated


@pytest.mark.parametrize(
    "xml", ['<c r="C3"><f>1+1</f><v></v></c>', '<c r="C3"><f>1+1</f><v/></c>', '<c r="C3">\n<f>1+1</f><v/></c>']
)
def test_a_formula_with_an_empty_number_is_known(xml: str) -> None:
    assert frozenset({C3}) == income(cell(xml)).facts.unshown


def test_a_formula_that_shows_an_empty_text_is_blank() -> None:
    grid = income(cell('<c r="C3" t="str"><f>IF(A1="","","x")</f><v></v></c>'))
    assert (frozenset(), False) == (grid.facts.unshown, grid.holds(*C3))


@pytest.mark.parametrize("xml", ['<c r="C3"><v>5</v><f>1+1</f></c>', '<c r="C3" t="inlineStr"><v>167</v></c>'])
def test_what_the_reader_drops_is_known_to_be_missing(xml: str) -> None:
    grid = income(cell(xml))
    assert (frozenset({C3}), True) == (grid.facts.unread, C3 in grid.filled())


def test_an_empty_string_of_the_table_is_blank_and_not_missing() -> None:
    count = parts()[STRINGS].count(b"<si>")
    content = edited(
        {STRINGS: [("</sst>", "<si><t></t></si></sst>")], SHEET: [(CELL, f'<c r="C3" t="s"><v>{count}</v></c>')]}
    )
    assert (frozenset(), False) == (income(content).facts.unread, income(content).holds(*C3))


@pytest.mark.parametrize(
    "content",
    [
        packed({name.replace("xl/workbook", "XL/Workbook"): part for name, part in parts().items()}),
        packed({name.replace("sheets/sheet1", "sheets/Sheet1"): part for name, part in parts().items()}),
        edited({BOOK_RELS: [("worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml")]}),
    ],
)
def test_the_facts_of_a_sheet_are_found_however_its_part_is_named(content: bytes) -> None:
    assert {(9, 2): "SUM(C2:C9)"} == income(content).facts.formulas


@pytest.mark.parametrize(
    "target", ["./worksheets/sheet1.xml", "../xl/worksheets/sheet1.xml", "worksheets/sheet%31.xml"]
)
def test_a_sheet_that_only_some_readers_find_is_not_read(target: str) -> None:
    with pytest.raises(Unreadable):
        read(edited({BOOK_RELS: [("worksheets/sheet1.xml", target)]}))


def test_hidden_rows_and_columns_are_known() -> None:
    facts = income(rows('<row r="20" hidden="1"><c r="C20"><v>9</v></c></row>')).facts
    assert ({19}, set()) == (facts.hidden_rows, facts.hidden_columns)
    more = '<cols><col min="3" max="4" width="9" hidden="1"/></cols><sheetData>'
    assert {2, 3} == income(edited({SHEET: [("<sheetData>", more)]})).facts.hidden_columns


@pytest.mark.parametrize(
    ("told", "found"),
    [('calcMode="manual"', "manual"), ('fullPrecision="0"', "displayed"), ('iterate="1"', "circular")],
)
def test_a_calculation_that_cannot_be_relied_on_is_known(told: str, found: str) -> None:
    assert {found} == read(edited({BOOK: [("<calcPr ", f"<calcPr {told} ")]})).calculation


def test_a_comment_with_a_figure_is_known_and_ours_is_not() -> None:
    def comment(author: str, words: str = "应为 168") -> bytes:
        text = f'<comments><authors><author>{author}</author></authors><commentList><comment ref="C3" authorId="0"><text><r><t>{words}</t></r></text></comment></commentList></comments>'
        made = with_part("xl/comments1.xml", text.encode())
        rel = '<Relationships><Relationship Id="a" Type="http://x/comments" Target="../comments1.xml"/></Relationships>'
        return packed({**_parts_of(made), "xl/worksheets/_rels/sheet1.xml.rels": rel.encode()})

    assert {C3: "应为 168"} == income(comment("老王")).facts.comments
    assert {} == income(comment("budgetbook")).facts.comments
    ours = "强制 R-SUM-01（问题反馈第 8 行）：应为 168"
    assert {} == income(comment(" ", f"{ours}\n{ours}")).facts.comments  # as LibreOffice saves it
    assert {C3: f"{ours}\n实为 167"} == income(comment(" ", f"{ours}\n实为 167")).facts.comments


def _parts_of(content: bytes) -> dict[str, bytes]:
    from budgetbook.door.preflight import unpack

    return unpack(content)


def test_nothing_is_missing_from_what_office_programs_write() -> None:
    grid = income(workbook())
    assert (29, frozenset()) == (len(grid.filled()), grid.facts.unread)
