"""What the printed labels of a sheet say against its keys and its file: another unit, another year, another column."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from ..amount import FEN
from ..finding import Finding, Place
from ..form import Form, Line
from ..layout import UNIT_LABEL, a1
from ..unit import Tree, Unit
from .source import Grid

FEW = 3
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_MEASURE = re.compile(r"\s*(?:金额)?单位\s*[:：]\s*(\S*)\s*")
_UNIT = re.compile(rf"\s*{UNIT_LABEL}\s*[:：]\s*(\S+)(?:\s.*)?")


def contradictions(
    form: Form, sheet: str, grid: Grid, head: int, columns: Mapping[str, int], unit: str, others: Collection[str]
) -> Iterator[Finding]:
    """The labels above row *head* of a sheet of *unit*; *others* are the names of all other units."""
    for said in units_named(grid, head):
        if said != unit:
            yield _another_unit(form, sheet, said, unit, said in others)
    yield from _another_measure(form, sheet, grid, head)
    yield from _headings_against(form, sheet, grid, head, columns)


def _folded(text: object) -> str:
    return re.sub(r"\s", "", str(text))


def units_named(grid: Grid, head: int) -> Iterator[str]:
    for row in range(min(head, len(grid.rows))):
        for value in grid.rows[row]:
            if isinstance(value, str) and (found := _UNIT.fullmatch(value)):
                yield found[1]


def _another_unit(form: Form, sheet: str, said: str, unit: str, known: bool) -> Finding:
    if known:
        says = f"工作表“{sheet}”写的填报单位是{said}，文件却是{unit}的，多半是从{said}的文件里复制来的。请用{unit}自己的表填报。"
        return Finding("F-04", "error", says, form=form.id, sheet=sheet)
    says = f"工作表“{sheet}”写的填报单位是“{said[:40]}”，文件却是{unit}的。请核对这张表是不是{unit}的。"
    return Finding("F-04", "warning", says, form=form.id, sheet=sheet)


def _another_measure(form: Form, sheet: str, grid: Grid, head: int) -> Iterator[Finding]:
    """U-09: the unit of account above the figures is not the one in which they are read, or is not there."""
    is_said = not form.unit
    for row in range(min(head, len(grid.rows)) if form.unit else 0):
        for column, value in enumerate(grid.rows[row]):
            found = _MEASURE.fullmatch(value) if isinstance(value, str) else None
            is_said |= found is not None
            if found and found[1] != form.unit:
                cell = a1(row, column)
                says = (
                    f"{sheet}!{cell} 写的是“{value.strip()[:40]}”，应为“单位：{form.unit}”。"
                    f"请核对本表的数是否按{form.unit}填写，不是的请换算后重填，并恢复单位。"
                )
                yield Finding(
                    "U-09", "error" if found[1] in FEN else "warning", says, form=form.id, sheet=sheet, cell=cell
                )
    if not is_said:
        says = f"{sheet} 的表头没有写金额单位，按{form.unit}读取。请核对本表的数是否按{form.unit}填写，并恢复“单位：{form.unit}”。"
        yield Finding("U-09", "note", says, form=form.id, sheet=sheet)


def nameless(form: Form, sheet: str, lines: Sequence[tuple[Line, int]]) -> Iterator[Finding]:
    """K-01: lines told by their hidden key alone, so that nobody can see whether the figures beside it are theirs."""
    if len(lines) > FEW:
        rows = "、".join(str(row + 1) for _, row in lines[:FEW])
        says = (
            f"{sheet} 有 {len(lines)} 行（第 {rows} 行等）的编码和名称都没有了，只能按隐藏的标识认行，无法核对数是否错位。"
            "请从下发的文件中恢复名称，再逐行核对。"
        )
        yield Finding("K-01", "warning", says, form=form.id, sheet=sheet)
        return
    for line, row in lines:
        says = (
            f"{sheet} 第 {row + 1} 行的编码和名称都没有了，按隐藏的标识认作“{line.name}”，无法核对数是否错位。"
            "请恢复名称，再核对这一行的数。"
        )
        yield Finding("K-01", "warning", says, form=form.id, line=line.code, sheet=sheet)


def off_the_list(form: Form, said: Mapping[tuple[str, str], tuple[str, Place | None]]) -> Iterator[Finding]:
    """K-09: words where one of a few had to be chosen; *said* is by line and column."""
    lines = {line.code: line for line in form.lines if line.choices}
    for (code, column), (words, place) in said.items():
        line = lines.get(code)
        if line is None or not words or words in line.choices:
            continue
        sheet, cell = (place.sheet, place.cell) if place else ("", "")
        choices = "、".join(f"“{each}”" for each in line.choices)
        says = (
            f"{place or form.sheet}“{line.name}”填的是“{words[:40]}”，只能填{choices}之一。请从下拉列表中选择，或留空。"
        )
        yield Finding("K-09", "error", says, form=form.id, line=code, column=column, sheet=sheet, cell=cell)


def _headings_against(form: Form, sheet: str, grid: Grid, head: int, columns: Mapping[str, int]) -> Iterator[Finding]:
    headings = {each.id: _folded(each.heading) for each in form.columns}
    last_years: tuple[str, str] | None = None
    for id, at in columns.items():
        above = {a1(row, at): _folded(grid.at(row, at)) for row in range(head) if grid.at(row, at) not in ("", None)}
        if headings[id] in above.values():
            continue
        if swapped := next(((cell, text) for cell, text in above.items() if text in headings.values()), None):
            cell, text = swapped
            says = (
                f"{sheet}!{cell} 的栏名是“{text[:40]}”，这一栏的标识却是“{form.column(id).heading}”，栏目被错位粘贴。"
                "请按下发的顺序恢复。"
            )
            yield Finding("K-02", "error", says, form=form.id, column=id, sheet=sheet, cell=cell)
        else:
            others = ((cell, text) for cell, text in above.items() if _is_another_year(text, headings[id]))
            last_years = last_years or next(others, None)
    if last_years:
        cell, text = last_years
        says = f"{sheet}!{cell} 的栏名是“{text[:40]}”，不是今年的栏目，多半是从别的年度的表里复制来的。请用今年下发的表填报。"
        yield Finding("F-03", "error", says, form=form.id, sheet=sheet, cell=cell)


def _is_another_year(text: str, wanted: str) -> bool:
    """The same words with every year moved by the same distance."""
    said, meant = _YEAR.findall(text), _YEAR.findall(wanted)
    if not meant or len(said) != len(meant) or _YEAR.sub("", text) != _YEAR.sub("", wanted):
        return False
    return len({int(one) - int(other) for one, other in zip(said, meant, strict=True)} - {0}) == 1


def on_the_cover(form: Form, said: Mapping[str, str], unit: Unit, year: int, tree: Tree) -> Iterator[Finding]:
    """F-03, F-04: a cover that names another unit or year than the file was issued for; *said* is by line."""
    if _folded(said.get("year", year)) != str(year):
        says = f"封面的预算年度写的是“{said['year'][:20]}”，文件却是 {year} 年下发的。请核对是否把往年的封面或数字复制了过来。"
        yield Finding("F-03", "error", says, form=form.id, line="year")
    name, code = said.get("unit", unit.name).strip(), _folded(said.get("code", unit.code))
    other = next((each for each in tree if each.code != unit.code and each.name == name), None)
    if other or name != unit.name or code != unit.code:
        whose = f"{name[:40]}（{code[:20]}）"
        says = f"封面写的是{whose}，文件却是下发给{unit.name}（{unit.code}）的。请核对是谁的数，各单位只能用下发给自己的文件填报。"
        yield Finding("F-04", "error", says, form=form.id, line="unit")
