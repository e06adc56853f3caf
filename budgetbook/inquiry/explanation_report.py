"""An explanation on the way to people and programs: text, JSON, and a sheet whose links open the returned cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ..amount import from_fen
from ..catalogue import Catalogue
from ..naming import clean, figure_name, file_name, identity, number, written
from ..shape import Key
from ..sheet import Cell, Sheet, Stamp, Style, Workbook
from .explanation import Cited, Explanation, Opposite, Role

ROLES: dict[Role, str] = {
    "figure": "",
    "member": "",
    "adjustment": "差额表：",
    "eliminated": "减：往来抵消 ",
    "received": "收到",
    "paid": "付出",
    "line": "",
    "above": "分子：",
    "below": "分母：",
}
HEADINGS = ("来源", "表、科目、栏目", "金额（万元）", "计入（万元）", "文件", "单元格", "sha256", "说明")
WIDTHS = (40.0, 48.0, 18.0, 18.0, 44.0, 40.0, 20.0, 60.0)
DIGITS = 12  # of a sha256, enough to tell files apart
Link = Callable[[Cited], str]  # the address that opens a cited cell, empty if none does


@dataclass(frozen=True, slots=True)
class Traced:
    """One cell of a book, explained. `says`: what is wrong with the book, such as being older than a return."""

    cell: str
    file: str
    sha256: str
    stated: str
    explanation: Explanation
    says: tuple[str, ...] = ()
    name: str = ""  # what is explained, where that is no figure of a book

    def title(self, catalogue: Catalogue) -> str:
        """Whose figure in which cell: `全市 表01!G7 表01“税收收入”2025年执行数：12 万元`."""
        root = self.explanation
        name = self.name or f"{root.unit.name} {clean(self.cell)} {figure_name(catalogue, root.key)}"
        return f"{name}：{self.stated}"


def as_text(catalogue: Catalogue, traced: Traced) -> Iterator[str]:
    """Units first, then lines; the cells below a returned total are left to JSON and the sheet."""
    root = traced.explanation
    yield traced.title(catalogue)
    yield from traced.says
    yield from _text(catalogue, root, 1, None if traced.name else root.key)
    if root.lines:
        yield "按科目分："
        yield from (f"  {_sign(each)}{figure_name(catalogue, each.key)}  {written(each.value)}" for each in root.lines)


def _text(catalogue: Catalogue, found: Explanation, depth: int, seen: Key | None) -> Iterator[str]:
    if depth == 1 and found.cited:
        yield f"  {_cited(found)}"
    for part in found.parts:
        if part.role != "line" or depth == 1 or found.role in ("above", "below"):
            name = "" if part.key == seen else f"{figure_name(catalogue, part.key)}  "
            own = part.role == "line" and part.unit == found.unit
            who = "" if own else f"{_who(part)}  "
            yield f"{'  ' * depth}{_sign(part)}{who}{name}{written(part.value)}{_cited(part, within=found)}"
            yield from (f"{'  ' * (depth + 1)}{_said(each)}" for each in part.opposite)
            yield from _text(catalogue, part, depth + 1, part.key)
    if found.blank:
        yield f"{'  ' * depth}（空白未填：{'、'.join(unit.name for unit in found.blank)}）"


def _sign(part: Explanation) -> str:
    if part.role == "eliminated" or part.weight == 1:
        return ""
    return "减：" if part.weight == -1 else f"{part.weight} ×"


def _who(part: Explanation) -> str:
    return who(part.role, f"{part.unit.name}（代编）" if part.estimated else part.unit.name)


def who(role: Role, name: str) -> str:
    """Whose part it is and what kind: `甲县收到`, `减：往来抵消 全市`."""
    return f"{name}{ROLES[role]}" if role in ("received", "paid") else f"{ROLES[role]}{name}"


def _cited(part: Explanation, within: Explanation | None = None) -> str:
    """The file is not said again for a cell of the same file."""
    if not part.cited:
        return ""
    spot = f"{clean(str(part.cited.place))}" if part.cited.place else "（文件中没有这一行）"
    stated = "" if part.stated is None else f"；此格填的是 {written(part.stated)}，汇总时按所属明细重新计算"
    same = within and within.cited and within.cited.file == part.cited.file
    file = "" if same else f"{file_name(part.cited.file)}（{part.cited.sha256[:DIGITS]}） "
    return f"  ← {file}{spot}{stated}"


def _said(other: Opposite) -> str:
    spot = (
        ""
        if not other.cited or not other.cited.place
        else f"  ← {file_name(other.cited.file)} {clean(str(other.cited.place))}"
    )
    return f"对方 {other.unit.name}“{other.flow.name}”：{written(other.fen)}{spot}"


def as_data(catalogue: Catalogue, traced: Traced) -> dict[str, Any]:
    """`budgetbook/explanation/1`; amounts in 万元, ratios plain."""
    return {
        "schema": "budgetbook/explanation/1",
        "year": catalogue.year,
        "path": traced.file,
        "sha256": traced.sha256,
        "cell": traced.cell,
        "name": traced.name,
        "stated": traced.stated,
        "says": list(traced.says),
        "explanation": _data(catalogue, traced.explanation),
    }


def _data(catalogue: Catalogue, found: Explanation) -> dict[str, Any]:
    told: dict[str, Any] = {
        **identity(catalogue, found.role, found.unit, found.key),
        "value": number(found.value),
        "weight": found.weight,
        "rule": found.rule,
        **_place(found.cited),
        "estimated": found.estimated,
        "blank": [unit.code for unit in found.blank],
    }
    if found.stated is not None:
        told["stated"] = number(found.stated)
    if found.opposite:
        told["opposite"] = [_other(each) for each in found.opposite]
    told["parts"] = [_data(catalogue, part) for part in found.parts]
    if found.lines:
        told["lines"] = [_data(catalogue, part) for part in found.lines]
    return told


def _place(cited: Cited | None) -> dict[str, str]:
    if not cited:
        return {}
    place = cited.place
    return {
        "file": cited.file,
        "sha256": cited.sha256,
        "sheet": place.sheet if place else "",
        "cell": place.cell if place else "",
    }


def _other(other: Opposite) -> dict[str, Any]:
    form, line, column = other.key
    where = {"unit": other.unit.code, "form": form, "line": line, "column": column}
    return {"flow": other.flow.id, "name": other.flow.name, **where, "value": number(other.fen), **_place(other.cited)}


def as_workbook(catalogue: Catalogue, traced: Traced, stamp: Stamp, link: Link) -> Workbook:
    """One row a part, parts under what they make up, with a link to each returned cell."""
    root = traced.explanation
    cells = [Cell(0, 0, traced.title(catalogue), Style("title")), Cell(1, 0, "；".join(traced.says), Style("note"))]
    cells += [Cell(2, column, text, Style("heading")) for column, text in enumerate(HEADINGS)]
    for row, (depth, weight, part) in enumerate(_rows(root, 0, 1), start=3):
        cells += _row(catalogue, row, depth, weight, part, link)
    sheets = [Sheet("数的来源", cells, WIDTHS, heads=3, frozen=1, heights={0: 28.0})]
    return Workbook(sheets, stamp, f"{root.unit.name}{figure_name(catalogue, root.key)}的来源")


def _rows(found: Explanation, depth: int, weight: int) -> Iterator[tuple[int, int, Explanation]]:
    yield depth, weight * found.weight, found
    for part in found.parts:
        yield from _rows(part, depth + 1, weight * found.weight)


def _row(catalogue: Catalogue, row: int, depth: int, weight: int, part: Explanation, link: Link) -> Iterator[Cell]:
    yield Cell(row, 0, _who(part), Style("name", depth=min(depth, 15)))
    yield Cell(row, 1, figure_name(catalogue, part.key), Style("name"))
    if isinstance(part.value, int):
        yield Cell(row, 2, float(from_fen(part.value)), Style("fixed", "amount"))
        yield Cell(row, 3, float(from_fen(weight * part.value)), Style("fixed", "amount"))
    else:
        yield Cell(row, 2, None if part.value is None else float(part.value), Style("fixed", "percent"))
    if part.cited:
        yield Cell(row, 4, file_name(part.cited.file), Style("name"))
        words = str(part.cited.place) if part.cited.place else "文件中没有这一行"
        target = link(part.cited)
        yield Cell(row, 5, words, Style("pointer" if target else "name"), link=target)
        yield Cell(row, 6, part.cited.sha256, Style("code"))
    told = [_said(each) for each in part.opposite]
    if part.stated is not None:
        told.append(f"此格填的是 {written(part.stated)}，汇总时按所属明细重新计算")
    if part.blank:
        told.append(f"空白未填：{'、'.join(unit.name for unit in part.blank)}")
    yield Cell(row, 7, "；".join(told), Style("name"))
