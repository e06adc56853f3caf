"""A catalogue is edited by budget staff: what is broken is refused with file, line and remedy."""

import shutil
from pathlib import Path

import pytest

from budgetbook.catalogue import Catalogue
from budgetbook.definitions import read_catalogue
from budgetbook.problems import DefinitionError
from budgetbook.settings import data_folder
from budgetbook.tree_reader import read_tree
from tests.conftest import TREE, small_catalogue


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(data_folder("templates") / "2026", tmp_path / "2026"))


def refused(folder: Path) -> str:
    with pytest.raises(DefinitionError) as error:
        read_catalogue(folder, read_tree(TREE))
    return str(error.value)


def edited(folder: Path, name: str, old: str, new: str) -> Path:
    path = folder / name
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8-sig")
    return folder


def test_a_duplicate_code_is_refused_with_both_lines(folder: Path) -> None:
    says = refused(edited(folder, "lines/three_public.csv", "SG.2,", "SG.1,"))
    assert "lines/three_public.csv 第 4 行：科目编码“SG.1”与第 3 行重复" in says


def test_an_unknown_parent_is_refused(folder: Path) -> None:
    says = refused(edited(folder, "lines/three_public.csv", "SG.2,二、公务接待费,SG,", "SG.2,二、公务接待费,SX,"))
    assert "lines/three_public.csv 第 4 行：上级科目“SX”不存在" in says


def test_a_circular_total_is_refused(folder: Path) -> None:
    old = "T_GPB_R,本年收入合计,,total,gp_revenue:T_GPB_R,"
    says = refused(edited(folder, "lines/gp_balance.csv", old, "T_GPB_R,本年收入合计,,total,gp_balance:T_GPB_R_ALL,"))
    assert "又等于它自己" in says
    assert "lines/gp_balance.csv" in says


def test_an_unknown_column_is_refused(folder: Path) -> None:
    says = refused(edited(folder, "relations.csv", "initial adjusted actual budget", "initial adjusted actuall budget"))
    assert "relations.csv 第 2 行：R-SUM-03 用到表“gp_revenue”中不存在的栏目“actuall”，可用的有 prior、" in says


def test_a_relation_on_an_unknown_line_is_refused(folder: Path) -> None:
    assert "不存在的科目“T_GPB_X”" in refused(
        edited(folder, "relations.csv", "gp_balance:T_GPB_R_ALL", "gp_balance:T_GPB_X")
    )


def test_all_problems_are_told_at_once(folder: Path) -> None:
    edited(folder, "lines/three_public.csv", "SG.2,", "SG.1,")
    says = refused(edited(folder, "columns.csv", "revenue,prior,,amount", "revenue,prior,,amonut"))
    assert "科目编码“SG.1”" in says
    assert "栏目类型“amonut”不认识" in says


def test_a_csv_saved_by_excel_in_gbk_is_read(folder: Path) -> None:
    path = folder / "lines" / "three_public.csv"
    path.write_bytes(path.read_text(encoding="utf-8-sig").encode("gb18030"))
    assert (
        small_catalogue().form("three_public").lines
        == read_catalogue(folder, read_tree(TREE)).form("three_public").lines
    )


def test_the_year_stands_in_one_place(folder: Path) -> None:
    edited(folder, "catalogue.toml", "year = 2026", "year = 2027")
    catalogue = read_catalogue(folder, read_tree(TREE))
    assert "2027年预算数" == catalogue.form("gp_revenue").column("budget").heading
    assert "2025年决算数" == catalogue.form("gp_revenue").column("prior").heading
    assert not any("2024" in text for text in headings(catalogue))


def headings(catalogue: Catalogue) -> list[str]:
    return [column.heading for form in catalogue.forms for column in form.columns] + [
        form.title for form in catalogue.forms
    ]


def test_headings_and_the_base_of_the_draft_are_settings() -> None:
    settings = {"headings": {"actual": "{Y-1}年快报数"}, "draft_base": {"expenditure": "actual"}}
    catalogue = read_catalogue(data_folder("templates") / "2026", read_tree(TREE), settings)
    assert "2025年快报数" == catalogue.form("gp_revenue").column("actual").heading
    assert "actual" == catalogue.form("gp_expenditure").column("budget_growth").base
    assert "2026年预算数比2025年快报数增减%" == catalogue.form("gp_expenditure").column("budget_growth").heading


def test_a_tree_with_a_unit_in_two_places_or_no_single_root_is_refused() -> None:
    twice = [*TREE, {"code": "A", "name": "甲县", "level": "county", "parent": "SJ"}]
    rootless = [*TREE, {"code": "Z", "name": "另一市", "level": "node"}]
    with pytest.raises(DefinitionError, match="单位代码“A”出现两次"):
        read_tree(twice)
    with pytest.raises(DefinitionError, match="有且只有一个最上级单位"):
        read_tree(rootless)


def test_accounts_that_are_only_professional_memory_are_marked_as_such() -> None:
    marked = [line.code for form in small_catalogue().forms for line in form.lines if line.evidence == "memory"]
    assert "1030401" in marked
    assert 100 < len(marked) < 162


def test_expenditure_goes_down_to_item_level_as_article_46_asks() -> None:
    codes = [line.code for line in small_catalogue().form("gp_expenditure").lines]
    assert sum(len(code) == 7 for code in codes) > 1100


def test_there_are_eight_social_insurances_from_2026_and_seven_before() -> None:
    form = small_catalogue().form("si_balance")
    opened = {
        line.code: line.columns
        for line in form.lines
        if line.code.endswith(".open") and line.code not in ("SIF.open", "S10299.open")
    }
    assert 8 == len(opened)
    assert [code for code, columns in opened.items() if columns == {"budget"}] == ["SX_LTC_R.open"]


def test_a_node_deeper_than_its_members_is_refused_because_money_would_be_lost() -> None:
    with pytest.raises(DefinitionError, match="县级只填到第 1 层，汇总却要到更细的层，汇总会丢数"):
        read_catalogue(data_folder("templates") / "2026", read_tree(TREE), {"depth": {"gp_expenditure": {"county": 1}}})


def test_a_depth_that_is_no_number_is_refused() -> None:
    with pytest.raises(DefinitionError, match=r"depth\.gp_expenditure\.node = 类 不对"):
        read_catalogue(
            data_folder("templates") / "2026", read_tree(TREE), {"depth": {"gp_expenditure": {"node": "类"}}}
        )
