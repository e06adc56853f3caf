"""The country on a Dask cluster: the same function for a file and for a tier, and the tree of tiers as the graph.

A worker that is lost is replaced by Dask, and what it had read is read again. A file whose reading kills worker after worker
is one finding, as it is here. Workers need the workspace under the same path; files may be paths or addresses that fsspec knows.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Any

from ..door.candidates import Candidate, Skipped, candidate
from ..door.collect import collect
from ..door.kinds import Kind
from ..door.workers import Killed, attempted, killed
from ..intake import Arrivals, Intake, is_read, nothing_came
from ..problems import Impossible
from ..reading import opened
from ..workspace import Workspace, open_workspace
from .closing import Answered, Closed, Member, close
from .kept import Kept
from .waiting import ReadPacked, packed, unpacked
from .wanted import Wanted

RETRIES = 3
_alone = Lock()  # a worker with several threads still does one thing at a time
_spaces: dict[str, Workspace] = {}


@dataclass(frozen=True, slots=True)
class Label:
    """What has to be known of a file to say where it goes."""

    found: Candidate | Skipped
    tier: str


@dataclass(frozen=True, slots=True)
class Told:
    """A file as it waits on a worker for its tier: its label, and the answer, packed; nothing of one that was not read."""

    label: Label
    answer: bytes = b""


Read = list[Told]  # of one path, or of one archive


def close_on(
    space: Workspace, address: str, paths: Sequence[Path | str], wanted: Wanted, kept: Kept
) -> Iterator[Closed]:
    """Every tier, lowest first, closed on the cluster at *address*. Raises Impossible."""
    distributed = _library()
    files = list(_files(paths))
    folder = str(space.folder.resolve())
    with _client(distributed, address) as client:
        reads = client.map(read_there, [folder] * len(files), files, pure=False, retries=RETRIES)
        labels = client.map(labels_there, reads, pure=False, retries=RETRIES)
        told, parts = Intake(), dict[str, list[tuple[Any, int]]]()
        lost = dict[str, list[Answered]]()
        root = space.whole.units[0].code
        found = list(_labelled(files, labels))
        wanted_of = {id(each.found): (number, at) for number, row in enumerate(found) for at, each in enumerate(row)}
        tiers = {id(each.found): each.tier for row in found for each in row}
        names = frozenset(unit.name for unit in space.whole.units)
        for each in Arrivals(told, {}, names).readable([label.found for row in found for label in row]):
            number, at = wanted_of[id(each)]
            if labels[number].status == "error":
                lost.setdefault(root, []).append((each, killed("crashed")))
            else:
                parts.setdefault(tiers[id(each)], []).append((reads[number], at))
        if not files:
            nothing_came(told, [Path(path) for path in paths])
        kept.add(root, told.files, told.findings)
        del reads, labels
        yield from _closed(distributed, client, space, folder, parts, lost, wanted)


def _closed(
    distributed: Any,
    client: Any,
    space: Workspace,
    folder: str,
    parts: Mapping[str, list[tuple[Any, int]]],
    lost: Mapping[str, list[Answered]],
    wanted: Wanted,
) -> Iterator[Closed]:
    """The graph follows the tree: a tier waits for its files and for the tiers below it."""
    closings: dict[str, Any] = {}
    for tier in space.whole.tiers:
        lower = [closings[each.code] for each in space.whole.within(tier.code) if each.code in closings]
        mine = parts.get(tier.code, [])
        reads, picks = [read for read, _ in mine], [at for _, at in mine]
        rest = lost.get(tier.code, [])
        closings[tier.code] = client.submit(
            close_there, folder, tier.code, reads, picks, rest, lower, wanted, pure=False, retries=RETRIES
        )
    for done in distributed.as_completed(list(closings.values()), loop=client.loop):
        yield replace(done.result(), member=None)


def read_there(folder: str, path: str) -> Read:
    """One file, or every file of one archive, read on a worker."""
    with _alone:
        found = [candidate(path, _fetched(path))] if "://" in path else list(collect([path]))
        return [_told(folder, each) for each in found]


def _told(folder: str, found: Candidate | Skipped) -> Told:
    if isinstance(found, Skipped):
        return Told(Label(found, ""))
    light = replace(found, content=b"")
    if not is_read(found):
        return Told(Label(light, ""))
    root = _space(folder).whole.units[0].code
    answer = attempted(ReadPacked(Path(folder)), found.content)
    if isinstance(answer, Killed):
        return Told(Label(light, root), packed(answer))
    return Told(Label(light, answer.tier), answer.answer)


def labels_there(read: Read) -> list[Label]:
    """Where the files of one path go; small enough to be gathered."""
    return [each.label for each in read]


def close_there(
    folder: str,
    tier: str,
    reads: Sequence[Read],
    picks: Sequence[int],
    lost: Sequence[Answered],
    lower: Sequence[Closed],
    wanted: Wanted,
) -> Closed:
    """One tier, closed on a worker."""
    with _alone:
        told = [read[at] for read, at in zip(reads, picks, strict=True)]
        answered = (
            (each.label.found, unpacked(each.answer)) for each in told if isinstance(each.label.found, Candidate)
        )
        members: list[Member] = [closed.member for closed in lower if closed.member]
        return close(_space(folder), tier, chain(answered, lost), members, wanted)


def _space(folder: str) -> Workspace:
    if folder not in _spaces:
        _spaces[folder] = open_workspace(Path(folder))
        opened(_spaces[folder])  # one for reading and closing
        gc.collect()
        gc.freeze()  # all that Dask and the catalogue have made stays; it is not looked through again for garbage
    return _spaces[folder]


def _labelled(files: Sequence[str], labels: Sequence[Any]) -> Iterator[list[Label]]:
    """The labels path by path; of one that killed every worker that tried, what is left to say."""
    from distributed.scheduler import KilledWorker

    for path, future in zip(files, labels, strict=True):
        try:
            yield future.result()
        except KilledWorker:
            yield [Label(Candidate(path, "", b"", Kind.XLSX), "")]


def _files(paths: Sequence[Path | str]) -> Iterator[str]:
    """Every file, in the order in which this machine alone would read them."""
    for path in map(str, paths):
        if "://" in path:
            yield from _listed(path)
        elif not os.path.exists(path):
            raise Impossible(f"没有找到 {path}，请核对路径")
        elif os.path.isdir(path):
            yield from (os.path.join(folder, name) for folder, name in _walked(path))
        else:
            yield os.path.abspath(path)


def _walked(top: str) -> Iterator[tuple[str, str]]:
    for folder, folders, files in os.walk(os.path.abspath(top)):
        folders.sort()
        yield from ((folder, name) for name in sorted(files))


def _listed(address: str) -> Iterator[str]:
    import fsspec

    system, root = fsspec.core.url_to_fs(address)
    yield from (system.unstrip_protocol(path) for path in sorted(system.find(root)))


def _fetched(address: str) -> bytes:
    import fsspec

    with fsspec.open(address, "rb") as file:
        content: bytes = file.read()
    return content


def _library() -> Any:
    try:
        import distributed
    except ImportError:
        raise Impossible(
            "用集群（--cluster）需要另装 Dask，请执行 pip install 'budgetbook[cluster]'，或去掉 --cluster"
        ) from None
    return distributed


def _client(distributed: Any, address: str) -> Any:
    try:
        return distributed.Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise Impossible(f"连不上集群 {address}（{error}）。请核对地址，先启动 dask scheduler 和 dask worker") from None
