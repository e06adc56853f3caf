"""What stands in a returned workbook: values at their true coordinates, and every witness of whose it is. Knows calamine."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from ..layout import STAMP_NAME, STAMP_SHEET
from ..returns import Facts, Grid, Source
from ..sheet import Stamp
from .scan import scan

_NAMED = re.compile(rf'<(?:\w+:)?definedName[^>]*name="{STAMP_NAME}"[^>]*>([^<]*)<')
_PROPERTY = re.compile(r'name="budgetbook"[^>]*>.*?<(?:\w+:)?lpwstr>([^<]*)<', re.DOTALL)


class Unreadable(Exception):
    """Not a workbook that the reader can open; the text says why."""


def read(data: bytes) -> Source:
    """Every sheet from A1 on, hidden ones too. Raises Unreadable."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        facts, packed = _packed(data)
        return Source(dict(_grids(book, facts)), tuple(_witnesses([*packed, *_sheet(book)])))
    except CalamineError as error:
        raise Unreadable(str(error)) from None


def _grids(book: CalamineWorkbook, facts: dict[str, Facts]) -> Iterator[tuple[str, Grid]]:
    for meta in book.sheets_metadata:
        if meta.name != STAMP_SHEET:
            rows = book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
            yield meta.name, Grid(rows, meta.visible == SheetVisibleEnum.Visible, facts.get(meta.name, Facts()))


def _packed(data: bytes) -> tuple[dict[str, Facts], list[str]]:
    """Facts of the sheets and stamps outside them; nothing for .xls and .ods, which are not such packages."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return {}, []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if "xl/workbook.xml" not in package.namelist():
            return {}, []
        return scan(package), list(_stamps(package))


def _stamps(package: zipfile.ZipFile) -> Iterator[str]:
    for part, pattern in (("docProps/custom.xml", _PROPERTY), ("xl/workbook.xml", _NAMED)):
        if part in package.namelist() and (found := pattern.search(package.read(part).decode("utf-8", "replace"))):
            yield found[1].replace("&quot;", "")


def _sheet(book: CalamineWorkbook) -> Iterator[str]:
    if STAMP_SHEET in book.sheet_names:
        rows: list[list[Any]] = book.get_sheet_by_name(STAMP_SHEET).to_python()
        if rows and rows[0]:
            yield str(rows[0][0])


def _witnesses(texts: list[str]) -> Iterator[Stamp]:
    for text in texts:
        if stamp := Stamp.read(text.strip().strip('"').lstrip("=").strip('"')):
            yield stamp
