"""表、科目、栏目: a grid of lines × columns in one unit of account, and the levels that fill it in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeVar

from .relation import Term

_Noun = TypeVar("_Noun")
Level = Literal["county", "city", "node"]
REGION = "{region}"  # in the code of a by-region line
REGION_NAME = "{region_name}"  # in its name
DEEPEST = 99  # a form without a depth is filled in to its last level
_NOISE, _BRACKETS = re.compile(r"[\s:：]|其中"), str.maketrans("()", "（）")
LEVELS: dict[Level, str] = {"county": "县级", "city": "市本级", "node": "汇总"}


def by(attribute: str, nouns: Iterable[_Noun]) -> dict[str, _Noun]:
    found: dict[str, _Noun] = {}
    for noun in nouns:
        found.setdefault(getattr(noun, attribute), noun)
    return found


def folded(text: object) -> str:
    """A label without what people and programs change in it: width, spaces, brackets, 其中."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", str(text))).translate(_BRACKETS)


@dataclass(frozen=True, slots=True)
class Column:
    """栏: a measure. `amount` is typed or summed; the others are derived from amounts `of` and `base`, or hold text."""

    id: str
    heading: str
    kind: Literal["amount", "difference", "growth", "percent", "text"]
    of: str = ""
    base: str = ""
    last: str = ""  # the column of last year's form that is continued here
    calibre: str = ""  # what last year's book has to hold (决算) for its figures to be the ones that are meant


@dataclass(frozen=True, slots=True)
class Line:
    """科目: a row with a code. `parts` of a total are its addends; of a ratio, `parts` are divided by `base`."""

    code: str
    name: str
    kind: Literal["entry", "total", "of_which", "ratio", "text", "fixed", "heading"]
    parent: str = ""
    depth: int = 0
    parts: tuple[Term, ...] = ()
    base: tuple[Term, ...] = ()
    columns: frozenset[str] = frozenset()  # open columns; none named means all
    levels: frozenset[str] = frozenset()  # levels that have the line; none named means all
    signed: bool = False
    choices: tuple[str, ...] = ()
    evidence: str = ""
    aliases: tuple[str, ...] = ()
    region: str = ""  # the unit a by-region line stands for

    @property
    def printed_code(self) -> str:
        """The code if people know it; a row without one is known by its name alone."""
        return self.code if self.code.isdecimal() else ""

    @property
    def stem(self) -> str:
        """What the codes of a by-region line begin with, whatever the region; empty for another line."""
        return self.code.partition(REGION)[0] if REGION in self.code else ""


@dataclass(frozen=True)  # no slots: found once, then looked up
class Form:
    """表: a grid of lines × columns in one unit of account."""

    id: str
    sheet: str
    title: str
    unit: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    levels: frozenset[str]
    depths: dict[str, int] = field(default_factory=dict)  # level → deepest line filled in
    basis: str = ""
    decimals: dict[str, int] = field(
        default_factory=dict
    )  # column → places to which its figures are rounded; others are exact

    @cached_property
    def amounts(self) -> tuple[Column, ...]:
        """The columns that hold amounts, in order."""
        return tuple(column for column in self.columns if column.kind == "amount")

    @cached_property
    def _columns(self) -> dict[str, Column]:
        return by("id", self.columns)

    @cached_property
    def _lines(self) -> dict[str, Line]:
        return by("code", self.lines)

    def column(self, id: str) -> Column:
        """Raises KeyError."""
        return self._columns[id]

    def line(self, code: str) -> Line:
        """Raises KeyError."""
        return self._lines[code]

    def find(self, code: str) -> Line | None:
        """The line of that code, if the form has one."""
        return self._lines.get(code)


def visible(form: Form, level: Level) -> Iterator[Line]:
    """The lines of *form* that units of *level* see, in order."""
    return (line for line in form.lines if sees(form, line, level))


def sees(form: Form, line: Line, level: Level) -> bool:
    """Whether units of *level* have that line on their form."""
    return (
        level in form.levels
        and (not line.levels or level in line.levels)
        and line.depth <= form.depths.get(level, DEEPEST)
    )
