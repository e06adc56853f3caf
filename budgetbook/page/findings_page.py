"""What a check found as one page: unit × form coloured by the worst, a list to filter, every finding with both its sides, charts."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import PurePath
from typing import Any

from ..amount import shown
from ..book import Book
from ..checks.sides import Sides, sides
from ..finding import FILE_STATES, SEVERITIES, FileState, Finding, fingerprint
from ..form import LEVELS, Form
from ..naming import figure_name
from ..papers.chart import Chart
from ..relation import WORDS, Relation
from ..returns import Return
from ..shape import Shape
from ..unit import Unit
from .compact import Phrases
from .drawing import drawing
from .frame import page

ABSENT, READ, ADDED = range(3)  # of a unit: nothing received; read; added up from its members
_BLANK = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True)  # no slots: found once, then looked up
class Checked:
    """Everything that was handed in and found. `books`: as they were judged, nodes included."""

    city: str
    shape: Shape
    files: Sequence[FileState]
    findings: Sequence[Finding]
    returns: Mapping[str, Return]
    books: Mapping[str, Book]
    charts: Sequence[Chart]
    added: Collection[str]  # nodes all of whose members are here
    made: str  # when, as a person writes it

    @cached_property
    def received(self) -> frozenset[str]:
        """The units whose books were read."""
        return frozenset(file.unit for file in self.files if file.state == "read")

    @cached_property
    def units(self) -> dict[str, int]:
        """The number of each unit, in the order of the tree."""
        return {unit.code: number for number, unit in enumerate(self.shape.catalogue.tree)}

    @cached_property
    def forms(self) -> dict[str, int]:
        """The number of each form."""
        return {form.id: number for number, form in enumerate(self.shape.catalogue.forms)}

    @cached_property
    def rules(self) -> dict[str, int]:
        """The number of each rule that was broken, in alphabetical order."""
        return {rule: number for number, rule in enumerate(sorted({found.rule for found in self.findings}))}

    @cached_property
    def paths(self) -> dict[str, int]:
        """The number of each file."""
        return {file.path: number for number, file in enumerate(self.files)}


def findings_page(checked: Checked) -> str:
    """The page as HTML. Everything that came from a file is escaped, and nothing in it can run."""
    catalogue = checked.shape.catalogue
    leaves = [unit for unit in catalogue.tree.leaves if not unit.adjustment]
    absent = [unit.name for unit in leaves if unit.code not in checked.received]
    return page(
        "findings.html",
        "findings.js",
        _told(checked),
        title=f"{checked.city}{catalogue.year}年预算报表核对结果",
        made=checked.made,
        received=len(leaves) - len(absent),
        expected=len(leaves),
        absent=absent,
        drawings=[drawing(chart) for chart in checked.charts],
        files=len(checked.files),
    )


def _told(checked: Checked) -> dict[str, Any]:
    phrases = Phrases()
    told = {
        "units": [_unit(checked, unit) for unit in checked.shape.catalogue.tree],
        "forms": [_form(form) for form in checked.shape.catalogue.forms],
        "rules": [_rule(checked, rule) for rule in checked.rules],
        "files": [_file(phrases, file) for file in checked.files],
        "findings": _columns([_finding(phrases, checked, found) for found in checked.findings]),
    }
    return told | {"phrases": phrases.all}


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """One list a field: its name is written once."""
    return {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}


def _unit(checked: Checked, unit: Unit) -> list[Any]:
    state = READ if unit.code in checked.received else ADDED if unit.code in checked.added else ABSENT
    return [unit.code, unit.name, list(LEVELS).index(unit.level), checked.units.get(unit.parent, -1), state]


def _form(form: Form) -> list[Any]:
    return [form.sheet, form.title, form.unit, [level in form.levels for level in LEVELS]]


def _rule(checked: Checked, id: str) -> list[str]:
    rule = checked.shape.catalogue.rule(id)
    if rule is None:
        return [id, "", ""]
    says = rule.says if isinstance(rule, Relation) else _BLANK.sub("…", rule.says)
    return [id, says, rule.basis]


def _file(phrases: Phrases, file: FileState) -> list[Any]:
    name = phrases.word(PurePath(file.path).name)
    return [name, phrases.word(file.name), FILE_STATES[file.state], phrases.sentence(file.says), file.sha256]


def _finding(phrases: Phrases, checked: Checked, found: Finding) -> dict[str, Any]:
    sided = sides(checked.shape, checked.books, found)
    scale = sided.scale if sided else 1
    return {
        "level": list(SEVERITIES).index(found.severity),
        "unit": checked.units.get(found.unit, -1),
        "rule": checked.rules[found.rule],
        "form": checked.forms.get(found.form, -1),
        "place": phrases.word(f"{found.sheet}!{found.cell}" if found.cell else found.sheet),
        "says": phrases.sentence(found.says),
        "cause": phrases.sentence(found.cause),
        "explanation": phrases.sentence(found.explanation),
        "waiver": phrases.sentence(str(found.waiver or "")),
        "echoes": [phrases.sentence(echo.says) for echo in found.echoes],
        "amounts": [_amount(each, scale) for each in (found.value, found.expected, found.difference)],
        "sides": _sides(phrases, checked, sided) if sided else 0,
        "file": checked.paths.get(found.file, -1),
        "key": fingerprint(found, checked.shape.catalogue.year),
    }


def _amount(fen: int | None, scale: int = 1) -> str:
    return "" if fen is None else shown(round(Fraction(fen, scale)))


def _sides(phrases: Phrases, checked: Checked, found: Sides) -> list[Any]:
    left, right = (
        [_addend(phrases, checked, book, place, weight, found.scale) for place, weight in addends]
        for book, addends in ((found.mine, found.left), (found.other, found.right))
    )
    return [left, WORDS[found.sign], right]


def _addend(phrases: Phrases, checked: Checked, book: Book, place: int, weight: int, scale: int) -> list[Any]:
    key = checked.shape.keys[place]
    ret = checked.returns.get(book.unit.code)
    spot = ret.place(*key) if ret else None
    return [
        phrases.word(figure_name(checked.shape.catalogue, key)),
        phrases.word(str(spot) if spot else ""),
        _times(weight, scale),
        shown(int(book.fen[place])) if book.given[place] else "",
    ]


def _times(weight: int, scale: int) -> str:
    """What a figure counts for: `+`, `−`, or a share of it."""
    sign = "−" if weight < 0 else "+"
    return sign if abs(weight) == scale else f"{sign}{abs(weight) * 100 / scale:.4g}%×"
