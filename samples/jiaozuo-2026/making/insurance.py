"""社会保险基金: 市级统筹 funds at the city, 城乡居民养老 at every other leaf, and the subsidies that 一般公共预算 pays for them."""

from __future__ import annotations

from .chance import COLUMNS, Amounts, added, less, spread
from .ledger import Ledger
from .tables import CITY, COUNTIES, LEAVES, amounts, by_leaf, given, rows, weights

RESIDENT = "10210"  # 城乡居民基本养老保险基金, kept by each county
POOLED = ("10202", "10203", "10204", "10211", "10212")  # 市级统筹
PAID_FROM = {
    "1020302": "2101201",
    "1021102": "2080507",
    "1021202": "2101202",
    "X_LTC_R02": "2101299",
    "1021002": "2082602",
}
SPENT = {fund: f"209{fund[3:]}" for fund in (*POOLED, RESIDENT)}
PENSION = "2091001"  # 基础养老金支出
OVERSPENT = {"410823": 1316, "410825": 934}  # the published figures leave the counties more spent than budgeted
CITY_SHARE, ZONE_SHARE = 0.31, 0.02  # of what 一般公共预算 pays into the pooled funds
CARE = {"X_LTC_R01": 0.62, "X_LTC_R99": 0.38}


def fill(ledger: Ledger) -> None:
    """The three social insurance forms, and the lines of 一般公共预算支出 that subsidise the funds."""
    revenue, expenditure = by_leaf("totals", "siR", "insurance", 0.02), _spending()
    for unit in LEAVES:
        funds = POOLED if unit == CITY else (RESIDENT,)
        _revenue(ledger, unit, funds, revenue[unit])
        _expenditure(ledger, unit, funds, expenditure[unit])
    _balances(ledger)
    _paid(ledger)


def _revenue(ledger: Ledger, unit: str, funds: tuple[str, ...], total: Amounts) -> None:
    subsidies = {line: by_leaf("subsidies", line, "insurance", 0.02, within=True)[unit] for line in PAID_FROM}
    for line, amounts_ in subsidies.items():
        ledger.put(unit, "si_revenue", line, amounts_)
    care = _care(unit, "ltc_revenue")
    care = less(care, {"": subsidies["X_LTC_R02"]})
    ledger.lines(
        unit,
        "si_revenue",
        {line: {"budget": round(care["budget"] * part)} for line, part in CARE.items()} if unit == CITY else {},
    )
    rest = less(total, subsidies | {"care": care})
    ledger.lines(unit, "si_revenue", spread(rest, _weights(funds, "revenue"), f"si revenue {unit}", 0.015))


def _spending() -> dict[str, Amounts]:
    """Leaf → spending. 执行数 stays within 调整预算数 but for the counties that the table says overspent."""
    stated = given("totals", "siE")
    together = stated.pop(COUNTIES)
    together["adjusted"] += sum(OVERSPENT.values())
    spending = stated | spread(together, weights("insurance"), "siE", 0.02, within=True)
    for unit, over in OVERSPENT.items():
        spending[unit]["adjusted"] -= over
    return spending


def _expenditure(ledger: Ledger, unit: str, funds: tuple[str, ...], total: Amounts) -> None:
    care, over = _care(unit, "ltc_expenditure"), {"adjusted": OVERSPENT.get(unit, 0)}
    ledger.put(unit, "si_expenditure", "X_LTC_E", care)
    rest = added(less(total, {"": care}), over)
    lines = spread(rest, _weights(funds, "expenditure"), f"si expenditure {unit}", 0.015, within=True)
    if unit in OVERSPENT:
        lines[PENSION]["adjusted"] -= OVERSPENT[unit]
    ledger.lines(unit, "si_expenditure", lines)


def _care(unit: str, measure: str) -> Amounts:
    return by_leaf("subsidies", measure, "insurance")[unit]


def _weights(funds: tuple[str, ...], kind: str) -> dict[str, float]:
    return {
        row["line"]: float(row["weight"]) for row in rows("insurance") if row["fund"] in funds and row["kind"] == kind
    }


def _balances(ledger: Ledger) -> None:
    closing = {row["unit"]: amounts(row)["actual"] for row in rows("subsidies") if row["measure"] == "closing"}
    for fund in POOLED:
        _openings(ledger, CITY, fund, closing[fund])
    counties = spread({"actual": closing.pop(COUNTIES)}, weights("insurance"), "closing", 0.05)
    for unit in LEAVES:
        if unit != CITY:
            _openings(ledger, unit, RESIDENT, counties[unit]["actual"] if unit in counties else closing[unit])


def _openings(ledger: Ledger, unit: str, fund: str, closing: int) -> None:
    """上年末滚存结余 of every column, back from the 年末滚存结余 of the 执行 column."""
    surplus = {
        column: ledger.under(unit, "si_revenue", fund, column)
        - ledger.under(unit, "si_expenditure", SPENT[fund], column)
        for column in COLUMNS
    }
    opening = closing - surplus["actual"]
    ledger.put(
        unit,
        "si_balance",
        f"S{fund}.open",
        {
            "prior": opening - surplus["prior"],
            "initial": opening,
            "adjusted": opening,
            "actual": opening,
            "budget": closing,
        },
    )


def _paid(ledger: Ledger) -> None:
    """Every leaf pays its part into the pooled funds; what the counties pay goes to the city's fund."""
    part = {
        unit: weight * (1 - CITY_SHARE - ZONE_SHARE) / sum(weights("subsidy").values())
        for unit, weight in weights("subsidy").items()
    }
    part |= {CITY: CITY_SHARE, LEAVES[1]: ZONE_SHARE}
    for line, spending in PAID_FROM.items():
        if line == "1021002":
            for unit in LEAVES:
                ledger.put(unit, "gp_expenditure", spending, _column(ledger, unit, line))
        elif line in ("1021102", "1021202"):
            for unit, paid in spread(_column(ledger, CITY, line), part, f"paid {line}", 0.02, within=True).items():
                ledger.put(unit, "gp_expenditure", spending, paid)
        else:
            ledger.put(CITY, "gp_expenditure", spending, _column(ledger, CITY, line))


def _column(ledger: Ledger, unit: str, line: str) -> Amounts:
    return {column: ledger.at(unit, "si_revenue", line, column) for column in COLUMNS}
