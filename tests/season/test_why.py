"""The change of a consolidated figure is, exactly, the sum of the changes of units, lines, adjustments and eliminations."""

from __future__ import annotations

import functools
import json
import random
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from budgetbook.amount import to_fen
from budgetbook.book import Book, cell_value
from budgetbook.inquiry.explanation import Explanation
from budgetbook.inquiry.origins import Origins
from budgetbook.inquiry.reasons import Reason, reason
from budgetbook.inquiry.reasons_report import as_text
from budgetbook.shape import Key
from budgetbook.workspace import Workspace
from tests.conftest import book, small_catalogue, small_shape
from tests.season.city import SMALL, Figures, origins, put, run, sample_books, sample_origins, sample_space, small

NODES = ("410800", "410800SJ", "410800XJ")


@functools.cache
def later() -> Origins:
    """The sample after five units sent again: one entry in twenty is another figure, one in a hundred is blank."""
    rng = random.Random(8)
    books = dict(sample_books())
    for code in ("410800BJ", "410871", "410802", "410822", "410883"):
        changed = Book(books[code].unit, books[code].shape, books[code].fen.copy(), books[code].given.copy())
        for place in np.flatnonzero(changed.given & changed.shape.level(changed.unit.level).entries):
            draw = rng.random()
            changed.fen[place] += rng.randrange(-(10**9), 10**9) if draw < 0.05 else 0
            if draw > 0.99:
                changed.fen[place], changed.given[place] = 0, False
        books[code] = changed.computed()
    return origins(sample_space(), books)


def adds_up(found: Reason) -> bool:
    return found.change == found.recomputed() and all(adds_up(part) for part in (*found.parts, *found.lines))


@pytest.mark.parametrize("node", NODES)
def test_every_change_of_a_consolidated_amount_adds_up(node: str) -> None:
    shape = sample_space().shape
    old, new = sample_origins().result.books[node], later().result.books[node]
    changed = 0
    for place in np.flatnonzero((old.given | new.given) & shape.level("node").open):
        key = shape.keys[place]
        found = reason(sample_origins().explained(node, key, 1), later().explained(node, key, 1))
        assert int(new.fen[place] * new.given[place] - old.fen[place] * old.given[place]) == found.change
        assert adds_up(found), key
        changed += bool(found.parts)
    assert changed > 500


def test_down_to_the_cells_that_changed_it_adds_up_too() -> None:
    shape = sample_space().shape
    old, new = sample_origins().result.books["410800"], later().result.books["410800"]
    places = np.flatnonzero((old.fen != new.fen) & shape.level("node").open)
    for place in places[::37]:
        key = shape.keys[place]
        found = reason(sample_origins().explained("410800", key), later().explained("410800", key))
        assert adds_up(found), key
        assert found.change == sum(times * (leaf.change or 0) for times, leaf in found.leaves())
        assert all(leaf.before or leaf.after for _, leaf in found.leaves()), key


@pytest.mark.parametrize("node", NODES)
def test_every_change_of_a_ratio_is_that_of_its_numerator_and_that_of_its_denominator(node: str) -> None:
    old, new = sample_origins().result.books[node], later().result.books[node]
    cells = [
        (form, line, column)
        for form in sample_space().catalogue.at("node")
        for line in form.lines
        for column in form.columns
    ]
    changed = [
        (form.id, line.code, column.id)
        for form, line, column in cells
        if (column.kind != "amount" or line.kind == "ratio")
        and cell_value(old, form, line, column) != cell_value(new, form, line, column)
    ]
    for key in changed:
        assert adds_up(reason(sample_origins().explained(node, key, 1), later().explained(node, key, 1))), key
    assert len(changed) > 300


RESENT: dict[str, Figures] = SMALL | {
    "A": SMALL["A"] | {("gp_revenue", "10104", "actual"): 26, ("gp_transfers", "1100207", "actual"): 33},
    "GX": {("gp_revenue", "10104", "actual"): 1},
    "BJ": SMALL["BJ"] | {("city_transfers", "23002.A", "actual"): 33},
}


def changed(key: Key) -> Reason:
    return reason(small(SMALL).explained("ALL", key), small(RESENT).explained("ALL", key))


def test_a_change_is_split_by_unit_and_largest_first_in_text() -> None:
    """甲县 +6, 高新区 −2: +4 in all."""
    found = changed(("gp_revenue", "10104", "actual"))
    text = list(as_text(small_catalogue(), "表01!G9", found))
    assert "全市 表01!G9 表01“企业所得税”2025年执行数：30 万元 → 34 万元，+4 万元" == text[0]
    assert ["  县（市、区）  20 万元 → 26 万元，+6 万元", "    甲县  20 万元 → 26 万元，+6 万元"] == text[1:3]
    assert ["  市级  10 万元 → 8 万元，-2 万元", "    高新区  3 万元 → 1 万元，-2 万元"] == text[3:5]


def test_money_that_only_moves_between_members_changes_nothing_and_shows_in_both_places() -> None:
    """甲县 gets 3 more from 市本级: the receipts rise by 3 and so does what is eliminated."""
    found = changed(("gp_balance", "11002", "actual"))
    assert 0 == found.change
    assert {"member": to_fen(3), "eliminated": -to_fen(3)} == {
        part.role: (part.weight or 0) * (part.change or 0) for part in found.parts
    }


def test_the_change_of_a_ratio_is_shared_between_numerator_and_denominator() -> None:
    """30/20 → 34/20: the whole change is the numerator's, and 甲县 alone would have made it +0.3."""
    found = changed(("gp_revenue", "10104", "initial_pct"))
    assert (Fraction(1, 5), ["above"]) == (found.change, [part.role for part in found.parts])
    effects = {leaf.unit.name: times * (leaf.change or 0) for times, leaf in found.leaves()}
    assert {"高新区": Fraction(-1, 10), "甲县": Fraction(3, 10)} == effects


def test_a_ratio_that_was_undefined_cannot_be_compared_and_says_so() -> None:
    bare = {code: {key: value for key, value in each.items() if key[2] != "initial"} for code, each in SMALL.items()}
    key = ("gp_revenue", "10104", "initial_pct")
    found = reason(small(bare).explained("ALL", key), small(SMALL).explained("ALL", key))
    assert found.change is None
    assert "无法比较" in "".join(as_text(small_catalogue(), "表01!H9", found))


def test_an_adjustment_is_a_part_of_its_own() -> None:
    """What a 差额表 changes is told apart from what units change."""
    old, new = (
        Explanation("figure", book("A", {}).unit, ("gp_revenue", "10104", "actual"), value, parts=(part,))
        for value in (5, 8)
        for part in [Explanation("adjustment", book("A", {}).unit, ("gp_revenue", "10104", "actual"), value)]
    )
    assert [("adjustment", 3)] == [(part.role, part.change) for part in reason(old, new).parts]


def test_the_command_compares_two_folders_of_returns(filled: Workspace, tmp_path: Path) -> None:
    put(filled, tmp_path / "新", RESENT)
    words = ("why", filled.folder, tmp_path / "新", "表01!G9", "-w", filled.folder)
    target = tmp_path / "原因.json"
    result = run(*words, "--json", target, "--xlsx", tmp_path / "原因.xlsx")
    assert 0 == result.exit_code, result.output
    assert "30 万元 → 34 万元，+4 万元" in result.stdout
    told = json.loads(target.read_text(encoding="utf-8"))["reason"]
    assert (4, 4) == (told["change"], sum(part["effect"] for part in told["parts"]))
    assert (tmp_path / "原因.xlsx").stat().st_size > 5_000


def test_a_round_that_is_not_complete_names_who_is_missing(filled: Workspace, tmp_path: Path) -> None:
    put(filled, tmp_path / "新", {"A": RESENT["A"]})
    result = run("why", filled.folder, tmp_path / "新", "表01!G9", "-w", filled.folder)
    assert (2, True) == (
        result.exit_code,
        "中缺 市本级（BJ）、高新区（GX）、乙县（B） 的报表，全市无法汇总" in result.stderr,
    )


def test_a_sheet_that_does_not_exist_is_told_before_anything_is_read(filled: Workspace, tmp_path: Path) -> None:
    result = run("why", tmp_path / "无", tmp_path / "无", "表98!G9", "-w", filled.folder)
    assert (2, True) == (result.exit_code, "没有工作表“表98”" in result.stderr)


def test_a_reason_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to compare"):
        reason(None, None)


def test_a_unit_that_first_appears_counts_from_zero() -> None:
    found = reason(None, small(SMALL).explained("A", ("gp_revenue", "T_GPB_R", "actual")))
    assert (None, to_fen("21.25")) == (found.old, found.change)
    assert small_shape().catalogue.tree["A"] == found.unit
    assert adds_up(found)
