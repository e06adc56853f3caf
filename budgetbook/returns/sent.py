"""返回表: what a unit sent, as figures, with where they stood and what is to be said of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..book import Book
from ..finding import Finding, Place
from ..layout import a1
from ..sheet import Stamp
from ..unit import Unit
from .marks import Where
from .receipt import Receipt


@dataclass(frozen=True, slots=True)
class Accounts:
    """How the cells with content of one file were accounted for."""

    content: int
    placed: int
    labels: int
    reported: int


@dataclass(slots=True)
class Return:
    """返回表: what a unit sent. `book` holds the figures as stated, totals included; `shown` the ratios as stated, and `unshown`
    names those whose formula came without a result and so states nothing."""

    file: str
    sha256: str
    stamp: Stamp
    book: Book
    where: dict[str, Where]
    shown: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    accounts: Accounts = Accounts(0, 0, 0, 0)
    receipts: list[Receipt] = field(default_factory=list)
    unshown: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def unit(self) -> Unit:
        """Who sent it."""
        return self.book.unit

    def place(self, form: str, line: str, column: str) -> Place | None:
        """Where a figure stood, None if its form, line or column was not in the file."""
        where = self.where.get(form)
        if where is None or line not in where.rows or column not in where.columns:
            return None
        return Place(where.sheet, a1(where.rows[line], where.columns[column]))
