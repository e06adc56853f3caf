"""The relation language: signed sums of figures and a sign between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Sign = Literal["=", "<=", ">="]
WORDS: dict[Sign, str] = {"=": "应等于", "<=": "不得大于", ">=": "不得小于"}
ANY = "*"
_TERM = re.compile(r"(?P<sign>[+-]?)(?:(?P<weight>\d+)\*)?(?:(?P<form>\w+):)?(?P<line>[^@\s]+)(?:@(?P<column>\w+))?")


@dataclass(frozen=True, slots=True)
class Term:
    """One weighted figure of a sum; an empty column means the column the relation is being read for."""

    weight: int
    form: str
    line: str
    column: str = ""

    def __str__(self) -> str:
        return f"{self.weight:+d}*{self.form}:{self.line}" + (f"@{self.column}" if self.column else "")


@dataclass(frozen=True, slots=True)
class Relation:
    """勾稽关系: two signed, weighted sums and a sign. `lines` of `*` bind to the same line on both sides.

    A blank figure counts as zero; `blank` says when that is not good enough. `skip`: not judged while the whole left side
    is blank. `finding`: any blank is itself a breach, once anything at all is given. A relation whose figures are all
    blank is never judged. `scope` says whose figures stand on the right: those of the same `unit`; of the city level that
    a `zone` belongs to; of last year's book (`prior`), if only its final accounts count (`final`); of the 代编 book
    that an approved one replaces (`estimate`).
    """

    id: str
    severity: Literal["error", "warning", "note"]
    left: tuple[Term, ...]
    sign: Sign
    right: tuple[Term, ...]
    columns: tuple[str, ...]
    scope: Literal["unit", "zone", "prior", "final", "estimate"]
    blank: Literal["skip", "zero", "finding"]
    stage: Literal["", "execution", "draft"]
    says: str
    remedy: str
    basis: str
    shadow: bool = False  # evaluated and counted, shown to nobody
    levels: frozenset[str] = frozenset()  # kinds of unit it applies to, see Unit.kinds; none named means all
    start: str = ""  # in force from this date, ISO
    until: str = ""  # and to this one
    explain: tuple[str, ...] = ()  # lines of the 情况说明 form that may explain it, beside the reason column
    amounts: bool = False  # an explanation has to give amounts


class BadTerm(ValueError):
    """A term that cannot be read; carries the offending text."""


def terms(text: str, form: str) -> tuple[Term, ...]:
    """`"a:101 -2*b:T@actual"` as terms; a term without a form belongs to *form*. Raises BadTerm."""
    return tuple([_term(word, form) for word in text.split()]) if text else ()


def _term(word: str, form: str) -> Term:
    found = _TERM.fullmatch(word)
    if not found:
        raise BadTerm(word)
    weight = int(found["weight"] or 1) * (-1 if found["sign"] == "-" else 1)
    return Term(weight, found["form"] or form, found["line"], found["column"] or "")


@dataclass(frozen=True, slots=True)
class Flow:
    """往来: a payer's by-region line and a receiver's line that are the same money."""

    id: str
    name: str
    payer: Term  # line of the city book, with {region}
    receiver: tuple[Term, ...]  # addends in the member's book
    rule: str = "R-LVL-10"
