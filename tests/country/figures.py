"""The books of a drawn country: a county is a whole-number mix of the sample's clean counties, and what moves between levels agrees.

Every equality and every limit of the rule book that is linear holds in a mix because it holds in the sample. What a tier pays
to its members it gets from above; the nation gets it from nowhere, which a real one does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from budgetbook.book import Book
from budgetbook.consolidation import as_member
from budgetbook.exchange.figures import read_figures
from budgetbook.jobs import overlaid
from budgetbook.relation import Flow
from budgetbook.settings import CONFIG, data_folder
from budgetbook.shape import Shape
from budgetbook.unit import Unit
from budgetbook.workspace import Workspace, open_workspace

from .tree import SEAT

SAMPLE = data_folder("samples") / "jiaozuo-2026"
CITY, NOT_CLEAN = "410800BJ", ("410871", "410882")
MEMBERS = 22  # a tier with fewer draws them larger, so that its own level pays at least what the sample's does
PASSED = {  # flow → the entry in which a tier's own level gets it from above, or pays it on to above
    "11001": "gp_transfers:1100199",
    "11002": "gp_transfers:1100202",
    "11003": "gp_transfers:1100399",
    "11004": "fund_balance:1100499",
    "11005": "capital_balance:1100501",
    "2300601": "gp_balance:2300601",
    "2300602": "gp_balance:2300602",
    "2300603": "fund_balance:2300603",
    "2300604": "capital_balance:2300604",
    "D7.1": "debt_onlending:D7.1",
    "D7.2": "debt_onlending:D7.2",
    "D7.3": "debt_onlending:D7.3",
    "D7.4": "debt_onlending:D7.4",
}
CHECKED = {"D7.1": "XD7.G", "D7.2": "XD7.G", "D7.3": "XD7.S", "D7.4": "XD7.S"}  # flow → its heading in 上下级往来核对表


@dataclass(frozen=True)
class Sample:
    """The books of the sample city."""

    shape: Shape
    books: Mapping[str, Book]

    @property
    def counties(self) -> list[Book]:
        """Those that are clean."""
        return [book for code, book in self.books.items() if code not in (CITY, *NOT_CLEAN)]


def sample() -> Sample:
    """The sample's figures and texts."""
    shape = open_workspace(SAMPLE).shape
    words = read_figures(SAMPLE / "texts.csv", shape)
    figures = read_figures(SAMPLE / "figures.csv", shape)
    assert (SAMPLE / CONFIG).is_file()
    return Sample(shape, {code: overlaid(book, words[code]) for code, book in figures.items()})


def county(drawn: Sample, unit: Unit, shape: Shape) -> Book:
    """One county; the same code draws the same figures in every country."""
    draw, few = Random(unit.code), -(-MEMBERS // len(shape.catalogue.tree.regions))
    book = Book.empty(unit, shape)
    for number, part in enumerate(draw.sample(drawn.counties, 3)):
        times = few * draw.randint(number < 2, 9)
        mixed = as_member(part, unit, shape)
        book.fen += mixed.fen * times
        book.given |= mixed.given & (times > 0)
        book.texts = mixed.texts if not number else book.texts
    return book.computed()


def seat(drawn: Sample, unit: Unit, shape: Shape, regions: Mapping[str, Book]) -> Book:
    """The own level of a tier, with what it pays to *regions* and gets from above for them."""
    base = drawn.books[CITY]
    book = as_member(base, unit, shape)
    for flow in shape.catalogue.flows:
        for column in shape.catalogue.form(flow.payer.form).amounts:
            paid = {code: _received(other, flow, column.id) for code, other in regions.items()}
            for code, fen in paid.items():
                book.put(flow.payer.form, f"{flow.payer.line}.{code}", column.id, fen)
            before = base.at(flow.payer.form, flow.payer.line, column.id) or 0
            _pass_on(book, flow, column.id, sum(paid.values()) - before)
    return book.computed()


def _received(book: Book, flow: Flow, column: str) -> int:
    return sum(book.at(term.form, term.line, column) or 0 for term in flow.receiver)


def _pass_on(book: Book, flow: Flow, column: str, step: int) -> None:
    form, _, line = PASSED[flow.id].partition(":")
    checked = f"{CHECKED.get(flow.id, 'X' + flow.id)}.u"
    for key in ((form, line, column), ("upper_check", checked, column)):
        if step and book.shape.has(*key):
            book.put(*key, (book.at(*key) or 0) + step)


def tier_books(drawn: Sample, space: Workspace, tier: str, lower: Mapping[str, Book]) -> Iterator[Book]:
    """The returns of one tier's leaves; *lower*: the own level of each lower tier, which gets what the tier pays."""
    space = space.of(tier)
    regions: dict[str, Book] = dict(lower)
    for unit in space.catalogue.tree.regions:
        if unit.level == "county":
            regions[unit.code] = county(drawn, unit, space.shape)
            yield regions[unit.code]
    yield seat(drawn, space.catalogue.tree[tier + SEAT], space.shape, regions)


def country_books(space: Workspace) -> Iterator[tuple[str, Book]]:
    """(tier, book) for every leaf of the country, lower tiers first."""
    drawn, seats = sample(), dict[str, Book]()
    for tier in space.whole.tiers:
        lower = {
            each.code: seats[each.code] for each in space.whole.tiers if space.whole.tier_above(each.code) == tier.code
        }
        for book in tier_books(drawn, space, tier.code, lower):
            yield tier.code, book
        seats[tier.code] = book
