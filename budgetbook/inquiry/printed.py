"""Where a number comes from that was printed in the papers or said in the report: the figures it was made of, each explained."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from ..amount import plain
from ..book import derived
from ..door.preflight import preflight
from ..jobs import Progress
from ..naming import Value, clean
from ..narrative.claim import Claim
from ..narrative.claim_map import Formula
from ..narrative.printed_claim import prints_as, scale, shown
from ..narrative.standing import Standing, scope_units
from ..narrative.traced import Tracer
from ..papers.attachments import bound, print_set
from ..papers.definitions import FILE, read_papers
from ..papers.job import PAPERS
from ..papers.made_of import Figures, made_of
from ..papers.printed import Figure, PrintedBook, Rate
from ..papers.rows import Source
from ..problems import Impossible
from ..relation import Term
from ..report.job import claim_map, read, vocabulary
from ..settings import definition_file
from ..unit import Unit
from ..workspace import Workspace
from ..xlsx.print_tables import content_at
from ..xlsx.read import read as read_workbook
from .explanation import Explanation, Role, Rule
from .explanation_report import Traced
from .origins import Origins
from .tracing import CELL, column_number, origins_from

REPORTS = (".docx", ".txt", ".pdf")
_PAPERS = re.compile(rf"{PAPERS}(（.*）)?\.xlsx")


def is_printed(path: Path) -> bool:
    """Whether a file is papers or a report, not a book."""
    return bool(_PAPERS.fullmatch(path.name)) or path.suffix.lower() in REPORTS


def explain_printed(space: Workspace, path: Path, asked: str, returned: Sequence[Path], progress: Progress) -> Traced:
    """One cell of the papers (`表一!C7`), or one number of a report (`134.5 亿元`, the second such: `134.5 亿元#2`). Raises Impossible."""
    if not path.is_file():
        raise Impossible(f"没有找到 {path}，请核对路径")
    explained = _said if path.suffix.lower() in REPORTS else _printed
    return explained(space, path, asked, origins_from(space, returned, [], progress))


def _printed(space: Workspace, path: Path, asked: str, origins: Origins) -> Traced:
    sheet, row, column = _spot(asked)
    book = _book(space, path, origins)
    table, line, content = content_at(book, sheet, row, column) or (None, None, None)
    if table is None or line is None or not isinstance(content, Figure | Rate):
        raise Impossible(
            f"{path.name} 的 {asked} 不是印出来的数（是表头、名称、文字，或没有这张表）。请指明有数的单元格"
        )
    how = made_of(content.id)
    root = _composed(origins, how.how, how.above, how.below)
    unit = "%" if isinstance(content, Rate) else f" {content.unit}"
    stated = _stated(path, sheet, row, column)
    says = (
        ()
        if stated is None or abs(stated - content.number) < 1.5 * 10**-content.decimals
        else (_stale(stated, content, unit),)
    )
    name = f"{table.number}《{table.title}》“{table.row_name(line, column)}”{table.column_name(column)} {asked}"
    return Traced(asked, str(path), _sha256(path), f"{content}{unit}", root, says, clean(name))


def _stale(stated: float, content: Figure | Rate, unit: str) -> str:
    return (
        f"注意：附表已经过时。附表中印的是 {plain(Decimal(repr(stated)))}{unit}，按现有的返回表是 {content}{unit}。"
        "请重新汇总并生成附表（budgetbook consolidate、attach）。"
    )


def _spot(asked: str) -> tuple[str, int, int]:
    sheet, _, spot = asked.strip().replace("！", "!").rpartition("!")
    found = CELL.fullmatch(spot.strip().upper())
    if not sheet or not found:
        raise Impossible(f"“{asked}”不是单元格，请写成“表一!C7”的样子，工作表名和单元格之间用 ! 隔开")
    return sheet.strip().strip("'"), int(found[2]) - 1, column_number(found[1])


def _book(space: Workspace, path: Path, origins: Origins) -> PrintedBook:
    papers = read_papers(definition_file(space.folder, FILE), space.catalogue)
    printed = print_set(papers, Source(space.shape, origins.books, space.city))
    books = bound(papers, printed.made, printed.tables, space.city)
    return books.get(path.stem.removeprefix(PAPERS)) or next(iter(books.values()))


def _stated(path: Path, sheet: str, row: int, column: int) -> float | None:
    """What stands in the cell of the file."""
    content = path.read_bytes()
    verdict = preflight(content)
    if verdict.refusals:
        raise Impossible(f"{path.name} 不能打开：{verdict.refusals[0].says}")
    grid = read_workbook(content).grids.get(sheet)
    value = grid.at(row, column) if grid else None
    return float(value) if isinstance(value, int | float) else None


def _said(space: Workspace, path: Path, asked: str, origins: Origins) -> Traced:
    cells = claim_map(space)
    tracer = Tracer(cells, space.catalogue)
    claim = _claim(read(space, path, vocabulary(space))[1].claims, asked, path)
    formula, units = tracer.formula(claim), tracer.units(claim)
    if formula is None or not units or any(unit.code not in origins.books for unit in units):
        raise Impossible(f"{path.name} 中的“{claim.printed}”在报表里没有出处。用 budgetbook report check 看为什么")
    root = _followed(origins, space, formula, units)
    value = Standing(space.shape, origins.books, origins.returns).value(formula, units)
    exact = (value or Fraction(0)) / scale(claim.unit)
    differs = f"注意：文中的数与报表不一致。报表是 {shown(exact, claim)}，文为 {claim.printed}。请核对。"
    says = () if prints_as(exact, claim) else (differs,)
    return Traced(
        asked, str(path), _sha256(path), claim.printed, root, says, clean(f"{path.name} “{claim.place.sentence}”")
    )


def _claim(claims: Sequence[Claim], asked: str, path: Path) -> Claim:
    wanted, _, which = asked.partition("#")
    plain = re.compile(r"\s")
    same = [claim for claim in claims if plain.sub("", wanted) in (plain.sub("", claim.printed), str(claim.value))]
    if not same:
        raise Impossible(f"{path.name} 中没有“{wanted}”这个预算数。请照文中的写法写，例如“{claims[0].printed}”")
    if len(same) > 1 and not which:
        told = "；".join(f"{wanted}#{number} {claim.place.sentence}" for number, claim in enumerate(same, 1))
        raise Impossible(f"{path.name} 中有 {len(same)} 处“{wanted}”，请写明是第几处：{told}")
    number = int(which) if which.isdigit() else 1
    if not 1 <= number <= len(same):
        raise Impossible(f"{path.name} 中只有 {len(same)} 处“{wanted}”，没有第 {which} 处")
    return same[number - 1]


def _followed(origins: Origins, space: Workspace, formula: Formula, units: Iterable[Unit]) -> Explanation:
    """A claim by its formula, as `Standing.value` reckons it."""
    here = tuple(units)
    whose = scope_units(space.catalogue.tree, formula.base_scope, "") if formula.base_scope else here
    of, base = (_parts(origins, terms, each) for terms, each in ((formula.of, here), (formula.base, whose)))
    if formula.kind != "points":
        return _quotient(formula.kind, of, base)
    was = [_parts(origins, terms, here) for terms in formula.was]
    now, before = _quotient("percent", of, base), _quotient("percent", *was)
    return _sum("figure", [replace(now, role="above"), replace(before, role="below", weight=-1)])


def _parts(origins: Origins, terms: Iterable[Term], units: Iterable[Unit]) -> list[Explanation]:
    found = [
        replace(origins.explained(unit.code, (term.form, term.line, term.column)), weight=term.weight)
        for unit in units
        for term in terms
        if unit.code in origins.books
    ]
    return [part for part in found if part.value is not None]


def _composed(origins: Origins, how: str, above: Figures, below: Figures) -> Explanation:
    def parts(figures: Figures) -> list[Explanation]:
        found = (origins.explained(unit, key) for unit, key in figures)
        return [part for part in found if part.value is not None]

    return _quotient(how, parts(above), parts(below))


def _quotient(how: str, of: list[Explanation], base: list[Explanation]) -> Explanation:
    """A sum of *of*, or what lies between it and *base*, or their quotient."""
    if not base:
        return _sum("figure", of)
    above, below = _sum("above", of), _sum("below", base)
    if how == "difference":
        return _sum("figure", [above, replace(below, weight=-1)])
    rule: Rule = "growth" if how == "growth" else "percent"
    value = derived(rule, *(None if part.value is None else Fraction(part.value) for part in (above, below)))
    return replace(above, role="figure", rule=rule, value=value, parts=(above, below))


def _sum(role: Role, parts: Sequence[Explanation]) -> Explanation:
    if not parts:
        raise Impossible("这个数所依据的单元格现在都是空白，没有来源可列。请重新汇总后再查")
    first = parts[0]
    if role != "figure" and len(parts) == first.weight == 1:
        return replace(first, role=role)
    value: Value = sum(part.weight * (part.value or 0) for part in parts)
    return Explanation(role, first.unit, first.key, value, parts=tuple(parts))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
