"""国有资本经营预算: every leaf as the table has it; what is left over goes to 一般公共预算 (调出资金)."""

from __future__ import annotations

from .chance import COLUMNS, Amounts, added, chance, less, spread
from .ledger import Ledger
from .tables import CITY, LEAVES, ZONE, given, group

BALANCE = "capital_balance"
TRANSFERRED = "2300803"  # 国有资本经营预算调出资金
SOLD = {"bj": ("103060304", "103060305", "103060398"), "gx": ("103060304",), "xj": ("103060304", "103060305")}
EARNED = {
    "bj": ("103060113", "103060116", "103060198", "103060202", "103060203"),
    "gx": ("103060116", "103060198"),
    "xj": ("103060116", "103060198", "103060203"),
}
SPENT = {
    "bj": ("2230105", "2230107", "2230201", "2230203", "2230299", "2230301", "2239999"),
    "gx": ("2230299",),
    "xj": ("2230105", "2230107", "2230299", "2239999"),
}
WORKS = "2230202"  # 公益性设施投资支出, most of the spending; where one county overspent
PART_OF_WORKS = {"bj": 95, "gx": 85, "xj": 85}  # in hundredths
NONE = dict.fromkeys(COLUMNS, 0)


def fill(ledger: Ledger) -> None:
    """The three state capital forms of every leaf, and what the city passes on."""
    for unit in LEAVES:
        revenue, spending = given("capital", "revenue").get(unit, NONE), given("capital", "expenditure").get(unit, NONE)
        _revenue(ledger, unit, revenue)
        _spending(ledger, unit, spending)
        _balance(ledger, unit, revenue, spending)


def _revenue(ledger: Ledger, unit: str, total: Amounts) -> None:
    """Sales of holdings move the total; profits are steady and small."""
    earned = {column: min(amount, total["actual"] * 2 // 3 or amount // 20) for column, amount in total.items()}
    ledger.lines(unit, "capital_revenue", _among(EARNED[group(unit)], earned, f"earned {unit}"))
    ledger.lines(unit, "capital_revenue", _among(SOLD[group(unit)], less(total, {"": earned}), f"sold {unit}"))
    if unit == ZONE:  # nothing came in, and the report says so: a nought, not a blank
        ledger.put(unit, "capital_revenue", "103060304", {"adjusted": 0, "actual": 0}, noughts=("adjusted", "actual"))


def _spending(ledger: Ledger, unit: str, total: Amounts) -> None:
    """A county that spent more than its 调整预算 did so on one line."""
    over = max(0, total["actual"] - total["adjusted"])
    usual = total | {"actual": total["actual"] - over}
    works = {column: amount * PART_OF_WORKS[group(unit)] // 100 for column, amount in usual.items()}
    works["actual"] += over
    ledger.put(unit, "capital_expenditure", WORKS, works)
    rest = less(total, {WORKS: works})
    ledger.lines(unit, "capital_expenditure", _among(SPENT[group(unit)], rest, f"capital {unit}", within=True))


def _among(lines: tuple[str, ...], total: Amounts, name: str, within: bool = False) -> dict[str, Amounts]:
    return spread(total, {line: 1 + 4 * chance(name, line) for line in lines}, name, 0.06, within)


def _balance(ledger: Ledger, unit: str, revenue: Amounts, spending: Amounts) -> None:
    grants, closing = given("capital", "grants").get(unit, NONE), given("capital", "closing")[unit]
    first = given("capital", "opening")[unit]["prior"]
    opening = dict.fromkeys(("initial", "adjusted", "actual"), closing["prior"]) | {
        "prior": first,
        "budget": closing["actual"],
    }
    ledger.put(unit, BALANCE, "1100501", grants)
    ledger.put(unit, BALANCE, "1100804", opening)
    ledger.put(unit, BALANCE, "2300918", closing)
    passed_on = _passed_on(ledger, unit)
    ledger.put(
        unit,
        BALANCE,
        TRANSFERRED,
        less(added(revenue, grants, opening), {"spent": spending, "closing": closing, "passed on": passed_on}),
    )


def _passed_on(ledger: Ledger, unit: str) -> Amounts:
    if unit != CITY:
        return NONE
    paid = {other: given("capital", "grants").get(other, NONE) for other in LEAVES[1:]}
    ledger.lines(CITY, "city_transfers", {f"23005.{other}": amounts for other, amounts in paid.items()})
    return added(*paid.values())
