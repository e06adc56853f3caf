"""Where forms state their precision, the panel says 通过, 尾差 and 不符 of the same relations as Python."""

from __future__ import annotations

import functools
import random
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from budgetbook.book import Book
from budgetbook.panel import panel_of
from budgetbook.shape import Shape
from tests.conftest import small_catalogue
from tests.parity.faulty import Faults, Faulty, differences, formualizer_values, random_book, stated

STATED = {"gp_revenue": 0, "gp_balance": 0, "debt_limit": -2, "debt_bonds": -2, "debt_general": -2, "reserves": 1}


@functools.cache
def printed_shape() -> Shape:
    """The small city, some of whose forms are filled in with rounded figures."""
    forms = tuple(
        replace(form, decimals={column.id: STATED[form.id] for column in form.amounts}) if form.id in STATED else form
        for form in small_catalogue().forms
    )
    return Shape(replace(small_catalogue(), forms=forms))


def rounded_off(seed: int, unit: str) -> Faulty:
    """A book of rounded figures, in which totals are typed as people print them: right, a little off, or far off."""
    rng, shape = random.Random(seed), printed_shape()
    clean = random_book(Book.empty(shape.catalogue.tree[unit], shape), rng, 0.5)
    clean.fen //= 100
    level = shape.level(clean.unit.level)
    steps = level.steps
    known = (steps > 0) & level.entries
    clean.fen[known] = clean.fen[known] // steps[known] * steps[known]
    clean = clean.computed()
    typed: Faults = {}
    for place in level.totals.tolist():
        if steps[place] and clean.given[place] and rng.random() < 0.7:
            own = int(shape.steps[place])
            typed[place] = int(clean.fen[place]) + rng.choice((-20, -2, -1, -1, 1, 1, 2, 20)) * own
    return stated(clean, typed)


@pytest.mark.parametrize(("unit", "seed"), [("A", 1), ("BJ", 2)])
def test_panel_and_python_agree_on_rounded_figures(unit: str, seed: int) -> None:
    faulty = rounded_off(seed, unit)
    told = Counter(
        outcome["verdict"]
        for outcome in panel_of(faulty.book.shape, faulty.book.unit.level, faulty.book.unit.kinds).outcomes(faulty.book)
    )
    assert [] == list(differences(faulty, formualizer_values(faulty)))
    assert {"通过", "尾差", "不符", "待填"} == set(told), told


def test_exact_forms_have_no_room() -> None:
    rules = panel_of(printed_shape(), "county", frozenset({"county"})).rules
    exact = [
        at
        for at, case in enumerate(rules.cases)
        if not {printed_shape().keys[place][0] for place, _ in (*case.left, *case.right)} & STATED.keys()
        and not printed_shape().level("county").steps[[place for place, _ in (*case.left, *case.right)]].any()
    ]
    assert exact and not np.asarray(rules.rooms)[exact].any()
