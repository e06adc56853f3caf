"""Workbooks and archives made to order: sound ones, and ones with exactly one thing wrong."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from struct import pack

import xlsxwriter

SHEET, SECOND, STRINGS = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml"
STYLES, BOOK, BOOK_RELS = "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
TYPES, RELS = "[Content_Types].xml", "_rels/.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CELL = '<c r="C3"><v>167</v></c>'
Edit = tuple[str, str]


@cache
def workbook() -> bytes:
    """Two sheets, 收入 and 支出, with text, figures and a formula; C3 of 收入 holds 167."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    for name in ("收入", "支出"):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["科目编码", "科目名称", "执行数"])
        for row in range(1, 9):
            sheet.write_string(row, 0, str(10100 + row))
            sheet.write_string(row, 1, f"科目{row} & <其他>")
            sheet.write_number(row, 2, 167 if row == 2 else row * 12.5)
        sheet.write_formula(9, 2, "=SUM(C2:C9)", value=1234.5)
        sheet.merge_range("A12:C12", "说明")
    book.close()
    return stream.getvalue()


@cache
def parts() -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(content: Mapping[str, bytes]) -> bytes:
    """An archive as office programs write it."""
    return archive(Item(name.encode(), part) for name, part in content.items())


def edited(edits: Mapping[str, Iterable[Edit]], more: Mapping[str, bytes] | None = None) -> bytes:
    """The workbook with texts replaced in its parts and with more parts; an edit that changes nothing is a mistake."""
    content = dict(parts())
    for name, changes in edits.items():
        text = content[name].decode()
        for old, new in changes:
            assert old in text, f"{old} is not in {name}"
            text = text.replace(old, new, 1)
        content[name] = text.encode()
    return packed(content | dict(more or {}))


def sheet(old: str, new: str) -> bytes:
    """The workbook with one text replaced in the sheet 收入."""
    return edited({SHEET: [(old, new)]})


def cell(xml: str) -> bytes:
    """The workbook with other XML in the place of cell C3 of 收入."""
    return sheet(CELL, xml)


def rows(xml: str) -> bytes:
    """The workbook with more rows at the end of 收入."""
    return sheet("</sheetData>", xml + "</sheetData>")


def with_part(name: str, content: bytes, *, type: str = "", link: str = "", external: bool = False) -> bytes:
    """The workbook with one more part, declared with a content type, or a link of the workbook to it or elsewhere."""
    edits: dict[str, list[Edit]] = {}
    if type:
        edits[TYPES] = [("</Types>", f'<Override PartName="/{name}" ContentType="{type}"/></Types>')]
    if link:
        target = f'Target="{name}" TargetMode="External"' if external else f'Target="/{name}"'
        relation = f'<Relationship Id="rIdMore" Type="{OFFICE}/{link}" {target}/></Relationships>'
        edits[BOOK_RELS] = [("</Relationships>", relation)]
    return edited(edits, {} if external or not content else {name: content})


@dataclass(frozen=True)
class Item:
    """One entry of an archive; whatever is set besides name and content is written as it is, right or wrong."""

    name: bytes
    content: bytes
    method: int = 8
    flags: int = 0
    crc: int | None = None
    size: int | None = None
    data: bytes | None = None
    before: bytes = b""
    after: bytes = b""
    mode: int = 0
    local: Mapping[str, object] | None = None
    header: int | None = None

    @property
    def stored(self) -> bytes:
        return self.data if self.data is not None else deflated(self.content) if self.method == 8 else self.content


def deflated(content: bytes) -> bytes:
    deflater = zlib.compressobj(6, zlib.DEFLATED, -15)
    return deflater.compress(content) + deflater.flush()


def archive(
    items: Iterable[Item], *, start: bytes = b"", gap: bytes = b"", comment: bytes = b"", offset: int = 0
) -> bytes:
    """A zip archive byte by byte; `start` and `gap` are put before it and before its directory, `offset` counts first."""
    body, central, count = start, b"", 0
    for item in items:
        body += item.before
        header = len(body) + offset if item.header is None else item.header
        if item.header is None:
            body += _local(item) + item.stored + item.after
        central += _central(item, header)
        count += 1
    body += gap
    end = pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(central), len(body) + offset, len(comment))
    return body + central + end + comment


def _numbers(item: Item) -> tuple[int, int, int]:
    crc = zlib.crc32(item.content) if item.crc is None else item.crc
    return crc, len(item.stored), len(item.content) if item.size is None else item.size


def _local(item: Item) -> bytes:
    told = replace(item, local=None, **dict(item.local or {}))  # type: ignore[arg-type]
    crc, size, full = (0, 0, 0) if told.flags & 8 else _numbers(told)
    return (
        pack("<4s5H3L2H", b"PK\3\4", 20, told.flags, told.method, 0, 33, crc, size, full, len(told.name), 0) + told.name
    )


def _central(item: Item, header: int) -> bytes:
    crc, size, full = _numbers(item)
    fields = pack(
        "<4s6H3L5H2L",
        b"PK\1\2",
        20,
        20,
        item.flags,
        item.method,
        0,
        33,
        crc,
        size,
        full,
        len(item.name),
        0,
        0,
        0,
        0,
        item.mode << 16,
        header,
    )
    return fields + item.name


def items() -> list[Item]:
    """The workbook's entries, to be spoiled one by one."""
    return [Item(name.encode(), content) for name, content in parts().items()]


def spoiled(name: str, spoil: Callable[[Item], Item]) -> bytes:
    """The workbook's archive with one entry spoiled."""
    return archive(spoil(item) if item.name == name.encode() else item for item in items())


def compound(*streams: tuple[str, bytes], owner: bytes = bytes(16)) -> bytes:
    """An OLE2 compound file with these streams in sectors of 512 bytes."""
    directory = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, owner)]
    sectors: list[bytes] = []
    table = [0xFFFFFFFD, 0xFFFFFFFE]
    for name, content in streams:
        content = content.ljust(4096, b"\0")
        first = 2 + len(sectors)
        chunks = [content[at : at + 512].ljust(512, b"\0") for at in range(0, len(content), 512)]
        sectors += chunks
        table += [*range(first + 1, first + len(chunks)), 0xFFFFFFFE]
        directory.append(_entry(name, 2, first, len(content), bytes(16)))
    listing = b"".join(directory)
    assert len(listing) <= 512 and len(table) <= 128
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += pack("<LLLLLLLL", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + pack("<L", 0) + b"\xff\xff\xff\xff" * 108
    fat = b"".join(pack("<L", number) for number in table).ljust(512, b"\xff")
    return header + fat + listing.ljust(512, b"\0") + b"".join(sectors)


def _entry(name: str, kind: int, first: int, size: int, owner: bytes) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    head = text.ljust(64, b"\0") + pack("<HBBLLL", len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    return head + owner + bytes(20) + pack("<LQ", first, size)
