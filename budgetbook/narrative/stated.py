"""What the text alone states of the cells of the books: figures with their roundness, and what follows for units not spoken of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from ..amount import Interval
from ..catalogue import Catalogue
from ..relation import Term
from ..rounding_proof import Printed
from ..shape import MONEY, Shape
from ..unit import Unit
from .claim import Claim
from .claim_map import ClaimMap, Formula
from .judged import FINE
from .numbers import AMOUNTS
from .printed_claim import scale
from .traced import Tracer

Key = tuple[str, str, str, str]  # unit, form, line, column
Terms = tuple[tuple[str, int], ...]  # figures by name, with their weights


@dataclass(frozen=True, slots=True)
class Spoken:
    """A claim with its formula and the one unit it speaks of."""

    claim: Claim
    formula: Formula
    unit: Unit
    name: str

    @property
    def key(self) -> Key | None:
        """The cell it states, if it states one."""
        if self.formula.kind != "amount" or len(self.formula.of) != 1:
            return None
        [term] = self.formula.of
        return self.unit.code, term.form, term.line, term.column


@dataclass(slots=True)
class Stated:
    """Figures by name, and each cell as a sum of them. `again`: cells and rates stated more than once."""

    shape: Shape
    figures: dict[str, Printed] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    cells: dict[Key, Terms] = field(default_factory=dict)
    derived: dict[Key, str] = field(default_factory=dict)  # how, in words
    spoken: list[Spoken] = field(default_factory=list)
    again: list[tuple[str, str]] = field(default_factory=list)

    def terms_at(self, unit: str, terms: Sequence[Term]) -> Terms | None:
        """The signed sum of some cells of one unit; None if one is not known."""
        found: list[tuple[str, int]] = []
        for term in terms:
            known = self.cells.get(canonical(self.shape, (unit, term.form, term.line, term.column)))
            if known is None:
                return None
            found += [(name, term.weight * weight) for name, weight in known]
        return tuple(found)

    def interval(self, terms: Terms) -> Interval:
        """All that a sum of figures can be, in fen."""
        net: dict[str, int] = {}
        for name, weight in terms:
            net[name] = net.get(name, 0) + weight
        value = sum(weight * self.figures[name].value for name, weight in net.items())
        room = Fraction(sum(abs(weight) * self.figures[name].step for name, weight in net.items()), 2)
        return Interval(value - room, value + room)


def stated(claims: Sequence[Claim], claim_map: ClaimMap, shape: Shape, forms: Sequence[str]) -> Stated:
    """The claims as figures at their cells; for *forms*, levels not spoken of follow from those that are."""
    found = Stated(shape)
    told: dict[object, str] = {}
    tracer = Tracer(claim_map, shape.catalogue)
    for number, claim in enumerate(claims):
        spoken = _spoken(claim, number, tracer)
        if spoken is not None:
            _take(found, spoken, told)
    for unit in shape.catalogue.tree:
        if unit.level == "node":
            _derive(found, unit, forms)
    return found


def _spoken(claim: Claim, number: int, tracer: Tracer) -> Spoken | None:
    formula, units, hedges = tracer.formula(claim), tracer.units(claim), tracer.claim_map.hedges
    open_ended = claim.hedge in hedges.at_least or claim.hedge in hedges.at_most
    if formula is None or len(units) != 1 or claim.basis == "comparable" or open_ended:
        return None
    return Spoken(claim, formula, units[0], f"#{number}")


def _take(found: Stated, spoken: Spoken, told: dict[object, str]) -> None:
    found.figures[spoken.name] = printed(spoken.claim)
    found.claims[spoken.name] = spoken.claim
    same = (spoken.unit.code, spoken.formula)
    if same in told:
        found.again.append((told[same], spoken.name))
        return
    told[same] = spoken.name
    found.spoken.append(spoken)
    if spoken.key is not None:
        found.cells.setdefault(canonical(found.shape, spoken.key), ((spoken.name, 1),))


def printed(claim: Claim) -> Printed:
    """A claim with its roundness: amounts in fen, rates in millionths of a percent. A hedge makes it three times as wide."""
    unit = scale(claim.unit) if claim.unit in AMOUNTS else Fraction(FINE)
    step = unit / 10**claim.precision * (3 if claim.hedge else 1)
    return Printed(int(Fraction(claim.value) * unit), int(step))


@lru_cache(maxsize=4096)
def canonical(shape: Shape, key: Key) -> Key:
    """The same figure where it is entered: a total with one part is that part."""
    unit, form, code, column = key
    catalogue = shape.catalogue
    line = catalogue.form(form).line(code)
    while line.kind == "total" and len(line.parts) == 1 and line.parts[0].weight == 1 and not line.parts[0].column:
        form, code = line.parts[0].form, line.parts[0].line
        line = catalogue.form(form).line(code)
    return unit, form, code, column


def _derive(found: Stated, node: Unit, forms: Sequence[str]) -> None:
    """The one member of a node that the text does not speak of: the node less all the others."""
    for key in [key for key in found.cells if key[0] == node.code and key[1] in forms]:
        members = [unit for unit in found.shape.catalogue.tree.members(node.code, key[1]) if not unit.adjustment]
        absent = [unit for unit in members if (unit.code, *key[1:]) not in found.cells]
        if len(absent) == 1 and len(members) > 1:
            others = [unit for unit in members if unit is not absent[0]]
            rest = [(name, -weight) for unit in others for name, weight in found.cells[unit.code, *key[1:]]]
            mine = (absent[0].code, *key[1:])
            found.cells[mine] = (*found.cells[key], *rest)
            found.derived[mine] = f"{node.name}减{'、'.join(unit.name for unit in others)}"


def whole_levels(found: Stated, forms: Sequence[str]) -> Iterator[tuple[Key, list[Key]]]:
    """Cells of a node that the text states together with those of every member."""
    for key in found.cells:
        unit = found.shape.catalogue.tree[key[0]]
        if unit.level == "node" and key[1] in forms:
            members = [
                (each.code, *key[1:])
                for each in found.shape.catalogue.tree.members(unit.code, key[1])
                if not each.adjustment
            ]
            if members and all(member in found.cells and member not in found.derived for member in members):
                yield key, members


def unsigned(catalogue: Catalogue, key: Key) -> bool:
    """Whether a figure cannot be negative."""
    line = catalogue.form(key[1]).line(key[2])
    return line.kind in MONEY and not line.signed
