"""Reads two versions of what units sent and compares them unit by unit."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from ..checks import check_all
from ..door.candidates import Candidate
from ..door.collect import collect
from ..door.preflight import preflight
from ..door.workers import Killed, Workers
from ..finding import Finding
from ..form import Level
from ..intake import Intake, answers, take_in
from ..jobs import Progress
from ..problems import Impossible
from ..reading import Answer, ReadReturn
from ..returns import read_return
from ..shape import Key, Shape
from ..unit import Unit
from ..workspace import Workspace, open_workspace
from ..xlsx.read import Unreadable, read
from .difference import Difference, Version, difference
from .tracing import returns_in

Formulas = dict[Key, str]
NAMED = 5  # tiers named in one sentence


def of_one_tier(space: Workspace, paths: Sequence[Path]) -> Workspace:
    """The workspace of the tier whose units sent what is in *paths*. Raises Impossible where several did."""
    if len(space.whole.tiers) == 1:
        return space
    told = answers(space, [returns_in(path) for path in paths], Intake(), ReadReturn(space.folder))
    sent = [answer.slim.stamp.unit for _, answer in told if isinstance(answer, Answer) and answer.slim]
    tiers = list(dict.fromkeys(map(space.whole.tier_of, sent)))
    if len(tiers) > 1:
        names = "、".join(space.whole[tier].name for tier in tiers[:NAMED])
        raise Impossible(
            f"要比较的有 {len(tiers)} 级财政的报表（{names}{'等' if len(tiers) > NAMED else ''}），diff 一次只比较一级。"
            "请指明同一级的两本报表，或分别只放一级报表的两个文件夹"
        )
    return space.of(tiers[0]) if tiers else space


def diff(space: Workspace, old: Path, new: Path, progress: Progress) -> list[Difference]:
    """Two workbooks of one unit, or two folders unit by unit, in the order of the tree. Raises Impossible."""
    before, after = (_intake(space, path, progress) for path in (old, new))
    if old.is_file() and new.is_file() and before.returns.keys() != after.returns.keys():
        names = [next(iter(each.returns.values())).unit.name for each in (before, after)]
        raise Impossible(f"{old.name} 是{names[0]}的报表，{new.name} 是{names[1]}的报表，不是同一个单位，无法比较")
    one, other = (_versions(space, intake) for intake in (before, after))
    changed = {code for code in one.keys() & other.keys() if one[code].ret.sha256 != other[code].ret.sha256}
    wanted = {version.ret.sha256 for code in changed for version in (one[code], other[code])}
    formulas = _formulas(space, (returns_in(old), returns_in(new)), wanted)
    return [
        _compared(space.shape, unit, one.get(unit.code), other.get(unit.code), formulas)
        for unit in space.catalogue.tree
        if unit.code in {*one, *other}
    ]


def _intake(space: Workspace, path: Path, progress: Progress) -> Intake:
    intake = deque(progress(f"读取 {path.name}", take_in(space, [returns_in(path)]), None), maxlen=1).pop()
    if not intake.returns:
        raise Impossible("；".join(file.says for file in intake.files))
    return intake


def _versions(space: Workspace, intake: Intake) -> dict[str, Version]:
    found: dict[str, list[Finding]] = {}
    for finding in (*intake.findings, *check_all(space.shape, intake.returns)):
        found.setdefault(finding.unit, []).append(finding)
    return {code: Version(ret, found.get(code, [])) for code, ret in intake.returns.items()}


def _compared(
    shape: Shape, unit: Unit, old: Version | None, new: Version | None, formulas: Mapping[str, Formulas]
) -> Difference:
    if old is None or new is None:
        return Difference(unit, old.ret if old else None, new.ret if new else None)
    before, after = (Version(each.ret, each.findings, formulas.get(each.ret.sha256, {})) for each in (old, new))
    return difference(shape, before, after)


def _formulas(space: Workspace, paths: Sequence[Path], wanted: set[str]) -> dict[str, Formulas]:
    """sha256 → the formulas of one file's totals and ratios."""
    if not wanted:
        return {}
    with Workers(ReadFormulas(space.folder, space.catalogue.tree.units[0].code)) as workers:
        answers = list(workers.run(_each_once(paths, wanted)))
    return {each.sha256: answer for each, answer in answers if not isinstance(answer, Killed)}


def _each_once(paths: Sequence[Path], wanted: Collection[str]) -> Iterator[Candidate]:
    left = set(wanted)
    for each in collect(paths):
        if isinstance(each, Candidate) and each.sha256 in left:
            left.remove(each.sha256)
            yield each


@cache
def _workspace(folder: Path) -> Workspace:
    return open_workspace(folder)


class ReadFormulas:
    """The work of a worker: the formulas that stand where nothing is typed."""

    def __init__(self, folder: Path, tier: str) -> None:
        self.folder, self.tier = folder, tier

    def __call__(self, content: bytes) -> Formulas:
        shape = _workspace(self.folder).of(self.tier).shape
        if not preflight(content).admitted:  # an old or open format does not tell its formulas
            return {}
        try:
            source = read(content)
        except Unreadable:
            return {}
        ret = read_return(shape, source, "", "")
        if isinstance(ret, str):
            return {}
        return {
            (form, line, column): formula
            for form, where in ret.where.items()
            for line, row in where.rows.items()
            for column, at in where.columns.items()
            if (formula := source.grids[where.sheet].facts.formulas.get((row, at))) is not None
            and not _typed(shape, ret.unit.level, (form, line, column))
        }


def _typed(shape: Shape, level: Level, key: Key) -> bool:
    return shape.has(*key) and bool(shape.level(level).entries[shape.place(*key)])
