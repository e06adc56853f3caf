"""Drawn countries in a folder that can be used again: the largest is drawn whole, smaller ones are its first cities and provinces.

A smaller country is links into the largest, tier by tier; of it are drawn only the nation and, where the first province has fewer
cities, that province's own level: what they pay and get depends on how many members they have.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from budgetbook.book import Book
from budgetbook.workspace import open_workspace
from tests.country.files import write_country
from tests.country.tree import NATION, Size, write_tree

STEPS = (Size(1, 1, 12), Size(1, 15, 12), Size(3, 15, 12), Size(17, 15, 12))  # 12, 180, 540, 3,060 counties
FIRST = "010000"  # the first province
COUNTY = "010101"
DRAWN = "drawn.txt"  # what a workbook looked like


def counties(size: Size) -> int:
    """How many there are in all."""
    return size.provinces * size.cities * size.counties


def folder_of(folder: Path, size: Size) -> Path:
    """The workspace of one country."""
    return folder / str(counties(size))


def draw_all(folder: Path, steps: list[Size]) -> None:
    """All countries, the largest first; what is there as it would be drawn now is left alone."""
    largest = max(steps, key=counties)
    for size in sorted(steps, key=counties, reverse=True):
        own = folder_of(folder, size)
        write_tree(size, own)
        edition, mark = _edition(own), own / DRAWN
        if not mark.is_file() or mark.read_text(encoding="utf-8") != edition:
            shutil.rmtree(own / "returned", ignore_errors=True)
            mark.write_text(edition, encoding="utf-8")
        tiers = [tier.code for tier in open_workspace(own).whole.tiers]
        if not all((own / "returned" / tier).is_dir() for tier in tiers):
            _draw(size, own, tiers, largest, folder_of(folder, largest))


def _edition(own: Path) -> str:
    """A digest of the blank workbook of one county: another catalogue or another layout draws all anew."""
    space = open_workspace(own).of(COUNTY)
    blank = Book.empty(space.catalogue.tree[COUNTY], space.shape)
    return hashlib.sha256(space.package(blank)).hexdigest()


def _draw(size: Size, own: Path, tiers: list[str], largest: Size, whole: Path) -> None:
    if size == largest:
        write_country(size, own)
        return
    differing = {NATION} | ({FIRST} if size.cities != largest.cities else set())
    write_country(size, own, frozenset(differing))
    for tier in tiers:
        if not (own / "returned" / tier).is_dir():
            _linked(whole / "returned" / tier, own / "returned" / tier)


def _linked(there: Path, here: Path) -> None:
    partial = here.with_name(f"{here.name}.part")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for path in there.iterdir():
        os.link(path, partial / path.name)
    partial.rename(here)
