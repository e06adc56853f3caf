"""Conclusions in words (保持稳定, 量质齐升, 增长的主要原因) beside the figures they speak of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..amount import Interval
from ..relation import Term
from .claim import Claim, Place, Reading
from .judged import BROKEN, FINE, HOLDS, Judged, percent
from .phrase import read_phrase
from .stated import Stated
from .subject import Subject
from .text import Text, read_text, sentences
from .text_rules import TextRelations, Wording
from .tokens import tokens_of
from .vocabulary import Vocabulary

Key = tuple[str, str, str, str, int | None, str]
FAR = Fraction(10**12)  # beyond any rate


@dataclass(frozen=True, slots=True)
class _Said:
    """A set phrase where it stands in a paragraph."""

    wording: Wording
    phrase: str
    paragraph: int
    text: Text
    begin: int
    end: int
    at: int

    @property
    def place(self) -> Place:
        start, until = self.text.place(self.at), self.text.after(self.at + len(self.phrase))
        sentence = self.text.printed[self.text.place(self.begin) : self.text.after(self.end)].strip()
        return Place(self.paragraph, start, until, until, "", sentence)


def judge_words(
    paragraphs: Sequence[str], reading: Reading, stated: Stated, rules: TextRelations, vocabulary: Vocabulary
) -> list[Judged]:
    """Every set phrase whose figures the text gives; one that they contradict is to be looked at (核实)."""
    found = (said for index, text in enumerate(paragraphs) for said in _phrases(index, text, rules))
    index = _Claims.of(reading, stated)
    judged = (_judged(said, index, stated, vocabulary) for said in found)
    return [each for each in judged if each is not None]


def _phrases(index: int, printed: str, rules: TextRelations) -> Iterator[_Said]:
    if not any(phrase in printed for wording in rules.words for phrase in wording.says):
        return
    text = read_text(printed)
    for begin, end in sentences(text.text):
        for wording in rules.words:
            phrase = next((each for each in wording.says if text.text.find(each, begin, end) >= 0), None)
            if phrase is not None:
                yield _Said(wording, phrase, index, text, begin, end, text.text.find(phrase, begin, end))


@dataclass(frozen=True, slots=True)
class _Claims:
    """The claims by what they say, by paragraph, and by their figure's name."""

    by_key: dict[Key, Claim]
    by_paragraph: dict[int, list[Claim]]
    names: dict[int, str]
    executed: int | None

    @classmethod
    def of(cls, reading: Reading, stated: Stated) -> _Claims:
        by_paragraph: dict[int, list[Claim]] = {}
        for claim in reading.claims:
            by_paragraph.setdefault(claim.place.paragraph, []).append(claim)
        by_key = {_key(claim): claim for claim in reversed(reading.claims)}
        return cls(by_key, by_paragraph, {id(stated.claims[name]): name for name in stated.claims}, reading.executed)


def _judged(said: _Said, claims: _Claims, stated: Stated, vocabulary: Vocabulary) -> Judged | None:
    if said.wording.cells[0]:
        return _share(said, stated)
    claim = _before(said, claims) if said.wording.about == "before" else _of_sentence(said, claims, vocabulary)
    name = claims.names.get(id(claim))
    if claim is None or name is None:
        return None
    return _verdict(said, stated.figures[name].interval, (claim,), f"文中的数是{claim.direction} {claim.printed}")


def _before(said: _Said, claims: _Claims) -> Claim | None:
    """The last such claim before the phrase in its paragraph."""
    before = [
        claim
        for claim in claims.by_paragraph.get(said.paragraph, ())
        if claim.measure == said.wording.measure and claim.place.start < said.place.start
    ]
    return before[-1] if before else None


def _of_sentence(said: _Said, claims: _Claims, vocabulary: Vocabulary) -> Claim | None:
    """The claim about the line that the sentence names before the phrase; a sentence about no line concludes nothing."""
    tokens = tokens_of(said.text.text, said.begin, said.at, [], vocabulary)
    subject = read_phrase(tokens, Subject(), part=False).subject
    if not subject.budget or not subject.flow:
        return None
    scope = subject.scope or vocabulary.default_scope
    wanted = (subject.budget, scope, subject.of_which, subject.flow, claims.executed, said.wording.measure)
    return claims.by_key.get(wanted)


def _key(claim: Claim) -> Key:
    return claim.budget, claim.scope, claim.of_which, claim.flow, claim.year, claim.measure


def _share(said: _Said, stated: Stated) -> Judged | None:
    """A share rises exactly if the part grows faster than the whole."""
    part, whole = (_growth(stated, side) for side in said.wording.cells)
    if part is None or whole is None:
        return None
    fast, slow = stated.figures[part].interval, stated.figures[whole].interval
    claims = stated.claims[part], stated.claims[whole]
    told = (
        f"前者{claims[0].direction} {claims[0].printed}，后者{claims[1].direction} {claims[1].printed}，"
        f"所占比重比上年{'上升' if fast.low > slow.high else '下降' if fast.high < slow.low else '大体未变'}"
    )
    return _verdict(said, Interval(fast.low - slow.high, fast.high - slow.low), claims, told)


def _growth(stated: Stated, side: tuple[Term, ...]) -> str | None:
    """The figure that says how a line of the whole tree's root grew."""
    root = stated.shape.catalogue.tree.units[0]
    lines = [(term.form, term.line) for term in side]
    for spoken in stated.spoken:
        same = [(term.form, term.line) for term in spoken.formula.of] == lines
        if same and spoken.formula.kind == "growth" and spoken.unit == root and spoken.formula.of[0].column == "actual":
            return spoken.name
    return None


def _verdict(said: _Said, value: Interval, claims: tuple[Claim, ...], told: str) -> Judged:
    low = -FAR if said.wording.at_least is None else said.wording.at_least * FINE
    high = FAR if said.wording.at_most is None else said.wording.at_most * FINE
    broken = value.high < low or value.low > high
    bounds = [
        f"{word} {percent(limit * FINE)}"
        for word, limit in (("不低于", said.wording.at_least), ("不高于", said.wording.at_most))
        if limit is not None
    ]
    judged = (
        f"与“{said.phrase}”的说法（{'、'.join(bounds)}）不合，请核实用语或数字。"
        if broken
        else f"与“{said.phrase}”的说法相合。"
    )
    says = f"“{said.place.sentence[:30]}”：{told}，{judged}"
    return Judged(
        "T-WORDS", BROKEN if broken else HOLDS, "warning", says, claims, value, Interval(low, high), place=said.place
    )
