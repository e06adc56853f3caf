"""Why a figure changed, for people and programs: text that adds up line by line, JSON, and a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from ..catalogue import Catalogue
from ..naming import Value, clean, figure_name, identity, number, written
from ..sheet import Cell, Sheet, Stamp, Style, Workbook
from .explanation_report import who
from .reasons import Reason

HEADINGS = ("来源", "表、科目、栏目", "原数", "新数", "增减", "对总数的影响")
WIDTHS = (40.0, 48.0, 20.0, 20.0, 20.0, 20.0)
CAP = 10  # lines of one return shown in text; the rest is counted


def as_text(catalogue: Catalogue, cell: str, root: Reason) -> Iterator[str]:
    """Units with the lines that changed in each, then adjustments and eliminations, then the same change by line."""
    yield f"{root.unit.name} {clean(cell)} {figure_name(catalogue, root.key)}：{_change(root)}"
    if root.change is None:
        yield "  分母为零或有空白，两个数无法比较，只列出各部分的变化："
    if root.change == 0:
        yield "  没有变化。"
    yield from _parts(catalogue, root, 1)
    if root.lines:
        yield "按科目分："
        for each in sorted(root.lines, key=_size):
            yield f"  {_counted(each)}{figure_name(catalogue, each.key)}  {_change(each)}"


def _parts(catalogue: Catalogue, found: Reason, depth: int) -> Iterator[str]:
    ordered = sorted(found.parts, key=_size)
    lines = [part for part in ordered if part.role == "line"]
    for part in [part for part in ordered if part.role != "line"] + lines[:CAP]:
        name = "" if part.key == found.key and part.role != "line" else f"  {figure_name(catalogue, part.key)}"
        own = part.role == "line" and found.unit == part.unit
        yield f"{'  ' * depth}{_counted(part)}{'' if own else who(part.role, part.unit.name)}{name}  {_change(part)}"
        if part.role != "line":
            yield from _parts(catalogue, part, depth + 1)
    if len(lines) > CAP:
        yield f"{'  ' * depth}… 另有 {len(lines) - CAP} 个科目，用 --json 查看全部"


def _size(part: Reason) -> Fraction:
    return -abs(Fraction(part.change or 0))


def _counted(part: Reason) -> str:
    return "减：" if part.weight == -1 and part.role != "eliminated" else ""


def _change(part: Reason) -> str:
    change = "无法比较" if part.change is None else written(part.change, signed=True)
    share = _share(part)
    return f"{written(part.old)} → {written(part.new)}，{change}" + (f"（影响 {share}）" if share else "")


def _share(part: Reason) -> str:
    """What the change of a numerator or a denominator did to the ratio."""
    if not isinstance(part.weight, Fraction) or part.change is None:
        return ""
    effect: Value = Fraction(part.weight * part.change)
    return written(effect, signed=True)


def as_data(catalogue: Catalogue, cell: str, root: Reason) -> dict[str, Any]:
    """`budgetbook/reasons/1`; amounts in 万元, ratios plain. `effect` is what a part's change did to the root."""
    return {
        "schema": "budgetbook/reasons/1",
        "year": catalogue.year,
        "cell": cell,
        "reason": _data(catalogue, root, 1, root.ratio),
    }


def _data(catalogue: Catalogue, found: Reason, weight: Value | None, ratio: bool) -> dict[str, Any]:
    times = None if weight is None or found.weight is None else weight * found.weight
    effect = None if times is None or found.change is None else times * found.change
    told: dict[str, Any] = {
        **identity(catalogue, found.role, found.unit, found.key),
        "old": number(found.old),
        "new": number(found.new),
        "change": number(found.change),
        "effect": number(Fraction(effect) if ratio and effect is not None else effect),
        "parts": [_data(catalogue, part, times, ratio) for part in found.parts],
    }
    if found.before or found.after:
        told["files"] = [cited.sha256 if cited else "" for cited in (found.before, found.after)]
    if found.lines:
        told["lines"] = [_data(catalogue, part, times, ratio) for part in found.lines]
    return told


def as_workbook(catalogue: Catalogue, cell: str, root: Reason, stamp: Stamp) -> Workbook:
    """One row a part that changed, in 万元 or as a ratio; the last column adds up to the change of the first row."""
    title = f"{root.unit.name} {cell} {figure_name(catalogue, root.key)}：{_change(root)}"
    cells = [Cell(0, 0, title, Style("title"))]
    cells += [Cell(2, column, text, Style("heading")) for column, text in enumerate(HEADINGS)]
    for row, (depth, times, part) in enumerate(_rows(root, 0, 1), start=3):
        cells.append(Cell(row, 0, who(part.role, part.unit.name), Style("name", depth=min(depth, 15))))
        cells.append(Cell(row, 1, figure_name(catalogue, part.key), Style("name")))
        effect = None if times is None or part.change is None else times * part.change
        if root.ratio and effect is not None:
            effect = Fraction(effect)
        for column, value in enumerate((part.old, part.new, part.change, effect), start=2):
            style = Style("fixed", "percent" if isinstance(value, Fraction) else "amount")
            cells.append(Cell(row, column, number(value), style))
    sheets = [Sheet("变化的原因", cells, WIDTHS, heads=3, frozen=1, heights={0: 28.0})]
    return Workbook(sheets, stamp, f"{root.unit.name}{figure_name(catalogue, root.key)}变化的原因")


def _rows(found: Reason, depth: int, weight: Value | None) -> Iterator[tuple[int, Value | None, Reason]]:
    times = None if weight is None or found.weight is None else weight * found.weight
    yield depth, times, found
    for part in found.parts:
        yield from _rows(part, depth + 1, times)
