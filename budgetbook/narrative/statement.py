"""One sentence read clause by clause: each figure bound to what is said before it, or left unbound with a reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal

from .measures import NEGATIVE, PLAIN, Setting, amount_measure, points_measure, ratio_measure
from .numbers import AMOUNTS, RATIOS, Number
from .phrase import Phrase, read_phrase
from .subject import Subject
from .tokens import Token

ELSEWHERE = "和外地相比的数"
NOTHING_SAID = "数字前后的话没有说清是哪本账的什么数"
UNITS = frozenset(AMOUNTS + RATIOS)
NOTHING = Subject()
WRONG_UNIT = "单位不是亿元、万元、元、%或百分点"


@dataclass(frozen=True, slots=True)
class Background:
    """What holds for the whole report while its sentences are read."""

    executed: int | None
    drafted: int | None
    default_scope: str
    default_budget: str
    renamed: str = ""  # the measure that 预算 is short for, once the text has said 以下简称预算


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure and what its sentence says of it; without a `measure` it could not be bound, and `why` says so."""

    number: Number
    subject: Subject = NOTHING
    measure: str = ""
    value: Decimal = Decimal(0)
    direction: str = ""
    hedge: str = ""
    basis: str = ""
    named: tuple[int, int] = (0, 0)
    why: str = ""


@dataclass(slots=True)
class Thread:
    """What a reader keeps in mind from clause to clause."""

    subject: Subject
    amount: str = ""  # measure of the last amount
    ratio: str = ""  # measure of the last ratio
    outside: bool = False  # the last amount was none of the books
    part: bool = False
    adding: bool = False
    excluding: bool = False
    basis: str = ""
    whole: Subject | None = None  # what 其中 is a part of

    def next_sentence(self) -> Thread:
        """What is still in mind when a sentence has ended."""
        return Thread(self.whole or self.subject, amount=self.amount, ratio=self.ratio)


@dataclass(slots=True)
class Statement:
    """A sentence being read; `thread` is what is in mind before it, and in the end what is in mind behind it.

    Its brackets come in pairs, as `brackets.paired` leaves them.
    """

    tokens: list[Token]
    thread: Thread
    background: Background
    clause: list[Token] = field(default_factory=list)
    suspended: list[tuple[Thread, list[Token]]] = field(default_factory=list)
    found: list[Bound] = field(default_factory=list)

    def read(self) -> list[Bound]:
        """Every figure of the sentence, in order; 持平 counts as one."""
        for position, token in enumerate(self.tokens):
            if token.figure:
                self.found.append(self._figure(position, token))
            elif token.mark:
                self._mark(token)
            elif not (position and self.tokens[position - 1].figure and _ends_figure(token)):
                self.clause.append(token)
        self._end()
        return self.found

    def _mark(self, token: Token) -> None:
        match token.mark:
            case "、":
                self.clause.extend([token] if self.clause else [])
            case "（":
                self.suspended.append((self.thread, self.clause))
                self.thread, self.clause = replace(self.thread, part=True, adding=False), []
            case "）":
                self._end()
                self.thread, self.clause = self.suspended.pop()
            case _:
                self._end()
                if token.mark == "；":
                    self.thread.adding = self.thread.excluding = False

    def _end(self) -> None:
        """A clause without a figure still says what the next one is about, if it says nothing unknown."""
        if not self.clause:
            return
        phrase = self._phrase()
        if phrase.direction == "flat" and phrase.clear:
            self.found.append(self._bind(phrase, _nought(self.clause), attributive=False))
        elif phrase.known:
            self.thread.subject, self.thread.basis = phrase.subject, phrase.basis or self.thread.basis
        self.clause = []

    def _figure(self, position: int, token: Token) -> Bound:
        assert token.number is not None
        bound = self._bind(self._phrase(), token.number, _attributive(self.tokens, position))
        self.clause = []
        for after in self.tokens[position + 1 : position + 2]:
            return self._with_ending(bound, after)
        return bound

    def _with_ending(self, bound: Bound, after: Token) -> Bound:
        """Words directly behind a figure: 左右, or in brackets its 口径."""
        if after.word is None or not _ends_figure(after):
            return bound
        if after.word.kind == "basis":
            self.thread.basis = after.word.name
            return replace(bound, basis=after.word.name)
        return replace(bound, hedge=after.said)

    def _phrase(self) -> Phrase:
        thread = self.thread
        phrase = read_phrase(self.clause, thread.subject, thread.part)
        if phrase.part and not thread.part:
            thread.whole = thread.subject
        thread.part = phrase.part
        thread.adding = thread.adding or bool(phrase.added)
        thread.excluding = thread.excluding or phrase.excluding
        return phrase

    def _bind(self, phrase: Phrase, number: Number, attributive: bool) -> Bound:
        if number.unit not in UNITS:
            return self._unbound(number, WRONG_UNIT)
        measure = "" if attributive else self._measure(phrase, number)
        subject = self._completed(self.thread.subject if measure.startswith("other_") else phrase.subject)
        if not measure or not subject.flow or not subject.budget:
            return self._unbound(number, ELSEWHERE if phrase.elsewhere else NOTHING_SAID)
        if number.unit in AMOUNTS:
            self.thread.basis = phrase.basis
        named = (phrase.added or self.clause[0].start, number.start) if measure.startswith("other_") else (0, 0)
        self._remember(subject, measure, number)
        basis = phrase.basis or self.thread.basis
        value = -abs(number.value) if phrase.direction in NEGATIVE else number.value
        return Bound(number, subject, measure, value, phrase.direction_said, phrase.hedge, basis, named)

    def _measure(self, phrase: Phrase, number: Number) -> str:
        money = number.unit in AMOUNTS
        if not self._readable(phrase, money):
            return ""
        setting = self._setting(phrase)
        if money:
            return amount_measure(phrase, setting)
        return points_measure(phrase, setting) if number.unit == "百分点" else ratio_measure(phrase, setting)

    def _readable(self, phrase: Phrase, money: bool) -> bool:
        """Unknown words may stand before a figure only among the items that 加上 names."""
        if phrase.elsewhere or self.thread.excluding:
            return False
        if self.thread.outside and not phrase.noun and (not money or phrase.amount in PLAIN):
            return False
        return (money and self.thread.adding and bool(self.clause)) or (phrase.clear and not phrase.beyond)

    def _setting(self, phrase: Phrase) -> Setting:
        thread, background = self.thread, self.background
        year = phrase.subject.year or background.executed
        adding = thread.subject.root if thread.adding else ""
        return Setting(year, background.drafted, thread.amount, thread.ratio, adding, background.renamed)

    def _completed(self, subject: Subject) -> Subject:
        if subject.budget and subject.scope and subject.flow:
            return subject
        background = self.background
        budget = background.default_budget if "." in subject.flow else ""
        return subject._replace(
            budget=subject.budget or budget,
            flow=subject.flow or ("total" if subject.budget == "debt" else ""),
            scope=subject.scope or background.default_scope,
        )

    def _remember(self, subject: Subject, measure: str, number: Number) -> None:
        thread = self.thread
        thread.subject = subject
        if number.unit not in AMOUNTS:
            thread.ratio = measure
        elif "change_on" not in measure:
            thread.amount, thread.outside = measure, False
            thread.adding = thread.adding and measure != "total"

    def _unbound(self, number: Number, why: str) -> Bound:
        if number.unit not in RATIOS:
            self.thread.outside, self.thread.amount = True, ""
        return Bound(number, why=why)


def parted(found: list[Bound]) -> list[Bound]:
    """Several items named after one 加上 are parts of what is added."""
    items = Counter((bound.subject, bound.measure) for bound in found if bound.measure.startswith("other_"))
    return [
        replace(bound, measure=f"{bound.measure}_part") if items[bound.subject, bound.measure] > 1 else bound
        for bound in found
    ]


def _attributive(tokens: list[Token], position: int) -> bool:
    """Whether the figure describes what follows it (1 亿元前期经费) instead of saying how much something was."""
    for token in tokens[position + 1 : position + 4]:
        if not _ends_figure(token):
            return (token.word is None and not token.mark and token.number is None) or token.said == "的"
    return False


def _ends_figure(token: Token) -> bool:
    return token.word is not None and (token.word.name == "hedge_after" or token.word.kind == "basis")


def _nought(clause: list[Token]) -> Number:
    """持平 as a number: a growth of 0 %."""
    said = next(token for token in clause if token.word is not None and token.word.name == "flat")
    return Number(said.start, said.end, said.end, None, Decimal(0), "%")
