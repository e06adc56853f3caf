"""Last year's books: brought forward into this year's workbooks, locked, and held against what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from budgetbook.amount import to_fen
from budgetbook.book import Book
from budgetbook.checks import check_all
from budgetbook.cli import main
from budgetbook.finding import Finding
from budgetbook.last_year import read_estimates, read_prior
from budgetbook.layout import Layout, a1, sheet_name
from budgetbook.prior import CALIBRE, FINAL, Prior, prefilled
from budgetbook.problems import DefinitionError, Impossible
from budgetbook.returns import Return
from budgetbook.workspace import Workspace, open_workspace
from tests.conftest import book, prior, small_shape
from tests.rules.examples import NOWHERE

Figures = Mapping[tuple[str, str, str], str | int]
HEAD = "unit,form,line,column,value\n"
LAST: Figures = {
    ("gp_revenue", "1010101", "actual"): 900,
    ("gp_revenue", "1010101", "budget"): 950,
    ("gp_expenditure", "2010308", "actual"): 72,
    ("gp_expenditure", "2010308", "budget"): 80,
    ("gp_expenditure", "2100601", "actual"): 5,
}


def found(this: dict[tuple[str, str, str], str | int], last: Prior, restated: str = "") -> list[Finding]:
    made = book("A", this)
    if restated:
        made.texts["explanation", "restated", "text"] = restated
    every = check_all(small_shape(), {"A": Return("", "", NOWHERE, made, {})}, last)
    return [each for each in every if each.rule.startswith("R-YR")]


def told(findings: list[Finding]) -> set[tuple[str, str, str, str]]:
    return {(each.rule, each.severity, each.line, each.column) for each in findings}


def test_last_years_execution_is_this_years_prior_and_its_budget_this_years_initial() -> None:
    last = prior({"A": LAST}).books["A"]
    assert (to_fen(900), to_fen(950)) == tuple(last.at("gp_revenue", "101", column) for column in ("prior", "initial"))
    assert to_fen(5) == last.at("gp_expenditure", "2101704", "prior")
    assert (to_fen(77), to_fen(80)) == tuple(
        last.at("gp_expenditure", "T_GPB_E", column) for column in ("prior", "initial")
    )


def test_figures_as_last_year_had_them_are_no_finding() -> None:
    this: dict[tuple[str, str, str], str | int] = {
        ("gp_revenue", "1010101", "prior"): 900,
        ("gp_revenue", "1010101", "initial"): 950,
        ("gp_expenditure", "2014004", "prior"): 60,
        ("gp_expenditure", "2014099", "prior"): 12,
        ("gp_expenditure", "2014004", "initial"): 80,
        ("gp_expenditure", "2101704", "prior"): 5,
    }
    assert [] == found(this, prior({"A": LAST}, final=True))


def test_a_split_that_loses_money_is_told_once_by_its_sum() -> None:
    this: dict[tuple[str, str, str], str | int] = {
        ("gp_revenue", "1010101", "prior"): 900,
        ("gp_revenue", "1010101", "initial"): 950,
        ("gp_expenditure", "2014004", "prior"): 60,
        ("gp_expenditure", "2014004", "initial"): 80,
        ("gp_expenditure", "2101704", "prior"): 5,
    }
    spoken = found(this, prior({"A": LAST}, final=True))
    assert ("R-YR-06", "error", "2014001", "prior") in told(spoken)
    says = next(each.says for each in spoken if each.rule == "R-YR-06")
    assert "合计 60 万元，上年旧科目（2010308 信访事务" in says
    assert "合计 72 万元，相差 12 万元" in says
    assert {"2014001"} == {each.line for each in spoken}


def test_prior_figures_are_compared_with_final_accounts_only_and_the_approved_budget_always() -> None:
    this: dict[tuple[str, str, str], str | int] = {
        ("gp_revenue", "1010101", "prior"): 890,
        ("gp_revenue", "1010101", "initial"): 940,
    }
    last: Figures = {("gp_revenue", "1010101", "actual"): 900, ("gp_revenue", "1010101", "budget"): 950}
    initial = ("R-YR-02A", "error", "1010101", "initial")
    assert {initial} == told(found(this, prior({"A": last})))
    assert {initial, ("R-YR-01A", "error", "1010101", "prior")} == told(found(this, prior({"A": last}, final=True)))


@pytest.mark.parametrize(
    ("text", "rule", "severity"),
    [
        ("国内增值税口径调整，调整前 900 万元，调整后 890 万元，因企业划转", "R-YR-07", "warning"),
        ("国内增值税口径调整，调整后 890 万元，因企业划转", "R-YR-01A", "error"),
        ("契税口径调整，调整前 900 万元，调整后 890 万元，因企业划转", "R-YR-01A", "error"),
    ],
)
def test_a_restatement_that_names_the_line_and_both_numbers_is_to_be_looked_at_not_mended(
    text: str, rule: str, severity: str
) -> None:
    last = prior({"A": {("gp_revenue", "1010101", "actual"): 900}}, final=True)
    name = small_shape().catalogue.form("gp_revenue").line("1010101").name
    spoken = found({("gp_revenue", "1010101", "prior"): 890}, last, text.replace("国内增值税", name))
    assert (rule, severity) in {(each.rule, each.severity) for each in spoken if each.line}


def test_opening_balances_are_last_years_closing() -> None:
    this: dict[tuple[str, str, str], str | int] = {
        ("gp_balance", "1100801", "actual"): 30,
        ("debt_general", "D2.1", "actual"): 500,
    }
    last: Figures = {("gp_revenue", "1010101", "actual"): 31, ("debt_general", "D2.1", "actual"): 499}
    rules = {each.rule for each in found(this, prior({"A": last}, final=True))}
    assert {"R-YR-03E", "R-YR-03G"} <= rules


def test_an_issued_workbook_has_last_years_figures_in_locked_cells(space: Workspace) -> None:
    last = prior({"A": LAST}, final=True)
    made = prefilled(last.books["A"], last.split["A"])
    path = space.issued / "a.xlsx"
    path.write_bytes(space.package(made))
    layout, locked = Layout(space.catalogue, "county"), {}
    workbook = openpyxl.load_workbook(path)
    for form, line, column in (
        ("gp_revenue", "1010101", "prior"),
        ("gp_revenue", "1010101", "initial"),
        ("gp_revenue", "10104", "prior"),
        ("gp_revenue", "1010101", "actual"),
        ("gp_expenditure", "2014004", "prior"),
    ):
        cell = workbook[sheet_name(space.catalogue.form(form))][a1(*layout.cell(form, line, column))]
        locked[line, column] = cell.protection.locked, cell.value
    assert {
        ("1010101", "prior"): (True, 900),
        ("1010101", "initial"): (True, 950),
        ("10104", "prior"): (True, None),
        ("1010101", "actual"): (False, None),
        ("2014004", "prior"): (False, None),  # split in a proportion that only the county knows
    } == locked


def test_a_line_that_others_were_split_into_keeps_its_own_figure_where_there_was_nothing_to_split() -> None:
    last = prior({"A": {("gp_expenditure", "2014004", "actual"): 7}}, final=True)
    assert to_fen(7) == prefilled(last.books["A"], last.split["A"]).at("gp_expenditure", "2014004", "prior")


def test_a_figure_that_was_not_final_stays_open_to_be_replaced(space: Workspace) -> None:
    made = prefilled(prior({"A": LAST}).books["A"])
    path = space.issued / "a.xlsx"
    path.write_bytes(space.package(made))
    sheet = openpyxl.load_workbook(path)[sheet_name(space.catalogue.form("gp_revenue"))]
    layout = Layout(space.catalogue, "county")
    cells = [sheet[a1(*layout.cell("gp_revenue", "1010101", column))] for column in ("prior", "initial")]
    assert [(False, 900), (True, 950)] == [(cell.protection.locked, cell.value) for cell in cells]
    assert any("取自上年报表（快报）" in str(row[1]) for row in sheet.iter_rows(max_row=3, values_only=True))


def last_workspace(folder: Path, space: Workspace, year: int = 2025) -> Path:
    """Last year's workspace of the same small city, with one return in it."""
    folder.mkdir()
    text = (space.folder / "budgetbook.toml").read_text(encoding="utf-8")
    (folder / "budgetbook.toml").write_text(
        text.replace("[[unit]]", f"[settings]\nyear = {year}\n[[unit]]", 1), encoding="utf-8"
    )
    (folder / "returned").mkdir()
    last = open_workspace(folder)
    figures = {key: value for key, value in LAST.items() if key[1] == "1010101"}
    made = Book.of(last.unit("A"), last.shape, figures)
    made.texts[CALIBRE] = FINAL
    (folder / "returned" / "a.xlsx").write_bytes(last.package(made))
    return folder


def test_last_years_workspace_is_read_with_its_own_catalogue(space: Workspace, tmp_path: Path) -> None:
    last = read_prior(space, last_workspace(tmp_path / "last", space))
    assert (to_fen(900), to_fen(950)) == tuple(
        last.books["A"].at("gp_revenue", "T_GPB_R", column) for column in ("prior", "initial")
    )
    assert FINAL == last.books["A"].texts[CALIBRE]


def test_a_workspace_of_another_year_is_refused(space: Workspace, tmp_path: Path) -> None:
    with pytest.raises(Impossible, match="属于 2024 年的工作区，上年账册应是 2025 年的"):
        read_prior(space, last_workspace(tmp_path / "last", space, 2024))


def tidy(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "last.csv"
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8-sig")
    return path


def test_tidy_figures_are_carried_and_their_totals_computed(space: Workspace, tmp_path: Path) -> None:
    path = tidy(
        tmp_path,
        "A,gp_expenditure,T_GPB_E,actual,999",
        "A,gp_expenditure,2100601,actual,5",
        "A,gp_expenditure,21006,actual,5",
    )
    last = read_prior(space, path, "决算")
    assert to_fen(5) == last.books["A"].at("gp_expenditure", "T_GPB_E", "prior")
    assert FINAL == last.books["A"].texts[CALIBRE]


def test_money_without_a_place_this_year_is_refused_with_what_to_do(space: Workspace, tmp_path: Path) -> None:
    path = tidy(tmp_path, "A,gp_expenditure,2150513,actual,12.5")
    with pytest.raises(DefinitionError) as error:
        read_prior(space, path)
    assert "甲县：表02科目代码 2150513 的“2024年决算数”栏 12.5 万元" in str(error.value)
    read_prior(space, path, asked=[space.unit("B")])  # another unit is not held up
    assert "科目改了的，请在目录文件夹的 changes.csv 中写上旧科目和新科目" in str(error.value)


def test_last_years_figures_from_print_are_compared_within_their_rounding(space: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "printed.csv"
    path.write_text("unit,form,line,column,value,decimals\nA,gp_revenue,1010101,budget,950,0\n", encoding="utf-8")
    last = read_prior(space, path)
    near: dict[tuple[str, str, str], str | int] = {("gp_revenue", "1010101", "initial"): "950.49"}
    far: dict[tuple[str, str, str], str | int] = {("gp_revenue", "1010101", "initial"): "950.51"}
    assert [] == found(near, last)
    assert {("R-YR-02A", "error", "1010101", "initial")} == told(found(far, last))


def test_nodes_are_added_up_when_every_leaf_is_there(space: Workspace, tmp_path: Path) -> None:
    rows = [f"{unit},gp_revenue,1010101,actual,{at}" for at, unit in enumerate(("BJ", "GX", "A", "B"), start=1)]
    assert to_fen(10) == read_prior(space, tidy(tmp_path, *rows)).books["ALL"].at("gp_revenue", "101", "prior")


def test_an_estimate_is_read_and_a_county_that_approved_otherwise_is_listed(space: Workspace, tmp_path: Path) -> None:
    estimates = read_estimates(space, tidy(tmp_path, "A,gp_revenue,10119,budget,90", "B,gp_revenue,10119,budget,70"))
    returns = {
        code: Return("", "", NOWHERE, book(code, {("gp_revenue", "10119", "budget"): 90}), {}) for code in ("A", "B")
    }
    spoken = [each for each in check_all(small_shape(), returns, estimates=estimates) if each.rule == "R-LVL-18A"]
    assert [("B", "10119", to_fen(90), to_fen(70))] == [
        (each.unit, each.line, each.value, each.expected) for each in spoken
    ]


def test_the_commands_take_last_years_figures(space: Workspace, tmp_path: Path) -> None:
    path = tidy(tmp_path, "A,gp_revenue,1010101,actual,900", "A,gp_revenue,1010101,budget,950")
    made = CliRunner().invoke(
        main, ["template", "-w", str(space.folder), "--unit", "A", "--prior", str(path), "--prior-calibre", "决算"]
    )
    assert 0 == made.exit_code, made.output
    checked = CliRunner().invoke(
        main, ["check", "-w", str(space.folder), str(space.issued), "--prior", str(path), "--prior-calibre", "决算"]
    )
    assert "R-YR-01" not in checked.output and "R-YR-02" not in checked.output, checked.output
    wrong = CliRunner().invoke(main, ["check", "-w", str(space.folder), str(space.issued), "--prior", "nowhere"])
    assert (2, "没有找到上年账册 nowhere，请核对路径\n") == (wrong.exit_code, wrong.output)
