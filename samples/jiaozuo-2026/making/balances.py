"""一般公共预算收支平衡: what each leaf needs beyond its own means is its grant; the city's grants come from the province."""

from __future__ import annotations

from . import debt, expenditure, revenue
from .chance import COLUMNS, Amounts, added, chance, less, spread
from .ledger import Ledger
from .tables import CITY, COUNTIES, LEAVES, by_leaf, given, weights

BALANCE = "gp_balance"
OWN = ("2300601", "2300602", "11015", "23015", "110090199")  # entries straight from the table
GENERAL = {
    "1100202": 21,
    "1100207": 9,
    "1100208": 5,
    "1100225": 2.5,
    "1100226": 1.5,
    "1100227": 8,
    "1100231": 3.5,
    "1100241": 0.6,
    "1100244": 2.4,
    "1100245": 7.5,
    "1100246": 0.4,
    "1100247": 0.9,
    "1100248": 13.5,
    "1100249": 12.5,
    "1100250": 1.8,
    "1100252": 8.5,
    "1100253": 3.2,
    "1100258": 1.9,
    "1100260": 1.1,
    "1100269": 0.7,
    "1100296": 1.6,
    "1100297": 1.2,
    "1100298": 4.5,
    "1100299": 2.2,
}
SPECIAL = {
    "1100301": 0.4,
    "1100304": 0.5,
    "1100305": 1.2,
    "1100306": 0.9,
    "1100307": 0.8,
    "1100308": 1.1,
    "1100310": 0.9,
    "1100311": 3.4,
    "1100312": 2.8,
    "1100313": 5.2,
    "1100314": 2.6,
    "1100315": 3.1,
    "1100316": 1.2,
    "1100320": 0.7,
    "1100321": 2.4,
    "1100324": 0.8,
    "1100399": 0.5,
}
RETURNED = {"1100102": 9.0, "1100103": 5.0, "1100104": 21.0, "1100105": 1.0, "1100106": 26.0}
REMITTED = {"2300601": "1100601", "2300602": "1100602"}
Leaves = dict[str, Amounts]


def fill(ledger: Ledger) -> None:
    """The balance and the grants of every leaf, the zone and the counties first, the city last."""
    closing = _closing()
    for unit in LEAVES:
        _entries(ledger, unit, closing)
    for unit in (*LEAVES[1:], CITY):
        _grants(ledger, unit, _needed(ledger, unit))


def _closing() -> Leaves:
    stated = given("balances", "gp_closing")
    counties = spread(stated.pop(COUNTIES), weights("rest"), "gp closing", 0.25)
    return stated | counties


def _entries(ledger: Ledger, unit: str, closing: Leaves) -> None:
    for line in OWN:
        ledger.put(unit, BALANCE, line, _own(line)[unit])
    ledger.put(unit, BALANCE, "2300901", closing[unit])
    ledger.put(unit, BALANCE, "1100801", _opening(unit, closing[unit]))
    ledger.put(unit, BALANCE, "2310301", debt.repaid("general")[unit])
    ledger.put(unit, BALANCE, "110090102", _line(ledger, unit, "fund_balance", "2300802"))
    ledger.put(unit, BALANCE, "110090103", _line(ledger, unit, "capital_balance", "2300803"))
    if unit != CITY:
        for remittance in REMITTED:
            ledger.put(CITY, "city_remittances", f"{REMITTED[remittance]}.{unit}", _own(remittance)[unit])


def _own(line: str) -> Leaves:
    return by_leaf("balances", line, "remit" if line.startswith("230060") else "rest", 0.04)


def _opening(unit: str, closing: Amounts) -> Amounts:
    first = by_leaf("balances", "gp_opening", "rest", 0.2)[unit]["prior"]
    return dict.fromkeys(("initial", "adjusted", "actual"), closing["prior"]) | {
        "prior": first,
        "budget": closing["actual"],
    }


def _line(ledger: Ledger, unit: str, form: str, line: str) -> Amounts:
    return {column: ledger.at(unit, form, line, column) for column in COLUMNS}


def _needed(ledger: Ledger, unit: str) -> Amounts:
    uses = added(
        expenditure.total(ledger, unit),
        *(_line(ledger, unit, BALANCE, line) for line in ("2300601", "2300602", "23015", "2300901", "2310301")),
    )
    own = [_line(ledger, unit, BALANCE, line) for line in ("11015", "1100801", "110090102", "110090103", "110090199")]
    bonds = [_line(ledger, unit, "debt_onlending", bond) for bond in ("D7.1", "D7.2")]
    if unit == CITY:
        uses = added(
            uses,
            _all(ledger, "city_transfers", ("23001", "23002", "23003")),
            _all(ledger, "city_onlending", ("2301101",)),
        )
        own.append(_all(ledger, "city_remittances", ("1100601", "1100602")))
    return less(uses, {"own": added(revenue.total(ledger, unit), *own, *bonds)})


def _all(ledger: Ledger, form: str, lines: tuple[str, ...]) -> Amounts:
    return {column: sum(ledger.under(CITY, form, line, column) for line in lines) for column in COLUMNS}


def _grants(ledger: Ledger, unit: str, needed: Amounts) -> None:
    returned = by_leaf("balances", "11001", "tax", 0.0)[unit]
    special = {
        column: int((amount - returned[column]) * (0.085 + 0.03 * chance("special", unit, column)))
        for column, amount in needed.items()
    }
    general = less(needed, {"returned": returned, "special": special})
    for amounts, kinds, line in (
        (returned, RETURNED, "23001"),
        (general, GENERAL, "23002"),
        (special, SPECIAL, "23003"),
    ):
        ledger.lines(
            unit,
            "gp_transfers",
            spread(amounts, _kinds(unit, kinds), f"grants {unit} {line}", 0.06 if kinds is not RETURNED else 0.0),
        )
        if unit != CITY:
            ledger.put(CITY, "city_transfers", f"{line}.{unit}", amounts)


def _kinds(unit: str, kinds: dict[str, float]) -> dict[str, float]:
    return {kind: weight for kind, weight in kinds.items() if unit == CITY or weight > 1 or chance(unit, kind) < 0.6}
