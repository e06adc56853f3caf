"""A rule that cannot mean what it says is refused with file, line and remedy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from budgetbook.definitions import NEEDED, read_catalogue
from budgetbook.problems import DefinitionError
from budgetbook.settings import data_folder
from budgetbook.tree_reader import read_tree
from tests.conftest import TREE

RELATIONS = (
    "id,severity,scope,left,sign,right,columns,blank,stage,says,remedy,basis,shadow,levels,from,until,explain,amounts"
)
RULES = "id,function,severity,levels,forms,lines,columns,limits,words,blank,stage,says,remedy,basis,from,until,shadow,explain,amounts"


def refused(tmp_path: Path, name: str, head: str, row: str) -> str:
    folder = Path(shutil.copytree(data_folder("templates") / "2026", tmp_path / "2026"))
    (folder / name).write_text(f"{head}\n{row}\n", encoding="utf-8-sig")
    with pytest.raises(DefinitionError) as error:
        read_catalogue(folder, read_tree(TREE))
    return str(error.value)


def relation(
    tmp_path: Path, left: str, right: str, rest: str = "actual,zero,,说明,处理,依据,,,,,,", sign: str = "="
) -> str:
    return refused(tmp_path, "relations.csv", RELATIONS, f"R-1,error,unit,{left},{sign},{right},{rest}")


def rule(tmp_path: Path, **changed: str) -> str:
    row = dict.fromkeys(RULES.split(","), "") | {
        "id": "R-1",
        "function": "growth",
        "severity": "warning",
        "forms": "gp_revenue",
        "columns": "growth",
        "limits": "rate=30 floor=1000 change=1000 depth=1",
        "blank": "skip",
        "says": "{name} {pct}",
        "basis": "依据",
    }
    return refused(tmp_path, "rules.csv", RULES, ",".join((row | changed).values()))


@pytest.mark.parametrize("name", ["relations.csv", "rules.csv", "flows.csv", "forms.csv", "columns.csv", "changes.csv"])
def test_a_file_without_its_heads_is_refused_with_those_it_lacks(tmp_path: Path, name: str) -> None:
    says = refused(tmp_path, name, "甲,乙", "1,2")
    assert f"{name} 第 1 行：第一行应是栏名，缺少 {NEEDED[name].replace(' ', '、')}，请从原目录" in says


def test_lines_without_their_heads_are_refused(tmp_path: Path) -> None:
    assert "gp_transfers.csv 第 1 行：第一行应是栏名，缺少 name、" in refused(
        tmp_path, "lines/gp_transfers.csv", "code", "1"
    )


def test_a_rule_book_without_a_relation_is_refused(tmp_path: Path) -> None:
    says = refused(tmp_path, "relations.csv", RELATIONS, "")
    assert "relations.csv 第 1 行：只有栏名，没有一条关系，请从原目录" in says


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert "relations.csv 第 1 行：第一行应是栏名，缺少 id、" in refused(tmp_path, "relations.csv", "", "")


def test_an_unknown_line_is_named_with_its_form(tmp_path: Path) -> None:
    says = relation(tmp_path, "gp_revenue:101", "gp_revenue:10X")
    assert "relations.csv 第 2 行：R-1 用到表“gp_revenue”中不存在的科目“10X”，请核对编码" in says


def test_an_unknown_form_is_named_with_those_there_are(tmp_path: Path) -> None:
    assert "R-1 用到不存在的表“gp_revenu”，可用的有 cover、gp_revenue" in relation(tmp_path, "gp_revenu:101", "")


def test_a_relation_between_percentages_and_money_is_refused(tmp_path: Path) -> None:
    says = relation(tmp_path, "gp_revenue:101", "indicators:tax_ratio")
    assert "relations.csv 第 2 行：R-1 把不同单位的表放在一起比较：gp_revenue（万元）、indicators（%）" in says
    assert "“税收收入占一般公共预算收入比重（税比）”不是金额行，请改用金额行" in says


def test_a_relation_that_compares_a_figure_with_itself_is_refused(tmp_path: Path) -> None:
    says = relation(tmp_path, "gp_revenue:101", "gp_revenue:101 gp_revenue:103")
    assert "R-1 的左右两边都有“gp_revenue:101”，等于拿它和它自己比，请从一边去掉" in says


def test_the_same_line_in_two_columns_is_no_circle(tmp_path: Path) -> None:
    says = relation(tmp_path, "gp_revenue:101@actual", "gp_revenue:101@adjusted gp_revenue:10X@actual")
    assert "左右两边" not in says


def test_words_outside_the_choices_are_refused_with_the_choices(tmp_path: Path) -> None:
    says = relation(tmp_path, "gp_revenue:101", "", "actual,none,,说明,处理,依据,,counties,2026-13-01,,revenu,", "==")
    assert "sign“==”应为 =、<=、>= 之一" in says
    assert "blank“none”应为 skip、zero、finding 之一" in says
    assert "levels“counties”应为 county、zone、city、node、root、adjustment 之一" in says
    assert "from“2026-13-01”应为日期，例如 2026-01-01" in says
    assert "explain“revenu”不是情况说明表的科目" in says


def test_a_flow_that_a_county_cannot_have_with_the_province_is_refused_with_those_there_are() -> None:
    tree = read_tree([{**row, "direct": ["R-LVL-12", "1100"]} if row["code"] == "A" else row for row in TREE])
    with pytest.raises(DefinitionError) as error:
        read_catalogue(data_folder("templates") / "2026", tree)
    assert "单位“甲县”的 direct 写了不存在的往来“1100”，应为 true，或 R-LVL-10、11001、" in str(error.value)


def test_a_rule_without_its_basis_is_refused(tmp_path: Path) -> None:
    says = relation(tmp_path, "gp_revenue:101", "", "actual,zero,,说明,处理,,,,,,,")
    assert "R-1 没有写说明（says）或依据（basis），请补上" in says


def test_an_id_used_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    assert "规则编号“R-BAL-01”与 relations.csv 第" in rule(tmp_path, id="R-BAL-01")


def test_an_unknown_column_is_named_with_those_there_are(tmp_path: Path) -> None:
    says = relation(tmp_path, "gp_revenue:101@actuals", "gp_revenue:103@actual")
    assert "R-1 用到表“gp_revenue”中不存在的栏目“actuals”，可用的有 prior、initial、adjusted、actual、budget" in says


def test_a_column_that_no_form_of_a_rule_has_is_refused(tmp_path: Path) -> None:
    assert "rules.csv 第 2 行：R-1 用到gp_revenue 中都没有的栏目“grow”，请改正" in rule(tmp_path, columns="grow")


def test_an_unknown_line_of_a_rule_is_refused(tmp_path: Path) -> None:
    says = rule(tmp_path, lines="gp_revenue:10X | gp_revenue:101")
    assert "rules.csv 第 2 行：R-1 用到不存在的科目“gp_revenue:10X”，请核对表名和编码" in says


def test_a_term_that_is_none_is_refused(tmp_path: Path) -> None:
    assert "relations.csv 第 2 行：R-1 的“@actual”不是“表:科目@栏目”的写法，请改正" in relation(tmp_path, "@actual", "")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("1,补助,city_transfers:2300X,gp_transfers:11001,R-LVL-10", "往来“补助”用到不存在的科目“city_transfers:2300X”"),
        (
            "1,补助,@actual,gp_transfers:11001,R-LVL-10",
            "往来“补助”的“@actual”不是“表:科目”的写法，请改正，例如",
        ),
        ("1,补助,city_transfers:23001,,R-LVL-10", "往来“补助”没有写收方（receiver），请补上"),
        (
            "1,补助,city_transfers:23001,gp_transfers:11001,R-LVL-9",
            "往来“补助”的规则“R-LVL-9”不是 rules.csv 中函数为 flows 的规则，可用的有 R-LVL-10、R-LVL-11、",
        ),
    ],
)
def test_a_flow_that_leads_nowhere_is_refused(tmp_path: Path, row: str, says: str) -> None:
    assert f"flows.csv 第 2 行：{says}" in refused(tmp_path, "flows.csv", "id,name,payer,receiver,rule", row)


def test_a_total_that_is_made_of_itself_is_refused(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(data_folder("templates") / "2026", tmp_path / "2026"))
    path = folder / "lines" / "debt_onlending.csv"
    rows = path.read_text(encoding="utf-8-sig").splitlines()
    cells = next(row for row in rows if row.startswith("D7.G,")).split(",")
    cells[4] = "D7.G D7.2"
    changed = [",".join(cells) if row.startswith("D7.G,") else row for row in rows]
    path.write_text("\n".join(changed) + "\n", encoding="utf-8-sig")
    with pytest.raises(DefinitionError, match=r"合计“debt_onlending:D7\.G”经过若干层又等于它自己，请改正组成关系"):
        read_catalogue(folder, read_tree(TREE))


def test_an_unknown_function_is_refused_with_those_there_are(tmp_path: Path) -> None:
    assert "rules.csv 第 2 行：R-1 的函数“grow”不存在，可用的有 reading、totals" in rule(tmp_path, function="grow")


def test_a_threshold_that_is_missing_is_asked_for_by_name(tmp_path: Path) -> None:
    says = rule(tmp_path, limits="rate=30 floor=1000 change=much")
    assert "R-1 的界限“change=much”不是“名称=数字”的写法" in says
    assert "R-1 缺少界限 change、depth，请在 limits 栏补上，例如 change=10" in says


def test_a_placeholder_the_function_cannot_fill_is_refused(tmp_path: Path) -> None:
    assert "R-1 的说明用到不认识的 {percent}" in rule(tmp_path, says="{name} {percent}")


def lines(tmp_path: Path, *rows: str) -> str:
    head = "code,name,parent,kind,parts,columns,levels,signed,evidence,aliases,note"
    return refused(tmp_path, "lines/debt_bonds.csv", head, "\n".join(rows))


def test_two_rows_that_print_alike_are_refused_with_the_section_to_write_before_them(tmp_path: Path) -> None:
    says = lines(
        tmp_path, "A,发行,,total", "A.1,(一)专项债券,A,entry", "B,还本,,total", "B.1,其中：（一） 专项债券,B,entry"
    )
    assert (
        "lines/debt_bonds.csv 第 5 行：科目名称“其中：（一） 专项债券”与第 3 行相同，又没有印出的编码可以区分，"
        "请改成全表唯一的名称，例如在前面写上“还本”"
    ) in says


def test_a_row_without_a_code_that_prints_like_one_with_a_code_is_refused(tmp_path: Path) -> None:
    says = lines(tmp_path, "23104,专项债券还本,,entry", "H,专项债券还本,,entry")
    assert "第 3 行：科目名称“专项债券还本”与有编码的一行相同" in says


def test_rows_told_apart_by_their_printed_codes_may_share_a_name(tmp_path: Path) -> None:
    assert "相同" not in lines(tmp_path, "2010101,行政运行,,entry", "2010201,行政运行,,entry")
