"""The .docx of the papers, opened again: every figure, heads that repeat, sections that turn the page."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.table import Table

from budgetbook.papers.docx_tables import write_docx
from budgetbook.papers.page_fit import page_count
from budgetbook.papers.printed import PrintedBook, PrintedTable, row
from budgetbook.papers.typefaces import OFFICIAL
from tests.papers.paper_tables import papers, revenue, wan


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Document:
    path = tmp_path_factory.mktemp("docx") / "附表.docx"
    write_docx(path, papers())
    return docx.Document(str(path))


def written(element: BaseOxmlElement, *more: str) -> str:
    """The text runs inside, and what else is asked for."""
    return "".join(part.text or "\t" for part in element.iter(qn("w:t"), *map(qn, more)))


def body_text(table: Table, heads: int) -> list[list[str]]:
    return [[written(cell) for cell in line._tr.findall(qn("w:tc"))] for line in table.rows][heads:]


def turned(section: Section) -> tuple[WD_ORIENT, int]:
    assert section.page_width is not None
    return section.orientation, round(section.page_width.mm)


def styled(document: Document, name: str) -> list[str]:
    return [each.text for each in document.paragraphs if each.style is not None and each.style.name == name]


def test_every_cell_of_every_table_is_printed(opened: Document) -> None:
    for table, made in zip(papers().tables, opened.tables, strict=True):
        expected = [["" if cell is None else str(cell) for cell in line.cells] for line in table.rows]
        assert expected == body_text(made, table.head_rows)


def test_every_table_is_numbered_titled_and_has_its_unit(opened: Document) -> None:
    assert [table.number for table in papers().tables] == styled(opened, "表号")
    assert [table.title for table in papers().tables] == styled(opened, "表题")
    assert [table.unit for table in papers().tables] == styled(opened, "表单位")
    assert [note for table in papers().tables for note in table.notes] == [
        each for each in styled(opened, "表注") if each
    ]


def test_the_contents_list_points_to_each_table_by_bookmark(opened: Document) -> None:
    named = [mark.get(qn("w:name")) for mark in opened.element.iter(qn("w:bookmarkStart"))]
    asked = [part.text.split()[1] for part in opened.element.iter(qn("w:instrText")) if "PAGEREF" in part.text]
    assert named == asked
    assert len(papers().tables) == len(asked)


def test_the_contents_list_already_shows_the_expected_pages(opened: Document) -> None:
    page, expected = 1, []
    for table in papers().tables:
        expected.append(f"{table.number}　{table.title}{page}")
        page += page_count(table, title_repeats=False)
    entries = [each for each in opened.paragraphs if each.style is not None and each.style.name == "目录条目"]
    assert expected == [written(each._p) for each in entries]


def test_the_head_repeats_and_no_row_is_split(opened: Document) -> None:
    for table, made in zip(papers().tables, opened.tables, strict=True):
        repeated = [line._tr.trPr.find(qn("w:tblHeader")) is not None for line in made.rows]
        assert [True] * table.head_rows + [False] * len(table.rows) == repeated
        assert all(line._tr.trPr.find(qn("w:cantSplit")) is not None for line in made.rows)


def test_the_head_and_the_title_stay_with_the_first_row(opened: Document) -> None:
    kept = [
        each for each in opened.paragraphs if each.style is not None and each.style.name in ("表号", "表题", "表单位")
    ]
    assert all(each.paragraph_format.keep_with_next for each in kept)
    for made in opened.tables:
        assert made.rows[0].cells[0].paragraphs[0].paragraph_format.keep_with_next


def test_merged_headings_span_as_defined(opened: Document) -> None:
    first = opened.tables[0].rows[0]._tr
    spans = [cell.tcPr.gridSpan.val if cell.tcPr.gridSpan is not None else 1 for cell in first.findall(qn("w:tc"))]
    assert [1, 2, 1, 1, 1] == spans
    down = [cell.tcPr.find(qn("w:vMerge")) is not None for cell in first.findall(qn("w:tc"))]
    assert [True, False, True, True, True] == down


def test_numbers_stand_right_and_labels_stand_in_by_level(opened: Document) -> None:
    cells = opened.tables[0].rows[3].cells
    assert "表内项目" == cells[0].paragraphs[0].style.name
    assert "表内数字" == cells[1].paragraphs[0].style.name
    assert 'w:val="right"' in opened.styles["表内数字"].element.xml
    assert 10.5 == cells[0].paragraphs[0].paragraph_format.left_indent.pt


def test_wide_tables_turn_the_page_and_a3_is_a3(opened: Document) -> None:
    *_, upright, lying, _, _, large = list(opened.sections)
    assert (WD_ORIENT.PORTRAIT, 210) == turned(upright)
    assert (WD_ORIENT.LANDSCAPE, 297) == turned(lying)
    assert (WD_ORIENT.LANDSCAPE, 420) == turned(large)


def test_later_pages_of_a_table_are_headed_as_its_continuation(opened: Document) -> None:
    sections = list(opened.sections)[2:]
    heads = ["".join(each.text for each in section.header.paragraphs) for section in sections]
    assert [f"续{table.number}　{table.title}\t{table.unit}" for table in papers().tables] == heads
    assert all(section.different_first_page_header_footer for section in sections)


def test_folios_start_with_the_first_table(opened: Document) -> None:
    cover, contents, first, *_ = list(opened.sections)
    assert cover.footer.is_linked_to_previous and contents.footer.is_linked_to_previous
    for footer in (first.footer, first.first_page_footer):
        assert "—  PAGE 1 —" == written(footer._element, "w:instrText")
    assert "1" == first._sectPr.find(qn("w:pgNumType")).get(qn("w:start"))


def test_typefaces_are_those_of_official_papers(opened: Document) -> None:
    face = {
        name: opened.styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("表题", "表头", "表内其中项目", "表内项目")
    }
    assert {"表题": "方正小标宋简体", "表头": "黑体", "表内其中项目": "楷体", "表内项目": "仿宋"} == face


def test_the_typefaces_in_use_may_be_those_of_this_machine(tmp_path: Path) -> None:
    write_docx(tmp_path / "a.docx", papers(), replace(OFFICIAL, title="Noto Serif CJK SC"))
    assert "Noto Serif CJK SC" in docx.Document(str(tmp_path / "a.docx")).styles["表题"].element.xml


def test_the_same_papers_give_the_same_bytes(tmp_path: Path) -> None:
    write_docx(tmp_path / "a.docx", papers())
    write_docx(tmp_path / "b.docx", papers())
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.docx") as package:
        assert {(2026, 1, 1, 0, 0, 0)} == {part.date_time for part in package.infolist()}


def test_fixed_pages_cut_the_table_where_its_pages_end_each_with_its_head(tmp_path: Path) -> None:
    write_docx(tmp_path / "a.docx", papers(), fixed_pages=True)
    made = docx.Document(str(tmp_path / "a.docx")).tables
    pages = [page_count(table, title_repeats=False) for table in papers().tables]
    assert sum(pages) == len(made)
    long = papers().tables[1]
    parts = made[1 : 1 + pages[1]]
    assert len(long.rows) == sum(len(body_text(part, long.head_rows)) for part in parts)


def test_nothing_is_left_behind_where_the_papers_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_docx(tmp_path / "absent" / "a.docx", papers())
    assert [] == list(tmp_path.iterdir())


def test_signs_that_mean_something_to_xml_are_printed_as_they_are(tmp_path: Path) -> None:
    odd = "=SUM(A1)&<b>“其他”\x0b款"
    table: PrintedTable = replace(revenue(), rows=(row(odd, *(wan(1),) * 5),))
    write_docx(tmp_path / "a.docx", PrintedBook("题", (table,)))
    assert odd.replace("\x0b", "") == body_text(docx.Document(str(tmp_path / "a.docx")).tables[0], 2)[0][0]


def test_a_book_without_tables_is_a_cover_and_an_empty_contents_list(tmp_path: Path) -> None:
    write_docx(tmp_path / "a.docx", PrintedBook("某市附表", ()))
    assert ["某市附表", "", "", "目　录"] == [each.text for each in docx.Document(str(tmp_path / "a.docx")).paragraphs]
