"""One process that works on hostile bytes, and the line to it: what it gives up, how it serves, and how it ends."""

from __future__ import annotations

import gc
import multiprocessing
import pickle
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from . import jail
from .candidates import Candidate

# a fork has its workspace already, and a script that calls us needs no guard; elsewhere a process starts anew
FORKS = sys.platform == "linux"
SWEPT = 50  # files after which a process looks for garbage among all it has kept
_STARTING = 120.0  # seconds for a process to import what it needs on a busy machine
_GRACE = 2.0
_context: Any = multiprocessing.get_context("fork" if FORKS else "spawn")
Work = Callable[[bytes], Any]


class Task(NamedTuple):
    """A candidate by its number; of one that was `begun`, the content is what another process has made of its bytes."""

    number: int
    candidate: Candidate
    begun: bool = False


class Seat:
    """One process with the line to it and the task it has. It does `work` on bytes, and `finish` on what was begun; all that one
    `begins` is to be finished by another, or if it hands nothing over, to be done by another as a whole."""

    def __init__(self, work: Work, finish: Work, memory: int, seconds: float, *, begins: bool = False) -> None:
        self.connection, theirs = _context.Pipe()
        ours = self.connection if FORKS else None
        self.process = _context.Process(
            target=_serve, args=(theirs, ours, (work, finish), memory, seconds), daemon=True
        )
        self.process.start()
        theirs.close()
        self.task: Task | None = None
        self.ready = False
        self.begins = begins
        self.due = time.monotonic() + _STARTING
        self.seconds = seconds

    def give(self, task: Task) -> Candidate:
        """Hands a task over; its candidate is kept here, its bytes only if somebody else may need them."""
        kept = task.candidate if self.begins else replace(task.candidate, content=b"")
        self.task = task._replace(candidate=kept)
        self.due = time.monotonic() + self.seconds
        with suppress(OSError):  # dead by now: its silence will be heard
            self.connection.send(task.begun)
            self.connection.send_bytes(task.candidate.content)
        return kept

    def has(self, candidate: Candidate) -> bool:
        """Whether that is what it was given."""
        return self.task is not None and self.task.candidate is candidate

    def hear(self) -> tuple[str, Any]:
        """What the process says: `ready`, `done` with a result, or what became of it."""
        try:
            code, value = pickle.loads(self.connection.recv_bytes())
        except (EOFError, OSError):
            code, value = "crashed", ""
        self.ready |= code == "ready"
        return code, value

    def clear(self) -> None:
        """Ends the process."""
        self.process.kill()
        self.process.join()
        self.connection.close()


def _serve(line: Connection, ours: Connection | None, works: tuple[Work, Work], memory: int, seconds: float) -> None:
    """The life of a worker process, which ends by itself if the parent is no longer there to end it."""
    if ours:  # the parent's end came along with the fork; kept open here, the line would never end
        ours.close()
    jail.enter(memory)
    gc.disable()  # while a file is read nearly all that is made is kept; what is not is collected after it
    line.send_bytes(pickle.dumps(("ready", None)))
    code, files = "ready", 0
    while code not in ("memory", "crashed"):
        try:
            begun, content = line.recv(), line.recv_bytes()
        except EOFError:
            return
        with jail.at_most(seconds + _GRACE):
            code, answer = attempt(works[begun], content)
        line.send_bytes(answer)
        files += 1
        gc.collect(0 if files % SWEPT else 2)


def attempt(work: Work, content: bytes) -> tuple[str, bytes]:
    """What became of the work, and the same with its result as it travels."""
    try:
        return "done", pickle.dumps(("done", work(content)), pickle.HIGHEST_PROTOCOL)
    except BaseException as error:  # the panic of a Rust library is no Exception
        code = "memory" if isinstance(error, MemoryError) else "failed" if isinstance(error, Exception) else "crashed"
        return code, pickle.dumps((code, traceback.format_exc()))
