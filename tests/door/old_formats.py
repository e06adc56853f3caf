"""Workbooks in old (.xls) and open (.ods) formats made to order, from sheets as the program lays them out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from struct import pack
from xml.sax.saxutils import escape, quoteattr

from budgetbook.sheet import Cell, Sheet

from .packages import compound, packed

MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
NAMES = {
    "office": "office", "table": "table", "text": "text", "script": "script", "draw": "drawing",
}  # fmt: skip
Put = Callable[[Sheet, Cell], "str | bytes | None"]  # what stands in the place of a cell; None: as it is


def as_issued(_sheet: Sheet, _cell: Cell) -> None:
    return None


def ods(
    sheets: Sequence[Sheet],
    put: Put = as_issued,
    edits: Mapping[str, str] | None = None,
    more: Mapping[str, bytes] | None = None,
) -> bytes:
    """An .ods of these sheets, with cells and then texts of the content replaced, and with more parts."""
    spaces = " ".join(
        f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for each, name in NAMES.items()
    )
    spaces += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
    body = "".join(_table(sheet, put) for sheet in sheets)
    content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>'
    for old, new in (edits or {}).items():
        assert old in content, old
        content = content.replace(old, new, 1)
    manifest = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    parts = {"mimetype": MIMETYPE, "content.xml": content.encode(), "META-INF/manifest.xml": manifest}
    return packed(parts | dict(more or {}))


def _table(sheet: Sheet, put: Put) -> str:
    rows: dict[int, dict[int, str]] = {}
    for cell in sheet.cells:
        told = put(sheet, cell)
        rows.setdefault(cell.row, {})[cell.column] = _open_cell(cell) if told is None else str(told)
    lines, last = [], -1
    for row in sorted(rows):
        gap = f'<table:table-row table:number-rows-repeated="{row - last - 1}"><table:table-cell/></table:table-row>'
        lines += [gap] if row > last + 1 else []
        cells = [rows[row].get(at, "<table:table-cell/>") for at in range(max(rows[row]) + 1)]
        lines.append(f'<table:table-row office:row="{row + 1}">{"".join(cells)}</table:table-row>')
        last = row
    return f"<table:table table:name={quoteattr(sheet.name)}>{''.join(lines)}</table:table>"


def _open_cell(cell: Cell) -> str:
    formula = ' table:formula="of:=1"' if cell.formula else ""
    if cell.value in ("", None):
        return f"<table:table-cell{formula}/>"
    if isinstance(cell.value, str):
        words = escape(cell.value)
        return f'<table:table-cell{formula} office:value-type="string"><text:p>{words}</text:p></table:table-cell>'
    return f'<table:table-cell{formula} office:value-type="float" office:value="{cell.value!r}"><text:p>x</text:p></table:table-cell>'


def xls(
    sheets: Sequence[Sheet],
    put: Put = as_issued,
    *,
    book: bytes = b"",
    sheet: bytes = b"",
    type: int = 0,
    streams: Sequence[tuple[str, bytes]] = (),
) -> bytes:
    """An .xls of these sheets, with more records of the workbook and of each sheet, and more streams beside it."""
    bodies = [_substream(0x10, sheet + b"".join(_old_cells(each, put))) for each in sheets]
    names = [_label(each.name, "<BB") for each in sheets]
    before = len(_substream(5, book + b"".join(record(0x85, pack("<LBB", 0, 0, type) + name) for name in names)))
    listed, at = b"", before
    for name, body in zip(names, bodies, strict=True):
        listed += record(0x85, pack("<LBB", at, 0, type) + name)
        at += len(body)
    return compound(("Workbook", _substream(5, book + listed) + b"".join(bodies)), *streams)


def record(kind: int, body: bytes) -> bytes:
    return pack("<HH", kind, len(body)) + body


def _substream(kind: int, records: bytes) -> bytes:
    return record(0x809, pack("<HHHHLL", 0x600, kind, 0, 1997, 0, 6)) + records + record(0x0A, b"")


def _label(text: str, head: str) -> bytes:
    return pack(head, len(text), 1) + text.encode("utf-16-le")


def at(cell: Cell) -> bytes:
    return pack("<HHH", cell.row, cell.column, 0)


def formula(cell: Cell, result: bytes) -> bytes:
    """A formula record with eight bytes of result; the formula is 1."""
    return record(0x06, at(cell) + result + pack("<HLH", 0, 0, 3) + b"\x1e\x01\x00")


def _old_cells(sheet: Sheet, put: Put) -> list[bytes]:
    found = []
    for cell in sheet.cells:
        told = put(sheet, cell)
        if isinstance(told, bytes):
            found.append(told)
        elif isinstance(cell.value, str) and cell.value:
            found.append(record(0x204, at(cell) + _label(cell.value, "<HB")))
        elif isinstance(cell.value, float | int):
            found.append(
                formula(cell, pack("<d", cell.value))
                if cell.formula
                else record(0x203, at(cell) + pack("<d", cell.value))
            )
        elif cell.formula:
            found.append(formula(cell, b"\x03\0\0\0\0\0\xff\xff"))
    return found
