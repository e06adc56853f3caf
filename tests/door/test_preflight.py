"""Preflight admits what people send and refuses what lies, explodes, hides or calls out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetbook.door import preflight as module
from budgetbook.door.limits import LIMITS
from budgetbook.door.preflight import preflight, unpack
from budgetbook.door.remarks import Verdict, shown
from budgetbook.door.rows import strike

from .cases import CASES, Case
from .packages import CELL, SHEET, archive, cell, edited, items, packed, parts, rows, sheet, with_part, workbook
from .work import read_at_once


def _codes(verdict: Verdict) -> tuple[list[str], list[str]]:
    return [each.code for each in verdict.refusals], [each.code for each in verdict.notices]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_case_ends_in_its_one_code(case: Case) -> None:
    expected = ([case.refused] if case.refused else [], [case.noticed] if case.noticed else [])
    assert expected == _codes(preflight(case.make()))


def test_there_are_more_than_sixty_cases_each_with_its_own_name() -> None:
    assert 60 < len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", [case for case in CASES if case.refused], ids=lambda case: case.name)
def test_each_refusal_is_a_chinese_sentence_that_says_what_to_do(case: Case) -> None:
    (remark,) = preflight(case.make()).refusals
    assert re.search(r"请[^。]+。$", remark.says), remark.says
    assert remark.says.isprintable()
    assert "\n" not in remark.says


@pytest.mark.parametrize("case", [case for case in CASES if not case.refused], ids=lambda case: case.name)
def test_what_is_admitted_is_read_whole(case: Case) -> None:
    values = {value for row in read_at_once(case.make()) for value in row}
    assert {"科目编码", "科目8 & <其他>", 100.0} <= values


def test_a_sheet_is_named_as_its_sender_knows_it() -> None:
    (remark,) = preflight(cell(CELL + CELL)).refusals
    assert "工作表“收入”：单元格 C3 出现了两次" in remark.says
    assert SHEET == remark.part


def test_the_far_corner_is_named_with_how_to_find_it() -> None:
    (remark,) = preflight(rows('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')).refusals
    assert "A1 到 XFD1048576 之间" in remark.says
    assert "Ctrl+End" in remark.says


def test_the_name_of_a_hidden_sheet_cannot_steer_the_terminal() -> None:
    content = edited({"xl/workbook.xml": [('name="支出"', 'name="支&#x9;&#x202E;出" state="hidden"')]})
    (remark,) = preflight(content).notices
    assert "工作表“支 �出”是隐藏的" in remark.says


def test_what_is_shown_is_cut_to_its_width() -> None:
    assert "甲" * 5 + "…" == shown("甲" * 9, 5)
    assert "甲" * 5 == shown("甲" * 5, 5)


def test_a_false_dimension_does_not_hide_cells() -> None:
    content = sheet('ref="A1:C12"', 'ref="A1:B1"')
    assert preflight(content).admitted
    assert read_at_once(workbook()) == read_at_once(content)


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (replace(LIMITS, entries=3), "zip-entries"),
        (replace(LIMITS, part=1_000), "zip-size"),
        (replace(LIMITS, total=5_000), "zip-size"),
        (replace(LIMITS, ratio=2, ratio_from=100), "zip-ratio"),
        (replace(LIMITS, depth=2), "xml-depth"),
        (replace(LIMITS, cells=10), "cell-count"),
        (replace(LIMITS, places=10), "cell-count"),
        (replace(LIMITS, box=10), "cell-box"),
        (replace(LIMITS, merges=0), "merges"),
        (replace(LIMITS, merged=2), "merges"),
        (replace(LIMITS, strings=3), "strings"),
        (replace(LIMITS, styles=1), "styles"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_limit_bites(limits: object, code: str) -> None:
    content = sheet(CELL, '<c r="C3" s="1"><v>167</v></c>') if code == "cell-count" else workbook()
    (remark,) = preflight(content, limits).refusals  # type: ignore[arg-type]
    assert code == remark.code


def test_sizes_count_what_comes_out_and_not_what_is_declared() -> None:
    content = packed({**parts(), "xl/media/image1.bmp": bytes(range(256)) * 400})
    assert preflight(content, replace(LIMITS, total=120_000)).admitted
    (remark,) = preflight(content, replace(LIMITS, total=100_000)).refusals
    assert "zip-size" == remark.code


def test_parts_are_those_that_any_zip_reader_finds() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook())) as reader:
        assert {name: reader.read(name) for name in reader.namelist()} == unpack(workbook())


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"PK\5\6", b"PK\5\6" + bytes(18), b"PK\3\4" + bytes(99), bytes(70_000)]
)
def test_scraps_are_refused_and_never_raise(content: bytes) -> None:
    assert not preflight(content).admitted


def test_plain_rows_are_struck_and_the_rest_is_left() -> None:
    left, struck = strike(parts()[SHEET]) or (b"", None)
    assert b"<sheetData></sheetData>" in left
    assert struck is not None
    assert {*range(1, 11), 12} == struck.rows


def test_conditions_of_looks_and_typing_are_struck_behind_the_cells_only() -> None:
    condition = b'<conditionalFormatting sqref="A1"><cfRule type="expression" priority="1"><formula>A1&lt;5</formula></cfRule></conditionalFormatting>'
    typed = b'<dataValidations><dataValidation type="decimal" sqref="A1"><formula1>5</formula1></dataValidation></dataValidations>'
    within = b'<row r="1"><c r="A1"><v>' + condition + b"</v></c></row>"
    left, _ = strike(b"<x><sheetData>" + within + CELL.encode() + b"</sheetData>" + condition + typed + b"</x>") or (
        b"",
        None,
    )
    assert b"</sheetData><dataValidations></dataValidations></x>" == left[left.find(b"</sheetData>") :]
    assert within in left


_BITS = (
    '<row r="3">', '<row r="30">', "<row>", "</row>", "<c>", '<c r="A3">', '<c r="C3">', '<c r="AB3">', '<c r="A30"/>',
    "</c>", "<v>", "5", "</v>", "<v/>", "<f>", "A1|B1", "</f>", "<is>", "<t>", "</t>", "</is>", "&amp;", "&#55;", "&#31185;",
    "<!--", "-->", "<?x", "?>", "<![CDATA[", "]]>", '<c r="C3" t="str"><v>a&amp;b</v></c>', "<x>", "</x>", " ", "<si>", "</si>",
    CELL, '<row r="3"><c r="C3"><v>9</v></c></row>', '<row r="40"><c r="A40"><v>9</v></c><c r="B40"><v>9</v></c></row>',
    '<row r="41"><c r="B41"><v>1</v></c><c r="A41"><v>1</v></c></row>', '<row r="42"/>', "<sheetData>", "</sheetData>",
    '<conditionalFormatting sqref="A1"><cfRule type="expression"><formula>A1&lt;5</formula></cfRule></conditionalFormatting>',
    '<dataValidation sqref="A1"><formula1>5</formula1><formula2>9</formula2></dataValidation>', '<dataValidation/>',
)  # fmt: skip


@given(st.lists(st.sampled_from(_BITS), max_size=9), st.integers(0, 40), st.integers(0, 12))
@settings(max_examples=300)
def test_the_short_way_says_what_the_long_way_says(bits: list[str], place: int, cut: int) -> None:
    tags = re.split(r"(?=<)", parts()[SHEET].decode().partition("<sheetData>")[2])
    made = "".join([*tags[:place], *bits, *tags[place + cut :]])
    content = packed({**parts(), SHEET: parts()[SHEET].partition(b"<sheetData>")[0] + b"<sheetData>" + made.encode()})
    with pytest.MonkeyPatch.context() as patch:
        short = preflight(content)
        patch.setattr(module, "strike", lambda _content: None)
        assert preflight(content) == short


@given(st.data())
@settings(max_examples=150)
def test_a_damaged_archive_is_read_as_it_was_or_refused(data: st.DataObject) -> None:
    damaged = bytearray(workbook())
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    verdict = preflight(bytes(damaged))
    assert not verdict.admitted or _same_parts(unpack(bytes(damaged)))


def _same_parts(found: Mapping[str, bytes]) -> bool:
    return sorted(found.values()) == sorted(unpack(workbook()).values())


@given(st.binary(max_size=300), st.integers(0, 2_000))
@settings(max_examples=100)
def test_no_bytes_in_a_part_make_it_raise(noise: bytes, place: int) -> None:
    part = parts()[SHEET]
    preflight(packed({**parts(), SHEET: part[:place] + noise + part[place:]}))


def test_an_archive_made_by_hand_is_sound() -> None:
    assert preflight(archive(items())).admitted


def test_macros_and_embedded_files_are_both_named() -> None:
    content = with_part("xl/vbaProject.bin", b"macro", link="vbaProject")
    both = packed({**unpack(content), "xl/embeddings/a.bin": b"x"})
    assert ["macros", "embedded"] == [remark.code for remark in preflight(both).refusals]
