"""What stands in a returned workbook: values at their true coordinates, and every witness of whose it is. Knows calamine."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from ..layout import STAMP_SHEET
from ..returns import Facts, Grid, Source
from ..sheet import Stamp
from .contents import BOOK, STRINGS, Contents
from .scan import blank_strings, long_look, quick_look


class Unreadable(Exception):
    """Not a workbook that the reader can open; the text says why."""


def read(data: bytes) -> Source:
    """Every sheet from A1 on, hidden ones too. Raises Unreadable."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except CalamineError as error:
        raise Unreadable(str(error)) from None
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return _source(book, None)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        contents = Contents(package)
        return _source(book, contents if contents.part(BOOK) else None)


def _source(book: CalamineWorkbook, contents: Contents | None) -> Source:
    try:
        grids = dict(_grids(book, _Facts(contents) if contents else None))
        stamps = [*(contents.stamps() if contents else ()), *_sheet(grids)]
    except CalamineError as error:
        raise Unreadable(str(error)) from None
    return Source(grids, tuple(_witnesses(stamps)), contents.calculation() if contents else frozenset())


def _grids(book: CalamineWorkbook, facts: _Facts | None) -> Iterator[tuple[str, Grid]]:
    for meta in book.sheets_metadata:
        rows = book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
        visible = meta.visible == SheetVisibleEnum.Visible
        yield meta.name, Grid(rows, visible, facts.of(meta.name, rows) if facts else Facts())


class _Facts:
    """What stands behind the values of each sheet, held against what was delivered of it."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._parts = contents.sheets()

    @cached_property
    def _blank(self) -> frozenset[int]:
        strings = self._contents.part(STRINGS)
        return blank_strings(strings) if strings else frozenset()

    def of(self, name: str, rows: list[list[Any]]) -> Facts:
        """The facts of one sheet; cells with content that were not delivered are among them. Raises Unreadable."""
        part = self._parts.get(name, "")
        xml = self._contents.part(part)
        if not xml:
            raise Unreadable(f"工作表“{name}”的内容找不到")
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
