"""What goes back to a unit: its own figures in a fresh workbook, each flagged cell marked, what to do on the first sheet.

Nothing of the returned file is copied but values and texts. Filled in and sent back, it is a normal return.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import ceil
from typing import Literal

from .. import layout as at
from ..book import Book
from ..catalogue import Catalogue
from ..checks.unread import TELLING
from ..finding import SEVERITIES, Finding, Severity, fingerprint
from ..layout import Layout
from ..sheet import NOTE_LEAD, Cell, Sheet, Stamp, Style, Workbook
from ..template import workbook

SHEET = "问题反馈"
IDS = ("severity", "rule", "place", "says", "cause", "explanation")
HEADINGS = ("级别", "编号", "位置（点击跳转）", "问题和改法", "可能的原因", "情况说明（核实项请在此填写原因和金额）")
WIDTHS = (2.0, 8.0, 11.0, 15.0, 66.0, 62.0, 40.0)
GROUPS: tuple[tuple[Severity, str], ...] = (
    ("error", "一、必须改正（强制）"),
    ("warning", "二、改正或说明原因（核实）"),
    ("note", "三、读取情况和提示（不用处理）"),
)
FIRST = 5
BLANK = "没有读到的数在本文件中是空白的，请照原来的文件补填。"


def feedback(catalogue: Catalogue, book: Book, findings: Sequence[Finding], stamp: Stamp) -> Workbook:
    """The workbook of a unit with *findings*, its own, worst first; `book` as the unit stated it."""
    mine = sorted((finding for finding in findings if finding.unit == book.unit.code), key=lambda found: not found.open)
    made = workbook(catalogue, book.computed(), stamp)
    rows = dict(_numbered(mine))
    flagged = _flagged(Layout(catalogue, book.unit.level), mine, rows)
    back = _back(flagged)
    sheets = [
        replace(
            sheet,
            cells=[
                _led(_marked(cell, flagged.get((sheet.name, cell.row, cell.column))), back.get((sheet.name, cell.row)))
                for cell in sheet.cells
            ],
        )
        for sheet in made.sheets
    ]
    return replace(made, sheets=[_list(catalogue, book, mine, rows), *sheets])


def _numbered(findings: Sequence[Finding]) -> Iterator[tuple[int, int]]:
    """The row on the list of each finding, by its number."""
    row = FIRST
    for severity, _ in GROUPS:
        row += 1
        for number, finding in enumerate(findings):
            if finding.severity == severity:
                yield number, row
                row += 1


def _flagged(
    layout: Layout, findings: Sequence[Finding], rows: dict[int, int]
) -> dict[tuple[str, int, int], list[tuple[Finding, int]]]:
    """Sheet, row, column of the fresh workbook → the findings at that cell and their rows on the list."""
    flagged: dict[tuple[str, int, int], list[tuple[Finding, int]]] = {}
    for number, finding in enumerate(findings):
        if spot := spot_of(layout, finding):
            flagged.setdefault(spot, []).append((finding, rows[number]))
    return flagged


def spot_of(layout: Layout, finding: Finding) -> tuple[str, int, int] | None:
    """Where a finding's figure stands in a fresh workbook, whatever became of the returned one."""
    try:
        row, column = layout.cell(finding.form, finding.line, finding.column)
    except KeyError:
        return None
    return layout.place(finding.form, finding.line, finding.column).sheet, row, column


def _back(flagged: Mapping[tuple[str, int, int], Sequence[tuple[Finding, int]]]) -> dict[tuple[str, int], int]:
    """Sheet and row of the fresh workbook → the row on the list of its first finding, the worst."""
    back: dict[tuple[str, int], int] = {}
    for (sheet, row, _), findings in flagged.items():
        back[sheet, row] = min(back.get((sheet, row), findings[0][1]), *(listed for _, listed in findings))
    return back


def _led(cell: Cell, listed: int | None) -> Cell:
    """The name of a line leads back to its finding on the list: an entry cell with a link could no longer be clicked to type."""
    if listed is None or cell.style.role != "name" or cell.column != at.NAME:
        return cell
    return cell._replace(style=cell.style._replace(role="name_pointer"), link=f"internal:'{SHEET}'!{at.a1(listed, 1)}")


def _marked(cell: Cell, findings: list[tuple[Finding, int]] | None) -> Cell:
    if not findings:
        return cell
    worst: Literal["error", "warning"] = (
        "error" if any(finding.severity == "error" for finding, _ in findings) else "warning"
    )
    if all(finding.severity == "note" or not finding.open for finding, _ in findings):
        return cell
    note = "\n".join(
        f"{SEVERITIES[finding.severity]} {finding.rule}{NOTE_LEAD.format(row=row + 1)}{finding.says}"
        for finding, row in findings
    )
    return cell._replace(style=cell.style._replace(flag=worst), note=note[:2000])


def _list(catalogue: Catalogue, book: Book, findings: Sequence[Finding], rows: dict[int, int]) -> Sheet:
    layout = Layout(catalogue, book.unit.level)
    cells = [*_head(book, findings), *_groups(findings)]
    for number, finding in enumerate(findings):
        cells += _row(catalogue, book, layout, finding, rows[number])
    heights = {
        rows[number]: _height(
            finding, book.texts.get((at.FEEDBACK, fingerprint(finding, catalogue.year), "explanation"))
        )
        for number, finding in enumerate(findings)
    }
    return Sheet(SHEET, cells, WIDTHS, heads=FIRST, heights={at.TITLE: 30.0, at.UNIT: 20.0, **heights}, merged=((at.TITLE, 1, at.TITLE, len(IDS)),),
                 hidden_rows=(at.KEYS,), hidden_columns=(at.KEY,))  # fmt: skip


def _height(finding: Finding, said: str | None) -> float:
    """As high as the longest of what is wrong, its cause and what the unit says of it."""
    lengths = (len(_says(finding)), len(finding.cause or ""), len(said or finding.explanation or ""))
    return min(
        409.0, 15.0 * max(1, *(ceil(length * 2.1 / width) for length, width in zip(lengths, WIDTHS[4:], strict=True)))
    )


def _head(book: Book, findings: Sequence[Finding]) -> Iterator[Cell]:
    counts = {
        severity: sum(finding.severity == severity and finding.open for finding in findings) for severity in SEVERITIES
    }
    yield Cell(at.TITLE, at.KEY, at.FORM_MARK + at.FEEDBACK, Style("key"))
    yield Cell(at.TITLE, 1, f"{book.unit.name}报表核对反馈", Style("title"))
    says = f"必须改正 {counts['error']} 项，待说明 {counts['warning']} 项。请在本文件中直接改数、填写说明，改完把本文件发回。红色单元格必须改，橙色单元格要核实，点那一行蓝色的科目名称可回到这里。"
    if any(map(_is_unread, findings)):
        says += f"注意：{BLANK}"
    yield Cell(at.UNIT, 1, says, Style("unit_left"))
    yield Cell(at.KEYS, at.KEY, at.COLUMN_MARK, Style("key"))
    for column, (id, heading) in enumerate(zip(IDS, HEADINGS, strict=True), start=1):
        yield Cell(at.HEADING, column, heading, Style("heading"))
        yield Cell(at.KEYS, column, id, Style("key"))


def _groups(findings: Sequence[Finding]) -> Iterator[Cell]:
    row = FIRST
    for severity, heading in GROUPS:
        count = sum(finding.severity == severity for finding in findings)
        yield Cell(row, at.KEY, at.ASIDE, Style("key"))
        yield Cell(row, 1, f"{heading}：{count} 项", Style("unit_left", strong=True))
        row += 1 + count


def _row(catalogue: Catalogue, book: Book, layout: Layout, finding: Finding, row: int) -> Iterator[Cell]:
    key = fingerprint(finding, catalogue.year)
    yield Cell(row, at.KEY, key, Style("key"))
    yield Cell(
        row,
        1,
        standing(finding),
        Style("alert" if finding.severity == "error" and finding.open else "name"),
    )
    yield Cell(row, 2, finding.rule, Style("name"))
    yield _pointer(layout, finding, row)
    yield Cell(row, 4, _says(finding), Style("name"))
    yield Cell(row, 5, finding.cause, Style("name"))
    said = book.texts.get((at.FEEDBACK, key, "explanation")) or finding.explanation or None
    yield Cell(
        row,
        6,
        said,
        Style("text", "text") if finding.severity == "warning" else Style("name"),
    )


def _says(finding: Finding) -> str:
    """What is wrong, and what became of it."""
    more = BLANK if _is_unread(finding) else ""
    return f"{finding.says}{more}{f'（市级已豁免：{finding.waiver}）' if finding.waiver else ''}"


def _is_unread(finding: Finding) -> bool:
    """Whether a finding says that figures were not read: in the fresh workbook they are missing."""
    return finding.rule in TELLING and finding.severity == "error"


def standing(finding: Finding) -> str:
    """The word that says how a finding stands: its level while it is open."""
    return "已豁免" if finding.waiver else "已说明" if finding.explanation else SEVERITIES[finding.severity]


def _pointer(layout: Layout, finding: Finding, row: int) -> Cell:
    spot = spot_of(layout, finding)
    if spot is None and finding.form in {form.id for form in layout.forms}:
        sheet = layout.sheet(finding.form)
        return Cell(row, 3, sheet.split()[0], Style("pointer"), link=f"internal:'{sheet}'!A1")
    if spot is None:
        return Cell(row, 3, finding.sheet, Style("name"))
    place = at.a1(*spot[1:])
    return Cell(row, 3, f"{spot[0].split()[0]} {place}", Style("pointer"), link=f"internal:'{spot[0]}'!{place}")
