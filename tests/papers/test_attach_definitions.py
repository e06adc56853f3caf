"""What staff write wrongly in attachments.toml is refused with file, entry and remedy; nothing is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from budgetbook.papers.definitions import FILE, read_papers
from budgetbook.problems import DefinitionError
from tests.papers.sample_papers import DEFINITIONS, defined, papers, shape

GOOD = """
[[attachment]]
id = "mine"
title = "{Y}年{scope}自定表"
budget = "其他"
stage = "草案"
form = "gp_revenue"
columns = ["budget"]
"""


def refusal(text: str, folder: Path) -> str:
    with pytest.raises(DefinitionError) as refused:
        defined(text, folder)
    return str(refused.value)


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ('form = "gp_revenue"', 'form = "gp_revenu"', "“mine”用到不存在的表“gp_revenu”，请改成 cover、gp_revenue"),
        (
            'columns = ["budget"]',
            'columns = ["budgett"]',
            "“mine”用到表“gp_revenue”里没有的栏目“budgett”，请改成 prior",
        ),
        ('columns = ["budget"]', 'columns = "预算"', "“mine”用到没有定义的栏目组“预算”，请在 [columns] 中写上"),
        ('columns = ["budget"]', "", "“mine”没有写 columns（印哪些栏目）"),
        ('columns = ["budget"]', 'columns = ["budget"]\nlines = ["999"]', "“mine”用到表“gp_revenue”里没有的科目“999”"),
        ('columns = ["budget"]', 'columns = ["gp_revenue:999:budget"]', "“mine”用到表“gp_revenue”里没有的科目“999”"),
        (
            'columns = ["budget"]',
            'columns = [{ kind = "times", of = "budget", base = "actual" }]',
            "kind 写成了“times”，请改成 growth",
        ),
        (
            'columns = ["budget"]',
            'columns = [{ column = "budget", scope = "全省" }]',
            "“mine”的栏目用到范围“全省”，请改成 全市",
        ),
        ('stage = "草案"', 'stage = "预算"', "“mine”的 stage 写成了“预算”，请改成 执行、草案 之一"),
        ('stage = "草案"', 'stage = "草案"\nscope = "全省"', "“mine”的 scope 写成了“全省”，请改成 全市、市级"),
        ('stage = "草案"', 'stage = "草案"\ndepth = "节"', "“mine”的 depth 写成了“节”，请改成 类、款、项、目 之一"),
        ('stage = "草案"', 'stage = "草案"\npaper = "B5"', "“mine”的 paper 写成了“B5”，请改成 A4"),
        ('stage = "草案"', 'stage = "草案"\nunit = "千元"', "“mine”的 unit 写成了“千元”，请改成 元、万元、亿元 之一"),
        ('stage = "草案"', 'stage = "草案"\nlayout = "two_sided"', "“mine”是左右两栏的表，请写出 left"),
        ('stage = "草案"', 'stage = "草案"\ntitel = "错"', "“mine”里的 titel 不认识，可用的有 budget"),
        ('budget = "其他"', 'budget = "部门预算"', "“部门预算”不在 [binding] 的 budgets 中，请写成 一般公共预算"),
        ('id = "mine"', 'id = "three_public"', "“three_public”这个 id 用了两次，请改一个"),
        ('title = "{Y}年{scope}自定表"', "", "“mine”没有写 title，请补上"),
    ],
)
def test_a_wrong_entry_is_named_with_its_file_and_remedy(wrong: str, right: str, says: str, tmp_path: Path) -> None:
    refused = refusal(GOOD.replace(wrong, right), tmp_path)
    assert refused.startswith("attachments.toml 第 ")
    assert says in refused


def test_every_wrong_entry_is_told_in_one_go(tmp_path: Path) -> None:
    text = GOOD.replace("gp_revenue", "a") + GOOD.replace("mine", "other").replace("gp_revenue", "b")
    assert 2 == len(refusal(text, tmp_path).splitlines())


def test_a_file_that_is_not_toml_is_refused_in_a_sentence(tmp_path: Path) -> None:
    assert "写法不对。请检查这里的引号" in refusal("[[attachment]\n", tmp_path)


def test_a_missing_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="文件不存在"):
        read_papers(tmp_path / FILE, shape().catalogue)


def test_titles_carry_year_and_scope() -> None:
    assert {"2026年全市一般公共预算收入预算表（草案）", "2026年市级一般公共预算收入预算表（草案）"} == {
        one.title for one in papers().attachments if one.id == "gp_revenue_draft"
    }


def test_depth_may_differ_by_scope() -> None:
    depths = {one.scope: one.depth for one in papers().attachments if one.id == "gp_expenditure_draft"}
    assert {"全市": 3, "市级": 7} == depths


def test_headings_are_settings() -> None:
    heads = [one.text for one in next(one for one in papers().attachments if one.id == "gp_revenue_actual").columns]
    assert ["2025年预算数", "2025年执行数", "为调整预算%", "2024年决算数", "比2024年决算数"] == heads


def test_the_default_definitions_say_how_to_add_a_table() -> None:
    assert "加一张表：照抄一段 [[attachment]]" in DEFINITIONS.read_text(encoding="utf-8")


def test_without_a_binding_the_budgets_come_in_the_order_of_the_tables(tmp_path: Path) -> None:
    second = GOOD.replace('"mine"', '"yours"').replace('"其他"', '"一般公共预算"')
    (tmp_path / FILE).write_text(GOOD + second, encoding="utf-8")
    assert ("其他", "一般公共预算") == read_papers(tmp_path / FILE, shape().catalogue).binding.budgets
