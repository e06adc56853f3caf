"""A command begins with its first file at once: a process takes it apart while the workspace is opened."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from .door.candidates import Candidate, Skipped
from .door.collect import collect
from .door.kinds import Kind
from .door.limits import MIB
from .door.seats import FORKS, Seat, Task
from .door.workers import MEMORY, SECONDS

MOST = 32 * MIB  # of what is handed over; who waits for it shall not need more memory than a few files take


def begin(content: bytes) -> bytes:
    """What stands in a file, as it travels; nobody opens it but the worker that finishes it. Nothing if it is too much."""
    from .admission import admitted

    begun = pickle.dumps(admitted(content), pickle.HIGHEST_PROTOCOL)
    return begun if len(begun) <= MOST else b""


class Ahead:
    """What comes through the door under some paths, once, and the process that has begun with the first workbook of it.

    `meanwhile` is what the command will need when the files are read.
    """

    def __init__(self, paths: Sequence[Path], *meanwhile: Callable[[], object]) -> None:
        self._paths, self.meanwhile = paths, meanwhile
        self.begun: Seat | None = None
        self._held: list[Candidate | Skipped] = []
        self._arriving = collect(paths)
        # elsewhere a process opens a workspace of its own; what is not there is told when it is its turn
        if FORKS and all(path.exists() for path in paths):
            self._begin()

    def __enter__(self) -> Ahead:
        return self

    def __exit__(self, *_reason: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process, whether or not anybody has asked for what it made; from now on everything arrives as it lies there."""
        if self.begun:
            self.begun.clear()
            self.begun, self._held, self._arriving = None, [], collect(self._paths)

    def __iter__(self) -> Iterator[Candidate | Skipped]:
        return chain(self._held, self._arriving)

    def _begin(self) -> None:
        for found in self._arriving:
            if isinstance(found, Candidate) and found.kind is Kind.XLSX:
                self.begun = Seat(begin, begin, MEMORY, SECONDS, begins=True)
                self._held.append(self.begun.give(Task(0, found)))
                return
            self._held.append(found)
            if isinstance(found, Candidate):
                return
