"""The whole job on the samples: blank templates, filled returns, check, consolidation, and the published figures again."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from .amount import FEN, rounded
from .book import Book
from .consolidation import consolidate
from .exchange.figures import read_figures
from .findings.shown import as_json, counts
from .issuing import issue, write_books
from .jobs import Progress, checked, consolidated, overlaid
from .problems import Impossible
from .settings import CONFIG, data_folder
from .workspace import Workspace, open_workspace

SAMPLE = "jiaozuo-2026"


@dataclass(frozen=True, slots=True)
class Published:
    """One figure of a published report and the cell it stands in."""

    id: str
    unit: str
    form: str
    line: str
    column: str
    value: Decimal
    measured_in: str
    decimals: int


def published(path: Path) -> list[Published]:
    """The figures of a published.csv."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [_published(row) for row in csv.DictReader(lines)]


def _published(row: dict[str, str]) -> Published:
    place = (row["id"], row["unit"], row["form"], row["line"], row["column"])
    return Published(*place, Decimal(row["value"]), row["measured_in"], int(row["decimals"]))


def reproduced(figure: Published, book: Book) -> Decimal | None:
    """The cell as it would be printed in that figure's unit and precision, half away from zero; None if the cell is blank."""
    value = book.value(figure.form, figure.line, figure.column)
    if value is None:
        return None
    return rounded(
        value / FEN[figure.measured_in] if figure.measured_in in FEN else value * Fraction(100), figure.decimals
    )


def missed(figures: Sequence[Published], books: dict[str, Book]) -> list[tuple[Published, Decimal | None]]:
    """The figures that the books do not reproduce, with what the books give."""
    found = [(figure, reproduced(figure, books[figure.unit])) for figure in figures]
    return [(figure, value) for figure, value in found if value != figure.value]


def run(folder: Path, progress: Progress) -> Iterator[str]:
    """Leaves issued/, returned/ and out/ behind, and says what it did. Raises Impossible if *folder* holds something else, or
    returns that are not the sample's."""
    sample = data_folder("samples") / SAMPLE
    _prepare(folder, sample)
    space = open_workspace(folder)
    leaves = space.catalogue.tree.leaves
    issued = list(progress("生成报表", issue(space, leaves, space.issued), len(leaves)))
    returned = put_returns(space, filled(space, sample), progress)
    yield f"1. 生成空白报表 {len(issued)} 本（市本级、高新区、10 个县市区）：{space.issued}"
    yield f"2. 填入示例数据（县级为合成数，与公布的全市、市级数一致）{len(returned)} 本：{space.returned}"
    intake, findings = checked(space, (), progress)
    (space.out / "核对结果.json").write_text(as_json(space.catalogue.year, intake.files, findings), encoding="utf-8")
    total = counts(findings)
    yield f"3. 核对 {len(intake.returns)} 本：强制 {total['error']} 项，核实 {total['warning']} 项，提示 {total['note']} 项：{space.out / '核对结果.json'}"
    outcome = consolidated(space, (), space.out, progress)
    yield f"4. 逐级汇总，上下级往来已对账抵消：{'、'.join(space.unit(code).name for code in outcome.result.books)}，另有分单位汇总表：{space.out}"
    books = consolidate(space.shape, {code: ret.book for code, ret in intake.returns.items()}).books
    books |= {code: ret.book for code, ret in intake.returns.items()}
    figures_out = published(sample / "published.csv")
    wrong = missed(figures_out, books)
    yield f"5. 打开看看：先看 {space.issued / space.file_name(leaves[2])}（县里收到的样子），再看 {space.out / space.file_name(space.catalogue.tree.units[0])}（全市汇总）"
    yield f"6. 自己试：budgetbook check -w {folder}；budgetbook consolidate -w {folder}；改错一个数再核对一遍"
    for figure, value in wrong:
        yield f"   未能重现 {figure.id}：公布 {figure.value} {figure.measured_in}，表中为 {'空白' if value is None else value}"
    yield f"公布的 {len(figures_out)} 个数，重现 {len(figures_out) - len(wrong)} 个（{len(figures_out) - len(wrong)}/{len(figures_out)}），按公布的小数位四舍五入逐一比较。"


def _prepare(folder: Path, sample: Path) -> None:
    settings = (sample / CONFIG).read_bytes()
    if (folder / CONFIG).is_file():
        if (folder / CONFIG).read_bytes() != settings:
            raise Impossible(f"{folder} 是别的工作区，没有改动。请换一个空文件夹")
    elif folder.exists() and any(folder.iterdir()):
        raise Impossible(f"{folder} 里有别的文件，没有改动。请换一个空文件夹")
    for name in ("issued", "returned", "out"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / CONFIG).write_bytes(settings)


def filled(space: Workspace, sample: Path) -> dict[str, Book]:
    """The books that the units of the sample send, figures and texts."""
    figures = read_figures(sample / "figures.csv", space.shape)
    words = read_figures(sample / "texts.csv", space.shape)
    return {code: overlaid(book, words[code]) for code, book in figures.items()}


def put_returns(space: Workspace, books: Mapping[str, Book], progress: Progress) -> list[Path]:
    """The returns of the units, all put into returned/ or none. Raises Impossible if another file lies under one of their names."""
    with tempfile.TemporaryDirectory(dir=space.folder, prefix=".") as beside:
        made = list(progress("填报", write_books(space, books, Path(beside)), len(books)))
        theirs = [path.name for path in made if _differs(path, space.returned / path.name)]
        if theirs:
            raise Impossible(
                f"{space.returned} 中的 {'、'.join(theirs)} 与示例不同，没有覆盖。要重新演示，请换一个空文件夹，"
                f"或先把{'这些' if len(theirs) > 1 else '这个'}文件移到别处"
            )
        return [path.replace(space.returned / path.name) for path in made]


def _differs(made: Path, lying: Path) -> bool:
    return lying.exists() and lying.read_bytes() != made.read_bytes()
