"""The country on this machine: files are read side by side behind the door, then tiers are closed side by side, lowest first."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from pathlib import Path
from threading import Thread

from ..book import Book
from ..door.workers import Killed, processors
from ..intake import Intake, answers
from ..workspace import Workspace, open_workspace
from .closing import Closed, close
from .kept import Kept
from .waiting import ReadPacked, Waiting
from .wanted import Wanted

AHEAD = 4  # tiers given to each process before one of them is asked for
ATTEMPTS = 2  # a tier whose process dies is closed once more; then something is wrong with us


def read(space: Workspace, paths: Sequence[Path], waiting: Waiting, kept: Kept, jobs: int | None) -> Iterator[str]:
    """Reads every file once and yields its path. Raises Impossible."""
    root, refused = space.whole.units[0].code, Intake()
    for number, (candidate, answer) in enumerate(answers(space, paths, refused, ReadPacked(space.folder), jobs)):
        waiting.put(root if isinstance(answer, Killed) else answer.tier, number, candidate, answer)
        yield candidate.path
    kept.add(root, refused.files, refused.findings)


def waves(space: Workspace) -> Iterator[list[str]]:
    """Tiers that do not wait for each other, lowest first; those with as many regions stand together, they share most work."""
    depth: dict[str, int] = {}
    for tier in reversed(space.whole.tiers):
        above = space.whole.tier_above(tier.code)
        depth[tier.code] = depth[above] + 1 if above else 0
    for level in range(max(depth.values()), -1, -1):
        alike = [code for code in depth if depth[code] == level]
        yield sorted(alike, key=lambda code: (len(space.whole.within(code).regions), code))


def close_all(space: Workspace, waiting: Waiting, wanted: Wanted, jobs: int | None) -> Iterator[Closed]:
    """Closes every tier, and hands its book up."""
    order = list(waves(space))
    alone = [tiers[0] for tiers in order if len(tiers) == 1] if wanted.books else []
    layouts = (_laid_out(space, tier) for tier in alone)  # made while others close the tiers below
    for wave in order:
        for closed in _wave(space, waiting, wave, wanted, jobs or processors(), layouts):
            if closed.member:
                waiting.hand_up(space.whole.tier_above(closed.tier), closed.member)
            yield closed


def _laid_out(space: Workspace, tier: str) -> int:
    """The workbook of a tier without its figures: the press needs it, and most of the work is in it."""
    own = space.of(tier)
    return len(own.package(Book.empty(own.whole[tier], own.shape)))


def _wave(
    space: Workspace, waiting: Waiting, tiers: Sequence[str], wanted: Wanted, jobs: int, layouts: Iterator[int]
) -> Iterator[Closed]:
    if jobs == 1 or len(tiers) == 1:
        for tier in tiers:
            yield close(space, tier, waiting.answered(tier), waiting.members(tier), wanted)
        return
    left = list(tiers)
    for attempt in range(ATTEMPTS):
        try:
            yield from _side_by_side(space, waiting, left, wanted, jobs, layouts)
            return
        except BrokenProcessPool:
            if attempt == ATTEMPTS - 1:
                raise


def _side_by_side(
    space: Workspace, waiting: Waiting, left: list[str], wanted: Wanted, jobs: int, layouts: Iterator[int]
) -> Iterator[Closed]:
    """Takes each tier out of *left* once it is closed; goes on with *layouts* meanwhile."""
    _here[:] = [(space, waiting)]  # what a forked process starts from
    setup = (space.folder, waiting.folder)
    with ProcessPoolExecutor(min(jobs, len(left)), initializer=_open, initargs=setup) as pool:
        try:
            waiting_for, todo = set[Future[Closed]](), iter(list(left))
            while True:
                waiting_for |= {
                    pool.submit(_close_here, tier, wanted) for tier in islice(todo, AHEAD * jobs - len(waiting_for))
                }
                if not waiting_for:
                    return
                next(layouts, 0)
                done, waiting_for = wait(waiting_for, return_when=FIRST_COMPLETED)
                for each in done:
                    left.remove(each.result().tier)
                    yield each.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


_here: list[tuple[Workspace, Waiting]] = []


def _open(folder: Path, waiting: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when a batch is interrupted
    Thread(target=_end_with_parent, daemon=True).start()
    if not _here or _here[0][0].folder != folder:
        _here[:] = [(open_workspace(folder), Waiting(waiting))]


def _end_with_parent() -> None:
    """Nobody is left to be told: a process that waits for its next tier would wait for ever."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _close_here(tier: str, wanted: Wanted) -> Closed:
    space, waiting = _here[0]
    return close(space, tier, waiting.answered(tier), waiting.members(tier), wanted)
