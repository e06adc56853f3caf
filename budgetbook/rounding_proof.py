"""Rounding by proof: a relation between figures of stated precision fails only if no exact values could satisfy it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from .amount import Fens, Interval
from .relation import Sign

HOLDS, ROUNDING, BROKEN = range(3)
VERDICTS = ("通过", "尾差", "不符")
Sides = NDArray[np.int64]
LEAST = 1e-9  # a claim with less weight in a proof is no part of it
SLACK = 1e-6  # the solver's tolerance, in fen: far below the half fen that would be the least real gap


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure as printed, in fen, and half of one unit of its last place, doubled so as to be whole: `step` fen; 0 if exact."""

    value: int
    step: int = 0

    @property
    def interval(self) -> Interval:
        """All that prints as this."""
        half = Fraction(self.step, 2)
        return Interval(self.value - half, self.value + half)


@dataclass(frozen=True, slots=True)
class Claim:
    """Σ weight·figure `sign` 0, over figures by name."""

    name: str
    terms: tuple[tuple[str, int], ...]
    sign: Sign = "="


def verdict(claim: Claim, figures: Mapping[str, Printed]) -> int:
    """HOLDS as printed, ROUNDING if some exact values satisfy it, BROKEN if none can. Whole numbers throughout."""
    gap = sum(weight * figures[name].value for name, weight in _net(claim))
    room = sum(abs(weight) * figures[name].step for name, weight in _net(claim))  # twice the room, like the gap below
    if _holds(claim.sign, gap):
        return HOLDS
    return ROUNDING if 2 * abs(gap) <= room else BROKEN


def _net(claim: Claim) -> list[tuple[str, int]]:
    """Each figure once, with all its weight."""
    total: dict[str, int] = {}
    for name, weight in claim.terms:
        total[name] = total.get(name, 0) + weight
    return [(name, weight) for name, weight in total.items() if weight]


def _holds(sign: Sign, gap: int) -> bool:
    return gap == 0 if sign == "=" else gap <= 0 if sign == "<=" else gap >= 0


def verdicts(gap: Fens, room: Fens, sign: Sides) -> NDArray[np.int8]:
    """`verdict` for arrays: left − right in fen, Σ |weight|·step, and sign 0 for =, 1 for <=, -1 for >=."""
    wrong = np.where(sign == 0, gap != 0, np.where(sign > 0, gap > 0, gap < 0))
    proven = wrong & (2 * np.abs(gap) > room)
    result: NDArray[np.int8] = np.where(proven, BROKEN, np.where(wrong, ROUNDING, HOLDS)).astype(np.int8)
    return result


@dataclass(frozen=True, slots=True)
class Joint:
    """The verdict on claims that share figures. `conflict`: a set of which any part could be true, but not all together."""

    verdict: int
    conflict: tuple[Claim, ...] = ()


def together(claims: Sequence[Claim], figures: Mapping[str, Printed]) -> Joint:
    """HOLDS if every claim does as printed; ROUNDING if exact values exist that satisfy all at once; else BROKEN, with a
    conflict that is irreducible. Where the solver says there are none, the proof is checked in whole numbers."""
    alone = [verdict(claim, figures) for claim in claims]
    if BROKEN in alone:
        return Joint(BROKEN, (claims[alone.index(BROKEN)],))
    if ROUNDING not in alone:
        return Joint(HOLDS)
    proof = _combination(claims, figures)
    if proof is None or not _refutes(proof, claims, figures):
        return Joint(ROUNDING)
    used = [claim for claim, weight in zip(claims, proof, strict=True) if abs(weight) > LEAST]
    fails = used if impossible(used, figures) else list(claims)
    return Joint(BROKEN, tuple(_irreducible(fails, lambda some: impossible(some, figures))))


def impossible(claims: Sequence[Claim], figures: Mapping[str, Printed]) -> bool:
    """Whether no exact values, each within what its figure can stand for, satisfy all claims. Proven by a combination of the
    claims (Farkas) that is verified with fractions, so that no error of floating point can accuse anyone."""
    proof = _combination(claims, figures)
    return proof is not None and _refutes(proof, claims, figures)


def _combination(claims: Sequence[Claim], figures: Mapping[str, Printed]) -> NDArray[np.float64] | None:
    """Weights on the claims under which their sum cannot be met; None if all can be met."""
    from scipy.optimize import linprog
    from scipy.sparse import block_array, csc_array, eye_array

    names = sorted({name for claim in claims for name, _ in _net(claim)})
    column = {name: at for at, name in enumerate(names)}
    cells = [(row, column[name], weight) for row, claim in enumerate(claims) for name, weight in _net(claim)]
    count, width = len(claims), len(names)
    at_row, at_column, weights = (np.array(each) for each in zip(*cells, strict=True))
    rows = csc_array((weights.astype(np.float64), (at_row, at_column)), shape=(count, width))
    gap = rows @ np.array([figures[name].value for name in names], dtype=np.float64)
    half = np.array([figures[name].step / 2 for name in names])
    scale = max(float(half.max(initial=0)), 1.0)
    # maximise y·gap − Σ half·|rows'y|: positive exactly if the claims cannot all be met
    cost = np.concatenate([-gap / scale, half / scale])
    above = block_array([[rows.T, -eye_array(width)], [-rows.T, -eye_array(width)]], format="csc")
    bounds = [_bound(claim.sign) for claim in claims] + [(0.0, None)] * width
    result = linprog(cost, A_ub=above, b_ub=np.zeros(2 * width), bounds=bounds, method="highs")  # type: ignore[call-overload]  # the stubs know dense matrices only
    if result.x is None or result.fun is None or -result.fun * scale <= SLACK:
        return None
    proof: NDArray[np.float64] = result.x[:count]
    return proof


def _bound(sign: Sign) -> tuple[float, float]:
    """Which multiples of a claim follow from it."""
    return {"=": (-1.0, 1.0), "<=": (0.0, 1.0), ">=": (-1.0, 0.0)}[sign]


def _refutes(weights: NDArray[np.float64], claims: Sequence[Claim], figures: Mapping[str, Printed]) -> bool:
    """Whether this combination of the claims is false for all values within the intervals, in fractions."""
    exact = [Fraction(float(weight)).limit_denominator(10**4) for weight in weights]
    total: dict[str, Fraction] = {}
    for factor, claim in zip(exact, claims, strict=True):
        low, high = _bound(claim.sign)
        if not low <= factor <= high:
            return False
        for name, weight in _net(claim):
            total[name] = total.get(name, Fraction(0)) + factor * weight
    gap = sum((weight * figures[name].value for name, weight in total.items()), Fraction(0))
    room = sum((abs(weight) * Fraction(figures[name].step, 2) for name, weight in total.items()), Fraction(0))
    return gap > room


def _irreducible(claims: list[Claim], fails: Callable[[Sequence[Claim]], bool]) -> list[Claim]:
    """Leave out one claim after another for as long as the rest still cannot be met."""
    for claim in tuple(claims):
        rest = [each for each in claims if each is not claim]
        if rest and fails(rest):
            claims = rest
    return claims
