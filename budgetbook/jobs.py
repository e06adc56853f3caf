"""What the commands do, one function a command: from files to files, through the pure middle."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np

from .amount import Fens
from .book import Book, Texts
from .by_unit import by_unit
from .checks import check_all, sorted_findings
from .checks.flows import flows
from .checks.relations import relations, zones
from .consolidate import Consolidated, consolidate
from .figures import read_figures, write_csv
from .intake import Intake, take_in
from .model import FileState, Finding, Unit
from .returns import Return
from .shape import Given
from .workspace import Impossible, Workspace, open_workspace
from .xlsx.write import write

_Step = TypeVar("_Step")


class Progress(Protocol):
    """Shows steps as they come."""

    def __call__(self, title: str, steps: Iterable[_Step], total: int | None, /) -> Iterator[_Step]: ...


def issue(space: Workspace, units: Sequence[Unit], out: Path) -> Iterator[Path]:
    """A blank workbook for each unit."""
    yield from write_books(space, {unit.code: Book.empty(unit, space.shape) for unit in units}, out)


def write_books(space: Workspace, books: Mapping[str, Book], out: Path) -> Iterator[Path]:
    """A workbook for each book, several at a time."""
    out.mkdir(parents=True, exist_ok=True)
    jobs = [(_slim(book), out / space.file_name(book.unit)) for book in books.values()]
    if len(jobs) < 2:
        yield from (_write_one(space, *job) for job in jobs)
        return
    with ProcessPoolExecutor(min(os.cpu_count() or 1, len(jobs)), initializer=_open, initargs=(space.folder,)) as pool:
        yield from pool.map(_write_here, jobs)


Slim = tuple[str, Fens, Given, Texts, str]  # a book without its shape, which every worker has
_here: list[Workspace] = []


def _slim(book: Book) -> Slim:
    return book.unit.code, book.fen, book.given, book.texts, book.mark


def _open(folder: Path) -> None:
    _here[:] = [open_workspace(folder)]


def _write_here(job: tuple[Slim, Path]) -> Path:
    return _write_one(_here[0], *job)


def _write_one(space: Workspace, slim: Slim, path: Path) -> Path:
    code, fen, given, texts, mark = slim
    save(path, space.package(Book(space.unit(code), space.shape, fen, given, texts, mark)))
    return path


def save(path: Path, data: bytes) -> None:
    """All or nothing: a file is never left half-written."""
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(data)
    partial.replace(path)


def fill_one(space: Workspace, workbook: Path, figures: Path, out: Path) -> str:
    """Tidy figures laid over what a workbook already holds. Raises Impossible, DefinitionError."""
    if not figures.is_file():
        raise Impossible(f"没有找到数据文件 {figures}，请核对路径")
    ret = one_return(space, workbook)
    books = read_figures(figures, space.shape)
    if ret.unit.code not in books:
        raise Impossible(f"{figures.name} 中没有{ret.unit.name}（{ret.unit.code}）的数，有的是：{'、'.join(books)}")
    filled = overlaid(ret.book, books[ret.unit.code])
    out.parent.mkdir(parents=True, exist_ok=True)
    save(out, space.package(filled))
    return f"已把 {int(books[ret.unit.code].given.sum() - books[ret.unit.code].shape.level(ret.unit.level).computed[books[ret.unit.code].given].sum())} 个数填入{ret.unit.name}的报表：{out}"


def overlaid(below: Book, above: Book) -> Book:
    """The figures and texts of *above* over those of *below*, totals computed."""
    fen, given = np.where(above.given, above.fen, below.fen), above.given | below.given
    return Book(below.unit, below.shape, fen, given, below.texts | above.texts).computed()


def one_return(space: Workspace, path: Path) -> Return:
    """The return in one file. Raises Impossible with the sentence of the file."""
    intake = _last(take_in(space.shape, [path]))
    if not intake.returns:
        raise Impossible("；".join(file.says for file in intake.files))
    return next(iter(intake.returns.values()))


def _last(steps: Iterable[Intake]) -> Intake:
    return deque(steps, maxlen=1).pop()


def checked(space: Workspace, paths: Sequence[Path], progress: Progress) -> tuple[Intake, list[Finding]]:
    """Everything that is wrong with what came in, and who has not sent anything. Raises Impossible."""
    intake = _last(progress("核对报表", take_in(space.shape, paths), None))
    findings = [*intake.findings, *check_all(space.shape, intake.returns)]
    return intake, sorted_findings([*findings, *_absent(space, intake, paths)])


def _absent(space: Workspace, intake: Intake, paths: Sequence[Path]) -> Iterator[Finding]:
    here = {file.unit for file in intake.files}
    if any(path.is_dir() for path in paths):
        for unit in space.catalogue.tree.leaves:
            if unit.code not in here and not unit.adjustment:
                yield Finding("F-06", "note", f"还没有收到{unit.name}（{unit.code}）的报表。", unit.code)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What consolidation came to."""

    files: list[FileState]
    findings: list[Finding]
    missing: bool
    says: str
    result: Consolidated


def consolidated(space: Workspace, paths: Sequence[Path], out: Path, progress: Progress) -> Outcome:
    """The books of every node that is complete, and the by-unit workbook. Raises Impossible."""
    intake = _last(progress("读取报表", take_in(space.shape, paths), None))
    books = {code: ret.book for code, ret in intake.returns.items() if ret.unit.level != "node"}
    result = consolidate(space.shape, books)
    findings = sorted_findings([*intake.findings, *_consolidation_findings(space, intake, result)])
    files = list(progress("写出汇总表", write_books(space, result.books, out), len(result.books)))
    if result.books:
        save(
            out / "分单位汇总表.xlsx",
            write(
                by_unit(
                    space.catalogue,
                    {code: book.computed() for code, book in books.items()},
                    result,
                    space.stamp(space.catalogue.tree.units[0]),
                )
            ),
        )
    return Outcome(intake.files, findings, bool(result.missing), _outcome_says(space, result, files, out), result)


def _consolidation_findings(space: Workspace, intake: Intake, result: Consolidated) -> Iterator[Finding]:
    returns = intake.returns
    yield from relations(space.shape, list(result.books.values()), returns)
    yield from zones(space.shape, {code: ret.book for code, ret in returns.items()} | result.books, returns)
    yield from flows(space.shape, returns)


def _outcome_says(space: Workspace, result: Consolidated, files: Sequence[Path], out: Path) -> str:
    done = (
        f"已汇总 {len(files)} 本：{'、'.join(space.unit(code).name for code in result.books)}，放在 {out}。"
        if files
        else "没有能汇总的单位。"
    )
    if not result.missing:
        return done
    waiting = [node.name for node in space.catalogue.tree.nodes if node.code not in result.books]
    return (
        f"{done}{'、'.join(waiting)}没有汇总，因为还缺：{'、'.join(f'{unit.name}（{unit.code}）' for unit in result.missing)}。"
        "请催报后再汇总；确实来不及的，由市里代编一本（封面“编报依据”选“代编”），汇总表会注明。"
    )


def exported(space: Workspace, paths: Sequence[Path], out: Path) -> str:
    """Tidy figures of every readable workbook. Raises Impossible."""
    if not paths:
        raise Impossible("请写明要导出的报表文件或文件夹")
    if str(out) != "-" and out.suffix.lower() != ".csv":
        raise Impossible(f"{out.name} 的格式不支持，请把导出文件写成 .csv")
    intake = _last(take_in(space.shape, paths))
    if not intake.returns:
        raise Impossible("；".join(file.says for file in intake.files))
    books = [intake.returns[code].book for code in sorted(intake.returns)]
    text = write_csv(books, None if str(out) == "-" else out)
    if str(out) == "-":
        print(text, end="")
    unread = "".join(f"\n{file.says}" for file in intake.files if file.state != "read")
    return f"已导出 {len(books)} 个单位 {text.count(chr(10)) - 1} 个数：{out}{unread}"
