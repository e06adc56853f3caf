"""Findings in whole sentences: which cell, what it holds, what it should, the difference, what to do."""

from __future__ import annotations

from ..amount import FEN, shown
from ..model import Finding, Place, Severity
from ..relation import WORDS, Relation
from ..returns import Return
from ..shape import Shape

SHARE = 100  # weights in hundredths are spoken of as percentages


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
    _, cell = where(ret, shape, place)
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
        f"相差 {shown(stated - parts, unit)} {unit}。请核对所属明细，或恢复合计公式。"
    )


def relation_says(
    shape: Shape,
    ret: Return | None,
    relation: Relation,
    left: tuple[tuple[int, int], ...],
    right: tuple[tuple[int, int], ...],
    values: tuple[int, int],
) -> str:
    """A relation with its actual numbers and addends."""
    lead, _ = where(ret, shape, left[0][0])
    (left_text, right_text), unit = (
        _sides(shape, left, right, values),
        shape.catalogue.form(shape.keys[left[0][0]][0]).unit,
    )
    scale = max((abs(weight) for _, weight in left), default=1)
    gap = abs(values[0] - values[1]) // scale if scale > 1 else abs(values[0] - values[1])
    return f"{lead}{left_text}，{WORDS[relation.sign]}{right_text}，相差 {shown(gap, unit)} {unit}。{relation.says}。{relation.remedy}。"


def _sides(
    shape: Shape, left: tuple[tuple[int, int], ...], right: tuple[tuple[int, int], ...], values: tuple[int, int]
) -> tuple[str, str]:
    scale = max((abs(weight) for _, weight in left), default=1)
    texts = []
    for addends, value in ((left, values[0]), (right, values[1])):
        if not addends:
            texts.append("零")
            continue
        unit = shape.catalogue.form(shape.keys[addends[0][0]][0]).unit
        names = "、".join(_share(weight, scale) + name_of(shape, place) for place, weight in addends)
        texts.append(f"{names}{'合计' if len(addends) > 1 else ''} {shown(value // scale, unit)} {unit}")
    return texts[0], texts[1]


def _share(weight: int, scale: int) -> str:
    if scale == 1 or abs(weight) == scale:
        return ""
    return f"百分之{abs(weight) * SHARE // scale}的"


def amount(fen: int | None, unit: str = "万元") -> str:
    """An amount or 空白."""
    return "空白" if fen is None else f"{shown(fen, unit)} {unit}" if unit in FEN else str(fen)
