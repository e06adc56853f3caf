"""What people do to labels, formulas and settings of a return is told, with old and new."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from budgetbook.checks import check_one
from budgetbook.door.written import take_apart
from budgetbook.intake import take_in
from budgetbook.returns import Return, read_return
from budgetbook.returns.values import understood
from budgetbook.workspace import Workspace
from budgetbook.xlsx.read import read
from budgetbook.xlsx.scan import formula_words, quick_look
from tests.conftest import book, small_shape
from tests.returns.filled_return import PACKAGE

Edit = Callable[[Workbook], None]


def returned(edit: Edit) -> Return:
    book = openpyxl.load_workbook(io.BytesIO(PACKAGE))
    edit(book)
    target = io.BytesIO()
    book.save(target)
    ret = read_return(small_shape(), read(target.getvalue()), "a.xlsx", "")
    assert isinstance(ret, Return), ret
    return ret


def told(edit: Edit, rule: str) -> list[tuple[str, str]]:
    return [(each.severity, each.says) for each in returned(edit).findings if each.rule == rule]


def transfers(book: Workbook) -> Worksheet:
    return next(page for page in book.worksheets if page["A1"].value == "form:gp_transfers")


def cover(book: Workbook) -> Worksheet:
    return next(page for page in book.worksheets if page["A1"].value == "form:cover")


def put(cell: str, value: object) -> Edit:
    def edit(book: Workbook) -> None:
        transfers(book)[cell].value = value

    return edit


def test_nothing_is_told_of_a_return_that_was_only_filled_in() -> None:
    assert {"F-06", "K-04"} >= {each.rule for each in returned(lambda book: None).findings}


def test_formulas_saved_without_results_are_told_once_and_judged_by_nothing() -> None:
    filled = returned(put("D7", 5))
    found = [*filled.findings, *check_one(small_shape(), filled)]
    assert [] == [each.says for each in found if each.rule in ("K-03", "R-COL-01", "R-COL-02")]
    ((severity, says),) = [(each.severity, each.says) for each in found if each.rule == "K-04"]
    assert ("note", True) == (severity, "个比率和增减额单元格没有计算结果，已按" in says)


def test_a_ratio_that_has_nothing_to_show_is_blank_and_not_without_result(space: Workspace) -> None:
    (space.returned / "a.xlsx").write_bytes(space.package(book("A", {("gp_revenue", "10104", "actual"): 5})))
    *_, came = take_in(space, [space.returned])
    assert [] == [each.says for each in came.returns["A"].findings if each.rule == "K-04"]


@pytest.mark.parametrize("other", ["&#34920;", "&#x8868;", "表"])
def test_a_formula_is_the_same_however_its_letters_are_written(other: str) -> None:
    xml = f'<worksheet><sheetData><row r="1"><c r="A1"><f>\'{other}\'!B1&amp;lt;&lt;1</f><v>2</v></c></row></sheetData></worksheet>'
    look, written = quick_look(xml.encode()), take_apart(xml.encode())
    assert look
    assert ["'表'!B1&lt;<1"] == list(look.facts.formulas.values())
    assert ["'表'!B1&lt;<1"] == [*map(formula_words, written.formulas[1:2])] if written else "#x" in other


def test_a_sheet_of_a_neighbour_is_named() -> None:
    ((severity, says),) = told(put("B2", "填报单位：乙县"), "F-04")
    assert "error" == severity
    assert "写的填报单位是乙县，文件却是甲县的" in says


def test_a_unit_that_nobody_knows_is_asked_about() -> None:
    ((severity, says),) = told(put("B2", "填报单位：甲县财政局"), "F-04")
    assert ("warning", True) == (severity, "“甲县财政局”" in says)


def test_a_sheet_of_last_year_is_named() -> None:
    def edit(book: Workbook) -> None:
        page = transfers(book)
        for cell in page[3]:
            if cell.value:
                cell.value = str(cell.value).replace("2025", "2024").replace("2026", "2025")

    ((severity, says),) = told(edit, "F-03")
    assert ("error", True) == (severity, "多半是从别的年度的表里复制来的" in says)


def test_two_headings_exchanged_above_their_keys_are_told_at_both_columns() -> None:
    def edit(book: Workbook) -> None:
        page = transfers(book)
        page["D3"].value, page["E3"].value = page["E3"].value, page["D3"].value

    found = [each for each in returned(edit).findings if each.rule == "K-02"]
    assert 2 == len({each.column for each in found if each.severity == "error"})
    assert {"D3", "E3"} == {each.cell for each in found}
    assert [] == [each.says for each in found if not each.says.startswith(f"{each.sheet}!{each.cell} 的栏名是“")]


def test_a_line_under_another_name_is_told_with_both_names() -> None:
    ((severity, says),) = told(put("C6", "本地自设项目"), "K-01")
    assert "warning" == severity
    assert "改成了“本地自设项目”" in says


@pytest.mark.parametrize(("rows", "findings"), [([7], 1), ([7, 8], 2), ([7, 8, 9, 10, 11], 1)])
def test_lines_without_code_and_name_are_told_as_read_by_their_hidden_key(rows: list[int], findings: int) -> None:
    def edit(book: Workbook) -> None:
        for row in rows:
            transfers(book)[f"B{row}"].value = transfers(book)[f"C{row}"].value = None

    found = told(edit, "K-01")
    assert ["warning"] * findings == [severity for severity, _ in found]
    assert all("编码和名称都没有了" in says for _, says in found)


def test_a_copy_of_a_line_whose_formulas_lost_their_results_is_no_copy_to_be_read() -> None:
    def edit(book: Workbook) -> None:
        page = transfers(book)
        page["D7"].value = "=1+2"
        for column in "ABC":
            page[f"{column}90"].value = page[f"{column}7"].value
        page["D90"].value = 5

    assert any(severity == "error" and "有 2 份且内容不同" in says for severity, says in told(edit, "K-01"))


@pytest.mark.parametrize("cell", ["C2", "C7"])
def test_a_figure_where_a_label_belongs_is_reported(cell: str) -> None:
    assert any(cell in says and "123" in says for _, says in told(put(cell, 123), "K-07"))


def test_a_total_with_another_formula_is_shown_with_both() -> None:
    page = transfers(openpyxl.load_workbook(io.BytesIO(PACKAGE)))
    total = next(cell for row in page.iter_rows() for cell in row if str(cell.value).startswith("=IF(COUNT("))
    ((severity, says),) = told(put(total.coordinate, "=SUM(D7:D8)"), "K-03")
    assert "note" == severity
    assert f"应为 {total.value}，现在是 =SUM(D7:D8)" in says


def test_a_row_put_in_among_the_parts_of_a_total_changes_no_formula() -> None:
    """As Excel does it: lines below move, and references grow with them."""

    def edit(book: Workbook) -> None:
        page = transfers(book)
        formulas = {cell.coordinate: cell.value for row in page.iter_rows() for cell in row if cell.data_type == "f"}
        page.insert_rows(8)
        for coordinate, formula in formulas.items():
            column, row = coordinate[0], int(coordinate[1:])
            page[f"{column}{row + (row >= 8)}"].value = _grown(formula, 8)

    assert [] == told(edit, "K-03")


def _grown(formula: str, at: int) -> str:
    import re

    def moved(found: re.Match[str]) -> str:
        return f"{found[1]}{int(found[2]) + (int(found[2]) >= at)}"

    return re.sub(r"(?<![A-Za-z'!])([A-Z]{1,2})([0-9]+)(?![0-9]*['!(])", moved, formula)


def test_a_cover_of_another_year_or_unit_is_named() -> None:
    def put_on_cover(line: str, value: str) -> Edit:
        def edit(book: Workbook) -> None:
            page = cover(book)
            row = next(row for row in range(1, 20) if page.cell(row, 1).value == line)
            page.cell(row, 4).value = value

        return edit

    assert ["error"] == [severity for severity, _ in told(put_on_cover("year", "2025"), "F-03")]
    ((_, says),) = told(put_on_cover("unit", "高新区"), "F-04")
    assert "封面写的是高新区（A），文件却是下发给甲县（A）的" in says


def test_hidden_rows_with_figures_count_and_are_told() -> None:
    def edit(book: Workbook) -> None:
        transfers(book).row_dimensions[7].hidden = True

    ((severity, says),) = told(edit, "K-07")
    assert ("warning", True) == (severity, "第 7 行被隐藏或筛掉，里面有数，照常计入" in says)


def test_a_figure_in_a_comment_is_told() -> None:
    def edit(book: Workbook) -> None:
        transfers(book)["D7"].comment = Comment("应为 168", "老王")

    ((severity, says),) = told(edit, "K-07")
    assert ("note", True) == (severity, "D7 的批注里写有数字“应为 168”" in says)


def test_manual_calculation_is_told() -> None:
    def edit(book: Workbook) -> None:
        book.calculation.calcMode = "manual"

    ((severity, says),) = told(edit, "K-10")
    assert ("warning", True) == (severity, says.startswith("文件设成了手动计算"))


def test_the_receipt_has_old_and_new_place() -> None:
    def edit(book: Workbook) -> None:
        transfers(book).insert_rows(1, 2)

    receipt = next(each for each in returned(edit).receipts if each.moved)
    assert receipt.content == receipt.placed + receipt.labels + receipt.reported
    assert ("第 5", "第 7") == (receipt.moved[0].old[:3], receipt.moved[0].new[:3])


def test_a_file_of_a_few_sheets_is_called_a_part() -> None:
    ((severity, says),) = told(lambda book: None, "F-06")
    assert ("error", True) == (severity, "文件里只有 4 张表" in says)


@pytest.mark.parametrize("text", ["10²", "①", "½", "⑴", "⒈", "(-5)", "٣", "１０%"])
def test_text_that_only_looks_like_a_number_after_losing_its_meaning_is_no_number(text: str) -> None:
    assert ("U-02", None) == (understood(text, "万元").rule, understood(text, "万元").fen)


@pytest.mark.parametrize(
    "text", ["１２３４．５", "1,234.5", "1 234.5", "(1,234.5)", "－1234.5", "1234.5万元", "１，２３４．５"]
)
def test_text_that_is_plainly_a_number_is_taken_and_told(text: str) -> None:
    reading = understood(text, "万元")
    assert ("U-02", "warning", 1_234_500_000) == (reading.rule, reading.severity, abs(reading.fen or 0))


@pytest.mark.parametrize(("unit", "severity"), [("元", "error"), ("亿元", "error"), ("万圆", "warning")])
def test_another_unit_of_account_above_the_figures_is_told_with_its_cell(unit: str, severity: str) -> None:
    def edit(book: Workbook) -> None:
        label = next(cell for cell in transfers(book)[2] if cell.value == "单位：万元")
        label.value = f"单位：{unit}"

    ((found, says),) = told(edit, "U-09")
    assert severity == found
    assert f" 写的是“单位：{unit}”，应为“单位：万元”。请核对本表的数是否按万元填写" in says


@pytest.mark.parametrize("words", [None, "（万元）", "万元"])
def test_a_form_that_does_not_say_its_unit_of_account_is_told_as_read(words: str | None) -> None:
    def edit(book: Workbook) -> None:
        label = next(cell for cell in transfers(book)[2] if cell.value == "单位：万元")
        label.value = words

    ((severity, says),) = told(edit, "U-09")
    assert ("note", True) == (severity, "没有写金额单位，按万元读取" in says)


@pytest.mark.parametrize(("words", "findings"), [("随便", 1), ("草案", 0), ("", 0)])
def test_words_that_are_none_of_the_choices_are_told_with_the_choices(words: str, findings: int) -> None:
    def edit(book: Workbook) -> None:
        page = cover(book)
        row = next(cell.row for cell in page["A"] if cell.value == "basis")
        page.cell(row, 4).value = words

    found = told(edit, "K-09")
    assert findings == len(found)
    assert all("“编报依据”填的是“随便”，只能填“人代会批准”、“代编”、“草案”之一" in says for _, says in found)


@pytest.mark.parametrize("text", ["26666 27000", "1 2", "120\n300", "1234 567", "1 234 56", "1. 5", "1.234 567"])
def test_two_numbers_in_a_cell_are_no_number(text: str) -> None:
    reading = understood(text, "万元")
    assert ("U-02", "error", None) == (reading.rule, reading.severity, reading.fen)


@pytest.mark.parametrize("text", ["1 234 567", " 1234567 ", "\n1234567万元", "1\u00a0234\u00a0567 万元"])
def test_spaces_between_thousands_or_around_a_number_mean_nothing(text: str) -> None:
    assert 1_234_567_000_000 == understood(text, "万元").fen


def test_a_number_in_another_unit_is_told_as_it_was_read() -> None:
    reading = understood("2.6666亿元", "万元")
    assert ("U-02", "warning", 26_666_000_000) == (reading.rule, reading.severity, reading.fen)
    assert "已按 26666 万元读取" in reading.says


def test_decimals_are_judged_in_the_unit_of_the_form() -> None:
    assert "超过两位小数" in understood("12345元", "万元").says
    assert "超过两位小数" not in understood("2.6666亿元", "万元").says


def test_figures_in_sentences_are_written_as_figures() -> None:
    assert any("“-1,300”" in says for _, says in told(put("K7", -1300.0), "K-07"))
    assert any("是负数 -1,300.5，" in says for _, says in told(put("D7", -1300.5), "R-SIGN-01"))


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (1e15, "的数 1,000,000,000,000,000 过大"),
        (-123456789012.5, "的数 -123,456,789,012.5 过大"),
        (1e300, "的数有 301 位，过大"),
        (float("inf"), "的数过大"),
        (1234567.125, "的数 1,234,567.125 超过两位小数"),
    ],
)
def test_a_number_is_told_as_a_person_writes_it(value: float, says: str) -> None:
    assert understood(value, "万元").says.startswith(says)
