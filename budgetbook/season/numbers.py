"""The random number of every issued workbook, by which one that was issued again, or never, is known."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .facts import Fact, Issued


@dataclass(frozen=True, slots=True)
class Numbers:
    """Unit → what was issued to it, oldest first."""

    issued: Mapping[str, tuple[Issued, ...]]

    def latest(self, unit: str) -> Issued | None:
        """What counts now."""
        return next(reversed(self.issued.get(unit, ())), None)

    def number(self, unit: str, digest: str) -> str:
        """The number for a workbook of *unit* made now by the catalogue of *digest*; empty if none was issued by it."""
        latest = self.latest(unit)
        return latest.number if latest and latest.digest == digest else ""

    def known(self, unit: str, number: str) -> Issued | None:
        """The issue with that number."""
        return next((each for each in self.issued.get(unit, ()) if each.number == number), None)


def numbers(facts: Iterable[Fact]) -> Numbers:
    """From facts in their order."""
    found: dict[str, list[Issued]] = {}
    for fact in facts:
        if isinstance(fact, Issued):
            found.setdefault(fact.unit, []).append(fact)
    return Numbers({unit: tuple(each) for unit, each in found.items()})


def drawn(unit: str, at: str, digest: str) -> Issued:
    """An issue with a fresh number."""
    return Issued(unit, at, secrets.token_hex(4), digest)
