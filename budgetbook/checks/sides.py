"""What stands on either side of a finding: every figure of its relation, whose it is, and what it counts for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..book import Book
from ..cases import Case
from ..finding import Finding
from ..form import Level
from ..keeping import by_places
from ..relation import Sign
from ..rulebook import rulebook, side
from ..shape import Shape

SCOPES = ("unit", "zone")  # whose right sides stand in books of the same year
Addends = tuple[tuple[int, int], ...]  # place of the figure, what it is multiplied by


@dataclass(frozen=True, slots=True)
class Sides:
    """A relation as it stood for one unit. `scale` is what a plain figure is multiplied by: 100 where shares are compared."""

    left: Addends
    sign: Sign
    right: Addends
    mine: Book
    other: Book  # whose figures stand on the right
    scale: int

    @property
    def values(self) -> tuple[int, int]:
        """Both sides in fen, multiplied as the relation multiplies them."""
        return side(self.left, self.mine.fen), side(self.right, self.other.fen)


def sides(shape: Shape, books: Mapping[str, Book], finding: Finding) -> Sides | None:
    """Both sides of the relation that *finding* is about; None if it is about none, or about another year's book.

    *books*: as they were judged, nodes included.
    """
    mine = books.get(finding.unit)
    if mine is None or not shape.has(finding.form, finding.line, finding.column):
        return None
    place = shape.place(finding.form, finding.line, finding.column)
    for scope, case in _cases(shape, mine.unit.level).get((finding.rule, place), ()):
        other = books.get(mine.unit.parent) if scope == "zone" else mine
        if other is not None:
            found = Sides(case.left, case.relation.sign, case.right, mine, other, max(abs(by) for _, by in case.left))
            if found.values == (finding.value, finding.expected):
                return found
    return None


@by_places
def _cases(shape: Shape, level: Level) -> Mapping[tuple[str, int], list[tuple[str, Case]]]:
    """Rule and the place a finding points at → the cases it may be about."""
    found: dict[tuple[str, int], list[tuple[str, Case]]] = {}
    for scope in SCOPES:
        for case in rulebook(shape, level, scope, totals=scope == "unit").cases:
            for place in _pointed(case):
                found.setdefault((case.relation.id, place), []).append((scope, case))
    return found


def _pointed(case: Case) -> Iterator[int]:
    """Where a finding may point: the first figure on the left, or any of them where there should be none at all."""
    yield from (place for place, _ in (case.left if not case.right else case.left[:1]))
