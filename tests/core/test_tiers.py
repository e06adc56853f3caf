"""A tree of several tiers: each tier reconciles what it pays to its own members, and its book is a member's book one tier up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from budgetbook.book import Book
from budgetbook.checks import check_all
from budgetbook.consolidation import as_member, consolidate
from budgetbook.problems import DefinitionError
from budgetbook.returns import Return, read_return
from budgetbook.template import workbook
from budgetbook.tree_reader import read_tree
from budgetbook.workspace import Workspace, open_workspace
from budgetbook.xlsx.read import read
from budgetbook.xlsx.write import write
from tests.country.figures import country_books
from tests.country.tree import NATION, SEAT, Size, write_tree

PROVINCE, CITY = "010000", "010100"
FLOWS_OUT = ("gp_balance:23001", "gp_balance:23002", "gp_balance:23003", "gp_balance:23011", "fund_balance:23004")


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Two provinces of two cities of three counties."""
    folder = tmp_path_factory.mktemp("country")
    write_tree(Size(2, 2, 3), folder)
    return open_workspace(folder)


@pytest.fixture(scope="module")
def leaves(country: Workspace) -> dict[str, dict[str, Book]]:
    """Tier → the books of its leaves that send returns."""
    found: dict[str, dict[str, Book]] = {}
    for tier, book in country_books(country):
        found.setdefault(tier, {})[book.unit.code] = book
    return found


@pytest.fixture(scope="module")
def totals(country: Workspace, leaves: dict[str, dict[str, Book]]) -> dict[str, Book]:
    """Tier → its consolidated book."""
    found: dict[str, Book] = {}
    for tier in country.whole.tiers:
        space = country.of(tier.code)
        lower = {
            unit.code: as_member(found[unit.code], unit, space.shape)
            for unit in space.catalogue.tree.regions
            if unit.tier
        }
        found[tier.code] = consolidate(space.shape, leaves[tier.code] | lower).books[tier.code]
    return found


def test_the_regions_of_a_tier_are_its_own_members(country: Workspace) -> None:
    assert ["010000", "020000"] == [unit.code for unit in country.of(NATION).catalogue.tree.regions]
    assert ["010100", "010200"] == [unit.code for unit in country.of(PROVINCE).catalogue.tree.regions]
    assert ["010101", "010102", "010103"] == [unit.code for unit in country.of(CITY).catalogue.tree.regions]


def test_a_book_does_not_grow_with_the_country(country: Workspace, tmp_path: Path) -> None:
    write_tree(Size(20, 2, 3), tmp_path)
    larger = open_workspace(tmp_path)
    assert country.of(CITY).shape.size == larger.of(CITY).shape.size
    one, other = larger.of("010100").shape, larger.of("200200").shape
    assert one.alike is other.alike
    assert [one.place(*key) for key in one.keys] == [other.place(*key) for key in other.keys]
    assert one.keys[0] is other.keys[0]


def test_a_stamp_is_the_same_as_in_the_workspace_of_the_city_alone(country: Workspace, tmp_path: Path) -> None:
    write_tree(Size(3, 2, 3), tmp_path)
    digests = {space.of(CITY).catalogue.digest for space in (country, open_workspace(tmp_path))}
    assert 1 == len(digests)


def test_drawn_returns_are_clean(country: Workspace, leaves: dict[str, dict[str, Book]]) -> None:
    for tier in (CITY, "020200"):
        space = country.of(tier)
        returns = {code: Return("", "", space.stamp(book.unit), book, {}) for code, book in leaves[tier].items()}
        assert [] == [found for found in check_all(space.shape, returns) if found.severity == "error"]


def test_the_nation_is_the_sum_of_every_return(leaves: dict[str, dict[str, Book]], totals: dict[str, Book]) -> None:
    for key in (
        ("gp_revenue", "T_GPB_R"),
        ("gp_expenditure", "T_GPB_E"),
        ("debt_limit", "L.G"),
        ("gp_expenditure", "205"),
    ):
        shape = totals[NATION].shape
        if shape.has(*key, "actual"):
            every = [book.at(*key, "actual") or 0 for books in leaves.values() for book in books.values()]
            assert sum(every) == totals[NATION].at(*key, "actual")


def test_what_moves_between_two_tiers_is_gone_at_the_first_that_holds_both(
    leaves: dict[str, dict[str, Book]], totals: dict[str, Book]
) -> None:
    for tier, book in totals.items():
        assert {0} == {book.at(*flow.split(":"), "actual") for flow in FLOWS_OUT}
        own = leaves[tier][tier + SEAT]
        assert own.at("gp_balance", "11002", "actual") == book.at("gp_balance", "11002", "actual")


def test_a_difference_between_two_tiers_is_told_where_both_are_members(
    country: Workspace, leaves: dict[str, dict[str, Book]], totals: dict[str, Book]
) -> None:
    space = country.of(PROVINCE)
    books = dict(leaves[PROVINCE])
    for unit in space.catalogue.tree.regions:
        books[unit.code] = as_member(totals[unit.code], unit, space.shape)
    line = ("city_transfers", f"23002.{CITY}", "actual")
    own = books[PROVINCE + SEAT]
    paid = own.at(*line) or 0
    own.put(*line, paid + 700_00)
    returns = {code: Return("", "", space.stamp(book.unit), book, {}) for code, book in books.items()}
    found = [finding for finding in check_all(space.shape, returns) if finding.rule == "R-LVL-10"]
    own.put(*line, paid)
    assert [(CITY, -700_00)] == [(finding.unit, finding.difference) for finding in found]


def test_a_consolidated_workbook_reads_back_as_a_members_return(country: Workspace, totals: dict[str, Book]) -> None:
    city, province = country.of(CITY), country.of(PROVINCE)
    package = write(workbook(city.catalogue, totals[CITY], city.stamp(totals[CITY].unit)))
    ret = read_return(province.shape, read(package), "", "")
    assert isinstance(ret, Return)
    assert [] == [found.says for found in ret.findings]
    expected = as_member(totals[CITY], ret.unit, province.shape)
    assert np.array_equal(expected.fen, ret.book.computed().fen)


def test_workbooks_of_two_tiers_alike_are_what_the_writer_gives(country: Workspace, totals: dict[str, Book]) -> None:
    country.package(totals[CITY])
    other = country.of("020200")
    unit = totals["020200"].unit
    assert write(workbook(other.catalogue, totals["020200"], other.stamp(unit))) == other.package(totals["020200"])
    assert 1 == len(country.tiers.press._moulds)


def test_a_tier_must_be_a_node() -> None:
    with pytest.raises(DefinitionError, match="一级财政是汇总单位"):
        read_tree(
            [
                {"code": "1", "name": "全市", "level": "node"},
                {"code": "2", "name": "县", "level": "county", "parent": "1", "tier": True},
            ]
        )
