"""The streams of an OLE2 compound file (.xls, .et, .doc, encrypted .xlsx)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from struct import unpack_from

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY = 128
_LAST_SECTOR = 0xFFFFFFFA
_MOST_SECTORS = 4_096


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream or storage by name; `head` is its first sector, empty when it lies in the mini stream."""

    name: str
    head: bytes
    first: int
    size: int


@dataclass(frozen=True, slots=True)
class Compound:
    """The class of the document, as its root storage states it, and everything it holds."""

    owner: bytes
    streams: tuple[Stream, ...]

    def head(self, *names: str) -> bytes | None:
        """The head of the first stream with one of these names in any case, None when there is none."""
        wanted = {name.casefold() for name in names}
        return next((stream.head for stream in self.streams if stream.name.casefold() in wanted), None)


def compound(content: bytes) -> Compound:
    """Read the directory of a compound file; a broken one has fewer streams, never an error."""
    if len(content) < 512:
        return Compound(b"", ())
    sectors = _Sectors(content)
    listing = b"".join(map(sectors.read, islice(sectors.chain(_number(content, 48)), _MOST_SECTORS)))
    entries = [listing[at : at + _ENTRY] for at in range(0, len(listing) - _ENTRY + 1, _ENTRY)]
    small = _number(content, 56)
    streams = tuple(_stream(sectors, entry, small) for entry in entries if entry[66])
    return Compound(entries[0][80:96] if entries else b"", streams)


def whole(content: bytes, *names: str) -> bytes:
    """All of the first stream with one of these names in any case; what a broken chain leads to is missing."""
    if len(content) < 512:
        return b""
    wanted, found = {name.casefold() for name in names}, compound(content).streams
    stream = next((each for each in found if each.name.casefold() in wanted), None)
    if stream is None:
        return b""
    sectors, small = _Sectors(content), _number(content, 56)
    read = sectors.all if stream.size >= small else _Small(sectors, found[0].first, _number(content, 60)).all
    return read(stream.first)[: stream.size]


def _stream(sectors: _Sectors, entry: bytes, small: int) -> Stream:
    length = max(0, min(unpack_from("<H", entry, 64)[0] - 2, 64))
    name = entry[:length].decode("utf-16-le", "replace")
    first, size = _number(entry, 116), _number(entry, 120)
    return Stream(name, sectors.read(first) if size >= small else b"", first, size)


def _number(content: bytes, at: int) -> int:
    return int(unpack_from("<L", content, at)[0])


class _Sectors:
    """Sectors by number and the chains they form; whatever points outside the file reads as nothing."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.size = 4096 if unpack_from("<H", content, 30)[0] == 12 else 512
        self.table = [_number(content, at) for at in range(76, 512, 4)]
        self.table += islice(self._more_table(_number(content, 68)), _MOST_SECTORS)

    def read(self, number: int) -> bytes:
        at = (number + 1) * self.size
        return self.content[at : at + self.size] if number < _LAST_SECTOR else b""

    def all(self, number: int) -> bytes:
        """Everything from one sector on."""
        return b"".join(map(self.read, self.chain(number)))

    def chain(self, number: int) -> Iterator[int]:
        """The sectors that follow one another, up to the first that comes again."""
        seen: set[int] = set()
        while number < _LAST_SECTOR and number not in seen:
            seen.add(number)
            yield number
            number = self._next(number)

    def _next(self, number: int) -> int:
        place, at = divmod(number, self.size // 4)
        sector = self.read(self.table[place]) if place < len(self.table) else b""
        return _number(sector, at * 4) if len(sector) == self.size else _LAST_SECTOR

    def _more_table(self, number: int) -> Iterator[int]:
        seen: set[int] = set()
        while number not in seen and len(sector := self.read(number)) == self.size:
            seen.add(number)
            yield from (_number(sector, at) for at in range(0, self.size - 4, 4))
            number = _number(sector, self.size - 4)


class _Small:
    """The stream of the small streams, in sectors of 64 bytes with a table of their own."""

    def __init__(self, sectors: _Sectors, first: int, table: int) -> None:
        self._content = sectors.all(first)
        self._table = sectors.all(table)

    def all(self, number: int) -> bytes:
        """Everything from one small sector on."""
        found, seen = bytearray(), set[int]()
        while number not in seen and 4 * number + 4 <= len(self._table):
            seen.add(number)
            found += self._content[64 * number : 64 * number + 64]
            number = _number(self._table, 4 * number)
        return bytes(found)
