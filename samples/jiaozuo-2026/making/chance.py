"""Numbers that look accidental and are the same on every machine: named chances, and sums divided without a remainder."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

COLUMNS = ("prior", "initial", "adjusted", "actual", "budget")
Amounts = dict[str, int]  # column → 万元


def chance(*name: str) -> float:
    """A number in [0, 1) that belongs to this name for ever."""
    return Random("/".join(name)).random()


def near(width: float, *name: str) -> float:
    """A factor within ±*width* of one."""
    return 1 + width * (2 * chance(*name) - 1)


def shares(total: int, weights: Mapping[str, float]) -> dict[str, int]:
    """Whole shares of *total* in proportion to *weights*, by largest remainder; they add up exactly."""
    if total < 0:
        raise ValueError(f"nothing to share: {total} {list(weights)[:3]}")
    sum_ = sum(weights.values())
    exact = {key: total * weight / sum_ for key, weight in weights.items()}
    whole = {key: int(value) for key, value in exact.items()}
    by_rest = sorted(weights, key=lambda key: (whole[key] - exact[key], key))
    for key in by_rest[: total - sum(whole.values())]:
        whole[key] += 1
    return whole


def spread(
    total: Mapping[str, int],
    weights: Mapping[str, float],
    name: str,
    wobble: float,
    within: bool = False,
    factors: Mapping[str, Mapping[str, float]] | None = None,
) -> dict[str, Amounts]:
    """Every column of *total* divided over the keys of *weights*, much alike from column to column but never the same.

    *within*: spending, where no part of the 执行数 may exceed its part of the 调整预算数.
    *factors*: key → column → how much more than its weight the key has in that column.
    """
    lean = {key: weight * near(wobble, name, key) for key, weight in weights.items()}
    result: dict[str, Amounts] = {key: {} for key in weights}
    for column in COLUMNS:
        leaned = {key: lean[key] * _factor(factors, key, column) * _drift(wobble, name, key, column) for key in weights}
        amount = total.get(column, 0)
        if within and column == "adjusted":
            amount -= total.get("actual", 0)
            leaned = {key: lean[key] * (0.3 + chance(name, key, "unspent")) for key in weights}
        for key, part in shares(amount, leaned).items():
            result[key][column] = part
    if within:
        for part_ in result.values():
            part_["adjusted"] += part_["actual"]
    return result


def _factor(factors: Mapping[str, Mapping[str, float]] | None, key: str, column: str) -> float:
    return (factors or {}).get(key, {}).get(column, 1.0)


def _drift(wobble: float, name: str, key: str, column: str) -> float:
    return 1.0 if column == "actual" else near(min(wobble, 0.07), name, key, column)


def less(amounts: Mapping[str, int], parts: Mapping[str, Mapping[str, int]]) -> Amounts:
    """*amounts* less all *parts*, column by column."""
    return {column: amounts.get(column, 0) - sum(part.get(column, 0) for part in parts.values()) for column in COLUMNS}


def added(*parts: Mapping[str, int]) -> Amounts:
    """Column by column, the sum of *parts*."""
    return {column: sum(part.get(column, 0) for part in parts) for column in COLUMNS}
