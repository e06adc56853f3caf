"""How likely it is that a cell holds one figure where another was meant: the slip, and what the line holds in other years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, log

import numpy as np

from ..shape import Shape
from .effects import Evidence
from .neighbours import NONE, Neighbours, neighbours
from .stories import WHOLE, Story, best
from .usual import Usual

PER_RELATION = 5.0  # what it speaks for a change that one more relation holds
AGAINST = 2.0  # times as much speaks against it that one no longer holds
COPIED = -2.0
PASTED = -3.0  # that totals no longer follow their parts
ODD = 4.0  # against a fraction of 万元 where whole ones are usual, and against less than nothing
LOST = -1.0  # that a total is no formula any more
UNCLEAR = -6.0  # at worst, how a total came to be what it is


@dataclass(frozen=True, slots=True)
class Guess:
    """One way to clear relations: what was typed in each place, and what would do. `block`: a whole column is meant."""

    places: tuple[int, ...]
    typed: tuple[int, ...]
    right: tuple[int, ...]
    live: bool
    story: str
    score: float
    cleared: tuple[int, ...]  # rows of the evidence
    fit: float  # how much better the story is than that nothing is wrong
    block: bool = False

    @property
    def steps(self) -> tuple[int, ...]:
        """By how much each place changes."""
        return tuple(right - typed for typed, right in zip(self.typed, self.right, strict=True))


class Figures:
    """The figures of one unit as they stand, and what could have been meant. Odds are logarithms, in nats."""

    def __init__(self, shape: Shape, told: Evidence) -> None:
        self.shape, self.told = shape, told
        self.level = shape.level(told.book.unit.level)
        self.around: Neighbours = neighbours(shape, told.book.unit.level)
        self.usual = Usual(shape, told.book.unit.level, told.fen, self.around)

    def story(self, place: int, typed: int, right: int, live: bool) -> Story:
        """How the figure may have come about: the likeliest slip of the hand or of the eye, or what is wrong with a total."""
        if self.level.computed[place]:
            return self._total_story(place, typed, right)
        story = max([best(typed, right), *self._copies(place, typed, right)], key=lambda each: each.score)
        return story if live else Story(story.says, story.score + PASTED)

    def _copies(self, place: int, typed: int, right: int) -> Iterator[Story]:
        if not typed:
            return
        for other, says in zip(self.around.rows[place].tolist(), ("上一行", "下一行"), strict=True):
            if other != NONE and self.told.fen[other] == typed:
                yield Story(f"填成了{says}{self._line(other)}的数", COPIED)
        others = [other for other in self.around.columns[place].tolist() if other != NONE]
        for other in others:
            if self.told.fen[other] == typed:
                yield Story(f"填成了{self._heading(other)}", COPIED - 0.5 * log(len(others)))

    def _total_story(self, place: int, typed: int, right: int) -> Story:
        parts = self._parts(place)
        for part, weight in parts:
            amount = weight * int(self.told.fen[part])
            if amount and typed == right - amount:
                return Story(f"合计漏加{self._line(part)}", LOST - 0.5 * log(len(parts)))
            if amount and typed == right + amount:
                return Story(f"合计重复加了{self._line(part)}", LOST - 0.5 * log(len(parts)))
        slip = best(typed, right)
        return Story(f"合计不是公式算出的数{'，' if slip.says else ''}{slip.says}", max(slip.score, UNCLEAR) + LOST)

    def _parts(self, place: int) -> list[tuple[int, int]]:
        row = int(np.flatnonzero(self.level.totals == place)[0])
        return self.level.sums.addends(row)

    def _line(self, place: int) -> str:
        form, line, _ = self.shape.keys[place]
        return f"“{self.shape.catalogue.form(form).line(line).name}”"

    def _heading(self, place: int) -> str:
        form, _, column = self.shape.keys[place]
        return self.shape.catalogue.form(form).column(column).heading

    def better(self, place: int, typed: int, right: int) -> float:
        """By how much the right figure is the likelier one to stand there."""
        odd = ODD * (typed % WHOLE == 0 and right % WHOLE != 0) + ODD * (right < 0 <= typed and not self._signed(place))
        chance, other = self.usual.chance(place, right, typed)
        return chance - other - odd

    def fits(self, place: int, typed: int, right: int, better: float) -> float:
        """The same, as far as other years tell, whatever the size."""
        if not typed or not right or not self.usual.known(place):
            return -inf
        return better + log(abs(right) / WHOLE + 1) - log(abs(typed) / WHOLE + 1)

    def _signed(self, place: int) -> bool:
        form, line, _ = self.shape.keys[place]
        return self.shape.catalogue.form(form).line(line).signed
