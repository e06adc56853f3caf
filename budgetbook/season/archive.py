"""The archive of returns: each content once, in a folder named by its hash, under the name it came with; never overwritten."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path, PurePath

from ..saving import PARTIAL, save

ARCHIVE = "archive"
_AWKWARD = re.compile(r'[\x00-\x1f<>:"/\\|?*]|^[.~]|[. ]$')


def keep(folder: Path, sha256: str, named: str, content: bytes) -> Path:
    """Where *content* lies from now on. Raises OSError."""
    if kept := find(folder, sha256):
        return kept
    place = _place(folder, sha256)
    place.mkdir(parents=True, exist_ok=True)
    path = place / (_AWKWARD.sub("_", PurePath(named).name)[-100:] or "返回表.xlsx")
    save(path, content, lasting=True)
    with suppress(OSError):  # some shared folders know no such right
        path.chmod(0o444)
    return path


def find(folder: Path, sha256: str) -> Path | None:
    """The archived file, None if there is none."""
    try:
        found = sorted(path for path in _place(folder, sha256).iterdir() if not path.name.endswith(PARTIAL))
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found[0] if found else None


def _place(folder: Path, sha256: str) -> Path:
    return folder / ARCHIVE / sha256[:20]
