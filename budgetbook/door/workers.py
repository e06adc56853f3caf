"""Work on hostile bytes in processes that may die: a killed one is one answer for one file, and the batch goes on."""

from __future__ import annotations

import os
import pickle
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from multiprocessing.connection import wait
from typing import Any, Generic, TypeVar, cast

from .candidates import Candidate
from .limits import MIB
from .remarks import RESAVE
from .seats import Seat, Task, attempt

Result = TypeVar("Result")
MEMORY, SECONDS = 1_536 * MIB, 30.0  # for one file
_HELD = 16 * MIB  # of bytes that wait for a process; one file more may be let in
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


_Told = tuple[int, tuple[Candidate, Result | Killed]] | Task  # a result, or what is to be finished


class Workers(Generic[Result]):
    """Processes that run `work` on the bytes of candidates, each within limits of memory (bytes) and time (seconds).

    `work` is a function of a module; it can reach no network and write no file. A process serves one file after
    another; one that dies, is killed or runs out of memory is replaced. What is to be done `meanwhile` is done step by step, once,
    while nobody has anything to say. A process that has already `begun` with a candidate is heard with the others; what it made of
    it is given to one of ours to `finish`.
    """

    def __init__(
        self,
        work: Callable[[bytes], Result],
        *,
        jobs: int | None = None,
        seconds: float = SECONDS,
        memory: int = MEMORY,
        meanwhile: Iterable[Callable[[], object]] = (),
        begun: Seat | None = None,
        finish: Callable[[bytes], Result] | None = None,
    ) -> None:
        self._work, self._finish = work, finish or work
        self._jobs = jobs or processors()
        self._seconds = seconds
        self._memory = memory
        self._meanwhile = iter(meanwhile)
        self._begun = begun
        self._seats: list[Seat] = []

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
        arriving = map(Task, count(), candidates)
        waiting: deque[Task] = deque()
        finished: dict[int, tuple[Candidate, Result | Killed]] = {}
        given = 0
        try:
            while True:
                self._fetch(arriving, waiting, 2 * self._jobs - len(finished) - len(self._busy()))
                self._employ(waiting)
                if not waiting and not self._busy():
                    break
                self._pass_time()
                for told in self._results():
                    if isinstance(told, Task):
                        waiting.appendleft(told)
                    else:
                        finished.update([told])
                self._employ(waiting)  # nobody is idle while results are looked at
                for number in sorted(finished):
                    if ordered and number != given:
                        break
                    yield finished.pop(number)
                    given += 1
        finally:
            for seat in self._busy():
                self._dismiss(seat)

    def _fetch(self, arriving: Iterator[Task], waiting: deque[Task], most: int) -> None:
        """Let candidates in while there is room for them, by number and by bytes."""
        while len(waiting) < most and sum(len(each.candidate.content) for each in waiting) < _HELD:
            task = next(arriving, None)
            if task is None:
                return
            if self._begun and self._begun.has(task.candidate):
                self._begun.task = task
                self._seats.append(self._begun)
            else:
                waiting.append(task)

    def _pass_time(self) -> None:
        """Does what is to be done meanwhile, while there is nothing to hear."""
        while self._busy() and not wait([seat.connection for seat in self._active()], 0):
            step = next(self._meanwhile, None)
            if step is None:
                return
            step()

    def _busy(self) -> list[Seat]:
        return [seat for seat in self._seats if seat.task]

    def _active(self) -> list[Seat]:
        return [seat for seat in self._seats if seat.task or not seat.ready]

    def _dismiss(self, seat: Seat) -> None:
        seat.clear()
        self._seats.remove(seat)

    def _employ(self, waiting: deque[Task]) -> None:
        """Give what waits to idle processes, and start as many more as there is work and room for."""
        for seat in [seat for seat in self._seats if seat.ready and not seat.task]:
            if not seat.process.is_alive():
                self._dismiss(seat)
            elif waiting:
                seat.give(waiting.popleft())
        starting = sum(not seat.ready for seat in self._seats)
        for _ in range(min(self._jobs - len(self._seats), len(waiting) - starting)):
            self._seats.append(Seat(self._work, self._finish, self._memory, self._seconds))

    def _results(self) -> Iterator[_Told[Result]]:
        """Wait until a process says something, dies or is overdue."""
        active = self._active()
        overdue = min(seat.due for seat in active) - time.monotonic()
        speaking = wait([seat.connection for seat in active], max(0.0, overdue))
        for seat in active:
            if seat.connection in speaking:
                code, value = seat.hear()
                if code != "ready":
                    yield self._settled(seat, code, value)
            elif time.monotonic() >= seat.due:
                yield self._settled(seat, "timeout", "")

    def _settled(self, seat: Seat, code: str, value: Any) -> _Told[Result]:
        if not seat.task:
            raise RuntimeError(f"a worker process did not start (exit code {seat.process.exitcode})")
        number, candidate, _ = seat.task
        seat.task = None
        if seat.begins or code not in ("done", "failed"):
            self._dismiss(seat)
        if seat.begins and code == "done":
            return Task(number, replace(candidate, content=value), begun=True) if value else Task(number, candidate)
        return number, (replace(candidate, content=b""), value if code == "done" else killed(code, value))


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def attempted(work: Callable[[bytes], Result], content: bytes) -> Result | Killed:
    """As a worker process does it, where the process is somebody else's to limit and to replace."""
    code, value = pickle.loads(attempt(work, content)[1])
    return cast(Result, value) if code == "done" else killed(code, value)


def killed(code: str, trace: str = "") -> Killed:
    """Why there is no result."""
    return Killed(code, _SAYS[code], trace)
