"""The books that the congress papers are printed from: taken in from folders, completed by adding up, doubted where stale."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ..book import Book
from ..consolidation import consolidate, missing, sent
from ..finding import Finding
from ..intake import Intake, take_in
from ..jobs import Progress
from ..problems import Impossible
from ..unit import Unit
from ..workspace import Workspace
from .rows import Source

_OURS = re.compile(r"^(附表|分单位汇总表|核实说明汇总|~|\.)")  # what this program wrote beside the books
_BOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".et", ".ods", ".zip"})


def taken_in(space: Workspace, paths: Sequence[Path], progress: Progress, jobs: int | None = None) -> Intake:
    """The books in *paths*. Raises Impossible if one is of another year, if a unit has two, or if there are none."""
    files = [file for path in paths for file in _book_files(path)]
    if not files:
        where = "、".join(map(str, paths))
        raise Impossible(f"{where} 中没有账册（.xlsx）。请先用 budgetbook consolidate 汇总，或写明账册所在的文件夹")
    intake: Intake = deque(progress("读取账册", take_in(space, files, jobs), None), maxlen=1).pop()
    refused = [
        file.says for file in intake.files if file.state == "foreign" and "现在收的是" in file.says
    ]  # another year
    doubled = [found.says for found in intake.findings if found.rule == "F-05"]
    if refused or doubled:
        raise Impossible("\n".join([*refused, *doubled]))
    if not intake.returns:
        raise Impossible("没有能用的账册：" + "；".join(file.says for file in intake.files))
    unread = [found for found in intake.findings if found.rule in ("F-01", "F-04") and found.severity == "error"]
    return replace(intake, findings=unread)


def _book_files(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise Impossible(f"没有找到 {path}，请核对路径")
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return (file for file in files if file.suffix.lower() in _BOOKS and not _OURS.match(file.name))


def gathered(space: Workspace, intake: Intake) -> tuple[Source, list[Finding]]:
    """What to print from, and what is doubtful about it. A node without a book is added up from the members that have one."""
    shape, tree = space.shape, space.catalogue.tree
    given = {code: ret.book.computed() for code, ret in intake.returns.items()}
    leaves = sent(shape.catalogue.tree, given)
    absent = missing(tree, leaves)
    blank = {unit.code: Book.empty(unit, shape) for unit in absent}
    added = consolidate(shape, leaves | blank).books if leaves else {}
    doubts = list(_absences(absent))
    for code in added.keys() & given.keys():
        given[code].mark = added[code].mark
    if not absent:
        doubts += stale(given, added, "附表印的是汇总账册中的数；请先用 budgetbook consolidate 重新汇总，再生成附表。")
    partial = {node for node in added.keys() - given.keys() if any(leaf in absent for leaf in tree.under(node))}
    return Source(shape, {**added, **given}, space.city, absent, frozenset(partial)), doubts


def _absences(units: Sequence[Unit]) -> Iterator[Finding]:
    if units:
        names = "、".join(unit.name for unit in units)
        says = f"缺少{names}的账册，缺这些数的附表已在表题中注明“未含”。请补齐账册后重新生成。"
        yield Finding("P-11", "error", says)


def stale(stated: Mapping[str, Book], added: Mapping[str, Book], remedy: str) -> Iterator[Finding]:
    """P-14 for every node's book that is not what its members' books add up to, with what is used then and what to do."""
    for code in (code for code in added if code in stated):
        wrong = np.flatnonzero((stated[code].computed().fen != added[code].fen) & added[code].shape.level("node").open)
        if len(wrong):
            form, line, column = added[code].shape.keys[wrong[0]]
            sheet = added[code].shape.catalogue.form(form)
            says = (
                f"{stated[code].unit.name}的汇总账册有 {len(wrong)} 个数与各单位账册相加的结果不同，例如{sheet.title}"
                f"“{sheet.line(line).name}”{sheet.column(column).heading}。{remedy}"
            )
            yield Finding("P-14", "error", says, code, form=form, line=line, column=column)
