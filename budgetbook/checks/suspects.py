"""The smallest change of cells that clears the relations of a unit that fail: what each relation asks of each cell, weighed by story."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from math import inf

import numpy as np
from numpy.typing import NDArray

from ..amount import Fens
from ..shape import Shape
from .effects import Evidence, RowKey
from .likelihood import AGAINST, PER_RELATION, Figures, Guess
from .neighbours import NONE
from .several import Several
from .stories import meant

Index = NDArray[np.intp]
Gain = NDArray[np.float64]
ROOTS = 40  # changes looked for in one unit; more is not a slip but another book
CLEAR = 2.0  # for what may be no mistake at all, how far a slip has to be the better story
NEAR = 1.1  # relations, by weight, that a change may leave open where another clears them
LIKELY = -3.0  # below it, a change that fits is a coincidence
FEW = 3  # changes without a story that are still worth naming
WIDE = 40  # cells behind a bound, or a relation that need not hold, beyond which nothing can be told


def suspects(shape: Shape, told: Evidence, asked: Collection[RowKey]) -> Iterator[list[Guess]]:
    """For each root, the likeliest changes, best first. What a root explains is taken as mended before the next is looked for.

    A relation that need not hold, or a bound, is looked into only if it is among those *asked* about.
    """
    search = Search(shape, told, asked)
    tried: set[int] = set()
    for _ in range(ROOTS):
        while (row := search.telling(tried)) is not None:
            tried.add(row)
            if guesses := search.ranked(row):
                break
        else:
            return
        yield guesses
        told.settle(guesses[0].places, guesses[0].steps, guesses[0].live)


class Search:
    """The search through one unit's cells."""

    def __init__(self, shape: Shape, told: Evidence, asked: Collection[RowKey]) -> None:
        self.shape, self.told = shape, told
        self.sure = (told.sign == 0) & (told.weight >= 1)
        self.wanted = self.sure | np.array([key in asked for key in told.keys], dtype=bool)
        self.figures = Figures(shape, told)
        self.several = Several(self.figures)
        self.level, self.around = self.figures.level, self.figures.around
        self.spread: dict[int, int] = {}

    def telling(self, tried: set[int]) -> int | None:
        """The failing relation that leaves the fewest cells to suspect, equalities and the gravest first."""
        failing = np.flatnonzero(self.told.broken() & self.wanted & (self.told.gap != 0)).tolist()
        weight, rows = self.told.weight, [row for row in failing if row not in tried]
        self._spread(rows)
        return min(rows, key=lambda row: (not self.sure[row], -weight[row], self.spread[row]), default=None)

    def _spread(self, rows: Sequence[int]) -> None:
        """How many cells are behind each of these relations."""
        new = [row for row in rows if row not in self.spread]
        behind = self.told.behind(np.array(new, dtype=np.intp), True)
        self.spread |= zip(new, np.diff(behind.indptr).tolist(), strict=True)

    def ranked(self, row: int) -> list[Guess]:
        """The likeliest changes that make one relation hold, a place once."""
        sure = bool(self.sure[row])
        if not sure and self.spread[row] > WIDE:
            return []
        found = [*self._singles(row), *self.several.swaps(row), *(self.several.blocks(row) if sure else ())]
        found = [
            guess for guess in found if row in guess.cleared and (guess.score > LIKELY if sure else guess.fit > CLEAR)
        ]
        found = _once(sorted(found, key=lambda guess: -guess.score))
        if found and not found[0].story and len([guess for guess in found if guess.score >= found[0].score - 3]) > FEW:
            return []
        return found[:FEW]

    def _singles(self, row: int) -> Iterator[Guess]:
        off = self._totals_off()
        for live in (True, False):
            cells, by = self.told.behind(np.array([row]), live).row(0)
            usable = self.level.open[cells] & (self.level.entries[cells] | off[cells])
            places, steps = self._asked(row, cells[usable], by[usable])
            if len(places):
                yield from self._weighed(places, steps, live)

    def _totals_off(self) -> NDArray[np.bool_]:
        """The totals that are not the sum of their parts; of the others nothing is to be suspected."""
        off = np.zeros(self.shape.size, dtype=bool)
        totals = self.level.totals
        off[totals] = self.level.sums.of(self.told.fen) != self.told.fen[totals]
        return off

    def _asked(self, row: int, cells: Index, by: Fens) -> tuple[Index, Fens]:
        """The change of each cell that makes the relation hold exactly; for a bound, every slip that would do."""
        if self.told.sign[row] == 0:
            whole = self.told.gap[row] % by == 0
            return cells[whole], -self.told.gap[row] // by[whole]
        pairs = [
            (place, right - int(self.told.fen[place]))
            for place in cells.tolist()
            for right in self._meant(place)
            if right != self.told.fen[place]
        ]
        return np.array([place for place, _ in pairs], dtype=np.int64), np.array(
            [step for _, step in pairs], dtype=np.int64
        )

    def _meant(self, place: int) -> set[int]:
        typed = int(self.told.fen[place])
        return {right for right in meant(typed) if abs(right) < 2**60} if typed and self.level.entries[place] else set()

    def _weighed(self, places: Index, steps: Fens, live: bool) -> Iterator[Guess]:
        gain, cleared = self._gain(places, steps, live)
        near = gain >= gain.max() - NEAR
        told = np.flatnonzero(near & (self._promising(places, steps) | (near.sum() <= 12)))
        for at in told.tolist():
            place, typed = int(places[at]), int(self.told.fen[places[at]])
            right = typed + int(steps[at])
            story = self.figures.story(place, typed, right, live)
            better = self.figures.better(place, typed, right)
            score = story.score + PER_RELATION * float(gain[at]) + better
            fit = story.score + self.figures.fits(place, typed, right, better) if story.says else -inf
            yield Guess((place,), (typed,), (right,), live, story.says, score, cleared(at), fit)

    def _gain(self, places: Index, steps: Fens, live: bool) -> tuple[Gain, Callable[[int], tuple[int, ...]]]:
        """What each change clears, less what it breaks, by weight; and the rows it clears."""
        columns = self.told.touched(places, live)
        rows, owner = columns.indices, columns.rows
        change: Fens = columns.data * steps[owner]
        after = self.told.broken(self.told.gap[rows] + change, rows)
        before = self.told.broken()[rows]
        weight = self.told.weight[rows]
        speaks = weight * (before & ~after) - AGAINST * weight * (~before & after)
        gain: Gain = np.bincount(owner, speaks, len(places)).astype(np.float64)

        def cleared(at: int) -> tuple[int, ...]:
            span = slice(columns.indptr[at], columns.indptr[at + 1])
            return tuple(rows[span][before[span] & ~after[span]].tolist())

        return gain, cleared

    def _promising(self, places: Index, steps: Fens) -> NDArray[np.bool_]:
        """Where some story might fit, cheaply: the rest is not looked at one by one."""
        typed = self.told.fen[places]
        right = typed + steps
        years = self.around.years[places]
        known = ((self.told.fen[years] != 0) & (years != NONE)).any(axis=1)
        blank = (typed == 0) | (right == 0)
        ratio = np.abs(np.log10(np.abs(np.where(blank, 1, typed)) / np.abs(np.where(blank, 1, right))))
        powers = np.abs(ratio - np.rint(ratio)) < 0.02
        digits = ~blank & _round_number(steps) & (ratio < 1.1)
        copied = (typed != 0) & self._copied(places, typed)
        found: NDArray[np.bool_] = (
            (blank & known) | (powers & (ratio > 0.5)) | (~blank & (typed == -right)) | ((ratio > 0.6) & (ratio < 1.4))
        )
        found |= digits | copied | (typed == 2 * right) | self.level.computed[places]
        return found

    def _copied(self, places: Index, typed: Fens) -> NDArray[np.bool_]:
        around = np.concatenate([self.around.rows[places], self.around.columns[places]], axis=1)
        same: NDArray[np.bool_] = ((self.told.fen[around] == typed[:, None]) & (around != NONE)).any(axis=1)
        return same


def _round_number(steps: Fens) -> NDArray[np.bool_]:
    """Differences that one wrong digit, or two swapped, can leave: a digit, or nine times one, and zeros."""
    left = np.abs(steps)
    for power in (10**8, 10**4, 10**2, 10):
        left = np.where((left % power == 0) & (left > 0), left // power, left)
        left = np.where((left % power == 0) & (left > 0), left // power, left)
    found: NDArray[np.bool_] = (left < 10) | ((left % 9 == 0) & (left < 90))
    return found


def _once(guesses: Sequence[Guess]) -> list[Guess]:
    """Each set of cells once, with its best story."""
    kept: dict[tuple[int, ...], Guess] = {}
    for guess in guesses:
        kept.setdefault(tuple(sorted(guess.places)), guess)
    return list(kept.values())
