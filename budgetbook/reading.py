"""What a worker makes of the bytes of one file: a return, checked alone, or why it is none.

Bytes from outside are only ever read in a worker process that may die of them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from .book import SlimBook
from .checks import check_one
from .door.remarks import Remark
from .door.verdicts import verdict
from .finding import Finding
from .form import Level
from .returns import Accounts, Receipt, Return, Source, Where, read_return
from .shape import Shape
from .sheet import Stamp
from .workspace import Workspace, open_workspace


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
    """The work of a worker: pre-flight, read, place, check alone."""

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
        from .xlsx.contents import Contents
        from .xlsx.read import Unreadable, read

        told = verdict(content)
        if not told.admitted:
            return Answer(None, refusals=told.refusals)
        try:
            source = read(content, Contents(told.parts, told.plain))
            shape = self._shape(source)
            ret = read_return(shape, source, "", "")
        except Unreadable as error:
            return Answer(
                None,
                refusals=(
                    Remark("unreadable", f"不是能读取的 Excel 工作簿（{error}），没有读取。请另存为 .xlsx 后重发。"),
                ),
            )
        if isinstance(ret, str):
            return Answer(None, foreign=ret)
        return Answer(Slim.of(ret, list(check_one(shape, ret))), notices=told.notices)
