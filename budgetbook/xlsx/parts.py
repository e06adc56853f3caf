"""A package of our own making taken apart, and put together again with some parts replaced and the rest copied as they lie."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from struct import pack_into, unpack_from

_END, _CENTRAL, _LOCAL = 22, 46, 30  # lengths of the three fixed records of a zip archive without comment


class Opening:
    """The first bytes of a part, deflated once for all parts that begin so."""

    def __init__(self, content: bytes) -> None:
        self._deflater = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._packed = self._deflater.compress(content)
        self._sum, self._size = zlib.crc32(content), len(content)

    def followed(self, rest: bytes) -> tuple[bytes, int, int]:
        """Deflated, with what follows; check sum and size of the whole."""
        deflater = self._deflater.copy()
        packed = self._packed + deflater.compress(rest) + deflater.flush()
        return packed, zlib.crc32(rest, self._sum), self._size + len(rest)


Content = bytes | tuple[Opening, bytes]  # of a part: whole, or an opening and what follows


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its record in the directory, its record before the bytes, and its deflated bytes."""

    name: str
    central: bytes
    local: bytes
    packed: bytes

    @property
    def content(self) -> bytes:
        """The part as the writer wrote it."""
        return zlib.decompress(self.packed, -zlib.MAX_WBITS)

    def holding(self, content: Content) -> Part:
        """The same part with other content."""
        opening, rest = content if isinstance(content, tuple) else (Opening(b""), content)
        packed, checked, size = opening.followed(rest)
        central, local = bytearray(self.central), bytearray(self.local)
        for record, at in ((central, 16), (local, 14)):
            pack_into("<3L", record, at, checked, len(packed), size)
        return Part(self.name, bytes(central), bytes(local), packed)


class Parts:
    """The parts of a package in their order."""

    def __init__(self, package: bytes) -> None:
        self._parts = {part.name: part for part in _parts(package)}
        self._end = package[-_END:]

    @property
    def names(self) -> list[str]:
        """In their order."""
        return list(self._parts)

    def content(self, name: str) -> bytes:
        """Raises KeyError."""
        return self._parts[name].content

    def with_replaced(self, contents: Mapping[str, Content]) -> bytes:
        """The package as it would have been written with these parts in place of its own."""
        package, directory = bytearray(), bytearray()
        for name, old in self._parts.items():
            part = old.holding(contents[name]) if name in contents else old
            central = bytearray(part.central)
            pack_into("<L", central, 42, len(package))
            directory += central
            package += part.local
            package += part.packed
        end = bytearray(self._end)
        pack_into("<2L", end, 12, len(directory), len(package))
        return bytes(package + directory + end)


def _parts(package: bytes) -> Iterator[Part]:
    count, _, at = unpack_from("<H2L", package, len(package) - _END + 10)
    for _ in range(count):
        (size,) = unpack_from("<L", package, at + 20)
        named, extra, note = unpack_from("<3H", package, at + 28)
        (header,) = unpack_from("<L", package, at + 42)
        name = package[at + _CENTRAL : at + _CENTRAL + named].decode()
        central = package[at : at + _CENTRAL + named + extra + note]
        start = header + _LOCAL + sum(unpack_from("<2H", package, header + 26))
        yield Part(name, central, package[header:start], package[start : start + size])
        at += len(central)
