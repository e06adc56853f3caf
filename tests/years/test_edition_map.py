"""The edition map keeps every fen: split, merged and renamed lines, and maps that would lose money are refused."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetbook.catalogue import Change
from budgetbook.definitions import read_catalogue
from budgetbook.editions import EditionMap, Group
from budgetbook.problems import DefinitionError
from budgetbook.settings import data_folder
from budgetbook.tree_reader import read_tree
from tests.conftest import TREE, small_catalogue

FORM = "gp_expenditure"


def change(old: str, new: str, weight: str = "1") -> Change:
    return Change(FORM, old, "", new, None if weight == "?" else Fraction(weight))


def carried(changes: tuple[Change, ...], old: str, fen: int) -> list[tuple[str, int]]:
    return list(EditionMap(changes).carried(FORM, old, fen))


def test_a_line_that_is_not_in_the_map_is_where_it_was() -> None:
    assert [("2010101", 7)] == carried((), "2010101", 7)


def test_a_renamed_line_takes_its_money_along() -> None:
    assert [("2101704", 7)] == carried((change("2100601", "2101704"),), "2100601", 7)


def test_a_split_with_weights_gives_each_its_part_and_no_fen_is_lost() -> None:
    thirds = (change("A", "B", "1/3"), change("A", "C", "1/3"), change("A", "D", "1/3"))
    assert [("B", 33), ("C", 34), ("D", 33)] == carried(thirds, "A", 100)


def test_an_unknown_split_is_one_group_with_every_line_that_shares_its_money() -> None:
    changes = (change("A", "C", "?"), change("A", "D", "?"), change("B", "D"), change("X", "Y"))
    assert (Group(FORM, frozenset("ABCD"), frozenset("CD")),) == EditionMap(changes).groups


@given(
    st.lists(st.integers(1, 10**6), min_size=1, max_size=6),
    st.integers(-(10**15), 10**15),
)
def test_the_parts_of_a_split_add_up_to_what_was_split(weights: list[int], fen: int) -> None:
    changes = tuple(change("A", str(at), f"{weight}/{sum(weights)}") for at, weight in enumerate(weights))
    parts = carried(changes, "A", fen)
    assert fen == sum(part for _, part in parts)
    for (_, part), weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(fen * weight, sum(weights))) <= 1


def refused(tmp_path: Path, *rows: str) -> str:
    folder = Path(shutil.copytree(data_folder("templates") / "2026", tmp_path / "2026"))
    text = "\n".join(["form,old,name,new,weight,evidence,note", *(f"gp_expenditure,{row},own," for row in rows)])
    (folder / "changes.csv").write_text(text + "\n", encoding="utf-8-sig")
    with pytest.raises(DefinitionError) as error:
        read_catalogue(folder, read_tree(TREE))
    return str(error.value)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (["2010308,信访事务,2014008,"], "第 2 行：“一般公共预算支出表”没有新科目“2014008”，钱会没有去处，请核对编码"),
        (["2010308,,2014004,"], "第 2 行：旧科目“2010308”不在本年目录中，也没有写名称，无法核对"),
        (["2010308,信访事务,20140,"], "新科目“20140 信访事务”是合计或标题，不能填数，请写到它下面填数的科目"),
        (
            ["2010308,信访事务,2014004,", "2010308,信访事务,2014099,"],
            "第 3 行：旧科目“2010308”对应 2 个新科目，却没有写比例，请逐行写上，合计为 1；不知道的都写 ?",
        ),
        (
            ["2010308,信访事务,2014004,0.5", "2010308,信访事务,2014099,0.4"],
            "旧科目“2010308”的比例合计为 0.9，不等于 1，会少算或多算，请改正",
        ),
        (["2010308,信访事务,2014004,0.9"], "旧科目“2010308”的比例合计为 0.9，不等于 1"),
        (
            ["2010308,信访事务,2014004,?", "2010308,信访事务,2014099,0.5"],
            "比例有的写了、有的是 ?，请全部写上，或全部写 ?",
        ),
        (["2010308,信访事务,2014004,-0.5"], "比例“-0.5”应是大于 0、不大于 1 的数，例如 0.4 或 2/5"),
        (["2010308,信访事务,2014004,?"], "旧科目“2010308”只对应一个新科目，比例不必写 ?，请留空"),
        (["2010308,信访事务,2014004,0.5", "2010308,信访事务,2014004,0.5"], "到同一个新科目写了两次，请删去一行"),
        (["2080208,,2080208,"], "第 2 行：旧科目“2080208”对应它自己，没有变更，请删去这一行"),
        (["2080208,,2080209,", "2080209,,2080208,"], "第 2 行：“2080208”变为“2080209”，又变回“2080208”，是一个圈"),
    ],
)
def test_a_map_that_would_lose_or_double_money_is_refused_with_line_and_remedy(
    tmp_path: Path, rows: list[str], says: str
) -> None:
    assert says in refused(tmp_path, *rows)


def test_an_old_line_is_looked_up_in_last_years_catalogue_where_there_is_one(tmp_path: Path) -> None:
    lines = tmp_path / "2025" / "lines"
    lines.mkdir(parents=True)
    (lines / "gp_expenditure.csv").write_text("code,name\n2010309,某科目\n", encoding="utf-8-sig")
    assert "上年目录的“一般公共预算支出表”没有旧科目“2010308”，请核对编码" in refused(
        tmp_path, "2010308,信访事务,2014004,"
    )


def test_an_unknown_form_is_refused_with_those_there_are(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(data_folder("templates") / "2026", tmp_path / "2026"))
    (folder / "changes.csv").write_text("form,old,name,new,weight,evidence,note\ngp,1,,2,,,\n", encoding="utf-8-sig")
    with pytest.raises(DefinitionError, match=r"changes.csv 第 2 行：用到不存在的表“gp”，可用的有 cover、gp_revenue"):
        read_catalogue(folder, read_tree(TREE))


def test_what_is_only_remembered_is_marked_as_such() -> None:
    text = (data_folder("templates") / "2026" / "changes.csv").read_text(encoding="utf-8-sig")
    remembered = [line for line in text.splitlines() if ",own," in line]
    assert remembered and all("待用科目书核对" in line for line in remembered)


def test_the_map_that_is_shipped_leads_from_lines_that_are_gone() -> None:
    catalogue = small_catalogue()
    lines = {line.code for line in catalogue.form(FORM).lines}
    assert set() == {each.old for each in catalogue.changes} & lines
