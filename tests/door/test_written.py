"""A sheet is taken apart only if every row and every cell of it is written the one way that programs share."""

from __future__ import annotations

import pytest

from budgetbook.door.written import take_apart

ROWS = (
    '<row r="1" spans="1:3"><c r="A1" s="3" t="s"><v>0</v></c><c r="B1" s="2"/></row>'
    '<row r="2"/><row r="4"><c r="C4"><f>SUM(B1:B2)</f><v>12</v></c></row>'
)


def sheet(rows: str) -> bytes:
    return f'<worksheet><dimension ref="A1"/><sheetData>{rows}</sheetData><mergeCells/></worksheet>'.encode()


def test_cells_stand_in_their_order_with_a_break_before_each_row() -> None:
    written = take_apart(sheet(ROWS))
    assert written
    assert (b"", b"s", b"", b"", b"", b"") == written.types
    assert (b"", b"", b"", b"", b">SUM(B1:B2)</f><v", b"") == written.formulas
    assert (b"", b"0", b"", b"", b"12", b"") == written.values


def test_every_place_from_a1_on_knows_its_cell() -> None:
    written = take_apart(sheet(ROWS))
    assert written
    assert (4, 3) == (written.order.height, written.order.width)
    assert [1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4] == written.order.square()
    assert {1, 2, 4} == written.order.numbers


def test_what_stands_around_the_rows_is_kept() -> None:
    written = take_apart(sheet(ROWS))
    assert written
    assert sheet("") == written.around


def test_copies_of_a_form_share_their_order() -> None:
    one, other = take_apart(sheet(ROWS)), take_apart(sheet(ROWS.replace("12", "13")))
    assert one and other
    assert one.order is other.order


@pytest.mark.parametrize(
    "cell",
    [
        "<f>1+1</f>",
        "<f>1+1</f><v/>",
        "<f>1+1</f><v></v>",
        '<f t="shared" si="0"/><v>1</v>',
        '<f aca="false">1</f><v>1</v>',
    ],
)
def test_a_formula_tells_whether_it_has_a_result(cell: str) -> None:
    written = take_apart(sheet(f'<row r="1"><c r="A1">{cell}</c></row>'))
    assert written
    assert ("<v" in cell) == written.formulas[1].endswith(b"<v")


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"/><c r="A1"/></row>',
        '<row r="1"><c r="B1"/><c r="A1"/><c r="B1"/></row>',
        '<row r="1"><c r="A2"/></row>',
        '<row r="1"><c r="A1"/></row><row r="1"><c r="B1"/></row>',
        '<row r="1"><c r="A1"/><row r="2"></row></row>',
        '<c r="A1"/><row r="1"></row>',
        '<row r="1"><c r="A1"/></row><c r="A2"/>',
        '<row r="1"><c r="A1"/>',
        '<row r="1"/><c r="A1"/></row>',
        '<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1<!-- 2 --></v></c></row>',
        '<row r="1"><c r="A1"><f>A1|B1</f><v>1</v></c></row>',
        '<row r="1"><c r="A1"><vv>1</vv></c></row>',
        '<row r="1"><c r="A1"><f>1</f><v<v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1&#49;</v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t>1</t></is></c></row>',
        '<row r="1"><c r="XFE1"/></row>',
        '<row r="1048577"><c r="A1048577"/></row>',
        '<row r="1"><c><v>1</v></c></row>',
        '<row r="1" r="2"><c r="A1"/></row>',
        "\0",
        "",
    ],
)
def test_whatever_is_written_otherwise_is_left_together(rows: str) -> None:
    assert take_apart(sheet(rows)) is None


def test_a_sheet_of_very_many_cells_is_left_together() -> None:
    rows = "".join(f'<row r="{row}">' + f'<c r="A{row}"/>' + "</row>" for row in range(1, 100_002))
    assert take_apart(sheet(rows)) is None
