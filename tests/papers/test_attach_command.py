"""`budgetbook attach`: from folders of books to the papers, all or nothing, and the PDF compared with the book."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest
from click.testing import CliRunner, Result

from budgetbook.cli import main
from budgetbook.consolidation import consolidate
from budgetbook.intake import Intake
from budgetbook.papers import job as attach_job
from budgetbook.papers.attachments import bound, print_set
from budgetbook.papers.books import gathered
from budgetbook.papers.definitions import FILE
from budgetbook.papers.fonts import installed_fonts
from budgetbook.papers.job import Wanted, rounded_set, write_papers
from budgetbook.papers.pdf import find_office
from budgetbook.papers.typefaces import OFFICIAL, fitting
from budgetbook.returns import Return
from budgetbook.template import workbook
from budgetbook.workspace import Workspace, open_workspace
from budgetbook.xlsx.write import write
from tests.conftest import TREE, book
from tests.papers.sample_papers import DEFINITIONS, changed, papers, source, whole_set

office = pytest.mark.skipif(
    find_office() is None and not os.environ.get("CI"), reason="LibreOffice is not installed here; CI has it"
)


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small city whose leaves have all sent a book, consolidated."""
    folder = tmp_path_factory.mktemp("city")
    units = "\n".join("[[unit]]\n" + "\n".join(f'{key} = "{value}"' for key, value in unit.items()) for unit in TREE)
    (folder / "budgetbook.toml").write_text(f'city = "某市"\ncatalogue = "2026"\nseal = "test"\n{units}\n', "utf-8")
    for name in ("returned", "out"):
        (folder / name).mkdir()
    space = open_workspace(folder)
    for at, code in enumerate(("BJ", "GX", "A", "B"), 1):
        amounts = {("gp_revenue", "10104", column): 1234 * at + 7 for column in ("prior", "actual", "budget")}
        (space.returned / f"{code}.xlsx").write_bytes(space.package(book(code, dict(amounts))))
    run("consolidate", "-w", folder)
    return folder


@pytest.fixture
def city(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "city"))


def papers_of(city: Path, *words: object) -> Result:
    return run("attach", "-w", city, "-o", city / "附表", *words)


def test_the_papers_are_written_from_the_books_of_the_workspace_and_missing_typefaces_told(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attach_job, "installed_fonts", lambda: frozenset({"宋体"}))
    done = papers_of(city, "--docx")
    assert 0 == done.exit_code, done.output
    assert "本机没有方正小标宋简体、黑体" in done.output
    assert ["附表.docx", "附表.xlsx"] == sorted(path.name for path in (city / "附表").iterdir())
    sheet = openpyxl.load_workbook(city / "附表" / "附表.xlsx")["表一"]
    assert "2025年全市一般公共预算收入执行情况表" == sheet["A2"].value
    total = sum(1234 * at + 7 for at in range(1, 5))
    assert any(total == cell.value for row in sheet.iter_rows() for cell in row)
    assert f"{total:,}" in {
        cell.text for table in docx.Document(str(city / "附表" / "附表.docx")).tables[:1] for cell in table._cells
    }


def test_a_missing_unit_is_a_finding_and_stands_in_the_titles(city: Path) -> None:
    (city / "returned" / "A.xlsx").unlink()
    done = papers_of(city, city / "returned")
    assert 1 == done.exit_code
    assert "缺少甲县的账册，缺这些数的附表已在表题中注明“未含”。" in done.output
    sheet = openpyxl.load_workbook(city / "附表" / "附表.xlsx")["表一"]
    assert "2025年全市一般公共预算收入执行情况表（未含甲县）" == sheet["A2"].value


def refused(city: Path, *words: object) -> str:
    done = papers_of(city, *words)
    assert 2 == done.exit_code, done.output
    assert not (city / "附表").exists()
    return done.output


def test_a_definition_that_names_an_unknown_form_stops_everything(city: Path) -> None:
    text = DEFINITIONS.read_text(encoding="utf-8").replace('form = "three_public"\nzero', 'form = "two_public"\nzero')
    (city / FILE).write_text(text, encoding="utf-8")
    assert "“three_public”用到不存在的表“two_public”，请改成" in refused(city)


def test_a_book_of_another_year_stops_everything(city: Path) -> None:
    space = open_workspace(city)
    (city / "returned" / "A.xlsx").write_bytes(of_last_year(space, "A"))
    assert "A.xlsx 是 2025 年的报表，现在收的是 2026 年" in refused(city)


def of_last_year(space: Workspace, code: str) -> bytes:
    filled = book(code, {("gp_revenue", "10104", "actual"): 5})
    return write(workbook(space.catalogue, filled, replace(space.stamp(filled.unit), year=2025)))


def test_two_books_of_one_unit_stop_everything(city: Path) -> None:
    newer(city)
    assert "甲县（A）有 2 个内容不同的文件" in refused(city, city / "returned")


def test_of_two_versions_in_the_workspace_the_newer_is_printed_and_totals_of_the_older_are_told(city: Path) -> None:
    newer(city)
    done = papers_of(city)
    assert 1 == done.exit_code
    assert "县（市、区）的汇总账册有 15 个数与各单位账册相加的结果不同" in done.output


def newer(city: Path) -> None:
    package = open_workspace(city).package(book("A", {("gp_revenue", "10104", "actual"): 9}))
    (city / "returned" / "A2.xlsx").write_bytes(package)


def test_a_folder_without_books_is_refused(city: Path) -> None:
    empty = city / "空"
    empty.mkdir()
    done = run("attach", empty, "-w", city, "-o", city / "附表")
    assert 2 == done.exit_code
    assert "中没有账册（.xlsx）。请先用 budgetbook consolidate 汇总" in done.output


def test_without_any_usable_typeface_there_is_no_pdf(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attach_job, "find_office", lambda: Path("soffice"))
    monkeypatch.setattr(attach_job, "installed_fonts", frozenset)
    assert "也没有可替代的字体，版面会走样。请安装后重新生成。" in refused(city, "--pdf")


def test_without_libreoffice_there_is_no_pdf_and_a_sentence_says_what_to_do(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attach_job, "find_office", lambda: None)
    assert "本机没有安装 LibreOffice，不能生成 PDF。请安装后重试，或去掉 --pdf" in refused(city, "--pdf")


def test_moved_cells_stand_on_a_sheet_of_their_own(tmp_path: Path) -> None:
    coarse = changed(lambda one: replace(one, unit="亿元", decimals=1))
    printed = print_set(replace(coarse, binding=replace(coarse.binding, two_books=True)), source())
    for rounding, sheets in (("controlled", {"舍位平衡"}), ("plain", set[str]())):
        rounded = rounded_set(printed, rounding)  # type: ignore[arg-type]  # one of the two
        for stage, one in bound(papers(), printed.made, rounded.tables, "焦作市").items():
            list(write_papers(tmp_path / f"附表{stage}", rounded.with_moves(one), (), Wanted(), OFFICIAL))
            names = openpyxl.load_workbook(tmp_path / f"附表{stage}.xlsx", read_only=True).sheetnames
            assert sheets == set(names) & {"舍位平衡"}


def test_a_consolidated_book_that_its_members_no_longer_add_up_to_is_a_finding(space: Workspace) -> None:
    books = {
        code: book(code, {("gp_revenue", "10104", "actual"): at}) for at, code in enumerate(("BJ", "GX", "A", "B"))
    }
    books |= consolidate(space.shape, books).books
    books["A"] = book("A", {("gp_revenue", "10104", "actual"): 9})
    _, doubts = gathered(
        space, Intake({code: Return(code, "", space.stamp(one.unit), one, {}) for code, one in books.items()})
    )
    assert {"全市", "县（市、区）"} == {finding.says.split("的汇总账册有")[0] for finding in doubts}
    assert all("请先用 budgetbook consolidate 重新汇总" in finding.says for finding in doubts)


@office
def test_the_pdf_of_the_whole_sample_prints_every_figure_of_the_book_in_order_on_the_pages_expected(
    tmp_path: Path,
) -> None:
    book = bound(papers(), whole_set().made, rounded_set(whole_set(), "controlled").tables, "焦作市")[""]
    fonts, _ = fitting(installed_fonts())
    found = list(write_papers(tmp_path / "附表", book, (), Wanted(pdf=True), fonts))
    assert [] == [finding.says for finding in found]
    assert (tmp_path / "附表.pdf").stat().st_size > 100_000
