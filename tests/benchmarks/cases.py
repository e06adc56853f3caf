"""What is compared: reading one return, writing one workbook, the rule book and the consolidation of many units, whole commands."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from budgetbook.book import Book
from budgetbook.checks import check_all, check_one
from budgetbook.checks.relations import relations
from budgetbook.checks.rules import functions
from budgetbook.checks.together import Together
from budgetbook.consolidation import consolidate
from budgetbook.door.preflight import preflight, unpack
from budgetbook.findings.shown import as_json
from budgetbook.reading import ReadReturn
from budgetbook.returns import Grid, Return, Source, read_return
from budgetbook.template import workbook
from budgetbook.xlsx.contents import Contents
from budgetbook.xlsx.press import Press
from budgetbook.xlsx.read import read
from budgetbook.xlsx.write import write

from .issuing import issuing
from .measure import Case, Group
from .site import COUNTY, Site

CITY = 12  # units


def reading(site: Site) -> Group:
    """One clean, filled return of a county, everything imported and the catalogue open."""
    path = site.file
    return Group(
        "Whole check of one filled return",
        "calamine",
        [
            Case("unzip alone", partial(unzipped, path)),
            Case("calamine", partial(by_calamine, path)),
            Case("calamine, figures added up in Python", lambda: total(by_calamine(path))),
            Case("budgetbook, whole check", partial(checked, site, path)),
            Case("openpyxl, read-only", partial(by_openpyxl, path)),
            Case("openpyxl, read-only, and the same rules", partial(checked_by_openpyxl, site, path)),
            Case("pandas with calamine", partial(by_pandas, path, "calamine")),
            Case("pandas with openpyxl", partial(by_pandas, path, "openpyxl")),
        ],
    )


def steps(site: Site) -> Group:
    """Where the time of the whole check goes."""
    content, shape = site.file.read_bytes(), site.space.shape
    verdict = preflight(content)
    contents = Contents(verdict.parts, verdict.plain)
    ret = placed(site, read(content, contents))
    return Group(
        "Where the time of the check goes",
        "whole check",
        [
            Case("door: unzip within limits", partial(unpack, content)),
            Case("door: all, the XML walked", partial(preflight, content)),
            Case("reader: values, formulas, stamps", partial(read, content, contents)),
            Case("reader and placing: every cell accounted for", lambda: placed(site, read(content, contents))),
            Case("checks of the return alone", lambda: list(check_one(shape, ret))),
            Case("relations and functions", lambda: list(check_all(shape, {COUNTY: ret}))),
            Case("whole check", partial(checked, site, site.file)),
        ],
    )


def placed(site: Site, source: Source) -> Return:
    """What the cells of a workbook come to."""
    ret = read_return(site.space.shape, source, "", "")
    assert isinstance(ret, Return)
    return ret


def checked(site: Site, path: Path) -> str:
    """Door, reading, placing, every rule, findings as JSON; as a worker and its parent do it."""
    answer = ReadReturn(site.folder)(path.read_bytes())
    assert answer.slim, answer
    ret = answer.slim.whole(site.space.shape, str(path), "")
    found = [*answer.slim.findings, *check_all(site.space.shape, {COUNTY: ret})]
    return as_json(site.space.catalogue.year, [], found)


def checked_by_openpyxl(site: Site, path: Path) -> str:
    """No door and no formulas: values by openpyxl, then our placing and every rule."""
    stamp = site.space.stamp(site.space.unit(COUNTY))
    grids = {
        name: Grid([["" if value is None else value for value in row] for row in rows])
        for name, rows in by_openpyxl(path)
    }
    ret = placed(site, Source(grids, (stamp,)))
    found = [*check_one(site.space.shape, ret), *check_all(site.space.shape, {COUNTY: ret})]
    return as_json(site.space.catalogue.year, [], found)


def unzipped(path: Path) -> int:
    """Bytes of all parts."""
    with zipfile.ZipFile(path) as package:
        return sum(len(package.read(name)) for name in package.namelist())


def total(sheets: Iterable[tuple[str, Iterable[Iterable[Any]]]]) -> float:
    """What a script would at least do with the cells."""
    return sum(value for _, rows in sheets for row in rows for value in row if isinstance(value, int | float))


def by_calamine(path: Path) -> list[tuple[str, list[list[Any]]]]:
    """Every sheet as Python lists."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    return [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]


def by_openpyxl(path: Path) -> list[tuple[str, list[tuple[Any, ...]]]]:
    """Every sheet's values."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    return [(sheet.title, list(sheet.iter_rows(values_only=True))) for sheet in book.worksheets]


def by_pandas(path: Path, engine: Any) -> float:
    """Every sheet as a frame."""
    import pandas

    frames = pandas.read_excel(path, sheet_name=None, header=None, engine=engine)
    return total((name, frame.to_numpy().tolist()) for name, frame in frames.items())


def writing(site: Site) -> Group:
    """The workbook of a county, blank and filled."""
    space, press = site.space, Press()
    blank, filled = Book.empty(space.unit(COUNTY), space.shape), site.books[COUNTY]
    sheets = [workbook(space.catalogue, book, space.stamp(book.unit)) for book in (blank, filled)]
    press.write(sheets[0])
    copy: Callable[[Book], bytes] = lambda book: press.write(workbook(space.catalogue, book, space.stamp(book.unit)))  # noqa: E731  # of one line
    return Group(
        "Workbook of one county",
        "xlsxwriter, plain",
        [
            Case("budgetbook, blank copy", partial(copy, blank)),
            Case("budgetbook, filled copy", partial(copy, filled)),
            Case("budgetbook, written in full", partial(write, sheets[1])),
            Case("xlsxwriter, plain", partial(plain_xlsxwriter, sheets[1])),
            Case("openpyxl, plain", partial(plain_openpyxl, sheets[1])),
        ],
    )


def plain_xlsxwriter(made: Any) -> bytes:
    """The same cells and formulas without looks, rules and protection."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for sheet in made.sheets:
            page = book.add_worksheet(sheet.name)
            for cell in sheet.cells:
                if cell.formula:
                    page.write_formula(cell.row, cell.column, cell.formula, None, cell.value)
                elif cell.value is not None:
                    page.write(cell.row, cell.column, cell.value)
    return target.getvalue()


def plain_openpyxl(made: Any) -> bytes:
    """The same cells and formulas, without the values that formulas have now."""
    from openpyxl import Workbook

    target, book = io.BytesIO(), Workbook()
    for sheet in made.sheets:
        page = book.create_sheet(sheet.name)
        for cell in sheet.cells:
            if cell.formula or cell.value is not None:
                page.cell(cell.row + 1, cell.column + 1, cell.formula or cell.value)
    book.save(target)
    return target.getvalue()


def rules(site: Site, count: int) -> Group:
    """The rule book over many counties, and as many cities of twelve consolidated."""
    books, shape = site.counties(count)
    together = Together(shape, {book.unit.code: book for book in books})
    whole: Callable[[], object] = lambda: [*relations(shape, books, {}, (), {}), *functions(together, {})]  # noqa: E731  # of one line
    return Group(
        f"{count:,} units in memory",
        "relations",
        [
            Case("relations", lambda: list(relations(shape, books, {}, (), {}))),
            Case("whole rule book", whole),
            Case(f"consolidation, {max(1, count // CITY)} × {CITY} units", lambda: consolidated(site, count // CITY)),
        ],
    )


def consolidated(site: Site, cities: int) -> None:
    """The sample city, again and again."""
    for _ in range(max(1, cities)):
        consolidate(site.space.shape, site.books)


def commands(site: Site) -> Group:
    """Whole processes, cold."""
    python, inside = [sys.executable], ["-w", str(site.folder)]
    ours = [*python, "-m", "budgetbook"]
    return Group(
        "Whole commands, cold",
        "python -c 'import numpy'",
        [
            Case("python -c 'import numpy'", command=[*python, "-c", "import numpy"]),
            Case("budgetbook --help", command=[*ours, "--help"]),
            Case("budgetbook check, one file", command=[*ours, "check", str(site.file), *inside]),
            Case(
                "budgetbook check, 12 files",
                command=[*ours, "check", str(site.played / "returned"), "-w", str(site.played)],
            ),
            Case("budgetbook template, 12 units", command=[*ours, "template", *inside]),
            Case(
                "budgetbook attach, 12 units", command=[*ours, "attach", "-w", str(site.played), "-o", str(site.papers)]
            ),
        ],
    )


GROUPS: dict[str, Callable[[Site], Group]] = {
    "reading": reading,
    "steps": steps,
    "writing": writing,
    "rules-12": partial(rules, count=12),
    "rules-180": partial(rules, count=180),
    "rules-3000": partial(rules, count=3000),
    "commands": commands,
    "issuing": issuing,
}
