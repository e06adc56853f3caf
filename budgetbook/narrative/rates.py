"""Completion, growth and shares as the text states them, against the amounts they come from."""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd

from .. import rounding_proof as proof
from ..amount import Interval
from ..relation import Sign
from .judged import FINE, Judged, percent, proven
from .sides import claims_of, net, shown
from .stated import Spoken, Stated, Terms


def rates(stated: Stated) -> Iterator[Judged]:
    """Completion, growth and shares against the amounts they come from, where the text states both."""
    for spoken in stated.spoken:
        formula = spoken.formula
        if formula.kind in ("percent", "growth") and not formula.base_scope:
            of, base = (stated.terms_at(spoken.unit.code, side) for side in (formula.of, formula.base))
            if of and base and stated.interval(base).low > 0:
                yield _rate(stated, spoken, of, base)


def _rate(stated: Stated, spoken: Spoken, of: Terms, base: Terms) -> Judged:
    """of/base lies within the printed rate's interval: two demands on whole numbers."""
    printed, plus = stated.figures[spoken.name], 100 * FINE if spoken.formula.kind == "growth" else 0
    ends = (2 * (printed.value + plus) + side * printed.step for side in (-1, 1))
    signs: tuple[Sign, Sign] = (">=", "<=")
    demands = tuple(_demand(spoken.name, of, base, end, sign) for end, sign in zip(ends, signs, strict=True))
    verdict = max(proof.verdict(demand, stated.figures) for demand in demands)
    above, below = stated.interval(of), stated.interval(base)
    rate = Interval(above.low / below.high * 100 * FINE - plus, above.high / below.low * 100 * FINE - plus)
    claim = spoken.claim
    says = (
        f"{spoken.unit.name}{shown(stated, of)}与{shown(stated, base)}相比，文中说 {claim.direction}{claim.printed}。"
        f"{proven(verdict, rate, printed.interval, percent)}"
    )
    claims = (*claims_of(stated, (*of, *base)), claim)
    return Judged("T-RATE", verdict, "error", says, claims, rate, printed.interval, demands)


def _demand(name: str, of: Terms, base: Terms, end: int, sign: Sign) -> proof.Claim:
    """of `sign` base × end / 200 FINE, in the smallest whole numbers."""
    whole = 200 * FINE
    by = gcd(whole, end)
    parts = (
        *((each, whole // by * weight) for each, weight in of),
        *((each, -end // by * weight) for each, weight in base),
    )
    return proof.Claim(name, net(parts), sign)
