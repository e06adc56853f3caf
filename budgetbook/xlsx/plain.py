"""What stands in the sheets that the door has taken apart, so that no other reader has to open them again.

Only what every reader makes the same of is read here: numbers, texts, and strings of the common table. A sheet with anything
else, such as a truth value, an error, or a date, has to be read by a reader that knows it.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from typing import Any
from xml.etree import ElementTree

from ..door.spelling import column_number
from ..door.written import Row, Written
from ..layout import FORM_MARK, JUDGED
from ..returns import Glance
from .contents import STRINGS, STYLES, Contents
from .scan import formula_words, hidden_columns, hidden_rows, merged_areas, words

_KINDS = {b"", b"n", b"s", b"str"}
_ITEM = re.compile(rb"<si>(?:<t>([^<]*)</t></si>|(.*?)</si>)", re.DOTALL)
_TEXT = re.compile(rb'<t(?:( xml:space="preserve")?>([^<]*)</t>| ?/>)')
_NO_NUMBER = re.compile(rb"[^0-9.eE+-]")
_DOUBTED = re.compile(rb"[_\sinIN]")  # letters that would make something else a number
_BARE = (b"</f></c>", b'"/></c>', b'" /></c>', b"<f/></c>", b"<f /></c>")  # of a formula without any result
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
        if not written or not written.rows or not self._strings:
            return False
        at = written.rows[0].first
        is_text = written.rows[0].number == 1 and written.columns[at] == b"A" and written.types[at] == b"s"
        return is_text and self._strings.get(written.values[at]) == FORM_MARK + JUDGED

    def content(self, part: str) -> int:
        """How many cells of a sheet that was taken apart have content."""
        written = self._contents.written(part)
        return _content(written) if written else 0

    def rows(self, part: str) -> list[list[Any]] | None:
        """The values of a sheet from A1 to the last with content; None if it has to be read otherwise."""
        written, strings = self._contents.written(part), self._strings
        told = _values(written, strings) if written and strings is not None else None
        return _trimmed(_placed(written, told, "")) if written and told is not None else None

    def glance(self, part: str, rows: Sequence[Sequence[Any]]) -> Glance | None:
        """What there is to tell behind the *rows* of a sheet read here; None if a formula has no result of any kind, or stands
        outside of them, or knows another file."""
        written, xml = self._contents.written(part), self._contents.part(part)
        if not written or b"[" in xml:
            return None
        blank = [
            at
            for at, (formula, value) in enumerate(zip(written.formulas, written.values, strict=True))
            if formula and not value
        ]
        if blank and any(end in xml for end in _BARE):
            return None
        width = len(rows[0]) if rows else 0
        lines = _placed(written, written.formulas, b"")
        if any(map(any, lines[len(rows) :])) or any(any(line[width:]) for line in lines):
            return None
        formulas = [formula for line in lines[: len(rows)] for formula in line[:width]]
        return Glance(
            formulas,
            partial(_told, formulas),
            [_number(written, at, width) for at in blank if not written.types[at]],
            _content(written),
            max((bottom for _, _, bottom, _ in merged_areas(written.around)), default=0),
            hidden_rows(written.tags),
            frozenset(hidden_columns(written.around)),
        )


def strings(xml: bytes) -> list[str] | None:
    """The strings of a common table that was struck out; None if there is one that readers do not read alike."""
    if b"_x" in xml or b"\r" in xml:
        return None
    found: list[str] = []
    for simple, other in _ITEM.findall(xml):
        texts = [(False, simple)] if not other else [(bool(kept), text) for kept, text in _TEXT.findall(other)]
        read = [words(text) for _, text in texts]
        if any(not kept and text != text.strip() for (kept, _), text in zip(texts, read, strict=True)):
            return None
        found.append("".join(read))
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
    types, values, all_values = written.types, written.values, b"".join(written.values)
    if not {*types} <= _KINDS or b"_x" in all_values or b"\r" in all_values:
        return None
    cells = list(zip(types, values, strict=True))
    if _DOUBTED.search(all_values) and any(_NO_NUMBER.search(value) for kind, value in cells if kind != b"str"):
        return None
    try:
        return [
            "" if not value else strings[value] if kind == b"s" else value.decode() if kind == b"str" else float(value)
            for kind, value in cells
        ]
    except (KeyError, ValueError):
        return None


def _placed(written: Written, cells: Sequence[Any], blank: Any) -> list[list[Any]]:
    """Rows of cells from A1 on, as wide as the sheet."""
    rows: list[list[Any]] = []
    for row in written.rows:
        while len(rows) < row.number - 1:
            rows.append([blank] * written.width)
        rows.append(_line(written, row, cells, blank))
    return rows


def _line(written: Written, row: Row, cells: Sequence[Any], blank: Any) -> list[Any]:
    own, missing = list(cells[row.cells]), written.width - (row.end - row.first)
    if row.in_order:
        return own + [blank] * missing
    line = [blank] * written.width
    for letters, value in zip(written.columns[row.cells], own, strict=True):
        line[column_number(letters) - 1] = value
    return line


def _trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Without the rows below and the columns beside the last content."""
    width = len(rows[0]) if rows else 0
    while rows and rows[-1].count("") == width:
        rows.pop()
    last = width
    while last and all(row[last - 1] == "" for row in rows):
        last -= 1
    return [row[:last] for row in rows] if last < width else rows


def _content(written: Written) -> int:
    return len(written.values) - written.values.count(b"")


def _number(written: Written, at: int, width: int) -> int:
    """Of a cell, among all that stand in rows so wide."""
    row = written.rows[bisect(written.rows, at, key=lambda each: each.first) - 1]
    return (row.number - 1) * width + column_number(written.columns[at]) - 1


def _told(formulas: Sequence[bytes]) -> dict[int, str]:
    return {number: formula_words(formula) for number, formula in enumerate(formulas) if formula}
