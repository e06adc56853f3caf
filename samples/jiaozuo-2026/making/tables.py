"""The hand-made tables in `tables/`: what is chosen, not computed. Amounts in 万元, one column of the book each."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from .chance import COLUMNS, Amounts, spread

FOLDER = Path(__file__).parent / "tables"
CITY, ZONE, COUNTIES = "410800BJ", "410871", "410800XJ"  # 市本级, 高新区, the ten counties together


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of one table."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return tuple(csv.DictReader(file))


def weights(kind: str) -> dict[str, float]:
    """County → its share in one *kind* of figure."""
    return {row["unit"]: float(row[kind]) for row in rows("counties")}


LEAVES = (CITY, ZONE, *weights("tax"))


def amounts(row: Mapping[str, str]) -> Amounts:
    """The five columns of a row."""
    return {column: int(row[column] or 0) for column in COLUMNS}


def group(unit: str) -> str:
    """The column of a table of weights that a unit goes by."""
    return {CITY: "bj", ZONE: "gx"}.get(unit, "xj")


def given(table: str, measure: str) -> dict[str, Amounts]:
    """Unit → amounts, as they stand in the table; 410800XJ stands for the counties together."""
    return {row["unit"]: amounts(row) for row in rows(table) if row["measure"] == measure}


@cache
def by_leaf(table: str, measure: str, kind: str, wobble: float = 0.03, within: bool = False) -> dict[str, Amounts]:
    """Leaf → amounts; what the table states for the counties together is divided by their weights of *kind*."""
    stated = given(table, measure)
    together = stated.pop(COUNTIES, None)
    if together is not None:
        stated |= spread(together, weights(kind), measure, wobble, within)
    return {leaf: stated.get(leaf, dict.fromkeys(COLUMNS, 0)) for leaf in LEAVES}
