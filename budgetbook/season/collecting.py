"""收: what lies in `returned` is archived and written down, and of every unit the version that counts is read."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePath

from ..door.candidates import Candidate
from ..door.collect import collect
from ..intake import Intake, doubled, take_in
from ..model import FileState, Finding
from ..workspace import Impossible, Workspace
from .archive import find, keep
from .facts import Received, local, now
from .history import NOTHING, History, Version, histories
from .ledger import read
from .pages import Told, record

Here = Mapping[str, str]  # sha256 → where a file with that content lies
IN_ZIP = "!"
VERSIONS, ARCHIVE = "F-05", "F-12"


def season(space: Workspace) -> tuple[Mapping[str, History], Told]:
    """Unit → its season so far, and how it was read."""
    told = read(space.season)
    return histories(told.facts), told


def collected(space: Workspace, paths: Sequence[Path]) -> Iterator[Intake]:
    """What is new under *paths*: every return among it is archived and written down at once. Raises Impossible, OSError."""
    for path in paths:
        if not path.exists():
            raise Impossible(f"没有找到 {path}，请核对路径")
    yield from _collected(space, _here(paths))


def standing(space: Workspace, accepted: bool = False) -> Iterator[Intake]:
    """What is new in `returned`, collected; then, of every unit, the version that counts. *accepted*: only what is accepted."""
    here, fresh = _here([space.returned]), Intake()
    for fresh in _collected(space, here):
        yield fresh
    known = _decided(space, here)
    wanted = _wanted(known, accepted)
    seen = {file.sha256 for file in fresh.files if file.state == "read"}
    paths = [path for sha256 in wanted if sha256 not in seen and (path := _lies(space, sha256, here))]
    if not (paths or fresh.files):
        yield from take_in(space, [space.returned])  # which says that nothing came
    rest = Intake()
    for rest in take_in(space, paths) if paths else ():
        yield rest
    yield _joined(space, (fresh, rest), known, wanted, here)


def used(space: Workspace) -> list[Path]:
    """Where the versions that count lie, once what is new in `returned` is collected. Raises Impossible, OSError."""
    here = _here([space.returned])
    deque(_collected(space, here), maxlen=0)
    wanted = _wanted(_decided(space, here), accepted=False)
    return [path for sha256 in wanted if (path := _lies(space, sha256, here))] or [space.returned]


def _collected(space: Workspace, here: Here) -> Iterator[Intake]:
    known, _ = season(space)
    held = {version.received.sha256 for history in known.values() for version in history.versions}
    fresh = list(dict.fromkeys(_file(path) for sha256, path in here.items() if sha256 not in held))
    intake, at, done = Intake(), now(), 0
    for intake in take_in(space, fresh) if fresh else ():
        for file in intake.files[done:]:
            if file.state == "read" and file.sha256 not in held:
                _receive(space, file, at, known.get(file.unit, NOTHING))
        done = len(intake.files)
        yield intake
    yield intake


def _here(paths: Sequence[Path]) -> dict[str, str]:
    found = dict[str, str]()
    for each in _candidates(paths):
        found.setdefault(each.sha256, each.path)
    return found


def _candidates(paths: Iterable[Path]) -> Iterator[Candidate]:
    return (each for each in collect(paths) if isinstance(each, Candidate))


def _file(path: str) -> Path:
    """The file itself, or the archive that it came in."""
    return Path(path) if Path(path).exists() else Path(path.partition(IN_ZIP)[0])


def _name(path: str) -> str:
    return PurePath(path if Path(path).exists() else path.rpartition(IN_ZIP)[2]).name


def _receive(space: Workspace, file: FileState, at: str, history: History) -> None:
    """Into the archive first, so that what is written down is never without it; one that changed meanwhile comes again."""
    path = _file(file.path)
    content = next((each.content for each in _candidates([path]) if each.sha256 == file.sha256), None)
    if content is not None:
        keep(space.season, file.sha256, _name(file.path), content)
        record(space.season, [Received(file.unit, _arrival(path, at, history), file.sha256, _name(file.path))])


def _arrival(path: Path, at: str, history: History) -> str:
    """A file that lay there already when another version was received came with it: neither is the newer."""
    newest = history.versions[-1].received.at if history.versions else ""
    lay = newest and path.stat().st_ctime < datetime.fromisoformat(newest).timestamp()
    return newest if lay else at


def _decided(space: Workspace, here: Here) -> Mapping[str, History]:
    """The seasons, once a unit of whose rival versions only one still lies there has got that as its newest."""
    known, _ = season(space)
    left = {
        code: [each.received for each in history.rivals if each.received.sha256 in here]
        for code, history in known.items()
    }
    chosen = [replace(each[0], at=now()) for each in left.values() if len(each) == 1]
    if not chosen:
        return known
    record(space.season, chosen)
    return season(space)[0]


def _wanted(known: Mapping[str, History], accepted: bool) -> dict[str, str]:
    """sha256 → unit of every version that counts."""
    return {
        history.used.received.sha256: code
        for code, history in known.items()
        if history.used and (history.accepted or not accepted)
    }


def _lies(space: Workspace, sha256: str, here: Here) -> Path | None:
    """Where the content can be read: where the unit's file still lies, or in the archive."""
    path = Path(here.get(sha256, ""))
    return path if sha256 in here and path.is_file() else find(space.season, sha256)


def _joined(
    space: Workspace, parts: Iterable[Intake], known: Mapping[str, History], wanted: Mapping[str, str], here: Here
) -> Intake:
    joined = Intake()
    for part in parts:
        unused = {ret.file for ret in part.returns.values() if ret.sha256 not in wanted}
        joined.returns |= {code: ret for code, ret in part.returns.items() if ret.file not in unused}
        joined.accounts |= {file: each for file, each in part.accounts.items() if file not in unused}
        joined.findings += [each for each in part.findings if each.file not in unused and each.rule != VERSIONS]
        joined.files += [file for file in part.files if file.state != "read" or file.sha256 in wanted]
    _set_aside(space, joined, known, wanted, here)
    joined.findings += _altered(space, joined, known, wanted)
    joined.files.sort(key=lambda file: PurePath(file.path).name)
    return joined


def _set_aside(
    space: Workspace, intake: Intake, known: Mapping[str, History], wanted: Mapping[str, str], here: Here
) -> None:
    """What lies in `returned` and is not used, and why."""
    for unit in space.catalogue.tree.leaves:
        history = known.get(unit.code, NOTHING)
        for version in history.versions:
            sha256 = version.received.sha256
            if sha256 in wanted or sha256 not in here:
                continue
            says = f"{_name(here[sha256])} {_why_not(history, version)}"
            intake.files.append(FileState(here[sha256], sha256, unit.code, unit.name, "superseded", says))
            if history.accepted and version in history.waiting:
                intake.findings.append(Finding(VERSIONS, "note", says, unit.code, here[sha256]))
        if history.rivals and history.used is None:
            files = [each.received.file for each in history.rivals]
            intake.findings.append(doubled(unit, files, here.get(history.rivals[0].received.sha256, files[0])))


def _why_not(history: History, version: Version) -> str:
    used, came = history.used, local(version.received.at)
    if history.rivals and not used:
        return f"与另一个内容不同的文件同时收到（{came}），请只留下要用的一个；在此之前都不采用。"
    if used is None or (not history.accepted and version == used):
        return f"是第 {version.number} 版（{came} 收到），还没有接收；这次只用已接收的版本。"
    if history.accepted and version in history.waiting:
        return (
            f"是第 {version.number} 版（{came} 收到），第 {used.number} 版已由{history.accepted.by}接收，没有采用。"
            "要改用新版，请先 reopen 退回已接收的版本。"
        )
    return f"是第 {version.number} 版（{came} 收到），已有第 {used.number} 版（{local(used.received.at)} 收到），没有采用。"


def _altered(
    space: Workspace, intake: Intake, known: Mapping[str, History], wanted: Mapping[str, str]
) -> Iterator[Finding]:
    """What counts and could not be read as it came."""
    seen = {file.sha256 for file in intake.files}
    for sha256, code in wanted.items():
        if sha256 not in seen:
            version = next(each for each in known[code].versions if each.received.sha256 == sha256)
            says = (
                f"第 {version.number} 版（{version.received.file}，{local(version.received.at)} 收到）在存档中找不到或被改动过，"
                f"没有采用。请从备份恢复 {space.season / 'archive' / sha256[:20]}，或请单位重新报送。"
            )
            yield Finding(ARCHIVE, "error", says, code, version.received.file)
