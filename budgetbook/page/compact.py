"""Sentences, made small: those that differ only in their numbers are kept once, and text from outside is made harmless."""

from __future__ import annotations

import json
import re
from typing import Any

from markupsafe import Markup

GAP = "\x01"  # where a number stood; cannot come from outside, see `plain`
_NUMBER = re.compile(r"\d[\d,.]*")
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
Sentence = int | list[Any]


def plain(text: str) -> str:
    """Text from a file as one line: what is invisible or turns the direction of writing shows as �."""
    return "".join(letter if letter.isprintable() else " " if letter.isspace() else "�" for letter in text)


class Phrases:
    """The distinct phrases of a page, by number."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {"": 0}

    def word(self, text: str) -> int:
        """The number of a whole text."""
        return self.known.setdefault(plain(text), len(self.known))

    def sentence(self, text: str) -> Sentence:
        """The number of a text; with the numbers in it, where it has any: `[phrase, "1,620", …]`."""
        harmless = plain(text)
        numbers = _NUMBER.findall(harmless)
        phrase = self.known.setdefault(_NUMBER.sub(GAP, harmless), len(self.known))
        return [phrase, *numbers] if numbers else phrase

    @property
    def all(self) -> list[str]:
        """Every phrase, in the order of its number."""
        return list(self.known)


def embedded(told: Any) -> Markup:
    """JSON that can stand inside a script element: nothing in it ends the element or begins another."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    for letter, escape in _ESCAPES.items():
        text = text.replace(letter, escape)
    return Markup(text)
