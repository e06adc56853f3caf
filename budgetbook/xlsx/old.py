"""The facts behind the values of an old (.xls, .et) or open (.ods) workbook, from what its door makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..door import biff, ole, opendocument
from ..door.beneath import Beneath
from ..returns import Facts, Grid


@dataclass(frozen=True, slots=True)
class Old:
    """What lies beneath the sheets, in the order in which the reader names them, and how the workbook calculates."""

    sheets: Sequence[Beneath]
    calculation: frozenset[str] = frozenset()

    def grid(self, number: int, rows: list[list[Any]], visible: bool) -> Grid:
        """One sheet. Of one that the door does not know everything that the reader delivers is taken as it is."""
        if number >= len(self.sheets):
            return Grid(rows, visible)
        return Grid(rows, visible, partial(_facts, self.sheets[number], rows))


def old(content: bytes, document: bytes) -> Old:
    """An old workbook, or an open one by the part with its *document*; of any other nothing is known. Raises Refused."""
    if content.startswith(ole.MAGIC):
        found = biff.opened(content)
        return Old(found.sheets, frozenset(found.calculation))
    return Old(opendocument.opened(document).sheets) if document else Old(())


def _facts(beneath: Beneath, rows: list[list[Any]]) -> Facts:
    """Formulas without their text, which is written in another language; what was not delivered is among the rest."""
    delivered = {(row, column) for row, cells in enumerate(rows) for column, each in enumerate(cells) if each != ""}
    return Facts(
        dict.fromkeys(beneath.formulas, ""),
        beneath.errors,
        merged=beneath.merged,
        unshown=frozenset(beneath.unshown),
        zeros=frozenset(beneath.zeros),
        hidden_rows=beneath.rows_hidden(),
        hidden_columns=beneath.columns_hidden(),
        unread=frozenset(beneath.content - delivered - beneath.errors.keys()),
    )
