"""The words of a report and what each of them means, as budget staff keep them in narrative.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from ..problems import says_toml

MARKS = "，；：、（）。！？"
HEDGED = "约近为共"
KINDS = ("budget", "scope", "unit", "line", "amount", "percent", "direction", "basis", "speech")
SPEECH = frozenset(
    (
        "share",
        "against",
        "within_year",
        "prior",
        "added",
        "parts",
        "target",
        "elsewhere",
        "excluding",
        "hedge",
        "hedge_after",
        "opening",
        "glue",
    )
)
LOOKAHEAD = re.compile(r"\(\?=[^)]*\)")


class VocabularyError(ValueError):
    """The vocabulary cannot be used as it is written; the message says where and what to do."""


@dataclass(frozen=True, slots=True)
class Word:
    """What a known word means: its part in the sentence (`kind`, `name`) and what it says of the subject."""

    kind: str
    name: str = ""
    budget: str = ""
    scope: str = ""
    flow: str = ""
    short: bool = False  # counts only while debt is spoken of
    opens: bool = False  # may follow words that nobody knows


FIELDS = frozenset(each.name for each in fields(Word))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every known word with its meaning, and the patterns that find them in a sentence."""

    words: Mapping[str, Word]
    pattern: re.Pattern[str]
    unit_names: re.Pattern[str]  # units that are not listed, by where they stand and how they end
    before_number: frozenset[str]  # the last characters of such names, and what may follow them
    executed: re.Pattern[str]  # a year with the word that says it was executed
    drafted: re.Pattern[str]
    flat: re.Pattern[str]
    figure_headings: re.Pattern[str]
    work_headings: re.Pattern[str]
    default_scope: str
    default_budget: str


def read_vocabulary(text: str, source: str = "narrative.toml", also: Mapping[str, Word] | None = None) -> Vocabulary:
    """The vocabulary written in TOML `text`, and words known from elsewhere: a city's units, a catalogue's lines.

    Words from elsewhere are plain text without brackets; where both know a word, the TOML is right.
    Raises VocabularyError with the place and the remedy.
    """
    try:
        tables = tomllib.loads(text)
        written = _meanings(_entries(tables, source), source)
        return _vocabulary(tables, {**(also or {}), **written})
    except tomllib.TOMLDecodeError as error:
        raise VocabularyError(f"{source} 读不了：{says_toml(error)}。") from error
    except re.error as error:
        raise VocabularyError(
            f"{source} 有一个词写不成式样（{error.pattern!r:.60}）。请检查词里的括号是否成对。"
        ) from error
    except KeyError as error:
        raise VocabularyError(f"{source} 缺少“{error.args[0]}”一项。请从原文件补上这一项。") from error


def unit_word(scope: str) -> Word:
    """What the name of a unit in `scope` means, for `also`: `{"修武县": unit_word("county_level")}`."""
    return Word("unit", scope=scope, opens=True)


def line_word(flow: str, budget: str = "") -> Word:
    """What the name of a line means, for `also`; `budget` only if no other book has such a line."""
    return Word("line", flow=flow, budget=budget)


def _vocabulary(tables: Mapping[str, Any], entries: Mapping[str, Word]) -> Vocabulary:
    return Vocabulary(
        words={LOOKAHEAD.sub("", text): word for text, word in entries.items()},
        pattern=_any_of([*entries, *MARKS]),
        unit_names=_unit_names(tables["unit_endings"]),
        before_number=frozenset((*tables["unit_endings"], *HEDGED)),
        executed=_year_with(tables["executed"]),
        drafted=_year_with(tables["drafted"]),
        flat=_any_of(text for text, word in entries.items() if word.name == "flat"),
        figure_headings=_any_of(tables["figure_headings"]),
        work_headings=_any_of(tables["work_headings"]),
        default_scope=tables["default_scope"],
        default_budget=tables["default_budget"],
    )


def _entries(tables: Mapping[str, Any], source: str) -> Iterator[tuple[str, Word]]:
    for kind in KINDS:
        for group in tables[kind]:
            word = _word(kind, group, source)
            yield from ((text, word) for text in group["says"])


def _word(kind: str, group: Mapping[str, Any], source: str) -> Word:
    said = {key: value for key, value in group.items() if key != "says"}
    if not said.keys() <= FIELDS or (kind == "speech" and said.get("name") not in SPEECH):
        line = "、".join(group["says"])
        raise VocabularyError(f"{source} 的 {kind} 中“{line}”一行有不认得的项。请对照同表其他行改正。")
    return Word(kind, **said)


def _meanings(entries: Iterable[tuple[str, Word]], source: str) -> dict[str, Word]:
    """Each word with its only meaning."""
    meanings: dict[str, Word] = {}
    plain: dict[str, Word] = {}
    for text, word in entries:
        said = LOOKAHEAD.sub("", text)
        if plain.setdefault(said, word) != word:
            raise VocabularyError(f"{source} 中“{said}”写在两处，意思不同。请只保留一处。")
        meanings[text] = word
    return meanings


def _any_of(texts: Iterable[str]) -> re.Pattern[str]:
    """The longest of the words at a place, looked up by their first characters."""
    by_first: dict[str, list[str]] = {}
    for text in sorted(set(texts), key=len, reverse=True):
        by_first.setdefault(text[0], []).append(text[1:])
    return re.compile("|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in by_first.items()))


def _year_with(texts: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"((?:19|20)\d{{2}})年[^，。；\d]{{0,16}}?(?:{'|'.join(texts)})")


def _unit_names(endings: Iterable[str]) -> re.Pattern[str]:
    after = r"(?:(?<=[、，：；（含])|(?<=包括)|(?<=其中))(?!含|包括|其中)"
    return re.compile(rf"{after}[\u4e00-\u9fff]{{1,14}}?(?:{'|'.join(endings)})(?=[{HEDGED}]?$)")
