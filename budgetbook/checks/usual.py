"""What a figure is likely to be, given the same line's other columns and how the columns of its form usually stand to each other."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, isnan, log, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from ..amount import FEN, Fens
from ..form import Level
from ..shape import Shape
from .neighbours import NONE, Neighbours
from .stack import middles

WHOLE = FEN["万元"]  # one unit of account, in fen
FEW = 6  # lines that two columns must share before anything is taken from how they stand to each other
LOOSE, TIGHT = 0.3, 0.02  # spread of a logarithm where little is known, and the least that is believed
STEP = log(10**4)  # a column that stands off by this is in another unit of account: not what is usual
STRAY = 0.03  # how often a figure has nothing to do with the others
WIDE = 2.0  # and how far it then strays
Reals = NDArray[np.float64]


class Usual:
    """What stands in each cell of one unit, by its other columns, as they were handed in. A form is looked at when it is first asked about."""

    def __init__(self, shape: Shape, level: Level, fen: Fens, around: Neighbours) -> None:
        self.shape, self.entries = shape, shape.level(level).entries
        self.fen, self.around = fen, around
        self._handed_in = fen.copy()
        self._forms: dict[str, tuple[Reals, Reals]] = {}

    def expected(self, place: int) -> tuple[float, float]:
        """Centre and spread of the logarithm of what stands in a cell; nothing (NaN) where its other columns are blank."""
        form = self.shape.catalogue.form(self.shape.keys[place][0])
        span = self.shape.span(form)
        if form.id not in self._forms:
            self._forms[form.id] = self._of(span, len(form.amounts))
        centre, spread = self._forms[form.id]
        return float(centre[place - span.start]), float(spread[place - span.start])

    def _of(self, span: slice, wide: int) -> tuple[Reals, Reals]:
        fen = self._handed_in[span]
        if wide < 2:
            return np.full(len(fen), np.nan), np.full(len(fen), LOOSE)
        used = (self.entries[span] & (fen != 0)).reshape(-1, wide)
        centre, spread = _expected(np.log(np.where(used, np.abs(fen).reshape(-1, wide), np.nan)))
        return centre.ravel(), spread.ravel()

    def chance(self, place: int, *figures: int) -> list[float]:
        """The logarithm of how often each of these *figures* would stand there, over whole 万元."""
        others: list[int] = self._others(place).tolist()
        used = [other for other in others if other]
        blank = 0.02 + 0.96 * (len(others) - len(used) + 0.5) / (len(others) + 1)
        beside = _Beside(used, blank, _kept(used), *self.expected(place))
        return [beside.chance(figure) for figure in figures]

    def _others(self, place: int) -> Fens:
        years = self.around.years[place]
        found: Fens = self.fen[years[years != NONE]]
        return found

    def known(self, place: int) -> bool:
        """Whether anything stands in the other columns."""
        return bool(self._others(place).any())


@dataclass(frozen=True, slots=True)
class _Beside:
    """What stands in the other years of a line: the figures, how often there are none, how far they are kept from year to year;
    and the logarithm to be expected."""

    used: list[int]
    blank: float
    kept: float
    centre: float
    spread: float

    def chance(self, figure: int) -> float:
        if not figure:
            return log(self.blank)
        if not self.used:
            return log(1 - self.blank) + log(1e-2) - log(abs(figure) / WHOLE + 1)
        alike = sum([(other > 0) == (figure > 0) for other in self.used]) / len(self.used)
        same = self.used.count(figure) / len(self.used)
        share = (1 - self.kept) * self._density(figure) / (abs(figure) / WHOLE + 1) + self.kept * same
        return log(1 - self.blank) + log(max(share, 1e-12)) + log(0.002 + 0.998 * alike)

    def _density(self, figure: int) -> float:
        """Of the logarithm: Student's t with three degrees of freedom about the centre, and a little everywhere."""
        if isnan(self.centre):
            return 1e-2
        off = (log(abs(figure)) - self.centre) / self.spread
        near = 2 / (pi * sqrt(3) * (1 + off * off / 3) ** 2) / self.spread
        return (1 - STRAY) * near + STRAY * exp(-abs(off) * self.spread / WIDE) / (2 * WIDE)


def _kept(figures: list[int]) -> float:
    """How far a line is one that keeps its figure from year to year: the share of pairs that are equal."""
    many = len(figures) * (len(figures) - 1) / 2
    equal = sum([figures[:at].count(figure) for at, figure in enumerate(figures)])
    return 0.95 * equal / many if many >= 3 else 0.0


def _expected(logs: Reals) -> tuple[Reals, Reals]:
    """Lines × columns of logarithms → what each would be by the others, and how well that holds in its column and its line."""
    there = ~np.isnan(logs)
    usual, spread = _middle(logs[:, :, None] - logs[:, None, :])
    usual = np.where(np.abs(usual) > STEP / 2, usual - STEP * np.rint(usual / STEP), usual)
    weight = np.where(there[:, None, :] & ~np.eye(logs.shape[1], dtype=bool), 1 / spread**2, 0.0)
    told = np.nan_to_num(logs)[:, None, :] + usual
    whole = weight.sum(axis=2)
    centre = np.where(whole > 0, (weight * told).sum(axis=2) / np.maximum(whole, 1e-9), np.nan)
    apart = (weight * (told - centre[:, :, None]) ** 2).sum(axis=2) / np.maximum(whole, 1e-9)
    _, column = _middle(logs - centre)
    return centre, np.sqrt(column**2 + np.nan_to_num(apart))


def _middle(gaps: Reals) -> tuple[Reals, Reals]:
    """The median over the lines and the spread about it; where few lines have both, nothing is taken from them."""
    enough = (~np.isnan(gaps)).sum(axis=0) >= FEW
    filled = np.where(enough, gaps, 0.0)
    usual = middles(filled)
    spread = 1.48 * middles(np.abs(filled - usual))
    return usual, np.where(enough, np.maximum(spread, TIGHT), LOOSE)
