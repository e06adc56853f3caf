"""A template filled and saved in LibreOffice reads back as one filled by the program, and recalculates to our totals."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from budgetbook.amount import from_fen
from budgetbook.book import Book
from budgetbook.checks import check_all, check_one
from budgetbook.door.verdicts import verdict
from budgetbook.layout import Layout
from budgetbook.returns import Return, read_return
from budgetbook.workspace import Workspace
from budgetbook.xlsx.read import read
from tests.conftest import small_shape
from tests.office.calc import Typed, save_in_calc


def some_figures(code: str, seed: int) -> Book:
    """About four hundred entries with two decimals, zeros and blanks among them."""
    rng, shape = random.Random(seed), small_shape()
    filled = Book.empty(shape.catalogue.tree[code], shape)
    for place in rng.sample(np.flatnonzero(shape.level(filled.unit.level).entries).tolist(), 400):
        filled.fen[place], filled.given[place] = rng.choice([0, rng.randrange(1, 10**8) * 10_000]), True
    return filled.computed()


def typed(filled: Book) -> Typed:
    """What a person would type: entries only."""
    layout, level = Layout(filled.shape.catalogue, filled.unit.level), filled.shape.level(filled.unit.level)
    places = [
        (layout.place(*filled.shape.keys[place]), place) for place in np.flatnonzero(filled.given & level.entries)
    ]
    return [(at.sheet, at.cell, float(from_fen(filled.fen[place]))) for at, place in places]


def read_back(space: Workspace, path: Path) -> Return:
    ret = read_return(space.shape, read(path.read_bytes()), path.name, "")
    assert isinstance(ret, Return), ret
    return ret


def test_filled_and_saved_in_libreoffice_reads_back_the_same_and_recalculates_to_our_totals(
    space: Workspace, tmp_path: Path
) -> None:
    books = {code: some_figures(code, seed) for seed, code in enumerate(("A", "BJ"))}
    jobs = []
    for code, filled in books.items():
        blank = tmp_path / f"blank-{code}.xlsx"
        blank.write_bytes(space.package(Book.empty(filled.unit, space.shape)))
        jobs.append((blank, tmp_path / f"{code}.xlsx", typed(filled)))
    save_in_calc(tmp_path, jobs)
    for _, target, _ in jobs:
        filled, ret = books[target.stem], read_back(space, target)
        assert (filled.fen.tolist(), filled.given.tolist()) == (ret.book.fen.tolist(), ret.book.given.tolist()), (
            target.name
        )
        assert [] == [finding.says for finding in check_one(space.shape, ret)], target.name


@pytest.mark.long
def test_saved_as_an_old_or_an_open_format_the_same_is_read_and_nothing_else_is_said(
    space: Workspace, tmp_path: Path
) -> None:
    filled, source = some_figures("A", 7), tmp_path / "A.xlsx"
    source.write_bytes(space.package(filled))
    targets = [tmp_path / f"saved{ending}" for ending in (".xlsx", ".xls", ".ods")]
    save_in_calc(tmp_path, [(source, target, []) for target in targets])
    expected = said(space, read_back(space, source))
    for target in targets:
        ret = read_back(space, target)
        assert (filled.fen.tolist(), filled.given.tolist()) == (ret.book.fen.tolist(), ret.book.given.tolist()), (
            target.name
        )
        assert expected == said(space, ret), target.name


def said(space: Workspace, ret: Return) -> list[tuple[str, str, str, str]]:
    """Every finding of reading and checking, wherever the file is from."""
    found = [*ret.findings, *check_one(space.shape, ret), *check_all(space.shape, {ret.unit.code: ret})]
    return sorted((each.rule, each.sheet, each.cell, each.says) for each in found)


@pytest.mark.long
@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".ods"])
def test_an_error_saved_in_any_format_is_told_at_its_cell(space: Workspace, tmp_path: Path, ending: str) -> None:
    filled, source, target = some_figures("A", 7), tmp_path / "A.xlsx", tmp_path / f"saved{ending}"
    source.write_bytes(space.package(filled))
    at = Layout(space.catalogue, "county").place("gp_revenue", "1010101", "actual")
    save_in_calc(tmp_path, [(source, target, [(at.sheet, at.cell, "=1/0")])])
    (found,) = [each for each in read_back(space, target).findings if each.rule == "U-05"]
    assert (at.cell, True) == (found.cell, "错误值 #DIV/0!" in found.says)
    assert verdict(target.read_bytes()).admitted
