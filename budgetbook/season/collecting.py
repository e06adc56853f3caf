"""收: what lies in `returned` is archived and written down, and of every unit the version that counts is read."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from ..door.candidates import displayed
from ..intake import Intake, take_in
from ..problems import Impossible
from ..workspace import Workspace
from .archive import find, keep
from .choosing import remaining
from .facts import Received, now
from .history import NOTHING, History, histories
from .joining import again, joined
from .ledger import read
from .lying import Lying, contents, file_of, lying, name_of
from .pages import Told, record


def season(space: Workspace) -> tuple[Mapping[str, History], Told]:
    """Unit → its season so far, and how it was read."""
    told = read(space.season)
    return histories(told.facts), told


def settled(space: Workspace) -> tuple[Mapping[str, History], Told]:
    """The same, as it is once what is left in `returned` has decided between rivals; nothing is written down."""
    known, told = season(space)
    chosen = remaining(space, known)
    return (histories([*told.facts, *chosen]) if chosen else known), told


def collected(space: Workspace, paths: Sequence[Path]) -> Iterator[Intake]:
    """What is new under *paths*: every return among it is archived and written down at once. Raises Impossible, OSError."""
    for path in paths:
        if not path.exists():
            raise Impossible(f"没有找到 {path}，请核对路径")
    here, before = lying(paths), season(space)[0]
    intake = Intake()
    for intake in _collected(space, here):
        yield intake
    known, told = _decided(space), {file.path for file in intake.files}
    given = {
        version.received.sha256: [
            place
            for place in here.files.get(version.received.sha256, ())
            if displayed(place) not in told and _handed(space, file_of(place))
        ]
        for history in before.values()
        for version in history.versions
    }
    intake.files += again(space.catalogue.tree, known, given)
    yield intake


def standing(space: Workspace, accepted: bool = False) -> Iterator[Intake]:
    """What is new in `returned`, collected; then, of every unit, the version that counts. *accepted*: only what is accepted."""
    here, fresh = lying([space.returned]), Intake()
    for fresh in _collected(space, here):
        yield fresh
    known = _decided(space, here)
    wanted = _wanted(known, accepted)
    got = {ret.sha256 for ret in fresh.returns.values()}
    paths = [path for sha256 in wanted if sha256 not in got and (path := _lies(space, sha256, here))]
    if not (paths or fresh.files or any(history.undecided for history in known.values())):
        yield from take_in(space, [space.returned])  # which says that nothing came
    rest = Intake()
    for rest in take_in(space, paths) if paths else ():
        yield rest
    yield joined((fresh, rest), space.catalogue.tree, known, wanted, here)


def used(space: Workspace) -> list[Path]:
    """Where the versions that count lie, once what is new in `returned` is collected, and the files there that could not be.

    Of several tiers no season is kept: whatever lies in `returned` counts. Raises Impossible, OSError.
    """
    if len(space.whole.tiers) > 1:
        return [space.returned]
    here = lying([space.returned])
    came = deque(_collected(space, here), maxlen=1).pop()
    refused = [
        here.first(file.sha256) for file in came.files if file.state in ("foreign", "unreadable") and file.sha256
    ]
    wanted = _wanted(_decided(space, here), accepted=False)
    return [
        *(path for sha256 in wanted if (path := _lies(space, sha256, here))),
        *dict.fromkeys(map(file_of, (*refused, *here.unread))),
    ] or [space.returned]


def _collected(space: Workspace, here: Lying) -> Iterator[Intake]:
    known, _ = season(space)
    held = {version.received.sha256 for history in known.values() for version in history.versions}
    fresh, intake, at, done = here.fresh(held), Intake(), now(), 0
    packed: dict[Path, dict[str, str]] = {}
    for intake in take_in(space, fresh) if fresh else ():
        for file in intake.files[done:]:
            if file.state == "read" and file.sha256 not in held:
                place = here.first(file.sha256)
                if Path(place).exists():
                    _receive(space, Path(place), {file.sha256: file.unit}, at, known)
                else:
                    packed.setdefault(file_of(place), {})[file.sha256] = file.unit
        done = len(intake.files)
        yield intake
    for path, units in packed.items():
        _receive(space, path, units, at, known)
    yield intake


def _receive(space: Workspace, path: Path, units: Mapping[str, str], at: str, known: Mapping[str, History]) -> None:
    """What a file or an archive holds of *units* (sha256 → unit): into the archive first, so that what is written down is never
    without it; one that changed meanwhile comes again."""
    left = dict(units)
    for each in contents(path):
        if (unit := left.pop(each.sha256, None)) is not None:
            name = displayed(name_of(each.file))
            keep(space.season, each.sha256, name, each.content)
            handed = _handed(space, path)
            came = at if handed else _arrival(path, at, known.get(unit, NOTHING))
            record(space.season, [Received(unit, came, each.sha256, name, handed)])


def _handed(space: Workspace, path: Path) -> bool:
    """Whether a file that was named to `collect` does not lie in `returned`."""
    return not path.resolve().is_relative_to(space.returned.resolve())


def _arrival(path: Path, at: str, history: History) -> str:
    """A file that lay in `returned` already when another version was received came with it: neither is the newer."""
    newest = history.versions[-1].since if history.versions else ""
    lay = newest and path.stat().st_ctime < datetime.fromisoformat(newest).timestamp()
    return newest if lay else at


def _decided(space: Workspace, here: Lying | None = None) -> Mapping[str, History]:
    """The seasons, once what is left of rivals is written down as chosen; *here*: what lies in `returned`, if that is known."""
    known, _ = season(space)
    if chosen := remaining(space, known, here):
        record(space.season, chosen)
        return season(space)[0]
    return known


def _wanted(known: Mapping[str, History], accepted: bool) -> dict[str, str]:
    """sha256 → unit of every version that counts."""
    return {
        history.used.received.sha256: code
        for code, history in known.items()
        if history.used and (history.accepted or not accepted)
    }


def _lies(space: Workspace, sha256: str, here: Lying) -> Path | None:
    """Where the content can be read: where the unit's file still lies, or in the archive."""
    path = Path(here.first(sha256))
    return path if path.is_file() else find(space.season, sha256)
