"""All findings as a workbook for the city: a matrix unit × form, the list with filters, and the state of every file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from ..amount import from_fen
from ..catalogue import Catalogue
from ..finding import FILE_STATES, SEVERITIES, FileState, Finding, fingerprint
from ..sheet import Cell, Role, Sheet, Stamp, Style, Workbook

HEADINGS = (
    "级别",
    "单位",
    "编号",
    "表",
    "位置",
    "问题",
    "可能的原因",
    "填报单位的说明",
    "市级豁免",
    "表中数（万元）",
    "应为（万元）",
    "相差（万元）",
    "文件",
    "指纹",
)
WIDTHS = (8.0, 12.0, 12.0, 8.0, 26.0, 80.0, 40.0, 40.0, 30.0, 16.0, 16.0, 16.0, 36.0, 15.0)
FIRST = 3


def findings_book(
    catalogue: Catalogue, files: Sequence[FileState], findings: Sequence[Finding], stamp: Stamp
) -> Workbook:
    """*findings* in the order in which they are to be read."""
    sheets = [_matrix(catalogue, findings), _list(catalogue, findings), _files(files)]
    return Workbook(sheets, stamp, f"{catalogue.year}年预算报表核对结果")


def _matrix(catalogue: Catalogue, findings: Sequence[Finding]) -> Sheet:
    """One row a unit, one column a form: 强制/核实 still open."""
    units = [unit for unit in catalogue.tree if any(finding.unit == unit.code for finding in findings)]
    forms = [form for form in catalogue.forms if any(finding.form == form.id for finding in findings)]
    open_ = Counter((finding.unit, finding.form, finding.severity) for finding in findings if finding.open)
    cells = [Cell(0, 0, f"{catalogue.year}年预算报表核对结果（强制项数 / 待说明的核实项数）", Style("title"))]
    cells += [
        Cell(2, column, text, Style("heading"))
        for column, text in enumerate(("单位", "强制", "核实", *(form.sheet for form in forms)))
    ]
    for row, unit in enumerate(units, start=FIRST):
        cells.append(Cell(row, 0, unit.name, Style("name")))
        for column, severity in enumerate(("error", "warning"), start=1):
            number = sum(count for (code, _, kind), count in open_.items() if (code, kind) == (unit.code, severity))
            cells.append(
                Cell(row, column, float(number), Style("alert" if number and severity == "error" else "plain", "count"))
            )
        for column, form in enumerate(forms, start=3):
            errors, warnings = open_[unit.code, form.id, "error"], open_[unit.code, form.id, "warning"]
            words = f"{errors} / {warnings}" if errors or warnings else ""
            cells.append(Cell(row, column, words, Style("alert" if errors else "plain")))
    return Sheet("总表", cells, [14.0, 8.0, 8.0, *[9.0] * len(forms)], heads=FIRST, frozen=1, heights={0: 28.0})


def _list(catalogue: Catalogue, findings: Sequence[Finding]) -> Sheet:
    cells = [Cell(0, 0, "问题清单（先改强制，再说明核实）", Style("title"))]
    cells += [Cell(2, column, text, Style("heading")) for column, text in enumerate(HEADINGS)]
    names = {unit.code: unit.name for unit in catalogue.tree}
    sheets = {form.id: form.sheet for form in catalogue.forms}
    for row, finding in enumerate(findings, start=FIRST):
        cells += _row(row, finding, names.get(finding.unit, ""), sheets.get(finding.form, ""), catalogue.year)
    last = FIRST + max(len(findings), 1) - 1
    heights = {FIRST + number: 15.0 * max(1, -(-len(finding.says) // 38)) for number, finding in enumerate(findings)}
    return Sheet(
        "问题清单",
        cells,
        WIDTHS,
        heads=FIRST,
        frozen=3,
        heights={0: 28.0, **heights},
        filtered=(2, 0, last, len(HEADINGS) - 1),
    )


def _row(row: int, finding: Finding, unit: str, form: str, year: int) -> Iterator[Cell]:
    at = f"{finding.sheet}!{finding.cell}" if finding.cell else finding.sheet
    words = (
        SEVERITIES[finding.severity],
        unit,
        finding.rule,
        form,
        at,
        finding.says,
        finding.cause,
        finding.explanation or finding.said,
        f"已豁免。{finding.waiver}" if finding.waiver else "",
    )
    role: Role = "alert" if finding.severity == "error" and finding.open else "plain"
    for column, text in enumerate(words):
        yield Cell(row, column, text, Style(role if column == 0 else "name"))
    for column, fen in enumerate((finding.value, finding.expected, finding.difference), start=len(words)):
        yield Cell(row, column, None if fen is None else float(from_fen(fen)), Style("fixed", "amount"))
    yield Cell(row, len(HEADINGS) - 2, PurePath(finding.file).name, Style("name"))
    yield Cell(row, len(HEADINGS) - 1, fingerprint(finding, year), Style("code"))


def _files(files: Sequence[FileState]) -> Sheet:
    cells = [Cell(0, 0, "收到的文件", Style("title"))]
    cells += [Cell(2, column, text, Style("heading")) for column, text in enumerate(("状态", "单位", "文件", "说明"))]
    for row, file in enumerate(files, start=FIRST):
        words = (FILE_STATES[file.state], file.name, PurePath(file.path).name, file.says)
        role: Role = "plain" if file.state == "read" else "alert"
        cells += [Cell(row, column, text, Style(role if column == 0 else "name")) for column, text in enumerate(words)]
    return Sheet("收到的文件", cells, (12.0, 14.0, 44.0, 90.0), heads=FIRST, heights={0: 28.0})
