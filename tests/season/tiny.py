"""A catalogue of three forms cut out of the real one, so that a workbook takes milliseconds, and cities of any size on it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path

from budgetbook.book import Book
from budgetbook.settings import data_folder
from budgetbook.workspace import Workspace, open_workspace

FORMS = ("cover", "three_public", "explanation")  # 封面、“三公”经费、情况说明
REAL = data_folder("templates") / "2026"
NODES = (("ALL", "全市", "node", ""), ("SJ", "市级", "node", "ALL"), ("XJ", "县（市、区）", "node", "ALL"))
CITY = ("BJ", "市本级", "city", "SJ")
TOTAL, TRAVEL, MEALS, CARS = (("three_public", line) for line in ("SG", "SG.1", "SG.2", "SG.32"))


def tiny_workspace(folder: Path, counties: int = 2, more: str = "") -> Workspace:
    """A workspace of 市本级 and some counties C1, C2, …; *more* stands at the top of its settings."""
    _catalogue(folder / "tiny")
    units = (*NODES, CITY, *((f"C{each}", f"第{each}县", "county", "XJ") for each in range(1, counties + 1)))
    tree = "\n".join(
        f'[[unit]]\ncode = "{code}"\nname = "{name}"\nlevel = "{level}"\nparent = "{parent}"'
        for code, name, level, parent in units
    )
    text = f'city = "某市"\ncatalogue = "tiny"\nseal = "test"\n{more}\n{tree}\n'
    (folder / "budgetbook.toml").write_text(text, encoding="utf-8")
    for name in ("issued", "returned", "out"):
        (folder / name).mkdir()
    return open_workspace(folder)


def _catalogue(folder: Path) -> None:
    """The real catalogue without what speaks of other forms."""
    (folder / "lines").mkdir(parents=True)
    for name in ("catalogue.toml", "guide.md", "columns.csv", *(f"lines/{form}.csv" for form in FORMS)):
        (folder / name).write_bytes((REAL / name).read_bytes())
    others = re.compile("|".join(row[0] for row in _rows("forms.csv")[1:] if row[0] not in FORMS))
    for name in ("forms.csv", "relations.csv", "rules.csv", "flows.csv", "changes.csv"):
        head, *rows = _rows(name)
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *(row for row in rows if not others.search(",".join(row)))])


def _rows(name: str) -> list[list[str]]:
    return list(csv.reader((REAL / name).read_text(encoding="utf-8-sig").splitlines()))


def tiny_book(space: Workspace, unit: str, budget: int, last: int = 0, says: str = "") -> Book:
    """Reception costs: *budget* planned after *last* (as much, if none is given), with an explanation of what rose."""
    figures = {(*MEALS, "initial"): last or budget, (*MEALS, "budget"): budget}
    book = Book.of(space.catalogue.tree[unit], space.shape, figures)
    if says:
        book.texts[("explanation", "three_public", "text")] = says
    return book


def sent(space: Workspace, units: Iterable[str], budget: int = 10, last: int = 0, says: str = "") -> None:
    """Each unit puts a workbook into `returned`."""
    for code in units:
        (space.returned / f"{code}.xlsx").write_bytes(space.package(tiny_book(space, code, budget, last, says)))
