"""A workbook as read: the values of its sheets from A1 on, and the facts about cells that values alone do not tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

from ..sheet import Stamp

Spot = tuple[int, int]  # row and column from zero


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands behind the values of one sheet."""

    formulas: Mapping[Spot, str] = field(
        default_factory=dict
    )  # empty text where only the first of a shared group has it
    errors: Mapping[Spot, str] = field(default_factory=dict)  # #REF! and its kind
    uncalculated: frozenset[Spot] = frozenset()  # a formula without a result
    merged: Sequence[tuple[int, int, int, int]] = ()
    unshown: frozenset[Spot] = frozenset()  # a formula whose result is neither a number nor a text
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    comments: Mapping[Spot, str] = field(default_factory=dict)  # people's own, with figures in them
    unread: frozenset[Spot] = frozenset()  # something stands there that the reader did not deliver
    zeros: frozenset[Spot] = frozenset()  # a formula of an old format that says 0, which may stand for a text
    traced: bool = False  # whether a sheet without formulas is known to have none

    @property
    def tells_formulas(self) -> bool:
        """Whether a cell that is not among the formulas holds none."""
        return self.traced or bool(self.formulas)

    def without_value(self, spot: Spot) -> bool:
        """Whether an error stands in a cell, a formula without a result, or what the reader did not deliver."""
        return spot in self.errors or spot in self.uncalculated or spot in self.unshown or spot in self.unread


@dataclass(frozen=True, slots=True)
class Glance:
    """What stands behind the values of a sheet of which this is all there is to tell: its formulas as written, cell by cell like the
    values, and what they say by number; which cells have a formula without a result of any kind; how many cells have content, the
    last merged row, and what is hidden."""

    formulas: Sequence[bytes]
    told: Callable[[], Mapping[int, str]]
    unshown: Sequence[int]
    content: int
    merged: int
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]


@dataclass(frozen=True)  # no slots: facts are looked for once, and only where they matter
class Grid:
    """The values of one sheet as rows from A1 on. `look` finds the facts; a `glance` is all there is to tell, None if it takes a look."""

    rows: Sequence[Sequence[Any]]
    visible: bool = True
    look: Callable[[], Facts] = Facts
    glance: Glance | None = None
    unread: int = 0  # cells with content that were counted in place of being read

    @cached_property
    def facts(self) -> Facts:
        """What stands behind the values."""
        return self.look()

    @cached_property
    def cells(self) -> list[Any]:
        """The values of all cells, row after row."""
        return list(chain.from_iterable(self.rows))

    def at(self, row: int, column: int) -> Any:
        """The value of a cell; blank beyond the edge."""
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return ""
        return self.rows[row][column]

    def holds(self, row: int, column: int) -> bool:
        """Whether anything stands in a cell: a value, an error, or a formula without a result."""
        spot = (row, column)
        if self.at(row, column) not in ("", None):
            return True
        if self.glance:
            return False
        facts = self.facts
        return spot in facts.errors or spot in facts.uncalculated or spot in facts.unread

    def has_value(self, row: int, column: int) -> bool:
        """Whether a cell holds something that its value tells."""
        return self.at(row, column) not in ("", None) and not self.facts.without_value((row, column))

    def occupied(self, row: int, column: int) -> bool:
        """Whether anything was put into a cell, be it a formula that shows nothing."""
        return self.holds(row, column) or (row, column) in self.facts.unshown

    def count(self) -> int:
        """How many cells have content."""
        return self.unread + len(self.filled())

    def filled(self) -> frozenset[Spot]:
        """Every cell in which anything stands."""
        return self._filled

    @cached_property
    def _filled(self) -> frozenset[Spot]:
        valued = frozenset(
            (row, column)
            for row, cells in enumerate(self.rows)
            for column, value in enumerate(cells)
            if value != "" and value is not None
        )
        if self.glance:
            return valued
        return valued | frozenset(self.facts.errors) | self.facts.uncalculated | self.facts.unread


@dataclass(frozen=True, slots=True)
class Source:
    """The sheets of a workbook, the stamps found in it, and what of `manual`, `displayed` and `circular` its calculation is."""

    grids: Mapping[str, Grid]
    stamps: tuple[Stamp, ...]
    calculation: frozenset[str] = frozenset()
