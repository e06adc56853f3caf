"""Reads the returns behind a cell: where its figure comes from, and why it is not what it was."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from ..book import cell_value
from ..catalogue import Catalogue
from ..consolidation import Consolidated, consolidate
from ..intake import take_in
from ..jobs import Progress, one_return
from ..layout import Layout
from ..naming import Value, figure_name, file_name, written
from ..problems import Impossible
from ..returns import Return, Where
from ..settings import CONFIG
from ..shape import Key
from ..unit import Unit
from ..workspace import RETURNED, Workspace
from .explanation import Cited, Explanation
from .explanation_report import Traced
from .origins import Origins
from .reasons import Reason, reason

CELL = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]*)")


def key_at(catalogue: Catalogue, places: Mapping[str, Where], cell: str) -> Key:
    """The (form, line, column) of `表01!G7`; the sheet by its tab, its number or its title. Raises Impossible."""
    sheet, mark, spot = cell.strip().replace("！", "!").rpartition("!")
    found = CELL.fullmatch(spot.strip().upper())
    if not mark or not found:
        raise Impossible(f"“{cell}”不是单元格，请写成“表01!G7”的样子，工作表名和单元格之间用 ! 隔开")
    form = _form_at(catalogue, places, sheet.strip().strip("'"))
    where = places[form]
    row, column = int(found[2]) - 1, column_number(found[1])
    line = next((code for code, at in where.rows.items() if at == row), "")
    measure = next((id for id, at in where.columns.items() if at == column), "")
    if not line or not measure:
        raise Impossible(f"{where.sheet}!{spot} 不是放数的格子（是表头、名称或表外），请指明有数的单元格")
    return form, line, measure


def _form_at(catalogue: Catalogue, places: Mapping[str, Where], sheet: str) -> str:
    for form in catalogue.forms:
        if form.id in places and sheet in (places[form.id].sheet, form.sheet, form.title, form.id):
            return form.id
    tabs = "、".join(where.sheet for where in places.values())
    raise Impossible(f"这本报表中没有工作表“{sheet}”，有的是：{tabs}")


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def explain(space: Workspace, book: Path, cell: str, returned: Sequence[Path], progress: Progress) -> Traced:
    """Where one cell of a consolidated book, or of a return, comes from. Raises Impossible."""
    ret = one_return(space, book)
    space = space.of(ret.unit.code)
    if space.out.is_dir() and any(unit.tier for unit in space.catalogue.tree.regions):
        returned = [*returned, space.out]  # where the books of the tiers below were written
    _made_here(space, ret, book)
    if not ret.where:
        instead = space.out / space.file_name(ret.unit)
        raise Impossible(
            f"{book.name} 不是账册，里面没有按下发的样子填数的表，不能从它追溯。请指明{ret.unit.name}的账册，例如 {instead}"
        )
    key = key_at(space.catalogue, ret.where, cell)
    stated = stated_at(space.catalogue, ret, key, cell)
    made_of = space.catalogue.tree.consolidates(ret.unit)
    if made_of:
        origins = origins_from(space, returned, [ret.unit], progress)
    else:
        origins = Origins(space.shape, {ret.unit.code: ret}, Consolidated({}))
    found = _explained(origins, ret.unit, key, cell)
    says = tuple(_stale(book, ret, stated, found, origins) if made_of else ())
    return Traced(str(ret.place(*key)), ret.file, ret.sha256, written(stated), found, says)


def _made_here(space: Workspace, ret: Return, path: Path) -> None:
    if not space.made_here(ret.stamp):
        raise Impossible(
            f"{path.name} 不是这个工作区（{space.folder}）做出来的，编号对不上，无法在这里追溯。请用 -w 指明它所属的工作区"
        )


def stated_at(catalogue: Catalogue, ret: Return, key: Key, cell: str) -> Value | None:
    """What the cell holds. Raises Impossible if that is no figure, or nothing."""
    form = catalogue.form(key[0])
    line, column = form.line(key[1]), form.column(key[2])
    value = cell_value(ret.book, form, line, column)
    if column.kind == "text" or line.kind in ("text", "fixed", "heading"):
        raise Impossible(f"{cell} {figure_name(catalogue, key)}是文字，不是数，无法追溯。请指明有数的单元格")
    amount = line.kind != "ratio" and column.kind in ("amount", "difference")
    if value is None and column.kind == "amount" and line.kind != "ratio":
        raise Impossible(f"{cell} {figure_name(catalogue, key)}是空白，没有数可以追溯。请指明有数的单元格")
    return int(value) if value is not None and amount else value


def _explained(origins: Origins, unit: Unit, key: Key, cell: str) -> Explanation:
    found = origins.explained(unit.code, key)
    if found.value is None and not any(part.value is not None for part in found.parts):
        name = figure_name(origins.shape.catalogue, key)
        raise Impossible(f"{cell} {name}没有数：现有的返回表都没有填它所依据的数。汇总表可能已过时，请重新汇总")
    return found


def _stale(book: Path, ret: Return, stated: Value | None, found: Explanation, origins: Origins) -> Iterator[str]:
    if stated == found.value:
        return
    gap = f"，相差 {written(_less(stated, found.value), signed=True)}" if None not in (stated, found.value) else ""
    made = os.stat(book).st_mtime if book.is_file() else 0.0
    newer = sorted({ret.file for ret in origins.returns.values() if _modified(ret.file) > made})
    told = f"汇总之后改过的返回表：{'、'.join(map(file_name, newer))}。" if newer and made else ""
    yield (
        f"注意：这个数已经过时。汇总表中是 {written(stated)}，按现有的返回表重新汇总是 {written(found.value)}{gap}。{told}"
        "下面列的是现有返回表的来源，请重新汇总（budgetbook consolidate）后再使用汇总表。"
    )


def _less(stated: Value | None, value: Value | None) -> Value:
    gap = (stated or 0) - (value or 0)
    return Fraction(gap) if isinstance(value, Fraction) else gap


def _modified(file: str) -> float:
    return os.stat(file).st_mtime if os.path.isfile(file) else 0.0


def origins_from(space: Workspace, paths: Sequence[Path], nodes: Sequence[Unit], progress: Progress) -> Origins:
    """Raises Impossible if one of the nodes cannot be made."""
    intake = deque(progress("读取报表", take_in(space, [returns_in(path) for path in paths]), None), maxlen=1).pop()
    leaves = {leaf.code for leaf in space.catalogue.tree.leaves}
    returns = {code: ret for code, ret in intake.returns.items() if code in leaves}
    result = consolidate(space.shape, {code: ret.book for code, ret in returns.items()})
    for node in nodes:
        if node.code not in result.books:
            under = {leaf.code for leaf in space.catalogue.tree.under(node.code)}
            lacking = [unit for unit in result.missing if unit.code in under]
            names = "、".join(f"{unit.name}（{unit.code}）" for unit in lacking)
            doubled = "其中有的单位有几个内容不同的文件，请只留一个。" if under & intake.doubled.keys() else ""
            raise Impossible(
                f"{'、'.join(map(str, paths[:3]))}{' 等' * (len(paths) > 3)} 中缺 {names} 的报表，{node.name}无法汇总，也就无法追溯。{doubled}"
            )
    return Origins(space.shape, returns, result)


def returns_in(path: Path) -> Path:
    """A workspace stands for its folder of returns."""
    return path / RETURNED if (path / CONFIG).is_file() else path


def link_from(folder: Path, cited: Cited) -> str:
    """The address that opens a cited cell from a workbook in *folder*; empty for a member of an archive."""
    if not cited.place or not os.path.isfile(cited.file):
        return ""
    try:
        path = os.path.relpath(cited.file, folder)
    except ValueError:  # another drive
        path = os.path.abspath(cited.file)
    return f"external:{path}#'{cited.place.sheet}'!{cited.place.cell}"


def why(space: Workspace, old: Path, new: Path, cell: str, unit: Unit | None, progress: Progress) -> tuple[str, Reason]:
    """The cell, as it is called in a book as issued, and why its figure changed. Raises Impossible."""
    node = space.catalogue.tree[unit.code] if unit else space.catalogue.tree.units[0]  # as its own tier sees it
    layout = Layout(space.catalogue, node.level)
    key = key_at(space.catalogue, _issued(layout), cell)
    before, after = (_traced(space, path, node, key, cell, progress) for path in (old, new))
    return str(layout.place(*key)), reason(before, after)


def _issued(layout: Layout) -> dict[str, Where]:
    return {
        form.id: Where(layout.sheet(form.id), layout.rows(form.id), layout.columns(form.id)) for form in layout.forms
    }


def _traced(space: Workspace, path: Path, unit: Unit, key: Key, cell: str, progress: Progress) -> Explanation:
    nodes = [unit] if space.catalogue.tree.consolidates(unit) else []
    origins = origins_from(space, [path], nodes, progress)
    if unit.code not in origins.books:
        raise Impossible(f"{path} 中没有{unit.name}（{unit.code}）的报表，无法比较")
    try:
        return origins.explained(unit.code, key)
    except KeyError:
        name = figure_name(space.catalogue, key)
        raise Impossible(f"{cell} {name}不是数，无法比较。请指明有数的单元格") from None
