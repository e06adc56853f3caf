"""Findings in whole sentences: which cell, what it holds, what it should, the difference, what to do."""

from __future__ import annotations

import re
from decimal import Decimal

from ..amount import FEN, shown
from ..finding import Finding, Place, Severity
from ..keeping import by_shape
from ..relation import WORDS, Relation
from ..returns import Return
from ..shape import Shape

MANY = 6  # addends that are named; the rest is counted
OTHERS = {"unit": "", "zone": "所在市级", "prior": "上年报表", "final": "上年决算报表", "estimate": "代编报表"}
Addends = tuple[tuple[int, int], ...]


@by_shape
def name_of(shape: Shape, place: int) -> str:
    """“教育支出”2025年执行数, as a person says it."""
    form_id, line, column = shape.keys[place]
    form = shape.catalogue.form(form_id)
    return f"“{form.line(line).name}”{form.column(column).heading}"


def where(ret: Return | None, shape: Shape, place: int) -> tuple[str, Place | None]:
    """The words that lead to a cell, and the cell if it was in a file."""
    key = shape.keys[place]
    found = ret.place(*key) if ret else None
    return (str(found) if found else shape.catalogue.form(key[0]).sheet), found


def at_cell(
    shape: Shape,
    ret: Return | None,
    unit: str,
    place: int,
    rule: str,
    severity: Severity,
    says: str,
    value: int | None = None,
    expected: int | None = None,
) -> Finding:
    """A finding that points at the cell of one figure."""
    form, line, column = shape.keys[place]
    cell = ret.place(form, line, column) if ret else None
    return Finding(
        rule,
        severity,
        says,
        unit,
        ret.file if ret else "",
        form,
        line,
        column,
        cell.sheet if cell else "",
        cell.cell if cell else "",
        value,
        expected,
    )


def total_says(shape: Shape, ret: Return, place: int, stated: int, parts: int) -> str:
    """A total that is not the sum of what it is made of."""
    lead, _ = where(ret, shape, place)
    unit = shape.catalogue.form(shape.keys[place][0]).unit
    return (
        f"{lead}{name_of(shape, place)} {shown(stated, unit)} {unit}，所属各项合计 {shown(parts, unit)} {unit}，"
        f"相差 {shown(stated - parts, unit)} {unit}。请核对所属明细，或恢复合计公式；公式还在的，按 F9 重新计算后保存。"
    )


def relation_says(
    shape: Shape, ret: Return | None, relation: Relation, left: Addends, right: Addends, values: tuple[int, int]
) -> str:
    """A relation with its actual numbers and addends."""
    lead, _ = where(ret, shape, left[0][0])
    unit = shape.catalogue.form(shape.keys[left[0][0]][0]).unit
    scale = max(abs(weight) for _, weight in left)
    gap = f"相差 {_scaled(abs(values[0] - values[1]), scale, unit)}"
    sides = _side(shape, left, values[0], scale, ""), _side(shape, right, values[1], scale, OTHERS[relation.scope])
    return f"{lead}{sides[0]}，{WORDS[relation.sign]}{sides[1]}，{gap}。{relation.says}。{relation.remedy}。"


def _side(shape: Shape, addends: Addends, value: int, scale: int, whose: str) -> str:
    if not addends:
        return "零"
    unit = shape.catalogue.form(shape.keys[addends[0][0]][0]).unit
    weights = {abs(weight) for _, weight in addends}
    whole = weights.pop() if len(weights) == 1 else scale  # one share of all of them is said once, after their amount
    named = [
        _sign(weight, at) + _share(weight, whole) + _name(shape, place, whose)
        for at, (place, weight) in enumerate(addends)
    ]
    if len(named) > MANY:
        named = [*named[:MANY], f"等 {len(addends)} 项"]
    stated = f"{whose}{''.join(named)}{'合计' if len(addends) > 1 else ''} {_scaled(value, whole, unit)}"
    return stated if whole == scale else f"{stated}的{_percent(whole, scale)}，即 {_scaled(value, scale, unit)}"


def _name(shape: Shape, place: int, whose: str) -> str:
    if whose not in (OTHERS["prior"], OTHERS["final"]):
        return name_of(shape, place)
    form_id, line, column = shape.keys[place]
    form = shape.catalogue.form(form_id)
    heading = form.column(form.column(column).last or column).heading  # last year's book, last year's headings
    earlier = re.sub(r"20\d\d", lambda year: str(int(year[0]) - 1), heading)
    return f"“{form.line(line).name}”{earlier}"


def _scaled(value: int, scale: int, unit: str) -> str:
    return f"{shown(round(value / scale) if value % scale else value // scale, unit)} {unit}"


def _sign(weight: int, at: int) -> str:
    return "减" if weight < 0 else "加" if at else ""


def _share(weight: int, scale: int) -> str:
    return "" if abs(weight) == scale else f"{_percent(abs(weight), scale)}的"


def _percent(weight: int, scale: int) -> str:
    return f"{Decimal(weight * 100) / scale:.4g}%"


def amount(fen: int | None, unit: str = "万元") -> str:
    """An amount or 空白."""
    return "空白" if fen is None else f"{shown(fen, unit)} {unit}" if unit in FEN else str(fen)
