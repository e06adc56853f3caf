"""A report read from its first paragraph to its last: every number is a claim, no budget figure, or unread."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

from .brackets import paired
from .claim import NotFigure, Reading
from .headings import UNNUMBERED, Outline, heading_number, is_title, level_and_number
from .measures import BUDGETS
from .numbers import Number, numbers_in
from .phrase import read_phrase
from .records import Records, Where
from .statement import Background, Statement, Thread, parted
from .text import Text, read_text, sentences
from .tokens import Token, tokens_of
from .vocabulary import Vocabulary
from .years import report_years

LEAD = 30  # a sentence of so few characters may say what the next one is about: 一般公共预算收支情况。
SHORT_NAME = re.compile(r"以?下简称(?P<name>[\u4e00-\u9fff]{1,8}?)(?=[）（；。，、]|$)")


def read_report(paragraphs: Sequence[str], vocabulary: Vocabulary) -> Reading:
    """Every number of the report; a year that a sentence does not say comes from its headings, else from the text."""
    texts = [read_text(paragraph) for paragraph in paragraphs]
    executed, drafted = report_years([text.text for text in texts], vocabulary)
    background = Background(executed, drafted, vocabulary.default_scope, vocabulary.default_budget)
    reader = _Reader(vocabulary, background, Outline(vocabulary))
    for index, text in enumerate(texts):
        reader.paragraph(index, text)
    return reader.records.reading(reader.short_names, executed, drafted)


@dataclass(slots=True)
class _Reader:
    """A report half read: the headings above us, the words it has explained, and what was found."""

    vocabulary: Vocabulary
    background: Background
    outline: Outline
    records: Records = field(default_factory=Records)
    short_names: dict[str, str] = field(default_factory=dict)

    def paragraph(self, index: int, text: Text) -> None:
        """Its heading, if it is or begins with one, then its sentences."""
        start = self._heading_number(index, text)
        thread, section = self._thread(), self.outline.section
        for begin, end, numbers in _sentences(text, start):
            where = Where(index, text, begin, end, section, self.outline.figures)
            if begin == start and _may_be_title(text, start, numbers):
                self._title(where, numbers, numbered=start > 0)
                thread = self._thread()
            elif self._worth_reading(where, numbers):
                thread = self._sentence(where, numbers, thread)
            else:
                self.records.plain(numbers, where)
                thread = thread.next_sentence()

    def _heading_number(self, index: int, text: Text) -> int:
        match = heading_number(text.text)
        if match is None:
            return 0
        self.outline.enter(*level_and_number(match))
        start, end = match.span(match.lastgroup or "")
        where = Where(index, text, 0, match.end(), self.outline.section, None)
        self.records.plain([Number(start, end, end, NotFigure.ORDINAL)], where)
        return match.end()

    def _title(self, where: Where, numbers: list[Number], numbered: bool) -> None:
        """What a heading says holds for all below it; one without a number counts if it says anything."""
        self.records.plain(numbers, where)
        above = self.outline.subject
        said = read_phrase(self._tokens(where, numbers), above, part=False).subject
        years = {number.year for number in numbers if number.year}
        subject = said._replace(year=said.year if len(years) == 1 else above.year, within_year=False)
        title = where.text.text[where.begin : where.end]
        if not numbered:
            if (subject.budget, subject.scope) == (above.budget, above.scope) and self.outline.kind(title) is None:
                return
            self.outline.enter(UNNUMBERED, 0)
        self.outline.says(title, subject)

    def _sentence(self, where: Where, numbers: list[Number], thread: Thread) -> Thread:
        tokens = self._tokens(where, numbers)
        where = where.suspects(_names_figures(tokens))
        self.records.plain(numbers, where)
        self._explained(where, tokens)
        statement = Statement(paired(tokens), self._resumed(thread, tokens), self.background)
        self.records.bound(parted(statement.read()), where)
        return statement.thread.next_sentence()

    def _worth_reading(self, where: Where, numbers: list[Number]) -> bool:
        """Long sentences without a figure say nothing that later ones rely on; in accounts of work none do."""
        lead = where.end - where.begin <= LEAD and self.outline.figures is not False
        if lead or any(number.kind is None for number in numbers):
            return True
        return self.vocabulary.flat.search(where.text.text, where.begin, where.end) is not None

    def _resumed(self, thread: Thread, tokens: list[Token]) -> Thread:
        """In accounts of work every sentence begins afresh, unless it begins with 其中."""
        begins_with = tokens[0].word if tokens else None
        if self.outline.figures is False and (begins_with is None or begins_with.name != "parts"):
            return self._thread()
        return thread

    def _thread(self) -> Thread:
        """What is in mind below the headings, before anything else is said."""
        subject = self.outline.subject
        return Thread(subject._replace(year=subject.year or self.background.executed))

    def _tokens(self, where: Where, numbers: list[Number]) -> list[Token]:
        return tokens_of(where.text.text, where.begin, where.end, numbers, self.vocabulary)

    def _explained(self, where: Where, tokens: list[Token]) -> None:
        """以下简称: a unit or 调整预算 is called by a shorter name from here on."""
        named = [token for token in tokens if token.word is not None and token.word.kind in ("unit", "amount")]
        for match in SHORT_NAME.finditer(where.text.text, where.begin, where.end):
            before = bisect_right(named, match.start(), key=attrgetter("end"))
            if before:
                self._short_name(named[before - 1], match["name"])

    def _short_name(self, token: Token, name: str) -> None:
        assert token.word is not None
        if token.word.kind == "unit":
            self.short_names[token.said] = name
        elif token.word.name in BUDGETS and name.endswith("预算"):
            self.background = replace(self.background, renamed=token.word.name)


def _names_figures(tokens: list[Token]) -> bool:
    return any(token.word is not None and token.word.kind in ("budget", "line") for token in tokens)


def _may_be_title(text: Text, start: int, numbers: list[Number]) -> bool:
    return not any(number.kind is None for number in numbers) and (start > 0 or is_title(text.text))


def _sentences(text: Text, start: int) -> Iterator[tuple[int, int, list[Number]]]:
    """Each sentence with its numbers."""
    numbers = list(numbers_in(text.text, start))
    first = 0
    for begin, end in sentences(text.text, start):
        last = first
        while last < len(numbers) and numbers[last].start < end:
            last += 1
        yield begin, end, numbers[first:last]
        first = last
