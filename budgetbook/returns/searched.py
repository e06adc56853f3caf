"""What is said of a form that had to be searched: what was recovered, what moved or was merged, and what labels say against keys."""

from __future__ import annotations

from ..catalogue import Catalogue
from ..finding import Place
from ..form import Form
from ..layout import Layout, a1
from ..unit import Tree
from .beside import comments, hidden_figures
from .found import Search
from .labels import contradictions, nameless
from .marks import Where, grid_form
from .receipt import moves
from .record import STRAYS, Record
from .source import Grid


def say_search(record: Record, form: Form, name: str, grid: Grid, found: Search) -> None:
    """What had to be recovered; that a form has lost its keys is one note, whatever of them is gone."""
    record.recovered = (*found.lost, *found.recovered)
    without = "；".join(found.lost)
    if not grid_form(grid):
        says = f"工作表“{name}”的标识已丢失，按名称认作“{form.title}”{f'；{without}' if without else ''}。"
        record.find("K-08", "note", says, (form.id, "", ""))
    elif without:
        record.find("K-01", "note", f"{name}：{without}。", (form.id, "", ""))
    for text in found.recovered[:STRAYS]:
        record.find("K-01", "note", f"{name}：{text}。", (form.id, "", ""))
    if len(found.recovered) > STRAYS:
        record.find(
            "K-01", "note", f"{name}：另有 {len(found.recovered) - STRAYS} 处按编码和名称识别。", (form.id, "", "")
        )
    for doubt in found.ambiguous:
        record.find("K-01", "error", f"{name}：{doubt.says}。", (form.id, doubt.line, doubt.column))


def say_merged(record: Record, form: Form, where: Where, grid: Grid) -> None:
    """U-08: of merged cells only the first keeps its figure, the others are gone."""
    lines = {row: code for code, row in where.rows.items()}
    columns = {at: id for id, at in where.columns.items()}
    for top, left, bottom, right in grid.facts.merged:
        rows = [row for row in lines if top <= row <= bottom]
        spots = [(row, at) for row in rows for at in columns if left <= at <= right and (row, at) != (top, left)]
        for row, at in spots:
            key, place = (form.id, lines[row], columns[at]), Place(where.sheet, a1(row, at))
            area = f"{a1(top, left)}:{a1(bottom, right)}"
            record.find(
                "U-08",
                "error",
                f"{place} 被合并在 {area} 中，只有左上角的数留了下来，请取消合并后补填。",
                key,
                place,
            )


def say_against(record: Record, tree: Tree, form: Form, found: Search, where: Where, grid: Grid) -> None:
    """What labels say against keys, and what stands hidden or beside."""
    unit = record.ret.unit
    others = {each.name for each in tree if each.code != unit.code}
    record.all(contradictions(form, where.sheet, grid, found.head, where.columns, unit.name, others))
    for line, row, said in found.renamed:
        says = f"{where.sheet} 第 {row + 1} 行的科目名称由“{line.name}”改成了“{said[:40]}”，仍按“{line.name}”读取。请核对这一行的数，名称请恢复。"
        record.find("K-01", "warning", says, (form.id, line.code, ""))
    record.all(nameless(form, where.sheet, found.unnamed))
    record.all(hidden_figures(form, where, grid))
    record.all(comments(form.id, where.sheet, grid))


def say_moves(record: Record, catalogue: Catalogue, form: Form, where: Where, by: str) -> None:
    """Rows and columns that stand where they were not issued, and by what they were known."""
    layout = Layout(catalogue, record.ret.unit.level)
    record.moves = tuple(moves(form, layout, where))
    if record.moves:
        first, more = record.moves[0], len(record.moves) - 1
        rest = f"等 {more + 1} 处，详见回执" if more else ""
        says = f"{where.sheet} 的行列被移动过，已按{by}读取：{first.what}原在{_spaced(first.old)}，现在{_spaced(first.new)}{rest}。"
        record.find("K-01", "note", says, (form.id, "", ""))


def _spaced(place: str) -> str:
    return place if place.startswith("第") else f" {place}"
