"""Whatever people do to a return: a figure is read exactly, or its form, line or column is reported."""

from __future__ import annotations

import io
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from zipfile import ZipFile

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetbook.checks import check_one
from budgetbook.finding import Finding
from budgetbook.layout import a1
from budgetbook.returns import Return, Source, read_return
from budgetbook.returns.values import BLANKS
from budgetbook.shape import Key
from budgetbook.xlsx.read import read
from tests.conftest import small_shape

from .cached import CACHED, Parts
from .filled_return import FILLED, PACKAGE
from .structural import (
    LAST,
    STRUCTURAL,
    insert_column,
    insert_row,
    move_sheet,
    rename_sheet,
    swap_rows,
    title_row_on_top,
)
from .typed import TYPED, hide_column, hide_rows

EDITS = {edit.__name__: edit for edit in (*STRUCTURAL, *TYPED)}
NAMES = (*EDITS, *CACHED)


def edited(names: Sequence[str], seed: int) -> tuple[Source, Return]:
    book, rng = openpyxl.load_workbook(io.BytesIO(PACKAGE)), random.Random(seed)
    for page in book.worksheets:
        for block in list(page.merged_cells.ranges):
            page.unmerge_cells(str(block))
    edits = [EDITS[name] for name in names if name in EDITS]
    for edit in sorted(edits, key=lambda edit: edit in LAST):
        edit(book, rng)
    target = io.BytesIO()
    book.save(target)
    source = read(cached([name for name in names if name in CACHED], target, rng))
    ret = read_return(small_shape(), source, "a.xlsx", "")
    assert isinstance(ret, Return), ret
    return source, ret


def cached(names: Sequence[str], package: io.BytesIO, rng: random.Random) -> bytes:
    """The package with the results of its formulas treated."""
    if not names:
        return package.getvalue()
    with ZipFile(package) as old:
        parts: Parts = {name: old.read(name) for name in old.namelist()}
    for name in names:
        CACHED[name](parts, rng)
    target = io.BytesIO()
    with ZipFile(target, "w") as new:
        for name, part in parts.items():
            new.writestr(name, part)
    return target.getvalue()


def spoken(findings: Sequence[Finding]) -> list[Finding]:
    """What is said and is more than a note, echoes as well; that a dash was read as blank is said in a note."""
    said = (each for found in findings for each in (found, *found.echoes))
    return [each for each in said if each.severity != "note" or each.rule == "U-02"]


def is_told(key: Key, findings: Sequence[Finding]) -> bool:
    form, line, column = key
    return any(
        found.form == form and found.line in ("", line) and found.column in ("", column) for found in spoken(findings)
    )


def silently_wrong(ret: Return) -> Iterator[str]:
    """Figures that differ from what was filled in, without a finding on their form, line or column."""
    shape, level = ret.book.shape, ret.book.shape.level("county")
    for place in np.flatnonzero(level.entries & ((ret.book.fen != FILLED.fen) | (ret.book.given != FILLED.given))):
        if not is_told(shape.keys[place], ret.findings):
            yield f"{shape.keys[place]} {FILLED.fen[place]} → {ret.book.fen[place] if ret.book.given[place] else None}"


@cache
def parts_of_totals() -> dict[int, list[int]]:
    """What each total is made of, by their places."""
    level = small_shape().level("county")
    addends = zip(level.totals.tolist(), level.sums.all_addends(), strict=True)
    return {place: [part for part, _ in parts] for place, parts in addends}


def beneath(place: int) -> Iterator[int]:
    """A figure and all that it is made of."""
    yield place
    for part in parts_of_totals().get(place, ()):
        yield from beneath(part)


def totals_silently_wrong(ret: Return) -> Iterator[str]:
    """Totals as stated that are not what their parts, as read, come to, without a finding at the total or what it is made of."""
    made, findings = ret.book.computed(), [*ret.findings, *check_one(ret.book.shape, ret)]
    computed, keys = ret.book.shape.level("county").computed, ret.book.shape.keys
    for place in np.flatnonzero(computed & ret.book.given & made.given & (ret.book.fen != made.fen)):
        if not any(is_told(keys[each], findings) for each in beneath(int(place))):
            yield f"{keys[place]} {made.fen[place]} → {ret.book.fen[place]}"


def silently_taken(source: Source, ret: Return) -> Iterator[str]:
    """Words that were taken for figures, and figures that nobody sees, without a finding there."""
    cells = {(found.sheet, found.cell) for found in spoken(ret.findings) if found.cell}
    hidden = {found.sheet for found in ret.findings if found.rule == "K-07" and "隐藏" in found.says}
    for place in np.flatnonzero(ret.book.given & ret.book.shape.level("county").entries):
        form, line, column = ret.book.shape.keys[place]
        where = ret.where[form]
        spot, grid = (where.rows[line], where.columns[column]), source.grids[where.sheet]
        value = grid.at(*spot)
        if isinstance(value, str) and value not in BLANKS and (where.sheet, a1(*spot)) not in cells:
            yield f"{where.sheet}!{a1(*spot)} {value!r}"
        if (spot[0] in grid.facts.hidden_rows or spot[1] in grid.facts.hidden_columns) and where.sheet not in hidden:
            yield f"{where.sheet}!{a1(*spot)} hidden"


def amiss(names: Sequence[str], seed: int) -> list[str]:
    """Everything that is wrong and was not said."""
    source, ret = edited(names, seed)
    held = ret.accounts
    unsaid = [*silently_wrong(ret), *totals_silently_wrong(ret), *silently_taken(source, ret)]
    if held.content != held.placed + held.labels + held.reported:
        unsaid.append(str(held))
    if ("calculate_by_hand" in names) != ("K-10" in {found.rule for found in ret.findings}):
        unsaid.append("manual calculation")
    return unsaid


@pytest.mark.parametrize("name", NAMES)
def test_one_edit_leaves_figures_exact_or_reported(name: str) -> None:
    assert [] == [each for seed in range(4) for each in amiss([name], seed)]


@settings(max_examples=100)
@given(st.lists(st.sampled_from(NAMES), min_size=2, max_size=6), st.integers(0, 10**6))
def test_any_sequence_of_edits_leaves_figures_exact_or_reported(names: list[str], seed: int) -> None:
    assert [] == amiss(names, seed)


@pytest.mark.long
def test_a_thousand_sequences_of_edits() -> None:
    drawn: Counter[str] = Counter()

    @settings(max_examples=1000)
    @given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=8), st.integers(0, 10**9))
    def any_sequence(names: list[str], seed: int) -> None:
        drawn.update(["sequences", *names])
        assert [] == amiss(names, seed)

    any_sequence()
    print(drawn)
    assert {*NAMES} <= drawn.keys()


@pytest.mark.parametrize(
    "edit",
    [rename_sheet, move_sheet, title_row_on_top, insert_row, insert_column, swap_rows, hide_rows, hide_column],
    ids=lambda edit: edit.__name__,
)
def test_what_keeps_the_keys_is_read_in_full(edit: object) -> None:
    _, ret = edited([name for name, each in EDITS.items() if each is edit], 1)
    entries = ret.book.shape.level("county").entries
    assert np.array_equal(FILLED.fen[entries], ret.book.fen[entries])
