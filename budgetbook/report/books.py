"""The books that a report is held against or written from, and whether the consolidated ones among them are stale."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ..book import Book
from ..consolidation import consolidate, sent
from ..finding import Finding
from ..intake import Intake, take_in
from ..jobs import Progress
from ..narrative.standing import Standing
from ..papers.books import stale, taken_in
from ..season.collecting import used
from ..workspace import Workspace


def stand(space: Workspace, paths: Sequence[Path], progress: Progress, remedy: str) -> tuple[Standing, list[Finding]]:
    """The books in *paths*, and those of the nodes that are complete; a node handed in goes first, and if it is stale that is
    found. Raises Impossible."""
    intake = taken_in(space, paths, progress)
    given = {code: ret.book for code, ret in intake.returns.items()}
    leaves = sent(space.catalogue.tree, given)
    added = consolidate(space.shape, leaves).books
    nodes = {node.code: given[node.code] for node in space.catalogue.tree.nodes if node.code in given}
    now = added
    if nodes.keys() - added.keys():
        now = consolidate(space.shape, _current(space, progress) | leaves).books
    findings = [*intake.findings, *stale(nodes, now, remedy), *_unproven(nodes, now)]
    return Standing(space.shape, {**added, **given}, intake.returns), findings


def consolidated(space: Workspace, progress: Progress) -> dict[str, Book]:
    """The books of the nodes as they were last consolidated in the workspace."""
    made = [path for node in space.catalogue.tree.nodes if (path := space.out / space.file_name(node)).is_file()]
    return _books(space, made, progress) if made else {}


def _current(space: Workspace, progress: Progress) -> dict[str, Book]:
    """The books of the leaves in the versions that count."""
    paths = used(space) if space.returned.is_dir() else [space.returned]
    came = paths != [space.returned]
    return sent(space.catalogue.tree, _books(space, paths, progress)) if came else {}


def _books(space: Workspace, paths: Sequence[Path], progress: Progress) -> dict[str, Book]:
    intake: Intake = deque(progress("读取账册", take_in(space, paths), None), maxlen=1).pop()
    return {code: ret.book for code, ret in intake.returns.items()}


def _unproven(nodes: Mapping[str, Book], now: Mapping[str, Book]) -> Iterator[Finding]:
    names = "、".join(book.unit.name for code, book in nodes.items() if code not in now)
    if names:
        says = f"{names}的下级还没有报齐，无法判断汇总账册是否过时。请把各单位的报表放进工作区的 returned。"
        yield Finding("P-14", "note", says)
