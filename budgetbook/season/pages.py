"""The folder in which the pages of facts lie: read whole, added to, never changed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ..saving import save
from .facts import Fact, on_page, page

FACTS = "facts"


@dataclass(slots=True)
class Told:
    """Facts in the order in which they happened, and the pages that were tampered with."""

    facts: list[Fact] = field(default_factory=list)
    spoilt: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)  # sentences about the ledger

    @property
    def says(self) -> list[str]:
        """What the operator should know of how this was read."""
        names = "、".join(self.spoilt[:3]) + (" 等" if len(self.spoilt) > 3 else "")
        lost = f"facts 文件夹有 {len(self.spoilt)} 页被改动或损坏，其中的事没有采用：{names}。请从备份恢复这些文件。"
        return [*self.mended, *([lost] if self.spoilt else [])]


def record(folder: Path, facts: Iterable[Fact]) -> None:
    """Facts that belong together, on one page: all of them or none. Raises OSError."""
    name, text = page(facts)
    restore(folder, name, text)


def page_names(folder: Path, kind: str = "") -> list[str]:
    """The pages of one kind, or all, in the order of their moments."""
    try:
        found = os.listdir(folder / FACTS)
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(name for name in found if name.endswith(".json") and f"-{kind}" in name and name[0] != ".")


def told(folder: Path, kind: str = "") -> Told:
    """What the pages tell."""
    return gathered((name, page_text(folder, name)) for name in page_names(folder, kind))


def gathered(pages: Iterable[tuple[str, str]]) -> Told:
    """Facts from pages."""
    found = Told()
    for name, text in sorted(pages):
        try:
            found.facts += on_page(name, text)
        except (ValueError, KeyError, TypeError):
            found.spoilt.append(name)
    found.facts.sort(key=lambda fact: fact.at)
    return found


def page_text(folder: Path, name: str) -> str:
    """A page as it stands."""
    return (folder / FACTS / name).read_text(encoding="utf-8", errors="replace")


def restore(folder: Path, name: str, text: str) -> None:
    """A page that is gone, from a copy of it. Raises OSError."""
    (folder / FACTS).mkdir(parents=True, exist_ok=True)
    save(folder / FACTS / name, text.encode(), lasting=True)
