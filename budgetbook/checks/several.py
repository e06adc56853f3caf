"""Changes of several cells at once: two figures in each other's place, and a whole column in another unit of account."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf

import numpy as np
from numpy.typing import NDArray

from .likelihood import AGAINST, PER_RELATION, Figures, Guess
from .neighbours import NONE
from .stories import Story

SWAP = -5.0
COLUMN = -1.5
MOST = 60  # exchanges that are weighed for one relation
LEAST = 3  # figures that make a column
STEPS = {4: "元", -4: "亿元", 8: "元", -8: "亿元"}
Index = NDArray[np.intp]


class Several:
    """The search for changes of several cells of one unit."""

    def __init__(self, figures: Figures) -> None:
        self.figures, self.told = figures, figures.told
        self.shape, self.level, self.around = figures.shape, figures.level, figures.around

    def swaps(self, row: int) -> Iterator[Guess]:
        """Two figures that stand in each other's place, in neighbouring lines or in two columns of a line."""
        cells, moves = self.told.behind(np.array([row]), True).row(0)
        by = np.zeros(self.shape.size, dtype=np.int64)
        by[cells] = moves
        cells = cells[self.level.entries[cells]]
        for around, what in ((self.around.rows, "行"), (self.around.columns, "栏")):
            ones, others = np.repeat(cells, around.shape[1]), around[cells].ravel()
            usable = (others != NONE) & self.level.entries[others]
            ones, others = ones[usable], others[usable]
            step = self.told.fen[others] - self.told.fen[ones]
            moved = self.told.gap[row] + (by[ones] - by[others]) * step
            rows = np.full(len(ones), row)
            does = (step != 0) & ~self.told.broken(moved, rows) & (by[ones] != by[others])
            yield from self._pairs(np.flatnonzero(does), ones, others, what)

    def _pairs(self, found: Index, ones: Index, others: Index, what: str) -> Iterator[Guess]:
        for at in found.tolist()[:MOST]:
            places = int(ones[at]), int(others[at])
            typed = int(self.told.fen[places[0]]), int(self.told.fen[places[1]])
            yield self._several(places, typed, typed[::-1], Story(_swap_says(typed, what), SWAP))

    def _several(self, places: Sequence[int], typed: Sequence[int], right: Sequence[int], story: Story) -> Guess:
        steps = [after - before for before, after in zip(typed, right, strict=True)]
        rows, gap = self.told.moved(places, steps, True)
        before, after = self.told.broken()[rows], self.told.broken(gap, rows)
        weight = self.told.weight[rows]
        gain = float((weight * (before & ~after)).sum() - AGAINST * (weight * (~before & after)).sum())
        each = list(zip(places, typed, right, strict=True))
        block = len(each) > 2
        better = [self.figures.better(*change) for change in each]
        fits = (self.figures.fits(*change, odds) for change, odds in zip(each, better, strict=True))
        fit = -inf if block else story.score + sum(fits)
        score, cleared = story.score + PER_RELATION * gain + sum(better), tuple(rows[before & ~after].tolist())
        return Guess(tuple(places), tuple(typed), tuple(right), True, story.says, score, cleared, fit, block)

    def blocks(self, row: int) -> Iterator[Guess]:
        """A whole column of a form in another unit of account."""
        cells, by = self.told.behind(np.array([row]), True).row(0)
        used = self.level.entries[cells] & (self.told.fen[cells] != 0)
        cells, by = cells[used], by[used]
        for block in sorted(set(self.around.block[cells].tolist())):
            mine = self.around.block[cells] == block
            amounts = by[mine] * self.told.fen[cells[mine]]
            for power in STEPS:
                if _scaled_off(int(self.told.gap[row]), int(amounts.sum()), power):
                    yield from self._block(block, power)

    def _block(self, block: int, power: int) -> Iterator[Guess]:
        places = np.flatnonzero((self.around.block == block) & self.level.entries & (self.told.fen != 0))
        typed = self.told.fen[places]
        if len(places) < LEAST or int(np.abs(typed).max()) > 2**62 // 10 ** max(-power, 0):
            return
        right = typed // 10**power if power > 0 else typed * 10**-power
        form, _, column = self.shape.keys[int(places[0])]
        heading = self.shape.catalogue.form(form).column(column).heading
        story = Story(f"{heading}整栏 {len(places)} 个数都按{STEPS[power]}填列", COLUMN)
        yield self._several(places.tolist(), typed.tolist(), right.tolist(), story)


def _scaled_off(gap: int, amount: int, power: int) -> bool:
    """Whether the gap is what *amount* has too much, were it off by that power of ten."""
    times = 10 ** abs(power)
    off: bool = gap * times == amount * (times - 1) if power > 0 else gap == amount * (1 - times)
    return off


def _swap_says(typed: Sequence[int], what: str) -> str:
    return f"填错了{what}" if 0 in typed else f"两{what}的数填反"
