"""一般公共预算支出: what is fixed by other forms first, the rest of each block divided down to 项."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from budgetbook.form import Form

from .chance import COLUMNS, Amounts, added, chance, less, spread
from .ledger import Ledger
from .tables import CITY, LEAVES, by_leaf, group, rows

FORM = "gp_expenditure"
BLOCKS = {"edu": "edu", "sci": "sci", "care": "care", "rest": "rest"}  # block of `totals` → weights of the counties
RESERVE, PROVISION = "227", "2290201"  # 预备费, 年初预留
Weights = dict[str, float]


def fill(ledger: Ledger, form: Form) -> None:
    """Every expenditure line of every leaf; lines already in the ledger (补助社保基金, 付息) stay as they are."""
    blocks = {block: by_leaf("totals", block, kind, within=True) for block, kind in BLOCKS.items()}
    for unit in LEAVES:
        _reserves(ledger, unit, added(*(blocks[block][unit] for block in BLOCKS)))
        for block in BLOCKS:
            _block(ledger, unit, block, blocks[block][unit], form)


def total(ledger: Ledger, unit: str) -> Amounts:
    """本年支出合计 of a leaf."""
    return {column: ledger.under(unit, FORM, "2", column) for column in COLUMNS}


def _reserves(ledger: Ledger, unit: str, spending: Amounts) -> None:
    rate = 0.013 + 0.009 * chance(unit, RESERVE)
    later = rate * (0.9 + 0.2 * chance(unit, RESERVE, "budget"))
    reserve = {
        "initial": int(spending["initial"] * rate),
        "adjusted": int((spending["adjusted"] - spending["actual"]) * 0.06),
        "actual": 0,
        "budget": int(spending["budget"] * later),
    }
    ledger.put(unit, FORM, RESERVE, reserve, noughts=("actual",))
    held = 0.004 + 0.007 * chance(unit, PROVISION)
    ledger.put(
        unit,
        FORM,
        PROVISION,
        {"initial": int(spending["initial"] * held), "budget": int(spending["budget"] * held * 1.06)},
    )


def _block(ledger: Ledger, unit: str, block: str, total: Amounts, form: Form) -> None:
    fixed = {line: amounts for line, amounts in ledger.stated(unit, FORM).items() if _block_of(line) == block}
    weights, factors = _weights(unit, block, form)
    ledger.lines(unit, FORM, spread(less(total, fixed), weights, f"{block} {unit}", 0.09, within=True, factors=factors))


@cache
def _classes() -> Mapping[str, Mapping[str, str]]:
    return {row["class"]: row for row in rows("classes")}


def _block_of(line: str) -> str:
    return _classes()[line[:3]]["block"] if line[:3] in _classes() else "rest"


def _weights(unit: str, block: str, form: Form) -> tuple[Weights, dict[str, dict[str, float]]]:
    weights: Weights = {}
    factors: dict[str, dict[str, float]] = {}
    for class_, row in _classes().items():
        if row["block"] == block:
            found = _class_weights(unit, class_, float(row[group(unit)]), form)
            weights |= found
            factors |= {
                line: {column: float(row[column]) for column in COLUMNS if column != "actual"} for line in found
            }
    return weights, factors


def _class_weights(unit: str, class_: str, weight: float, form: Form) -> Weights:
    known = _known(unit)
    groups = {line.code: known.get(line.code, 0.0) for line in form.lines if line.parent == class_}
    whole = sum(groups.values())
    weights: Weights = {}
    for code, part in groups.items():
        items = _items(unit, code, form) if part and weight else {}
        inner = sum(items.values())
        weights |= {item: weight * part / whole * each / inner for item, each in items.items()}
    return weights


def _items(unit: str, code: str, form: Form) -> Weights:
    lines = {line.code: line.name for line in form.lines if line.parent == code and not line.columns}
    known = _known(unit)
    stated = {item: known[item] for item in lines if item in known}
    usual = {item: _usual(unit, item, name) for item, name in lines.items() if item not in known}
    return {item: weight for item, weight in (stated | usual).items() if weight} or {next(reversed(lines)): 1.0}


def _usual(unit: str, item: str, name: str) -> float:
    """What a 项 weighs within its 款 where the table says nothing, nought where the unit does not have it."""
    weight, often = USUAL.get(name, (5.0, 0.5) if unit == CITY else (4.0, 0.09))
    if name.startswith("其他") and item.endswith("99"):
        weight, often = 6.0, 0.75 if unit == CITY else 0.45
    if item[:3] not in OFFICES:
        weight *= 0.4
    return weight if chance(unit, item, "present") < often else 0.0


OFFICES = ("201", "204")  # classes that are mostly running costs
USUAL = {"行政运行": (38.0, 1.0), "一般行政管理事务": (9.0, 0.8), "机关服务": (2.0, 0.12), "事业运行": (13.0, 0.6)}


@cache
def _known(unit: str) -> Weights:
    return {row["code"]: float(row["city" if unit == CITY else "county"]) for row in rows("items")}
