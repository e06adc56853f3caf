"""A sentence cut into known words, numbers, marks, and what nobody knows."""

from __future__ import annotations

from typing import NamedTuple

from .numbers import Number
from .vocabulary import Vocabulary, Word

OTHER_UNIT = Word("unit", "unlisted", opens=True)


class Token(NamedTuple):
    """One piece of a sentence: a known `word`, a `number`, a `mark`, or, with none of the three, unknown text."""

    start: int
    end: int
    said: str = ""
    word: Word | None = None
    number: Number | None = None
    mark: str = ""
    figure: bool = False  # an amount of money or a ratio


def tokens_of(text: str, start: int, end: int, numbers: list[Number], vocabulary: Vocabulary) -> list[Token]:
    """The sentence `start:end` as tokens, nothing left out."""
    tokens: list[Token] = []
    for number in numbers:
        _words(tokens, text, start, number.start, vocabulary)
        tokens.append(Token(number.start, number.until, number=number, figure=number.kind is None))
        start = number.until
    _words(tokens, text, start, end, vocabulary)
    return tokens


def _words(tokens: list[Token], text: str, start: int, end: int, vocabulary: Vocabulary) -> None:
    unit = _unit(text, start, end, vocabulary)
    if unit is not None:
        _known(tokens, text, start, unit.start, vocabulary)
        tokens.append(unit)
        start = unit.end
    _known(tokens, text, start, end, vocabulary)


def _unit(text: str, start: int, end: int, vocabulary: Vocabulary) -> Token | None:
    """A unit that is not listed stands directly before a number: 含××开发区 11.5 亿元."""
    if text[end - 1 : end] not in vocabulary.before_number:
        return None
    match = vocabulary.unit_names.search(text, max(start, end - 20), end)
    return Token(*match.span(), match[0], OTHER_UNIT) if match and match[0] not in vocabulary.words else None


def _known(tokens: list[Token], text: str, start: int, end: int, vocabulary: Vocabulary) -> None:
    for match in vocabulary.pattern.finditer(text, start, end):
        first, last = match.span()
        if start < first:
            tokens.append(Token(start, first, text[start:first]))
        said = match[0]
        word = vocabulary.words.get(said)
        tokens.append(Token(first, last, said, word, None, "" if word else said))
        start = last
    if start < end:
        tokens.append(Token(start, end, text[start:end]))
