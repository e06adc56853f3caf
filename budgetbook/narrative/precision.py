"""How many decimals a figure means: print drops trailing zeros, so 108 among 112.5 and 102.1 is 108.0."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from .claim import Claim
from .numbers import AMOUNTS

ENOUGH = 3  # figures in a section before its habit shows
SHARE = 3  # a habit is what at least one figure in three shows


def with_precision(claims: Sequence[Claim]) -> list[Claim]:
    """The claims with the decimals that are usual for their book and unit in the nearest section that shows a habit."""
    claims = _nought_in_usual_unit(claims)
    printed: defaultdict[tuple[str, ...], Counter[int]] = defaultdict(Counter)
    for claim in claims:
        for group in _groups(claim.place.section, claim.budget, claim.unit):
            printed[group][claim.decimals] += 1
    usual = {group: _usual(decimals) for group, decimals in printed.items() if decimals.total() >= ENOUGH}
    return [_meant(claim, _habit(claim, usual)) for claim in claims]


def _meant(claim: Claim, habit: int) -> Claim:
    return replace(claim, precision=habit) if habit > claim.decimals else claim


def _habit(claim: Claim, usual: dict[tuple[str, ...], int]) -> int:
    return next((usual[group] for group in _groups(claim.place.section, claim.budget, claim.unit) if group in usual), 0)


@cache
def _groups(section: str, budget: str, unit: str) -> tuple[tuple[str, ...], ...]:
    """The section and those around it, nearest first, then the whole report."""
    numbers = section.split(".")
    around = (".".join(numbers[:depth]) for depth in range(len(numbers), -1, -1))
    return (*((name, budget, unit) for name in around), (unit,))


def _usual(decimals: Counter[int]) -> int:
    return max(d for d in decimals if SHARE * sum(n for e, n in decimals.items() if e >= d) >= decimals.total())


def _nought_in_usual_unit(claims: Sequence[Claim]) -> Sequence[Claim]:
    """0 元 says that nothing came in, in the unit and precision of the figures around it."""
    units: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for claim in _amounts(claims):
        units[claim.place.section][claim.unit] += 1
    return [_in_usual_unit(claim, units) for claim in claims]


def _in_usual_unit(claim: Claim, units: dict[str, Counter[str]]) -> Claim:
    section = claim.place.section
    if claim.unit != "元" or claim.value or not units.get(section):
        return claim
    return replace(claim, unit=units[section].most_common(1)[0][0])


def _amounts(claims: Iterable[Claim]) -> Iterator[Claim]:
    return (claim for claim in claims if claim.unit in AMOUNTS and claim.value)
