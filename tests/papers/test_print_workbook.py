"""The workbook of the papers, opened again: every figure a number, every sheet set up to print."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from budgetbook.papers.chart import Chart, Series
from budgetbook.papers.page_fit import breaks, fit
from budgetbook.papers.printed import Figure, PrintedBook, PrintedTable, Rate, row
from budgetbook.xlsx.print_tables import write_workbook
from tests.papers.paper_tables import papers, revenue, wan

CHARTS = (
    Chart("收入结构", "亿元", "share", ("税收收入", "非税收入"), (Series("收入", (21.5, 10.2)),)),
    Chart(
        "预算与执行",
        "亿元",
        "compare",
        ("修武县", "温县"),
        (Series("预算数", (9.1, 8.0)), Series("执行数", (9.0, None))),
    ),
    Chart("历年收入", "亿元", "time", ("2024", "2025"), (Series("收入", (30.1, 31.7)),)),
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("xlsx") / "附表.xlsx"
    write_workbook(path, papers(), charts=CHARTS)
    return path


@pytest.fixture(scope="module")
def opened(path: Path) -> Workbook:
    return openpyxl.load_workbook(path)


def sheets(opened: Workbook) -> list[tuple[PrintedTable, Worksheet]]:
    return [(table, opened[table.number]) for table in papers().tables]


def foot(sheet: Worksheet) -> str | None:
    footer = sheet.oddFooter
    assert footer is not None and footer.center is not None
    return footer.center.text


def test_cover_contents_tables_and_charts_stand_in_order(opened: Workbook) -> None:
    assert ["封面", "目录", *(table.number for table in papers().tables), "图表"] == opened.sheetnames


def test_every_cell_of_every_table_is_there_and_figures_are_numbers_as_printed(opened: Workbook) -> None:
    for table, sheet in sheets(opened):
        for at, line in enumerate(table.rows, 4 + table.head_rows):
            for column, cell in enumerate(line.cells, 1):
                expected = cell.number if isinstance(cell, Figure | Rate) else cell
                assert expected == sheet.cell(at, column).value


def test_a_number_shows_the_decimals_of_its_table(opened: Workbook) -> None:
    assert "#,##0" == opened["表一"].cell(7, 2).number_format
    assert "#,##0.0" == opened["表一"].cell(7, 5).number_format
    assert "#,##0.0000" == opened["表1-1"].cell(6, 2).number_format


def test_contents_lead_to_every_table(opened: Workbook) -> None:
    contents = opened["目录"]
    for at, table in enumerate(papers().tables, 2):
        assert (table.number, table.title) == (contents.cell(at, 1).value, contents.cell(at, 2).value)
        link = contents.cell(at, 2).hyperlink
        assert link is not None
        assert f"'{table.number}'!A1" == link.location


def test_title_unit_and_head_repeat_on_every_page(opened: Workbook) -> None:
    for table, sheet in sheets(opened):
        assert f"$1:${3 + table.head_rows}" == sheet.print_title_rows
        assert table.unit == sheet.cell(3, 1).value
        assert "right" == sheet.cell(3, 1).alignment.horizontal


def test_pages_are_as_wide_as_the_table_and_lie_as_it_needs(opened: Workbook) -> None:
    paper = {"A3": 8, "A4": 9}
    for table, sheet in sheets(opened):
        fitted = fit(table)
        assert (1, 0) == (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight)
        assert paper[fitted.paper.size] == int(sheet.page_setup.paperSize or 0)
        assert ("landscape" if fitted.paper.landscape else "portrait") == sheet.page_setup.orientation


def test_pages_break_where_they_are_expected_to(opened: Workbook) -> None:
    for table, sheet in sheets(opened):
        rows = [3 + table.head_rows + at for at in breaks(table, fit(table), title_repeats=True)]
        assert rows == [each.id for each in sheet.row_breaks.brk]
    assert opened["表二"].row_breaks.brk


def test_folios_are_between_dashes_and_begin_with_the_first_table(opened: Workbook) -> None:
    assert "— &P —" == foot(opened["表一"])
    assert [True, None] == [
        opened[name].page_setup.useFirstPageNumber for name in ("表一", "表二")
    ]  # from 1, unless said
    assert None is foot(opened["目录"])


def test_a_row_that_wraps_is_high_enough(opened: Workbook) -> None:
    sheet = opened["表二"]
    assert sheet.row_dimensions[10].height > 1.5 * sheet.row_dimensions[7].height
    assert sheet.cell(10, 5).alignment.wrap_text


def test_labels_stand_in_by_level(opened: Workbook) -> None:
    assert [0, 1, 2] == [opened["表二"].cell(at, 2).alignment.indent for at in (5, 6, 7)]


def test_what_looks_like_a_formula_or_a_link_stays_text(tmp_path: Path) -> None:
    odd = replace(revenue(), title="=1+1", rows=(row("=SUM(A1)", "http://a.cn", *(wan(1),) * 4),))
    write_workbook(tmp_path / "a.xlsx", PrintedBook("=题", (odd,)))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["表一"]
    assert [("=1+1", "s"), ("=SUM(A1)", "s")] == [(each.value, each.data_type) for each in (sheet["A2"], sheet["A6"])]
    assert None is sheet["B6"].hyperlink


def test_two_tables_of_one_number_stand_on_two_sheets(tmp_path: Path) -> None:
    write_workbook(tmp_path / "a.xlsx", PrintedBook("题", (revenue(), revenue())))
    assert ["封面", "目录", "表一", "表一(2)"] == openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames


def test_the_list_of_moved_figures_is_a_sheet_that_is_not_in_the_contents(tmp_path: Path) -> None:
    moved = replace(revenue(), number="舍位平衡", title="舍位平衡调整清单")
    write_workbook(tmp_path / "a.xlsx", PrintedBook("题", (revenue(),), moved=moved))
    opened = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert ["封面", "目录", "表一", "舍位平衡"] == opened.sheetnames
    assert None is opened["目录"].cell(3, 1).value


def test_the_same_papers_give_the_same_bytes(tmp_path: Path, path: Path) -> None:
    write_workbook(tmp_path / "b.xlsx", papers(), charts=CHARTS)
    assert path.read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_nothing_is_left_behind_where_the_papers_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_workbook(tmp_path / "absent" / "a.xlsx", papers())
    assert [] == list(tmp_path.iterdir())


def test_charts_are_native_and_draw_from_the_figures_beside_them(path: Path, opened: Workbook) -> None:
    with zipfile.ZipFile(path) as package:
        drawn = [package.read(f"xl/charts/chart{at}.xml").decode() for at in (1, 2, 3)]
    assert ["c:pieChart", "c:barChart", "c:lineChart"] == [
        next(kind for kind in ("c:pieChart", "c:barChart", "c:lineChart") if kind in one) for one in drawn
    ]
    assert "图表!$N$26:$N$27" in drawn[1]
    assert [9.1, 8.0] == [opened["图表"].cell(at, 14).value for at in (26, 27)]


def test_series_are_told_apart_without_colour(path: Path) -> None:
    with zipfile.ZipFile(path) as package:
        shares, pair, times = (package.read(f"xl/charts/chart{at}.xml").decode() for at in (1, 2, 3))
    assert "a:pattFill" in shares
    assert "a:pattFill" in pair
    assert "404040" in pair
    assert "c:marker" in times


def test_a_series_that_does_not_fill_the_categories_is_refused() -> None:
    with pytest.raises(ValueError, match="does not have 2 values"):
        Chart("题", "亿元", "compare", ("甲", "乙"), (Series("数", (1.0,)),))
