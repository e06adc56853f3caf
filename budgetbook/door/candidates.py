"""What comes to the door: the private bytes of one file, or the sentence that says why it stayed outside."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from .kinds import Kind
from .remarks import shown
from .sniff import sniff


@dataclass(frozen=True, slots=True)
class Candidate:
    """One file, read once. `path` is for people: `folder/archive.zip!member.xlsx` for a member of an archive; `file` is the same
    with every letter as it is, to find it again."""

    path: str
    sha256: str
    content: bytes
    kind: Kind
    file: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not read. `code` is `junk` for what programs leave behind; any other code is worth a look."""

    path: str
    code: str
    says: str
    file: str = ""


def candidate(path: str, content: bytes) -> Candidate:
    """Hash and sniff a file's bytes."""
    return Candidate(displayed(path), hashlib.sha256(content).hexdigest(), content, sniff(content), path)


def skipped(path: str, code: str, says: str) -> Skipped:
    return Skipped(displayed(path), code, says, path)


def displayed(path: str) -> str:
    """A path as people are shown it."""
    return shown(path, 4_096)
