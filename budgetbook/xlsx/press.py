"""Many workbooks alike: one is written in full, the others are its package with what differs put in, to the byte what the writer gives."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from functools import cached_property
from itertools import compress, count
from operator import attrgetter, is_not

from ..layout import a1
from ..sheet import Cell, Sheet, Stamp, Workbook
from .parts import Content, Parts
from .strings import Strings, StringTable, Unlike, plain, text
from .write import turn, write

MOULDS = 6  # kept at a time: the levels, and a few odd ones
_STRINGS = "xl/sharedStrings.xml"
_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"(?: s="[0-9]+")?((?: t="[a-z]+")?(?:/>|>(?:<f>[^<]*</f>)?<v>[^<]*</v></c>))')
_of_sheet = attrgetter(*(field.name for field in fields(Sheet) if field.name != "cells"))
Changed = tuple[int, Cell]  # a cell and its number on its sheet


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
        self._pages: dict[int, Page] = {}

    def copy(self, workbook: Workbook) -> bytes:
        """The package of another workbook. Raises Unlike."""
        if len(workbook.sheets) != len(self.workbook.sheets):
            raise Unlike
        renamed: Counter[tuple[str, str]] = Counter()
        figures = [
            list(_figures(old, new, renamed)) for old, new in zip(self.workbook.sheets, workbook.sheets, strict=True)
        ]
        own = [
            [(at, sheet.cells[at]) for at in places] for sheet, places in zip(workbook.sheets, self._own, strict=True)
        ]
        strings = self._strings.of(renamed, (cell for sheet in own for _, cell in sheet))
        replaced: dict[str, Content] = {**self._papers(workbook), _STRINGS: self._strings.content(strings)}
        for at, sheet in enumerate(figures):
            if cells := [*sheet, *self._moved(own[at], at, strings)]:
                replaced[f"xl/worksheets/sheet{at + 1}.xml"] = self._page(at).holding(cells, strings)
        return self._parts.with_replaced(replaced)

    @cached_property
    def _own(self) -> list[list[int]]:
        """Sheet by sheet, which of its cells are for what only this unit says."""
        return [[at for at, cell in enumerate(sheet.cells) if turn(cell)] for sheet in self.workbook.sheets]

    @cached_property
    def _strings(self) -> StringTable:
        return StringTable(self.workbook, self._parts.content(_STRINGS))

    def _moved(self, own: Iterable[Changed], at: int, strings: Strings) -> Iterator[Changed]:
        """The cells of one sheet where only this unit says something, if it is another string than before: a number depends on
        what is said before."""
        before = self.workbook.sheets[at].cells
        for place, new in own:
            old = before[place]
            if new.value or old.value:
                words = text(new), text(old)
                if any(words) and strings.numbers.get(words[0]) != self._strings.strings.numbers.get(words[1]):
                    yield place, new

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

    def _page(self, at: int) -> Page:
        if at not in self._pages:
            xml = self._parts.content(f"xl/worksheets/sheet{at + 1}.xml")
            self._pages[at] = Page(xml, self.workbook.sheets[at].cells)
        return self._pages[at]


class Page:
    """The XML of one sheet, cut where what a cell holds begins and ends."""

    def __init__(self, xml: bytes, cells: Sequence[Cell]) -> None:
        """Raises Unlike."""
        names = [a1(cell.row, cell.column).encode() for cell in cells]
        self._pieces: list[bytes] = []  # by turns what stands before and what a cell holds
        found: dict[bytes, int] = {}
        at = 0
        for cell in _CELL.finditer(xml):
            found[cell[1]] = len(self._pieces) + 1
            self._pieces += xml[at : cell.start(2)], cell[2]
            at = cell.end()
        self._pieces.append(xml[at:])
        self._places = [found.get(name, 0) for name in names]
        if len(set(names)) != len(names):
            raise Unlike

    def holding(self, changed: Iterable[Changed], strings: Strings) -> bytes:
        """The XML with other cells. Raises Unlike."""
        pieces = list(self._pieces)
        for number, cell in changed:
            place = self._places[number]
            if not place:
                raise Unlike
            pieces[place] = _held(cell, pieces[place], strings)
        return b"".join(pieces)


def _figures(old: Sheet, new: Sheet, renamed: Counter[tuple[str, str]]) -> Iterator[Changed]:
    """The cells that hold another figure, all else being equal; labels that changed are counted in *renamed*."""
    if len(old.cells) != len(new.cells) or _of_sheet(old) != _of_sheet(new):
        raise Unlike
    other = map(is_not, old.cells, new.cells)
    for at, before, after in compress(zip(count(), old.cells, new.cells, strict=False), other):
        if before[3:] != after[3:] or before[:2] != after[:2]:
            raise Unlike
        if after.value == before.value and repr(after.value) == repr(before.value):
            continue  # 1 and 1.0, 0.0 and -0.0 are written apart
        if after.link:
            raise Unlike
        if after.formula:
            yield at, after
        elif not turn(after):
            words = text(before), text(after)
            if any(words) != all(words):
                raise Unlike
            if words[0]:
                renamed[words] += 1
            else:
                yield at, after


def _short(stamp: Stamp) -> str:
    if len(str(stamp)) > 200:  # a property takes 255
        raise Unlike
    return str(stamp)


def _held(cell: Cell, before: bytes, strings: Strings) -> bytes:
    """What a cell holds, in place of what it held *before*."""
    if cell.formula:
        return _result(cell.value, before[before.index(b">") : before.index(b"<v>")])
    if words := text(cell):
        return b' t="s"><v>%d</v></c>' % strings.numbers[words]
    if isinstance(cell.value, int | float):
        return f"><v>{cell.value:.16G}</v></c>".encode()
    return b"/>"


def _result(value: str | float | None, formula: bytes) -> bytes:
    shown = str(value)
    if value is None or isinstance(value, bool) or shown.startswith("#"):
        raise Unlike
    if isinstance(value, str) and value:
        return b' t="str"%b<v>%b</v></c>' % (formula, plain(value).encode())
    return b"%b<v>%b</v></c>" % (formula, shown.encode())
