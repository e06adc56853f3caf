"""What was read waits on disk, by tier, until the tier is closed."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ..door.candidates import Candidate
from ..door.workers import Killed
from ..reading import Answer, ReadReturn
from .closing import Answered, Member


@dataclass(frozen=True, slots=True)
class Packed:
    """An answer as it travels and waits; `tier` is the one whose unit sent the file, of what is no return the root."""

    tier: str
    answer: bytes


class ReadPacked:
    """The work of a worker whose answers wait: nobody has to open them to know where they go."""

    def __init__(self, folder: Path) -> None:
        self._read = ReadReturn(folder)

    def __call__(self, content: bytes) -> Packed:
        return self._packed(self._read(content))

    def finish(self, begun: bytes) -> Packed:
        """The same from what another process has begun."""
        return self._packed(self._read.finish(begun))

    def _packed(self, answer: Answer) -> Packed:
        whole = self._read.space().whole
        return Packed(whole.tier_of(answer.slim.stamp.unit) if answer.slim else whole.units[0].code, packed(answer))


class Waiting:
    """A scratch folder with a folder for each tier, filled by one process and read by others."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, tier: str, number: int, candidate: Candidate, answer: Packed | Killed) -> None:
        """An answer, in the order of its *number*."""
        (self._of(tier) / f"{number:08}").write_bytes(pickle.dumps((replace(candidate, content=b""), answer)))

    def hand_up(self, above: str, member: Member) -> None:
        """The book of a tier that was closed, for the one above."""
        (self._of(above) / f"member-{member.book.unit.code}").write_bytes(packed(member))

    def answered(self, tier: str) -> Iterator[Answered]:
        """The answers for one tier, in order."""
        for path in sorted((self.folder / tier).glob("[0-9]*")):
            candidate, answer = pickle.loads(path.read_bytes())
            yield candidate, answer if isinstance(answer, Killed) else unpacked(answer.answer)

    def members(self, tier: str) -> list[Member]:
        """The books handed up to one tier."""
        return [unpacked(path.read_bytes()) for path in sorted((self.folder / tier).glob("member-*"))]

    def _of(self, tier: str) -> Path:
        folder = self.folder / tier
        folder.mkdir(exist_ok=True)
        return folder


def packed(what: object) -> bytes:
    """As it waits: an eighth of what it takes in memory (51 KB of 400 for a county)."""
    return zlib.compress(pickle.dumps(what, pickle.HIGHEST_PROTOCOL), 1)


def unpacked(waiting: bytes):  # type: ignore[no-untyped-def]  # what was packed
    """What waited."""
    return pickle.loads(zlib.decompress(waiting))
