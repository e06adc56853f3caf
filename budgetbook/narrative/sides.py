"""The two sides of a relation among claims: what they are made of, what they are called, and the relation judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .. import rounding_proof as proof
from ..finding import Severity
from ..relation import WORDS, Sign
from .claim import Claim
from .judged import Judged, Show, proven, yi
from .stated import Key, Stated, Terms


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a relation, in words too."""

    terms: Terms
    said: str
    derived: bool = False  # speaks of units that the text does not speak of


def side_of(stated: Stated, addends: Sequence[tuple[Key, int]]) -> Side:
    """Cells that the text states, each with what it is multiplied by."""
    parts = tuple((name, weight * by) for key, weight in addends for name, by in stated.cells[key])
    said = "".join(
        f"{'减' if weight < 0 else '加' if at else ''}{_named(stated, key)} {shown(stated, stated.cells[key])}"
        for at, (key, weight) in enumerate(addends)
    )
    return Side(parts, said, any(key in stated.derived for key, _ in addends))


def _named(stated: Stated, key: Key) -> str:
    form = stated.shape.catalogue.form(key[1])
    unit = stated.shape.catalogue.tree[key[0]].name
    how = f"（{stated.derived[key]}）" if key in stated.derived else ""
    title = form.title.partition("（")[0].removesuffix("表").removesuffix("情况")
    return f"{unit}{how}{title}“{form.line(key[2]).name}”{form.column(key[3]).heading}"


def shown(stated: Stated, parts: Terms) -> str:
    """What the text makes of a sum of figures."""
    return yi(sum(weight * stated.figures[name].value for name, weight in parts))


def judged_so(
    stated: Stated,
    id: str,
    severity: Severity,
    sides: tuple[Side, Side],
    sign: Sign,
    says: str,
    show: Show = yi,
) -> Judged:
    """One side against the other, with the sentence that says why."""
    left, right = sides
    demand = proof.Claim(id, net((*left.terms, *((name, -weight) for name, weight in right.terms))), sign)
    verdict = proof.verdict(demand, stated.figures)
    spans = stated.interval(left.terms), stated.interval(right.terms)
    lead = f"{left.said}，{WORDS[sign]}{right.said}（{says}）。" if left.said else f"{says}。"
    sentence = f"{lead}{proven(verdict, *spans, show)}"
    claims = claims_of(stated, (*left.terms, *right.terms))
    derived = left.derived or right.derived
    return Judged(id, verdict, severity, sentence, claims, *spans, (demand,), derived=derived)


def net(parts: Terms) -> Terms:
    """Each figure once, by name, with all that it is multiplied by."""
    total: dict[str, int] = {}
    for name, weight in parts:
        total[name] = total.get(name, 0) + weight
    return tuple(sorted((name, weight) for name, weight in total.items() if weight))


def claims_of(stated: Stated, parts: Terms) -> tuple[Claim, ...]:
    """The claims that figures come from, in the order of the text."""
    names = dict.fromkeys(name for name, _ in parts)
    return tuple(sorted((stated.claims[name] for name in names), key=in_order))


def in_order(claim: Claim) -> tuple[int, int]:
    """The order of the text."""
    return claim.place.paragraph, claim.place.start
