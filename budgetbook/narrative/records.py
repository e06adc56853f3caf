"""What has been read so far, each number with the place where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from operator import attrgetter

from .claim import Claim, NotFigure, Other, Place, Reading, Unread
from .numbers import RATIOS, Number
from .precision import with_precision
from .statement import NOTHING_SAID, WRONG_UNIT, Bound
from .text import Text

NO_UNIT = "数字后面没有写单位"
IN_ORDER = attrgetter("place.paragraph", "place.start")


@dataclass(frozen=True, slots=True)
class Where:
    """A sentence of the report, and what its heading says of numbers in it."""

    paragraph: int
    text: Text
    begin: int
    end: int
    section: str
    figures: bool | None  # paragraphs of budget figures, accounts of work, or not said

    def suspects(self, named: bool) -> Where:
        """The same where headings do not say: a sentence that names a book or a line is one of figures."""
        return replace(self, figures=named) if self.figures is None else self

    @property
    def sentence(self) -> str:
        return self.text.printed[self.text.place(self.begin) : self.text.after(self.end)].strip()


@dataclass(slots=True)
class Records:
    """The claims, other numbers and unread numbers of a report as they are found."""

    claims: list[Claim] = field(default_factory=list)
    others: list[Other] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    def plain(self, numbers: list[Number], where: Where) -> None:
        """Numbers that are no figures by their looks; in paragraphs of figures one without a unit is suspect."""
        if not numbers:
            return
        sentence = where.sentence
        for number in numbers:
            if number.kind is not None:
                self._plain(number, number.kind, where, sentence)

    def _plain(self, number: Number, kind: NotFigure, where: Where, sentence: str) -> None:
        place, printed = _place(number, where, sentence)
        if kind in (NotFigure.COUNT, NotFigure.BARE) and where.text.quoted(number.start, number.until):
            kind = NotFigure.NAME
        if kind is NotFigure.BARE and where.figures:
            self.unread.append(Unread(NO_UNIT, printed, place))
        else:
            self.others.append(Other(kind, printed, place))

    def bound(self, found: list[Bound], where: Where) -> None:
        """The figures of a sentence; in paragraphs of figures one that could not be bound is unread."""
        sentence = where.sentence if found else ""
        for bound in found:
            place, printed = _place(bound.number, where, sentence)
            if bound.measure:
                self.claims.append(_claim(bound, place, printed, where))
            elif bound.why == WRONG_UNIT or (where.figures and bound.why == NOTHING_SAID):
                self.unread.append(Unread(bound.why, printed, place))
            else:
                kind = NotFigure.PERCENT if bound.number.unit in RATIOS else NotFigure.MONEY
                self.others.append(Other(kind, printed, place))

    def reading(self, short_names: dict[str, str], executed: int | None, drafted: int | None) -> Reading:
        """All of it, in the order of the text, units called as the text calls them for short."""
        claims = [_renamed(claim, short_names) for claim in self.claims]
        others, unread = sorted(self.others, key=IN_ORDER), sorted(self.unread, key=IN_ORDER)
        return Reading(tuple(with_precision(claims)), tuple(others), tuple(unread), executed, drafted)


def _renamed(claim: Claim, short_names: dict[str, str]) -> Claim:
    name = short_names.get(claim.of_which)
    return replace(claim, of_which=name) if name else claim


def _place(number: Number, where: Where, sentence: str) -> tuple[Place, str]:
    text = where.text
    start, end, until = text.place(number.start), text.after(number.end), text.after(number.until)
    return Place(where.paragraph, start, end, until, where.section, sentence), text.printed[start:until]


def _claim(bound: Bound, place: Place, printed: str, where: Where) -> Claim:
    subject, number = bound.subject, bound.number
    return Claim(
        budget=subject.budget,
        scope=subject.scope,
        of_which=subject.of_which,
        flow=subject.flow,
        year=subject.year,
        measure=bound.measure,
        value=bound.value,
        unit=number.unit,
        decimals=number.decimals,
        precision=number.decimals,
        direction=bound.direction,
        hedge=bound.hedge,
        basis=bound.basis,
        named=where.text.text[slice(*bound.named)],
        printed=printed,
        place=place,
    )
