"""What lies in a folder, by content: which files are new, and where a content can be read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from ..door.candidates import Candidate
from ..door.collect import collect

IN_ZIP = "!"


@dataclass(frozen=True, slots=True)
class Lying:
    """sha256 → the files with that content; and the files that nobody can read."""

    files: dict[str, list[str]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)

    def fresh(self, held: Collection[str]) -> list[Path]:
        """The files, or the archives, in which there is anything else than what is *held*."""
        new = [path for sha256, paths in self.files.items() if sha256 not in held for path in paths]
        return list(dict.fromkeys(map(file_of, (*new, *self.unread))))

    def first(self, sha256: str) -> str:
        """A file with that content; empty if there is none."""
        return next(iter(self.files.get(sha256, ())), "")


def lying(paths: Iterable[Path]) -> Lying:
    """Everything under *paths* but what programs leave behind."""
    found = Lying()
    for each in collect(paths):
        if isinstance(each, Candidate):
            found.files.setdefault(each.sha256, []).append(each.file)
        elif each.code != "junk":
            found.unread.append(each.file)
    return found


def contents(path: Path) -> Iterator[Candidate]:
    """What a file, or an archive, holds."""
    return (each for each in collect([path]) if isinstance(each, Candidate))


def file_of(path: str) -> Path:
    """The file itself, or the archive that it is a member of."""
    return Path(path) if Path(path).exists() else Path(path.partition(IN_ZIP)[0])


def name_of(path: str) -> str:
    """What a file, or a member of an archive, is called."""
    return PurePath(path if Path(path).exists() else path.rpartition(IN_ZIP)[2]).name
