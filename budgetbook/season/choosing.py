"""选定: of versions that came at once, which one counts: the one that was left, never one that may only be out of sight."""

from __future__ import annotations

from collections.abc import Mapping

from ..door.candidates import displayed
from ..workspace import Workspace
from .facts import Chosen, now
from .history import History, Version
from .lying import Lying, lying, name_of


def remaining(space: Workspace, known: Mapping[str, History], here: Lying | None = None) -> list[Chosen]:
    """What decides between the rivals of units by lying in `returned` alone; *here*: what lies there, if that is known."""
    undecided = {code: history for code, history in known.items() if history.rivals}
    if not undecided:
        return []
    found = here or (lying([space.returned]) if space.returned.exists() else Lying())
    one = {code: _remaining(history, found) for code, history in undecided.items()}
    return [Chosen(code, now(), version.received.sha256, "") for code, version in one.items() if version]


def _remaining(history: History, here: Lying) -> Version | None:
    """The only rival that is still there; if none is, the version that counted before them, unless it is not there either."""
    if not history.rivals:
        return next((each for each in history.versions[-1:] if _lies(each, here)), None)
    there = [each for each in history.rivals if each.received.handed or _lies(each, here)]
    if not there:
        before = tuple(each for each in history.versions if each not in history.rivals)
        return _remaining(History(versions=before), here)
    return there[0] if len(there) == 1 else None


def _lies(version: Version, here: Lying) -> bool:
    """Whether it lies there, or may be the file that cannot be read just now."""
    unread = {displayed(name_of(path)) for path in here.unread}
    return bool(here.first(version.received.sha256)) or version.received.file in unread
