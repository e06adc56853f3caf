"""The edition map: where the money of last year's lines stands among this year's, to the fen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from .amount import rounded
from .catalogue import Catalogue, Change

Line = tuple[str, str]  # form, line


@dataclass(frozen=True, slots=True)
class Group:
    """Old and new lines of one form that share money in a proportion that nobody has stated; only their sums can be compared."""

    form: str
    old: frozenset[str]
    new: frozenset[str]


@dataclass(frozen=True)  # no slots: found once, then looked up
class EditionMap:
    """The changes of one catalogue. A line that is not in them is where it was."""

    changes: tuple[Change, ...]

    @cached_property
    def _of(self) -> dict[Line, list[Change]]:
        found: dict[Line, list[Change]] = {}
        for change in self.changes:
            found.setdefault((change.form, change.old), []).append(change)
        return found

    def carried(self, form: str, line: str, fen: int) -> Iterator[tuple[str, int]]:
        """This year's lines with their part of *fen*; the parts add up to it. Of an unknown split all goes to the first."""
        changes = self._of.get((form, line))
        if not changes:
            yield line, fen
            return
        done, upto = 0, Fraction(0)
        for at, change in enumerate(changes):
            upto += Fraction(at == 0) if change.weight is None else change.weight
            reached = int(rounded(fen * min(upto, Fraction(1)), 0))
            yield change.new, reached - done
            done = reached

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The sets of lines that are judged by their sum."""
        return tuple(
            Group(form, olds, news)
            for form in dict.fromkeys(change.form for change in self.changes)
            for olds, news in _joined([change for change in self.changes if change.form == form])
        )


def edition_map(catalogue: Catalogue) -> EditionMap:
    """The edition map of a catalogue."""
    return EditionMap(catalogue.changes)


def _joined(changes: Iterable[Change]) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """Changes that meet in an old or a new line belong together; of those, the sets in which a weight is not known."""
    found: list[tuple[set[str], set[str], bool]] = []
    for change in changes:
        olds, news, unknown = {change.old}, {change.new}, change.weight is None
        for each in [each for each in found if each[0] & olds or each[1] & news]:
            found.remove(each)
            olds, news, unknown = olds | each[0], news | each[1], unknown or each[2]
        found.append((olds, news, unknown))
    moved = {old for olds, _, _ in found for old in olds}
    for olds, news, unknown in found:
        if unknown:
            yield (
                frozenset(olds | (news - moved)),
                frozenset(news),
            )  # a new line that was there before keeps its own money
