"""填报单位: who fills in and whom they are added up to, as a tree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from .form import Level, by
from .relation import Flow

ALL = "*"  # every flow


@dataclass(frozen=True, slots=True)
class Unit:
    """填报单位: a node of the unit tree. A leaf sends a return; an inner node is consolidated from its members."""

    code: str
    name: str
    level: Level
    parent: str = ""
    parent_in: dict[str, str] = field(default_factory=dict)  # form → parent, where a zone belongs elsewhere
    show: Literal["row", "of_which", "section"] = "row"
    direct: frozenset[str] = (
        frozenset()
    )  # 省直管: the flows, by id or rule, that come from outside the tree; ALL of them
    adjustment: bool = False  # 差额表
    tier: bool = False  # 一级财政: a city, a province; what it pays to its members it reconciles and eliminates itself
    contact: str = ""  # who is reminded, and how
    phone: str = ""
    due: dt.date | None = None  # its own deadline

    @property
    def kinds(self) -> frozenset[str]:
        """What a rule may name to apply to it: county, zone (a 开发区 inside a city level), city, node, root, adjustment (差额表)."""
        if self.adjustment:
            return frozenset({"adjustment"})
        if self.level == "node":
            return frozenset({"node"} if self.parent else {"node", "root"})
        return frozenset({"zone" if self.level == "county" and self.show != "row" else self.level})

    def outside(self, flow: Flow) -> bool:
        """Whether a flow to or from this unit passes by the tree (省直管)."""
        return bool(self.direct & {ALL, flow.id, flow.rule})


def applies(levels: frozenset[str], kinds: frozenset[str], sign: str = "") -> bool:
    """Whether a rule, or a relation with a *sign*, for units of *levels* is judged for a unit of *kinds*.

    The figures of a 差额表 are differences: of what holds for a county only equalities hold for it.
    """
    if "adjustment" in kinds:
        return "adjustment" in levels or (sign == "=" and (not levels or "county" in levels))
    return not levels or bool(levels & kinds)


@dataclass(frozen=True)  # no slots: found once, then looked up
class Tree:
    """The unit tree of one workspace, root first."""

    units: tuple[Unit, ...]

    def __iter__(self) -> Iterator[Unit]:
        return iter(self.units)

    def __getitem__(self, code: str) -> Unit:
        return self._units[code]

    def __contains__(self, code: str) -> bool:
        return code in self._units

    @cached_property
    def _units(self) -> dict[str, Unit]:
        return by("code", self.units)

    @cached_property
    def _members(self) -> dict[str, dict[str, tuple[Unit, ...]]]:
        return {}

    @cached_property
    def leaves(self) -> tuple[Unit, ...]:
        """The units that send a book: a return, or, of a node whose members are not in this tree, one consolidated elsewhere."""
        return tuple(unit for unit in self.units if not self.consolidates(unit))

    @cached_property
    def nodes(self) -> tuple[Unit, ...]:
        """The units that are consolidated, members before the node that holds them."""
        return tuple(unit for unit in reversed(self.units) if self.consolidates(unit))

    @cached_property
    def regions(self) -> tuple[Unit, ...]:
        """地区: the leaves that a by-region line stands for; of a city its counties, of a province its cities."""
        return tuple(leaf for leaf in self.leaves if leaf.level != "city" and not leaf.adjustment)

    @cached_property
    def tiers(self) -> tuple[Unit, ...]:
        """The root, and every unit with a budget of its own below it; lower tiers before the one that holds them."""
        return tuple(unit for unit in reversed(self.units) if unit.tier or not unit.parent)

    @cached_property
    def _tier_of(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for unit in self.units:
            found[unit.code] = unit.code if unit.tier or not unit.parent else found[unit.parent]
        return found

    def tier_of(self, code: str) -> str:
        """The tier a unit belongs to; a tier belongs to itself. Raises KeyError."""
        return self._tier_of[code]

    def tier_above(self, tier: str) -> str:
        """The tier that a tier is a member of; empty for the root."""
        return self._tier_of[parent] if (parent := self[tier].parent) else ""

    def within(self, tier: str) -> Tree:
        """The tree of one tier: its units, lower tiers without theirs."""
        if len(self.tiers) == 1:
            return self
        return Tree(tuple(self._within.get(tier, ())))

    @cached_property
    def _within(self) -> dict[str, list[Unit]]:
        found: dict[str, list[Unit]] = {}
        for unit in self.units:
            if unit.parent:
                found.setdefault(self._tier_of[unit.parent], []).append(unit)
            if unit.tier or not unit.parent:
                found.setdefault(unit.code, []).append(replace(unit, parent="", parent_in={}))
        return found

    def consolidates(self, unit: Unit) -> bool:
        """Whether a unit is consolidated from members in this tree."""
        return unit.level == "node" and bool(self.members(unit.code))

    def members(self, code: str, form: str = "") -> tuple[Unit, ...]:
        """The members of a node, as seen by *form*."""
        if form not in self._members:
            found: dict[str, list[Unit]] = {}
            for unit in self.units:
                found.setdefault(unit.parent_in.get(form, unit.parent), []).append(unit)
            self._members[form] = {parent: tuple(units) for parent, units in found.items()}
        return self._members[form].get(code, ())

    def payers(self, unit: Unit) -> tuple[Unit, ...]:
        """The city-level leaves that pay grants to *unit*: those under the lowest node above it that has one."""
        node = unit.parent
        while node:
            found = tuple(leaf for leaf in self.under(node) if leaf.level == "city" and leaf.code != unit.code)
            if found:
                return found
            node = self[node].parent
        return ()

    def under(self, code: str) -> Iterator[Unit]:
        """The leaves below a node."""
        for unit in self.members(code):
            yield from self.under(unit.code) if self.consolidates(unit) else (unit,)
