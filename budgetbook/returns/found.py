"""What is found on a sheet that has to be searched, and what stays in doubt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ..form import Line
from .marks import Where
from .source import Spot


@dataclass(frozen=True, slots=True)
class Doubt:
    """A line or column, or with neither the whole sheet, of which it cannot be told where it stands; `rows` and `columns` were
    therefore not read."""

    says: str
    line: str = ""
    column: str = ""
    rows: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()


@dataclass(slots=True)
class Search:
    """What was found on one sheet, the cells that served to find it, what had to be recovered, and what is ambiguous."""

    where: Where | None = None
    furniture: set[Spot] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)  # our keys that are gone, and what told in their place
    recovered: list[str] = field(default_factory=list)
    ambiguous: list[Doubt] = field(default_factory=list)
    renamed: list[tuple[Line, int, str]] = field(default_factory=list)  # line, row, the name that stands there
    unnamed: list[tuple[Line, int]] = field(
        default_factory=list
    )  # line, row: nothing but the key says which line it is
    head: int = 0  # the row that names the columns


def distinct(spots: list[int], content: Callable[[int], object], found: Search, doubt: Doubt) -> list[int]:
    """One of several copies, if all that have content agree; otherwise none, and that is said of what *doubt* names."""
    what = doubt.says
    contents = {at: content(at) for at in spots}
    filled = [at for at in spots if contents[at]]
    if len({contents[at] for at in filled}) <= 1:
        found.recovered.append(f"{what}有 {len(spots)} 份，内容没有出入，按第一份读取")
        return (filled or spots)[:1]
    says = f"{what}有 {len(spots)} 份且内容不同，不知以哪份为准，没有读取，请只保留一份"
    found.ambiguous.append(replace(doubt, says=says))
    return []
