"""The charts of the papers, from the same books as the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..amount import FEN
from ..unit import Unit
from .attachment import Attachment, Drawing, PaperSet, Pick
from .chart import Chart, Series
from .printed import Figure
from .rows import Press, Seed, Source

REST = "其他"


@dataclass(frozen=True, slots=True)
class _Point:
    """One category and its amount in each series, in fen."""

    name: str
    amounts: tuple[int | None, ...]


def charts(papers: PaperSet, source: Source) -> tuple[Chart, ...]:
    """Every chart that has figures."""
    drawn = (_chart(drawing, source) for drawing in papers.drawings)
    return tuple(chart for chart in drawn if any(value for series in chart.series for value in series.values))


def _chart(drawing: Drawing, source: Source) -> Chart:
    points = _largest(list(_points(drawing, source)), drawing.top)
    names = [heading.text for heading in drawing.columns]
    series = [
        Series(name, tuple(_in(point.amounts[at], drawing.unit) for point in points)) for at, name in enumerate(names)
    ]
    return Chart(drawing.title, drawing.unit, drawing.kind, tuple(point.name for point in points), tuple(series))


def _in(fen: int | None, unit: str) -> float | None:
    return None if fen is None else fen / FEN[unit]


def _points(drawing: Drawing, source: Source) -> Iterator[_Point]:
    for unit in source.units(drawing.scope)[:1]:
        press = Press(source, _as_attachment(drawing), unit)
        for seed in _seeds(drawing, source):
            point = _Point(seed.pick.name, tuple(_amount(press, seed)))
            if any(point.amounts) or drawing.units:
                yield point


def _seeds(drawing: Drawing, source: Source) -> Iterator[Seed]:
    units: list[Unit] = [unit for word in drawing.units for unit in source.units(word)]
    yield from (Seed(Pick("", "", unit.name), unit.code) for unit in units if unit.code in source.books)
    yield from (Seed(pick) for pick in drawing.picks)


def _amount(press: Press, seed: Seed) -> Iterator[int | None]:
    for measure in press.attachment.measures:
        cell = press.cell(measure, seed)
        yield cell.exact if isinstance(cell, Figure) else None


def _as_attachment(drawing: Drawing) -> Attachment:
    return Attachment(drawing.title, drawing.title, "", "", drawing.scope, "lines", drawing.columns)


def _largest(points: Sequence[_Point], top: int) -> list[_Point]:
    """The largest *top*, in order of size, and the others together."""
    if not top or len(points) <= top + 1:
        return list(points)
    ranked = sorted(points, key=lambda point: -(point.amounts[0] or 0))
    rest = zip(*(point.amounts for point in ranked[top:]), strict=True)
    return [*ranked[:top], _Point(REST, tuple(sum(fen or 0 for fen in amounts) for amounts in rest))]
