"""Files handed in become returns: every file gets its state in one sentence, and no file stops another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from .checks import check_one
from .model import FileState, Finding
from .returns import Return, read_return
from .shape import Shape
from .workspace import Impossible
from .xlsx.read import Unreadable, read


@dataclass(slots=True)
class Intake:
    """What came in: the usable returns by unit, the state of each file, and what is wrong with the files themselves."""

    returns: dict[str, Return] = field(default_factory=dict)
    files: list[FileState] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    doubled: dict[str, list[str]] = field(default_factory=dict)


def workbooks(paths: Iterable[Path]) -> Iterator[Path]:
    """The files under *paths*, folders walked in name order. Raises Impossible for a path that is not there or holds nothing."""
    for path in paths:
        if not path.exists():
            raise Impossible(f"没有找到 {path}，请核对路径")
        if path.is_file():
            yield path
            continue
        found = sorted(
            file for file in path.rglob("*") if file.is_file() and not file.name.startswith(("~$", ".", "Thumbs.db"))
        )
        if not any(file.suffix.lower() == ".xlsx" for file in found):
            raise Impossible(f"文件夹 {path} 中没有报表文件（.xlsx），请把各单位返回的文件放进去")
        yield from found


def take_in(shape: Shape, paths: Iterable[Path]) -> Iterator[Intake]:
    """Reads file after file and yields the same growing intake after each, so that progress can be shown. Raises Impossible."""
    intake = Intake()
    seen: dict[str, str] = {}
    for path in workbooks(paths):
        _one(shape, intake, path, seen)
        yield intake
    _settle_doubles(intake)


def _one(shape: Shape, intake: Intake, path: Path, seen: dict[str, str]) -> None:
    data = path.read_bytes()
    sha = hashlib.sha256(data).hexdigest()
    if sha in seen:
        intake.files.append(
            FileState(str(path), sha, "", "", "superseded", f"{path.name} 与 {seen[sha]} 内容完全相同，只读一份。")
        )
        return
    seen[sha] = path.name
    outcome = _read(shape, path, data, sha)
    if isinstance(outcome, Return):
        intake.files.append(
            FileState(
                str(path),
                sha,
                outcome.unit.code,
                outcome.unit.name,
                "read",
                f"{path.name} 已读取（{outcome.unit.name}）。",
            )
        )
        intake.findings.extend(check_one(shape, outcome))
        _keep(intake, outcome)
    else:
        state, says = outcome
        intake.files.append(FileState(str(path), sha, "", "", state, says))
        intake.findings.append(Finding("F-01" if state == "unreadable" else "F-04", "error", says, file=str(path)))


def _read(shape: Shape, path: Path, data: bytes, sha: str) -> Return | tuple[Literal["unreadable", "foreign"], str]:
    if not data:
        return "unreadable", f"{path.name} 是空文件（0 字节），没有读取。请重新保存或重新发送。"
    try:
        source = read(data)
    except Unreadable as error:
        return (
            "unreadable",
            f"{path.name} 不是能读取的 Excel 工作簿（{error}），没有读取。请在 Excel 或 WPS 中打开，另存为 .xlsx 后重发。",
        )
    ret = read_return(shape, source, str(path), sha)
    return ("foreign", f"{path.name} {ret}。") if isinstance(ret, str) else ret


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
        names = "、".join(sorted(Path(file).name for file in files))
        says = f"{unit.name}（{code}）有 {len(files)} 个内容不同的文件：{names}。请只留下要用的一个，其余移出文件夹；在此之前汇总不使用其中任何一个。"
        intake.findings.append(Finding("F-05", "error", says, code, min(files)))
