"""What a resubmission changed: two versions of one unit's workbook compared by key, never by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from ..finding import Finding, Place, fingerprint
from ..returns import Return, Where
from ..shape import Key, Shape
from ..unit import Unit

_SHARED = "="  # a formula that only the first cell of its group spells out


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a unit's workbook: `formulas` has the text of each formula in a total or a ratio cell."""

    ret: Return
    findings: Sequence[Finding] = ()
    formulas: Mapping[Key, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changed:
    """An amount that changed, in fen; None is blank."""

    key: Key
    old: int | None
    new: int | None
    computed: bool  # a total, not an entry
    at: Place | None  # where it stands in the new file, or stood in the old

    @property
    def change(self) -> int:
        """New − old; a blank counts as zero."""
        return (self.new or 0) - (self.old or 0)


@dataclass(frozen=True, slots=True)
class Reworded:
    """A text, or the formula of a cell, that changed; empty where there is none."""

    key: Key
    old: str
    new: str
    at: Place | None


@dataclass(frozen=True, slots=True)
class Shifted:
    """A form, a line or a column that only one of the files has; the other names are empty."""

    form: str
    line: str
    column: str
    state: Literal["added", "gone"]


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that changed between two versions of one unit's workbook. `old` or `new` is None if there was none."""

    unit: Unit
    old: Return | None
    new: Return | None
    values: tuple[Changed, ...] = ()
    shifted: tuple[Shifted, ...] = ()
    texts: tuple[Reworded, ...] = ()
    formulas: tuple[Reworded, ...] = ()
    fixed: tuple[Finding, ...] = ()
    arisen: tuple[Finding, ...] = ()

    def __bool__(self) -> bool:
        changes = (self.values, self.shifted, self.texts, self.formulas, self.fixed, self.arisen)
        return self.old is None or self.new is None or any(changes)


def difference(shape: Shape, old: Version, new: Version) -> Difference:
    """Value changes come largest first; everything else in the order of the forms."""
    year = shape.catalogue.year
    return Difference(
        new.ret.unit,
        old.ret,
        new.ret,
        tuple(sorted(_values(shape, old.ret, new.ret), key=lambda each: -abs(each.change))),
        tuple(_shifted(shape, old.ret.where, new.ret.where)),
        tuple(_reworded(new.ret, old.ret, old.ret.book.texts, new.ret.book.texts)),
        tuple(_formulas(old, new)),
        _only(old.findings, new.findings, year),
        _only(new.findings, old.findings, year),
    )


def _values(shape: Shape, old: Return, new: Return) -> Iterator[Changed]:
    """The amounts as stated."""
    before, after = old.book, new.book
    differs = (before.given != after.given) | (before.given & (before.fen != after.fen))
    computed = shape.level(new.unit.level).computed
    for place in np.flatnonzero(differs):
        key = shape.keys[place]
        yield Changed(key, before.at(*key), after.at(*key), bool(computed[place]), new.place(*key) or old.place(*key))


def _shifted(shape: Shape, old: Mapping[str, Where], new: Mapping[str, Where]) -> Iterator[Shifted]:
    for form in (form.id for form in shape.catalogue.forms):
        before, after = old.get(form), new.get(form)
        if before is None or after is None:
            if before or after:
                yield Shifted(form, "", "", "added" if after else "gone")
            continue
        yield from (Shifted(form, line, "", "gone") for line in before.rows if line not in after.rows)
        yield from (Shifted(form, line, "", "added") for line in after.rows if line not in before.rows)
        yield from (Shifted(form, "", column, "gone") for column in before.columns if column not in after.columns)
        yield from (Shifted(form, "", column, "added") for column in after.columns if column not in before.columns)


def _reworded(new: Return, old: Return, before: Mapping[Key, str], after: Mapping[Key, str]) -> Iterator[Reworded]:
    for key in dict.fromkeys([*before, *after]):
        words = (before.get(key, ""), after.get(key, ""))
        if words[0] != words[1]:
            yield Reworded(key, *words, new.place(*key) or old.place(*key))


def _formulas(old: Version, new: Version) -> Iterator[Reworded]:
    """Formulas typed over, restored or rewritten. A cell that holds nothing in one of the files says nothing."""
    before = {key: _plain(text) for key, text in old.formulas.items()}
    after = {key: _plain(text) for key, text in new.formulas.items()}
    for found in _reworded(new.ret, old.ret, before, after):
        shared = _SHARED in (found.old, found.new) and found.old and found.new
        if not shared and all(ret.place(*found.key) for ret in (old.ret, new.ret)):
            yield found


def _plain(formula: str) -> str:
    return "=" + formula.removeprefix("=").replace(" ", "").replace("$", "").upper()


def _only(these: Sequence[Finding], those: Sequence[Finding], year: int) -> tuple[Finding, ...]:
    known = {fingerprint(finding, year) for finding in those}
    return tuple(finding for finding in these if fingerprint(finding, year) not in known)
