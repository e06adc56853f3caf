"""What has been decided so far: the figure of every unit, form, line and column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .chance import Amounts

Key = tuple[str, str, str, str]  # unit, form, line, column


class Ledger:
    """Figures in 万元; a nought is a blank cell unless it is put as one."""

    def __init__(self) -> None:
        self._forms: dict[tuple[str, str], dict[tuple[str, str], int]] = {}

    def put(self, unit: str, form: str, line: str, amounts: Mapping[str, int], noughts: tuple[str, ...] = ()) -> None:
        """The columns of one line; a nought is kept in the columns named in *noughts*."""
        cells = self._forms.setdefault((unit, form), {})
        for column, amount in amounts.items():
            if amount or column in noughts:
                cells[line, column] = amount

    def lines(self, unit: str, form: str, by_line: Mapping[str, Mapping[str, int]]) -> None:
        """Many lines of one form."""
        for line, amounts in by_line.items():
            self.put(unit, form, line, amounts)

    def at(self, unit: str, form: str, line: str, column: str) -> int:
        """A figure; blank counts as nothing."""
        return self._forms.get((unit, form), {}).get((line, column), 0)

    def under(self, unit: str, form: str, prefix: str, column: str) -> int:
        """The sum of the lines whose code begins with *prefix*."""
        cells = self._forms.get((unit, form), {})
        return sum(amount for (line, at), amount in cells.items() if at == column and line.startswith(prefix))

    def stated(self, unit: str, form: str) -> dict[str, Amounts]:
        """Line → column → amount, for the lines that a form already has."""
        found: dict[str, Amounts] = {}
        for (line, column), amount in self._forms.get((unit, form), {}).items():
            found.setdefault(line, {})[column] = amount
        return found

    def __iter__(self) -> Iterator[tuple[Key, int]]:
        return (((*sheet, *cell), amount) for sheet, cells in self._forms.items() for cell, amount in cells.items())
