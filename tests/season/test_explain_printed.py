"""A number of the papers or of the report is what its figures make it, and is followed to the cells of the returns."""

from __future__ import annotations

import functools
import io
import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import docx
import openpyxl
import pytest
from click.testing import Result

from budgetbook.book import derived
from budgetbook.inquiry.explanation import Explanation
from budgetbook.inquiry.printed import _composed, _followed
from budgetbook.narrative.house_style import read_style
from budgetbook.narrative.standing import Standing
from budgetbook.narrative.traced import Tracer
from budgetbook.narrative.writing import report_fields
from budgetbook.papers.attachments import print_set
from budgetbook.papers.definitions import FILE, read_papers
from budgetbook.papers.made_of import Figures, made_of
from budgetbook.papers.printed import Figure, Rate
from budgetbook.papers.rows import Source
from budgetbook.report.job import STYLE, TEMPLATE
from budgetbook.report.template import filled_in
from budgetbook.settings import data_folder
from budgetbook.workspace import Workspace
from tests.conftest import book
from tests.narrative.base import claim_map, read
from tests.season.city import SMALL, copied, run, sample_origins, sample_space

TEMPLATES = data_folder("templates") / "2026"
REPORT = """关于某市2025年预算执行情况和2026年预算草案的报告
一、2025年预算执行情况
（一）一般公共预算
2025年全市一般公共预算收入完成31.25万元，为年初预算的156.3%。
"""


@functools.cache
def numbers() -> list[Figure | Rate]:
    """Every number of the sample's papers."""
    papers = read_papers(TEMPLATES / FILE, sample_space().catalogue)
    tables = print_set(papers, Source(sample_space().shape, sample_origins().books, "焦作市")).tables
    cells = (cell for table in tables for row in table.rows for cell in row.cells)
    return [cell for cell in cells if isinstance(cell, Figure | Rate)]


def total(figures: Figures) -> Fraction | None:
    values = [sample_origins().books[unit].value(*key) for unit, key in figures]
    given = [value for value in values if value is not None]
    return sum(given, Fraction(0)) if given else None


def stated(number: Figure | Rate) -> Fraction:
    return Fraction(number.exact) if isinstance(number, Figure) else Fraction(number.numerator, number.denominator)


def test_every_number_of_the_papers_knows_the_figures_it_was_made_of() -> None:
    for number in numbers():
        made = made_of(number.id)
        above, below = total(made.above), total(made.below)
        value = above if made.how == "sum" else derived("percent" if made.how == "percent" else made.how, above, below)
        assert stated(number) == value, number
    assert len(numbers()) > 10_000


def adds_up(found: Explanation) -> bool:
    return found.value == found.recomputed() and all(adds_up(part) for part in found.parts)


def test_a_number_of_the_papers_adds_up_from_the_cells_of_returns() -> None:
    for number in numbers()[::101]:
        made = made_of(number.id)
        found = _composed(sample_origins(), made.how, made.above, made.below)
        assert (stated(number), True) == (found.value, adds_up(found)), number


def written(standing: Standing) -> list[str]:
    """The report as it is written from the sample."""
    style = read_style((TEMPLATES / STYLE).read_text(encoding="utf-8"), STYLE)
    made = filled_in(TEMPLATES / TEMPLATE, report_fields(standing, claim_map(), style, "焦作市"))
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(made)).paragraphs]


def claims() -> Iterator[tuple[Explanation, Fraction | None]]:
    tracer, origins = Tracer(claim_map(), sample_space().catalogue), sample_origins()
    standing = Standing(sample_space().shape, origins.books, origins.returns)
    for claim in read(*written(standing)).claims:
        formula, units = tracer.formula(claim), tracer.units(claim)
        if formula and units:
            yield _followed(origins, sample_space(), formula, units), standing.value(formula, units)


def test_every_claim_of_the_base_report_adds_up_to_what_the_check_holds_it_against() -> None:
    found = list(claims())
    assert [value for _, value in found] == [explained.value for explained, _ in found]
    assert [] == [explained.key for explained, _ in found if not adds_up(explained)]
    assert len(found) > 200


@pytest.fixture(scope="module")
def printed(filled: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The small city with its papers and its report."""
    space = copied(filled, tmp_path_factory.mktemp("printed") / "city")
    done = run("attach", "-w", space.folder, "-o", space.folder, "--rounding", "plain")
    assert 0 == done.exit_code, done.output
    (space.folder / "报告.txt").write_text(REPORT, encoding="utf-8")
    return space


def spot(space: Workspace) -> str:
    """Where 企业所得税 执行数 stands in 表一."""
    sheet = openpyxl.load_workbook(space.folder / "附表.xlsx")["表一"]
    heads = [str(cell.value) for cell in sheet[4]]
    (row,) = (row[0].row for row in sheet.iter_rows() if row[0].value == "企业所得税")
    return f"表一!{'ABCDEFGH'[heads.index('2025年执行数')]}{row}"


def asked(space: Workspace, *words: object) -> Result:
    return run("explain", *words, "-w", space.folder)


def test_a_cell_of_the_papers_is_followed_to_the_returns_in_text_json_and_links(printed: Workspace) -> None:
    target = printed.folder / "来源.xlsx"
    result = asked(
        printed, printed.folder / "附表.xlsx", spot(printed), "--xlsx", target, "--json", printed.folder / "a.json"
    )
    assert (0, True, True) == (result.exit_code, "30 万元" in result.stdout, "← BJ.xlsx" in result.stdout), (
        result.output
    )
    told = json.loads((printed.folder / "a.json").read_text(encoding="utf-8"))
    assert (30, "表一") == (told["explanation"]["value"], told["name"][:2])
    sheet = openpyxl.load_workbook(target)["数的来源"]
    links = [cell.hyperlink.location for row in sheet for cell in row if cell.hyperlink]
    assert ["'表01 一般公共预算收入表'!G9"] * 3 == links


def test_papers_that_are_older_than_a_return_say_so(printed: Workspace, tmp_path: Path) -> None:
    space = copied(printed, tmp_path / "later")
    (space.returned / "A.xlsx").write_bytes(
        space.package(book("A", SMALL["A"] | {("gp_revenue", "10104", "actual"): 26}))
    )
    result = asked(space, space.folder / "附表.xlsx", spot(space))
    assert (1, True) == (result.exit_code, "附表中印的是 30 万元，按现有的返回表是 36 万元" in result.stdout), (
        result.output
    )


@pytest.mark.parametrize(
    ("said", "holds"),
    [("31.25万元", "31.25 万元"), ("156.3%", "分子：全市  表01“本年收入合计”2025年执行数  31.25 万元")],
)
def test_a_number_of_the_report_is_followed_to_the_returns(said: str, holds: str, printed: Workspace) -> None:
    """市本级 7 + 高新区 3 + 甲县 21.25, of 20 in the budget."""
    result = asked(printed, printed.folder / "报告.txt", said)
    assert (0, True, True) == (result.exit_code, holds in result.stdout, "← A.xlsx" in result.stdout), result.output


@pytest.mark.parametrize(
    ("file", "where", "says"),
    [
        ("附表.xlsx", "表一!A1", "不是印出来的数"),
        ("附表.xlsx", "C7", "请写成“表一!C7”的样子"),
        ("报告.txt", "987654 亿元", "没有“987654 亿元”这个预算数"),
        ("没有.docx", "1", "没有找到"),
    ],
)
def test_what_cannot_be_followed_is_one_sentence(printed: Workspace, file: str, where: str, says: str) -> None:
    result = asked(printed, printed.folder / file, where)
    assert (2, True) == (result.exit_code, says in result.stderr), result.output
