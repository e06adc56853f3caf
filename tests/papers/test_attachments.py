"""The attachments: the whole set from the sample, every figure that of the book, nothing the law asks for left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from time import process_time

import docx
import numpy as np
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from budgetbook.amount import rounded
from budgetbook.book import Book
from budgetbook.consolidation import ESTIMATED, consolidate
from budgetbook.papers.attachment import Attachment, Measure
from budgetbook.papers.attachments import Made, bound, chinese, missing_tables, print_set, too_narrow
from budgetbook.papers.charts import charts
from budgetbook.papers.docx_tables import write_docx
from budgetbook.papers.job import rounded_set
from budgetbook.papers.printed import Figure, PrintedBook, PrintedTable, Rate, Row
from budgetbook.papers.rows import Source
from budgetbook.xlsx.print_tables import write_workbook
from tests.papers.sample_papers import (
    as_printed,
    changed,
    defined,
    figures,
    from_book,
    leaves,
    papers,
    shape,
    source,
    whole_set,
)


def titled(title: str) -> Made:
    (found,) = (one for one in whole_set().made if one.table.title == title)
    return found


def whole_book() -> PrintedBook:
    return bound(papers(), whole_set().made, whole_set().tables, "焦作市")[""]


def test_the_set_has_every_table_that_the_law_asks_for() -> None:
    assert [] == list(missing_tables(papers(), whole_set().made))
    assert 30 <= len(papers().required)


@pytest.mark.parametrize("at", range(32))
def test_each_table_of_the_legal_list_is_missed_when_it_is_gone(at: int) -> None:
    required = papers().required[at]
    kept = [one for one in whole_set().made if not required.met_by(one.attachment)]
    says = [finding.says for finding in missing_tables(papers(), kept)]
    assert any(f"缺少“{required.name}”（{required.basis}）" in each for each in says)


def test_the_legal_list_is_as_long_as_the_test_above_supposes() -> None:
    assert 32 == len(papers().required)


def test_the_order_is_by_budget_then_execution_before_draft_then_whole_city_before_city_level() -> None:
    titles = [table.title for table in whole_set().tables]
    assert [
        "2025年全市一般公共预算收入执行情况表",
        "2025年市级一般公共预算收入执行情况表",
        "2025年全市一般公共预算收支分地区执行情况表",
        "2026年全市一般公共预算收入预算表（草案）",
        "2026年市级一般公共预算支出预算表（草案）",
        "2025年全市政府性基金预算收入执行情况表",
    ] == sorted(
        [
            "2026年全市一般公共预算收入预算表（草案）",
            "2025年全市政府性基金预算收入执行情况表",
            "2025年市级一般公共预算收入执行情况表",
            "2026年市级一般公共预算支出预算表（草案）",
            "2025年全市一般公共预算收支分地区执行情况表",
            "2025年全市一般公共预算收入执行情况表",
        ],
        key=titles.index,
    )


def test_tables_are_numbered_as_they_come_and_debt_tables_by_their_legal_numbers() -> None:
    numbers = [table.number for table in whole_set().tables]
    legal = [number for number in numbers if number.startswith("表1-")]
    assert [f"表1-{at}" for at in range(1, 7)] == legal
    others = [number for number in numbers if number not in legal]
    assert [f"表{chinese(at)}" for at in range(1, len(others) + 1)] == others


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (76, "七十六"),
        (100, "一百"),
        (105, "一百零五"),
        (110, "一百一十"),
    ],
)
def test_numbers_are_said_in_chinese(number: int, said: str) -> None:
    assert said == chinese(number)


def test_two_books_hold_execution_and_draft_and_each_counts_from_one() -> None:
    two = replace(papers(), binding=replace(papers().binding, two_books=True))
    printed = print_set(two, source())
    books = bound(two, printed.made, printed.tables, "焦作市")
    assert ["（执行）", "（草案）"] == list(books)
    assert ["表一", "表一"] == [book.tables[0].number for book in books.values()]
    assert len(whole_set().tables) == sum(len(book.tables) for book in books.values())


def test_every_figure_is_the_one_of_the_book_that_its_identity_names() -> None:
    for figure in figures(whole_set()):
        assert from_book(figure) == figure.exact, figure.id


def test_a_figure_stands_beside_the_name_of_its_line() -> None:
    compared = 0
    for made in whole_set().made:
        picks = {(pick.form, pick.line): pick.name for side in made.attachment.sides for pick in side.picks}
        for row in made.table.rows:
            for column, cell in enumerate(row.cells):
                if isinstance(cell, Figure) and cell.id[0] != "(" and "+" not in cell.id:
                    form, line, _ = cell.id.partition("/")[2].split(":")
                    if (
                        picks and made.attachment.id != "si_balance_draft"
                    ):  # its columns are 险种, each with its own lines
                        assert picks[form, line] == made.table.row_name(row, column)
                        compared += 1
    assert compared > 5000


def test_every_percentage_of_a_line_is_the_one_of_the_book() -> None:
    compared = 0
    for made in whole_set().made:
        for row in made.table.rows if made.attachment.layout == "lines" else ():
            rates = row.cells[len(row.cells) - len(made.attachment.measures) :]
            for measure, cell in zip(made.attachment.measures, rates, strict=True):
                if isinstance(cell, Rate):
                    assert f"{rate_of(made, line_of(row), measure):,}" == str(cell), (made.table.title, row.cells)
                    compared += 1
    assert compared > 2000


def line_of(row: Row) -> tuple[str, str]:
    plain = (cell for cell in row.cells if isinstance(cell, Figure) and cell.id[0] != "(" and "+" not in cell.id)
    form, line, _ = next(plain).id.partition("/")[2].split(":")
    return form, line


def rate_of(made: Made, line: tuple[str, str], measure: Measure) -> Decimal:
    book = source().books[made.unit.code]
    of, base = (Fraction(book.at(*line, cite.columns[0]) or 0) for cite in measure.cites)
    return rounded(100 * (of / base - (measure.kind == "growth")), 1)


def test_a_table_without_figures_is_printed_with_its_lines_and_its_remark() -> None:
    table = titled("2026年市级新增地方政府债券资金安排表").table
    assert "备注：提前下达的新增债券尚未安排到项目，本表为空表，待安排后按规定公开。" == table.notes[0]
    assert () == table.numbers
    assert 22 == len(table.rows)


def test_lines_without_a_figure_are_left_out_unless_zero_lines_are_asked_for() -> None:
    everything = changed(lambda one: replace(one, zero_lines=True))
    rows = {one.table.title: len(one.table.rows) for one in print_set(everything, source()).made}
    title = "2025年全市一般公共预算收入执行情况表"
    assert 26 == len(titled(title).table.rows)
    assert 26 < rows[title]


def test_the_total_row_stands_where_the_setting_says() -> None:
    first = changed(lambda one: replace(one, total="first"))
    (table,) = (
        one.table
        for one in print_set(first, source()).made
        if one.table.title == "2025年全市一般公共预算收入执行情况表"
    )
    assert "一般公共预算收入合计" == table.rows[0].cells[0]
    assert "一般公共预算收入合计" == titled("2025年全市一般公共预算收入执行情况表").table.rows[-1].cells[0]


def test_a_balance_table_ends_with_both_totals_on_one_row_and_they_are_equal() -> None:
    for made in whole_set().made:
        if "平衡" in made.table.title:
            last = made.table.rows[-1].cells
            half = len(last) // 2
            assert ("收入总计", "支出总计") == (last[0], last[half])
            assert [str(cell) for cell in last[1:half]] == [str(cell) for cell in last[half + 1 :]]


def test_a_balance_table_leaves_out_no_line_that_its_totals_contain() -> None:
    """With money in every cell that a unit has, the rows that are not indented make up the last row, on both sides."""
    city = shape().catalogue.tree["410800SJ"]
    level = shape().level(city.level)
    full = Book(city, shape(), np.arange(1, shape().size + 1, dtype=np.int64) * 10**6, level.entries.copy()).computed()
    made = print_set(papers(), Source(shape(), {city.code: full})).made
    tables = [one.table for one in made if one.unit == city and "平衡" in one.table.title]
    assert 6 == len(tables)
    for table in tables:
        for side in (0, 1):
            cells = [(row.sides[side].level, row.sides[side].cells[1:]) for row in table.rows]
            *lines, (_, total) = cells
            for at, figure in enumerate(total):
                parts = [each[at] for depth, each in lines if depth == 0]
                assert isinstance(figure, Figure)
                assert figure.exact == sum(part.exact for part in parts if isinstance(part, Figure)), table.title


def test_the_zone_is_shown_as_of_which_under_the_city_level() -> None:
    names = [row.cells[0] for row in titled("2025年全市一般公共预算收支分地区执行情况表").table.rows]
    assert ["全市合计", "市级", "其中：高新区", "县（市、区）合计", "解放区"] == names[:5]


def test_notes_name_the_zones_and_are_numbered_where_there_are_several() -> None:
    table = titled("2025年全市一般公共预算收支分地区执行情况表").table
    assert ("注：1.市级含高新区。", "2.2025年执行数为快报数，决算后可能有变化。") == table.notes


def test_an_estimated_member_is_named_in_the_title_of_every_table_it_reaches() -> None:
    texts = leaves()["410821"].texts | {("cover", "basis", "text"): ESTIMATED}
    books = leaves() | {"410821": replace(leaves()["410821"], texts=texts)}
    made = print_set(papers(), Source(shape(), {**books, **consolidate(shape(), books).books}, "焦作市")).made
    marked = {one.table.title for one in made if "（含代编：修武县）" in one.table.title}
    assert "2025年全市一般公共预算收入执行情况表（含代编：修武县）" in marked
    assert all("市级" not in title for title in marked if not title.startswith("2025年全市"))


def test_a_missing_unit_is_named_in_the_title_of_the_tables_that_lack_it() -> None:
    unit = shape().catalogue.tree["410821"]
    books = {code: book for code, book in source().books.items() if code != "410821"}
    partial = Source(shape(), books, "焦作市", (unit,), frozenset({"410800", "410800XJ"}))
    titles = [one.table.title for one in print_set(papers(), partial).made]
    assert "2025年全市一般公共预算收入执行情况表（未含修武县）" in titles
    assert "2025年全市一般公共预算收支分地区执行情况表（未含修武县）" in titles
    assert "2025年市级一般公共预算收入执行情况表" in titles


def test_no_figure_is_wider_than_its_column() -> None:
    assert [] == list(too_narrow(whole_set().tables))


def test_a_figure_that_no_paper_can_hold_is_found() -> None:
    wide = Figure(10**20, decimals=4)
    table = PrintedTable("表一", "题", "单位：万元", ("label", *("figure",) * 40), (), ())
    row = replace(
        whole_set().tables[0].rows[0],
        sides=(replace(whole_set().tables[0].rows[0].sides[0], cells=("甲", *(wide,) * 40)),),
    )
    (first, *_) = too_narrow([replace(table, rows=(row,))])
    assert "比栏宽" in first.says


def test_a_new_attachment_takes_a_few_lines_of_definition_and_no_python(tmp_path: Path) -> None:
    made = print_set(
        defined(
            """
[[attachment]]
id = "education"
title = "{Y}年{scope}教育支出预算表"
budget = "一般公共预算"
stage = "草案"
scope = "市级"
form = "gp_expenditure"
lines = ["205*"]
depth = "款"
columns = ["budget={Y}年预算数"]
""",
            tmp_path,
        ),
        source(),
    ).made
    (table,) = (one.table for one in made if one.attachment.id == "education")
    assert "2026年市级教育支出预算表" == table.title
    assert "教育支出" == table.rows[-1].cells[0]
    expected = as_printed(source().books["410800SJ"].at("gp_expenditure", "205", "budget") or 0, "万元", 0)
    assert f"{expected:,}" == str(table.rows[-1].cells[1])


def test_the_charts_show_structure_counties_execution_and_debt() -> None:
    drawn = charts(papers(), source())
    assert [
        "2025年全市一般公共预算收入结构",
        "2025年全市一般公共预算支出结构",
        "2025年县（市、区）一般公共预算收支",
        "2025年全市预算执行与调整预算",
        "2025年市级和县（市、区）一般公共预算收入执行进度",
        "2025年市级和县（市、区）一般公共预算支出执行进度",
        "2025年末政府债务限额与余额",
    ] == [chart.title for chart in drawn]
    revenue = source().books["410800"].at("gp_revenue", "T_GPB_R", "actual") or 0
    assert float(revenue) / 10**10 == pytest.approx(sum(value or 0 for value in drawn[0].series[0].values))
    assert "修武县" in drawn[2].categories


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("papers")
    write_workbook(folder / "附表.xlsx", whole_book(), charts=charts(papers(), source()))
    write_docx(folder / "附表.docx", whole_book())
    return folder


def test_every_figure_of_the_workbook_is_the_one_of_the_book(written: Path) -> None:
    workbook = openpyxl.load_workbook(written / "附表.xlsx")
    compared = Counter[str]()
    for table in whole_set().tables:
        sheet = workbook[table.number]
        assert isinstance(sheet, Worksheet)
        for at, row in enumerate(table.rows, 4 + table.head_rows):
            for column, cell in enumerate(row.cells, 1):
                found = sheet.cell(at, column).value
                if isinstance(cell, Figure):
                    assert float(as_printed(from_book(cell), cell.unit, cell.decimals)) == found, (
                        table.title,
                        at,
                        column,
                    )
                elif isinstance(cell, Rate):
                    assert cell.number == found
                else:
                    assert cell == found
                compared[type(cell).__name__] += 1
    assert compared["Figure"] > 8000
    assert compared["Rate"] > 2000


def test_every_figure_of_the_document_is_the_one_of_the_book(written: Path) -> None:
    tables = docx.Document(str(written / "附表.docx")).tables
    assert len(whole_set().tables) == len(tables)
    compared = 0
    for table, found in zip(whole_set().tables, tables, strict=True):
        rows = [[str(cell.xpath("string(.)")) for cell in row.tc_lst] for row in found._tbl.tr_lst[table.head_rows :]]
        assert len(table.rows) == len(rows)
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                if isinstance(cell, Figure):
                    assert f"{as_printed(from_book(cell), cell.unit, cell.decimals):,}" == text, table.title
                    compared += 1
                else:
                    assert str(cell or "") == text
    assert compared > 8000


def test_the_whole_set_without_pdf_takes_less_than_thirty_seconds(tmp_path: Path) -> None:
    start = process_time()
    printed = print_set(papers(), source())
    rounded_tables = rounded_set(printed, "controlled").tables
    book = bound(papers(), printed.made, rounded_tables, "焦作市")[""]
    write_workbook(tmp_path / "附表.xlsx", book, charts=charts(papers(), source()))
    write_docx(tmp_path / "附表.docx", book)
    assert process_time() - start < 30


def test_an_attachment_knows_the_forms_and_scopes_it_shows() -> None:
    (bonds,) = (one for one in papers().attachments if one.id == "debt_bonds")
    assert isinstance(bonds, Attachment)
    assert (frozenset({"debt_bonds"}), frozenset({"全市", "市级"})) == (bonds.forms, bonds.scopes)
