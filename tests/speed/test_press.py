"""A copy of a finished package is to the byte what the writer gives, or it is not made."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter.worksheet import Worksheet

from budgetbook.book import Book
from budgetbook.sheet import Cell, Sheet, Stamp, Style, Workbook
from budgetbook.template import workbook
from budgetbook.xlsx import press
from budgetbook.xlsx.parts import Opening, Parts
from budgetbook.xlsx.press import Mould, Press, Unlike
from budgetbook.xlsx.write import write
from tests.conftest import small_shape
from tests.core.test_round_trip import random_book

STAMP = Stamp("A", 2026, "county", "digest", "serial")
ODD = {
    "of no special kind": "丙县",
    "with markup": "甲&乙<丙>县",
    "with quotation marks": "“甲”\"乙\"'丙'县",
    "with an escape": "甲_x0041_县",
    "with a control character": "甲\x07县",
    "with a tab and a line break": "甲\t乙\n县",
    "between spaces": " 甲县 ",
    "between wide spaces": "\u3000甲县\u3000",
    "that is a line's name": "增值税",
    "that is its own code": "410999",
    "that looks like a formula": "=1+1",
    "that looks like rich text": "<r>甲</r>",
    "that looks like an error": "#N/A",
    "beyond the first plane": "𠀀𠀁县",
    "very long": "自治县" * 200,
    "longer than a cell": "县" * 40_000,
}


def blank(name: str, code: str = "410999") -> Workbook:
    """The blank workbook of a county with that name: cover, guide, revenue and stamp, where its name and code stand."""
    shape = small_shape()
    unit = replace(shape.catalogue.tree["A"], name=name, code=code)
    return few(made(Book.empty(unit, shape)))


def made(book: Book) -> Workbook:
    """The whole workbook of a book."""
    return workbook(book.shape.catalogue, book, replace(STAMP, unit=book.unit.code))


def few(whole: Workbook) -> Workbook:
    """Cover, guide, revenue and whatever else is small; the forms left out are many and alike."""
    return replace(whole, sheets=[sheet for sheet in whole.sheets if len(sheet.cells) < 1000 or "表01" in sheet.name])


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the workbooks that were written in full."""
    titles: list[str] = []

    def writing(whole: Workbook) -> bytes:
        titles.append(whole.title)
        return write(whole)

    monkeypatch.setattr(press, "write", writing)
    return titles


@pytest.mark.parametrize("name", ODD.values(), ids=ODD.keys())
def test_a_blank_workbook_is_what_the_writer_gives_whatever_the_unit_is_called(name: str) -> None:
    ours = Press()
    ours.write(blank("修武县", "410821"))
    assert write(blank(name)) == ours.write(blank(name))


@pytest.mark.parametrize("name", ODD.values(), ids=ODD.keys())
def test_a_workbook_after_an_odd_one_is_what_the_writer_gives(name: str) -> None:
    ours = Press()
    ours.write(blank(name))
    assert write(blank("修武县", "410821")) == ours.write(blank("修武县", "410821"))


def test_ordinary_units_are_copied_and_not_written_again(counted: list[str]) -> None:
    ours = Press()
    for name in ("修武县", "沁阳市", "甲&乙<丙>县", "县（市、区）"):
        ours.write(blank(name))
    assert ["修武县2026年预算报表"] == counted


def test_a_unit_called_as_a_line_is_copied_too_and_a_copy_after_it(counted: list[str]) -> None:
    ours = Press()
    packages = [ours.write(blank(name)) for name in ("修武县", "增值税", "修武县")]
    assert 1 == len(counted)
    assert packages[0] == packages[2] != packages[1]


def test_of_a_blank_copy_only_the_parts_that_name_the_unit_differ() -> None:
    ours = Press()
    names = {"410821": "修武县", "410882": "沁阳市"}
    first, second = (Parts(ours.write(blank(name, code))) for code, name in names.items())
    differing = {name for name in first.names if first.content(name) != second.content(name)}
    assert {"docProps/core.xml", "docProps/custom.xml", "xl/workbook.xml", "xl/sharedStrings.xml"} == differing


@pytest.mark.parametrize("unit", ["A", "GX", "BJ", "ALL"])
def test_every_level_blank_and_filled_is_what_the_writer_gives(unit: str) -> None:
    filled = random_book(unit, 1, 0.3)
    workbooks = [made(Book.empty(filled.unit, filled.shape)), made(filled)]
    packages = [write(each) for each in workbooks]
    for first, then in ((0, 1), (1, 0)):
        assert packages[then] == Mould(workbooks[first], packages[first]).copy(workbooks[then])


def test_filled_workbooks_are_copies_of_a_blank_one(counted: list[str]) -> None:
    ours = Press()
    for book in (Book.empty(random_book("A", 1).unit, small_shape()), random_book("B", 1), random_book("A", 2)):
        ours.write(few(made(book)))
    assert 1 == len(counted)


@pytest.mark.parametrize(
    "words", ["税率调整", "教育支出", "甲&乙<丙>", " 前后有空格 ", "=1+1", "两\n行", "\x01", "甲_x0041_", "长" * 20_000]
)
def test_peoples_own_words_are_what_the_writer_gives(words: str) -> None:
    ours = Press()
    plain, spoken = random_book("A", 1, 0.01), random_book("B", 2, 0.01)
    plain.texts |= {("cover", "phone", "text"): "0391", ("gp_revenue", "101", "reason"): "征管"}
    spoken.texts |= {("cover", "phone", "text"): words, ("gp_revenue", "101", "reason"): words}
    spoken.texts |= {("gp_revenue", "10101", "reason"): "征管"}
    books = [few(made(book)) for book in (plain, spoken, plain)]
    assert [True] * 3 == [write(each) == ours.write(each) for each in books]


def small(*cells: Cell, title: str = "册", **sheet: object) -> Workbook:
    """A workbook of one sheet."""
    return Workbook([Sheet("表", cells, [10.0], **sheet)], STAMP, title)  # type: ignore[arg-type]  # whatever a sheet has


def label(row: int, text: str) -> Cell:
    return Cell(row, 0, text, Style("name"))


BASE = small(label(0, "甲"), label(1, "甲"), label(2, "乙"), Cell(3, 0, 1.0, Style("entry", "amount")))


@pytest.mark.parametrize(
    ("change", "other"),
    [
        ("one of two cells with a label", small(label(0, "丙"), *BASE.sheets[0].cells[1:])),
        ("two labels become one", small(label(0, "乙"), label(1, "乙"), *BASE.sheets[0].cells[2:])),
        ("a label instead of a figure", small(*BASE.sheets[0].cells[:3], Cell(3, 0, "丁", Style("name")))),
        ("another look", small(*BASE.sheets[0].cells[:3], Cell(3, 0, 1.0, Style("total", "amount")))),
        ("a cell less", small(*BASE.sheets[0].cells[:3])),
        ("another height", small(*BASE.sheets[0].cells, heights={0: 30.0})),
        ("no title", small(*BASE.sheets[0].cells, title="")),
        ("another sheet", Workbook([*BASE.sheets, Sheet("二", (), [])], STAMP, "册")),
    ],
)
def test_what_is_not_alike_is_refused(change: str, other: Workbook) -> None:
    with pytest.raises(Unlike):
        Mould(BASE, write(BASE)).copy(other)


def test_labels_that_change_places_are_what_the_writer_gives() -> None:
    swapped = small(label(0, "乙"), label(1, "乙"), label(2, "甲"), Cell(3, 0, None, Style("entry", "amount")))
    assert write(swapped) == Mould(BASE, write(BASE)).copy(swapped)


FIGURES = st.one_of(
    st.none(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, -0.0]),
)
RESULTS = st.one_of(FIGURES.filter(lambda value: value is not None), st.sampled_from(["", "—", "平", "a<b&c", "#N/A"]))


def sheet_of(figure: object, result: object, words: str | None) -> Workbook:
    return small(
        label(0, "甲"),
        Cell(1, 0, figure, Style("entry", "amount")),  # type: ignore[arg-type]  # drawn
        Cell(1, 1, result, Style("total", "amount"), '=IF(A2<1,"a&b",A2)'),  # type: ignore[arg-type]  # drawn
        Cell(2, 0, words, Style("text", "text")),
    )


@settings(max_examples=60)
@given(
    before=st.tuples(FIGURES, RESULTS),
    after=st.tuples(FIGURES, RESULTS),
    words=st.lists(st.text(max_size=3), min_size=2, max_size=2),
)
def test_any_figure_over_any_other_is_what_the_writer_gives(
    before: tuple[object, object], after: tuple[object, object], words: list[str]
) -> None:
    ours = Press()
    ours.write(sheet_of(*before, words[0]))
    assert write(sheet_of(*after, words[1])) == ours.write(sheet_of(*after, words[1]))


@settings(max_examples=30)
@given(
    chunks=st.lists(st.binary(max_size=40), min_size=1, max_size=20),
    order=st.lists(st.integers(0, 19), max_size=9_000),
    share=st.floats(0, 1),
)
def test_an_opening_and_what_follows_are_deflated_as_one(chunks: list[bytes], order: list[int], share: float) -> None:
    whole = b"".join(chunks[number % len(chunks)] for number in order)
    cut = int(len(whole) * share)
    once = Opening(b"").followed(whole)
    opening = Opening(whole[:cut])
    assert [once, once] == [opening.followed(whole[cut:]) for _ in range(2)]


def plain_writer(whole: Workbook, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The package without our short cuts."""
    from budgetbook.xlsx import write as module

    monkeypatch.setattr(module, "Page", Worksheet)
    return write(whole)


@pytest.mark.parametrize("unit", ["A", "BJ", "ALL"])
def test_short_cuts_write_what_xlsxwriter_writes(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = made(random_book(unit, 4, 0.2))
    ours = write(whole)
    assert plain_writer(whole, monkeypatch) == ours


def test_short_cuts_write_what_xlsxwriter_writes_of_whatever_a_sheet_may_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = small(
        label(0, "并"),
        Cell(2, 3, 1.5, Style("entry", "amount"), note="请核对"),
        Cell(40, 1, "表", Style("link"), link="internal:'表'!A1"),
        Cell(40, 0, 1e-300, Style("total", "amount"), "=1/3"),
        *(Cell(41, at, value, Style("total"), '="<&>"') for at, value in enumerate(["#N/A", True, "#", 1e300, "<&>"])),
        Cell(42, 0, "字" * 32_768, Style("name")),
        Cell(43, 0, "𠀀" * 20_000, Style("name")),
        Cell(44, 0, " ", Style("text")),
        heights={50: 30.0},
        merged=((0, 0, 1, 2),),
    )
    ours = write(odd)
    assert plain_writer(odd, monkeypatch) == ours


def test_a_filled_workbook_with_odd_words_can_be_copied_from(counted: list[str]) -> None:
    ours, spoken, plain = Press(), random_book("A", 1, 0.01), random_book("B", 2, 0.01)
    spoken.texts |= {("cover", "phone", "text"): " 0391 ", ("gp_revenue", "101", "reason"): "甲_x0041_"}
    for book in (spoken, plain):
        ours.write(few(made(book)))
    assert 1 == len(counted)
