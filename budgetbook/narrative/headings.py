"""Where in the report a paragraph stands: the headings above it, their numbers, and what they say it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .numbers import ZH, chinese_number
from .subject import Subject
from .vocabulary import Vocabulary

NUMBERED = re.compile(
    rf"(?P<one>[{ZH}]{{1,3}})、|（(?P<two>[{ZH}]{{1,3}})）"
    r"|(?P<three>\d{1,2})[.、](?:\s|(?=\D)|(?=20\d\d年))|（(?P<four>\d{1,2})）"
)
LEVELS = ("one", "two", "three", "four")
UNNUMBERED = len(LEVELS)
TITLE_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading above the paragraph: its depth, its number, and what is known below it."""

    level: int
    number: int
    subject: Subject
    figures: bool | None  # paragraphs of budget figures, accounts of work, or not said


@dataclass(slots=True)
class Outline:
    """The headings that stand above where we are."""

    vocabulary: Vocabulary
    headings: list[Heading] = field(default_factory=list)

    @property
    def subject(self) -> Subject:
        return self.headings[-1].subject if self.headings else Subject()

    @property
    def figures(self) -> bool | None:
        return self.headings[-1].figures if self.headings else None

    @property
    def section(self) -> str:
        return ".".join(str(heading.number) for heading in self.headings if heading.level < UNNUMBERED)

    def enter(self, level: int, number: int) -> None:
        """A heading begins, with all that those above it say; an unnumbered one stands below the one before it."""
        above = self.subject
        self.headings = [heading for heading in self.headings if heading.level < level]
        subject = above if level == UNNUMBERED else self.subject
        self.headings.append(Heading(level, number, subject, self.figures))

    def says(self, title: str, subject: Subject) -> None:
        """The heading just entered is `title`, which makes `subject` what is spoken of below it."""
        last, kind = self.headings[-1], self.kind(title)
        figures = last.figures if kind is None else kind
        self.headings[-1] = Heading(last.level, last.number, subject, figures)

    def kind(self, title: str) -> bool | None:
        """Whether a title announces figures (True), an account of work (False), or neither."""
        if self.vocabulary.work_headings.search(title):
            return False
        return True if self.vocabulary.figure_headings.search(title) else None


def heading_number(text: str) -> re.Match[str] | None:
    """The number that opens a paragraph: 一、 （一） 1. （1）"""
    return NUMBERED.match(text)


def level_and_number(match: re.Match[str]) -> tuple[int, int]:
    group = match.lastgroup or ""
    level = LEVELS.index(group)
    return level, int(match[group]) if level > 1 else int(chinese_number(match[group]))


def is_title(text: str) -> bool:
    """Whether a paragraph without a number can be a heading: short, and no sentence."""
    return 0 < len(text) <= TITLE_LENGTH and text[-1] not in "。！？；，：、"
