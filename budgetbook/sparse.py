"""Whole-number matrices that are nearly empty, as far as the search for causes needs them; a sparse library takes longer to load."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sparse:
    """Row k holds data[s] in the columns indices[s], s = indptr[k]:indptr[k + 1]; columns rise, and nothing is zero."""

    width: int
    indptr: Ints
    indices: Ints
    data: Ints

    @classmethod
    def of(cls, rows: Ints, columns: Ints, values: Ints, height: int, width: int) -> Sparse:
        """From single entries; those of one cell are added up."""
        key = rows.astype(np.int64) * width + columns
        order = np.argsort(key, kind="stable")
        key, values = key[order], values[order]
        first = np.flatnonzero(np.diff(key, prepend=-1))
        data = np.add.reduceat(values, first).astype(np.int64) if len(first) else np.zeros(0, dtype=np.int64)
        key, data = key[first][data != 0], data[data != 0]
        indptr = np.concatenate([[0], np.cumsum(np.bincount(key // width, minlength=height))])
        return cls(width, indptr.astype(np.int64), key % width, data)

    @property
    def height(self) -> int:
        return len(self.indptr) - 1

    @property
    def rows(self) -> Ints:
        """The row of every entry."""
        return np.repeat(np.arange(self.height), np.diff(self.indptr))

    def row(self, number: int) -> tuple[Ints, Ints]:
        """Columns and values of one row."""
        span = slice(int(self.indptr[number]), int(self.indptr[number + 1]))
        return self.indices[span], self.data[span]

    def picked(self, rows: Ints) -> Sparse:
        """Some rows, in the order asked for."""
        length = np.diff(self.indptr)[rows]
        indptr = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
        entries = np.arange(indptr[-1]) + np.repeat(self.indptr[rows] - indptr[:-1], length)
        return Sparse(self.width, indptr, self.indices[entries], self.data[entries])

    def turned(self) -> Sparse:
        """Columns as rows."""
        return Sparse.of(self.indices, self.rows, self.data, self.width, self.height)

    def times(self, other: Sparse) -> Sparse:
        """The product of matrices."""
        met = other.picked(self.indices)
        length = np.diff(met.indptr)
        rows, values = np.repeat(self.rows, length), np.repeat(self.data, length) * met.data
        return Sparse.of(rows, met.indices, values, self.height, other.width)


def stacked(parts: Sequence[Sparse]) -> Sparse:
    """One below the other."""
    starts = np.cumsum([0, *(len(part.data) for part in parts)])
    indptr = [part.indptr[1:] + start for part, start in zip(parts, starts[:-1], strict=True)]
    indices, data = (
        np.concatenate([part.indices for part in parts]),
        np.concatenate([part.data for part in parts]),
    )
    return Sparse(parts[0].width, np.concatenate([[0], *indptr]).astype(np.int64), indices, data)
