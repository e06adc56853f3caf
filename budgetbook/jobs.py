"""What the commands do, one function a command: from files to files, through the pure middle.

What one command needs and another does not is loaded where it is needed: a check of one file starts at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from .ahead import Ahead
from .book import Book
from .checks import gathered, judged, sorted_findings
from .finding import FileState, Finding
from .intake import Intake, answers, settled, take_in
from .prior import Prior
from .problems import Impossible
from .reading import Answer, ReadReturn
from .returns import Return
from .saving import save
from .workspace import Workspace

if TYPE_CHECKING:
    from .consolidation import Consolidated

_Step = TypeVar("_Step")


class Progress(Protocol):
    """Shows steps as they come."""

    def __call__(self, title: str, steps: Iterable[_Step], total: int | None, /) -> Iterator[_Step]: ...


def fill_one(space: Workspace, workbook: Path, figures: Path, out: Path) -> str:
    """Tidy figures laid over what a workbook already holds. Raises Impossible, DefinitionError."""
    from .exchange.figures import read_figures

    if not figures.is_file():
        raise Impossible(f"没有找到数据文件 {figures}，请核对路径")
    ret = one_return(space, workbook)
    space = space.of(ret.unit.code)
    books = read_figures(figures, space.shape, frozenset(unit.code for unit in space.whole))
    if ret.unit.code not in books:
        others = f"，有的是：{'、'.join(books)}" if books else ""
        raise Impossible(
            f"{figures.name} 中没有{ret.unit.name}（{ret.unit.code}）的数{others}。请核对数据文件的 unit 栏"
        )
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
    told = Intake()
    answered = list(answers(space, [path], told, ReadReturn(space.folder)))
    units = [answer.slim.stamp.unit for _, answer in answered if isinstance(answer, Answer) and answer.slim]
    intake = settled(space.of(units[0]) if units else space, answered)
    if not intake.returns:
        raise Impossible("；".join(file.says for file in [*told.files, *intake.files]))
    return next(iter(intake.returns.values()))


def _last(steps: Iterable[Intake]) -> Intake:
    return deque(steps, maxlen=1).pop()


def _standing(space: Workspace, accepted: bool = False) -> Iterator[Intake]:
    from .season.collecting import standing

    return standing(space, accepted)


def checked(
    space: Workspace,
    paths: Sequence[Path],
    progress: Progress,
    prior: Prior | None = None,
    estimates: Mapping[str, Book] | None = None,
    jobs: int | None = None,
    ahead: Ahead | None = None,
) -> tuple[Intake, list[Finding]]:
    """Everything that is wrong with what came in, and who has not sent anything; with *prior*, also against last year's books,
    with *estimates*, against the 代编 ones; goes on with what was begun *ahead* of *paths*. Raises Impossible.

    Without *paths* what came into the workspace is collected, the versions that count are checked, and it is written down.
    """
    intake = _last(progress("核对报表", take_in(space, paths, jobs, ahead) if paths else _standing(space), None))
    from .checks.cause import with_causes  # a command had time to load them meanwhile
    from .waivers import under_waivers

    together = gathered(space.shape, intake.returns, prior, estimates)
    found = [*intake.findings, *judged(together, intake.returns)]
    findings = under_waivers(space.folder, space.catalogue, found, intake.returns)
    told = sorted_findings(with_causes(together, intake.returns, findings))
    if not paths:
        from .season.noting import note_checks

        note_checks(space, intake.returns, told)
    return intake, told


def write_findings(space: Workspace, intake: Intake, findings: Sequence[Finding], path: Path) -> None:
    """The findings workbook."""
    from .findings.workbook import findings_book
    from .xlsx.write import write

    path.parent.mkdir(parents=True, exist_ok=True)
    stamp = space.stamp(space.catalogue.tree.units[0])
    save(path, write(findings_book(space.catalogue, intake.files, findings, stamp)))


def write_feedback(space: Workspace, intake: Intake, findings: Sequence[Finding], out: Path) -> Iterator[Path]:
    """A feedback workbook for each unit that sent a return."""
    from .findings.feedback import feedback
    from .findings.receipt import receipt
    from .xlsx.write import write

    out.mkdir(parents=True, exist_ok=True)
    for code, ret in sorted(intake.returns.items()):
        path = out / f"反馈_{space.file_name(ret.unit)}"
        made = feedback(space.catalogue, ret.book, findings, space.stamp(space.unit(code)))
        save(path, write(replace(made, sheets=[*made.sheets, receipt(ret)])))
        yield path


@dataclass(frozen=True, slots=True)
class Outcome:
    """What consolidation came to."""

    files: list[FileState]
    findings: list[Finding]
    missing: bool
    says: str
    result: Consolidated


def consolidated(
    space: Workspace,
    paths: Sequence[Path],
    out: Path,
    progress: Progress,
    accepted: bool = False,
    jobs: int | None = None,
    ahead: Ahead | None = None,
) -> Outcome:
    """The books of every node that is complete, and the by-unit workbook; goes on with what was begun *ahead* of *paths*. Raises
    Impossible.

    Without *paths* of the versions that count in the workspace, or only of *accepted* ones, and it is written down of which.
    """
    from .consolidation import consolidate, sent
    from .issuing import write_books
    from .season.noting import not_accepted, note_totals
    from .waivers import under_waivers

    steps = take_in(space, paths, jobs, ahead) if paths else _standing(space, accepted)
    intake = _last(progress("读取报表", steps, None))
    books = sent(space.catalogue.tree, {code: ret.book for code, ret in intake.returns.items()})
    result = consolidate(space.shape, books)
    together = gathered(space.shape, intake.returns, nodes=result.books)
    found = [*intake.findings, *judged(together, intake.returns)]
    findings = under_waivers(space.folder, space.catalogue, found, intake.returns)
    read, rest = findings[: len(intake.findings)], findings[len(intake.findings) :]
    files = list(progress("写出汇总表", write_books(space, result.books, out), len(result.books)))
    if result.books:
        write_beside(space, intake.returns, result, sorted_findings(findings), out)
    told = sorted_findings([*read, *between(space, intake, rest)])
    says = _outcome_says(space, result, files, out)
    if not paths:
        note_totals(space, intake.returns, {code: out / space.file_name(space.unit(code)) for code in result.books})
        says += not_accepted(space, intake.returns)
    return Outcome(intake.files, told, bool(result.missing), says, result)


def write_beside(
    space: Workspace, returns: Mapping[str, Return], result: Consolidated, findings: Sequence[Finding], out: Path
) -> None:
    """分单位汇总表, with the flows and of which versions it was made, and 核实说明汇总."""
    from .by_unit import by_unit
    from .consolidation import sent
    from .findings.annex import annex
    from .flow_sheets import flow_sheets
    from .season.basis import basis
    from .season.collecting import season
    from .xlsx.write import write

    stamp = space.stamp(space.catalogue.tree.units[0])
    more = [*flow_sheets(space.shape, returns, result), basis(returns, season(space)[0])]
    leaves = sent(space.catalogue.tree, {code: ret.book for code, ret in returns.items()})
    books = {code: book.computed() for code, book in leaves.items()}
    save(out / "分单位汇总表.xlsx", write(by_unit(space.catalogue, books, result, stamp, more)))
    save(out / "核实说明汇总.xlsx", write(annex(space.catalogue, findings, stamp)))


def between(space: Workspace, intake: Intake, findings: Sequence[Finding]) -> Iterator[Finding]:
    """What is wrong with the nodes and between units; of what is wrong within one return only what must be mended."""
    leaves = {leaf.code for leaf in space.catalogue.tree.leaves}
    for finding in findings:
        if finding.severity == "error" or finding.unit not in leaves or finding.rule.startswith("R-LVL"):
            yield finding


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
