"""Signed sums of figures, many sums and many units at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Sums:
    """Many signed sums over one vector of figures: row k is Σ weight·figure over its addends."""

    def __init__(self, rows: Sequence[Sequence[tuple[int, int]]]) -> None:
        """*rows*: for each sum its (place of the figure, weight) pairs; every sum has at least one."""
        lengths = [len(row) for row in rows]
        flat = [pair for row in rows for pair in row]
        self.place = np.array([place for place, _ in flat], dtype=np.int64)
        self.weight = np.array([weight for _, weight in flat], dtype=np.int64)
        self.start = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64) if rows else np.zeros(0, np.int64)

    def __len__(self) -> int:
        return len(self.start)

    @property
    def rows(self) -> NDArray[np.int64]:
        """The sum that every addend belongs to."""
        return np.repeat(np.arange(len(self)), np.diff(np.append(self.start, len(self.place))))

    def of(self, fen: NDArray[np.int64]) -> NDArray[np.int64]:
        """units × figures → units × sums, in fen."""
        return self._reduce(np.add, fen[..., self.place] * self.weight)

    def spread(self, steps: NDArray[np.int64]) -> NDArray[np.int64]:
        """units × figures → units × sums: Σ |weight|·step, by how much a sum of rounded figures can vary."""
        return self._reduce(np.add, steps[..., self.place] * np.abs(self.weight))

    def given(self, given: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """units × figures → units × sums: whether any addend was given."""
        return self._reduce(np.logical_or, given[..., self.place])

    def all_given(self, given: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """units × figures → units × sums: whether every addend was given."""
        return self._reduce(np.logical_and, given[..., self.place])

    def addends(self, row: int) -> list[tuple[int, int]]:
        """The (place, weight) pairs of one sum."""
        stop = self.start[row + 1] if row + 1 < len(self.start) else len(self.place)
        span = slice(int(self.start[row]), int(stop))
        return list(zip(self.place[span].tolist(), self.weight[span].tolist(), strict=True))

    def all_addends(self) -> Iterator[list[tuple[int, int]]]:
        """The (place, weight) pairs of every sum."""
        pairs = list(zip(self.place.tolist(), self.weight.tolist(), strict=True))
        starts = self.start.tolist()
        return (pairs[start:stop] for start, stop in zip(starts, [*starts[1:], len(pairs)], strict=True))

    def then(self, other: Sums) -> Sums:
        """These sums and after them the others."""
        both = Sums(())
        both.place, both.weight = np.append(self.place, other.place), np.append(self.weight, other.weight)
        both.start = np.append(self.start, other.start + len(self.place))
        return both

    def only(self, rows: NDArray[np.intp]) -> Sums:
        """Some of the sums, in the order asked for."""
        length = np.diff(np.append(self.start, len(self.place)))[rows]
        some = Sums(())
        some.start = np.cumsum(length) - length
        addends = np.arange(length.sum()) + np.repeat(self.start[rows] - some.start, length)
        some.place, some.weight = self.place[addends], self.weight[addends]
        return some

    def _reduce(self, by: np.ufunc, addends: NDArray[Any]) -> NDArray[Any]:
        if not len(self.start):
            return np.zeros((*addends.shape[:-1], 0), dtype=addends.dtype)
        result: NDArray[Any] = by.reduceat(addends, self.start, axis=-1)
        return result
