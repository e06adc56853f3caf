"""What is filled is what is read: templates, figures and exports give back exactly what was put in."""

import random
import tomllib
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgetbook.book import Book
from budgetbook.exchange.figures import read_figures, write_csv
from budgetbook.returns import Return, read_return
from budgetbook.workspace import Workspace
from budgetbook.xlsx.read import read
from tests.conftest import small_shape


def random_book(code: str, seed: int, share: float = 0.2) -> Book:
    """Blank cells, zeros, negatives and up to six decimals of 万元."""
    rng, shape = random.Random(seed), small_shape()
    filled = Book.empty(shape.catalogue.tree[code], shape)
    for place in np.flatnonzero(shape.level(filled.unit.level).entries):
        if rng.random() < share:
            filled.fen[place] = rng.choice([0, rng.randrange(-(10**6), 10**9), rng.randrange(10**9) * 10_000])
            filled.given[place] = True
    return filled.computed()


def returned(space: Workspace, filled: Book) -> Return:
    ret = read_return(space.shape, read(space.package(filled)), "a.xlsx", "")
    assert isinstance(ret, Return)
    return ret


def test_a_filled_workbook_reads_back_the_same_figures_totals_included(space: Workspace) -> None:
    for code in ("A", "BJ", "ALL"):
        filled = random_book(code, seed=len(code))
        ret = returned(space, filled)
        assert (filled.fen.tolist(), filled.given.tolist()) == (ret.book.fen.tolist(), ret.book.given.tolist())


def test_every_figure_keeps_its_true_coordinates(space: Workspace) -> None:
    ret = returned(space, random_book("A", 1))
    place = ret.place("gp_revenue", "1010101", "actual")
    assert "表01 一般公共预算收入表!G8" == str(place)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), share=st.floats(0, 0.05))
def test_export_after_fill_gives_back_the_figures_exactly(tmp_path: Path, seed: int, share: float) -> None:
    filled = random_book("B", seed, share)
    path = tmp_path / "figures.csv"
    write_csv([filled], path)
    again = read_figures(path, small_shape()).get("B", Book.empty(filled.unit, filled.shape))
    assert (filled.fen.tolist(), filled.given.tolist()) == (again.fen.tolist(), again.given.tolist())


def test_fill_then_export_of_the_workbook_gives_the_same_rows(space: Workspace) -> None:
    filled = random_book("A", 7)
    assert list(filled.rows()) == list(returned(space, filled).book.rows())


def test_texts_and_the_cover_come_back(space: Workspace) -> None:
    filled = random_book("A", 3, 0.01)
    filled.texts |= {
        ("cover", "phone", "text"): "0391-1234567",
        ("explanation", "revenue", "text"): "=1+1 是文字，不是公式",
        ("gp_revenue", "101", "reason"): "税率调整",
    }
    assert filled.texts == {
        key: words for key, words in returned(space, filled).book.texts.items() if key in filled.texts
    }


def test_the_same_input_gives_the_same_bytes(space: Workspace) -> None:
    assert space.package(random_book("A", 5)) == space.package(random_book("A", 5))


def test_the_package_names_every_extra_that_the_test_line_needs() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {"hypothesis", "pytest"} <= {name.split(">")[0] for name in project["optional-dependencies"]["dev"]}
