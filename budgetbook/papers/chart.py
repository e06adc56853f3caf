"""What a chart of the papers shows, whoever draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["compare", "stack", "share", "time", "progress"]


@dataclass(frozen=True, slots=True)
class Series:
    """One row of numbers, in the unit of the chart; None where there is no figure."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Series over categories: compared side by side, stacked, as shares of one whole, along time, or the second as progress against the first."""

    title: str
    unit: str
    kind: Kind
    categories: tuple[str, ...]
    series: tuple[Series, ...]

    def __post_init__(self) -> None:
        for series in self.series:
            if len(series.values) != len(self.categories):
                raise ValueError(f"{self.title}: {series.name} does not have {len(self.categories)} values")
