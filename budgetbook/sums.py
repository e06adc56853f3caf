"""Signed sums of figures, many sums and many units at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


class Sums:
    """Many signed sums over one vector of figures: row k is Σ weight·figure over its addends."""

    def __init__(self, rows: Sequence[Sequence[tuple[int, int]]]) -> None:
        """*rows*: for each sum its (place of the figure, weight) pairs; every sum has at least one."""
        pairs = np.array(list(chain.from_iterable(rows)), dtype=np.int64).reshape(-1, 2)
        self._lay(pairs[:, 0], pairs[:, 1], np.array([len(row) for row in rows], dtype=np.int64))

    @classmethod
    def laid(cls, place: Ints, weight: Ints, length: Ints) -> Sums:
        """From the addends of all sums one after another, and how many each has: at least one."""
        sums = cls.__new__(cls)
        sums._lay(place, weight, length)
        return sums

    def _lay(self, place: Ints, weight: Ints, length: Ints) -> None:
        self.place, self.weight, self.length = (np.ascontiguousarray(each) for each in (place, weight, length))
        self.start: Ints = np.cumsum(length) - length

    def __len__(self) -> int:
        return len(self.start)

    @property
    def rows(self) -> Ints:
        """The sum that every addend belongs to."""
        return np.repeat(np.arange(len(self)), self.length)

    def of(self, fen: Ints) -> Ints:
        """units × figures → units × sums, in fen."""
        return self._reduced(np.add, fen, self.weight)

    def spread(self, steps: Ints) -> Ints:
        """units × figures → units × sums: Σ |weight|·step, by how much a sum of rounded figures can vary."""
        return self._reduced(np.add, steps, np.abs(self.weight))

    def given(self, given: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """units × figures → units × sums: whether any addend was given."""
        return self._reduced(np.logical_or, given)

    def all_given(self, given: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """units × figures → units × sums: whether every addend was given."""
        return self._reduced(np.logical_and, given)

    def addends(self, row: int) -> list[tuple[int, int]]:
        """The (place, weight) pairs of one sum."""
        span = slice(int(self.start[row]), int(self.start[row] + self.length[row]))
        return list(zip(self.place[span].tolist(), self.weight[span].tolist(), strict=True))

    def all_addends(self) -> Iterator[list[tuple[int, int]]]:
        """The (place, weight) pairs of every sum."""
        pairs = list(zip(self.place.tolist(), self.weight.tolist(), strict=True))
        spans = zip(self.start.tolist(), (self.start + self.length).tolist(), strict=True)
        return (pairs[start:stop] for start, stop in spans)

    def then(self, other: Sums) -> Sums:
        """These sums and after them the others."""
        pairs = zip(self._laid, other._laid, strict=True)
        return Sums.laid(*(np.concatenate(pair) for pair in pairs))

    def only(self, rows: NDArray[np.intp]) -> Sums:
        """Some of the sums, in the order asked for."""
        addends, length = self._addends(rows)
        return Sums.laid(self.place[addends], self.weight[addends], length)

    @property
    def _laid(self) -> tuple[Ints, Ints, Ints]:
        return self.place, self.weight, self.length

    def _addends(self, rows: NDArray[np.intp]) -> tuple[Ints, Ints]:
        """Where the addends of some sums stand, and how many each has."""
        length = self.length[rows]
        start = np.cumsum(length) - length
        return np.arange(length.sum()) + np.repeat(self.start[rows] - start, length), length

    @cached_property
    def _several(self) -> tuple[NDArray[np.intp], Ints, Ints]:
        """The sums that have more than one addend, these addends, and where among them each sum begins."""
        rows = np.flatnonzero(self.length > 1)
        addends, length = self._addends(rows)
        return rows, addends, np.cumsum(length) - length

    def _reduced(self, by: np.ufunc, figures: NDArray[Any], weight: Ints | None = None) -> NDArray[Any]:
        """A sum of one addend is that addend, which is nearly all of them; only the others are reduced, which takes ten times as long."""
        result: NDArray[Any] = figures.take(self.place[self.start], axis=-1)
        if weight is not None:
            result *= weight[self.start]
        rows, addends, start = self._several
        if len(rows):
            parts = figures.take(self.place[addends], axis=-1)
            result[..., rows] = by.reduceat(parts if weight is None else parts * weight[addends], start, axis=-1)
        return result
