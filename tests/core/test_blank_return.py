"""A return without any figure is no return: it is told, its unit counts as missing, and nobody's sum is made with it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from budgetbook.book import Book
from budgetbook.cli import main
from budgetbook.shape import Key
from budgetbook.unit import Unit
from budgetbook.workspace import Workspace
from tests.conftest import book, small_shape

TAX: Key = ("gp_revenue", "10104", "actual")


def returned(space: Workspace, *books: Book) -> None:
    for each in books:
        (space.returned / f"{each.unit.code}.xlsx").write_bytes(space.package(each))


def ran(space: Workspace, *command: str) -> Result:
    return CliRunner().invoke(main, [command[0], "-w", str(space.folder), *command[1:]])


def others(space: Workspace, but: str) -> list[Book]:
    """A return of every other unit, with one figure each."""
    leaves: tuple[Unit, ...] = space.catalogue.tree.leaves
    return [book(unit.code, {TAX: 5}) for unit in leaves if unit.code != but]


def test_a_blank_return_is_an_error_that_says_so(space: Workspace) -> None:
    returned(space, book("A", {}))
    result = ran(space, "check")
    assert (1, True) == (result.exit_code, "强制 R-EMPTY-03  整本报表没有填一个数" in result.output)


def test_who_sent_a_blank_return_is_named_as_missing_and_nothing_is_added_up_without_it(space: Workspace) -> None:
    returned(space, book("A", {}), *others(space, "A"))
    result = ran(space, "consolidate")
    name = space.catalogue.tree["A"].name
    assert f"还缺：{name}（A）" in result.output
    assert [] == [path.name for path in space.out.glob("*全市*.xlsx")]


@pytest.mark.parametrize("figure", [0, 7])
def test_one_figure_is_enough_and_be_it_zero(space: Workspace, figure: int) -> None:
    returned(space, book("A", {TAX: figure}))
    assert "R-EMPTY-03" not in ran(space, "check").output


def test_a_return_of_zeros_only_has_to_say_why_its_forms_are_empty(space: Workspace) -> None:
    zeros = Book.empty(small_shape().catalogue.tree["A"], small_shape())
    zeros.given |= small_shape().level("county").open
    returned(space, zeros)
    assert "核实 R-EMPTY-01" in ran(space, "check").output
