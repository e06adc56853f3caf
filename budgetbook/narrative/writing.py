"""The figures of the books in the words of a report, under the Chinese names that its template uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..unit import Unit
from .claim_map import ClaimMap, Figure
from .house_style import HouseStyle
from .standing import Standing, scope_units

Fields = dict[str, Any]
SCOPES = {"全市": "citywide", "市级": "city_level", "县级": "county_level"}
BOOKS = {
    "一般公共预算": "general_public",
    "政府性基金": "government_fund",
    "国有资本经营": "state_capital",
    "社会保险基金": "social_insurance",
}
SIDES = {"收入": "revenue", "支出": "expenditure", "结余": "balance"}
AMOUNTS = {  # field → measure and year
    "年初预算": ("initial_budget", -1),
    "调整预算": ("adjusted_budget", -1),
    "完成": ("actual", -1),
    "预算": ("budget", 0),
    "总计": ("total", 0),
    "财政补助": ("fiscal_subsidy", 0),
    "当年结余": ("surplus_of_year", -1),
    "滚存结余": ("closing_balance", -1),
    "预算当年结余": ("surplus_of_year", 0),
    "预算滚存结余": ("closing_balance", 0),
}
DEBT = {  # field → measure; of the year executed
    "限额": "debt_limit",
    "余额": "debt_balance",
    "转贷": "bonds_onlent",
    "新增": "bonds_onlent_new",
    "再融资": "bonds_onlent_refinancing",
    "还本付息": "debt_service",
    "还本": "principal_repaid",
    "付息": "interest_paid",
}
KINDS = {"合计": "total", "一般": "general", "专项": "special"}
LINES = {"税收": "revenue.tax", "民生": "expenditure.livelihood", "三保": "expenditure.three_guarantees"}
LINES |= {"教育": "expenditure.205", "科技": "expenditure.206"}
APPROVED = {"支出": "expenditure", "基本支出": "expenditure.basic", "其他支出": "expenditure.other"}
DATE = re.compile(r"(?:20\d\d\s*年)?\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")


@dataclass(frozen=True, slots=True)
class Writer:
    """Says figures of the books as the claim map finds them, so that what is written ties out."""

    standing: Standing
    claim_map: ClaimMap
    style: HouseStyle

    def fields(self, city: str) -> Fields:
        """Everything a template may use; a figure that is blank in the books has no field."""
        year = self.standing.shape.catalogue.year
        told: Fields = {"城市": city, "执行年": str(year - 1), "草案年": str(year)}
        return told | {name: self._scope(scope) for name, scope in SCOPES.items()}

    def _scope(self, scope: str) -> Fields:
        told: Fields = {name: self._book(scope, budget) for name, budget in BOOKS.items()}
        told["债务"] = {name: self._debt(scope, flow) for name, flow in KINDS.items()}
        told["科目"] = {name: self._side(scope, "general_public", flow) for name, flow in LINES.items()}
        told["预先安排"] = self._pre_approval(scope)
        return told

    def _book(self, scope: str, budget: str) -> Fields:
        return {name: self._side(scope, budget, side) for name, side in SIDES.items()}

    def _side(self, scope: str, budget: str, flow: str) -> Fields:
        amounts = {
            name: self._said(scope, Figure(budget, flow, measure, year)) for name, (measure, year) in AMOUNTS.items()
        }
        told: Fields = {name: text for name, text in amounts.items() if text}
        told |= {"调整过": self._adjusted(scope, budget, flow)}
        return told | self._rates(scope, budget, flow) | self._added(scope, budget, flow)

    def _adjusted(self, scope: str, budget: str, flow: str) -> bool:
        """Whether the year's budget was changed, for the unit or for a zone within it."""
        before, after = (Figure(budget, flow, measure, -1) for measure in ("initial_budget", "adjusted_budget"))
        units = (*self._units(scope), *self._zones(scope))
        return any(self._value(before, (unit,)) != self._value(after, (unit,)) for unit in units)

    def _rates(self, scope: str, budget: str, flow: str) -> Fields:
        """Clauses with the comma before them; empty where there is no base."""
        adjusted = self._adjusted(scope, budget, flow)
        base, called = ("adjusted", "调整预算") if adjusted else ("initial", "年初预算")
        share = self._value(Figure(budget, flow, f"share_of_{flow.partition('.')[0]}", -1), self._units(scope))
        moved = self._value(Figure(budget, flow, "share_change_on_prior_year", -1), self._units(scope))
        done = self._value(Figure(budget, flow, f"actual_pct_of_{base}", -1), self._units(scope))
        growth = self._value(Figure(budget, flow, "growth_on_prior_year", -1), self._units(scope))
        return {
            "完成率": "" if done is None else f"，为{called}的 {self.style.percent(done)}",
            "同比": "" if growth is None else f"，{self.style.change(growth)}",
            "占比": "" if share is None else self.style.percent(share),
            "占比变动": "" if moved is None else f"，{self.style.points(moved)}",
        }

    def _added(self, scope: str, budget: str, flow: str) -> Fields:
        """加上 with the largest items and their sum; nothing if there are none."""
        figure = Figure(budget, flow, "other_sources" if flow == "revenue" else "other_uses", 0)
        whole = self._value(figure, self._units(scope))
        if not whole:
            return {"加上": ""}
        items = {
            name: self._value(Figure(budget, item, "budget", 0), self._units(scope)) or Fraction(0)
            for item, name in self.style.items.get(flow, {}).items()
        }
        return {"加上": f"，加上{self.style.named(items, whole)} {self._money(figure, whole)}"}

    def _debt(self, scope: str, flow: str) -> Fields:
        said = {name: self._said(scope, Figure("debt", flow, measure, -1)) for name, measure in DEBT.items()}
        return {name: text for name, text in said.items() if text}

    def _pre_approval(self, scope: str) -> Fields:
        """What was spent before approval, with the day up to which, as the form's remark says it; nothing without a day."""
        units = self._units(scope)
        day = next(filter(None, (self._day(unit) for unit in units)), "")
        said = {
            name: self._value(Figure("general_public", flow, "pre_approval_spending", 0), units)
            for name, flow in APPROVED.items()
        }
        if not day or any(value is None for value in said.values()):
            return {"截止日": ""}
        money = {name: self.style.money(value, "debt", True) for name, value in said.items() if value is not None}
        return {"截止日": day, **money}

    def _day(self, unit: Unit) -> str:
        tree, books = self.standing.shape.catalogue.tree, self.standing.books
        leaves = tree.under(unit.code) if unit.level == "node" else (unit,)
        remarks = (
            books[leaf.code].texts.get(("pre_approval", "YA", "reason"), "") for leaf in leaves if leaf.code in books
        )
        found = next(filter(None, map(DATE.search, remarks)), None)
        return f"{self.standing.shape.catalogue.year} 年 {found[1]} 月 {found[2]} 日" if found else ""

    def _said(self, scope: str, figure: Figure) -> str:
        """`31.1 亿元（含高新区 10.1 亿元）`; empty if the cell is blank."""
        value = self._value(figure, self._units(scope))
        if value is None:
            return ""
        zones = "，".join(self._zone_says(figure, scope))
        return self._money(figure, value) + (f"（含{zones}）" if zones else "")

    def _zone_says(self, figure: Figure, scope: str) -> Iterator[str]:
        for zone in self._zones(scope):
            value = self._value(figure, (zone,))
            if value is not None:
                yield f"{zone.name} {self._money(figure, value)}"

    def _money(self, figure: Figure, fen: Fraction) -> str:
        return self.style.money(fen, figure.budget, figure.year == 0)

    def _units(self, scope: str) -> tuple[Unit, ...]:
        return scope_units(self.standing.shape.catalogue.tree, scope, "")

    def _zones(self, scope: str) -> tuple[Unit, ...]:
        """The zones that are told within the city level."""
        if scope != "city_level":
            return ()
        tree = self.standing.shape.catalogue.tree
        members = (unit for city in self._units(scope) for unit in tree.members(city.code))
        return tuple(unit for unit in members if unit.show == "of_which")

    def _value(self, figure: Figure, units: tuple[Unit, ...]) -> Fraction | None:
        formula = self.claim_map.formula(figure, self.standing.shape.catalogue)
        return None if formula is None else self.standing.value(formula, units)


def report_fields(standing: Standing, claim_map: ClaimMap, style: HouseStyle, city: str) -> Mapping[str, Any]:
    """The fields of a report template."""
    return Writer(standing, claim_map, style).fields(city)
