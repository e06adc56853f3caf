"""The panel of a workbook, recalculated by an engine that knows nothing of us, says what Python says. To the last cell."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from budgetbook.book import Book
from budgetbook.panel import Panel, panel_of
from tests.conftest import small_shape
from tests.office.calc import Typed, save_in_calc
from tests.parity.faulty import (
    Faults,
    Faulty,
    aimed,
    broken,
    calc_values,
    differences,
    fault,
    formualizer_values,
    random_book,
    stated,
)
from tests.test_sample import leaves

LEVELS = {"county": "410821", "city": "410800BJ"}
AT_ONCE = 240  # relations aimed at in one workbook, each by a fault of its own


def clean_book(code: str) -> Book:
    """A return of the sample."""
    return leaves()[code].computed()


def panel(book: Book) -> Panel:
    """The panel of its unit."""
    return panel_of(book.shape, book.unit.level, book.unit.kinds)


def dense(code: str, seed: int) -> Iterator[Faulty]:
    """Every relation of a level aimed at once, a few hundred to a workbook; then those that it did not break."""
    rng, clean = random.Random(seed), clean_book(code)
    rows = range(len(panel(clean).rows))
    left, order = set(rows), rng.sample(rows, len(rows))
    for at in range(0, len(rows), AT_ONCE):
        faulty = stated(clean, aimed(panel(clean), order[at : at + AT_ONCE], rng, clean))
        left -= unmet(faulty)
        yield faulty
    for _ in range(3):  # relations broken together may mend each other
        if left:
            faulty = stated(clean, broken(panel(clean), sorted(left), clean))
            left -= unmet(faulty)
            yield faulty


def unmet(faulty: Faulty) -> set[int]:
    """The relations, by number, that do not hold."""
    return {row for row, outcome in enumerate(faulty.panel.outcomes(faulty.book)) if outcome["verdict"] == "不符"}


def zeros(code: str) -> Faulty:
    """A return of zeros, in which every relation holds."""
    book = clean_book(code)
    entries = book.shape.level(book.unit.level).entries
    return stated(replace(book, fen=np.zeros_like(book.fen), given=entries.copy()), {})


def wild(unit: str, seed: int, share: float) -> Faulty:
    """Figures without rhyme or reason, most relations broken or half blank, and totals typed over."""
    rng = random.Random(seed)
    clean = random_book(Book.empty(small_shape().catalogue.tree[unit], small_shape()), rng, share)
    return stated(clean, scattered(clean, rng, 120))


def scattered(clean: Book, rng: random.Random, count: int) -> Faults:
    """Faults in any figures that the level has."""
    places = rng.sample(np.flatnonzero(clean.shape.level(clean.unit.level).open).tolist(), count)
    return {place: fault(int(clean.fen[place]), rng) for place in places}


def every_day() -> Mapping[str, Faulty]:
    """The workbooks that are recalculated on every commit."""
    found = {f"{level} dense {at}": each for level, code in LEVELS.items() for at, each in enumerate(dense(code, 7))}
    found |= {f"{level} zeros": zeros(code) for level, code in LEVELS.items()}
    return found | {"zone wild": wild("GX", 19, 0.05), "city wild": wild("BJ", 17, 0.6)}


def test_panel_cover_and_totals_equal_python_with_over_a_thousand_seeded_faults() -> None:
    wrong: list[str] = []
    seen: dict[str, Counter[str]] = {level: Counter() for level in LEVELS}
    faults = 0
    for name, faulty in every_day().items():
        wrong += [f"{name}: {each}" for each in differences(faulty, formualizer_values(faulty))]
        faults += len(faulty.typed)
        level = name.split()[0]
        for row, outcome in zip(faulty.panel.rows, faulty.panel.outcomes(faulty.book), strict=True):
            seen.setdefault(level, Counter())[f"{row.key} {outcome['verdict']}"] += 1
    assert [] == wrong
    assert faults >= 1000
    for level, code in LEVELS.items():
        rows = {row.key for row in panel(clean_book(code)).rows}
        assert set() == {row for row in rows if not seen[level][f"{row} 不符"]}, f"{level}: never seen broken"
        assert set() == {row for row in rows if not seen[level][f"{row} 通过"]}, f"{level}: never seen to hold"


def in_calc(folder: Path, books: Mapping[str, Faulty]) -> list[str]:
    """The differences after a hard recalculation in LibreOffice."""
    jobs: list[tuple[Path, Path, Typed]] = []
    for number, faulty in enumerate(books.values()):
        source = folder / f"{number}.xlsx"
        source.write_bytes(faulty.package())
        jobs.append((source, folder / f"{number}-calc.xlsx", []))
    save_in_calc(folder, jobs, patience=240 * len(jobs))
    return [
        f"{name}: {each}"
        for (name, faulty), (_, target, _) in zip(books.items(), jobs, strict=True)
        for each in differences(faulty, calc_values(target))
    ]


def test_libreoffice_agrees_on_a_county_and_a_city(tmp_path: Path) -> None:
    assert [] == in_calc(tmp_path, {level: next(dense(code, 23)) for level, code in LEVELS.items()})


@pytest.mark.long
def test_libreoffice_agrees_on_every_workbook_of_the_day(tmp_path: Path) -> None:
    assert [] == in_calc(tmp_path, every_day())
