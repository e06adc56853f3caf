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
from .spelling import ATTRIBUTES, FORMULA, PLAIN, QUOTED, ROW, SMALL, TEXT, column_number, is_utf8
from .written import Written, take_apart

_T = rb'<t(?: xml:space="preserve")?+(?: ?/>|>' + TEXT + rb"</t>)"
_CELL = (
    rb'<c r="[A-Z]{1,3}\1"(?: s="[0-9]++")?+(?: t="[A-Za-z]++")?+'
    rb"(?:><v>" + PLAIN + rb"</v></c>| ?/>|>(?:<is>" + _T + rb"</is>|"
    rb"(?:<f" + SMALL + rb"(?: ?/>|>" + FORMULA + rb"</f>))?+"
    rb"(?:<v(?: ?/>|>" + PLAIN + rb"</v>))?+)</c>)"
)
_RUN = rb"<r>(?:<rPr>(?:<[A-Za-z]++(?: [a-z]++=" + QUOTED + rb")*+ ?/>)*+</rPr>)?+" + _T + rb"</r>"
_COLUMN = re.compile(rb'<c r="([A-Z]+)')
_AFTER_TAG = rb"(?<=>%s)"  # only between tags, else what is left could be well-formed when the part is not
_BEFORE_TAG = rb"(?=<)"
_RULE = rb"<cfRule" + ATTRIBUTES + rb"(?: ?/>|>(?:<formula>" + TEXT + rb"</formula>)*+</cfRule>)"
_BOUND = rb"(?:<formula%d>" + TEXT + rb"</formula%d>)?+"
_STRING = rb"(?:" + _T + rb"|(?:" + _RUN + rb")++)</si>" + _BEFORE_TAG


@dataclass(frozen=True, slots=True)
class Struck:
    """What was struck out of a part: rows by number, their cells within so many columns, and so many shared strings; the rows taken
    apart, if they are all that there is in a sheet."""

    rows: frozenset[int] = frozenset()
    columns: int = 0
    strings: int = 0
    written: Written | None = None


class _Knife:
    """Decides row by row and keeps account; what it gives back stays in the part."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.columns = 0
        self.strings = 0

    def row(self, found: re.Match[bytes]) -> bytes:
        columns = set(_COLUMN.findall(found[0]))
        last = max(map(column_number, columns), default=0)
        number = int(found[1])
        if number > ROWS or last > COLUMNS or len(columns) < found[0].count(b"<c "):
            return found[0]
        self.columns = max(self.columns, last)
        self.rows.append(number)
        return b""

    def string(self, found: re.Match[bytes]) -> bytes:
        self.strings += found[0].count(b"<si>")
        return b""


def strike(content: bytes) -> tuple[bytes, Struck] | None:
    """What is left of a part and what was struck from it; None when nothing was, or what was may have been hidden."""
    knife, left, rows = _Knife(), content, frozenset[int]()
    written = take_apart(content)
    if not (written.is_utf8() if written else is_utf8(content)):
        return None
    if b"<row " in content:
        left = written.around if written else _row().sub(knife.row, content)
        rows = written.order.numbers if written else frozenset(knife.rows)
    head, end, tail = left.rpartition(b"</sheetData>")
    if end:  # what stands there can be within no cell
        left = head + _looks().sub(b"", end + tail)
    left = _strings().sub(knife.string, left)
    if len(left) == len(content) or len(rows) < len(knife.rows) or _has_asides(left):
        return None
    return left, Struck(rows, written.order.width if written else knife.columns, knife.strings, written)


@cache
def _row() -> re.Pattern[bytes]:
    """A row with its cells, in any columns."""
    start = ROW.replace(b"<row ", b"<row " + _AFTER_TAG % b"<row ", 1)
    return re.compile(start + rb"(?: ?/>|>(?:" + _CELL + rb")*+</row>)" + _BEFORE_TAG)


@cache
def _strings() -> re.Pattern[bytes]:
    """Shared strings, one after another, without phonetic hints."""
    return re.compile(rb"<si>" + _AFTER_TAG % rb"<si>" + _STRING + rb"(?:<si>" + _STRING + rb")*+")


@cache
def _looks() -> re.Pattern[bytes]:
    """How cells look and what may be typed into them, both by condition: of no concern to any reader of values."""
    conditional = rb"conditionalFormatting" + ATTRIBUTES + rb">(?:" + _RULE + rb")++</conditionalFormatting>"
    bounds = _BOUND % (1, 1) + _BOUND % (2, 2)
    typed = rb"dataValidation" + ATTRIBUTES + rb"(?: ?/>|>" + bounds + rb"</dataValidation>)"
    return re.compile(rb"<(?<=><)(?:" + conditional + rb"|" + typed + rb")" + _BEFORE_TAG)


def _has_asides(left: bytes) -> bool:
    """Whether a comment, CDATA section, DTD or instruction could have hidden what was struck."""
    left = left.removeprefix(codecs.BOM_UTF8)
    body = left[left.find(b"?>") + 2 :] if left.startswith(b"<?xml ") else left
    return b"<!" in body or b"<?" in body
