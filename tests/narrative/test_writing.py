"""A report written from the books ties out, number by number; its template is only a form to be filled in."""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any
from zipfile import ZipFile

import docx
import pytest

from budgetbook.book import Book
from budgetbook.narrative.house_style import HouseStyle, StyleError, read_style
from budgetbook.narrative.judged import BROKEN
from budgetbook.narrative.standing import Standing
from budgetbook.narrative.tie_out import Verdict, coverage, tie_out
from budgetbook.narrative.writing import report_fields
from budgetbook.report.files import read_paragraphs
from budgetbook.report.template import ReportTemplateError, filled_in
from tests.test_sample import all_books, sample_shape

from .base import DEFINITIONS, claim_map, judged, read, standing, tied, written

TEMPLATE = DEFINITIONS / "report.docx"
YI, WAN = 10**10, 10**6


def style() -> HouseStyle:
    return read_style(written("writing.toml"))


def fields(books: Standing | None = None) -> Mapping[str, Any]:
    return report_fields(books or standing(), claim_map(), style(), "焦作市")


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_report_template", DEFINITIONS / "make_report_template.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def template(folder: Path, *lines: str) -> Path:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(str(folder / "report.docx"))
    return folder / "report.docx"


def filled(folder: Path, made: bytes) -> list[str]:
    (folder / "报告.docx").write_bytes(made)
    return read_paragraphs(folder / "报告.docx")


def test_every_number_that_is_written_agrees_with_the_books(tmp_path: Path) -> None:
    lines = filled(tmp_path, filled_in(TEMPLATE, fields()))
    ties = tied(*lines)
    assert {Verdict.AGREES} == {tie.verdict for tie in ties}
    assert (220, 220) == coverage(ties)
    assert () == read(*lines).unread


def test_what_is_written_contradicts_itself_only_where_the_published_figures_do(tmp_path: Path) -> None:
    lines = filled(tmp_path, filled_in(TEMPLATE, fields()))
    assert ["R-COL-03C"] == [each.id for each in judged(*lines) if each.verdict == BROKEN]


def test_other_books_are_written_as_truly(tmp_path: Path) -> None:
    """The same city a seventh larger: other roundings, other largest items."""
    shape = sample_shape()
    books = {
        code: Book(book.unit, shape, book.fen * 8 // 7 // WAN * WAN, book.given, book.texts).computed()
        for code, book in all_books().items()
        if book.unit.level != "node"
    }
    from budgetbook.consolidation import consolidate

    larger = Standing(shape, {**books, **consolidate(shape, books).books}, {})
    lines = filled(tmp_path, filled_in(TEMPLATE, fields(larger)))
    assert {Verdict.AGREES: 220} == Counter(tie.verdict for tie in tie_out(read(*lines), larger, claim_map()))


def test_the_largest_items_are_named_and_the_rest_is_said_to_be_there(tmp_path: Path) -> None:
    said = fields()
    assert "，加上调出资金 0.15 亿元" == said["全市"]["国有资本经营"]["支出"]["加上"]
    assert said["全市"]["一般公共预算"]["收入"]["加上"].endswith("等 192.9 亿元")
    amounts = {"甲": Fraction(5), "乙": Fraction(70), "丙": Fraction(21), "丁": Fraction(0)}
    assert "乙、丙等" == style().named(amounts, Fraction(100))
    assert "乙、甲" == style().named({"甲": Fraction(30), "乙": Fraction(70)}, Fraction(100))


@pytest.mark.parametrize(
    ("fen", "budget", "drafted", "said"),
    [
        (9 * YI, "general_public", False, "9 亿元"),
        (13449 * YI // 100, "general_public", False, "134.5 亿元"),
        (64117 * YI // 100, "debt", False, "641.17 亿元"),
        (52 * YI // 100, "state_capital", False, "0.5 亿元"),
        (52 * YI // 100, "state_capital", True, "0.52 亿元"),
        (764 * WAN, "state_capital", False, "764 万元"),
        (1000 * WAN, "state_capital", False, "0.1 亿元"),
        (0, "state_capital", False, "0 元"),
    ],
)
def test_money_is_written_by_the_house_rules(fen: int, budget: str, drafted: bool, said: str) -> None:
    assert said == style().money(Fraction(fen), budget, drafted)


@pytest.mark.parametrize(
    ("ratio", "said"),
    [("0.0514", "同比增长 5.1%"), ("-0.058", "同比下降 5.8%"), ("0.0004", "与上年持平"), ("0.02", "同比增长 2%")],
)
def test_growth_is_written_with_its_direction(ratio: str, said: str) -> None:
    assert said == style().change(Fraction(ratio))


def test_a_budget_that_was_not_adjusted_is_measured_by_the_initial_one() -> None:
    shape = sample_shape()
    books = dict(all_books())
    book = books["410871"]
    fen = book.fen.copy()
    before, after = (shape.place("gp_revenue", "T_GPB_R", column) for column in ("initial", "adjusted"))
    fen[after] = fen[before]
    books["410871"] = Book(book.unit, shape, fen, book.given)
    city = books["410800SJ"]
    same = city.fen.copy()
    same[after] = same[before]
    books["410800SJ"] = Book(city.unit, shape, same, city.given)
    side = fields(Standing(shape, books, {}))["市级"]["一般公共预算"]["收入"]
    assert (False, True) == (side["调整过"], side["完成率"].startswith("，为年初预算的 "))


def test_the_day_of_article_54_comes_from_the_remark_of_the_form(tmp_path: Path) -> None:
    assert "" == fields()["市级"]["预先安排"]["截止日"]
    books = dict(all_books())
    book = books["410800BJ"]
    books["410800BJ"] = Book(
        book.unit, book.shape, book.fen, book.given, book.texts | {("pre_approval", "YA", "reason"): "截至2月4日"}
    )
    dated = Standing(sample_shape(), books, {})
    lines = filled(tmp_path, filled_in(TEMPLATE, fields(dated)))
    assert lines[-1].startswith("截至 2026 年 2 月 4 日，市级一般公共预算支出 3.24 亿元，其中：基本支出 3.02 亿元")
    assert {Verdict.AGREES: 223} == Counter(tie.verdict for tie in tie_out(read(*lines), dated, claim_map()))


def test_the_program_makes_the_template_that_is_in_the_tree() -> None:
    made = [(style, text) for style, text in maker().paragraphs()]
    kept = [(each.style.name if each.style else "", each.text) for each in docx.Document(str(TEMPLATE)).paragraphs]
    assert made == kept


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{{ 全市.一般公共预算.收入.年中预算 }}", "report.docx 用到的数在报表里没有（"),
        ("{{ 全省 }}", "report.docx 用到的数在报表里没有（'全省' is undefined）。请核对模板里的名称"),
        ("{{ 全市.一般公共预算.收入.完成 ", "report.docx 的花括号写得不对（"),
        ("{{ ''.__class__.__mro__ }}", "report.docx 里有不允许的写法（"),
        ("{{ 城市.__init__.__globals__ }}", "report.docx 里有不允许的写法（"),
    ],
)
def test_a_template_that_cannot_be_filled_in_is_refused(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(ReportTemplateError) as error:
        filled_in(template(tmp_path, line), fields())
    assert str(error.value).startswith(says)


def test_names_are_text_and_never_markup(tmp_path: Path) -> None:
    made = filled_in(template(tmp_path, "{{ 城市 }}。"), {"城市": "甲<w:p/>&乙"})
    assert ["甲<w:p/>&乙。"] == filled(tmp_path, made)


def test_the_same_books_give_the_same_words(tmp_path: Path) -> None:
    for name in ("甲", "乙"):
        (tmp_path / name).write_bytes(filled_in(TEMPLATE, fields()))
    first, second = (ZipFile(tmp_path / name).read("word/document.xml") for name in ("甲", "乙"))
    assert first == second


def test_a_broken_style_is_refused() -> None:
    with pytest.raises(StyleError) as error:
        read_style(written("writing.toml").replace("[small]", "[smal]"), "x.toml")
    assert "x.toml 缺少“small”一项。请从原文件补上这一项。" == str(error.value)
