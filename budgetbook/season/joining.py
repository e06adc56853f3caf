"""What was new and what counted before, put together; and what is not used is said, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath

from ..door.candidates import displayed
from ..finding import FileState, Finding
from ..intake import Intake, doubled, one_file_for_two
from ..unit import Tree
from .facts import local
from .history import NOTHING, History, Version, choose
from .lying import Lying, name_of

VERSIONS, PARTS, ALTERED = "F-05", "F-06", "F-12"


def joined(
    parts: Iterable[Intake], tree: Tree, known: Mapping[str, History], wanted: Mapping[str, str], here: Lying
) -> Intake:
    """Only the returns in *wanted* (sha256 → unit) are kept."""
    whole = Intake()
    for part in parts:
        kept = {ret.file for ret in part.returns.values() if ret.sha256 in wanted}
        unused = {file.path for file in part.files if file.state == "read"} - kept
        whole.returns |= {code: ret for code, ret in part.returns.items() if ret.file in kept}
        whole.accounts |= {file: each for file, each in part.accounts.items() if file in kept}
        whole.findings += [
            each for each in part.findings if (each.file not in unused or each.rule == PARTS) and each.rule != VERSIONS
        ]
        whole.files += [file for file in part.files if file.path not in unused]
    for unit in tree.leaves:
        history = known.get(unit.code, NOTHING)
        for version in history.versions:
            _set_aside(whole, unit.name, history, version, wanted, here)
        if rivals := history.undecided:
            file = here.first(rivals[0].received.sha256) or rivals[0].received.file
            advice = choose(unit.name, rivals)
            whole.findings.append(doubled(unit, list(map(str, rivals)), displayed(file), advice))
    units = {unit.name for unit in tree}
    for copies in here.files.values():
        for path in copies[1:]:
            whole.findings += one_file_for_two(units, displayed(path), displayed(name_of(copies[0])))
    whole.findings += _altered(whole, known, wanted)
    whole.files.sort(key=lambda file: PurePath(file.path).name)
    return whole


def _set_aside(
    whole: Intake, name: str, history: History, version: Version, wanted: Mapping[str, str], here: Lying
) -> None:
    """The files that hold a version and are not read: each in `returned` is told, and a version that came later or stands to be
    chosen wherever it lies; a newer one than was accepted is noted."""
    sha256 = version.received.sha256
    told = {file.path for file in whole.files}
    places = here.files.get(sha256, [])
    if sha256 in wanted:
        says, places = "的内容已经收到过，只读一份。", places[1:]
    else:
        says = _why_not(history, version, name)
        if not places and version in (*history.waiting, *history.undecided):
            places = [version.received.file]
    for place in places:
        path = displayed(place)
        if path not in told:
            unit, words = version.received.unit, f"{displayed(name_of(place))} {says}"
            whole.files.append(FileState(path, sha256, unit, name, "superseded", words))
            if history.accepted and version in history.waiting:
                whole.findings.append(Finding(VERSIONS, "note", words, unit, path))


def _why_not(history: History, version: Version, name: str) -> str:
    used, came, rivals = history.used, local(version.received.at), history.undecided
    if version in rivals:
        return f"与另一个内容不同的文件同时收到（{came}），{choose(name, rivals)}；在此之前都不采用。"
    if rivals:
        return (
            f"是第 {version.number} 版（{came} 收到），后来同时收到 {len(rivals)} 个内容不同的文件，选定之前都不采用。"
        )
    if used is None or (not history.accepted and version == used):
        return f"是第 {version.number} 版（{came} 收到），还没有接收；这次只用已接收的版本。"
    if history.accepted and version in history.waiting:
        return (
            f"是第 {version.number} 版（{came} 收到），第 {used.number} 版已由{history.accepted.by}接收，没有采用。"
            "要改用新版，请先 reopen 退回已接收的版本。"
        )
    if version in history.waiting:
        return (
            f"是第 {version.number} 版（{came} 收到），现在用第 {used.number} 版，没有采用。"
            f"要用这一版，请用 accept {name} --version {version.number} 选定。"
        )
    return f"是第 {version.number} 版（{came} 收到），已有第 {used.number} 版（{local(used.received.at)} 收到），没有采用。"


def again(tree: Tree, known: Mapping[str, History], given: Mapping[str, Sequence[str]]) -> Iterator[FileState]:
    """The files that were *given* (sha256 → files) once more, which does not make them count."""
    for code, history in known.items():
        for version in history.versions if code in tree else ():
            sha256, name, number = version.received.sha256, tree[code].name, version.number
            use = f"不因为再收一次就采用。要用这一版，请用 accept {name} --version {number} 选定"
            says = f"的内容已经收到过（第 {number} 版，{local(version.received.at)} 收到），"
            for place in given.get(sha256, ()):
                words = f"{displayed(name_of(place))} {says}{'就是现在用的' if version == history.used else use}。"
                yield FileState(displayed(place), sha256, code, name, "superseded", words)


def _altered(whole: Intake, known: Mapping[str, History], wanted: Mapping[str, str]) -> Iterator[Finding]:
    """F-12: what counts and could not be read as it came."""
    seen = {file.sha256 for file in whole.files}
    for sha256, code in wanted.items():
        if sha256 not in seen:
            version = next(each for each in known[code].versions if each.received.sha256 == sha256)
            says = (
                f"第 {version.number} 版（{version.received.file}，{local(version.received.at)} 收到）在存档中找不到或被改动过，"
                f"没有采用。请从备份恢复 season/archive/{sha256[:20]}，或请单位重新报送。"
            )
            yield Finding(ALTERED, "error", says, code, version.received.file)
