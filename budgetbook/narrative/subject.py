"""What a sentence is speaking of when it comes to a number, and how each word changes it."""

from __future__ import annotations

from typing import NamedTuple

from .numbers import Number
from .vocabulary import Word


class Subject(NamedTuple):
    """The part of a claim that carries over from heading to paragraph to clause; empty where nothing was said."""

    budget: str = ""
    scope: str = ""
    scope_said: str = ""
    of_which: str = ""
    flow: str = ""
    year: int | None = None
    within_year: bool = False

    @property
    def root(self) -> str:
        """`revenue` of `revenue.tax`."""
        return self.flow.partition(".")[0]


def told(subject: Subject, word: Word, said: str, part: bool) -> Subject:
    """The subject after a word; `part` when the word stands after 其中 or in brackets."""
    if word.kind == "scope":
        return _scope(subject, word, said, part)
    if word.kind == "unit":
        scope = word.scope or subject.scope
        return subject._replace(scope=scope, scope_said=said, of_which=said)
    if word.kind == "budget":
        return subject._replace(budget=word.budget, flow=word.flow)
    if not word.budget and not word.flow:
        return subject
    return subject._replace(budget=word.budget or subject.budget, flow=word.flow or subject.flow)


def _scope(subject: Subject, word: Word, said: str, part: bool) -> Subject:
    """A second word for the same scope names a part of it: 市级 …，其中市本级 …"""
    if part and subject.scope == word.scope and subject.scope_said not in ("", said):
        return subject._replace(of_which=said)
    return subject._replace(scope=word.scope, scope_said=said, of_which="")


def dated(subject: Subject, date: Number) -> Subject:
    """The subject after a date."""
    return subject._replace(year=date.year or subject.year, within_year=date.within_year)
