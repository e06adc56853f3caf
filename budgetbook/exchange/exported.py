"""Figures on their way to other systems: one file in the format its name asks for, and a data package that describes it."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ..book import Book
from ..catalogue import Catalogue
from ..intake import Intake, settled
from ..problems import Impossible
from ..saving import save
from ..tiers.here import read
from ..tiers.waiting import Waiting
from ..workspace import Workspace
from .datapackage import FIGURE_FIELDS, NAME_FIELDS, Foreign, described, known
from .datapackage import NAME as PACKAGE
from .figure_files import NAME_HEAD, NamedRow, Row, write_duckdb, write_parquet, write_parquet_names, write_sqlite
from .figures import write_csv

TWICE = ("F-05", "F-06")  # several files of one unit
SUFFIXES = (".csv", ".parquet", ".sqlite", ".duckdb")


def exported(space: Workspace, paths: Sequence[Path], out: Path, names: bool = False) -> str:
    """Tidy figures of every readable workbook. Raises Impossible, DefinitionError."""
    if not paths:
        raise Impossible("请写明要导出的报表文件或文件夹")
    _known_suffix(out)
    told = _Told()
    with TemporaryDirectory(prefix="budgetbook-") as scratch:
        books = _read(space, paths, Waiting(Path(scratch)), told)
        if str(out) == "-":
            print(write_csv(books, None), end="")
        else:
            write_figures(replace(space.catalogue, tree=space.whole), books, out, names)
    unread = "".join(f"\n{says}" for says in told.unused)
    return f"已导出 {told.units} 个单位 {told.figures} 个数：{out}{unread}"


@dataclass(slots=True)
class _Told:
    """What was exported, and what of the files that were not used is to be said."""

    units: int = 0
    figures: int = 0
    unused: list[str] = field(default_factory=list)

    def add(self, intake: Intake) -> None:
        self.unused += [file.says for file in intake.files if file.state != "read"]
        self.unused += [found.says for found in intake.findings if found.unit in intake.doubled and found.rule in TWICE]


def _read(space: Workspace, paths: Sequence[Path], waiting: Waiting, told: _Told) -> Iterator[Book]:
    """Unit by unit, tier by tier: only the books of one tier are in memory. Raises Impossible if there is none."""
    refused = Intake()
    for _ in read(space, paths, waiting, refused):
        pass
    told.add(refused)
    for tier in reversed(space.whole.tiers):
        intake = settled(space.of(tier.code), waiting.answered(tier.code))
        told.add(intake)
        for code in sorted(intake.returns):
            book = intake.returns[code].book
            told.units, told.figures = told.units + 1, told.figures + sum(1 for _ in book.rows())
            yield book
    if not told.units:
        raise Impossible("；".join(told.unused))


def _known_suffix(out: Path) -> None:
    if str(out) != "-" and out.suffix.lower() not in SUFFIXES:
        raise Impossible(f"{out.name} 的格式不支持，请把导出文件写成 {'、'.join(SUFFIXES)} 之一")


def write_figures(catalogue: Catalogue, books: Iterable[Book], out: Path, names: bool = False) -> list[Path]:
    """The figures of *books* in *out*, with a datapackage.json beside it; returns what was written.

    With *names*, also a table of what units, forms, lines and columns are called. Raises Impossible, DefinitionError.
    """
    _known_suffix(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        known(out.parent)
    except Foreign as error:
        raise Impossible(str(error)) from None
    rows = (row for book in books for row in book.rows())
    named = list(_names(catalogue)) if names else []
    files = {out: FIGURE_FIELDS}
    _WRITE[out.suffix.lower()](out, rows, named)
    if named and out.suffix.lower() in (".csv", ".parquet"):
        files[_names_file(out)] = NAME_FIELDS
    save(out.parent / PACKAGE, described(catalogue, files).encode())
    return [*files, out.parent / PACKAGE]


def _names(catalogue: Catalogue) -> Iterator[NamedRow]:
    yield from (("unit", "", unit.code, unit.name) for unit in catalogue.tree)
    for form in catalogue.forms:
        yield "form", "", form.id, f"{form.sheet} {form.title}"
        yield from (("line", form.id, line.code, line.name) for line in form.lines)
        yield from (("column", form.id, column.id, column.heading) for column in form.columns)


def _names_file(out: Path) -> Path:
    return out.with_name(f"{out.stem}.names{out.suffix}")


def _csv(out: Path, rows: Iterable[Row], names: Sequence[NamedRow]) -> None:
    _replaced(out, lambda path: _write_rows(path, ("unit", "form", "line", "column", "value"), rows))
    if names:
        _replaced(_names_file(out), lambda path: _write_rows(path, NAME_HEAD, names))


def _write_rows(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


def _parquet(out: Path, rows: Iterable[Row], names: Sequence[NamedRow]) -> None:
    _replaced(out, lambda path: write_parquet(path, rows))
    if names:
        _replaced(_names_file(out), lambda path: write_parquet_names(path, names))


def _sqlite(out: Path, rows: Iterable[Row], names: Sequence[NamedRow]) -> None:
    _replaced(out, lambda path: write_sqlite(path, rows, names))


def _duckdb(out: Path, rows: Iterable[Row], names: Sequence[NamedRow]) -> None:
    _replaced(out, lambda path: write_duckdb(path, rows, names))


_WRITE: dict[str, Callable[[Path, Iterable[Row], Sequence[NamedRow]], None]] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".sqlite": _sqlite,
    ".duckdb": _duckdb,
}


def _replaced(out: Path, write: Callable[[Path], None]) -> None:
    """All or nothing: a file is never left half-written; it keeps its suffix, by which the libraries are told and chosen."""
    partial = out.with_name(f"{out.stem}.{os.getpid()}.part{out.suffix}")
    try:
        write(partial)
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
