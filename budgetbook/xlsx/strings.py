"""The string table of a package: labels in their order, then what only this unit says, so that labels keep their numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import islice

from ..sheet import Cell, Workbook
from .parts import Content, Opening
from .write import text_of, turn

_ITEM = re.compile(rb"<si>.*?</si>", re.DOTALL)
_COUNTS = re.compile(rb'count="[0-9]+" uniqueCount="[0-9]+"')
_ODD = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9a-fA-F]{4}_|^\s|\s$|^<r>")
_LONG = 10_000  # letters; far below what the writer would cut


class Unlike(Exception):
    """A workbook that differs from the mould in more than words and figures, or in a word that the writer treats specially."""


@dataclass(frozen=True, slots=True)
class Strings:
    """The strings of one package: the number of each, the labels' items, those of its own words, how many cells show one."""

    numbers: Mapping[str, int]
    labels: list[bytes]
    own: list[bytes]
    count: int


class StringTable:
    """The strings of a finished package, and what they become in a copy."""

    def __init__(self, workbook: Workbook, content: bytes) -> None:
        cells = [cell for sheet in workbook.sheets for cell in sheet.cells]
        self._content = content
        self._cells = Counter(filter(None, map(label, cells)))  # label → cells that show it, in the order of its number
        self._numbers = {words: at for at, words in enumerate(self._cells)}
        self._count = self._cells.total()
        numbers, said = _numbered(self._numbers, filter(turn, cells))
        found = _ITEM.findall(content)
        if len(found) != len(numbers):
            raise Unlike
        self._labels = found[: len(self._numbers)]
        self.strings = Strings(numbers, self._labels, found[len(self._numbers) :], self._count + said)

    def of(self, renamed: Mapping[tuple[str, str], int], own: Iterable[Cell]) -> Strings:
        """With labels *renamed* in so many cells, and *own* words. Raises Unlike unless every cell that showed a label shows the
        same other one, which no label was or becomes."""
        labels, numbers = self._labels, dict(self._numbers)
        if renamed:
            labels = list(labels)
        for old, _ in renamed:
            numbers.pop(old, None)
        for (old, new), cells in renamed.items():
            if cells != self._cells[old] or new in numbers:
                raise Unlike
            numbers[new] = self._numbers[old]
            labels[numbers[new]] = _item(new)
        numbers, said = _numbered(numbers, own)
        items = [_item(words) for words in islice(numbers, len(labels), None)]
        return Strings(numbers, labels, items, self._count + said)

    def content(self, strings: Strings) -> Content:
        """The part, for other strings."""
        tail, head = b"".join(strings.own) + b"</sst>", self._head(strings)
        if strings.labels is self._labels and head == self._head(self.strings):
            return self._opening, tail
        return head + b"".join(strings.labels) + tail

    @cached_property
    def _opening(self) -> Opening:
        return Opening(self._head(self.strings) + b"".join(self._labels))

    def _head(self, strings: Strings) -> bytes:
        counts = f'count="{strings.count}" uniqueCount="{len(strings.labels) + len(strings.own)}"'.encode()
        return _COUNTS.sub(counts, self._content[: self._content.index(b"<si>")], count=1)


def _numbered(labels: Mapping[str, int], own: Iterable[Cell]) -> tuple[dict[str, int], int]:
    """The number of every string, those of a unit's *own* after all *labels*, and how many cells show one of the unit's own."""
    said = sorted((cell for cell in own if cell.value and text(cell)), key=turn)
    numbers = dict(labels)
    for cell in said:
        numbers.setdefault(text(cell), len(numbers))
    return numbers, len(said)


def label(cell: Cell) -> str:
    """What every workbook of a level shows there, if it is text."""
    return "" if turn(cell) else text(cell)


def text(cell: Cell) -> str:
    """The string a cell shows."""
    return text_of(cell.value) if isinstance(cell.value, str) and not cell.formula else ""


def plain(words: str) -> str:
    """Words in XML. Raises Unlike for what the writer would not write so."""
    if len(words) > _LONG or _ODD.search(words):
        raise Unlike
    return escape(words, quote=False)


def _item(words: str) -> bytes:
    return f"<si><t>{plain(words)}</t></si>".encode()
