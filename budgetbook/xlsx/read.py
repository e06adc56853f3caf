"""What stands in a returned workbook: values at their true coordinates, and every witness of whose it is. Knows calamine,
which reads whatever sheet is not plain throughout."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from ..door.opendocument import CONTENT
from ..door.remarks import Refused, shown
from ..layout import FORM_MARK, JUDGED, JUDGED_SHEET, STAMP_SHEET
from ..returns import Facts, Grid, Source
from ..sheet import Stamp
from .contents import BOOK, STRINGS, Contents
from .old import old
from .plain import Plain
from .scan import blank_strings, long_look, quick_look

_QUOTED = re.compile(r"#[^\s'\"]+|(?<=\")[^\"]+(?=\")")  # an error value, or what is quoted


class Unreadable(Exception):
    """Not a workbook that the reader can open; the text says why."""


def read(data: bytes, contents: Contents | None = None) -> Source:
    """Every sheet from A1 on, hidden ones too. *contents*, if the door has taken the package apart. Raises Unreadable."""
    contents = contents or Contents(_unpacked(data))
    try:
        return _source(data, contents) if contents.part(BOOK) else _source_of_old(data, contents)
    except Refused as error:
        raise Unreadable(str(error)) from None
    except CalamineError as error:  # says in English what a person can mend by saving anew, if at all
        what = _QUOTED.search(str(error))
        raise Unreadable(f"有内容的写法不认得{f'：{shown(what[0], 40)}' if what else ''}") from error


def _unpacked(data: bytes) -> Mapping[str, bytes]:
    """The parts of a package; nothing for .xls, which is none."""
    import zipfile  # behind the door the package is apart already

    if not zipfile.is_zipfile(io.BytesIO(data)):
        return {}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _source(data: bytes, contents: Contents) -> Source:
    sheets = _Sheets(data, contents)
    grids = {name: sheets.grid(name) for name in contents.sheets()}
    return Source(grids, tuple(_witnesses([*contents.stamps(), *_sheet(grids)])), contents.calculation())


def _source_of_old(data: bytes, contents: Contents) -> Source:
    book, told = _opened(data), old(data, contents.part(CONTENT))
    grids = {
        meta.name: told.grid(number, _rows(book, meta.name), meta.visible == SheetVisibleEnum.Visible)
        for number, meta in enumerate(book.sheets_metadata)
    }
    return Source(grids, tuple(_witnesses([*_sheet(grids)])), told.calculation)


def _opened(data: bytes) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(data))


def _rows(book: CalamineWorkbook, sheet: str) -> list[list[Any]]:
    return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


class _Sheets:
    """The sheets of one workbook."""

    def __init__(self, data: bytes, contents: Contents) -> None:
        self._data, self._contents, self._plain = data, contents, Plain(contents)
        self._parts, self._hidden, self._behind = contents.sheets(), contents.hidden(), _Behind(contents.unread())

    @cached_property
    def _book(self) -> CalamineWorkbook:
        """Opened for the first sheet that is not plain, if there is any."""
        return _opened(self._data)

    def grid(self, name: str) -> Grid:
        """One sheet; of the one on which the workbook judges itself nothing is used, and it is wide and almost empty. Raises Unreadable."""
        part, visible = self._parts[name], name not in self._hidden
        if not self._contents.part(part):
            raise Unreadable(f"工作表“{name}”的内容找不到")
        if name == JUDGED_SHEET and self._plain.is_judged(part):
            return Grid([[FORM_MARK + JUDGED]], visible, unread=self._plain.content(part) - 1)
        if (rows := self._plain.rows(part)) is None:
            rows = _rows(self._book, name)
            return Grid(rows, visible, partial(self._behind.facts, part, rows))
        glance = None if self._contents.comments(part) else self._plain.glance(part, rows)
        return Grid(rows, visible, partial(self._behind.facts, part, rows), glance)


class _Behind:
    """What stands behind the values of each sheet, held against what was delivered."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    @cached_property
    def _blank(self) -> frozenset[int]:
        strings = self._contents.part(STRINGS)
        return blank_strings(strings) if strings else frozenset()

    def facts(self, part: str, rows: list[list[Any]]) -> Facts:
        """The facts of one sheet; cells with content that were not delivered are among them."""
        xml = self._contents.part(part)
        look = quick_look(xml)
        delivered = sum(len(row) - row.count("") for row in rows)
        facts = look.facts if look and look.content == delivered + len(look.facts.errors) else self._proven(xml, rows)
        return replace(facts, comments=comments) if (comments := self._contents.comments(part)) else facts

    def _proven(self, xml: bytes, rows: list[list[Any]]) -> Facts:
        facts, content = long_look(xml, self._blank)
        delivered = {(row, column) for row, cells in enumerate(rows) for column, each in enumerate(cells) if each != ""}
        return replace(facts, unread=content - delivered - frozenset(facts.errors))


def _sheet(grids: dict[str, Grid]) -> Iterator[str]:
    if STAMP_SHEET in grids:
        yield str(grids[STAMP_SHEET].at(0, 0))


def _witnesses(texts: list[str]) -> Iterator[Stamp]:
    for text in texts:
        if stamp := Stamp.read(text.strip().strip('"').lstrip("=").strip('"')):
            yield stamp
