"""填报说明: what the colours mean, and the forms to click on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

from .. import layout as at
from ..form import LEVELS, Level
from ..keeping import by_shape
from ..shape import Shape
from ..sheet import Cell, Role, Sheet, Style
from ..unit import Unit
from .blank import width

WIDTH = 72.0  # what a page upright takes, even in a wide typeface
COLOURS: tuple[tuple[Role, str], ...] = (
    ("entry", "浅黄色：请填写"),
    ("brought", "浅绿色：取自上年报表，不用填"),
    ("total", "灰色：公式，自动计算"),
    ("closed", "深灰色：不填"),
)


def guide(shape: Shape, unit: Unit) -> Sheet:
    """The guide of one unit, which names it once."""
    sheet, whose = _of_level(shape, unit.level)
    says = f"本文件由{unit.name}（{LEVELS[unit.level]}）填报，共 {len(shape.catalogue.at(unit.level))} 张表，点击表名可跳转："
    named = sheet.cells[whose]._replace(value=says)
    heights = dict(sorted((sheet.heights | {named.row: _height(says)}).items()))
    return replace(sheet, cells=[*sheet.cells[:whose], named, *sheet.cells[whose + 1 :]], heights=heights)


@by_shape
def _of_level(shape: Shape, level: Level) -> tuple[Sheet, int]:
    """The guide of a level, and which of its cells is to name the unit."""
    title, *lines = [line for line in shape.catalogue.guide.splitlines() if line.strip()]
    cells = [Cell(0, 0, title.lstrip("# "), Style("title"))]
    for row, text in enumerate(lines, start=1):
        cells.append(Cell(row, 0, text.lstrip("# "), Style("note", strong=text.startswith("#"))))
    cells += [Cell(row, 0, text, Style(role)) for row, (role, text) in enumerate(COLOURS, start=len(lines) + 2)]
    whose, row = len(cells), len(lines) + 2 + len(COLOURS)
    cells += [Cell(row, 0, "", Style("note", strong=True, own=True)), *_links(shape, level, row + 1)]
    heights = {0: 30.0} | {cell.row: _height(str(cell.value)) for cell in cells[1:]}
    return Sheet(at.GUIDE_SHEET, cells, [WIDTH], heights=heights, landscape=False), whose


def _links(shape: Shape, level: Level, first: int) -> Iterator[Cell]:
    for row, form in enumerate(shape.catalogue.at(level), start=first):
        text = f"{form.sheet}　{form.title}" + (f"（依据：{form.basis}）" if form.basis else "")
        yield Cell(row, 0, text, Style("link"), link=f"internal:'{at.sheet_name(form)}'!A1")


def _height(text: str) -> float:
    return 16.0 * ceil(width(text) / (WIDTH - 4))
