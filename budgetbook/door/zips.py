"""Zip archives as they really are, byte by byte. The only module that knows the format."""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from stat import S_ISLNK
from struct import Struct, pack

from .limits import Limits
from .remarks import RESAVE, Refused, shown

STORED, DEFLATED = 0, 8
_ENCRYPTED, _STREAMED, _UTF8 = 1, 8, 1 << 11
_END = Struct("<4s4H2LH")
_END64 = Struct("<4sQ2H2L4Q")
_LOCATOR64 = Struct("<4sLQL")
_CENTRAL = Struct("<4s6H3L5H2L")
_LOCAL = Struct("<4s5H3L2H")
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_BROKEN = "压缩结构残缺，多半是没有传完整或存盘时中断。请重新打开原文件另存一次，再发来。"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the central directory, with where its bytes lie in the archive."""

    raw: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    mode: int
    header: int
    start: int

    @property
    def stop(self) -> int:
        return self.start + self.packed

    @property
    def name(self) -> str:
        """The name as a part of a workbook; names that are not UTF-8 keep their bytes apart, one letter each."""
        try:
            return self.raw.decode()
        except UnicodeDecodeError:
            return self.raw.decode("latin-1")

    @property
    def is_folder(self) -> bool:
        return self.raw.endswith((b"/", b"\\"))

    @property
    def is_link(self) -> bool:
        return S_ISLNK(self.mode)

    @property
    def is_utf8(self) -> bool:
        return bool(self.flags & _UTF8)


@dataclass(frozen=True, slots=True)
class Directory:
    """The central directory: its entries, where it starts, and how many bytes come after its end."""

    entries: tuple[Entry, ...]
    start: int
    after: int


def directory(archive: bytes, most: int) -> Directory:
    """Read the central directory; raises Refused when it is broken or has more than `most` entries."""
    end = archive.rfind(b"PK\5\6", max(0, len(archive) - _END.size - _FULL16))
    if end < 0 or end + _END.size > len(archive):
        raise Refused("zip-broken", _BROKEN)
    _, disk, first, here, count, size, start, _ = _END.unpack_from(archive, end)
    after = len(archive) - end - _END.size
    if archive[end - _LOCATOR64.size : end].startswith(b"PK\6\7"):
        end, here, count, size, start = _wide_end(archive, end, (here, count, size, start))
    if disk or first or here != count or start + size != end:
        raise Refused("zip-broken", _BROKEN)
    if count > most:
        raise Refused("zip-entries", f"压缩结构里有 {count:,} 个条目，超过 {most:,} 个的上限。请另存为新的文件再报。")
    return Directory(tuple(_entries(archive, start, end, count)), start, after)


def _wide_end(archive: bytes, end: int, narrow: tuple[int, int, int, int]) -> tuple[int, int, int, int, int]:
    """The Zip64 ending, which must say what the plain ending says wherever that one has room to say it."""
    _, _, offset, _ = _LOCATOR64.unpack_from(archive, end - _LOCATOR64.size)
    if offset != end - _LOCATOR64.size - _END64.size or archive[offset : offset + 4] != b"PK\6\6":
        raise Refused("zip-broken", _BROKEN)
    *_, here, count, size, start = _END64.unpack_from(archive, offset)
    fulls = (_FULL16, _FULL16, _FULL32, _FULL32)
    wides = (here, count, size, start)
    if any(small not in (wide, full) for small, wide, full in zip(narrow, wides, fulls, strict=True)):
        raise Refused("zip-broken", _BROKEN)
    return offset, here, count, size, start


def _entries(archive: bytes, position: int, end: int, count: int) -> Iterator[Entry]:
    for _ in range(count):
        if position + _CENTRAL.size > end or archive[position : position + 4] != b"PK\1\2":
            raise Refused("zip-broken", _BROKEN)
        fields = _CENTRAL.unpack_from(archive, position)
        _, _, _, flags, method, _, _, crc, packed, size, named, extra, note, _, _, mode, header = fields
        name_at = position + _CENTRAL.size
        position = name_at + named + extra + note
        more = archive[name_at + named : name_at + named + extra]
        size, packed, header = _wide(more, (size, packed, header))
        start = _data_start(archive, header)
        if start + packed > len(archive) or position > end:
            raise Refused("zip-broken", _BROKEN)
        raw = archive[name_at : name_at + named]
        yield Entry(raw, flags, method, crc, packed, size, mode >> 16, header, start)
    if position != end:
        raise Refused("zip-broken", _BROKEN)


def _data_start(archive: bytes, header: int) -> int:
    if header + _LOCAL.size > len(archive) or archive[header : header + 4] != b"PK\3\4":
        raise Refused("zip-broken", _BROKEN)
    *_, named, extra = _LOCAL.unpack_from(archive, header)
    return int(header + _LOCAL.size + named + extra)


def _wide(extra: bytes, narrow: tuple[int, ...]) -> tuple[int, ...]:
    """Fields that are full in 32 bits stand, in their order, in the Zip64 extra field."""
    if _FULL32 not in narrow:
        return narrow
    field = _extra(extra, 1)
    wide = iter(int.from_bytes(field[at : at + 8], "little") for at in range(0, len(field), 8))
    return tuple(next(wide, value) if value == _FULL32 else value for value in narrow)


def _extra(extra: bytes, wanted: int) -> bytes:
    while len(extra) >= 4:
        tag, length = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        if tag == wanted:
            return extra[4 : 4 + length]
        extra = extra[4 + length :]
    return b""


def prove(archive: bytes, found: Directory) -> None:
    """Raise Refused unless every reader must see the same archive: no slack, no overlap, no header that disagrees."""
    if found.after:
        raise Refused("zip-slack", f"压缩结构后面附有别的内容，可能藏有另一个文件。{RESAVE}")
    _prove_names(found.entries)
    at = 0
    for entry in sorted(found.entries, key=lambda entry: entry.header):
        _prove_place(entry, at)
        _prove_header(archive, entry)
        at = entry.stop + _descriptor(archive, entry)
    if at != found.start:
        raise _slack(found.start < at)


def _prove_names(entries: Iterable[Entry]) -> None:
    seen: set[str] = set()
    for entry in entries:
        name = entry.name
        if _is_unsafe(name):
            raise Refused("zip-name", f"压缩结构里有不正常的名称“{shown(name)}”。{RESAVE}")
        if name.casefold() in seen:
            raise Refused("zip-duplicate", f"压缩结构里有两个“{shown(name)}”，不知以哪个为准。{RESAVE}")
        seen.add(name.casefold())


def _is_unsafe(name: str) -> bool:
    folders = name.removesuffix("/").split("/")
    return "\\" in name or ":" in name or not name.isprintable() or any(folder in ("", ".", "..") for folder in folders)


def _prove_place(entry: Entry, at: int) -> None:
    if entry.header != at:
        raise _slack(entry.header < at)


def _slack(overlaps: bool) -> Refused:
    if overlaps:
        return Refused("zip-overlap", f"压缩结构里的条目互相重叠，是人为构造的文件，不能接收。{RESAVE}")
    return Refused("zip-slack", f"压缩结构里夹有登记之外的内容，可能藏有另一个文件。{RESAVE}")


def _prove_header(archive: bytes, entry: Entry) -> None:
    _, _, flags, method, _, _, crc, packed, size, named, extra = _LOCAL.unpack_from(archive, entry.header)
    name_at = entry.header + _LOCAL.size
    size, packed = _wide(archive[name_at + named : name_at + named + extra], (size, packed))
    pairs = ((crc, entry.crc), (packed, entry.packed), (size, entry.size))
    later = (0, _FULL32) if flags & _STREAMED else ()
    matter = _ENCRYPTED | _STREAMED | (0 if entry.raw.isascii() else _UTF8)
    same_name = archive[name_at : name_at + named] == entry.raw and not (flags ^ entry.flags) & matter
    if not same_name or method != entry.method or any(told != true and told not in later for told, true in pairs):
        raise _header_differs(entry)


def _descriptor(archive: bytes, entry: Entry) -> int:
    """The length of the data descriptor after a streamed entry, 0 after any other."""
    if not entry.flags & _STREAMED:
        return 0
    for sizes in (pack("<LL", entry.packed, entry.size), pack("<QQ", entry.packed, entry.size)):
        for mark in (b"PK\7\10", b""):
            tail = mark + pack("<L", entry.crc) + sizes
            if archive.startswith(tail, entry.stop):
                return len(tail)
    raise _header_differs(entry)


def _header_differs(entry: Entry) -> Refused:
    return Refused("zip-header", f"压缩结构前后不一致（“{shown(entry.name)}”的两处说明不同），可能被改动过。{RESAVE}")


def inflate(archive: bytes, entry: Entry, limits: Limits, left: int) -> bytes:
    """The bytes of one entry, never more than may be: counted as they come out, checked against size and CRC."""
    name = shown(entry.name)
    if entry.flags & _ENCRYPTED:
        raise Refused("zip-encrypted", f"“{name}”加了密码。请去掉密码后再报。")
    if entry.method not in (STORED, DEFLATED):
        raise Refused("zip-method", f"“{name}”用了少见的压缩方式（{entry.method}）。{RESAVE}")
    most = min(limits.part, left)
    by_ratio = max(limits.ratio_from, limits.ratio * entry.packed)
    content = _unpacked(archive, entry, min(most, by_ratio))
    if len(content) > most:
        raise Refused("zip-size", f"“{name}”展开后超过 {most:,} 字节的上限。请删去不需要的内容，另存为新文件再报。")
    if len(content) > by_ratio:
        says = f"“{name}”展开后是压缩时的 {limits.ratio} 倍以上，像是压缩炸弹，不能接收。{RESAVE}"
        raise Refused("zip-ratio", says)
    if len(content) != entry.size or zlib.crc32(content) != entry.crc:
        raise Refused("zip-crc", f"“{name}”的内容与校验值不符，文件已损坏。请重新另存一次，再发来。")
    return content


def _unpacked(archive: bytes, entry: Entry, most: int) -> bytes:
    packed = memoryview(archive)[entry.start : entry.stop]
    if entry.method == STORED:
        return bytes(packed[: most + 1])
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = inflater.decompress(packed, most + 1)
    except zlib.error:
        raise Refused("zip-broken", _BROKEN) from None
    if len(content) <= most and (not inflater.eof or inflater.unused_data):
        raise Refused("zip-broken", _BROKEN)
    return content
