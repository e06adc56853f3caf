"""The nouns of the trade, frozen: what a form is made of, who fills it in, and what was found."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Literal, TypeVar

from .relation import Relation, Term

_Noun = TypeVar("_Noun")
Level = Literal["county", "city", "node"]
Severity = Literal["error", "warning", "note"]
REGION = "{region}"  # in the code of a by-region line
DEEPEST = 99  # a form without a depth is filled in to its last level
LEVELS: dict[Level, str] = {"county": "县级", "city": "市本级", "node": "汇总"}
SEVERITIES: dict[Severity, str] = {"error": "强制", "warning": "核实", "note": "提示"}
FILE_STATES = {"read": "已读取", "unreadable": "无法读取", "foreign": "未采用", "superseded": "未用"}
ALL = "*"  # every flow


def _by(attribute: str, nouns: Iterable[_Noun]) -> dict[str, _Noun]:
    found: dict[str, _Noun] = {}
    for noun in nouns:
        found.setdefault(getattr(noun, attribute), noun)
    return found


@dataclass(frozen=True, slots=True)
class Column:
    """栏: a measure. `amount` is typed or summed; the others are derived from amounts `of` and `base`, or hold text."""

    id: str
    heading: str
    kind: Literal["amount", "difference", "growth", "percent", "text"]
    of: str = ""
    base: str = ""
    last: str = ""  # the column of last year's form that is continued here
    calibre: str = ""  # what last year's book has to hold (决算) for its figures to be the ones that are meant


@dataclass(frozen=True, slots=True)
class Line:
    """科目: a row with a code. `parts` of a total are its addends; of a ratio, `parts` are divided by `base`."""

    code: str
    name: str
    kind: Literal["entry", "total", "of_which", "ratio", "text", "fixed", "heading"]
    parent: str = ""
    depth: int = 0
    parts: tuple[Term, ...] = ()
    base: tuple[Term, ...] = ()
    columns: frozenset[str] = frozenset()  # open columns; none named means all
    levels: frozenset[str] = frozenset()  # levels that have the line; none named means all
    signed: bool = False
    choices: tuple[str, ...] = ()
    evidence: str = ""
    aliases: tuple[str, ...] = ()
    region: str = ""  # the unit a by-region line stands for

    @property
    def stem(self) -> str:
        """What the codes of a by-region line begin with, whatever the region; empty for another line."""
        return self.code.partition(REGION)[0] if REGION in self.code else ""


@dataclass(frozen=True)  # no slots: found once, then looked up
class Form:
    """表: a grid of lines × columns in one unit of account."""

    id: str
    sheet: str
    title: str
    unit: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    levels: frozenset[str]
    depths: dict[str, int] = field(default_factory=dict)  # level → deepest line filled in
    basis: str = ""
    decimals: dict[str, int] = field(
        default_factory=dict
    )  # column → places to which its figures are rounded; others are exact

    @cached_property
    def amounts(self) -> tuple[Column, ...]:
        """The columns that hold amounts, in order."""
        return tuple(column for column in self.columns if column.kind == "amount")

    @cached_property
    def _columns(self) -> dict[str, Column]:
        return _by("id", self.columns)

    @cached_property
    def _lines(self) -> dict[str, Line]:
        return _by("code", self.lines)

    def column(self, id: str) -> Column:
        """Raises KeyError."""
        return self._columns[id]

    def line(self, code: str) -> Line:
        """Raises KeyError."""
        return self._lines[code]


@dataclass(frozen=True, slots=True)
class Flow:
    """往来: a payer's by-region line and a receiver's line that are the same money."""

    id: str
    name: str
    payer: Term  # line of the city book, with {region}
    receiver: tuple[Term, ...]  # addends in the member's book
    rule: str = "R-LVL-10"


@dataclass(frozen=True, slots=True)
class Change:
    """科目变更: money that last year stood at `old` stands at `new` this year. No weight: how much of it, nobody has said."""

    form: str
    old: str
    name: str  # what the old line was called
    new: str
    weight: Fraction | None


@dataclass(frozen=True, slots=True)
class Rule:
    """规则: what the catalogue says of a rule that a function in `checks` evaluates. Amounts in `limits` are in 万元."""

    id: str
    function: str
    severity: Severity
    levels: frozenset[str]  # kinds of unit it applies to, see Unit.kinds; none named means all
    forms: tuple[str, ...]
    lines: tuple[
        tuple[Term, ...], ...
    ]  # groups of figures; what the first and the second group mean, the function says
    columns: tuple[str, ...]
    limits: Mapping[str, Fraction]
    words: tuple[str, ...]
    blank: Literal["skip", "zero", "finding"]
    stage: Literal["", "execution", "draft"]
    says: str  # a sentence with {placeholders}
    remedy: str
    basis: str
    start: str = ""
    until: str = ""
    shadow: bool = False
    explain: tuple[str, ...] = ()
    amounts: bool = False


@dataclass(frozen=True, slots=True)
class Adequacy:
    """What makes an explanation adequate: long enough, more than a set phrase, and it names a cause."""

    shortest: int = 0
    phrases: tuple[str, ...] = ()  # boilerplate
    causes: tuple[str, ...] = ()  # words that name a cause


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
        return _by("code", self.units)

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


def with_regions(lines: Iterable[Line], tree: Tree) -> tuple[Line, ...]:
    """By-region lines once for each region of the tree."""
    return tuple(
        each
        for line in lines
        for each in (
            (
                replace(line, code=line.code.replace(REGION, unit.code), name=unit.name, region=unit.code)
                for unit in tree.regions
            )
            if REGION in line.code
            else (line,)
        )
    )


def bound_digest(edition: str, tree: Tree) -> str:
    """What tells whether a workbook was issued for these definitions and this tree."""
    return hashlib.sha256(repr((edition, [unit.code for unit in tree])).encode()).hexdigest()[:16]


@dataclass(frozen=True)  # no slots: found once, then looked up
class Catalogue:
    """The definitions for one budget year, bound to one unit tree."""

    year: int
    edition: str
    forms: tuple[Form, ...]
    relations: tuple[Relation, ...]
    flows: tuple[Flow, ...]
    tree: Tree
    guide: str
    digest: str
    rules: tuple[Rule, ...] = ()
    resting: tuple[Rule | Relation, ...] = ()  # read, but not in force this year or for these stages
    adequacy: Adequacy = Adequacy()
    changes: tuple[Change, ...] = ()  # from last year's lines to this year's
    by_region: Mapping[str, tuple[Line, ...]] = field(
        default_factory=dict
    )  # form → its lines before regions are put in
    edition_digest: str = ""  # of the definitions alone, whatever the tree

    def bound(self, tree: Tree) -> Catalogue:
        """The same definitions for another tree."""
        forms = tuple(
            replace(form, lines=with_regions(self.by_region[form.id], tree)) if form.id in self.by_region else form
            for form in self.forms
        )
        return replace(self, forms=forms, tree=tree, digest=bound_digest(self.edition_digest, tree))

    def rule(self, id: str) -> Rule | Relation | None:
        """What the catalogue says of a rule; None if it says nothing."""
        known: tuple[Rule | Relation, ...] = (*self.relations, *self.rules)
        return next((rule for rule in known if rule.id == id), None)

    def form(self, id: str) -> Form:
        """Raises KeyError."""
        return self._forms[id]

    @cached_property
    def _forms(self) -> dict[str, Form]:
        return _by("id", self.forms)

    def at(self, level: Level) -> tuple[Form, ...]:
        """The forms that units of *level* fill in."""
        return tuple(form for form in self.forms if level in form.levels)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands in a returned workbook."""

    sheet: str
    cell: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}"


@dataclass(frozen=True, slots=True)
class Waiver:
    """豁免: the city's word that a finding may stand: who gave it, why, and the last day it holds (ISO; empty: no end)."""

    fingerprint: str
    rule: str
    unit: str  # code or name, as written
    by: str
    why: str
    until: str = ""
    at: int = 0  # line of the file

    def __str__(self) -> str:
        return f"{self.by}豁免，{f'至 {self.until}' if self.until else '不设期限'}：{self.why}"


@dataclass(frozen=True, slots=True)
class Finding:
    """问题: one thing a person should look at, said in a whole sentence, with the cell to look at. Amounts in fen."""

    rule: str
    severity: Severity
    says: str
    unit: str = ""
    file: str = ""
    form: str = ""
    line: str = ""
    column: str = ""
    sheet: str = ""
    cell: str = ""
    value: int | None = None
    expected: int | None = None
    cause: str = ""
    explanation: str = ""
    echoes: tuple[Finding, ...] = ()  # what goes away with it, folded under it
    waiver: Waiver | None = None
    said: str = ""  # what the unit wrote, where that does not do as an explanation

    @property
    def open(self) -> bool:
        """Whether somebody still has to act: it is neither explained nor waived."""
        return not self.explanation and self.waiver is None

    @property
    def difference(self) -> int | None:
        """value − expected."""
        return None if self.value is None or self.expected is None else self.value - self.expected


@dataclass(frozen=True, slots=True)
class FileState:
    """What became of one file that was handed in."""

    path: str
    sha256: str
    unit: str
    name: str
    state: Literal["read", "unreadable", "foreign", "superseded"]
    says: str


def fingerprint(finding: Finding, year: int) -> str:
    """The same for the same trouble at the same figure, whatever the file is called and however often it is sent."""
    text = "|".join((finding.rule, finding.unit, finding.form, finding.line, finding.column, str(year)))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
