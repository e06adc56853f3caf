"""From a folder of books to the congress papers: workbook, document and PDF, checked before they are put in place."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ..catalogue import Catalogue
from ..finding import FileState, Finding
from ..jobs import Progress
from ..problems import Impossible
from ..settings import definition_file
from ..workspace import Workspace
from ..xlsx.print_tables import write_workbook
from .attachments import PrintedSet, bound, described, missing_tables, print_set, too_narrow
from .balance import Balanced, balance, conflicts, moved_table, plain
from .books import gathered, taken_in
from .chart import Chart
from .charts import charts
from .definitions import FILE, read_papers
from .docx_tables import write_docx
from .fonts import installed_fonts
from .page_fit import page_count
from .pdf import NoPdf, find_office, read_pages, to_pdf
from .preflight import check_print
from .printed import PrintedBook, PrintedTable
from .typefaces import Fonts, Missing, fitting

Rounding = Literal["controlled", "plain"]
PAPERS = "附表"
_ID = re.compile(r"(\w+)/(\w+):([\w.]+):(\w+)")  # of a figure, see attachment_rows


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which papers are asked for beside the workbook, and how figures are rounded."""

    docx: bool = False
    pdf: bool = False
    rounding: Rounding = "controlled"


@dataclass(frozen=True, slots=True)
class Attached:
    """What was written, what became of the files that were read, and what a person should look at."""

    written: tuple[Path, ...]
    files: list[FileState]
    findings: list[Finding]
    says: str


@dataclass(frozen=True, slots=True)
class Rounded:
    """The tables as they are to be printed; how they came about, if they were rounded together."""

    tables: tuple[PrintedTable, ...]
    balanced: Balanced | None = None

    def findings(self, catalogue: Catalogue) -> Iterator[Finding]:
        """The sums that cannot be met, by the names of their lines."""
        for says in conflicts(self.balanced) if self.balanced else ():
            yield Finding("P-13", "error", _ID.sub(lambda id: _name(catalogue, *id.groups()), says))

    def with_moves(self, book: PrintedBook) -> PrintedBook:
        """*book* with the list of its figures that were moved, if any were."""
        if self.balanced is None:
            return book
        moved = moved_table(replace(self.balanced, tables=book.tables))
        return replace(book, moved=moved if moved.rows else None)


def _name(catalogue: Catalogue, unit: str, form: str, line: str, column: str) -> str:
    sheet = catalogue.form(form)
    return f"{catalogue.tree[unit].name}{sheet.line(line).name}{sheet.column(column).heading}"


def attach(
    space: Workspace, paths: Sequence[Path], out: Path, wanted: Wanted, progress: Progress, jobs: int | None = None
) -> Attached:
    """The congress papers from the books in *paths*, all or none of them. Raises Impossible, DefinitionError."""
    papers = read_papers(definition_file(space.folder, FILE), space.catalogue)
    fonts, lacking = _fonts(wanted)
    intake = taken_in(space, paths, progress, jobs)
    source, doubts = gathered(space, intake)
    printed = print_set(papers, source)
    rounded = rounded_set(printed, wanted.rounding)
    findings = [
        *intake.findings,
        *doubts,
        *missing_tables(papers, printed.made),
        *rounded.findings(space.catalogue),
        *lacking,
    ]
    findings += too_narrow(rounded.tables)
    books = bound(papers, printed.made, rounded.tables, space.city)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".") as folder:
        for name, book in progress("写出附表", books.items(), len(books)):
            stem = Path(folder) / f"{PAPERS}{name}"
            findings += write_papers(stem, rounded.with_moves(book), charts(papers, source), wanted, fonts)
        written = tuple(made.replace(out / made.name) for made in sorted(Path(folder).glob(f"{PAPERS}*")))
    return Attached(written, intake.files, findings, _says(printed, rounded, written))


def _fonts(wanted: Wanted) -> tuple[Fonts, list[Finding]]:
    """What this machine can set the PDF in. Word and Excel papers always name the official typefaces."""
    fonts, lacking = fitting(installed_fonts())
    if wanted.pdf and find_office() is None:
        raise Impossible(
            "本机没有安装 LibreOffice，不能生成 PDF。请安装后重试，或去掉 --pdf，用 Word、WPS 打开附表.docx 另存为 PDF"
        )
    if wanted.pdf and (helpless := [face for face in lacking if not face.stand_in]):
        raise Impossible("\n".join(map(str, helpless)))
    return fonts, list(_lacking(lacking, wanted.pdf))


def _lacking(faces: Sequence[Missing], pdf: bool) -> Iterator[Finding]:
    if pdf:
        yield from (Finding("P-12", "note", str(face)) for face in faces)
    elif faces:
        names = "、".join(dict.fromkeys(face.wanted for face in faces))
        says = f"本机没有{names}字体，附表在本机打开时会用别的字体代替，版面可能走样。请在装有这些字体的电脑上打印。"
        yield Finding("P-12", "note", says)


def rounded_set(printed: PrintedSet, rounding: Rounding) -> Rounded:
    """The whole set rounded together, or every figure by itself."""
    if rounding == "plain":
        return Rounded(plain(printed.tables, printed.sums))
    balanced = balance(printed.tables, printed.sums)
    return Rounded(balanced.tables, balanced)


def write_papers(
    stem: Path, book: PrintedBook, drawn: Sequence[Chart], wanted: Wanted, fonts: Fonts
) -> Iterator[Finding]:
    """Writes *stem*.xlsx, and .docx and .pdf if wanted; finds what the PDF does not print as it should."""
    write_workbook(stem.with_name(f"{stem.name}.xlsx"), book, charts=drawn)
    if wanted.docx:
        write_docx(stem.with_name(f"{stem.name}.docx"), book)
    if wanted.pdf:
        yield from _print(stem.with_name(f"{stem.name}.pdf"), book, fonts)


def _print(pdf: Path, book: PrintedBook, fonts: Fonts) -> Iterator[Finding]:
    source = pdf.with_name("print.docx")
    write_docx(source, book, fonts, fixed_pages=True)
    try:
        to_pdf(source, pdf)
    except NoPdf as error:
        raise Impossible(str(error)) from None
    expected = [page_count(table, title_repeats=False) for table in book.tables]
    yield from check_print(book.tables, read_pages(pdf), expected)


def _says(printed: PrintedSet, rounded: Rounded, written: Sequence[Path]) -> str:
    count: Mapping[str, int] = described(printed.made)
    moves = len(rounded.balanced.rounded.moves) if rounded.balanced else 0
    return (
        f"已生成附表 {count['tables']} 张（其中空表 {count['empty']} 张），金额 {count['figures']} 个、百分数 {count['rates']} 个，"
        f"{f'舍位平衡调整 {moves} 个数' if moves else '没有需要舍位平衡的数' if rounded.balanced else '按四舍五入印出'}："
        + "、".join(map(str, written))
    )
