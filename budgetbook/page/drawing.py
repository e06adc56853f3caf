"""Charts laid out as bars with their names and figures beside them, so that they are read without colour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ..amount import rounded
from ..papers.chart import Chart

WIDTH, NAME, VALUE = 600.0, 150.0, 96.0  # of the whole, of the names on the left, of the figures on the right
BAR, GAP = 16.0, 8.0
MOST = 30  # categories shown; the rest is counted


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure. `track` is the length of what it is measured against, none if 0."""

    name: str
    series: int
    top: float
    length: float
    track: float
    says: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as bars on a ground of `width` × `height`."""

    title: str
    unit: str
    series: tuple[str, ...]
    bars: tuple[Bar, ...]
    height: float
    left: int  # categories that are not shown
    width: float = WIDTH
    name: float = NAME
    bar: float = BAR


def drawing(chart: Chart) -> Drawing:
    """The bars of *chart*, categories from top to bottom."""
    shown = list(range(min(len(chart.categories), MOST)))
    rows = 1 if chart.kind in ("share", "progress") else len(chart.series)
    step = rows * BAR + GAP
    bars = [bar for at in shown for bar in _bars(chart, at, at * step)]
    unit = "%" if chart.kind == "progress" else chart.unit
    series = tuple(each.name for each in chart.series) if rows > 1 else ()
    return Drawing(chart.title, unit, series, tuple(bars), len(shown) * step, len(chart.categories) - len(shown))


def _bars(chart: Chart, at: int, top: float) -> Iterator[Bar]:
    room, name = WIDTH - NAME - VALUE, chart.categories[at]
    if chart.kind == "progress":
        planned, done = (series.values[at] for series in chart.series[:2])
        rate = done / planned if planned and done is not None else None
        says = "—" if rate is None else f"{_number(rate * 100, 1)}%"
        yield Bar(name, 0, top, room * min(max(rate or 0.0, 0.0), 1.2) / 1.2, room / 1.2, says)
        return
    most = max((abs(value) for series in chart.series for value in series.values if value), default=1.0)
    for number, series in enumerate(chart.series):
        value = series.values[at]
        says = "—" if value is None else _number(value, 2)
        if chart.kind == "share" and value is not None:
            whole = sum(each or 0.0 for each in series.values)
            says = f"{says}（{_number(value / whole * 100, 1)}%）" if whole else says
        yield Bar(
            name if not number else "", number, top + number * BAR, room * max(value or 0.0, 0.0) / most, 0.0, says
        )


def _number(value: float, decimals: int) -> str:
    return f"{rounded(Fraction(repr(value)), decimals):,}"
