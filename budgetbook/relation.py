"""The relation language: signed sums of figures and a sign between them, and their arithmetic over many units at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

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
    """勾稽关系: two signed, weighted sums and a sign. `lines` of `*` bind to the same line on both sides."""

    id: str
    severity: Literal["error", "warning", "note"]
    left: tuple[Term, ...]
    sign: Sign
    right: tuple[Term, ...]
    columns: tuple[str, ...]
    scope: Literal["unit", "zone"]
    blank: Literal["skip", "zero"]
    stage: Literal["", "execution", "draft"]
    says: str
    remedy: str
    basis: str
    shadow: bool = False


class BadTerm(ValueError):
    """A term that cannot be read; carries the offending text."""


def terms(text: str, form: str) -> tuple[Term, ...]:
    """`"a:101 -2*b:T@actual"` as terms; a term without a form belongs to *form*. Raises BadTerm."""
    return tuple(_term(word, form) for word in text.split())


def _term(word: str, form: str) -> Term:
    found = _TERM.fullmatch(word)
    if not found:
        raise BadTerm(word)
    weight = int(found["weight"] or 1) * (-1 if found["sign"] == "-" else 1)
    return Term(weight, found["form"] or form, found["line"], found["column"] or "")


class Sums:
    """Many signed sums over one vector of figures: row k is Σ weight·figure over its addends."""

    def __init__(self, rows: Sequence[Sequence[tuple[int, int]]]) -> None:
        """*rows*: for each sum its (place of the figure, weight) pairs; every sum has at least one."""
        lengths = [len(row) for row in rows]
        flat = [pair for row in rows for pair in row]
        self.place = np.array([place for place, _ in flat], dtype=np.int64)
        self.weight = np.array([weight for _, weight in flat], dtype=np.int64)
        self.start = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64) if rows else np.zeros(0, np.int64)

    def __len__(self) -> int:
        return len(self.start)

    def of(self, fen: NDArray[np.int64]) -> NDArray[np.int64]:
        """units × figures → units × sums, in fen."""
        return self._reduce(np.add, fen[..., self.place] * self.weight)

    def given(self, given: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """units × figures → units × sums: whether any addend was given."""
        return self._reduce(np.logical_or, given[..., self.place])

    def all_given(self, given: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """units × figures → units × sums: whether every addend was given."""
        return self._reduce(np.logical_and, given[..., self.place])

    def addends(self, row: int) -> list[tuple[int, int]]:
        """The (place, weight) pairs of one sum."""
        stop = self.start[row + 1] if row + 1 < len(self.start) else len(self.place)
        span = slice(int(self.start[row]), int(stop))
        return list(zip(self.place[span].tolist(), self.weight[span].tolist(), strict=True))

    def _reduce(self, by: np.ufunc, addends: NDArray[Any]) -> NDArray[Any]:
        if not len(self.start):
            return np.zeros((*addends.shape[:-1], 0), dtype=addends.dtype)
        result: NDArray[Any] = by.reduceat(addends, self.start, axis=-1)
        return result
