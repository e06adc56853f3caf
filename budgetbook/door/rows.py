"""The short way through a part: plainly harmless rows, strings and conditions are struck out, so that little is left to walk.

What is struck is well-formed by construction. It holds no comment, CDATA or instruction, no cell or value twice, no
cell within a cell, and no entity but the five and plain letters. The short way can only acquit: what is not struck is
walked element by element, and what looks wrong then is looked for again in the whole part.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cache

from .limits import COLUMNS, ROWS

_LADDER = (
    18  # columns, each with its own copy of the pattern for a cell: it takes long to compile, and does for most sheets
)
_WIDTH = re.compile(rb'<dimension ref="[A-Z]{1,3}[0-9]+:([A-Z]{1,3})[0-9]+"/>')
_PLAIN = rb"[^<>&\x00-\x08\x0b\x0c\x0e-\x1f]*+"
_LETTER = rb"#(?:[1-9]|[1-4][0-9]|5[0-4]|6[0-4])[0-9]{3}|#65[0-4][0-9]{2}"  # 1000 to 65499 but for the surrogates
_TEXT = _PLAIN + rb"(?:&(?:amp|lt|gt|quot|apos|" + _LETTER + rb");" + _PLAIN + rb")*+"
_FORMULA = _TEXT.replace(rb"[^<", rb"[^|<")
_QUOTED = rb'"[^"<>&\x00-\x1f]*+"'
_T = rb'<t(?: xml:space="preserve")?+(?: ?/>|>' + _TEXT + rb"</t>)"
_CELL = (
    rb'<c r="%s\1"(?: s="[0-9]++")?+(?: t="[A-Za-z]++")?+'
    rb"(?:><v>" + _PLAIN + rb"</v></c>| ?/>|>(?:<is>" + _T + rb"</is>|"
    rb"(?:<f(?: [a-z0-9]++=" + _QUOTED + rb")*+(?: ?/>|>" + _FORMULA + rb"</f>))?+"
    rb"(?:<v(?: ?/>|>" + _PLAIN + rb"</v>))?+)</c>)"
)
_RUN = rb"<r>(?:<rPr>(?:<[A-Za-z]++(?: [a-z]++=" + _QUOTED + rb")*+ ?/>)*+</rPr>)?+" + _T + rb"</r>"
_COLUMN = re.compile(rb'<c r="([A-Z]+)')
_AFTER_TAG = rb"(?<=>%s)"  # only between tags, else what is left could be well-formed when the part is not
_BEFORE_TAG = rb"(?=<)"
_ATTRIBUTES = rb"(?: [A-Za-z0-9:]++=" + _QUOTED + rb")*+"
_RULE = rb"<cfRule" + _ATTRIBUTES + rb"(?: ?/>|>(?:<formula>" + _TEXT + rb"</formula>)*+</cfRule>)"
_BOUND = rb"(?:<formula%d>" + _TEXT + rb"</formula%d>)?+"
_STRING = rb"(?:" + _T + rb"|(?:" + _RUN + rb")++)</si>" + _BEFORE_TAG


@dataclass(frozen=True, slots=True)
class Struck:
    """What was struck out of a part: rows by number, their cells within so many columns, and so many shared strings."""

    rows: frozenset[int] = frozenset()
    columns: int = _LADDER
    strings: int = 0


class _Knife:
    """Decides row by row and keeps account; what it gives back stays in the part."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.columns = _LADDER
        self.strings = 0

    def row(self, found: re.Match[bytes]) -> bytes:
        number = int(found[1])
        if number > ROWS:
            return found[0]
        self.rows.append(number)
        return b""

    def wide_row(self, found: re.Match[bytes]) -> bytes:
        columns = set(_COLUMN.findall(found[0]))
        last = max(map(column_number, columns), default=0)
        if last > COLUMNS or len(columns) < found[0].count(b"<c "):
            return found[0]
        self.columns = max(self.columns, last)
        return self.row(found)

    def string(self, found: re.Match[bytes]) -> bytes:
        self.strings += found[0].count(b"<si>")
        return b""


def strike(content: bytes) -> tuple[bytes, Struck] | None:
    """What is left of a part and what was struck from it; None when nothing was, or what was may have been hidden."""
    if not _is_utf8(content):
        return None
    knife = _Knife()
    left = content
    if b"<row " in content:
        left = _wide().sub(knife.wide_row, content if _is_wide(content) else _narrow().sub(knife.row, content))
    head, end, tail = left.rpartition(b"</sheetData>")
    if end:  # what stands there can be within no cell
        left = head + _looks().sub(b"", end + tail)
    left = _strings().sub(knife.string, left)
    rows = frozenset(knife.rows)
    if len(left) == len(content) or len(rows) != len(knife.rows) or _has_asides(left):
        return None
    return left, Struck(rows, knife.columns, knife.strings)


@cache
def column_number(letters: bytes) -> int:
    """1 for A, 16384 for XFD."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _row(cells: bytes) -> re.Pattern[bytes]:
    start = rb"<row " + _AFTER_TAG % rb"<row " + rb'r="([1-9][0-9]{0,6})"(?: (?!r=)[A-Za-z0-9:]++=' + _QUOTED + rb")*+"
    return re.compile(start + rb"(?: ?/>|>" + cells + rb"</row>)" + _BEFORE_TAG)


def _is_wide(content: bytes) -> bool:
    """Whether a sheet says that it has more columns than the ladder; if that is wrong, its rows are cut the longer way."""
    told = _WIDTH.search(content, 0, 4096)
    return told is not None and column_number(told[1]) > _LADDER


@cache
def _narrow() -> re.Pattern[bytes]:
    """A row with its cells in order of their columns and none beyond the ladder, so that none can stand twice."""
    return _row(b"".join(rb"(?:" + _CELL % b"%c" % letter + rb")?+" for letter in range(ord("A"), ord("A") + _LADDER)))


@cache
def _wide() -> re.Pattern[bytes]:
    """A row with cells in any columns."""
    return _row(rb"(?:" + _CELL % b"[A-Z]{1,3}" + rb")*+")


@cache
def _strings() -> re.Pattern[bytes]:
    """Shared strings, one after another, without phonetic hints."""
    return re.compile(rb"<si>" + _AFTER_TAG % rb"<si>" + _STRING + rb"(?:<si>" + _STRING + rb")*+")


@cache
def _looks() -> re.Pattern[bytes]:
    """How cells look and what may be typed into them, both by condition: of no concern to any reader of values."""
    conditional = rb"conditionalFormatting" + _ATTRIBUTES + rb">(?:" + _RULE + rb")++</conditionalFormatting>"
    bounds = _BOUND % (1, 1) + _BOUND % (2, 2)
    typed = rb"dataValidation" + _ATTRIBUTES + rb"(?: ?/>|>" + bounds + rb"</dataValidation>)"
    return re.compile(rb"<(?<=><)(?:" + conditional + rb"|" + typed + rb")" + _BEFORE_TAG)


def _is_utf8(content: bytes) -> bool:
    if content.isascii():
        return True
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _has_asides(left: bytes) -> bool:
    """Whether a comment, CDATA section, DTD or instruction could have hidden what was struck."""
    left = left.removeprefix(codecs.BOM_UTF8)
    body = left[left.find(b"?>") + 2 :] if left.startswith(b"<?xml ") else left
    return b"<!" in body or b"<?" in body
