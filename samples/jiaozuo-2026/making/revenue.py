"""一般公共预算收入: the tax and non-tax totals of every leaf, divided over the revenue lines."""

from __future__ import annotations

from .chance import COLUMNS, Amounts, chance, less, spread
from .ledger import Ledger
from .tables import CITY, LEAVES, by_leaf, group, rows

REFUND = "10105"  # 企业所得税退税, negative
BIG = 0.5  # lines above this weight are found everywhere
FORM = "gp_revenue"


def fill(ledger: Ledger) -> None:
    """Every revenue line of every leaf."""
    tax, nontax = by_leaf("totals", "tax", "tax"), by_leaf("totals", "nontax", "nontax")
    for unit in LEAVES:
        refund = _refund(unit, tax[unit])
        ledger.put(unit, FORM, REFUND, refund)
        ledger.lines(unit, FORM, spread(less(tax[unit], {REFUND: refund}), _weights(unit, "101"), f"tax {unit}", 0.05))
        ledger.lines(unit, FORM, spread(nontax[unit], _weights(unit, "103"), f"nontax {unit}", 0.06))


def total(ledger: Ledger, unit: str) -> Amounts:
    """本年收入合计 of a leaf."""
    return {column: ledger.under(unit, FORM, "10", column) for column in COLUMNS}


def _refund(unit: str, tax: Amounts) -> Amounts:
    if unit == CITY:  # a zone may not have more than the city that holds it, and −5 is more than −12
        return dict.fromkeys(COLUMNS, 0)
    return {column: -int(amount * 0.004 * (0.7 + 0.5 * chance(unit, REFUND, column))) for column, amount in tax.items()}


def _weights(unit: str, prefix: str) -> dict[str, float]:
    weights = {row["line"]: float(row[group(unit)]) for row in rows("revenue") if row["line"].startswith(prefix)}
    return {
        line: weight
        for line, weight in weights.items()
        if weight >= BIG or (weight * 2 > chance(unit, line) and weight)
    }
