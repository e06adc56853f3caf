"""全市 = Σ members − flows between them + adjustments; nothing depends on the order of the files; no one is silently zero."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetbook.amount import to_fen
from budgetbook.book import Book
from budgetbook.consolidation import consolidate, pairs
from budgetbook.definitions import read_catalogue
from budgetbook.settings import data_folder
from budgetbook.shape import Shape
from budgetbook.tree_reader import read_tree
from tests.conftest import TREE, book, small_shape


def city() -> dict[str, Book]:
    """市本级 gets 100 from the province and passes 30 to 甲县, 20 to 乙县, 5 to 高新区; 甲县 remits 2."""
    return {
        "BJ": book(
            "BJ",
            {
                ("gp_transfers", "1100201", "actual"): 100,
                ("city_transfers", "23002.A", "actual"): 30,
                ("city_transfers", "23002.B", "actual"): 20,
                ("city_transfers", "23002.GX", "actual"): 5,
                ("city_remittances", "1100601.A", "actual"): 2,
            },
        ),
        "GX": book("GX", {("gp_transfers", "1100207", "actual"): 5}),
        "A": book("A", {("gp_transfers", "1100207", "actual"): 30, ("gp_balance", "2300601", "actual"): 2}),
        "B": book("B", {("gp_transfers", "1100201", "actual"): 20}),
    }


@pytest.mark.parametrize(
    ("unit", "line", "expected"),
    [
        ("SJ", "11002", 100),  # the 5 to 高新区 are gone, the 50 to counties still go out
        ("SJ", "23002", 50),
        ("SJ", "1100601", 2),
        ("ALL", "11002", 100),  # only what the province paid
        ("ALL", "23002", 0),
        ("ALL", "11006", 0),
        ("ALL", "2300601", 0),
        ("XJ", "11002", 50),
    ],
)
def test_flows_are_eliminated_at_the_first_node_that_holds_both(unit: str, line: str, expected: int) -> None:
    books = consolidate(small_shape(), city()).books
    assert to_fen(expected) == books[unit].at("gp_balance", line, "actual")


def with_direct(direct: bool | list[str]) -> Shape:
    """The small city with 甲县 under the province, wholly or for some flows."""
    tree = read_tree([{**row, "direct": direct} if row["code"] == "A" else row for row in TREE])
    return Shape(read_catalogue(data_folder("templates") / "2026", tree))


@pytest.mark.parametrize(
    ("direct", "grants", "remitted"),
    [
        (False, 100, 0),  # only what the province paid to the city
        (True, 130, 2),  # and the 30 that the province pays to 甲县; its 2 go to the province
        (["R-LVL-10"], 130, 0),  # grants from the province, 上解 still through the city
        (["2300601"], 100, 2),
    ],
)
def test_what_a_county_has_with_the_province_is_not_eliminated(
    direct: bool | list[str], grants: int, remitted: int
) -> None:
    shape = with_direct(direct)
    outside = [flow for flow in shape.catalogue.flows if shape.catalogue.tree["A"].outside(flow)]
    books = {code: Book(shape.catalogue.tree[code], shape, each.fen, each.given) for code, each in city().items()}
    for flow in outside:
        at = shape.place(flow.payer.form, f"{flow.payer.line}.A", "actual")
        books["BJ"].fen[at], books["BJ"].given[at] = 0, False
    whole = consolidate(shape, books).books["ALL"]
    assert to_fen(grants) == whole.at("gp_balance", "11002", "actual")
    assert to_fen(remitted) == whole.at("gp_balance", "2300601", "actual")
    assert not [pair for pair in pairs(shape, books) if pair.receiver.code == "A" and pair.flow in outside]


def test_an_adjustment_is_added_to_its_node_and_may_be_absent() -> None:
    tree = read_tree([*TREE, {"code": "CE", "name": "差额", "level": "county", "parent": "ALL", "adjustment": True}])
    shape = Shape(read_catalogue(data_folder("templates") / "2026", tree))
    each = {code: Book.empty(tree[code], shape) for code in ("BJ", "GX", "A", "B")}
    each["A"].put("gp_revenue", "10104", "actual", to_fen(10))
    assert to_fen(10) == consolidate(shape, each).books["ALL"].at("gp_revenue", "101", "actual")
    each["CE"] = Book.of(tree["CE"], shape, {("gp_revenue", "10104", "actual"): -3})
    books = consolidate(shape, each).books
    assert to_fen(7) == books["ALL"].at("gp_revenue", "101", "actual")
    assert to_fen(10) == books["XJ"].at("gp_revenue", "101", "actual")


def test_pairs_show_both_sides() -> None:
    books = city()
    books["A"] = book("A", {("gp_transfers", "1100207", "actual"): 28, ("gp_balance", "2300601", "actual"): 2})
    differing = [
        (pair.receiver.code, pair.paid, pair.received, pair.difference)
        for pair in pairs(small_shape(), books)
        if pair.difference
    ]
    assert [("A", to_fen(30), to_fen(28), to_fen(2))] == differing


def test_a_missing_member_is_named_and_its_nodes_are_not_made() -> None:
    books = city()
    del books["B"]
    result = consolidate(small_shape(), books)
    assert [unit.name for unit in result.missing] == ["乙县"]
    assert ["SJ"] == list(result.books)


def test_an_estimated_member_marks_every_node_above_it() -> None:
    books = city()
    books["B"].texts["cover", "basis", "text"] = "代编"
    result = consolidate(small_shape(), books).books
    assert (result["SJ"].mark, result["XJ"].mark, result["ALL"].mark) == ("", "含代编：乙县", "含代编：乙县")


@settings(max_examples=20)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_files_does_not_matter(rng: random.Random) -> None:
    books = {code: randomly(Book.empty(each.unit, small_shape()), rng) for code, each in city().items()}
    turned = dict(rng.sample(sorted(books.items()), len(books)))
    one, other = (consolidate(small_shape(), each).books["ALL"] for each in (books, turned))
    assert (one.fen.tolist(), one.given.tolist()) == (other.fen.tolist(), other.given.tolist())


def randomly(blank: Book, rng: random.Random) -> Book:
    for place in rng.sample(range(blank.shape.size), 60):
        blank.fen[place], blank.given[place] = rng.randrange(-(10**12), 10**12), True
    return blank.computed()


def test_derived_counties_are_the_city_less_its_own_level_where_nothing_flows() -> None:
    books = consolidate(
        small_shape(),
        {
            code: book(code, {("gp_revenue", "10104", "actual"): amount})
            for code, amount in (("BJ", 7), ("GX", 3), ("A", 20), ("B", 30))
        },
    ).books
    assert to_fen(60) == books["ALL"].at("gp_revenue", "101", "actual")
    assert np.array_equal(books["ALL"].fen - books["SJ"].fen, books["XJ"].fen)
