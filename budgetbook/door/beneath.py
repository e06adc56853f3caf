"""What lies beneath the values of one sheet of an old or open format, each cell once and all in a bounded box."""

from __future__ import annotations

from dataclasses import dataclass, field

from .cells import address, too_many_cells
from .limits import Limits
from .remarks import RESAVE, Refused

Spot = tuple[int, int]  # row and column from zero


@dataclass(slots=True)
class Beneath:
    """`content`: where anything stands; `errors` among them; `unshown`: `formulas` that show nothing; `zeros`:
    those whose result is a plain 0; the hidden rows and columns as runs."""

    limits: Limits
    content: set[Spot] = field(default_factory=set)
    errors: dict[Spot, str] = field(default_factory=dict)
    formulas: set[Spot] = field(default_factory=set)
    unshown: set[Spot] = field(default_factory=set)
    zeros: set[Spot] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[range] = field(default_factory=list)
    hidden_columns: list[range] = field(default_factory=list)
    _area: int = 0

    def fill(self, spot: Spot) -> None:
        """Something stands here. Raises Refused if something already did, or if it is too much."""
        if spot in self.content:
            says = f"单元格 {address(spot[0] + 1, spot[1] + 1)} 出现了两次，不知以哪个值为准。{RESAVE}"
            raise Refused("cell-duplicate", says)
        self.content.add(spot)
        if len(self.content) > self.limits.cells:
            raise too_many_cells(self.limits.cells)

    def merge(self, area: tuple[int, int, int, int]) -> None:
        """These cells are one. Raises Refused if there are too many of them."""
        top, left, bottom, right = area
        self._area += (abs(bottom - top) + 1) * (abs(right - left) + 1)
        self.merged.append(area)
        if self._area > self.limits.merged or len(self.merged) > self.limits.merges:
            says = f"合并单元格过多或过大（共 {len(self.merged):,} 处）。请取消表外的合并单元格，另存后再报。"
            raise Refused("merges", says)

    def check(self) -> None:
        """Raises Refused unless a reader that lays everything out from A1 on can afford it."""
        bottom, right = (max((spot[at] for spot in self.content), default=0) + 1 for at in (0, 1))
        if bottom * right > self.limits.box:
            says = (
                f"内容一直散布到 {address(bottom, right)}，远远超出表样。"
                "请按 Ctrl+End 找到表外的单元格，删去所在的行列，另存后再报。"
            )
            raise Refused("cell-box", says)

    def rows_hidden(self) -> frozenset[int]:
        """The hidden rows as far down as anything stands."""
        return _within(self.hidden_rows, max((row for row, _ in self.content), default=-1))

    def columns_hidden(self) -> frozenset[int]:
        """The hidden columns as far right as anything stands."""
        return _within(self.hidden_columns, max((column for _, column in self.content), default=-1))


def _within(runs: list[range], last: int) -> frozenset[int]:
    return frozenset(at for run in runs for at in range(run.start, min(run.stop, last + 1)))
