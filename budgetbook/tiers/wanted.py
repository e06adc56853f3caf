"""What is to be done at each tier, and whether a tree has several."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..problems import Impossible
from ..workspace import Workspace

ONE = ("prior", "estimates", "accepted")  # options for a tree of one tier
LEDGER = ("collect", "status", "accept", "reopen")  # commands of the season, which is kept of one tier only


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done at each tier: check alone, or consolidate into a folder; what is written beside."""

    books: Path | None = None
    by_unit: bool = False
    feedback: Path | None = None
    figures: str = ""  # a folder, or on a cluster an address that fsspec knows


def several(space: Workspace, **options: object) -> bool:
    """Whether the tree has several tiers. Raises Impossible for *options* that one tier or several do not have."""
    many = len(space.whole.tiers) > 1
    for name, given in options.items():
        if given and many and name in ONE:
            raise Impossible(f"单位名单有多级财政时不能用 --{name}，请在一个市自己的工作区里用")
        if given and not many and name not in ONE:
            raise Impossible(f"--{name} 只用于有多级财政（tier = true）的单位名单，这个工作区只有一级，请去掉")
    return many


def one_tier(space: Workspace, command: str) -> None:
    """Raises Impossible where the tree has several tiers, for a *command* that only one has."""
    if len(space.whole.tiers) > 1:
        season = "不记台账，check 和 consolidate 直接用 returned 里的文件，" if command in LEDGER else ""
        raise Impossible(f"单位名单有多级财政时{season}不能用 {command}，请在一个市自己的工作区里用")
