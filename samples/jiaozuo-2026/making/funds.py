"""政府性基金预算: revenue, what is at hand after debt and transfers, spending in proportion to it, and the balance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from . import debt
from .chance import COLUMNS, Amounts, added, less, near, shares, spread
from .ledger import Ledger
from .tables import CITY, COUNTIES, LEAVES, ZONE, by_leaf, given, group, rows, weights

BALANCE = "fund_balance"
TRANSFERRED = "2300802"  # 政府性基金预算调出资金
MINUS = "103014898"  # 缴纳新增建设用地土地有偿使用费, negative
Leaves = dict[str, Amounts]


@dataclass(frozen=True, slots=True)
class Course:
    """How each leaf gets through the columns: 上年结余, spending, 年终结余."""

    opening: Leaves
    spending: Leaves
    closing: Leaves


def fill(ledger: Ledger) -> None:
    """The three fund forms of every leaf, and what the city pays to and gets from the others."""
    revenue = by_leaf("totals", "fundR", "land", 0.02)
    grants, remitted = by_leaf("balances", "11004", "land"), by_leaf("balances", "2300603", "land")
    at_hand = {unit: _at_hand(unit, revenue[unit], grants, remitted) for unit in LEAVES}
    course = _course(at_hand)
    for unit in LEAVES:
        _revenue(ledger, unit, revenue[unit])
        _expenditure(ledger, unit, course.spending[unit])
        _balance(ledger, unit, at_hand[unit], course)
    _between(ledger, grants, remitted)


def _at_hand(unit: str, revenue: Amounts, grants: Leaves, remitted: Leaves) -> Amounts:
    """What is there to be spent, carried over or transferred, without the balance brought forward."""
    bonds = debt.bonds()
    gets = added(
        revenue, grants[unit], by_leaf("balances", "110090299", "land")[unit], bonds["D7.3"][unit], bonds["D7.4"][unit]
    )
    pays = added(remitted[unit], debt.repaid("special")[unit])
    if unit == CITY:
        gets = added(gets, *(remitted[other] for other in LEAVES[1:]))
        pays = added(pays, *(grants[other] for other in LEAVES[1:]))
    return less(gets, {"": pays})


def _course(at_hand: Leaves) -> Course:
    """Column after column: the balance brought forward, the spending, the balance carried over."""
    course = Course(_empty(), _empty(), _empty())
    total = given("totals", "fundE")
    for unit in (CITY, ZONE):
        course.spending[unit] = dict(total[unit])
    for column in ("prior", "actual", "adjusted", "initial", "budget"):
        _bring_forward(course, at_hand, column)
        _divide_spending(total[COUNTIES], column, at_hand, course)
        left = {
            unit: float(at_hand[unit][column] + course.opening[unit][column] - course.spending[unit][column])
            for unit in weights("tax")
        }
        for unit, amount in _divided("fund_closing", column, left).items():
            course.closing[unit][column] = amount
    return course


def _empty() -> Leaves:
    return {unit: {} for unit in LEAVES}


def _bring_forward(course: Course, at_hand: Leaves, column: str) -> None:
    first = _divided("fund_opening", "prior", {unit: float(at_hand[unit]["prior"]) for unit in weights("tax")})
    for unit in LEAVES:
        before = course.closing[unit].get("actual" if column == "budget" else "prior", 0)
        course.opening[unit][column] = first[unit] if column == "prior" else before


def _divide_spending(total: Mapping[str, int], column: str, at_hand: Leaves, course: Course) -> None:
    there = {unit: at_hand[unit][column] + course.opening[unit][column] for unit in weights("tax")}
    if column == "adjusted":
        more = {unit: float(max(1, amount - course.spending[unit]["actual"])) for unit, amount in there.items()}
        parts = shares(total["adjusted"] - total["actual"], more)
        parts = {unit: amount + course.spending[unit]["actual"] for unit, amount in parts.items()}
    else:
        parts = shares(
            total[column], {unit: amount * near(0.01, "fund", unit, column) for unit, amount in there.items()}
        )
    for unit, amount in parts.items():
        course.spending[unit][column] = amount


def _divided(measure: str, column: str, left: Mapping[str, float]) -> dict[str, int]:
    stated = {unit: amounts[column] for unit, amounts in given("balances", measure).items()}
    return {unit: stated.get(unit, 0) for unit in LEAVES} | shares(stated[COUNTIES], left)


def _revenue(ledger: Ledger, unit: str, total: Amounts) -> None:
    fixed = _steady(unit, "fund_revenue")
    fixed[MINUS] = {column: -amount for column, amount in _steady(unit, "minus").get(MINUS, {}).items()}
    ledger.lines(unit, "fund_revenue", fixed)
    free, factors = _free(unit, "10")
    ledger.lines(unit, "fund_revenue", spread(less(total, fixed), free, f"fund revenue {unit}", 0.06, factors=factors))


def _expenditure(ledger: Ledger, unit: str, total: Amounts) -> None:
    fixed = _steady(unit, "fund_expenditure")
    fixed |= spread(
        debt.interest("special")[unit], _of_kind(unit, "interest"), f"fund interest {unit}", 0.04, within=True
    )
    ledger.lines(unit, "fund_expenditure", fixed)
    free, factors = _free(unit, "2")
    ledger.lines(
        unit,
        "fund_expenditure",
        spread(less(total, fixed), free, f"fund spending {unit}", 0.07, within=True, factors=factors),
    )


def _of_kind(unit: str, kind: str) -> dict[str, float]:
    found = {row["line"]: float(row[group(unit)]) for row in rows("funds") if row["kind"] == kind}
    return {line: weight for line, weight in found.items() if weight}


def _steady(unit: str, which: str) -> Leaves:
    """Lines that hardly move from year to year: 污水处理费, 配套费, 彩票公益金 and what they pay for. Amounts stand in the table."""
    kind, prefix = ("minus", "10") if which == "minus" else ("steady", "10" if which == "fund_revenue" else "2")
    part = weights("land").get(unit, 0.0) / sum(weights("land").values()) if group(unit) == "xj" else 1.0
    amounts = {
        line: round(weight * part * near(0.15, unit, line))
        for line, weight in _of_kind(unit, kind).items()
        if line.startswith(prefix)
    }
    return {line: _moving(unit, line, amount) for line, amount in amounts.items() if amount}


def _moving(unit: str, line: str, amount: int) -> Amounts:
    moved = {column: round(amount * near(0.07, unit, line, column)) for column in COLUMNS}
    return moved | {"actual": amount, "adjusted": amount + round(amount * 0.04 * near(0.9, unit, line, "adjusted"))}


def _free(unit: str, prefix: str) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    lines = {line: weight for line, weight in _of_kind(unit, "free").items() if line.startswith(prefix)}
    factors = {
        row["line"]: {column: float(row[column]) for column in COLUMNS if column != "actual"} for row in rows("funds")
    }
    return lines, factors


def _balance(ledger: Ledger, unit: str, at_hand: Amounts, course: Course) -> None:
    opening, closing = course.opening[unit], course.closing[unit]
    ledger.put(unit, BALANCE, "1100802", opening)
    ledger.put(unit, BALANCE, "110090299", by_leaf("balances", "110090299", "land")[unit])
    ledger.put(unit, BALANCE, "2300902", closing)
    ledger.put(
        unit, BALANCE, TRANSFERRED, less(added(at_hand, opening), {"spent": course.spending[unit], "closing": closing})
    )
    ledger.lines(
        unit, BALANCE, spread(debt.repaid("special")[unit], _of_kind(unit, "repay"), f"fund principal {unit}", 0.04)
    )


def _between(ledger: Ledger, grants: Leaves, remitted: Leaves) -> None:
    for unit in LEAVES:
        ocean = {column: amount // 23 for column, amount in grants[unit].items()}  # 自然资源海洋气象等
        ledger.put(unit, BALANCE, "1100412", ocean)
        ledger.put(unit, BALANCE, "1100499", less(grants[unit], {"": ocean}))
        if unit != CITY:
            ledger.put(unit, BALANCE, "2300603", remitted[unit])
            ledger.put(CITY, "city_transfers", f"23004.{unit}", grants[unit])
            ledger.put(CITY, "city_remittances", f"1100603.{unit}", remitted[unit])
