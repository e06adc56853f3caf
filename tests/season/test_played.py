"""A whole season, on a small catalogue each time and on the real city by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random

import pytest

from budgetbook.amount import to_fen
from budgetbook.book import Book
from budgetbook.exchange.figures import read_figures
from budgetbook.jobs import overlaid
from budgetbook.workspace import open_workspace
from tests.conftest import typed_over
from tests.faults.inject import KINDS
from tests.season.city import SAMPLE, sample_books
from tests.season.played import Stage, play
from tests.season.tiny import REAL, tiny_book, tiny_workspace

PAPERS = """
[[attachment]]
id = "three"
title = "{Y}年{scope}“三公”经费预算表"
budget = "其他"
stage = "草案"
scope = "全市"
form = "three_public"
columns = ["initial={Y-1}年预算数", "budget={Y}年预算数"]
"""


def test_a_season_of_twelve_units_is_right_at_every_step(tmp_path: Path) -> None:
    space = tiny_workspace(tmp_path, 11)
    head, _, _ = (REAL / "attachments.toml").read_text(encoding="utf-8").partition("\n[[attachment]]")
    (space.folder / "attachments.toml").write_text(head + PAPERS, encoding="utf-8")

    def clean(code: str) -> Book:
        """Every unit plans less than last year but C7, which does not say why it plans more."""
        return tiny_book(
            space, code, 50 + space.catalogue.tree.leaves.index(space.unit(code)), 40 if code == "C7" else 80
        )

    def over(line: str, column: str, amount: float) -> Callable[[Book], bytes]:
        return lambda book: typed_over(space, book, ("three_public", line, column), amount)

    faults = {
        "合计漏加": over("SG", "budget", 1),
        "合计重复加": over("SG", "initial", 160),
        "元当万元": over("SG", "budget", 500_000),
        "填到另一行": over("SG.3", "budget", 7),
    }

    def approved(code: str) -> Book:
        return tiny_book(space, code, 49, 80)

    faulty = ["C1", "C2", "C4", "C5"]
    play(Stage(space, clean, faults, approved, ["C10", "C11"], faulty, "C7", "C6", "表22!E5"))


@pytest.mark.long
def test_a_season_of_the_real_city_is_right_at_every_step(tmp_path: Path) -> None:
    """The published 焦作市; its one error that stays, 沁阳市's, is the one that is waived."""
    (tmp_path / "budgetbook.toml").write_bytes((SAMPLE / "budgetbook.toml").read_bytes())
    for name in ("issued", "returned", "out"):
        (tmp_path / name).mkdir()
    space = open_workspace(tmp_path)
    words = read_figures(SAMPLE / "texts.csv", space.shape)
    books = {code: overlaid(book, words[code]) for code, book in sample_books().items()}

    def fault(kind: str, book: Book) -> bytes:
        rng = Random(kind)
        while (made := KINDS[kind](book, rng)) is None:
            pass
        return space.package(made.book)

    def approved(code: str) -> Book:
        """The congress added 100 万元 of 企业所得税 to the draft."""
        book = books[code]
        fen = book.fen.copy()
        fen[space.shape.place("gp_revenue", "10104", "budget")] += to_fen(100)
        return Book(book.unit, book.shape, fen, book.given.copy(), book.texts).computed()

    kinds = {kind: partial(fault, kind) for kind in ("按元填列", "数字颠倒", "漏填", "填成邻行的数")}
    faulty = ["410802", "410803", "410811", "410822"]
    play(Stage(space, books.__getitem__, kinds, approved, ["410825", "410883"], faulty, "410882", "410821", "表01!G5"))
