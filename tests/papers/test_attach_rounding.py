"""舍位平衡 over the whole set: printed in 亿元, what a delegate adds up on a page comes out right."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from budgetbook.papers.attachments import Made, PrintedSet, print_set
from budgetbook.papers.balance import balance, conflicts, moved_table
from budgetbook.papers.job import Rounded, rounded_set
from budgetbook.papers.printed import Figure, PrintedTable
from budgetbook.papers.rounding import nearest
from tests.papers.sample_papers import changed, figures, from_book, shape, source, whole_set

DECIMALS = (2, 1, 0)


@functools.cache
def coarse(decimals: int) -> PrintedSet:
    return print_set(changed(lambda one: replace(one, unit="亿元", decimals=decimals)), source())


@functools.cache
def balanced(decimals: int) -> Rounded:
    return rounded_set(coarse(decimals), "controlled")


def printed(figure: Figure) -> int:
    return figure.exact if figure.printed is None else figure.printed


def blocks(table: PrintedTable, made: Made) -> Iterator[tuple[str, list[Figure], list[Figure]]]:
    """What a reader adds up in a table of lines: a row and the rows one level below it, down to the next of its level;
    and the 合计 row with all rows of the highest level."""
    body = [row for row in table.rows if row.sides[0].kind != "of_which"]
    for at, row in enumerate(body):
        side = row.sides[0]
        below = []
        for other in body[at + 1 :]:
            if other.sides[0].level <= side.level:
                break
            below += [other] if other.sides[0].level == side.level + 1 else []
        yield from columns(table, row.cells, [other.cells for other in below])
    if any(pick.total for pick in made.attachment.sides[0].picks):
        top = [row.cells for row in body[:-1] if row.sides[0].level == 0]
        yield from columns(table, body[-1].cells, top)


def columns(
    table: PrintedTable, total: tuple[object, ...], parts: Sequence[tuple[object, ...]]
) -> Iterator[tuple[str, list[Figure], list[Figure]]]:
    for at, cell in enumerate(total):
        below = [part[at] for part in parts if isinstance(part[at], Figure)]
        if isinstance(cell, Figure) and below:
            yield table.title, [cell], below  # type: ignore[misc]  # figures, as just asked


@pytest.mark.parametrize("decimals", DECIMALS)
def test_every_sum_on_a_page_adds_up(decimals: int) -> None:
    checked = 0
    for made, table in zip(coarse(decimals).made, balanced(decimals).tables, strict=True):
        if made.attachment.layout != "lines":
            continue
        for title, (total,), parts in blocks(table, made):
            if total.exact == sum(part.exact for part in parts):
                assert printed(total) == sum(map(printed, parts)), (title, total.id)
                checked += 1
    assert checked > 1200


@pytest.mark.parametrize("decimals", DECIMALS)
def test_a_difference_and_a_sum_of_columns_are_those_of_the_printed_figures(decimals: int) -> None:
    shown = {
        figure.id: printed(figure)
        for table in balanced(decimals).tables
        for figure in table.numbers
        if isinstance(figure, Figure)
    }
    checked = 0
    for id, fen in shown.items():
        if id.startswith("("):
            above, below = id[1:-1].split(")-(")
            assert fen == shown[above] - shown[below], id
            checked += 1
        elif "+" in id:
            assert fen == sum(shown.get(part, 0) for part in id.split("+")), id
            checked += 1
    assert checked > 1500


@pytest.mark.parametrize("decimals", DECIMALS)
def test_regions_add_up_to_the_city(decimals: int) -> None:
    for made, table in zip(coarse(decimals).made, balanced(decimals).tables, strict=True):
        if made.attachment.layout == "units":
            whole, city, _, counties, *each = (row.cells for row in table.rows)
            for at, cell in enumerate(whole):
                if isinstance(cell, Figure):
                    assert printed(cell) == printed(city[at]) + printed(counties[at])  # type: ignore[arg-type]  # figures all
                    assert printed(counties[at]) == sum(printed(row[at]) for row in each)  # type: ignore[arg-type, misc]  # figures all


@pytest.mark.parametrize("decimals", DECIMALS)
def test_no_figure_is_further_than_one_unit_from_its_half_up_rounding(decimals: int) -> None:
    for table in balanced(decimals).tables:
        for figure in table.numbers:
            if isinstance(figure, Figure):
                assert abs(printed(figure) - nearest(figure.exact, figure.place)) <= figure.place
                assert printed(figure) % figure.place == 0
                assert printed(figure) * figure.exact >= 0
                assert figure.exact % figure.place or printed(figure) == figure.exact


@pytest.mark.parametrize("decimals", DECIMALS)
def test_the_same_figure_is_printed_alike_in_every_table(decimals: int) -> None:
    shown: dict[str, set[str]] = {}
    for table in balanced(decimals).tables:
        for figure in table.numbers:
            if isinstance(figure, Figure):
                shown.setdefault(figure.id, set()).add(str(figure))
    assert {1} == {len(texts) for texts in shown.values()}


@pytest.mark.parametrize("decimals", DECIMALS)
def test_the_moved_cells_are_proven_to_be_the_fewest_and_nothing_is_given_up(decimals: int) -> None:
    done = balanced(decimals).balanced
    assert done is not None
    assert done.rounded.minimal
    assert [] == list(balanced(decimals).findings(shape().catalogue))
    assert len(done.rounded.moves) == len({figure for table in done.tables for figure in moved_in(table)})


def moved_in(table: PrintedTable) -> set[str]:
    found = (figure for figure in table.numbers if isinstance(figure, Figure))
    return {figure.id for figure in found if printed(figure) != nearest(figure.exact, figure.place)}


def test_moved_cells_are_listed_and_noted_under_their_table() -> None:
    done = balanced(2).balanced
    assert done is not None
    listed = moved_table(done)
    assert {row.cells[0] for row in listed.rows} == {table.number for table in done.tables if moved_in(table)}
    assert all(any("舍位平衡" in note for note in table.notes) for table in done.tables if moved_in(table))


def test_printed_as_entered_nothing_is_moved() -> None:
    done = rounded_set(whole_set(), "controlled").balanced
    assert done is not None
    assert () == done.rounded.moves


def test_plain_rounding_keeps_every_figure_half_up_and_says_so_where_sums_differ() -> None:
    tables = rounded_set(coarse(1), "plain").tables
    assert all(figure.printed is None for table in tables for figure in table.numbers if isinstance(figure, Figure))
    assert any("尾差" in note for note in tables[0].notes)


def test_the_books_are_not_changed_by_rounding() -> None:
    for figure in figures(coarse(0)):
        assert from_book(figure) == figure.exact


def test_sums_that_cannot_be_met_are_named_with_their_tables_and_lines() -> None:
    few = replace(coarse(0), made=coarse(0).made[:1])
    quoted = {figure.id for figure in figures(few)}
    stuck = balance(few.tables, few.sums, quoted)
    (first, *_) = Rounded(stuck.tables, stuck).findings(shape().catalogue)
    assert first.says.startswith("表一按现在的单位和小数位数无法做到舍位平衡")
    assert "全市" in first.says and "410800" not in first.says
    assert len(list(conflicts(stuck))) == len(stuck.rounded.conflicts)
