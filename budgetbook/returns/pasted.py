"""K-03: totals that came back as values: a few are named one by one, many by form, all of a file at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..finding import Finding
from ..form import Column, Form, Line
from ..layout import a1, letters
from .source import Spot

FEW, SHOWN, FORMS = 5, 8, 3  # totals named one by one; columns named; forms from which on a file is told as one
AGAIN = "汇总时按明细重新计算"


@dataclass(frozen=True, slots=True)
class Total:
    """A total that stands as a value."""

    spot: Spot
    line: Line
    column: Column


@dataclass(frozen=True, slots=True)
class Pasted:
    """One form: its totals that are values now, and how many still have a formula."""

    form: Form
    sheet: str
    lost: Sequence[Total]
    kept: int

    @property
    def whole(self) -> bool:
        """Whether no total of the form has its formula left."""
        return bool(self.lost) and not self.kept

    def __str__(self) -> str:
        extent = "全部" if self.whole else f"有 {len(self.lost)} 个"
        return f"合计公式{extent}被改成了数值{self._where()}，{AGAIN}"

    def _where(self) -> str:
        columns = sorted({total.spot[1] for total in self.lost})
        named = "、".join(map(letters, columns[:SHOWN])) + (f" 等 {len(columns)}" if len(columns) > SHOWN else "")
        count = f"共 {len(self.lost)} 个，" if self.whole else ""
        return f"（{count}从 {a1(*min(total.spot for total in self.lost))} 起，在 {named} 栏）"


def pasted_over(forms: Sequence[Pasted]) -> Iterator[Finding]:
    """What is to be said of all forms of a file."""
    told = [each for each in forms if each.lost]
    if len(told) < FORMS or any(each.kept for each in forms):
        for each in told:
            yield from _singly(each) if len(each.lost) <= FEW else [_together(each)]
        return
    count = sum(len(each.lost) for each in told)
    says = (
        f"文件里 {len(told)} 张表的合计公式全部被改成了数值，共 {count} 个，{AGAIN}。"
        "下次请直接在下发的文件中填报，粘贴时只贴明细，不要整表粘贴为数值。"
    )
    yield Finding("K-03", "note", says, echoes=tuple(map(_together, told)))


def _together(each: Pasted) -> Finding:
    says = f"{each.sheet} 的{each}。下次请在下发的文件中填报，粘贴时只贴明细。"
    first = min(total.spot for total in each.lost)
    return Finding("K-03", "note", says, form=each.form.id, sheet=each.sheet, cell=a1(*first))


def _singly(each: Pasted) -> Iterator[Finding]:
    for total in each.lost:
        cell = a1(*total.spot)
        says = f"{each.sheet}!{cell}“{total.line.name}”{total.column.heading}的合计公式被改成了数值，{AGAIN}。"
        key = each.form.id, total.line.code, total.column.id
        yield Finding("K-03", "note", says, "", "", *key, each.sheet, cell)
