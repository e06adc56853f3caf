"""The feedback workbook: the unit's own figures, each flagged cell marked, and a normal return when it comes back."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from budgetbook.cli import main
from budgetbook.findings.feedback import BLANK, SHEET
from budgetbook.returns import Return, read_return
from budgetbook.workspace import Workspace
from budgetbook.xlsx.read import read
from tests.conftest import book, typed_over

FIGURES: dict[tuple[str, str, str], str | int] = {
    ("gp_revenue", "10104", "actual"): 5,
    ("gp_expenditure", "2050202", "adjusted"): 10,
    ("gp_expenditure", "2050202", "actual"): 12,
}


@pytest.fixture
def fed_back(space: Workspace) -> Path:
    """甲县 typed 6 over 税收收入 (its parts: 5) and spent 12 of 10."""
    sent = book("A", FIGURES)
    sent.texts["explanation", "revenue", "text"] = "说明文字"
    (space.returned / "甲县.xlsx").write_bytes(typed_over(space, sent, ("gp_revenue", "101", "actual"), 6))
    result = CliRunner().invoke(
        main,
        ["check", "-w", str(space.folder), "--feedback", str(space.out / "fb"), "--xlsx", str(space.out / "q.xlsx")],
    )
    assert 1 == result.exit_code, result.output
    return next((space.out / "fb").iterdir())


def test_the_figures_and_texts_are_the_units_own(space: Workspace, fed_back: Path) -> None:
    ret = read_return(space.shape, read(fed_back.read_bytes()), "", "")
    assert isinstance(ret, Return)
    assert book("A", FIGURES).fen.tolist() == ret.book.fen.tolist()
    assert "说明文字" == ret.book.texts["explanation", "revenue", "text"]


def test_the_first_sheet_lists_what_must_be_mended_first_and_links_to_the_cell(fed_back: Path) -> None:
    page = openpyxl.load_workbook(fed_back).worksheets[0]
    assert SHEET == page.title
    levels = [row[1].value for row in page.iter_rows(min_row=6) if row[2].value]
    assert "强制" == levels[0]
    assert levels == sorted(levels, key=["强制", "核实", "已说明", "提示"].index)
    assert any(cell.hyperlink and "表01" in (cell.hyperlink.location or "") for row in page.iter_rows() for cell in row)


def test_a_flagged_cell_is_tinted_and_says_why(fed_back: Path) -> None:
    page = next(page for page in openpyxl.load_workbook(fed_back).worksheets if page.title.startswith("表01"))
    cell = page["G6"]
    assert "FFF8A5A5" == cell.fill.fgColor.rgb
    assert "所属各项合计 5 万元" in cell.comment.text


def test_the_name_of_a_flagged_line_leads_back_to_its_finding_and_the_cell_stays_free_to_type_in(
    fed_back: Path,
) -> None:
    workbook = openpyxl.load_workbook(fed_back)
    listed, followed = workbook.worksheets[0], 0
    for row in listed.iter_rows(min_row=6):
        link = row[3].hyperlink
        if row[2].value and link and row[1].value in ("强制", "核实"):
            sheet, _, cell = link.location.rpartition("!")
            page = workbook[sheet.strip("'")]
            name = page.cell(page[cell].row, 3)
            assert row[2].value and name.value and page[cell].hyperlink is None
            back, _, spot = name.hyperlink.location.rpartition("!")
            assert SHEET == back.strip("'")
            assert row[3].value == listed[spot].offset(0, 2).value or listed[spot].row < row[0].row
            followed += 1
    assert followed >= 3


def test_nothing_of_our_own_on_a_feedback_workbook_comes_back_as_a_stray(space: Workspace, fed_back: Path) -> None:
    ret = read_return(space.shape, read(fed_back.read_bytes()), "", "")
    assert isinstance(ret, Return)
    assert [] == [found.says for found in ret.findings if found.rule in ("K-01", "K-07", "K-08")]


def test_an_explanation_written_on_the_list_comes_back_with_the_return(space: Workspace, fed_back: Path) -> None:
    workbook = openpyxl.load_workbook(fed_back)
    page = workbook.worksheets[0]
    row = next(row for row in page.iter_rows(min_row=6) if row[2].value and row[1].value == "核实")
    row[6].value = "因上级追加专项资金 12 万元，主要是学校建设支出增加"
    target = io.BytesIO()
    workbook.save(target)
    ret = read_return(space.shape, read(target.getvalue()), "", "")
    assert isinstance(ret, Return)
    assert row[6].value == ret.book.texts["feedback", row[0].value, "explanation"]


def test_the_receipt_stands_at_the_end_and_adds_up_and_comes_back_in_silence(space: Workspace, fed_back: Path) -> None:
    page = openpyxl.load_workbook(fed_back).worksheets[-1]
    assert "读取回执" == page.title
    rows = [[int(cell.value) for cell in row[3:7]] for row in page.iter_rows(min_row=5) if str(row[3].value).isdigit()]
    assert rows and all(content == placed + labels + reported for content, placed, labels, reported in rows)
    ret = read_return(space.shape, read(fed_back.read_bytes()), "", "")
    assert isinstance(ret, Return)
    assert [] == [found.says for found in ret.findings if "读取回执" in found.says]


def test_the_returned_file_is_never_touched(space: Workspace, fed_back: Path) -> None:
    sent = book("A", FIGURES)
    sent.texts["explanation", "revenue", "text"] = "说明文字"
    assert typed_over(space, sent, ("gp_revenue", "101", "actual"), 6) == (space.returned / "甲县.xlsx").read_bytes()


def test_the_findings_workbook_has_a_matrix_a_filtered_list_and_the_files(space: Workspace, fed_back: Path) -> None:
    workbook = openpyxl.load_workbook(space.out / "q.xlsx")
    assert ["总表", "问题清单", "收到的文件"] == workbook.sheetnames
    assert workbook["问题清单"].auto_filter.ref.startswith("A3:N")
    assert "强制" == workbook["问题清单"]["A4"].value


def test_nothing_from_a_file_can_control_the_terminal(space: Workspace) -> None:
    sent = book("A", FIGURES)
    sent.texts["gp_expenditure", "2050202", "reason"] = "\x1b[2J[red]红\u202e文"
    (space.returned / "甲\x1b[31m.xlsx").write_bytes(space.package(sent))
    sent.texts["gp_expenditure", "2050202", "reason"] += "\x9b2J"
    clean = space.returned / "甲县.xlsx"
    clean.write_bytes(space.package(book("A", FIGURES)))
    commands = (
        ["check"],
        ["check", "--json", "-"],
        ["status"],
        ["status", "--json", "-"],
        ["diff", str(clean), str(space.returned)],
    )
    for command in commands:
        output = CliRunner().invoke(main, [*command, "-w", str(space.folder)]).output
        assert [] == [letter for letter in output if not letter.isprintable() and letter != "\n"], command


def test_a_zip_of_returns_is_opened(space: Workspace, tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "报表.zip", "w") as archive:
        archive.writestr("甲县/甲县.xlsx", space.package(book("A", FIGURES)))
    result = CliRunner().invoke(main, ["check", "-w", str(space.folder), str(tmp_path / "报表.zip"), "--json", "-"])
    assert [("A", "read")] == [(file["unit"], file["state"]) for file in json.loads(result.stdout)["files"]]


def test_what_was_not_read_is_blank_in_it_and_that_is_said(space: Workspace) -> None:
    package = openpyxl.load_workbook(io.BytesIO(space.package(book("A", FIGURES))))
    form = next(page for page in package.worksheets if page.title.startswith("表01"))
    package.copy_worksheet(form)["G9"].value = 7
    package.save(space.returned / "甲县.xlsx")
    CliRunner().invoke(main, ["check", "-w", str(space.folder), "--feedback", str(space.out / "fb")])
    page = openpyxl.load_workbook(next((space.out / "fb").iterdir())).worksheets[0]
    (told,) = [row[4].value for row in page.iter_rows(min_row=6) if row[2].value == "K-08"]
    assert (True, True) == (told.endswith(BLANK), page["B2"].value.endswith(BLANK))


def test_of_figures_that_were_read_no_such_thing_is_said(fed_back: Path) -> None:
    page = openpyxl.load_workbook(fed_back).worksheets[0]
    assert [] == [cell.coordinate for row in page.iter_rows() for cell in row if BLANK in str(cell.value)]
