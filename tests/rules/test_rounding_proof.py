"""A relation between printed figures is called wrong only where no exact values could have been printed so."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linprog

from budgetbook.relation import Sign
from budgetbook.rounding_proof import BROKEN, HOLDS, ROUNDING, Claim, Printed, impossible, together, verdict, verdicts

YI = 10**10  # 亿元, in fen
CENT = YI // 100  # 亿元 with two decimals


def yi(text: str) -> Printed:
    return Printed(int(Fraction(text) * YI), CENT)


def total(name: str, whole: str, *parts: str, sign: Sign = "=") -> Claim:
    return Claim(name, ((whole, 1), *((part, -1) for part in parts)), sign)


@pytest.mark.parametrize(("printed", "expected"), [("72.95", HOLDS), ("72.94", ROUNDING), ("72.90", BROKEN)])
def test_a_sum_of_printed_figures_is_a_rounding_note_or_an_error(printed: str, expected: int) -> None:
    figures = {"tax": yi("8.73"), "other": yi("64.22"), "all": yi(printed)}
    assert expected == verdict(total("收入", "all", "tax", "other"), figures)


def test_exact_figures_have_no_room() -> None:
    assert BROKEN == verdict(total("收入", "all", "tax"), {"all": Printed(101), "tax": Printed(100)})


def test_the_edge_of_the_interval_may_be_meant_and_one_fen_beyond_it_may_not() -> None:
    claim = total("余额", "all", "part")
    assert ROUNDING == verdict(claim, {"all": Printed(50, 100), "part": Printed(0)})
    assert BROKEN == verdict(claim, {"all": Printed(51, 100), "part": Printed(0)})


@pytest.mark.parametrize(("balance", "expected"), [("4.00", HOLDS), ("4.01", ROUNDING), ("4.02", BROKEN)])
def test_a_printed_balance_above_its_limit_is_judged_by_interval_too(balance: str, expected: int) -> None:
    figures = {"balance": yi(balance), "limit": yi("4.00")}
    assert expected == verdict(total("限额", "balance", "limit", sign="<="), figures)


def test_a_figure_on_both_sides_has_no_room_against_itself() -> None:
    figures = {"a": yi("1.00"), "b": Printed(1)}
    assert BROKEN == verdict(Claim("同数", (("a", 1), ("a", -1), ("b", 1))), figures)


def test_notes_that_cannot_all_be_true_are_an_error_and_the_set_is_named() -> None:
    """甲 needs b + c of 2010 or more; 乙 and 丙 leave either no more than 1003, where one of them might be 1010."""
    coarse = {"a": Printed(2020, 20), "b": Printed(1000, 20), "c": Printed(1000, 20)}
    figures = coarse | {"d": Printed(1002, 2), "e": Printed(1002, 2)}
    claims = [total("甲", "a", "b", "c"), total("乙", "d", "b"), total("丙", "e", "c"), total("丁", "d", "e")]
    assert [ROUNDING, ROUNDING, ROUNDING, HOLDS] == [verdict(claim, figures) for claim in claims]
    joint = together(claims, figures)
    assert BROKEN == joint.verdict
    assert ["甲", "乙", "丙"] == [claim.name for claim in joint.conflict]
    for claim in joint.conflict:
        assert not impossible([each for each in joint.conflict if each is not claim], figures)


def test_notes_that_can_all_be_true_stay_notes() -> None:
    figures = {"a": Printed(101, 1), "b": Printed(50, 1), "c": Printed(50, 1), "d": Printed(51, 1)}
    assert ROUNDING == together([total("甲", "a", "b", "c"), total("乙", "d", "b")], figures).verdict


def random_tables(rng: np.random.Generator, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """count × (4 rows of 5 + totals) as 5 × 6 tables that add up both ways, in fen, and each table's printed step."""
    inner = rng.integers(-(10**11), 10**12, (count, 4, 5)) // rng.choice([1, 10**4, 10**6], (count, 1, 1))
    rows = np.concatenate([inner, inner.sum(axis=2, keepdims=True)], axis=2)
    tables = np.concatenate([rows, rows.sum(axis=1, keepdims=True)], axis=1)
    return tables, 10**6 // 10 ** rng.integers(0, 3, (count, 1, 1))  # 万元 with 0 to 2 decimals


def half_up(fen: NDArray[np.int64], step: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.sign(fen) * ((2 * np.abs(fen) + step) // (2 * step)) * step


def judged(tables: NDArray[np.int64], step: NDArray[np.int64]) -> NDArray[np.int8]:
    """The verdicts on all row totals and column totals."""
    across = 2 * tables[:, :, -1] - tables.sum(axis=2)
    down = 2 * tables[:, -1, :] - tables.sum(axis=1)
    gap = np.concatenate([across, down], axis=1)
    room = np.concatenate([np.full(across.shape, 6), np.full(down.shape, 5)], axis=1) * step[:, 0]
    return verdicts(gap, room, np.zeros(gap.shape, dtype=np.int64))


def never_wrong(count: int) -> None:
    rng = np.random.default_rng(2026)
    for _ in range(count // 50_000):
        tables, step = random_tables(rng, 50_000)
        found = judged(half_up(tables, step), step)
        assert not (found == BROKEN).any()
        assert (found == ROUNDING).mean() > 0.3  # the test means something


def test_of_a_hundred_thousand_consistent_tables_none_is_called_wrong() -> None:
    never_wrong(100_000)


@pytest.mark.long
def test_of_a_million_consistent_tables_none_is_called_wrong() -> None:
    never_wrong(1_000_000)


def claims_of(tables: NDArray[np.int64]) -> list[Claim]:
    rows, columns = tables.shape
    cell = [[f"{row},{column}" for column in range(columns)] for row in range(rows)]
    across = [total(f"行{row}", cell[row][-1], *cell[row][:-1]) for row in range(rows)]
    down = [total(f"栏{at}", cell[-1][at], *(cell[row][at] for row in range(rows - 1))) for at in range(columns)]
    return [*across, *down]


def possible(tables: NDArray[np.int64], step: int) -> bool:
    """The question put to the solver directly: exact values within half a step of every cell that add up both ways."""
    rows, columns = tables.shape
    sums = np.zeros((rows + columns, tables.size))
    for row in range(rows):
        sums[row, row * columns : (row + 1) * columns] = [-1] * (columns - 1) + [1]
    for at in range(columns):
        sums[rows + at, at::columns] = [-1] * (rows - 1) + [1]
    gap = -(sums @ tables.ravel()) / step
    result = linprog(np.zeros(tables.size), A_eq=sums, b_eq=gap, bounds=(-0.5, 0.5), method="highs")
    return bool(result.status == 0)


def moved_tables(count: int, seed: int) -> list[tuple[NDArray[np.int64], int]]:
    """Printed tables with one figure moved by two units of its last place."""
    rng = np.random.default_rng(seed)
    tables, step = random_tables(rng, count)
    printed = half_up(tables, step)
    for at in range(count):
        row, column = rng.integers(0, 5), rng.integers(0, 6)
        printed[at, row, column] += rng.choice([-2, 2]) * step[at, 0, 0]
    return [(printed[at], int(step[at, 0, 0])) for at in range(count)]


def compared(count: int) -> tuple[int, int, int]:
    """How many of the moved tables are called wrong; of those, how many by a single relation; and where the two disagree."""
    wrong = single = differ = 0
    for table, step in moved_tables(count, seed=7):
        figures = {f"{row},{at}": Printed(int(table[row, at]), step) for row in range(5) for at in range(6)}
        joint = together(claims_of(table), figures)
        wrong += joint.verdict == BROKEN
        single += joint.verdict == BROKEN and len(joint.conflict) == 1
        differ += (joint.verdict == BROKEN) == possible(table, step)
    return wrong, single, differ


def test_a_figure_moved_by_two_units_is_found_exactly_where_a_proof_exists() -> None:
    wrong, _, differ = compared(300)
    assert 0 == differ
    assert wrong > 0


@pytest.mark.long
def test_three_thousand_moved_figures_are_found_exactly_where_a_proof_exists() -> None:
    wrong, single, differ = compared(3_000)
    assert 0 == differ
    assert 0 < single < wrong
