"""The forms beside the four budgets: 经济分类, 三公, 三保, 预安排, and the check of transfers with the level above."""

from __future__ import annotations

from . import expenditure
from .chance import COLUMNS, Amounts, added, chance, near, shares
from .ledger import Ledger
from .tables import CITY, LEAVES, by_leaf, rows

FORM = "gp_economic"
SUBSIDISED = ("2080507", "2101201", "2101202", "2101299", "2082602")
VISIBLE = {"50207": "SG.1", "50206": "SG.2", "50303": "SG.31", "50208": "SG.32"}  # 经济分类 → “三公”
GUARANTEES = {"SB.1": 0.36, "SB.2": 0.51, "SB.3": 0.13}
CHECKED = {
    "X11001": ("gp_transfers", "11001"),
    "X11002": ("gp_transfers", "11002"),
    "X11003": ("gp_transfers", "11003"),
    "X11004": ("fund_balance", "11004"),
    "X11005": ("capital_balance", "11005"),
    "X2300601": ("gp_balance", "2300601"),
    "X2300602": ("gp_balance", "2300602"),
    "X2300603": ("fund_balance", "2300603"),
}


def fill(ledger: Ledger) -> None:
    """Everything that follows from the four budgets."""
    for unit in LEAVES:
        visible = _visible(ledger, unit)
        for year in ("initial", "budget"):
            _economic(ledger, unit, year, visible)
        _guarantees(ledger, unit)
        _checked(ledger, unit)
    for line in ("YA.1", "YA.2"):
        ledger.put(CITY, "pre_approval", line, by_leaf("others", line, "rest")[CITY])


def _visible(ledger: Ledger, unit: str) -> dict[str, Amounts]:
    visible = {line: by_leaf("others", line, "rest", 0.0)[unit] for line in VISIBLE.values()}
    ledger.lines(unit, "three_public", visible)
    return visible


def _economic(ledger: Ledger, unit: str, year: str, visible: dict[str, Amounts]) -> None:
    total = expenditure.total(ledger, unit)[year]
    basic = int(total * (0.52 + 0.08 * chance("basic", unit)) * near(0.02, "basic", unit, year))
    spending = {line: ledger.at(unit, "gp_expenditure", line, year) for line in ("227", "2290201", "2320301")}
    project = {
        "51002": sum(ledger.at(unit, "gp_expenditure", line, year) for line in SUBSIDISED),
        "51101": spending["2320301"],
        "51401": spending["227"],
        "51402": spending["2290201"],
    }
    office = {line: visible[kind][year] for line, kind in VISIBLE.items()}
    for kind, amount, fixed in (("basic", basic, office), ("project", total - basic, project)):
        divided = shares(amount - sum(fixed.values()), _economic_weights(unit, kind, year))
        for line, part in (divided | fixed).items():
            ledger.put(unit, FORM, line, {f"{year}_{kind}": part})


def _economic_weights(unit: str, kind: str, year: str) -> dict[str, float]:
    side = "city" if unit == CITY else "county"
    weights = {
        row["line"]: float(row[side])
        * float(row[kind])
        * near(0.12, unit, row["line"])
        * near(0.04, unit, row["line"], year)
        for row in rows("economic")
    }
    return {line: weight for line, weight in weights.items() if weight}


def _guarantees(ledger: Ledger, unit: str) -> None:
    """三保: 国家标准需求 stands in the prior column of the table."""
    total = by_leaf("others", "three_guarantees", "guarantee", 0.0)[unit]
    weights = {line: weight * near(0.08, "guarantee", unit, line) for line, weight in GUARANTEES.items()}
    for column, source in (("standard", "prior"), ("actual", "actual"), ("budget", "budget")):
        for line, amount in shares(total[source], weights).items():
            ledger.put(unit, "three_guarantees", line, {column: amount})


def _checked(ledger: Ledger, unit: str) -> None:
    for line, (form, code) in CHECKED.items():
        ledger.put(
            unit, "upper_check", f"{line}.u", {column: ledger.under(unit, form, code, column) for column in COLUMNS}
        )
    for line, bonds in (("XD7.G", ("D7.1", "D7.2")), ("XD7.S", ("D7.3", "D7.4"))):
        received = added(
            *({column: ledger.at(unit, "debt_onlending", bond, column) for column in COLUMNS} for bond in bonds)
        )
        ledger.put(unit, "upper_check", f"{line}.u", received)
