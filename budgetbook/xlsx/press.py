"""Many workbooks alike: one is written in full, the others are its package with what differs put in, to the byte what the writer gives."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from html import escape
from operator import attrgetter

from ..layout import a1
from ..sheet import Cell, Sheet, Stamp, Workbook
from .parts import Parts
from .write import is_words, text_of, write

MOULDS = 6  # kept at a time: the levels, and a few odd ones
_STRINGS = "xl/sharedStrings.xml"
_CELL = re.compile(rb'(<c r="([A-Z]+[0-9]+)"(?: s="[0-9]+")?)(?: t="[a-z]+")?(?:/>|>(<f>[^<]*</f>)?<v>[^<]*</v></c>)')
_ITEM = re.compile(rb"<si>.*?</si>", re.DOTALL)
_COUNTS = re.compile(rb'count="[0-9]+" uniqueCount="[0-9]+"')
_ODD = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9a-fA-F]{4}_|^\s|\s$|^<r>")
_LONG = 10_000  # letters; far below what the writer would cut
_of_sheet = attrgetter(*(field.name for field in fields(Sheet) if field.name != "cells"))
_of_cell = attrgetter(*(name for name in Cell._fields if name != "value"))


class Unlike(Exception):
    """A workbook that differs from the mould in more than words and figures, or in a word that the writer treats specially."""


class Press:
    """Gives for every workbook the bytes that `write` gives, sooner for one laid out like one before."""

    def __init__(self) -> None:
        self._moulds: list[Mould] = []

    def write(self, workbook: Workbook) -> bytes:
        """The package."""
        for mould in self._moulds:
            try:
                return mould.copy(workbook)
            except Unlike:
                continue
        package = write(workbook)
        self._moulds = [Mould(workbook, package), *self._moulds[: MOULDS - 1]]
        return package


@dataclass(frozen=True, slots=True)
class Strings:
    """The string table of one package: labels in their order, then people's own words."""

    numbers: Mapping[str, int]
    items: tuple[bytes, ...]
    count: int


class Mould:
    """One finished package, to be copied."""

    def __init__(self, workbook: Workbook, package: bytes) -> None:
        self.workbook = workbook
        self._parts = Parts(package)
        self._pages: dict[int, dict[bytes, re.Match[bytes]]] = {}

    def copy(self, workbook: Workbook) -> bytes:
        """The package of another workbook. Raises Unlike."""
        if len(workbook.sheets) != len(self.workbook.sheets):
            raise Unlike
        renamed: Counter[tuple[str, str]] = Counter()
        figures = [
            list(_figures(old, new, renamed)) for old, new in zip(self.workbook.sheets, workbook.sheets, strict=True)
        ]
        words = [[sheet.cells[at] for at in places] for sheet, places in zip(workbook.sheets, self._words, strict=True)]
        strings = self._strings(renamed, (cell for sheet in words for cell in sheet))
        replaced = self._papers(workbook) | {_STRINGS: self._string_table(strings)}
        for at, sheet in enumerate(figures):
            if cells := sheet + self._moved(words[at], at):
                replaced[f"xl/worksheets/sheet{at + 1}.xml"] = self._page(at, cells, strings)
        return self._parts.with_replaced(replaced)

    @cached_property
    def _words(self) -> list[list[int]]:
        """Sheet by sheet, which of its cells are for people's own words."""
        return [[at for at, cell in enumerate(sheet.cells) if is_words(cell)] for sheet in self.workbook.sheets]

    @cached_property
    def _labels(self) -> Counter[str]:
        """How many cells show each label, in the order of the labels' numbers."""
        return Counter(filter(None, (_label(cell) for sheet in self.workbook.sheets for cell in sheet.cells)))

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {label: at for at, label in enumerate(self._labels)}

    @cached_property
    def _items(self) -> list[bytes]:
        """The labels as they stand in the package."""
        found = _ITEM.findall(self._parts.content(_STRINGS))
        cells = (
            sheet.cells[at] for sheet, places in zip(self.workbook.sheets, self._words, strict=True) for at in places
        )
        if len(found) != len(self._labels.keys() | set(filter(None, map(_text, cells)))):
            raise Unlike
        return found[: len(self._labels)]

    def _moved(self, words: Iterable[Cell], at: int) -> list[Cell]:
        """The cells of one sheet where words stand or stood: their numbers depend on all the other words."""
        before = (self.workbook.sheets[at].cells[place] for place in self._words[at])
        return [
            new
            for new, old in zip(words, before, strict=True)
            if (new.value or old.value) and (_text(new) or _text(old))
        ]

    def _strings(self, renamed: Mapping[tuple[str, str], int], words: Iterable[Cell]) -> Strings:
        """Raises Unlike unless every cell that showed a label shows the same other one, which no label was or becomes."""
        items, numbers = list(self._items), dict(self._numbers)
        for old, _ in renamed:
            numbers.pop(old, None)
        for (old, new), cells in renamed.items():
            if cells != self._labels[old] or new in numbers:
                raise Unlike
            numbers[new] = self._numbers[old]
            items[numbers[new]] = _item(new)
        spoken = [text for cell in words if cell.value and (text := _text(cell))]
        for text in spoken:
            if numbers.setdefault(text, len(items)) == len(items):
                items.append(_item(text))
        return Strings(numbers, tuple(items), sum(self._labels.values()) + len(spoken))

    def _string_table(self, strings: Strings) -> bytes:
        old = self._parts.content(_STRINGS)
        counts = f'count="{strings.count}" uniqueCount="{len(strings.items)}"'.encode()
        return _COUNTS.sub(counts, old[: old.index(b"<si>")], count=1) + b"".join(strings.items) + b"</sst>"

    def _papers(self, workbook: Workbook) -> dict[str, bytes]:
        """The parts that name whose workbook it is."""
        stamps, titles = (self.workbook.stamp, workbook.stamp), (self.workbook.title, workbook.title)
        return {
            "docProps/core.xml": self._renaming("docProps/core.xml", *titles),
            "docProps/custom.xml": self._renaming("docProps/custom.xml", *map(_short, stamps)),
            "xl/workbook.xml": self._renaming("xl/workbook.xml", *(f'"{stamp}"' for stamp in stamps)),
        }

    def _renaming(self, part: str, old: str, new: str) -> bytes:
        before, content = f">{_plain(old)}<".encode(), self._parts.content(part)
        if not old or not new or content.count(before) != 1:
            raise Unlike
        return content.replace(before, f">{_plain(new)}<".encode())

    def _page(self, at: int, cells: Iterable[Cell], strings: Strings) -> bytes:
        places = self._places(at)
        try:
            found = [(places[a1(cell.row, cell.column).encode()], cell) for cell in cells]
        except KeyError:
            raise Unlike from None
        return b"".join(_pieces(sorted(found, key=lambda pair: pair[0].start()), strings))

    def _places(self, at: int) -> dict[bytes, re.Match[bytes]]:
        """Where each cell stands in the XML of one sheet."""
        if at not in self._pages:
            cells = self.workbook.sheets[at].cells
            if len({(cell.row, cell.column) for cell in cells}) != len(cells):
                raise Unlike
            xml = self._parts.content(f"xl/worksheets/sheet{at + 1}.xml")
            self._pages[at] = {found[2]: found for found in _CELL.finditer(xml)}
        return self._pages[at]


def _figures(old: Sheet, new: Sheet, renamed: Counter[tuple[str, str]]) -> Iterator[Cell]:
    """The cells that hold another figure, all else being equal; labels that changed are counted in *renamed*."""
    if len(old.cells) != len(new.cells) or _of_sheet(old) != _of_sheet(new):
        raise Unlike
    for before, after in zip(old.cells, new.cells, strict=True):
        if before is after:
            continue
        if _of_cell(before) != _of_cell(after):
            raise Unlike
        if is_words(after) or _same(before.value, after.value):
            continue
        labels = _label(before), _label(after)
        if after.link or any(labels) != all(labels):
            raise Unlike
        if labels[0]:
            renamed[labels] += 1
        else:
            yield after


def _same(old: str | float | None, new: str | float | None) -> bool:
    return old == new and repr(old) == repr(new)  # 1 and 1.0, 0.0 and -0.0 are written apart


def _label(cell: Cell) -> str:
    return "" if is_words(cell) else _text(cell)


def _text(cell: Cell) -> str:
    return text_of(cell.value) if isinstance(cell.value, str) and not cell.formula else ""


def _plain(text: str) -> str:
    if len(text) > _LONG or _ODD.search(text):
        raise Unlike
    return escape(text, quote=False)


def _short(stamp: Stamp) -> str:
    if len(str(stamp)) > 200:  # a property takes 255
        raise Unlike
    return str(stamp)


def _item(text: str) -> bytes:
    return f"<si><t>{_plain(text)}</t></si>".encode()


def _pieces(found: list[tuple[re.Match[bytes], Cell]], strings: Strings) -> Iterator[bytes]:
    at = 0
    for place, cell in found:
        yield place.string[at : place.start()]
        yield place[1] + _rest(cell, place[3], strings)
        at = place.end()
    if found:
        yield found[-1][0].string[at:]


def _rest(cell: Cell, formula: bytes | None, strings: Strings) -> bytes:
    """What follows the place and the look of a cell."""
    if formula:
        return _result(cell.value, formula)
    if text := _text(cell):
        return b' t="s"><v>%d</v></c>' % strings.numbers[text]
    if isinstance(cell.value, int | float):
        return f"><v>{cell.value:.16G}</v></c>".encode()
    return b"/>"


def _result(value: str | float | None, formula: bytes) -> bytes:
    if value is None or isinstance(value, bool) or str(value).startswith("#"):
        raise Unlike
    if isinstance(value, str) and value:
        return b' t="str">%b<v>%b</v></c>' % (formula, _plain(value).encode())
    return b">%b<v>%b</v></c>" % (formula, str(value).encode())
