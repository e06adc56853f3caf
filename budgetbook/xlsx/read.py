"""What stands in a returned workbook: values at their true coordinates, and every witness of whose it is. Knows calamine."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetMetadata, SheetVisibleEnum

from ..door.opendocument import CONTENT
from ..door.remarks import Refused
from ..layout import FORM_MARK, JUDGED, JUDGED_SHEET, STAMP_SHEET
from ..returns import Facts, Glance, Grid, Source
from ..sheet import Stamp
from .contents import BOOK, STRINGS, Contents
from .old import Old, old
from .scan import blank_strings, glance, long_look, marked, plain_content, quick_look


class Unreadable(Exception):
    """Not a workbook that the reader can open; the text says why."""


def read(data: bytes, contents: Contents | None = None) -> Source:
    """Every sheet from A1 on, hidden ones too. *contents*, if the door has taken the package apart. Raises Unreadable."""
    contents = contents or Contents(_unpacked(data))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return (
            _source(book, contents) if contents.part(BOOK) else _source_of_old(book, old(data, contents.part(CONTENT)))
        )
    except (CalamineError, Refused) as error:
        raise Unreadable(str(error)) from None


def _unpacked(data: bytes) -> Mapping[str, bytes]:
    """The parts of a package; nothing for .xls, which is none."""
    import zipfile  # behind the door the package is apart already

    if not zipfile.is_zipfile(io.BytesIO(data)):
        return {}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _source(book: CalamineWorkbook, contents: Contents) -> Source:
    grids = dict(_grids(book, _Facts(contents)))
    return Source(grids, tuple(_witnesses([*contents.stamps(), *_sheet(grids)])), contents.calculation())


def _source_of_old(book: CalamineWorkbook, told: Old) -> Source:
    grids = {
        meta.name: told.grid(number, book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False), _shows(meta))
        for number, meta in enumerate(book.sheets_metadata)
    }
    return Source(grids, tuple(_witnesses([*_sheet(grids)])), told.calculation)


def _shows(meta: SheetMetadata) -> bool:
    return meta.visible == SheetVisibleEnum.Visible


def _grids(book: CalamineWorkbook, facts: _Facts) -> Iterator[tuple[str, Grid]]:
    for meta in book.sheets_metadata:
        if facts.is_judged(meta.name):
            yield meta.name, Grid([[FORM_MARK + JUDGED]], _shows(meta), unread=facts.content(meta.name) - 1)
            continue
        rows = book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
        yield meta.name, facts.grid(meta.name, rows, _shows(meta))


class _Facts:
    """What stands behind the values of each sheet, held against what was delivered of it."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._parts = contents.sheets()

    @cached_property
    def _blank(self) -> frozenset[int]:
        strings = self._contents.part(STRINGS)
        return blank_strings(strings) if strings else frozenset()

    def is_judged(self, name: str) -> bool:
        """Whether a sheet is the one on which the workbook judges itself: nothing of it is used, and it is wide and almost empty."""
        part = self._parts.get(name, "")
        if name != JUDGED_SHEET or not self._contents.is_plain(part, STRINGS):
            return False
        return marked(self._contents.part(part), self._contents.part(STRINGS)) == FORM_MARK + JUDGED

    def content(self, name: str) -> int:
        """How many cells of a plain sheet have content."""
        return plain_content(self._contents.part(self._parts[name]))

    def grid(self, name: str, rows: list[list[Any]], visible: bool) -> Grid:
        """One sheet. Raises Unreadable."""
        part = self._parts.get(name, "")
        if not self._contents.part(part):
            raise Unreadable(f"工作表“{name}”的内容找不到")
        return Grid(rows, visible, partial(self._of, part, rows), partial(self._glance, part))

    def _glance(self, part: str) -> Glance | None:
        if not self._contents.is_plain(part) or self._contents.comments(part):
            return None
        return glance(self._contents.part(part))

    def _of(self, part: str, rows: list[list[Any]]) -> Facts:
        """The facts of one sheet; cells with content that were not delivered are among them."""
        xml = self._contents.part(part)
        look = quick_look(xml)
        delivered = sum(len(row) - row.count("") for row in rows)
        facts = look.facts if look and look.content == delivered + len(look.facts.errors) else self._proven(xml, rows)
        return replace(facts, comments=comments) if (comments := self._contents.comments(part)) else facts

    def _proven(self, xml: bytes, rows: list[list[Any]]) -> Facts:
        facts, content = long_look(xml, self._blank)
        delivered = {(row, column) for row, cells in enumerate(rows) for column, each in enumerate(cells) if each != ""}
        return replace(facts, unread=content - delivered - facts.errors.keys())


def _sheet(grids: dict[str, Grid]) -> Iterator[str]:
    if STAMP_SHEET in grids:
        yield str(grids[STAMP_SHEET].at(0, 0))


def _witnesses(texts: list[str]) -> Iterator[Stamp]:
    for text in texts:
        if stamp := Stamp.read(text.strip().strip('"').lstrip("=").strip('"')):
            yield stamp
