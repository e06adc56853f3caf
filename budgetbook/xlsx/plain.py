"""What stands in the sheets that the door has taken apart, so that no other reader has to open them again.

Only what every reader makes the same of is read here: numbers, texts, and strings of the common table. A sheet with anything
else, such as a truth value, an error, or a date, has to be read by a reader that knows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from itertools import compress
from operator import not_
from typing import Any
from xml.etree import ElementTree

from ..door.limits import LIMITS
from ..door.written import Order, Written
from ..gather import gathered
from ..layout import FORM_MARK, JUDGED
from ..returns import Glance
from .contents import STRINGS, STYLES, Contents
from .scan import ODD_TAG, formula_words, hidden_columns, hidden_rows, merged_areas, words

_ITEM = re.compile(rb"<si>(?:<t>([^<]*)</t></si>|(.*?)</si>)", re.DOTALL)
_TEXT = re.compile(rb'<t(?:( xml:space="preserve")?>([^<]*)</t>| ?/>)')
_DIGITS = b"0123456789.eE+-"
_DOUBTED = re.compile(rb"[_\sinIN]")  # letters that would make something else a number
_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}  # formats that need no definition
_NO_DATE = re.compile(
    r'"[^"]*"|\\.|\[(?:black|blue|cyan|green|magenta|red|white|yellow|color ?[0-9]+)\]', re.IGNORECASE
)
_DATE = re.compile(r"[dmyhs]", re.IGNORECASE)


class Plain:
    """The sheets of one workbook that can be read here."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    @cached_property
    def _strings(self) -> Mapping[bytes, str] | None:
        """The common strings by their numbers, as written; None if there may be dates, or strings that readers understand in ways of
        their own."""
        xml = self._contents.part(STRINGS)
        if _has_dates(self._contents.part(STYLES)) or (xml and not self._contents.is_plain(STRINGS)):
            return None
        found = strings(xml)
        return None if found is None else {b"%d" % number: string for number, string in enumerate(found)}

    def is_judged(self, part: str) -> bool:
        """Whether a sheet says that it is the one on which the workbook judges itself."""
        written = self._contents.written(part)
        if not written or not self._strings or written.order.corner is None:
            return False
        first = written.order.corner
        return written.types[first] == b"s" and self._strings.get(written.values[first]) == FORM_MARK + JUDGED

    def content(self, part: str) -> int:
        """How many cells of a sheet that was taken apart have content."""
        written = self._contents.written(part)
        return _count(written.values) if written else 0

    def rows(self, part: str) -> list[list[Any]] | None:
        """The values of a sheet from A1 to the last with content; None if it has to be read otherwise."""
        written, strings = self._contents.written(part), self._strings
        if not written or strings is None or written.order.height * written.order.width > LIMITS.box:
            return None
        told = _values(written, strings)
        return _trimmed(_lines(written.order, told)) if told is not None else None

    def glance(self, part: str, rows: Sequence[Sequence[Any]]) -> Glance | None:
        """What there is to tell behind the *rows* of a sheet read here; None if a formula has no result of any kind, stands outside
        of them, or knows another file, or if a string is blank."""
        written, xml = self._contents.written(part), self._contents.part(part)
        if not written or b"[" in xml or ODD_TAG.search(written.around):
            return None
        spread = _spread(written.order, rows)
        formulas, values, types = spread(written.formulas), spread(written.values), spread(written.types)
        if _count(formulas) < _count(written.formulas):
            return None
        without = list(compress(range(len(values)), map(not_, values)))
        blank = list(compress(without, gathered(without)(formulas)))
        content = sum(len(row) - row.count("") for row in rows)
        if b"".join(gathered(blank)(formulas)).count(b"<v") < len(blank) or content < len(values) - len(without):
            return None
        return Glance(
            formulas,
            partial(_told, formulas),
            list(compress(blank, map(not_, gathered(blank)(types)))),
            content,
            max((bottom for _, _, bottom, _ in merged_areas(written.around)), default=0),
            hidden_rows(written.tags),
            hidden_columns(written.around),
        )


def strings(xml: bytes) -> list[str] | None:
    """The strings of a common table that was struck out; None if there is one that readers do not read alike."""
    if b"_x" in xml or b"\r" in xml:
        return None
    items = _ITEM.findall(xml)
    found = b"\0".join([simple for simple, _ in items]).decode().split("\0") if items else []
    if list(map(str.strip, found)) != found:  # what is not preserved is trimmed by some
        return None
    for at in [at for at, (simple, other) in enumerate(items) if other or b"&" in simple]:
        simple, other = items[at]
        texts = _TEXT.findall(other) if other else [(b"", simple)]
        read = [words(text) for _, text in texts]
        if any(not preserved and text != text.strip() for (preserved, _), text in zip(texts, read, strict=True)):
            return None
        found[at] = "".join(read)
    return found


def _has_dates(styles: bytes) -> bool:
    """Whether a number in any cell can be shown as a date or time."""
    root = ElementTree.fromstring(styles) if styles else ElementTree.Element("none")
    codes = {each.get("numFmtId"): each.get("formatCode") or "" for each in _named(root, "numFmt")}
    dates = {id for id, code in codes.items() if _DATE.search(_NO_DATE.sub("", code))} | {str(id) for id in _DATES}
    return any(each.get("numFmtId") in dates for each in _named(root, "xf"))


def _named(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [each for each in root.iter() if each.tag.rpartition("}")[2] == name]


def _values(written: Written, strings: Mapping[bytes, str]) -> list[Any] | None:
    values, kinds = b"".join(written.values), written.types
    if b"_x" in values or b"\r" in values:
        return None
    if _DOUBTED.search(values.translate(None, _DIGITS)):
        numbers = (value for kind, value in zip(kinds, written.values, strict=True) if kind != b"str")
        if any(value.translate(None, _DIGITS) for value in numbers):
            return None
    read: Mapping[bytes, Callable[[bytes], Any]]
    read = {b"": float, b"n": float, b"s": strings.__getitem__, b"str": bytes.decode}
    if not read.keys() >= {*kinds}:  # an error has something to say even without a value
        return None
    try:
        return [read[kind](value) if value else "" for kind, value in zip(kinds, written.values, strict=True)]
    except (KeyError, ValueError):  # no such string, or no number
        return None


def _spread(order: Order, rows: Sequence[Sequence[Any]]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Spreads what is told of cells over just these rows."""
    height, width = len(rows), len(rows[0]) if rows else 0
    if (height, width) == (order.height, order.width):
        return order.spread
    starts = range(0, height * order.width, order.width)
    square = order.square()
    return gathered([at for start in starts for at in square[start : start + width]])


def _lines(order: Order, cells: Sequence[Any]) -> list[list[Any]]:
    """Rows of cells from A1 on."""
    square = list(order.spread(cells))
    return [square[at : at + order.width] for at in range(0, len(square), order.width)]


def _trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Without the rows below and the columns beside the last content."""
    width = len(rows[0]) if rows else 0
    while rows and rows[-1].count("") == width:
        rows.pop()
    last = width
    while last and all(row[last - 1] == "" for row in rows):
        last -= 1
    return [row[:last] for row in rows] if last < width else rows


def _count(written: Sequence[bytes]) -> int:
    """In how many cells anything is written."""
    return len(written) - written.count(b"")


def _told(formulas: Sequence[bytes]) -> dict[int, str]:
    return {number: formula_words(formula) for number, formula in enumerate(formulas) if formula}
