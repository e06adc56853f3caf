"""Debt: limits, balances, bonds on-lent, principal and interest; what the province lends stands at the city and is lent on."""

from __future__ import annotations

from functools import cache

from .chance import Amounts, added, shares, spread
from .ledger import Ledger
from .tables import CITY, COUNTIES, LEAVES, by_leaf, given, weights

BONDS = ("D7.1", "D7.2", "D7.3", "D7.4")  # 新增一般, 再融资一般, 新增专项, 再融资专项
LENT_ON = {"D7.1": "2301101.new", "D7.2": "2301101.refi", "D7.3": "2301102.new", "D7.4": "2301102.refi"}
KIND = {"general": "debt_general", "special": "debt_special"}
Leaves = dict[str, Amounts]


def fill(ledger: Ledger) -> None:
    """All debt forms of all leaves, and the interest on general bonds in 一般公共预算."""
    own = bonds()
    _lend(ledger, own)
    for kind, (new, refinanced) in {"general": BONDS[:2], "special": BONDS[2:]}.items():
        _balances(ledger, kind, own[new], own[refinanced])
    for unit in LEAVES:
        _bonds(ledger, unit, own)
        ledger.put(
            unit,
            "gp_expenditure",
            "2320301",
            by_leaf("debt", "interest_general", "debt_general", 0.02, within=True)[unit],
        )


@cache
def bonds() -> dict[str, Leaves]:
    """Kind of bond → leaf → what the leaf itself takes of it."""
    own = {bond: by_leaf("debt", bond, "debt_general" if bond in BONDS[:2] else "debt_special") for bond in BONDS}
    return own | {"D7.2": _refinancing("D7.2", "general", own), "D7.4": _refinancing("D7.4", "special", own)}


def _refinancing(bond: str, kind: str, own: dict[str, Leaves]) -> Leaves:
    """As *own*, with the budget of each county divided by the principal it refinances, so that it is never more."""
    repay = {unit: repaid(kind)[unit]["budget"] for unit in weights("tax")}
    budget = shares(given("debt", bond)[COUNTIES]["budget"], repay)
    return {unit: amounts | ({"budget": budget[unit]} if unit in budget else {}) for unit, amounts in own[bond].items()}


def repaid(kind: str) -> Leaves:
    """债务还本 of every leaf, `general` or `special`."""
    return by_leaf("debt", f"repaid_{kind}", f"debt_{kind}", 0.02)


def interest(kind: str) -> Leaves:
    """债务付息 of every leaf."""
    return by_leaf("debt", f"interest_{kind}", f"debt_{kind}", 0.02, within=True)


def _lend(ledger: Ledger, own: dict[str, Leaves]) -> None:
    for bond, by_unit in own.items():
        for unit in LEAVES[1:]:
            ledger.put(unit, "debt_onlending", bond, by_unit[unit])
            ledger.put(CITY, "city_onlending", f"{LENT_ON[bond]}.{unit}", by_unit[unit])
        ledger.put(CITY, "debt_onlending", bond, added(*by_unit.values()))
    for unit in LEAVES:
        _swapped(ledger, unit)


def _swapped(ledger: Ledger, unit: str) -> None:
    """置换存量隐性债务: what is refinanced beyond the principal that fell due."""
    units = LEAVES if unit == CITY else (unit,)
    own, repay = bonds()["D7.4"], repaid("special")
    swapped = [
        {column: max(0, own[each][column] - repay[each][column] * 19 // 20) for column in ("adjusted", "actual")}
        for each in units
    ]
    ledger.put(unit, "debt_onlending", "D7.4m", added(*swapped))


def _balances(ledger: Ledger, kind: str, new: Leaves, refinanced: Leaves) -> None:
    limits, balances = _limits(kind)
    number, letters = {"general": ("D2", "BE"), "special": ("D3", "CF")}[kind]
    for unit in LEAVES:
        issued, paid = new[unit]["actual"] + refinanced[unit]["actual"], repaid(kind)[unit]["actual"]
        early = new[unit]["budget"]
        ledger.put(unit, "debt_limit", f"D1.{letters[0]}", {"actual": limits[unit]})
        ledger.put(unit, "debt_limit", f"D1.{letters[1]}", {"actual": balances[unit]})
        ledger.put(unit, "debt_early", f"D5.{letters[0]}", {"actual": limits[unit]})
        ledger.put(
            unit, "debt_early", f"D5.{'E' if kind == 'general' else 'F'}", {"budget": early}, noughts=("budget",)
        )
        form = KIND[kind]
        ledger.put(unit, form, f"{number}.1", {"actual": balances[unit] - issued + paid})
        ledger.put(unit, form, f"{number}.2", {"budget": limits[unit]})
        ledger.put(unit, form, f"{number}.3.2" if kind == "general" else f"{number}.3", {"actual": issued})
        ledger.put(unit, form, f"{number}.4", {"actual": paid})
        ledger.put(unit, form, f"{number}.6", {"budget": 0 if kind == "general" else early}, noughts=("budget",))
        ledger.put(unit, form, f"{number}.7", {"budget": limits[unit] + early})


def _limits(kind: str) -> tuple[dict[str, int], dict[str, int]]:
    balances = {
        unit: amounts["actual"] for unit, amounts in by_leaf("debt", f"balance_{kind}", f"debt_{kind}", 0.02).items()
    }
    limits = {unit: amounts["actual"] for unit, amounts in given("debt", f"limit_{kind}").items()}
    room = limits.pop(COUNTIES) - given("debt", f"balance_{kind}")[COUNTIES]["actual"]
    rooms = spread({"actual": room}, weights("tax"), f"room {kind}", 0.3)
    return limits | {unit: balances[unit] + rooms[unit]["actual"] for unit in rooms}, balances


def _bonds(ledger: Ledger, unit: str, own: dict[str, Leaves]) -> None:
    mine = {bond: by_unit[unit] for bond, by_unit in own.items()}
    paid = {kind: repaid(kind)[unit] for kind in KIND}
    owed = {kind: interest(kind)[unit] for kind in KIND}
    actual = {
        "B": mine["D7.1"]["actual"] + mine["D7.2"]["actual"],
        "C": mine["D7.2"]["actual"],
        "D": mine["D7.3"]["actual"] + mine["D7.4"]["actual"],
        "E": mine["D7.4"]["actual"],
        "G": paid["general"]["actual"],
        "H": paid["special"]["actual"],
        "J": owed["general"]["actual"],
        "K": owed["special"]["actual"],
    }
    budget = {
        "M1": mine["D7.2"]["budget"],
        "N": paid["general"]["budget"] - mine["D7.2"]["budget"],
        "O1": mine["D7.4"]["budget"],
        "P": paid["special"]["budget"] - mine["D7.4"]["budget"],
        "R": owed["general"]["budget"],
        "S": owed["special"]["budget"],
    }
    for letter, amount in actual.items():
        ledger.put(unit, "debt_bonds", f"D4.{letter}", {"actual": amount})
    for letter, amount in budget.items():
        ledger.put(unit, "debt_bonds", f"D4.{letter}", {"budget": amount})
