"""The nouns of the trade, frozen: what a form is made of, who fills it in, and what was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from .relation import Relation, Term

_Noun = TypeVar("_Noun")
Level = Literal["county", "city", "node"]
Severity = Literal["error", "warning", "note"]
LEVELS: dict[Level, str] = {"county": "县级", "city": "市本级", "node": "汇总"}
SEVERITIES: dict[Severity, str] = {"error": "强制", "warning": "核实", "note": "提示"}


def _named(nouns: tuple[_Noun, ...], attribute: str, name: str) -> _Noun:
    for noun in nouns:
        if getattr(noun, attribute) == name:
            return noun
    raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Column:
    """栏: a measure. `amount` is typed or summed; the others are derived from amounts `of` and `base`, or hold text."""

    id: str
    heading: str
    kind: Literal["amount", "difference", "growth", "percent", "text"]
    of: str = ""
    base: str = ""


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


@dataclass(frozen=True, slots=True)
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

    @property
    def amounts(self) -> tuple[Column, ...]:
        """The columns that hold amounts, in order."""
        return tuple(column for column in self.columns if column.kind == "amount")

    def column(self, id: str) -> Column:
        """Raises KeyError."""
        return _named(self.columns, "id", id)

    def line(self, code: str) -> Line:
        """Raises KeyError."""
        return _named(self.lines, "code", code)


@dataclass(frozen=True, slots=True)
class Flow:
    """往来: a payer's by-region line and a receiver's line that are the same money."""

    id: str
    name: str
    payer: Term  # line of the city book, with {region}
    receiver: tuple[Term, ...]  # addends in the member's book


@dataclass(frozen=True, slots=True)
class Unit:
    """填报单位: a node of the unit tree. A leaf sends a return; an inner node is consolidated from its members."""

    code: str
    name: str
    level: Level
    parent: str = ""
    parent_in: dict[str, str] = field(default_factory=dict)  # form → parent, where a zone belongs elsewhere
    show: Literal["row", "of_which", "section"] = "row"
    direct: bool = False  # 省直管: its grants come from outside the tree
    adjustment: bool = False  # 差额表


@dataclass(frozen=True, slots=True)
class Tree:
    """The unit tree of one workspace, root first."""

    units: tuple[Unit, ...]

    def __iter__(self) -> Iterator[Unit]:
        return iter(self.units)

    def __getitem__(self, code: str) -> Unit:
        return _named(self.units, "code", code)

    def __contains__(self, code: str) -> bool:
        return any(unit.code == code for unit in self.units)

    @property
    def leaves(self) -> tuple[Unit, ...]:
        """The units that send returns."""
        return tuple(unit for unit in self.units if unit.level != "node")

    @property
    def nodes(self) -> tuple[Unit, ...]:
        """The units that are consolidated, members before the node that holds them."""
        return tuple(unit for unit in reversed(self.units) if unit.level == "node")

    def members(self, code: str, form: str = "") -> tuple[Unit, ...]:
        """The members of a node, as seen by *form*."""
        return tuple(unit for unit in self.units if unit.parent_in.get(form, unit.parent) == code)

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
            yield from self.under(unit.code) if unit.level == "node" else (unit,)


@dataclass(frozen=True, slots=True)
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

    def form(self, id: str) -> Form:
        """Raises KeyError."""
        return _named(self.forms, "id", id)

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
