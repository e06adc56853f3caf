"""What was read waits on disk, by tier, until the tier is closed."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ..door.candidates import Candidate
from ..door.workers import Killed
from ..reading import Answer
from .closing import Answered, Member


class Waiting:
    """A scratch folder with a folder for each tier, filled by one process and read by others."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, tier: str, number: int, candidate: Candidate, answer: Answer | Killed) -> None:
        """An answer, in the order of its *number*."""
        self._write(self._of(tier) / f"{number:08}", (replace(candidate, content=b""), answer))

    def hand_up(self, above: str, member: Member) -> None:
        """The book of a tier that was closed, for the one above."""
        self._write(self._of(above) / f"member-{member.book.unit.code}", member)

    def answered(self, tier: str) -> Iterator[Answered]:
        """The answers for one tier, in order."""
        for path in sorted((self.folder / tier).glob("[0-9]*")):
            yield unpacked(path.read_bytes())

    def members(self, tier: str) -> list[Member]:
        """The books handed up to one tier."""
        return [unpacked(path.read_bytes()) for path in sorted((self.folder / tier).glob("member-*"))]

    def _of(self, tier: str) -> Path:
        folder = self.folder / tier
        folder.mkdir(exist_ok=True)
        return folder

    def _write(self, path: Path, what: object) -> None:
        path.write_bytes(packed(what))


def packed(what: object) -> bytes:
    """As it waits: an eighth of what it takes in memory (51 KB of 400 for a county)."""
    return zlib.compress(pickle.dumps(what, pickle.HIGHEST_PROTOCOL), 1)


def unpacked(waiting: bytes):  # type: ignore[no-untyped-def]  # what was packed
    """What waited."""
    return pickle.loads(zlib.decompress(waiting))
