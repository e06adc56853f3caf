"""What values do not tell: which cells hold formulas, errors, or formulas without a result, and what stands hidden.

The quick look trusts only the serialisation that Excel, WPS, LibreOffice and xlsxwriter share (`<c r="A1" …><f>…`), and counts
what it cannot vouch for: whoever finds another number of cells with content takes the long look, which is a real parser's.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import cache
from xml.parsers import expat

from ..returns import Facts
from ..returns.source import Spot

_FORMULA = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"([^<>]*)><f(?:[^<>]*/>|[^<>]*>([^<]*)</f>)(</c>|<v></v></c>|<v ?/></c>)?'
)
_ERROR = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^<>]* t="e"[^<>]*>(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?<v>([^<]*)</v>'
)
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
ODD_TAG = re.compile(
    rb"<(?:[cfv]|mergeCell|row|col)[\t\r\n]|<(?:c|row)>|<(?:mergeCell|col) [^<>]*['\t\r\n]|<[A-Za-z0-9]+:(?:mergeCell|row|col)[ \t\r\n]"
)
_HIDDEN_ROW = re.compile(rb'<row r="([0-9]{1,7})"[^<>]* hidden="(?:1|true)"')
_HIDDEN_COLUMN = re.compile(rb"<col [^<>]*/>")
_BOUNDS = re.compile(rb' (min|max|hidden)="([a-z0-9]+)"')
_REFERENCE = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));")
_ENTITIES = {"lt": "<", "gt": ">", "quot": '"', "apos": "'", "amp": "&"}  # the last is what the others begin with
_NO = (b"", b"0", b"false")


@dataclass(frozen=True, slots=True)
class Look:
    """The facts of one worksheet part, and in how many of its cells something stands."""

    facts: Facts
    content: int


def quick_look(xml: bytes) -> Look | None:
    """None for a part in another serialisation than the common one."""
    if not _is_common(xml):
        return None
    found = _quick(xml)
    formulas = xml.count(b"<f>") + xml.count(b"<f ") + xml.count(b"<f/")
    if formulas != len(found.formulas) or xml.count(b"<mergeCell ") != len(found.merged):
        return None
    return Look(found, xml.count(b"<v>") + xml.count(b"<v ") - xml.count(b"<v></v>") + xml.count(b"<is>"))


def _is_common(xml: bytes) -> bool:
    firm = xml.count(b"<c ") == xml.count(b'<c r="') and b":c " not in xml and b"<!" not in xml
    return firm and not ODD_TAG.search(xml)


def _quick(xml: bytes) -> Facts:
    formulas: dict[Spot, str] = {}
    uncalculated: set[Spot] = set()
    unshown: set[Spot] = set()
    columns: dict[bytes, int] = {}
    for letters, row, more, text, end in _FORMULA.findall(xml):
        column = columns.get(letters)
        if column is None:
            column = columns[letters] = _column(letters)
        spot = (int(row) - 1, column)
        formulas[spot] = words(text)
        if end == b"</c>":
            uncalculated.add(spot)
        elif end and b"t=" not in more:
            unshown.add(spot)
    errors = (
        {(int(row) - 1, _column(letters)): text.decode() for letters, row, text in _ERROR.findall(xml)}
        if b't="e"' in xml
        else {}
    )
    merged = merged_areas(xml)
    hidden = hidden_rows(xml), hidden_columns(xml)
    return Facts(formulas, errors, frozenset(uncalculated), merged, frozenset(unshown), *hidden, traced=True)


def merged_areas(xml: bytes) -> list[tuple[int, int, int, int]]:
    """Top, left, bottom and right of each, from zero."""
    return [
        (int(top) - 1, _column(left), int(bottom) - 1, _column(right))
        for left, top, right, bottom in _MERGED.findall(xml)
    ]


def formula_words(formula: bytes) -> str:
    """A formula that stands as written behind `<f`; empty text of one that refers to another."""
    return words(formula.partition(b">")[2].rpartition(b"</f")[0])


def hidden_rows(xml: bytes) -> frozenset[int]:
    """The hidden among the tags of rows, from zero."""
    end = xml.find(b">", xml.rfind(b' hidden="')) + 1
    return frozenset(int(row) - 1 for row in _HIDDEN_ROW.findall(xml, 0, end))


def hidden_columns(xml: bytes) -> frozenset[int]:
    """From zero."""
    hidden: set[int] = set()
    for tag in _HIDDEN_COLUMN.findall(xml[: xml.find(b"<sheetData")]):
        told = dict(_BOUNDS.findall(tag))
        if told.get(b"hidden", b"") not in _NO:
            hidden |= set(range(int(told.get(b"min", b"1")) - 1, int(told.get(b"max", b"1"))))
    return frozenset(hidden)


def words(text: bytes) -> str:
    """Text as it is meant."""
    words = text.decode("utf-8", "replace")
    if "&" not in words:
        return words
    if "&#" in words:
        return _REFERENCE.sub(_letter, words)
    for name, letter in _ENTITIES.items():
        words = words.replace(f"&{name};", letter)
    return words


def _letter(found: re.Match[str]) -> str:
    name, decimal, hexadecimal = found.groups()
    number = int(decimal) if decimal else int(hexadecimal or "0", 16)
    return _ENTITIES[name] if name else chr(number) if number <= sys.maxunicode else "\ufffd"


@cache
def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


class _Walk:
    """An element-by-element reading of a worksheet, for whatever serialisation."""

    def __init__(self, blank: frozenset[int]) -> None:
        self.formulas: dict[Spot, str] = {}
        self.errors: dict[Spot, str] = {}
        self.uncalculated: set[Spot] = set()
        self.unshown: set[Spot] = set()
        self.content: set[Spot] = set()
        self.merged: list[tuple[int, int, int, int]] = []
        self.rows: set[int] = set()
        self.columns: set[int] = set()
        self._blank = blank
        self._spot: Spot = (-1, -1)
        self._kind = ""
        self._texts: dict[str, str] = {}
        self._inside = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            self._spot = (int(attributes.get("r", self._spot[0] + 2)) - 1, -1)
            if attributes.get("hidden", "0") not in ("0", "false"):
                self.rows.add(self._spot[0])
        elif name == "c":
            self._spot = _spot(attributes["r"]) if "r" in attributes else (self._spot[0], self._spot[1] + 1)
            self._kind, self._texts = attributes.get("t", ""), {}
        elif name in ("f", "v", "t"):
            self._inside = name
            self._texts.setdefault(name, "")
        elif name == "mergeCell":
            first, _, last = attributes.get("ref", "A1").partition(":")
            self.merged.append((*_spot(first), *_spot(last or first)))
        elif name == "col" and attributes.get("hidden", "0") not in ("0", "false"):
            self.columns |= set(range(int(attributes.get("min", 1)) - 1, int(attributes.get("max", 1))))

    def text(self, words: str) -> None:
        if self._inside:
            self._texts[self._inside] += words

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        self._inside = ""
        if name != "c":
            return
        value = self._texts.get("v", "")
        if "f" in self._texts:
            self.formulas[self._spot] = self._texts["f"]
            if "v" not in self._texts:
                self.uncalculated.add(self._spot)
            elif not value and not self._kind:
                self.unshown.add(self._spot)
        if self._kind == "e":
            self.errors[self._spot] = value
        is_blank = self._kind == "s" and value.strip().isdecimal() and int(value) in self._blank
        if (value and not is_blank) or self._texts.get("t"):
            self.content.add(self._spot)


def _spot(reference: str) -> Spot:
    letters = reference.rstrip("0123456789")
    return int(reference[len(letters) :]) - 1, _column(letters.replace("$", "").encode())


def long_look(xml: bytes, blank: frozenset[int]) -> tuple[Facts, frozenset[Spot]]:
    """The facts, and the cells in which something stands; *blank* numbers the shared strings in which nothing does."""
    walk, parser = _Walk(blank), expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = walk.start, walk.end, walk.text
    parser.Parse(xml, True)
    hidden = frozenset(walk.rows), frozenset(walk.columns)
    facts = Facts(
        walk.formulas,
        walk.errors,
        frozenset(walk.uncalculated),
        walk.merged,
        frozenset(walk.unshown),
        *hidden,
        traced=True,
    )
    return facts, frozenset(walk.content)


def blank_strings(xml: bytes) -> frozenset[int]:
    """The numbers of the shared strings in which nothing stands."""
    count, text, inside, blank = -1, "", False, set()

    def start(tag: str, _attributes: dict[str, str]) -> None:
        nonlocal count, text, inside
        name = tag.rpartition(":")[2]
        if name == "si":
            count, text = count + 1, ""
        inside = name == "t"

    def words(more: str) -> None:
        nonlocal text
        if inside:
            text += more

    def end(tag: str) -> None:
        nonlocal inside
        inside = False
        if tag.rpartition(":")[2] == "si" and not text:
            blank.add(count)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, words
    parser.Parse(xml, True)
    return frozenset(blank)
