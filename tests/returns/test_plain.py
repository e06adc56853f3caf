"""Sheets that the door has taken apart are read as the library reads them; whatever the two could make different things of is the library's."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from budgetbook.door.preflight import preflight
from budgetbook.xlsx.contents import Contents
from budgetbook.xlsx.parts import Parts
from budgetbook.xlsx.plain import Plain, strings
from budgetbook.xlsx.read import Unreadable, read
from budgetbook.xlsx.write import write
from tests.core.test_round_trip import random_book
from tests.speed.test_press import few, made

PARTS = Parts(write(few(made(random_book("A", 3, 0.4)))))
SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
XML = PARTS.content(SHEET)
FIRST = re.compile(rb'<c r="A1".*?</c>')


def first(cell: str) -> bytes:
    """A workbook with another cell A1 on its first sheet."""
    return PARTS.with_replaced({SHEET: FIRST.sub(lambda _: f'<c r="A1"{cell}</c>'.encode(), XML, count=1)})


def by_calamine(content: bytes) -> object:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def plain(content: bytes) -> object:
    """The first sheet; None if it is left to the library."""
    verdict = preflight(content)
    return Plain(Contents(verdict.parts, verdict.plain)).rows(SHEET)


@pytest.mark.parametrize(
    "cell",
    [
        *("><v>3</v>", ' t="n"><v>3</v>', "><v>.5</v>", "><v>5.</v>", "><v>+5</v>", "><v>-0</v>", "><v>1E+308</v>"),
        *(">", "><v/>", "><v></v>", ' t="n"><v></v>', ' t="s"><v></v>', ' t="str"><v></v>', ' t="s"><v>5</v>'),
        *(' t="str"><v> a </v>', ' t="str"><v>—</v>', ' t="str"><v>nan</v>', ' t="str"><f>B1</f><v>甲</v>'),
    ],
)
def test_numbers_and_texts_are_read_alike(cell: str) -> None:
    content = first(cell)
    assert by_calamine(content) == plain(content)


@pytest.mark.parametrize(
    "cell",
    [
        *("><v> 3 </v>", "><v>nan</v>", "><v>inf</v>", "><v>1_0</v>", "><v>1,000</v>", "><v>x</v>"),
        *(' t="s"><v> 5 </v>', ' t="s"><v>05</v>', ' t="s"><v>-1</v>', ' t="s"><v>99999</v>'),
        *(' t="str"><v>a_x000D_b</v>', ' t="str"><v>a\r\nb</v>'),
        *(' t="e"><v></v>', ' t="e"><f>1/0</f><v/>', ' t="e">', ' t="zz"><v></v>'),
        *(' t="b"><v>1</v>', ' t="e"><v>#REF!</v>', ' t="d"><v>2026-01-01</v>'),
    ],
)
def test_whatever_else_stands_in_a_cell_is_left_to_the_library(cell: str) -> None:
    assert plain(first(cell)) is None


@pytest.mark.parametrize(
    "odd",
    [
        '<mergeCells count="1"><mergeCell\nref="B2:B3"/></mergeCells>',
        "<mergeCells count='1'><mergeCell ref='B2:B3'/></mergeCells>",
        '<x:mergeCells xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:mergeCell ref="B2:B3"/></x:mergeCells>',
    ],
)
def test_what_stands_behind_is_looked_for_where_it_is_written_otherwise(odd: str) -> None:
    xml = re.sub(rb"<mergeCells.*?</mergeCells>", b"", XML).replace(b"</sheetData>", b"</sheetData>" + odd.encode())
    verdict = preflight(PARTS.with_replaced({SHEET: xml}))
    grid = next(iter(read(b"", Contents(verdict.parts, verdict.plain)).grids.values()))
    assert grid.glance is None
    assert [(1, 1, 2, 1)] == list(grid.facts.merged)


@pytest.mark.parametrize(
    "tag",
    ['<col\tmin="4" max="7" hidden="1"/>', '<col min="4"\nmax="7"\nhidden="1"/>', "<col min='4' max='7' hidden='1'/>"],
)
def test_hidden_columns_are_seen_however_they_are_written(tag: str) -> None:
    xml = re.sub(rb"<cols>.*?</cols>", b"<cols>" + tag.encode() + b"</cols>", XML)
    verdict = preflight(PARTS.with_replaced({SHEET: xml}))
    grid = next(iter(read(b"", Contents(verdict.parts, verdict.plain)).grids.values()))
    assert grid.glance is None
    assert {3, 4, 5, 6} == grid.facts.hidden_columns


@pytest.mark.parametrize(
    ("item", "string"),
    [
        ("<si><t>甲</t></si>", "甲"),
        ("<si><t>a&lt;b&amp;lt;</t></si>", "a<b&lt;"),
        ('<si><t xml:space="preserve"> a </t></si>', " a "),
        ("<si><r><t>甲</t></r><r><rPr><b/></rPr><t>县</t></r></si>", "甲县"),
        ("<si><t/></si>", ""),
    ],
)
def test_strings_are_read_alike(item: str, string: str) -> None:
    content = PARTS.with_replaced(
        {STRINGS: PARTS.content(STRINGS).replace(b"<si><t>form:cover</t></si>", item.encode(), 1)}
    )
    rows = plain(content)
    assert by_calamine(content) == rows
    assert isinstance(rows, list)
    assert string == rows[0][0]


@pytest.mark.parametrize("item", ["<si><t> a</t></si>", "<si><t>\u3000</t></si>", "<si><t>a_x0041_</t></si>", "<si><t>a\rb</t></si>", "<si><r><t>a</t></r><r><t> b</t></r></si>"])  # fmt: skip
def test_strings_that_readers_trim_or_decode_are_left_to_the_library(item: str) -> None:
    assert strings(f"<sst>{item}</sst>".encode()) is None


@pytest.mark.parametrize("code", ["yyyy-mm-dd", "h:mm", "[h]:mm:ss", '#,##0"元"d', "[$-804]yyyy年"])
def test_a_workbook_in_which_a_number_may_be_a_date_is_left_to_the_library(code: str) -> None:
    styles = PARTS.content(STYLES).replace(
        b'formatCode="@"', f'formatCode="{code.replace(chr(34), "&quot;")}"'.encode()
    )
    content = PARTS.with_replaced({STYLES: styles})
    assert plain(content) is None
    assert by_calamine(content) == [list(row) for row in next(iter(read(content).grids.values())).rows]


@pytest.mark.parametrize("code", ["0.00", '0"个月(month)"', "[Red]0.00", "@", "0.0%"])
def test_a_number_that_is_no_date_is_read_here(code: str) -> None:
    styles = PARTS.content(STYLES).replace(
        b'formatCode="@"', f'formatCode="{code.replace(chr(34), "&quot;")}"'.encode()
    )
    content = PARTS.with_replaced({STYLES: styles})
    assert by_calamine(content) == plain(content)


@given(st.sampled_from(["", "n", "s", "str"]), st.text("0123456789.eE+-_ naif甲x", max_size=6))
def test_any_value_comes_to_the_same_whoever_reads_it(kind: str, value: str) -> None:
    content = first(f"{f' t={chr(34)}{kind}{chr(34)}' if kind else ''}><v>{value}</v>")
    verdict = preflight(content)
    told = []
    for struck in (verdict.plain, {}):
        try:
            told.append(repr(next(iter(read(content, Contents(verdict.parts, struck)).grids.values())).rows))
        except Unreadable:
            told.append("unreadable")
    assert told[0] == told[1]
