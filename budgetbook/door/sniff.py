"""What a file is, judged by its bytes and never by its name."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from struct import unpack_from

from . import ole
from .kinds import Kind
from .limits import LIMITS, MIB
from .markup import Markup, Values
from .remarks import Refused
from .zips import Entry, directory, inflate

_HEAD = 64 << 10
_MOST_ENTRIES = 65_535
_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF-", Kind.PDF),
    (b"7z\xbc\xaf\x27\x1c", Kind.SEVENZIP),
    (b"Rar!\x1a\x07", Kind.RAR),
    (b"\x1f\x8b", Kind.GZIP),
    (b"BZh", Kind.GZIP),
    (b"\xfd7zXZ\0", Kind.GZIP),
    (b"\x89PNG\r\n\x1a\n", Kind.IMAGE),
    (b"\xff\xd8\xff", Kind.IMAGE),
    (b"GIF8", Kind.IMAGE),
    (b"BM", Kind.IMAGE),
    (b"II*\0", Kind.IMAGE),
    (b"MM\0*", Kind.IMAGE),
    (b"{\\rtf", Kind.RTF),
    (b"%TSD-Header-###%", Kind.DRM),
    (b"\x09\x00\x04\x00", Kind.XLS),  # Excel 2, 3 and 4 wrote no compound files
    (b"\x09\x02\x06\x00", Kind.XLS),
    (b"\x09\x04\x06\x00", Kind.XLS),
)
_MAIN: tuple[tuple[str, Kind], ...] = (
    ("sheet.binary.macroenabled", Kind.XLSB),
    ("ms-excel.", Kind.XLSM),
    ("spreadsheetml.", Kind.XLSX),
    ("word", Kind.DOCX),
    ("presentation", Kind.PPTX),
    ("powerpoint", Kind.PPTX),
)
_STREAMS: tuple[tuple[str, Kind], ...] = (
    ("EncryptedPackage", Kind.LOCKED),
    ("EncryptionInfo", Kind.LOCKED),
    ("Workbook", Kind.XLS),
    ("Book", Kind.XLS),
    ("WordDocument", Kind.DOC),
    ("PowerPoint Document", Kind.PPT),
)
_STRICT = "http://purl.oclc.org/ooxml/"
_KINGSOFT = b"KINGSOF"
_FILEPASS = 0x2F
_MARKUP = re.compile(r"\s*<")
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|table|meta|style|script|div)\b", re.IGNORECASE)
_CONTROLS = re.compile(r"[\0-\x08\x0e-\x1a\x1c-\x1f]")


def sniff(content: bytes) -> Kind:
    """Name the kind of these bytes; whatever is left over is UNKNOWN."""
    if not content.strip(b"\0 \t\r\n"):
        return Kind.EMPTY
    if content.startswith((b"PK\3\4", b"PK\5\6")):
        return _zip(content)
    if content.startswith(ole.MAGIC):
        return _compound(content)
    return _by_magic(content) or _text(content)


def _by_magic(content: bytes) -> Kind | None:
    if b"E-SafeNet" in content[:64]:
        return Kind.DRM
    if content[257:262] == b"ustar":
        return Kind.GZIP
    if content[8:12] == b"WEBP" or content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        return Kind.IMAGE
    return next((kind for magic, kind in _MAGIC if content.startswith(magic)), None)


def _compound(content: bytes) -> Kind:
    found = ole.compound(content)
    kind = next((kind for name, kind in _STREAMS if found.head(name) is not None), Kind.UNKNOWN)
    if kind is not Kind.XLS:
        return kind
    if _has_password(found.head("Workbook", "Book") or b""):
        return Kind.LOCKED
    return Kind.ET if _KINGSOFT in found.owner else Kind.XLS


def _has_password(workbook: bytes) -> bool:
    """A BIFF stream is encrypted when a FILEPASS record stands among its first records."""
    at = 0
    while at + 4 <= len(workbook):
        record, length = unpack_from("<HH", workbook, at)
        if record == _FILEPASS:
            return True
        at += 4 + length
    return False


def _zip(content: bytes) -> Kind:
    try:
        return _package(content, {entry.name.casefold(): entry for entry in directory(content, _MOST_ENTRIES).entries})
    except Refused as refused:
        return Kind.LOCKED if refused.remark.code == "zip-encrypted" else Kind.TORN


def _package(content: bytes, parts: Mapping[str, Entry]) -> Kind:
    if "[content_types].xml" in parts:
        kind = _main_kind(_values(content, parts["[content_types].xml"], "ContentType", "Override", "Default"))
        types = _values(content, parts["_rels/.rels"], "Type", "Relationship") if "_rels/.rels" in parts else []
        return Kind.STRICT if kind is Kind.XLSX and any(_STRICT in each for each in types) else kind
    if "mimetype" in parts and b"opendocument.spreadsheet" in inflate(content, parts["mimetype"], LIMITS, MIB):
        return Kind.ODS
    if "_rels/.rels" in parts:
        return Kind.TORN
    return Kind.OFD if "ofd.xml" in parts else Kind.ZIP


def _main_kind(types: list[str]) -> Kind:
    """The kind by the content type of the main part, whichever name and place it has."""
    mains = [each.lower() for each in types if ".main" in each.lower()]
    return next((kind for mark, kind in _MAIN for each in mains if mark in each), Kind.UNKNOWN)


def _values(content: bytes, part: Entry, attribute: str, *elements: str) -> list[str]:
    markup, values = Markup(inflate(content, part, LIMITS, MIB)), Values(*elements)
    markup.watch(values)
    markup.read()
    return [each.get(attribute, "") for _, each in values.elements]


def _text(content: bytes) -> Kind:
    text = _decoded(content[:_HEAD])
    if text is None:
        return Kind.UNKNOWN
    if "urn:schemas-microsoft-com:office:spreadsheet" in text and _MARKUP.match(text):
        return Kind.XML2003
    if text.startswith("MIME-Version:") or (_HTML.search(text[:4096]) and _MARKUP.match(text)):
        return Kind.HTML
    if "opendocument.spreadsheet" in text and _MARKUP.match(text):
        return Kind.ODS
    return Kind.XML if text.lstrip().startswith("<?xml") else Kind.TEXT


def _decoded(head: bytes) -> str | None:
    """The head as text in the encodings that offices here use; None when it is text in none of them."""
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        return None if _CONTROLS.search(text) else text
    return None
