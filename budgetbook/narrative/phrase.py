"""What the words before a number say of it, read from left to right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .subject import Subject, dated, told
from .tokens import OTHER_UNIT, Token
from .vocabulary import Word

PRIOR = Word("speech", "prior")
OTHER_YEAR = Word("year")
PLACES = frozenset(("scope", "unit"))
NOUNS = PLACES | {"budget", "line"}


@dataclass(slots=True)
class Phrase:
    """The words of one clause up to a number, sorted by what they do."""

    subject: Subject
    part: bool  # after 其中 or in brackets
    known: bool = True  # no unknown words were said at all
    clear: bool = True  # none stand between the subject and the number
    beyond: bool = False  # what the grammar does not follow: several subjects at once (收入、支出), the year before
    noun: str = ""  # the most telling one said here: line, budget, or a place
    amount: str = ""
    ratio: str = ""
    direction: str = ""
    direction_said: str = ""
    share: bool = False
    referring: bool = False  # what is said now is a denominator, or what something is compared with
    reference: list[Word] = field(default_factory=list)
    target: bool = False
    added: int = 0  # where the items begin that 加上 names
    elsewhere: bool = False  # compared with other places
    excluding: bool = False  # something is left out that the books contain
    hedge: str = ""
    basis: str = ""


def read_phrase(clause: Sequence[Token], subject: Subject, part: bool) -> Phrase:
    """The clause read word by word, beginning from what the sentence was speaking of."""
    phrase = Phrase(subject, part)
    for position, token in enumerate(clause):
        if phrase.added:
            break
        phrase = _read(phrase, token, first=position == 0)
    return phrase


def _read(phrase: Phrase, token: Token, first: bool) -> Phrase:
    if token.number is not None and (token.number.year or token.number.within_year):
        return _date(phrase, token)
    if token.mark:
        phrase.beyond = phrase.beyond or bool(phrase.noun)
        return _unknown(phrase)
    if token.word is None or _out_of_place(phrase, token.word, first):
        return _unknown(phrase)
    return _word(phrase, token, token.word)


def _unknown(phrase: Phrase) -> Phrase:
    """Nothing said before unknown words bears on the number, except what it is about."""
    if not phrase.clear:
        return phrase
    return Phrase(
        phrase.subject,
        phrase.part,
        known=False,
        clear=False,
        beyond=phrase.beyond,
        elsewhere=phrase.elsewhere,
        excluding=phrase.excluding,
    )


def _date(phrase: Phrase, token: Token) -> Phrase:
    assert token.number is not None
    if phrase.referring:
        year_before = token.number.year is not None and token.number.year + 1 == phrase.subject.year
        phrase.reference.append(PRIOR if year_before else OTHER_YEAR)
        return phrase
    phrase.subject, phrase.clear = dated(phrase.subject, token.number), True
    return phrase


def _out_of_place(phrase: Phrase, word: Word, first: bool) -> bool:
    if word.kind == "speech" and word.name in ("added", "parts"):
        return not first
    return (
        word.name == "hedge_after"
        or (word.short and phrase.subject.budget != "debt")
        or (word is OTHER_UNIT and not phrase.part)
    )


def _word(phrase: Phrase, token: Token, word: Word) -> Phrase:
    phrase.elsewhere = phrase.elsewhere or word.name == "elsewhere"
    phrase.excluding = phrase.excluding or word.name == "excluding"
    if not phrase.clear and not word.opens:
        return phrase
    phrase.clear = True
    if phrase.referring and word.kind in NOUNS | {"amount"}:
        phrase.reference.append(word)
    elif word.kind == "speech":
        _speech(phrase, token, word)
    else:
        _meaning(phrase, token, word)
    return phrase


def _meaning(phrase: Phrase, token: Token, word: Word) -> None:
    if word.kind == "direction":
        phrase.direction, phrase.direction_said = word.name, token.said
        phrase.referring = word.name in ("above", "below")
    elif word.kind == "basis":
        phrase.basis = word.name
    else:
        phrase.subject = told(phrase.subject, word, token.said, phrase.part)
        _figure_word(phrase, word)


def _figure_word(phrase: Phrase, word: Word) -> None:
    if word.kind == "amount":
        phrase.amount = word.name
    elif word.kind == "percent":
        phrase.ratio = word.name
    elif word.kind not in PLACES or not phrase.noun:
        phrase.noun = "line" if word.flow else word.kind


def _speech(phrase: Phrase, token: Token, word: Word) -> None:
    match word.name:
        case "share":
            phrase.share = phrase.referring = True
        case "against":
            phrase.referring = True
        case "prior":
            phrase.reference.append(PRIOR)
            phrase.beyond = phrase.beyond or not phrase.referring
        case "within_year":
            phrase.subject = phrase.subject._replace(within_year=True)
        case "parts":
            phrase.part = True
        case "added":
            phrase.added = token.end
        case "target":
            phrase.target = True
        case "hedge":
            phrase.hedge = token.said
