"""The functions for scripts do what the commands do, every one of them says how, and importing the package is quick."""

from __future__ import annotations

import importlib
import inspect
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import budgetbook
from budgetbook.amount import to_fen
from budgetbook.workspace import Workspace
from tests.season.city import SMALL, put

EXAMPLE = Path(__file__).parents[2] / "samples" / "api_example.py"


def test_importing_the_package_loads_none_of_its_libraries() -> None:
    code = "import sys, budgetbook; print([name for name in ('numpy', 'pandas', 'xlsxwriter') if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]\n" == found.stdout


def test_the_names_are_functions_and_nouns_even_after_every_module_was_imported() -> None:
    for path in Path(budgetbook.__file__).parent.glob("*.py"):
        if path.stem not in ("__main__", "__init__"):
            importlib.import_module(f"budgetbook.{path.stem}")
    assert [] == [name for name in budgetbook.__all__ if inspect.ismodule(getattr(budgetbook, name))]


def test_every_function_says_what_it_gives_and_what_it_raises() -> None:
    functions = [getattr(budgetbook, name) for name in budgetbook.__all__]
    said = {each.__name__: inspect.getdoc(each) or "" for each in functions if inspect.isfunction(each)}
    assert 11 == len(said)
    assert [] == [name for name, text in said.items() if not text]
    assert [] == [name for name, text in said.items() if "raises" not in text.lower()]


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'forms'"):
        budgetbook.forms  # noqa: B018  # the access is what is tested


def test_reading_checking_consolidating_and_explaining(filled: Workspace, tmp_path: Path) -> None:
    space = budgetbook.open_workspace(filled.folder)
    returns = budgetbook.read_all(space)
    assert {"BJ", "GX", "A", "B"} == set(returns)
    assert 30 == budgetbook.consolidate(space, returns).books["ALL"].frame("gp_revenue").loc["10104", "actual"].item()
    assert {"A"} == {finding.unit for finding in budgetbook.check(space, returns["A"])}
    whole = space.out / space.file_name(space.unit("全市"))
    found = budgetbook.explain(space, whole, "表01!G9")
    assert to_fen(30) == sum(times * (leaf.value or 0) for times, leaf in found.leaves())
    put(filled, tmp_path / "新", SMALL | {"A": SMALL["A"] | {("gp_revenue", "10104", "actual"): 21}})
    assert to_fen(1) == budgetbook.why(space, space.folder, tmp_path / "新", "表01!G9", "县（市、区）").change
    assert ["A"] == [each.unit.code for each in budgetbook.diff(space, space.returned, tmp_path / "新") if each]


def test_the_example_runs_and_prints_the_figures(
    filled: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runpy.run_path(str(EXAMPLE))["main"](str(filled.folder), str(tmp_path))
    said = capsys.readouterr().out
    assert "读取 4 个单位" in said
    assert "31.25" in said
    assert {"figures.csv", "datapackage.json"} == {path.name for path in tmp_path.iterdir()}
    back = budgetbook.read_figures(budgetbook.open_workspace(filled.folder), tmp_path / "figures.csv")
    assert to_fen("31.25") == back["ALL"].at("gp_revenue", "T_GPB_R", "actual")
