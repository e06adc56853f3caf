"""Processes that close tiers. What has to be known to close a city is not kept for a province: each wave has processes of its own."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from threading import Thread, current_thread, main_thread

from ..door.seats import FORKS
from ..workspace import Workspace, open_workspace
from .closing import Closed, close, rehearse
from .waiting import Waiting
from .wanted import Wanted

AHEAD = 8  # tiers given to each process before one of them is asked for: two seconds of work
ATTEMPTS = 2  # a tier whose process dies is closed once more; then something is wrong with us


class Closers:
    """So many processes at most, for one wave of *tiers*, which do not wait for each other."""

    def __init__(self, space: Workspace, waiting: Waiting, wanted: Wanted, tiers: Sequence[str], most: int) -> None:
        self._space, self._waiting, self._wanted = space, waiting, wanted
        self.tiers, self._most = tiers, min(most, len(tiers))
        self._pool = self._start()
        self._ready = not wanted.books
        self._begun = set[Future[Closed]]()  # and not handed out yet

    def _start(self) -> ProcessPoolExecutor:
        _here[:] = [(self._space, self._waiting)]  # what a forked process starts from
        setup = (self._space.folder, self._waiting.folder)
        return ProcessPoolExecutor(self._most, initializer=_open, initargs=setup)

    def begin(self) -> None:
        """Lets the process of a single tier make itself ready while those below are closed: most of the work needs no figures."""
        if len(self.tiers) == 1 and not self._ready:
            self._pool.submit(_make_ready, self.tiers[0])
            self._ready = True

    def make_ready(self) -> None:
        """What processes will start from is made here, once for all of them."""
        if FORKS and not self._ready:
            _make_ready(self.tiers[0])
            self._ready = True

    def close(self, meanwhile: Callable[[], None] | None = None) -> Iterator[Closed]:
        """Closes the tiers as their turn comes; what is to be done *meanwhile* is done once, when they have begun.
        Raises BrokenProcessPool."""
        self.make_ready()
        left = list(self.tiers)
        for attempt in range(ATTEMPTS):
            try:
                yield from self._side_by_side(left, meanwhile)
                break
            except BrokenProcessPool:
                if attempt == ATTEMPTS - 1:
                    raise
                self._pool, meanwhile = self._start(), None
        self._pool.shutdown()

    def _side_by_side(self, left: list[str], meanwhile: Callable[[], None] | None) -> Iterator[Closed]:
        """Takes each tier out of *left* once it is closed."""
        self._begun, todo = set(), iter(list(left))
        while True:
            room = AHEAD * self._most - len(self._begun)
            self._begun |= {self._pool.submit(_close, tier, self._wanted) for tier in islice(todo, room)}
            if not self._begun:
                return
            if meanwhile:
                meanwhile()
                meanwhile = None
            for each in wait(self._begun, return_when=FIRST_COMPLETED).done:
                left.remove(each.result().tier)
                yield each.result()
                self._begun.discard(each)

    def end(self) -> list[Closed]:
        """Nothing more is begun; what is begun is done, and told if it was not handed out."""
        self._pool.shutdown(cancel_futures=True)
        gc.unfreeze()  # what was made ready here
        return [each.result() for each in self._begun if not (each.cancelled() or each.exception())]


@contextmanager
def unheeded() -> Iterator[None]:
    """Another Ctrl-C changes nothing: a process that is waited for would be left behind."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


_here: list[tuple[Workspace, Waiting]] = []
_kind: list[int] = []  # how many regions the tiers have that are closed here at the time


def _open(folder: Path, waiting: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when a batch is interrupted
    Thread(target=_end_with_parent, daemon=True).start()
    if not _here or _here[0][0].folder != folder:
        _here[:] = [(open_workspace(folder), Waiting(waiting))]
    gc.disable()  # nearly all that is made is kept until a tier is closed


def _end_with_parent() -> None:
    """Nobody is left to be told: a process that waits for its next tier would wait for ever."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _close(tier: str, wanted: Wanted) -> Closed:
    space, waiting = _here[0]
    if _turn_to(space, tier) and wanted.books:
        _make_ready(tier)  # before there are answers in memory as well
    closed = close(space, tier, waiting.answered(tier), waiting.members(tier), wanted)
    _sweep()
    return closed


def _make_ready(tier: str) -> None:
    """Here: in a process of its own, or where the processes of a wave start from."""
    _turn_to(_here[0][0], tier)
    rehearse(_here[0][0], tier)
    _sweep()


def _turn_to(space: Workspace, tier: str) -> bool:
    """Tiers with as many regions come one after another: what was laid out for others is of no use any more. Whether this is the
    first of its kind."""
    regions = len(space.whole.within(tier).regions)
    if _kind and _kind != [regions]:
        space.tiers.forget()
        gc.unfreeze()
        gc.collect()
    is_first = _kind != [regions]
    _kind[:] = [regions]
    return is_first


def _sweep() -> None:
    """What was made ready stays, and is not looked through again for garbage."""
    gc.collect()
    if not gc.get_freeze_count():
        gc.freeze()
