"""What values do not tell: which cells hold formulas, errors, or formulas without a result. A cheap scan, exact where it is used.

The scan trusts only the serialisation that Excel, WPS, LibreOffice and xlsxwriter share (`<c r="A1" …><f>…`);
any other part is walked by a real parser.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.parsers import expat

from ..returns import Facts
from ..returns.source import Spot

_FORMULA = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^<>]*><f(?:[^<>]*/>|[^<>]*>([^<]*)</f>)(</c>)?')
_ERROR = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^<>]* t="e"[^<>]*>(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?<v>([^<]*)</v>'
)
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ENTITIES = {b"&amp;": b"&", b"&lt;": b"<", b"&gt;": b">", b"&quot;": b'"', b"&apos;": b"'"}


def scan(package: zipfile.ZipFile) -> dict[str, Facts]:
    """Sheet name → facts, for every worksheet part of the package."""
    return {name: facts(package.read(part)) for name, part in sheet_parts(package)}


def sheet_parts(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Sheet names and their parts, in order."""
    links = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): (link.get("Target") or "").lstrip("/") for link in links}
    present = set(package.namelist())
    for element in ElementTree.fromstring(package.read("xl/workbook.xml")).iter():
        if element.tag.endswith("}sheet"):
            target = targets.get(element.get(_RELATIONS), "")
            part = target if target.startswith("xl/") else f"xl/{target}"
            if part in present:
                yield element.get("name") or "", part


def facts(xml: bytes) -> Facts:
    """The facts of one worksheet part."""
    return (
        _quick(xml)
        if xml.count(b"<c ") == xml.count(b'<c r="') and b":c " not in xml and b"<!" not in xml
        else _slow(xml)
    )


def _quick(xml: bytes) -> Facts:
    formulas: dict[Spot, str] = {}
    uncalculated: set[Spot] = set()
    columns: dict[bytes, int] = {}
    for letters, row, text, end in _FORMULA.findall(xml):
        column = columns.get(letters)
        if column is None:
            column = columns[letters] = _column(letters)
        spot = (int(row) - 1, column)
        formulas[spot] = _plain(text)
        if end:
            uncalculated.add(spot)
    errors = (
        {(int(row) - 1, _column(letters)): text.decode() for letters, row, text in _ERROR.findall(xml)}
        if b't="e"' in xml
        else {}
    )
    merged = [
        (int(top) - 1, _column(left), int(bottom) - 1, _column(right))
        for left, top, right, bottom in _MERGED.findall(xml)
    ]
    return Facts(formulas, errors, frozenset(uncalculated), merged)


def _plain(text: bytes) -> str:
    if b"&" in text:
        for entity, letter in reversed(_ENTITIES.items()):
            text = text.replace(entity, letter)
    return text.decode("utf-8", "replace")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


class _Walk:
    """An element-by-element reading of a worksheet, for whatever serialisation."""

    def __init__(self) -> None:
        self.formulas: dict[Spot, str] = {}
        self.errors: dict[Spot, str] = {}
        self.uncalculated: set[Spot] = set()
        self.merged: list[tuple[int, int, int, int]] = []
        self._spot: Spot = (0, -1)
        self._kind = ""
        self._texts: dict[str, str] = {}
        self._inside = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            self._spot = (int(attributes.get("r", self._spot[0] + 2)) - 1, -1)
        elif name == "c":
            self._spot = _spot(attributes["r"]) if "r" in attributes else (self._spot[0], self._spot[1] + 1)
            self._kind, self._texts = attributes.get("t", ""), {}
        elif name in ("f", "v"):
            self._inside, self._texts[name] = name, ""
        elif name == "mergeCell":
            first, _, last = attributes.get("ref", "A1").partition(":")
            self.merged.append((*_spot(first), *_spot(last or first)))

    def text(self, words: str) -> None:
        if self._inside:
            self._texts[self._inside] += words

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        self._inside = ""
        if name != "c":
            return
        if "f" in self._texts:
            self.formulas[self._spot] = self._texts["f"]
            if "v" not in self._texts:
                self.uncalculated.add(self._spot)
        if self._kind == "e":
            self.errors[self._spot] = self._texts.get("v", "")


def _spot(reference: str) -> Spot:
    letters = reference.rstrip("0123456789").replace("$", "")
    return int(reference[len(reference.rstrip("0123456789")) :]) - 1, _column(letters.encode())


def _slow(xml: bytes) -> Facts:
    walk, parser = _Walk(), expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = walk.start, walk.end, walk.text
    parser.Parse(xml, True)
    return Facts(walk.formulas, walk.errors, frozenset(walk.uncalculated), walk.merged)
