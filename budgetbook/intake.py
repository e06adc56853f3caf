"""Files handed in become returns: every file gets its state in one sentence, and no file stops another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePath
from typing import Literal, Protocol, TypeVar

from .ahead import Ahead
from .checks import prepare
from .door.candidates import Candidate, Skipped
from .door.collect import collect
from .door.kinds import Kind, refusal
from .door.workers import Killed, Workers
from .finding import FileState, Finding
from .origin import OLD, doubts, remarks
from .problems import Impossible
from .reading import Answer, ReadReturn, Slim, commonest, opened
from .returns import Accounts, Return
from .unit import Unit
from .workspace import Workspace

Said = TypeVar("Said")
Says = TypeVar("Says", covariant=True)


class Work(Protocol[Says]):
    """What a worker makes of the bytes of a file, or of what another process has begun with them."""

    def __call__(self, content: bytes, /) -> Says: ...
    def finish(self, begun: bytes, /) -> Says: ...


@dataclass(slots=True)
class Intake:
    """What came in: the usable returns by unit, the state of each file, and what is wrong with the files themselves."""

    returns: dict[str, Return] = field(default_factory=dict)
    files: list[FileState] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    doubled: dict[str, list[str]] = field(default_factory=dict)
    accounts: dict[str, Accounts] = field(default_factory=dict)
    carried: dict[str, frozenset[str]] = field(default_factory=dict)  # the forms in each file but for the cover


def take_in(
    space: Workspace, paths: Sequence[Path], jobs: int | None = None, ahead: Ahead | None = None
) -> Iterator[Intake]:
    """Reads file after file and yields the same growing intake after each, so that progress can be shown; goes on with what was
    begun *ahead*. Raises Impossible."""
    intake = Intake()
    ready = partial(prepare, space.shape, commonest(space))
    for candidate, answer in answers(space, paths, intake, ReadReturn(space.folder), jobs, ready, ahead):
        _settle(space, intake, candidate, answer)
        yield intake
    _settle_doubles(intake)
    yield intake


def answers(
    space: Workspace,
    paths: Sequence[Path],
    intake: Intake,
    work: Work[Said],
    jobs: int | None = None,
    meanwhile: Callable[[], object] = lambda: None,
    ahead: Ahead | None = None,
) -> Iterator[tuple[Candidate, Said | Killed]]:
    """What the workers have to say of each file, in order; a file not even shown to them is told in *intake*. Raises Impossible."""
    seen: dict[str, str] = {}
    opened(space)
    steps, begun = (meanwhile, *(ahead.meanwhile if ahead else ())), ahead.begun if ahead else None
    with Workers(work, jobs=jobs, meanwhile=steps, begun=begun, finish=work.finish) as workers:
        yield from workers.run(Arrivals(intake, seen, unit_names(space)).readable(_collected(paths, ahead)))
    if not seen:
        nothing_came(intake, paths)


def settled(space: Workspace, answered: Iterable[tuple[Candidate, Answer | Killed]]) -> Intake:
    """The intake of one tier from what the workers said of its files."""
    intake = Intake()
    for candidate, answer in answered:
        _settle(space, intake, candidate, answer)
    _settle_doubles(intake)
    return intake


def _collected(paths: Iterable[Path], ahead: Ahead | None) -> Iterator[Candidate | Skipped]:
    for path in paths:
        if not path.exists():
            raise Impossible(f"没有找到 {path}，请核对路径")
    yield from ahead or collect(paths)


def nothing_came(intake: Intake, paths: Sequence[Path]) -> None:
    """Raises Impossible where there was no file at all."""
    if not intake.files and paths and all(map(Path.is_file, paths)):
        named = "、".join(path.name for path in paths)
        raise Impossible(f"{named} 不是报表文件，没有读取。请给出各单位返回的 .xlsx 文件，或者放它们的文件夹")
    if not intake.files and paths:
        raise Impossible(f"文件夹 {'、'.join(map(str, paths))} 中没有报表文件（.xlsx），请把各单位返回的文件放进去")


def is_read(candidate: Candidate) -> bool:
    """Whether there is a reader for such a file."""
    return candidate.kind is Kind.XLSX or candidate.kind in OLD


class Arrivals:
    """Sorts what comes through the door: what cannot be a workbook is told at once, the rest goes to the workers."""

    def __init__(self, intake: Intake, seen: dict[str, str], units: Collection[str]) -> None:
        self.intake, self.seen, self.units = intake, seen, units

    def readable(self, found: Iterable[Candidate | Skipped]) -> Iterator[Candidate]:
        """What a worker is to read."""
        for each in found:
            name = PurePath(each.path).name
            if isinstance(each, Skipped):
                if each.code != "junk":
                    _refuse(self.intake, each.path, "", "unreadable", f"{name}：{each.says}")
            elif each.sha256 in self.seen:
                says = f"{name} 与 {self.seen[each.sha256]} 内容完全相同，只读一份。"
                self.intake.files.append(FileState(each.path, each.sha256, "", "", "superseded", says))
                self.intake.findings.extend(one_file_for_two(self.units, each.path, self.seen[each.sha256]))
            elif is_read(each):
                self.seen[each.sha256] = name
                yield each
            else:
                says = f"{name}：{refusal(each.kind, each.path)}"
                _refuse(self.intake, each.path, each.sha256, "unreadable", says, _RULES.get(each.kind, ""))


def unit_names(space: Workspace) -> frozenset[str]:
    """What the units are called, as a file name may call them."""
    return frozenset(unit.name for unit in space.catalogue.tree)


def one_file_for_two(units: Collection[str], path: str, first: str) -> Iterator[Finding]:
    """F-05: the same bytes under the names of two units."""
    name = PurePath(path).name
    mine, theirs = ({unit for unit in units if unit in each} for each in (name, first))
    if mine and theirs and not mine & theirs:
        says = (
            f"{name} 与 {first} 是同一个文件，文件名却是{'、'.join(sorted(mine))}和{'、'.join(sorted(theirs))}两个单位。"
            "请向两个单位核实，各报各的文件。"
        )
        yield Finding("F-05", "error", says, file=path)


_RULES = {Kind.LOCKED: "F-02", Kind.DRM: "F-02"}


def _refuse(
    intake: Intake, path: str, sha256: str, state: Literal["unreadable", "foreign"], says: str, rule: str = ""
) -> None:
    intake.files.append(FileState(path, sha256, "", "", state, says))
    intake.findings.append(Finding(rule or ("F-01" if state == "unreadable" else "F-04"), "error", says, file=path))


def _settle(space: Workspace, intake: Intake, candidate: Candidate, answer: Answer | Killed) -> None:
    name = PurePath(candidate.path).name
    if isinstance(answer, Killed):
        _refuse(intake, candidate.path, candidate.sha256, "unreadable", f"{name}：{answer.says}")
    elif answer.refusals:
        told = (
            refusal(candidate.kind, candidate.path)
            if candidate.kind in OLD and answer.refusals[0].code in ("unreadable", "strict")
            else "".join(each.says for each in answer.refusals[:3])
        )
        _refuse(intake, candidate.path, candidate.sha256, "unreadable", f"{name}：{told}")
    elif answer.slim is None:
        _refuse(intake, candidate.path, candidate.sha256, "foreign", f"{name} {answer.foreign}。")
    elif answer.slim.stamp.unit not in space.catalogue.tree:
        unit, here = space.whole[answer.slim.stamp.unit], space.catalogue.tree.units[0]
        told = f"是{unit.name}（{unit.code}）的报表，不属于{here.name}这一级，没有采用"
        _refuse(intake, candidate.path, candidate.sha256, "foreign", f"{name} {told}。")
    else:
        _accept(space, intake, candidate, answer, answer.slim)


def _accept(space: Workspace, intake: Intake, candidate: Candidate, answer: Answer, slim: Slim) -> None:
    ret = slim.whole(space.shape, candidate.path, candidate.sha256)
    name, unit = PurePath(candidate.path).name, ret.unit
    intake.files.append(
        FileState(candidate.path, candidate.sha256, unit.code, unit.name, "read", f"{name} 已读取（{unit.name}）。")
    )
    for says in remarks(candidate, answer.notices):
        intake.findings.append(Finding("F-01", "note", f"{name}：{says}", unit.code, candidate.path))
    intake.findings.extend(
        Finding(rule, "warning", says, unit.code, candidate.path) for rule, says in doubts(space, name, ret)
    )
    intake.findings.extend(ret.findings)
    intake.accounts[candidate.path] = ret.accounts
    intake.carried[candidate.path] = frozenset(ret.where) - {"cover"}
    _keep(intake, ret)


def _keep(intake: Intake, ret: Return) -> None:
    other = intake.returns.get(ret.unit.code)
    if other is None:
        intake.returns[ret.unit.code] = ret
        return
    intake.doubled.setdefault(ret.unit.code, [other.file]).append(ret.file)


def _settle_doubles(intake: Intake) -> None:
    """Two different files of one unit: neither is used until a person has chosen."""
    for code, files in intake.doubled.items():
        unit = intake.returns.pop(code).unit
        names = [PurePath(file).name for file in files]
        carried = [intake.carried.get(file, frozenset()) for file in files]
        if sum(map(len, carried)) == len(frozenset().union(*carried)):
            intake.findings.append(_split(unit, names, min(files)))
        else:
            intake.findings.append(doubled(unit, names, min(files)))


def _split(unit: Unit, names: Sequence[str], file: str) -> Finding:
    """F-06: several files of one unit, each with other forms."""
    says = (
        f"{unit.name}（{unit.code}）的表分在 {len(names)} 个文件里报来（{'、'.join(sorted(names))}），多半是各股室分别填的。"
        "系统不会自行合并，请把各张表填到下发的同一个文件里，整本再报；在此之前汇总不使用其中任何一个。"
    )
    return Finding("F-06", "error", says, unit.code, file)


def doubled(unit: Unit, names: Sequence[str], file: str, advice: str = "请只留下要用的一个，其余移出文件夹") -> Finding:
    """F-05: several files of one unit, of which nobody knows which counts."""
    says = (
        f"{unit.name}（{unit.code}）有 {len(names)} 个内容不同的文件：{'、'.join(sorted(names))}。"
        f"{advice}；在此之前汇总不使用其中任何一个。"
    )
    return Finding("F-05", "error", says, unit.code, file)
