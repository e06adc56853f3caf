"""No speed is bought with a lost finding: what is taken as a whole and what is searched cell by cell come to the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from budgetbook.checks import check_all, check_one
from budgetbook.door.preflight import preflight
from budgetbook.returns import Return, read_return
from budgetbook.returns.placing import Placing
from budgetbook.shape import Shape
from budgetbook.xlsx.contents import Contents
from budgetbook.xlsx.parts import Parts as Package
from budgetbook.xlsx.press import Press
from budgetbook.xlsx.read import Unreadable, read
from budgetbook.xlsx.write import write
from tests.conftest import small_shape
from tests.core.test_round_trip import random_book
from tests.door.cases import CASES
from tests.faults.inject import KINDS
from tests.faults.measure import clean_books, sample_shape
from tests.speed.test_press import few, made

CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"( s="[0-9]+")?[^<>]*(?:/>|>(<f>[^<]*</f>)?<v>[^<]*</v></c>)')
CONTENTS = [
    *(
        f"><v>{number}</v></c>"
        for number in (0, 12, -12, 1.5, 0.126, -0.0, 1e-7, 123456789.12, 100000000000.01, "9E+15", "1E+308")
    ),
    *(
        f' t="inlineStr"><is><t>{text}</t></is></c>'
        for text in ("12.5", " 12 ", "１２", "-", "无", "甲县", "form:cover", "#", "20101")
    ),
    *(f' t="str"><v>{text}</v></c>' for text in ("", "—", "3", "教育支出", "#")),
    *(f' t="b"><v>{flag}</v></c>' for flag in (0, 1)),
    ' t="e"><v>#REF!</v></c>',
    ' t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    "/>",
    "><v/></c>",
    "><f>1+1</f></c>",
    "><f>1+1</f><v>2</v></c>",
    "><f>1+1</f><v></v></c>",
    '><f t="shared" si="0"/></c>',
    "><f>[1]甲!A1</f><v>7</v></c>",
    "><v>3</v><!-- x --></c>",
]
Edit = Callable[[bytes, Random], bytes]


def a_cell(xml: bytes, rng: Random) -> re.Match[bytes] | None:
    """One in the common form, if the sheet has any left."""
    cells = list(CELL.finditer(xml))
    return rng.choice(cells) if cells else None


def retyped(xml: bytes, rng: Random) -> bytes:
    """Something else in one cell."""
    found = a_cell(xml, rng)
    if found is None:
        return xml
    cell = f'<c r="{found[1].decode()}"'.encode() + (found[2] or b"") + rng.choice(CONTENTS).encode()
    return xml[: found.start()] + cell + xml[found.end() :]


def pasted(xml: bytes, rng: Random) -> bytes:
    """Values where formulas were."""
    found = a_cell(xml, rng)
    if found is None:
        return xml
    return xml.replace(found[3], b"") if found[3] else xml.replace(b"<f>", b"<f >", 1)


def merged(xml: bytes, rng: Random) -> bytes:
    """Two cells in one."""
    row = rng.randint(1, 30)
    return re.sub(rb'<mergeCells count="1">', b'<mergeCells count="2"><mergeCell ref="D%d:E%d"/>' % (row, row + 1), xml)


def added(xml: bytes, rng: Random) -> bytes:
    """A row below the last."""
    return xml.replace(
        b"</sheetData>", b'<row r="2000"><c r="C2000"><v>%d</v></c></row></sheetData>' % rng.randint(0, 9)
    )


def lost(xml: bytes, rng: Random) -> bytes:
    """A row that is gone."""
    return re.sub(rb'<row r="%d".*?</row>' % rng.randint(1, 12), b"", xml)


EDITS: list[Edit] = [retyped] * 6 + [pasted, merged, added, lost]


def both(shape: Shape, content: bytes, *, checked: bool = True) -> tuple[object, object]:
    """What a file comes to, the short way and the long way; the verdict of the door if it stays outside."""
    verdict = preflight(content)
    if not verdict.admitted:
        return verdict, verdict
    told: list[object] = []
    for plain in (verdict.plain, {}):
        try:
            ret = read_return(shape, read(content, Contents(verdict.parts, plain)), "a.xlsx", "")
            told.append(ret if isinstance(ret, str) else outcome(shape, ret, checked))
        except Unreadable as error:
            told.append(str(error))
    return told[0], told[1]


def outcome(shape: Shape, ret: Return, checked: bool) -> object:
    """All that was read, and all there is to say of it."""
    book = ret.book
    figures = book.fen.tolist(), book.given.tolist(), dict(book.texts)
    findings = [*check_one(shape, ret), *check_all(shape, {ret.unit.code: ret})] if checked else ret.findings
    return figures, ret.stamp, ret.where, ret.shown, ret.accounts, findings


def package(unit: str, seed: int) -> bytes:
    return Press().write(made(random_book(unit, seed, 0.4)))


PACKAGES = {unit: package(unit, 3) for unit in ("A", "BJ")}
WHOLE = few(made(random_book("A", 3, 0.4)))
SMALL = write(WHOLE)
FEW = ("按元填列", "漏填", "合计被手工改写")  # of the kinds of faults, in every run


@pytest.mark.parametrize("unit", PACKAGES)
def test_a_return_as_it_was_issued_is_taken_as_a_whole_but_for_its_cover(
    unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[str] = []
    search = Placing._search
    monkeypatch.setattr(
        Placing, "_search", lambda self, form, *rest: (searched.append(form.id), search(self, form, *rest))
    )
    verdict = preflight(PACKAGES[unit])
    read_return(small_shape(), read(PACKAGES[unit], Contents(verdict.parts, verdict.plain)), "", "")
    assert ["cover"] == searched


@pytest.mark.parametrize("unit", PACKAGES)
def test_a_clean_return_reads_the_same_both_ways(unit: str) -> None:
    short, long = both(small_shape(), PACKAGES[unit])
    assert long == short


@settings(max_examples=50)
@example(seed=435, edits=[retyped, retyped, merged, retyped, retyped])  # a shared formula alone in an entry
@example(
    seed=183318167, edits=[retyped, retyped, retyped, lost, retyped, retyped]
)  # two sheets of one form, one not plain
@given(seed=st.integers(0, 10**9), edits=st.lists(st.sampled_from(EDITS), min_size=1, max_size=4))
def test_whatever_stands_in_a_cell_is_read_the_same_both_ways(seed: int, edits: list[Edit]) -> None:
    check_edited(seed, edits)


@pytest.mark.long
@settings(max_examples=3000)
@example(seed=11175192, edits=[retyped, retyped])  # a sheet of one cell, gone after the first edit
@example(seed=327856, edits=[retyped])  # a code for a title
@given(seed=st.integers(0, 10**9), edits=st.lists(st.sampled_from(EDITS), min_size=1, max_size=6))
def test_whatever_stands_in_many_cells_is_read_the_same_both_ways(seed: int, edits: list[Edit]) -> None:
    check_edited(seed, edits)


def check_edited(seed: int, edits: list[Edit]) -> None:
    rng = Random(seed)
    parts = Package(SMALL)
    part = f"xl/worksheets/sheet{rng.randint(1, len(WHOLE.sheets))}.xml"
    xml = parts.content(part)
    for edit in edits:
        xml = edit(xml, rng)
    short, long = both(small_shape(), parts.with_replaced({part: xml}), checked=False)
    assert long == short


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_hostile_and_awkward_packages_read_the_same_both_ways(case: object) -> None:
    short, long = both(small_shape(), case.make())  # type: ignore[attr-defined]  # a Case
    assert long == short


@pytest.mark.parametrize("kind", FEW)
def test_a_fault_is_told_the_same_both_ways(kind: str) -> None:
    check_faults(kind, 1)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_many_faults_are_told_the_same_both_ways(kind: str) -> None:
    check_faults(kind, 30)


def check_faults(kind: str, count: int) -> None:
    """Faults of one kind in the clean returns of the sample, as files."""
    rng, press, done = Random(kind), Press(), 0
    while done < count:
        fault = KINDS[kind](rng.choice(clean_books()), rng)
        if fault is not None:
            short, long = both(sample_shape(), press.write(made(fault.book)))
            assert long == short
            done += 1
