"""Readings as tables: a claim is a row of its fields, empty fields a dash."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from budgetbook.narrative.claim import Claim, Reading
from budgetbook.narrative.reading import read_report
from budgetbook.narrative.vocabulary import Vocabulary, read_vocabulary
from budgetbook.settings import data_folder

Row = tuple[str, ...]


@functools.cache
def vocabulary() -> Vocabulary:
    return read_vocabulary((data_folder("templates") / "2026" / "narrative.toml").read_text(encoding="utf-8"))


def reading(*paragraphs: str) -> Reading:
    return read_report(paragraphs, vocabulary())


def row(claim: Claim) -> Row:
    """budget, scope, unit within it, flow, year, measure, value, unit, decimals, precision, direction, hedge, basis."""
    fields = (
        claim.budget,
        claim.scope,
        claim.of_which,
        claim.flow,
        claim.year,
        claim.measure,
        claim.value,
        claim.unit,
        claim.decimals,
        claim.precision,
        claim.direction,
        claim.hedge,
        claim.basis,
    )
    return tuple(str(field) or "-" for field in fields)


def claims(*paragraphs: str) -> list[Row]:
    """What the paragraphs claim; a reading with anything unread claims nothing here."""
    read = reading(*paragraphs)
    assert () == read.unread
    return [row(claim) for claim in read.claims]


def table(text: str) -> list[Row]:
    """Expected rows, one a line; ″ repeats the field above, and what a line leaves out at its end is a dash."""
    return list(_rows(text.split("\n")))


def _rows(lines: list[str]) -> Iterator[Row]:
    above: Row = ()
    for line in lines:
        fields = line.split()
        if fields:
            said = [above[at] if field == "″" else field for at, field in enumerate(fields)]
            above = (*said, *["-"] * (13 - len(said)))
            yield above
