"""Differences between versions on the way to people and programs: text, JSON, and a workbook with one sheet a kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..amount import from_fen
from ..catalogue import Catalogue
from ..finding import SEVERITIES, Finding, fingerprint
from ..naming import clean, figure_name, file_name, number, written
from ..returns import Return
from ..shape import Key
from ..sheet import Cell, Sheet, Stamp, Style, Workbook
from .difference import Changed, Difference, Reworded, Shifted

CAP = 20  # of one kind shown for one unit in text; the rest is counted
STATES = {"added": "新增", "gone": "减少"}
SHEETS = {
    "金额变化": ("单位", "表、科目、栏目", "单元格", "性质", "原数（万元）", "新数（万元）", "增减（万元）"),
    "行列和表": ("单位", "变化", "内容"),
    "文字变化": ("单位", "表、科目、栏目", "单元格", "原文", "新文"),
    "公式变化": ("单位", "表、科目、栏目", "单元格", "原公式", "新公式"),
    "问题变化": ("单位", "变化", "级别", "编号", "问题"),
}
WIDTHS = (14.0, 48.0, 40.0, 40.0, 40.0, 18.0, 18.0)


def as_text(catalogue: Catalogue, found: Sequence[Difference]) -> Iterator[str]:
    """Unit by unit; within a unit what changed most comes first."""
    changed = [each for each in found if each]
    for each in changed:
        yield from _unit(catalogue, each)
    alike = [each.unit.name for each in found if not each]
    if alike:
        yield f"没有变化：{'、'.join(alike)}"


def _unit(catalogue: Catalogue, found: Difference) -> Iterator[str]:
    yield f"{found.unit.name}（{found.unit.code}）{_file(found.old)} → {_file(found.new)}"
    if found.old is None or found.new is None:
        yield f"  {'新收到，原来没有' if found.old is None else '现在没有了'}"
        return
    yield from _capped("金额变化", [_amount_text(catalogue, each) for each in found.values])
    yield from _capped("行列和表", [_shift_text(catalogue, each) for each in found.shifted])
    yield from _capped("公式变化", [_formula_text(catalogue, each) for each in found.formulas])
    yield from _capped("文字变化", [_words_text(catalogue, each) for each in found.texts])
    yield from _capped("已改好的问题", [_finding_text(each) for each in found.fixed])
    yield from _capped("新出现的问题", [_finding_text(each) for each in found.arisen])


def _file(ret: Return | None) -> str:
    return f"{file_name(ret.file)}（{ret.sha256[:12]}）" if ret else "（无）"


def _capped(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"  {title} {len(lines)} 处"
        yield from (f"    {line}" for line in lines[:CAP])
    if len(lines) > CAP:
        yield f"    … 另有 {len(lines) - CAP} 处，用 --json 或 --xlsx 查看全部"


def _amount_text(catalogue: Catalogue, each: Changed) -> str:
    total = "（合计）" if each.computed else ""
    return f"{_name(catalogue, each.key)}{total} {_at(each.at)}：{written(each.old)} → {written(each.new)}，{written(each.change, signed=True)}"


def _shift_text(catalogue: Catalogue, each: Shifted) -> str:
    form = catalogue.form(each.form)
    if each.line:
        return f"{STATES[each.state]}一行：{form.sheet}“{form.line(each.line).name}”（{each.line}）"
    if each.column:
        return f"{STATES[each.state]}一栏：{form.sheet}“{form.column(each.column).heading}”"
    return f"{STATES[each.state]}一张表：{form.sheet} {form.title}"


def _formula_text(catalogue: Catalogue, each: Reworded) -> str:
    change = "公式改成了数值" if not each.new else "恢复了公式" if not each.old else "公式改写"
    text = f"：{clean(each.old)} → {clean(each.new)}" if each.old and each.new else ""
    return f"{_name(catalogue, each.key)} {_at(each.at)} {change}{text}"


def _words_text(catalogue: Catalogue, each: Reworded) -> str:
    return f"{_name(catalogue, each.key)} {_at(each.at)}：“{clean(each.old)}” → “{clean(each.new)}”"


def _finding_text(finding: Finding) -> str:
    return f"{SEVERITIES[finding.severity]} {finding.rule}  {clean(finding.says)}"


def _name(catalogue: Catalogue, key: Key) -> str:
    """Explanations beside a relation stand on no form."""
    return (
        figure_name(catalogue, key)
        if key[0] in {form.id for form in catalogue.forms}
        else f"校验“{clean(key[1])}”的说明"
    )


def _at(place: object) -> str:
    return clean(str(place)) if place else ""


def as_data(catalogue: Catalogue, found: Sequence[Difference]) -> dict[str, Any]:
    """`budgetbook/difference/1`; amounts in 万元."""
    units = [_data(catalogue, each) for each in found if each]
    return {"schema": "budgetbook/difference/1", "year": catalogue.year, "units": units}


def _data(catalogue: Catalogue, found: Difference) -> dict[str, Any]:
    return {
        "unit": found.unit.code,
        "name": found.unit.name,
        "old": _version(found.old),
        "new": _version(found.new),
        "values": [
            _keyed(catalogue, each)
            | {"old": number(each.old), "new": number(each.new), "change": number(each.change), "total": each.computed}
            for each in found.values
        ],
        "shifted": [
            {"form": each.form, "line": each.line, "column": each.column, "state": each.state} for each in found.shifted
        ],
        "texts": [_keyed(catalogue, each) | {"old": each.old, "new": each.new} for each in found.texts],
        "formulas": [_keyed(catalogue, each) | {"old": each.old, "new": each.new} for each in found.formulas],
        "fixed": [_finding(catalogue, each) for each in found.fixed],
        "arisen": [_finding(catalogue, each) for each in found.arisen],
    }


def _version(ret: Return | None) -> dict[str, str] | None:
    return {"path": ret.file, "sha256": ret.sha256} if ret else None


def _keyed(catalogue: Catalogue, each: Changed | Reworded) -> dict[str, Any]:
    form, line, column = each.key
    place = {"sheet": each.at.sheet if each.at else "", "cell": each.at.cell if each.at else ""}
    return {"form": form, "line": line, "column": column, "title": _name(catalogue, each.key), **place}


def _finding(catalogue: Catalogue, finding: Finding) -> dict[str, str]:
    names = ("rule", "severity", "form", "line", "column", "sheet", "cell", "says")
    return {name: getattr(finding, name) for name in names} | {"fingerprint": fingerprint(finding, catalogue.year)}


def as_workbook(catalogue: Catalogue, found: Sequence[Difference], stamp: Stamp) -> Workbook:
    """One sheet a kind of change, all units below each other."""
    rows: dict[str, list[list[str | float | None]]] = {name: [] for name in SHEETS}
    for each in found:
        for name, row in _table(catalogue, each):
            rows[name].append([each.unit.name, *row])
    return Workbook([_sheet(name, rows[name]) for name in SHEETS], stamp, f"{catalogue.year}年预算报表版本比较")


def _table(catalogue: Catalogue, found: Difference) -> Iterator[tuple[str, list[str | float | None]]]:
    if found.old is None or found.new is None:
        yield "行列和表", ["新收到" if found.old is None else "减少", "整本报表"]
    for each in found.values:
        amounts = [None if fen is None else float(from_fen(fen)) for fen in (each.old, each.new, each.change)]
        yield "金额变化", [_name(catalogue, each.key), _at(each.at), "合计" if each.computed else "填报数", *amounts]
    for shift in found.shifted:
        yield "行列和表", [STATES[shift.state], _shift_text(catalogue, shift)]
    for name, changes in (("文字变化", found.texts), ("公式变化", found.formulas)):
        for change in changes:
            yield name, [_name(catalogue, change.key), _at(change.at), change.old, change.new]
    for state, findings in (("已改好", found.fixed), ("新出现", found.arisen)):
        for finding in findings:
            yield "问题变化", [state, SEVERITIES[finding.severity], finding.rule, finding.says]


def _sheet(name: str, rows: Sequence[Sequence[str | float | None]]) -> Sheet:
    cells = [Cell(0, 0, name, Style("title"))]
    cells += [Cell(2, column, text, Style("heading")) for column, text in enumerate(SHEETS[name])]
    for at, row in enumerate(rows, start=3):
        cells += [
            Cell(at, column, value, Style("name") if isinstance(value, str) else Style("fixed", "amount"))
            for column, value in enumerate(row)
        ]
    width = len(SHEETS[name])
    return Sheet(
        name, cells, WIDTHS[:width], heads=3, frozen=1, heights={0: 28.0}, filtered=(2, 0, len(rows) + 2, width - 1)
    )
