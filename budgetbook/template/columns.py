"""What the cells of one column show of one book after another, all lines at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..amount import Fens
from ..book import Book, no_base

Places = NDArray[np.intp]
Shown = tuple[int, str | float]  # a cell, by its number among those of the blank form, and what it shows
EXACT = 2**53  # whole numbers up to here are floats, and their quotient is the float nearest to the exact value


@dataclass(frozen=True, slots=True)
class Amounts:
    """The cells that hold money, and where their figures stand."""

    cells: Places
    places: Places

    def shown(self, book: Book, unit: int) -> Iterator[Shown]:
        """Each figure that is given, in a unit of account of so many fen."""
        given = np.flatnonzero(book.given[self.places])
        return zip(self.cells[given].tolist(), quotients(book.fen[self.places[given]], unit), strict=True)


@dataclass(frozen=True, slots=True)
class Compared:
    """The cells that set one amount against another, and where the two stand. `kind`: difference, percent or growth."""

    kind: str
    cells: Places
    above: Places
    below: Places

    def shown(self, book: Book, unit: int) -> Iterator[Shown]:
        """What follows from each two figures that are given; `—` where the lower one is no base."""
        both = np.flatnonzero(book.given[self.above] & book.given[self.below])
        above, below = book.fen[self.above[both]], book.fen[self.below[both]]
        return zip(self.cells[both].tolist(), self._values(above, below, unit), strict=True)

    def _values(self, above: Fens, below: Fens, unit: int) -> Sequence[str | float]:
        if self.kind == "difference":
            return quotients(above - below, unit)
        undefined = [no_base(self.kind, base) for base in below.tolist()]
        values = quotients(above - below if self.kind == "growth" else above, np.where(undefined, 1, below))
        return ["—" if without else value for without, value in zip(undefined, values, strict=True)]


def quotients(above: Fens, below: Fens | int) -> list[float]:
    """Each the float nearest to the exact quotient of two whole numbers."""
    if max(abs(above).max(initial=0), np.abs(below).max(initial=0)) <= EXACT:
        found: list[float] = (above / below).tolist()
        return found
    each = np.broadcast_to(below, above.shape).tolist()
    return [one / other for one, other in zip(above.tolist(), each, strict=True)]
