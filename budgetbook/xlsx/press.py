"""Many workbooks alike: one is written in full, the others are its package with what differs put in, to the byte what the writer gives."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields
from functools import cached_property
from itertools import chain, compress, count
from operator import attrgetter, is_not

from ..layout import a1
from ..sheet import Cell, Sheet, Stamp, Workbook
from .parts import Content, Parts
from .strings import Strings, StringTable, Unlike, label, plain, text
from .write import turn, write

MOULDS = 6  # kept at a time: the levels, and a few odd ones
_STRINGS = "xl/sharedStrings.xml"
_CELL = re.compile(rb'(<c r="([A-Z]+[0-9]+)"(?: s="[0-9]+")?)(?: t="[a-z]+")?(?:/>|>(<f>[^<]*</f>)?<v>[^<]*</v></c>)')
_of_sheet = attrgetter(*(field.name for field in fields(Sheet) if field.name != "cells"))
_of_cell = attrgetter(*(name for name in Cell._fields if name != "value"))


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
        own = [[sheet.cells[at] for at in places] for sheet, places in zip(workbook.sheets, self._own, strict=True)]
        strings = self._strings.of(renamed, chain.from_iterable(own))
        replaced: dict[str, Content] = {**self._papers(workbook), _STRINGS: self._strings.content(strings)}
        for at, sheet in enumerate(figures):
            if cells := [*sheet, *self._moved(own[at], at, strings)]:
                replaced[f"xl/worksheets/sheet{at + 1}.xml"] = self._page(at, cells, strings)
        return self._parts.with_replaced(replaced)

    @cached_property
    def _own(self) -> list[list[int]]:
        """Sheet by sheet, which of its cells are for what only this unit says."""
        return [[at for at, cell in enumerate(sheet.cells) if turn(cell)] for sheet in self.workbook.sheets]

    @cached_property
    def _strings(self) -> StringTable:
        return StringTable(self.workbook, self._parts.content(_STRINGS))

    def _moved(self, own: Iterable[Cell], at: int, strings: Strings) -> Iterator[Cell]:
        """The cells of one sheet where only this unit says something, if it is another string than before: a number depends on
        what is said before."""
        before = (self.workbook.sheets[at].cells[place] for place in self._own[at])
        for new, old in zip(own, before, strict=True):
            if new.value or old.value:
                words = text(new), text(old)
                if any(words) and strings.numbers.get(words[0]) != self._strings.strings.numbers.get(words[1]):
                    yield new

    def _papers(self, workbook: Workbook) -> dict[str, bytes]:
        """The parts that name whose workbook it is."""
        stamps, titles = (self.workbook.stamp, workbook.stamp), (self.workbook.title, workbook.title)
        return {
            "docProps/core.xml": self._renaming("docProps/core.xml", *titles),
            "docProps/custom.xml": self._renaming("docProps/custom.xml", *map(_short, stamps)),
            "xl/workbook.xml": self._renaming("xl/workbook.xml", *(f'"{stamp}"' for stamp in stamps)),
        }

    def _renaming(self, part: str, old: str, new: str) -> bytes:
        before, content = f">{plain(old)}<".encode(), self._parts.content(part)
        if not old or not new or content.count(before) != 1:
            raise Unlike
        return content.replace(before, f">{plain(new)}<".encode())

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
    for at in compress(count(), map(is_not, old.cells, new.cells)):
        before, after = old.cells[at], new.cells[at]
        if _of_cell(before) != _of_cell(after):
            raise Unlike
        if turn(after) or _same(before.value, after.value):
            continue
        labels = label(before), label(after)
        if after.link or any(labels) != all(labels):
            raise Unlike
        if labels[0]:
            renamed[labels] += 1
        else:
            yield after


def _same(old: str | float | None, new: str | float | None) -> bool:
    return old == new and repr(old) == repr(new)  # 1 and 1.0, 0.0 and -0.0 are written apart


def _short(stamp: Stamp) -> str:
    if len(str(stamp)) > 200:  # a property takes 255
        raise Unlike
    return str(stamp)


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
    if words := text(cell):
        return b' t="s"><v>%d</v></c>' % strings.numbers[words]
    if isinstance(cell.value, int | float):
        return f"><v>{cell.value:.16G}</v></c>".encode()
    return b"/>"


def _result(value: str | float | None, formula: bytes) -> bytes:
    if value is None or isinstance(value, bool) or str(value).startswith("#"):
        raise Unlike
    if isinstance(value, str) and value:
        return b' t="str">%b<v>%b</v></c>' % (formula, plain(value).encode())
    return b">%b<v>%b</v></c>" % (formula, str(value).encode())
