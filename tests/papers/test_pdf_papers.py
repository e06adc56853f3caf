"""The papers through LibreOffice to PDF, read back and compared with the tables."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from budgetbook.papers import pdf
from budgetbook.papers.docx_tables import write_docx
from budgetbook.papers.fonts import installed_fonts
from budgetbook.papers.page_fit import page_count
from budgetbook.papers.pdf import NoPdf, find_office, read_pages, to_pdf
from budgetbook.papers.preflight import check_print, first_pages
from budgetbook.papers.printed import PrintedBook
from budgetbook.papers.typefaces import fitting
from budgetbook.xlsx.print_tables import write_workbook
from tests.papers.paper_tables import papers, regions

office = pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed here")
FONTS, _ = fitting(installed_fonts())


@pytest.fixture(scope="module")
def from_docx(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    folder = tmp_path_factory.mktemp("pdf")
    write_docx(folder / "附表.docx", papers(), FONTS, fixed_pages=True)
    to_pdf(folder / "附表.docx", folder / "附表.pdf")
    return read_pages(folder / "附表.pdf")


@office
def test_the_pdf_of_the_document_prints_every_figure_in_order_with_right_contents(from_docx: tuple[str, ...]) -> None:
    expected = [page_count(table, title_repeats=False) for table in papers().tables]
    assert [] == [finding.says for finding in check_print(papers().tables, from_docx, expected)]


@office
def test_the_contents_list_is_filled_in_with_the_pages_the_tables_are_on(from_docx: tuple[str, ...]) -> None:
    folios = first_pages(papers().tables, from_docx)
    lines = from_docx[1].splitlines()
    for table in papers().tables:
        (entry,) = (line for line in lines if line.replace(" ", "").startswith(f"{table.number}　".replace(" ", "")))
        assert entry.endswith(f".{folios[table.number]}")


@office
def test_every_later_page_says_which_table_it_continues(from_docx: tuple[str, ...]) -> None:
    pages = [page for page in from_docx if "续表二" in page]
    assert page_count(papers().tables[1], title_repeats=False) - 1 == len(pages)
    assert all("科目编码" in page for page in pages)


@office
def test_the_pdf_of_the_workbook_prints_every_figure_in_order(tmp_path: Path) -> None:
    write_workbook(tmp_path / "附表.xlsx", papers(), FONTS)
    to_pdf(tmp_path / "附表.xlsx", tmp_path / "附表.pdf")
    expected = [page_count(table, title_repeats=True) for table in papers().tables]
    assert [] == [finding.says for finding in check_print(papers().tables, read_pages(tmp_path / "附表.pdf"), expected)]


@office
def test_columns_too_narrow_for_their_figures_are_caught_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    squeezed = replace(papers().tables[3], columns=("label", *("text",) * 12))
    monkeypatch.setattr("budgetbook.xlsx.print_tables.PIXELS_PER_MM", 1.2)
    write_workbook(tmp_path / "附表.xlsx", PrintedBook("题", (squeezed,)), FONTS)
    to_pdf(tmp_path / "附表.xlsx", tmp_path / "附表.pdf")
    found = {finding.rule for finding in check_print([regions()], read_pages(tmp_path / "附表.pdf"))}
    assert {"P-03", "P-04"} <= found


def test_without_libreoffice_one_sentence_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "find_office", lambda: None)
    with pytest.raises(NoPdf, match="本机没有安装 LibreOffice，不能生成 PDF。请安装 LibreOffice 后重试"):
        to_pdf(tmp_path / "附表.docx", tmp_path / "附表.pdf")


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for LibreOffice")
@pytest.mark.parametrize(
    ("script", "says"),
    [("sleep 60", "超过 0.5 秒没有完成，已停止"), ("exit 1", "没有生成“附表.docx”的 PDF")],
)
def test_a_libreoffice_that_hangs_or_fails_leaves_nothing_behind(
    script: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = tmp_path / "soffice"
    stand_in.write_text(f"#!/bin/sh\n{script}\n")
    stand_in.chmod(stand_in.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(pdf, "find_office", lambda: stand_in)
    with pytest.raises(NoPdf, match=says):
        to_pdf(tmp_path / "附表.docx", tmp_path / "附表.pdf", seconds=0.5)
    assert [stand_in] == list(tmp_path.iterdir())
