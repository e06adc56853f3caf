"""A return as it grows: what is found while its workbook is read, and an account of every cell with content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ..finding import Finding, Place, Severity
from ..layout import a1
from .receipt import Moved, Receipt
from .sent import Accounts, Return
from .source import Grid, Source, Spot

STRAYS = 20  # stray cells of one sheet shown one by one; the rest is counted


class Record:
    """A return with its receipts: cells that were `placed`, those that are `labels`, and those `reported`."""

    def __init__(self, ret: Return) -> None:
        self.ret = ret
        self.placed = self.labels = self.reported = 0
        self.counted: dict[str, int] = {}  # the cells with content of sheets that were taken as a whole
        self.moves: tuple[Moved, ...] = ()
        self.recovered: tuple[str, ...] = ()

    @contextmanager
    def receipt(self, name: str, title: str, grid: Grid) -> Iterator[None]:
        """Writes the receipt of the sheet that is read meanwhile."""
        placed, labels, reported = self.placed, self.labels, self.reported
        self.moves, self.recovered = (), ()
        yield
        counts = self.placed - placed, self.labels - labels, self.reported - reported
        content = self.counted[name] if name in self.counted else grid.count()
        self.ret.receipts.append(Receipt(name, title, content, *counts, self.moves, self.recovered))

    def find(
        self,
        rule: str,
        severity: Severity,
        says: str,
        key: tuple[str, str, str] = ("", "", ""),
        place: Place | None = None,
    ) -> None:
        """A finding of the sender's, at a figure and a cell if there are any."""
        sheet, cell = (place.sheet, place.cell) if place else ("", "")
        self.ret.findings.append(Finding(rule, severity, says, self.ret.unit.code, self.ret.file, *key, sheet, cell))

    def all(self, findings: Iterable[Finding]) -> None:
        """Findings of others, with the sender added."""
        self.ret.findings.extend(replace(each, unit=self.ret.unit.code, file=self.ret.file) for each in findings)

    def strays(self, form: str, name: str, grid: Grid, strays: list[Spot]) -> None:
        """Cells with content where there is nothing to be filled in."""
        self.reported += len(strays)
        for row, column in strays[:STRAYS]:
            text = _written(grid.facts.errors.get((row, column), grid.at(row, column)))[:40] or "没有结果的公式"
            place = Place(name, a1(row, column))
            self.find(
                "K-07",
                "warning",
                f"{place} 不是填报的位置，却有内容“{text}”，没有采用。请移到正确的位置或删去。",
                (form, "", ""),
                place,
            )
        if len(strays) > STRAYS:
            self.find(
                "K-07",
                "warning",
                f"{name} 另有 {len(strays) - STRAYS} 个不是填报位置的单元格有内容，都没有采用。",
                (form, "", ""),
            )

    def balance(self, source: Source) -> None:
        """Every cell with content has been placed, taken for a label or reported."""
        seen = {receipt.sheet for receipt in self.ret.receipts}
        unseen = sum(grid.count() for name, grid in source.grids.items() if name not in seen)
        content = unseen + sum(receipt.content for receipt in self.ret.receipts)
        self.ret.accounts = Accounts(content, self.placed, self.labels, self.reported)
        if lost := content - self.placed - self.labels - self.reported:
            says = f"有 {lost} 个有内容的单元格没有交代，读取不可靠。请把文件交给技术人员。"
            self.find("K-07", "error", says)


def _written(value: Any) -> str:
    return f"{value:,.15g}" if type(value) is float else str(value)
