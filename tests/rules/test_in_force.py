"""Dates, stages and the shadow decide which rules are judged, and the catalogue's word on a rule's level is the last."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from budgetbook.book import Book
from budgetbook.catalogue import Catalogue
from budgetbook.checks import check_all, check_one, gathered, shadows
from budgetbook.cli import main
from budgetbook.definitions import read_catalogue
from budgetbook.returns import Return
from budgetbook.settings import data_folder
from budgetbook.shape import Shape
from budgetbook.tree_reader import read_tree
from budgetbook.workspace import Workspace, open_workspace
from tests.conftest import TREE
from tests.rules.examples import NOWHERE

DEFICIT = {("gp_revenue", "10119", "actual"): 90, ("gp_expenditure", "2010101", "actual"): 100}


def edited(tmp_path: Path, name: str, line: str, old: str, new: str) -> Catalogue:
    """The catalogue with one change in the line that begins with *line*."""
    folder = Path(shutil.copytree(data_folder("templates") / "2026", tmp_path / "2026"))
    text = (folder / name).read_text(encoding="utf-8-sig")
    found = re.search(rf"^{re.escape(line)}.*$", text, re.MULTILINE)
    assert found and old in found[0]
    changed = text.replace(found[0], found[0].replace(old, new, 1))
    (folder / name).write_text(changed, encoding="utf-8-sig")
    return read_catalogue(folder, read_tree(TREE))


def rules_of(catalogue: Catalogue, figures: dict[tuple[str, str, str], Any]) -> dict[str, str]:
    """Rule → severity of what a county with these figures is told."""
    shape = Shape(catalogue)
    ret = Return("", "", NOWHERE, Book.of(catalogue.tree["A"], shape, figures), {})
    return {found.rule: found.severity for found in [*check_one(shape, ret), *check_all(shape, {"A": ret})]}


def shipped(**settings: Any) -> Catalogue:
    return read_catalogue(data_folder("templates") / "2026", read_tree(TREE), settings)


def test_a_budget_that_does_not_balance_is_an_error() -> None:
    assert "error" == rules_of(shipped(), DEFICIT)["R-BAL-01"]


def test_a_rule_in_the_shadow_is_counted_and_shown_to_nobody(tmp_path: Path) -> None:
    catalogue = edited(tmp_path, "relations.csv", "R-BAL-01,", "预算法第三十五条,", "预算法第三十五条,1")
    shape = Shape(catalogue)
    returns = {"A": Return("", "", NOWHERE, Book.of(catalogue.tree["A"], shape, DEFICIT), {})}
    assert "R-BAL-01" not in {found.rule for found in check_all(shape, returns)}
    assert 1 == shadows(gathered(shape, returns), returns)["R-BAL-01"]


def test_the_count_of_rules_in_the_shadow_stands_in_the_json_and_nowhere_else(space: Workspace) -> None:
    edited(space.folder, "relations.csv", "R-BAL-01,", "预算法第三十五条,", "预算法第三十五条,1")
    config = (space.folder / "budgetbook.toml").read_text(encoding="utf-8")
    (space.folder / "budgetbook.toml").write_text(config.replace('"2026"', '"./2026"'), encoding="utf-8")
    own = open_workspace(space.folder)
    book = Book.of(own.catalogue.tree["A"], own.shape, DEFICIT)
    (space.returned / "甲县.xlsx").write_bytes(own.package(book))
    done = CliRunner().invoke(main, ["check", "-w", str(space.folder), "--json", "-"])
    told = json.loads(done.stdout)
    assert {"R-BAL-01": 1} == told["summary"]["shadow"]
    assert "R-BAL-01" not in {each["rule"] for each in told["findings"]}


def test_a_function_in_the_shadow_is_counted_and_shown_to_nobody(tmp_path: Path) -> None:
    jump = {("gp_expenditure", "2050201", "actual"): 90000, ("gp_expenditure", "2050201", "prior"): 50000}
    catalogue = edited(tmp_path, "rules.csv", "R-REA-03A,", ",,,,revenue expenditure,", ",,,1,revenue expenditure,")
    shape = Shape(catalogue)
    returns = {"A": Return("", "", NOWHERE, Book.of(catalogue.tree["A"], shape, jump), {})}
    assert "R-REA-03A" in rules_of(shipped(), jump)
    assert "R-REA-03A" not in {found.rule for found in check_all(shape, returns)}
    assert shadows(gathered(shape, returns), returns)["R-REA-03A"]


def test_a_rule_before_its_date_rests(tmp_path: Path) -> None:
    insured = {("si_revenue", "1020101", "actual"): 500}
    assert "R-SIF-04" in rules_of(shipped(), insured)
    later = edited(tmp_path, "relations.csv", "R-SIF-04,", "2022-01-01", "2027-01-01")
    assert "R-SIF-04" not in rules_of(later, insured)
    assert "R-SIF-04" in {rule.id for rule in later.resting}


def test_a_rule_of_the_draft_rests_where_only_the_execution_is_collected() -> None:
    idle = {rule.id for rule in shipped(stages=["execution"]).resting}
    assert {"R-REA-01A", "R-YR-04A"} <= idle
    assert "R-COL-03A" not in idle


def test_the_catalogue_decides_how_grave_a_rule_is_that_a_reader_found(tmp_path: Path) -> None:
    over = DEFICIT | {("debt_onlending", "D7.4", "actual"): 5, ("debt_onlending", "D7.4m", "actual"): 6}
    assert "error" == rules_of(shipped(), over)["R-SUM-02"]
    milder = edited(tmp_path, "rules.csv", "R-SUM-02,", "of_which,error", "of_which,note")
    assert "note" == rules_of(milder, over)["R-SUM-02"]
