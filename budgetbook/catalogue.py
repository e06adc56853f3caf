"""目录: the definitions for one budget year, bound to one unit tree; what it says of a rule and of lines that changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Literal

from .finding import Severity
from .form import REGION, REGION_NAME, Form, Level, Line, by
from .relation import Flow, Relation, Term
from .unit import Tree


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


def with_regions(lines: Iterable[Line], tree: Tree) -> tuple[Line, ...]:
    """By-region lines once for each region of the tree."""
    return tuple(
        each
        for line in lines
        for each in (
            (
                replace(
                    line,
                    code=line.code.replace(REGION, unit.code),
                    name=line.name.replace(REGION_NAME, unit.name),
                    region=unit.code,
                )
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
        return by("id", self.forms)

    def at(self, level: Level) -> tuple[Form, ...]:
        """The forms that units of *level* fill in."""
        return tuple(form for form in self.forms if level in form.levels)
