"""A returned package by its names, in whatever case and by whatever path they are written: sheets, comments, calculation, stamps."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from urllib.parse import unquote
from xml.etree import ElementTree

from ..door.rows import Struck
from ..door.written import Written
from ..layout import STAMP_NAME
from ..returns.source import Spot
from ..sheet import NOTE_AUTHOR, NOTE_LEAD

BOOK, STRINGS, STYLES = "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"
_NAMED = re.compile(rf'<(?:\w+:)?definedName[^>]*name="{STAMP_NAME}"[^>]*>([^<]*)<')
_PROPERTY = re.compile(r'name="budgetbook"[^>]*>.*?<(?:\w+:)?lpwstr>([^<]*)<', re.DOTALL)
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_OURS = re.compile(rf"\w+ [A-Z][A-Z0-9-]+{re.escape(NOTE_LEAD).replace(re.escape('{row}'), '[0-9]+')}")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]*)")


class Contents:
    """The parts of one .xlsx package, which has passed the pre-flight; those that are `plain` have been taken apart there."""

    def __init__(self, parts: Mapping[str, bytes], plain: Mapping[str, Struck] | None = None) -> None:
        self._parts = {name.casefold(): part for name, part in parts.items()}
        self._plain = {name.casefold(): struck for name, struck in (plain or {}).items()}

    def unread(self) -> Contents:
        """The same parts, of which none has been taken apart: less to hold and to carry."""
        return Contents(self._parts)

    def part(self, name: str) -> bytes:
        """A part, empty if there is none."""
        return self._parts.get(name.casefold(), b"")

    def is_plain(self, name: str) -> bool:
        """Whether every row and every string of a part is written the one way that programs share."""
        return name.casefold() in self._plain

    def written(self, name: str) -> Written | None:
        """A sheet taken apart; None if it is not plain throughout."""
        struck = self._plain.get(name.casefold())
        return struck.written if struck else None

    @cached_property
    def _book(self) -> ElementTree.Element:
        return ElementTree.fromstring(self.part(BOOK))

    def _tabs(self) -> list[ElementTree.Element]:
        return [each for each in self._book.iter() if _local(each.tag) == "sheet"]

    def stamps(self) -> Iterator[str]:
        """The stamps outside the sheets."""
        for part, pattern in (("docProps/custom.xml", _PROPERTY), (BOOK, _NAMED)):
            if found := pattern.search(self.part(part).decode("utf-8", "replace")):
                yield found[1].replace("&quot;", "")

    def sheets(self) -> dict[str, str]:
        """Sheet name → its part, in order."""
        targets = {id: target for id, _, target in self._links(BOOK)}
        return {each.get("name") or "": targets.get(each.get(_RELATIONS) or "", "") for each in self._tabs()}

    def hidden(self) -> set[str]:
        """The names of the sheets that are not shown."""
        return {each.get("name") or "" for each in self._tabs() if each.get("state", "visible") != "visible"}

    def calculation(self) -> frozenset[str]:
        """`manual`: results may be stale; `displayed`: figures were cut to what is shown; `circular`: iteration is on."""
        return frozenset(name for each in self._book.iter() for name in _calculation(each))

    def comments(self, sheet: str) -> dict[Spot, str]:
        """What people wrote into comments on a sheet part, if there is a figure in it; our own notes left out."""
        found: dict[Spot, str] = {}
        for _, kind, target in self._links(sheet):
            if kind == "comments" and (content := self.part(target)):
                found |= dict(_comments(ElementTree.fromstring(content)))
        return found

    def _links(self, source: str) -> Iterator[tuple[str, str, str]]:
        folder, _, name = source.rpartition("/")
        rels = self.part(f"{folder}/_rels/{name}.rels")
        for each in ElementTree.fromstring(rels) if rels else ():
            target = posixpath.normpath(posixpath.join("/", folder, unquote(each.get("Target") or ""))).lstrip("/")
            yield each.get("Id") or "", (each.get("Type") or "").rpartition("/")[2], target


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _calculation(element: ElementTree.Element) -> Iterator[str]:
    if _local(element.tag) != "calcPr":
        return
    if element.get("calcMode") == "manual":
        yield "manual"
    if element.get("fullPrecision") in ("0", "false"):
        yield "displayed"
    if element.get("iterate") in ("1", "true"):
        yield "circular"


def _comments(root: ElementTree.Element) -> Iterator[tuple[Spot, str]]:
    authors = [each.text or "" for each in root.iter() if _local(each.tag) == "author"]
    for each in root.iter():
        place = _REFERENCE.fullmatch(each.get("ref") or "") if _local(each.tag) == "comment" else None
        if not place:
            continue
        by = each.get("authorId") or ""
        author = authors[int(by)] if by.isdecimal() and int(by) < len(authors) else ""
        words = "".join(text.text or "" for text in each.iter() if _local(text.tag) == "t").strip()
        if not _is_ours(author, words) and re.search(r"\d", words):
            yield _spot(place), words


def _is_ours(author: str, words: str) -> bool:
    """Whether a comment is a note of our own, to which nobody has added a line."""
    return author == NOTE_AUTHOR or (not author.strip() and all(map(_OURS.match, words.splitlines())))


def _spot(place: re.Match[str]) -> Spot:
    column = 0
    for letter in place[1]:
        column = column * 26 + ord(letter) - 64
    return int(place[2]) - 1, column - 1
