"""What a person who opens a return does not see or may overlook: hidden rows with figures, comments, results that were not calculated anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..finding import Finding, Place
from ..form import Form
from ..layout import a1, letters
from ..shape import Key
from .arithmetic import worth
from .marks import Where
from .source import Grid, Source, Spot

SHOWN = 5
CLOSE, NEAR = 0.001, 1e-9  # in the unit of the form, and in proportion: how far programs differ in one sum
_CALCULATION = {
    "manual": (
        "文件设成了手动计算，其中公式的结果可能是旧的；合计由系统重新计算，填报数是公式的请核对。"
        "请在“公式”→“计算选项”中改为自动，重新保存。"
    ),
    "displayed": "文件设成了“以显示精度为准”，小数可能已被舍去。请核对填报数，在选项中取消这一设置后重新保存。",
    "circular": "文件打开了迭代计算，循环引用不会报错。请在选项中取消迭代计算，改正循环引用后重新保存。",
}


def calculation(source: Source) -> Iterator[Finding]:
    """K-10: results that may be stale, cut or going in circles."""
    for told, says in _CALCULATION.items():
        if told in source.calculation:
            yield Finding("K-10", "warning", says)


def stale(grids: Mapping[str, Grid], place: Place, spot: Spot, lead: str, key: Key) -> Iterator[Finding]:
    """K-04: a typed formula beside which another result stands than it comes to; what stands there is read."""
    grid = grids[place.sheet]
    stands, comes_to = grid.at(*spot), worth(grid.facts.formulas[spot], grids, place.sheet)
    if type(stands) is float and comes_to is not None and abs(stands - comes_to) > max(CLOSE, NEAR * abs(stands)):
        says = (
            f"{lead}是公式，显示的结果是 {stands:,.15g}，按公式现在算是 {comes_to:,.15g}，多半是没有重新计算。"
            f"这里按 {stands:,.15g} 读取。请在 Excel 或 WPS 中按 F9 重新计算，核对后保存，或改填数字。"
        )
        yield Finding("K-04", "warning", says, "", "", *key, place.sheet, place.cell)


def hidden_figures(form: Form, where: Where, grid: Grid) -> Iterator[Finding]:
    """K-07: rows and columns with figures that are hidden or filtered away; the figures count all the same."""
    figures = {where.columns[column.id] for column in form.amounts if column.id in where.columns}
    rows = [row for row in where.rows.values() if row in grid.facts.hidden_rows and _holds(grid, (row,), figures)]
    columns = [at for at in figures if at in grid.facts.hidden_columns and _holds(grid, where.rows.values(), (at,))]
    yield from _hidden(form, where, [f"第 {row + 1} 行" for row in sorted(rows)], "行")
    yield from _hidden(form, where, [f"{letters(at)} 栏" for at in sorted(columns)], "栏")


def _hidden(form: Form, where: Where, names: list[str], what: str) -> Iterator[Finding]:
    if names:
        more = f"等 {len(names)} {what}" if len(names) > SHOWN else ""
        says = f"{where.sheet} 的{'、'.join(names[:SHOWN])}{more}被隐藏或筛掉，里面有数，照常计入。请取消隐藏和筛选后核对。"
        yield Finding("K-07", "warning", says, form=form.id, sheet=where.sheet)


def _holds(grid: Grid, rows: Iterable[int], columns: Iterable[int]) -> bool:
    return any(grid.at(row, column) not in ("", None, 0) for row in rows for column in columns)


def comments(form: str, sheet: str, grid: Grid) -> Iterator[Finding]:
    """K-07: figures in comments, which nobody reads."""
    said: Mapping[tuple[int, int], str] = grid.facts.comments
    for spot in sorted(said)[:SHOWN]:
        says = f"{sheet}!{a1(*spot)} 的批注里写有数字“{said[spot][:40]}”，批注不会采用。要报的数请填在单元格里。"
        yield Finding("K-07", "note", says, form=form, sheet=sheet, cell=a1(*spot))
    if len(said) > SHOWN:
        yield Finding(
            "K-07", "note", f"{sheet} 另有 {len(said) - SHOWN} 处批注写有数字，都没有采用。", form=form, sheet=sheet
        )
