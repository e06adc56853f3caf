"""What a worker makes of the bytes of one file: a return, checked alone, or why it is none.

Bytes from outside are only ever read in a worker process that may die of them.
"""

from __future__ import annotations

import pickle
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .book import SlimBook
from .checks import check_one
from .door.remarks import Remark
from .finding import Finding
from .form import Level
from .returns import Accounts, Receipt, Return, Source, Where, read_return
from .shape import Shape
from .sheet import Stamp
from .workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from .admission import Admitted


@dataclass(frozen=True, slots=True)
class Slim:
    """A return on its way from a worker."""

    stamp: Stamp
    book: SlimBook
    where: dict[str, Where]
    findings: list[Finding]
    accounts: Accounts
    receipts: list[Receipt]

    @classmethod
    def of(cls, ret: Return, findings: list[Finding]) -> Slim:
        """What of a return has to travel."""
        return cls(ret.stamp, SlimBook.of(ret.book), ret.where, findings, ret.accounts, ret.receipts)

    def whole(self, shape: Shape, file: str, sha256: str) -> Return:
        """The return again, now with the name of its file."""
        findings = [_filed(found, file) for found in self.findings]
        return Return(
            file, sha256, self.stamp, self.book.whole(shape), self.where, {}, findings, self.accounts, self.receipts
        )


def _filed(found: Finding, file: str) -> Finding:
    return replace(found, file=file, echoes=tuple(_filed(echo, file) for echo in found.echoes))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker found in one file: a return or why it is none, and what the door has to say."""

    slim: Slim | None
    foreign: str = ""
    refusals: tuple[Remark, ...] = ()
    notices: tuple[Remark, ...] = ()


_opened: dict[Path, Workspace] = {}  # a forked worker finds its workspace here


def opened(space: Workspace) -> None:
    """Workers forked from now on need not open the workspace, nor make what any return of its commonest level needs."""
    _opened[space.folder] = space
    space.shape.level(commonest(space))
    _ = space.shape.keys


def commonest(space: Workspace) -> Level:
    """The level of most of those who send returns."""
    return Counter(unit.level for unit in space.catalogue.tree.leaves).most_common(1)[0][0]


class ReadReturn:
    """The work of a worker: pre-flight and reading, then, with the workspace, placing and checking alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def space(self) -> Workspace:
        """The workspace, opened once in a process."""
        if self.folder not in _opened:
            _opened[self.folder] = open_workspace(self.folder)
        return _opened[self.folder]

    def _shape(self, source: Source) -> Shape:
        """The shape of the tier whose unit sent it."""
        space, unit = self.space(), source.stamps[0].unit if source.stamps else ""
        return space.of(unit).shape if unit in space.whole else space.shape

    def __call__(self, content: bytes) -> Answer:
        from .admission import admitted

        return self._answer(admitted(content))

    def finish(self, begun: bytes) -> Answer:
        """The same from what another process has begun."""
        return self._answer(pickle.loads(begun))

    def _answer(self, told: Admitted) -> Answer:
        if told.source is None:
            return Answer(None, refusals=told.refusals)
        shape = self._shape(told.source)
        ret = read_return(shape, told.source, "", "")
        if isinstance(ret, str):
            return Answer(None, foreign=ret)
        return Answer(Slim.of(ret, list(check_one(shape, ret))), notices=told.notices)
