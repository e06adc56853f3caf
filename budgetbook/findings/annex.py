"""核实说明汇总: what units have explained and what the city has waived, as an annex to the consolidated books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import ceil
from pathlib import PurePath

from ..catalogue import Catalogue
from ..checks.explained import inadequate
from ..finding import SEVERITIES, Finding
from ..sheet import Cell, Role, Sheet, Stamp, Style, Workbook

HEADINGS = (
    "单位",
    "级别",
    "编号",
    "位置",
    "问题",
    "填报单位的说明",
    "说明是否充分",
    "豁免人",
    "豁免理由",
    "豁免至",
    "文件",
)
WIDTHS = (12.0, 8.0, 12.0, 26.0, 70.0, 50.0, 22.0, 12.0, 30.0, 12.0, 34.0)
STANDINGS = ("充分", "不充分", "未说明", "已豁免")
FIRST = 3


def annex(catalogue: Catalogue, findings: Sequence[Finding], stamp: Stamp) -> Workbook:
    """Of *findings*, those of 核实 level and those waived, in the order in which they stand."""
    mine = [finding for finding in findings if finding.unit and (finding.severity == "warning" or finding.waiver)]
    return Workbook(
        [_summary(catalogue, mine), _list(catalogue, mine)], stamp, f"{catalogue.year}年预算报表核实说明汇总"
    )


def standing(catalogue: Catalogue, finding: Finding) -> tuple[str, str]:
    """How the explanation of a finding stands, one of STANDINGS, and why it does not do."""
    if finding.waiver:
        return "已豁免", ""
    if finding.explanation:
        return "充分", ""
    rule = catalogue.rule(finding.rule)
    why = inadequate(finding.said, catalogue.adequacy, rule.amounts if rule else False)
    return ("不充分", why) if finding.said else ("未说明", "")


def _summary(catalogue: Catalogue, findings: Sequence[Finding]) -> Sheet:
    """One row a unit: how many findings stand how."""
    counts = Counter((finding.unit, standing(catalogue, finding)[0]) for finding in findings)
    units = [unit for unit in catalogue.tree if any(code == unit.code for code, _ in counts)]
    cells = [
        Cell(0, 0, f"{catalogue.year}年预算报表核实说明汇总", Style("title")),
        Cell(1, 0, "各单位核实项目的说明和市级豁免的件数，明细见下一张表。", Style("unit_left")),
    ]
    cells += [
        Cell(2, column, text, Style("heading")) for column, text in enumerate(("单位", "核实和豁免项目", *STANDINGS))
    ]
    for row, unit in enumerate(units, start=FIRST):
        many = [counts[unit.code, word] for word in STANDINGS]
        cells.append(Cell(row, 0, unit.name, Style("name")))
        for column, number in enumerate((sum(many), *many), start=1):
            cells.append(Cell(row, column, float(number), Style("fixed", "count")))
    return Sheet(
        "件数",
        cells,
        (16.0, 16.0, 12.0, 12.0, 12.0, 12.0),
        heads=FIRST,
        frozen=1,
        heights={0: 28.0},
        merged=((0, 0, 0, 5),),
    )


def _list(catalogue: Catalogue, findings: Sequence[Finding]) -> Sheet:
    cells = [Cell(0, 0, f"{catalogue.year}年预算报表核实说明和豁免明细", Style("title"))]
    cells += [Cell(FIRST - 1, column, text, Style("heading")) for column, text in enumerate(HEADINGS)]
    heights = {0: 28.0}
    for row, finding in enumerate(findings, start=FIRST):
        cells += _row(catalogue, row, finding)
        lines = max(len(finding.says) / 33, len(finding.explanation or finding.said) / 23)
        heights[row] = 15.0 * max(1, ceil(lines))
    last = FIRST + max(len(findings), 1) - 1
    filtered = (FIRST - 1, 0, last, len(HEADINGS) - 1)
    across = ((0, 0, 0, len(HEADINGS) - 1),)
    return Sheet("明细", cells, WIDTHS, heads=FIRST, frozen=3, heights=heights, filtered=filtered, merged=across)


def _row(catalogue: Catalogue, row: int, finding: Finding) -> Iterator[Cell]:
    word, why = standing(catalogue, finding)
    waiver = finding.waiver
    words = (
        catalogue.tree[finding.unit].name,
        SEVERITIES[finding.severity],
        finding.rule,
        f"{finding.sheet}!{finding.cell}" if finding.cell else finding.sheet,
        finding.says,
        finding.explanation or finding.said,
        f"{word}：{why}" if why else word,
        waiver.by if waiver else "",
        waiver.why if waiver else "",
        (waiver.until or "不设期限") if waiver else "",
        PurePath(finding.file).name,
    )
    role: Role = "alert" if word in ("不充分", "未说明") else "name"
    for column, text in enumerate(words):
        yield Cell(row, column, text, Style(role if HEADINGS[column] == "说明是否充分" else "name"))
