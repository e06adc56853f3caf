"""The country on this machine: files are read side by side behind the door, then tiers are closed side by side, lowest first."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path

from ..door.workers import Killed, processors
from ..intake import Intake, answers
from ..workspace import Workspace
from .closers import Closers, unheeded
from .closing import Closed
from .waiting import ReadPacked, Waiting
from .wanted import Wanted


def read(
    space: Workspace, paths: Sequence[Path], waiting: Waiting, refused: Intake, jobs: int | None = None
) -> Iterator[str]:
    """Reads every file once and yields its path; those that nobody opens are *refused*. Raises Impossible."""
    root = space.whole.units[0].code
    for number, (candidate, answer) in enumerate(answers(space, paths, refused, ReadPacked(space.folder), jobs)):
        waiting.put(root if isinstance(answer, Killed) else answer.tier, number, candidate, answer)
        yield candidate.path


def waves(space: Workspace) -> Iterator[list[str]]:
    """Tiers that do not wait for each other, lowest first; those with as many regions stand together, they share most work."""
    depth: dict[str, int] = {}
    for tier in reversed(space.whole.tiers):
        above = space.whole.tier_above(tier.code)
        depth[tier.code] = depth[above] + 1 if above else 0
    for level in range(max(depth.values()), -1, -1):
        alike = [code for code in depth if depth[code] == level]
        yield sorted(alike, key=lambda code: (len(space.whole.within(code).regions), code))


def close_all(
    space: Workspace, waiting: Waiting, wanted: Wanted, jobs: int | None, late: Callable[[Closed], None]
) -> Generator[Closed, None, None]:
    """Closes every tier, and hands its book up; those that are done after nobody asks for more, *late*. The next wave is made ready
    while one is closed, if there are processors for it."""
    most = jobs or processors()
    order = [Closers(space, waiting, wanted, tiers, most) for tiers in waves(space)]
    try:
        for closers in order[1:] if most > 1 else ():
            closers.begin()
        for closers, after in zip(order, [*order[1:], None], strict=True):
            for closed in closers.close(after.make_ready if after and most > 1 else None):
                if closed.member:
                    waiting.hand_up(space.whole.tier_above(closed.tier), closed.member)
                yield closed
    finally:
        with unheeded():
            for closed in [each for closers in order for each in closers.end()]:
                late(closed)
