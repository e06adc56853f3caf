"""What a formula that a person typed comes to, as far as it is plain arithmetic on numbers and cells; of any other nothing is claimed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product

from .source import Grid

LONGEST, DEEPEST, WIDEST = 1_000, 20, 10_000  # letters, brackets, cells of one area
_TOKEN = re.compile(
    r"""\s*(?: (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:E[+-]?[0-9]+)?)(?![A-Z0-9!])
        | (?P<sum>SUM\()
        | (?:(?P<sheet>'(?:[^']|'')+'|[^\s'!(),=+*/<>:;%^&-]+)!)?
          (?P<first>\$?[A-Z]{1,3}\$?[0-9]{1,7})(?::(?P<last>\$?[A-Z]{1,3}\$?[0-9]{1,7}))?(?![A-Z0-9!(])
        | (?P<sign>[-+*/(),%]) )""",
    re.VERBOSE,
)


class Unclaimed(Exception):
    """Something in a formula is beyond plain arithmetic."""


def worth(formula: str, grids: Mapping[str, Grid], sheet: str) -> float | None:
    """The result of a formula on *sheet*, cells taken as they are shown; None if it takes more than arithmetic to tell."""
    if len(formula) > LONGEST or formula.count("(") > DEEPEST:
        return None
    try:
        return _Formula(formula, grids, sheet).result()
    except (Unclaimed, ZeroDivisionError, OverflowError):
        return None


class _Formula:
    """One formula, token after token: sums of products of numbers, cells, areas in SUM and brackets."""

    def __init__(self, text: str, grids: Mapping[str, Grid], sheet: str) -> None:
        self._grids, self._sheet = grids, sheet
        self._tokens = list(_tokens(text.rstrip()))
        self._at = 0

    def result(self) -> float:
        value = self._sum()
        if self._at < len(self._tokens):
            raise Unclaimed
        return value

    def _is(self, *signs: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at]["sign"] in signs

    def _next(self) -> re.Match[str]:
        if self._at == len(self._tokens):
            raise Unclaimed
        self._at += 1
        return self._tokens[self._at - 1]

    def _close(self) -> None:
        if not self._is(")"):
            raise Unclaimed
        self._at += 1

    def _sum(self) -> float:
        value = self._product()
        while self._is("+", "-"):
            value += self._product() if self._next()["sign"] == "+" else -self._product()
        return value

    def _product(self) -> float:
        value = self._signed()
        while self._is("*", "/"):
            if self._next()["sign"] == "*":
                value *= self._signed()
            else:
                value /= self._signed()
        return value

    def _signed(self) -> float:
        sign = 1
        while self._is("+", "-"):
            sign *= 1 if self._next()["sign"] == "+" else -1
        value = self._single()
        while self._is("%"):
            self._at += 1
            value /= 100
        return sign * value

    def _single(self) -> float:
        token = self._next()
        if token["number"]:
            return float(token["number"])
        if token["sum"]:
            return self._listed()
        if token["sign"] == "(":
            value = self._sum()
            self._close()
            return value
        if token["first"] and not token["last"]:
            return _number(next(self._cells(token)))
        raise Unclaimed

    def _listed(self) -> float:
        """The arguments of SUM, in which words count for nothing."""
        value = 0.0
        while True:
            if self._at < len(self._tokens) and self._tokens[self._at]["last"]:
                value += sum(_number(each) for each in self._cells(self._next()) if not isinstance(each, str))
            else:
                value += self._sum()
            if not self._is(","):
                break
            self._at += 1
        self._close()
        return value

    def _cells(self, token: re.Match[str]) -> Iterator[object]:
        sheet = (token["sheet"] or self._sheet).strip("'").replace("''", "'")
        grid = self._grids.get(sheet)
        (top, left), (bottom, right) = _spot(token["first"]), _spot(token["last"] or token["first"])
        if grid is None or grid.unread or (bottom - top + 1) * (right - left + 1) > WIDEST:
            raise Unclaimed
        facts = grid.facts
        for spot in product(range(top, bottom + 1), range(left, right + 1)):
            if facts.without_value(spot):
                raise Unclaimed
            yield grid.at(*spot)


def _tokens(text: str) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise Unclaimed
        at = found.end()
        yield found


def _number(value: object) -> float:
    if value in ("", None):
        return 0.0
    if type(value) is not float and type(value) is not int:
        raise Unclaimed
    return float(value)


def _spot(reference: str) -> tuple[int, int]:
    letters, row = re.split(r"(?<=[A-Z])\$?(?=[0-9])", reference.lstrip("$"))
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(row) - 1, column - 1
