"""Work on hostile bytes in processes that may die: a killed one is one answer for one file, and the batch goes on."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar, cast

from . import jail
from .candidates import Candidate
from .limits import MIB
from .remarks import RESAVE

Result = TypeVar("Result")
_STARTING = 120.0  # seconds for a process to import what it needs on a busy machine
_GRACE = 2.0
SWEPT = 50  # files after which a process looks for garbage among all it has kept
_HELD = 16 * MIB  # of bytes that wait for a process; one file more may be let in
# a fork has its workspace already, and a script that calls us needs no guard; elsewhere a process starts anew
_FORKS = sys.platform == "linux"
_context: Any = multiprocessing.get_context("fork" if _FORKS else "spawn")
_SAYS = {
    "timeout": f"读取超过规定的时间仍未完成，已中止，不影响其他文件。{RESAVE}",
    "memory": f"读取所需的内存超过上限，已中止，不影响其他文件。{RESAVE}",
    "crashed": f"内容异常或过于庞大，读取程序崩溃，已隔离，不影响其他文件。{RESAVE}",
    "failed": f"内容出乎预料，没有读成，不影响其他文件。{RESAVE}如果仍不行，请把文件交给技术人员。",
}


@dataclass(frozen=True, slots=True)
class Killed:
    """Why a file has no result: `code` is timeout, memory, crashed or failed; `trace` is for programmers only."""

    code: str
    says: str
    trace: str = ""


class Workers(Generic[Result]):
    """Processes that run `work` on the bytes of candidates, each within limits of memory (bytes) and time (seconds).

    `work` is a function of a module; it can reach no network and write no file. A process serves one file after
    another; one that dies, is killed or runs out of memory is replaced. `meanwhile` is called once, while the first file is read.
    """

    def __init__(
        self,
        work: Callable[[bytes], Result],
        *,
        jobs: int | None = None,
        seconds: float = 30.0,
        memory: int = 1_536 * MIB,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> None:
        self._work = work
        self._jobs = jobs or processors()
        self._seconds = seconds
        self._memory = memory
        self._meanwhile = meanwhile
        self._seats: list[_Seat] = []

    def __enter__(self) -> Workers[Result]:
        return self

    def __exit__(self, *_reason: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes."""
        for seat in self._seats:
            seat.clear()
        self._seats.clear()

    def run(
        self, candidates: Iterable[Candidate], *, ordered: bool = True
    ) -> Iterator[tuple[Candidate, Result | Killed]]:
        """One result for each candidate, in their order or as they come. Few candidates are held at any time, and their bytes
        no longer than until a process has them: those that come with the results have none.

        Raises RuntimeError if the work cannot even be started, and whatever `candidates` raises.
        """
        arriving = enumerate(candidates)
        waiting: deque[tuple[int, Candidate]] = deque()
        finished: dict[int, tuple[Candidate, Result | Killed]] = {}
        given, prepared = 0, False
        try:
            while True:
                self._fetch(arriving, waiting, 2 * self._jobs - len(finished) - len(self._busy()))
                self._employ(waiting)
                if not waiting and not self._busy():
                    break
                if not prepared and self._busy():
                    self._meanwhile()
                    prepared = True
                finished.update(self._results())
                self._employ(waiting)  # nobody is idle while results are looked at
                for number in sorted(finished):
                    if ordered and number != given:
                        break
                    yield finished.pop(number)
                    given += 1
        finally:
            for seat in self._busy():
                self._dismiss(seat)

    def _fetch(
        self, arriving: Iterator[tuple[int, Candidate]], waiting: deque[tuple[int, Candidate]], most: int
    ) -> None:
        """Let candidates in while there is room for them, by number and by bytes."""
        while len(waiting) < most and sum(len(each.content) for _, each in waiting) < _HELD:
            task = next(arriving, None)
            if task is None:
                return
            waiting.append(task)

    def _busy(self) -> list[_Seat]:
        return [seat for seat in self._seats if seat.task]

    def _dismiss(self, seat: _Seat) -> None:
        seat.clear()
        self._seats.remove(seat)

    def _employ(self, waiting: deque[tuple[int, Candidate]]) -> None:
        """Give what waits to idle processes, and start as many more as there is work and room for."""
        for seat in [seat for seat in self._seats if seat.ready and not seat.task]:
            if not seat.process.is_alive():
                self._dismiss(seat)
            elif waiting:
                seat.give(waiting.popleft())
        starting = sum(not seat.ready for seat in self._seats)
        for _ in range(min(self._jobs - len(self._seats), len(waiting) - starting)):
            self._seats.append(_Seat(self._work, self._memory, self._seconds))

    def _results(self) -> Iterator[tuple[int, tuple[Candidate, Result | Killed]]]:
        """Wait until a process says something, dies or is overdue."""
        active = [seat for seat in self._seats if seat.task or not seat.ready]
        overdue = min(seat.due for seat in active) - time.monotonic()
        speaking = wait([seat.connection for seat in active], max(0.0, overdue))
        for seat in active:
            if seat.connection in speaking:
                yield from self._hear(seat)
            elif time.monotonic() >= seat.due:
                yield from self._settle(seat, "timeout", "")

    def _hear(self, seat: _Seat) -> Iterator[tuple[int, tuple[Candidate, Result | Killed]]]:
        try:
            code, value = pickle.loads(seat.connection.recv_bytes())
        except (EOFError, OSError):
            code, value = "crashed", ""
        if code == "ready":
            seat.ready = True
        else:
            yield from self._settle(seat, code, value)

    def _settle(self, seat: _Seat, code: str, value: Any) -> Iterator[tuple[int, tuple[Candidate, Result | Killed]]]:
        if not seat.task:
            raise RuntimeError(f"a worker process did not start (exit code {seat.process.exitcode})")
        number, candidate = seat.task
        seat.task = None
        if code not in ("done", "failed"):
            self._dismiss(seat)
        yield number, (candidate, value if code == "done" else killed(code, value))


class _Seat:
    """One process with the line to it and the task it has."""

    def __init__(self, work: Callable[[bytes], Any], memory: int, seconds: float) -> None:
        self.connection, theirs = _context.Pipe()
        ours = self.connection if _FORKS else None
        self.process = _context.Process(target=_serve, args=(theirs, ours, work, memory, seconds), daemon=True)
        self.process.start()
        theirs.close()
        self.task: tuple[int, Candidate] | None = None
        self.ready = False
        self.due = time.monotonic() + _STARTING
        self.seconds = seconds

    def give(self, task: tuple[int, Candidate]) -> None:
        number, candidate = task
        self.task = number, replace(candidate, content=b"")
        self.due = time.monotonic() + self.seconds
        with suppress(OSError):  # dead by now: its silence will be heard
            self.connection.send_bytes(candidate.content)

    def clear(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _serve(
    line: Connection, ours: Connection | None, work: Callable[[bytes], Any], memory: int, seconds: float
) -> None:
    """The life of a worker process, which ends by itself if the parent is no longer there to end it."""
    if ours:  # the parent's end came along with the fork; kept open here, the line would never end
        ours.close()
    jail.enter(memory)
    gc.disable()  # while a file is read nearly all that is made is kept; what is not is collected after it
    line.send_bytes(pickle.dumps(("ready", None)))
    code, files = "ready", 0
    while code not in ("memory", "crashed"):
        try:
            content = line.recv_bytes()
        except EOFError:
            return
        with jail.at_most(seconds + _GRACE):
            code, answer = _attempt(work, content)
        line.send_bytes(answer)
        files += 1
        gc.collect(0 if files % SWEPT else 2)


def attempted(work: Callable[[bytes], Result], content: bytes) -> Result | Killed:
    """As a worker process does it, where the process is somebody else's to limit and to replace."""
    code, value = pickle.loads(_attempt(work, content)[1])
    return cast(Result, value) if code == "done" else killed(code, value)


def killed(code: str, trace: str = "") -> Killed:
    """Why there is no result."""
    return Killed(code, _SAYS[code], trace)


def _attempt(work: Callable[[bytes], Any], content: bytes) -> tuple[str, bytes]:
    try:
        return "done", pickle.dumps(("done", work(content)), pickle.HIGHEST_PROTOCOL)
    except BaseException as error:  # the panic of a Rust library is no Exception
        code = "memory" if isinstance(error, MemoryError) else "failed" if isinstance(error, Exception) else "crashed"
        return code, pickle.dumps((code, traceback.format_exc()))
