"""One tier closed: what its members sent is judged together and consolidated, and its own book becomes a member's one tier up.

The same function here and on a cluster, so the results are the same; it needs nothing but its arguments and the workspace.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..amount import Fens
from ..book import Book, SlimBook
from ..checks import gathered, judged, shadows, sorted_findings
from ..checks.cause import with_causes
from ..checks.together import Together
from ..consolidation import Consolidated, as_member, consolidate, sent
from ..door.candidates import Candidate
from ..door.workers import Killed
from ..exchange.figure_files import write_partition
from ..finding import FileState, Finding
from ..intake import Intake, settled
from ..issuing import write_one
from ..jobs import between, write_beside, write_feedback
from ..reading import Answer
from ..returns import Return
from ..shape import Key
from ..unit import Unit
from ..waivers import under_waivers
from ..workspace import Workspace
from .wanted import Wanted

Answered = tuple[Candidate, Answer | Killed]  # the candidate without its content
Said = frozenset[tuple[str, str, str, str]]  # rule, form, line, column


@dataclass(frozen=True, slots=True)
class Member:
    """The book of a closed tier, in the shape of the one above, with what has been said of it already."""

    book: SlimBook
    said: Said


@dataclass(frozen=True, slots=True)
class Closed:
    """What came of one tier."""

    tier: str
    files: list[FileState]
    findings: list[Finding]
    missing: tuple[str, ...]  # codes of members without a book
    written: tuple[str, ...]  # codes of nodes whose book was written
    feedback: int
    member: Member | None  # of the root, or while a member is missing, none
    shadow: Mapping[str, int]  # how often each rule on trial would have spoken


def close(
    space: Workspace, tier: str, answered: Iterable[Answered], members: Sequence[Member], wanted: Wanted
) -> Closed:
    """*answered*: the tier's files, in order; *members*: the tiers below that are complete."""
    space = space.of(tier)
    intake = settled(space, answered)
    lower = _lower(space, members)
    everyone = {**{code: ret for code, ret in lower.items() if code not in intake.returns}, **intake.returns}
    result = consolidate(space.shape, sent(space.catalogue.tree, {code: ret.book for code, ret in everyone.items()}))
    together = gathered(space.shape, everyone, nodes=result.books)
    findings = _judged(space, intake, together, everyone, _said_below(members), bool(wanted.books))
    written = tuple(_written(space, result, wanted.books))
    if wanted.books and wanted.by_unit and result.books:
        folder = wanted.books / space.file_name(space.whole[tier]).removesuffix(".xlsx")
        folder.mkdir(parents=True, exist_ok=True)
        write_beside(space, everyone, result, findings, folder)
    if wanted.figures:
        stated = [ret.book.computed() for code, ret in intake.returns.items() if code not in result.books]
        write_partition(wanted.figures, tier, [_places(book) for book in [*stated, *result.books.values()]])
    sheets = list(write_feedback(space, intake, findings, wanted.feedback)) if wanted.feedback else []
    return Closed(
        tier,
        intake.files,
        findings,
        tuple(unit.code for unit in result.missing),
        written,
        len(sheets),
        _member(space, tier, result, findings),
        shadows(together, everyone),
    )


def rehearse(space: Workspace, tier: str) -> None:
    """Makes ready what it takes to close a tier besides its figures, and leaves it with the shape and the press: nearly all of the
    work on the first tier of a kind. As if every member had sent zeros."""
    space = space.of(tier)
    members = [Member(SlimBook.of(_zeros(space, leaf)), frozenset()) for leaf in space.catalogue.tree.leaves]
    close(space, tier, (), members, Wanted())
    root = space.catalogue.tree.units[0]  # not as the tier above sees it: there other rules apply to it
    for book in (Book.empty(root, space.shape), _zeros(space, root)):
        space.package(book)


def _zeros(space: Workspace, unit: Unit) -> Book:
    book = Book.empty(unit, space.shape)
    book.given |= space.shape.level(unit.level).open
    return book


def _lower(space: Workspace, members: Sequence[Member]) -> Mapping[str, Return]:
    """The books of lower tiers as returns; where each stands is its own consolidated book."""
    returns: dict[str, Return] = {}
    for member in members:
        book = member.book.whole(space.shape)
        file = space.of(book.unit.code).file_name(book.unit)
        returns[book.unit.code] = Return(file, "", space.stamp(book.unit), book, {})
    return returns


def _judged(
    space: Workspace,
    intake: Intake,
    together: Together,
    returns: Mapping[str, Return],
    said: set[tuple[str, ...]],
    between_only: bool,
) -> list[Finding]:
    """As one city's: what is wrong with its returns, its nodes and between them; not again what was said one tier down."""
    found = [
        finding
        for finding in judged(together, returns)
        if (finding.unit, finding.rule, finding.form, finding.line, finding.column) not in said
    ]
    catalogue = replace(space.catalogue, tree=space.whole)  # a waiver may be for a unit of any tier
    findings = under_waivers(space.folder, catalogue, [*intake.findings, *found], returns)
    if between_only:
        read = len(intake.findings)
        return sorted_findings([*findings[:read], *between(space, intake, findings[read:])])
    return sorted_findings(with_causes(together, returns, findings))


def _said_below(members: Sequence[Member]) -> set[tuple[str, ...]]:
    return {(member.book.unit.code, *key) for member in members for key in member.said}


def _written(space: Workspace, result: Consolidated, out: Path | None) -> Iterator[str]:
    if out:
        out.mkdir(parents=True, exist_ok=True)
        for code, book in result.books.items():
            write_one(space, SlimBook.of(book), out)
            yield code


def _places(book: Book) -> tuple[str, list[Key], Fens]:
    places = np.flatnonzero(book.given & book.shape.level(book.unit.level).open)
    return book.unit.code, [book.shape.keys[place] for place in places.tolist()], book.fen[places]


def _member(space: Workspace, tier: str, result: Consolidated, findings: Iterable[Finding]) -> Member | None:
    above = space.whole.tier_above(tier)
    if not above or tier not in result.books:
        return None
    upper = space.of(above)
    book = as_member(result.books[tier], upper.catalogue.tree[tier], upper.shape)
    said = frozenset((each.rule, each.form, each.line, each.column) for each in findings if each.unit == tier)
    return Member(replace(SlimBook.of(book), texts={}), said)
