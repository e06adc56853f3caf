"""What is wrong with returns: each check is a function from figures to findings; nothing here prints, raises or repairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from ..book import Book
from ..catalogue import Rule
from ..consolidation import consolidate, is_blank, pairs, sent
from ..finding import Finding
from ..form import Level
from ..prior import Prior
from ..relation import Relation
from ..returns import Return
from ..rulebook import rulebook
from ..shape import Shape
from .blanks import told_once
from .explained import explained
from .flows import flows, unmatched
from .ratios import ratios
from .relations import across, relations, zones
from .rules import functions, governed, rehearsed
from .together import Together
from .totals import settle, totals
from .unread import said, unread

ORDER = {"error": 0, "warning": 1, "note": 2}
ROOTS = (
    ("F-", "U-", "R-REA-15", "R-REA-18"),
    ("K-",),
    ("R-SUM-", "R-BAL-"),
)  # what others follow from, first things first
ECHOES = ("R-COL-", "R-LVL-")  # what mostly follows from others
Books = Mapping[str, Book]


def prepare(shape: Shape, level: Level) -> None:
    """What the rule book needs of a level before there are any figures, and the search for causes if anything is wrong with them."""
    from .effects import effects
    from .neighbours import neighbours

    rulebook(shape, level)
    rehearsed(shape, level)
    effects(shape, level)
    neighbours(shape, level)


def check_one(shape: Shape, ret: Return) -> Iterator[Finding]:
    """What can be said of one return alone, before relations: reading, totals, ratios."""
    found = [*said(shape, ret, ret.findings), *totals(shape, ret)]
    settle(shape, ret)
    found.extend(ratios(shape, ret))
    yield from explained(shape.catalogue, governed(shape.catalogue, found), {ret.unit.code: ret.book})


def check_all(
    shape: Shape, returns: Mapping[str, Return], prior: Prior | None = None, estimates: Books | None = None
) -> Iterator[Finding]:
    """The whole rule book over every return, every node whose members are all here, and between them; with *prior*, last year's
    books, also between years; with *estimates*, also against the 代编 books that returns replace."""
    yield from judged(gathered(shape, returns, prior, estimates), returns)


def judged(together: Together, returns: Mapping[str, Return]) -> Iterator[Finding]:
    """The whole rule book over what was gathered."""
    shape = together.shape
    yield from explained(shape.catalogue, told_once(shape, _all(together, returns)), together.books)


def shadows(together: Together, returns: Mapping[str, Return]) -> Counter[str]:
    """How often each rule in the shadow would have spoken. Without such a rule this costs nothing."""
    catalogue = together.shape.catalogue
    rules: list[Rule | Relation] = [*catalogue.relations, *catalogue.rules]
    if not any(rule.shadow for rule in rules):
        return Counter()
    return Counter(finding.rule for finding in _all(together, returns, shadow=True))


def gathered(
    shape: Shape,
    returns: Mapping[str, Return],
    prior: Prior | None = None,
    estimates: Books | None = None,
    nodes: Books | None = None,
) -> Together:
    """The returns with the *nodes* consolidated from them, if these are not known yet."""
    books = {code: ret.book for code, ret in returns.items() if not is_blank(ret.book)}
    if nodes is None:
        nodes = consolidate(shape, sent(shape.catalogue.tree, books)).books
    moved = tuple(pairs(shape, {code: book.computed() for code, book in books.items()}))
    blank = tuple(sorted(returns.keys() - books.keys()))
    return Together(shape, books, nodes, prior or Prior(), estimates or {}, moved, unread(shape, returns), blank)


def _all(together: Together, returns: Mapping[str, Return], shadow: bool = False) -> Iterator[Finding]:
    shape, books = together.shape, together.books
    yield from relations(shape, list(books.values()), returns, unmatched(together), together.unread, shadow=shadow)
    yield from functions(together, returns, shadow=shadow)
    yield from zones(shape, books, returns, together.unread, shadow=shadow)
    yield from flows(together, returns, shadow=shadow)
    yield from across(together, returns, shadow=shadow)


def turn(rule: str) -> int:
    """When a unit's finding of a rule is told: a wrong file or unit of account before wrong sums, these before their echoes."""
    roots = (at for at, starts in enumerate(ROOTS) if rule.startswith(starts))
    return next(roots, len(ROOTS) + rule.startswith(ECHOES))


def sorted_findings(findings: list[Finding]) -> list[Finding]:
    """Worst first, then by unit, what comes first, form and cell; the order in which files came does not matter."""
    return sorted(
        findings,
        key=lambda found: (
            ORDER[found.severity],
            found.unit,
            turn(found.rule),
            found.form,
            found.rule,
            found.line,
            found.column,
            found.file,
            found.says,
        ),
    )
