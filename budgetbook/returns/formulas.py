"""K-03: total formulas as they were issued against those that came back, wherever their lines have moved to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..door.remarks import shown
from ..finding import Finding
from ..form import Level
from ..keeping import by_places, by_shape
from ..layout import AMOUNTS, Layout, summed, total_formula, weighed
from ..shape import Shape
from .marks import Where
from .source import Spot

WIDTH = 100
_REFERENCE = re.compile(
    r"(?:(?P<sheet>'(?:[^']|'')+'|[^\s'!(),=+*/<>:;-]+)!)?(?P<first>[A-Z]{1,3}[0-9]+)(?::(?P<last>[A-Z]{1,3}[0-9]+))?"
)
_SPOT = re.compile(r"([A-Z]{1,3})([0-9]+)")
Key = tuple[str, str, str]


def changed_formulas(
    shape: Shape, level: Level, where: Mapping[str, Where], told: Mapping[str, Mapping[Spot, str]]
) -> Iterator[Finding]:
    """Totals whose formula, as *told* by form and cell, is another one than was issued; what it should be is said as of this file."""
    if not any(told.values()):
        return
    found = _Found(shape, level, where)
    for form, formulas in told.items():
        stood = where[form]
        for (_, line, column), issued in issued_formulas(shape, level, form).items() if formulas else ():
            if line in stood.rows and column in stood.columns:
                spot = stood.rows[line], stood.columns[column]
                yield from _changed(shape, (form, line, column), issued, formulas.get(spot, ""), found)


def _changed(shape: Shape, key: Key, issued: str, told: str, found: _Found) -> Iterator[Finding]:
    if not told or told == issued or _plain(told) == _plain(issued):
        return
    form, line, column = key
    addends = _addends(shape, found.level, key)
    ours = total_formula(found, form, addends).removeprefix("=") if found.has(addends) else issued
    at = found.place(*key)
    if not _same(told, ours, found, at.sheet):
        name = shape.catalogue.form(form).line(line).name
        says = f"{at}“{name}”的合计公式被改动：应为 {shown('=' + ours, WIDTH)}，现在是 {shown('=' + told, WIDTH)}；汇总时按明细重新计算。请恢复公式。"
        yield Finding("K-03", "note", says, form=form, line=line, column=column, sheet=at.sheet, cell=at.cell)


def _addends(shape: Shape, level: Level, key: Key) -> list[tuple[str, str, str, float]]:
    """What a total is made of."""
    addends = _totals(shape, level)[key[0]][shape.place(*key)]
    return [(*shape.keys[part], weight) for part, weight in addends]


@by_shape
def issued_formulas(shape: Shape, level: Level, form: str) -> dict[Key, str]:
    """The formulas of the totals of a form as they were issued."""
    layout, spots = _layout(shape, level), _spots(shape, level)
    found = {
        place: weighed(layout, form, [(*spots[part], weight) for part, weight in addends])
        for place, addends in _totals(shape, level)[form].items()
    }
    return {shape.keys[place]: summed(cells).removeprefix("=") for place, cells in found.items()}


@by_places
def _totals(shape: Shape, level: Level) -> dict[str, dict[int, list[tuple[int, int]]]]:
    """Form → its totals → what each is made of, by place."""
    book, spots = shape.level(level), _spots(shape, level)
    found: dict[str, dict[int, list[tuple[int, int]]]] = {form.id: {} for form in shape.catalogue.forms}
    for place, addends in zip(book.totals.tolist(), book.sums.all_addends(), strict=True):
        found[spots[place][0]][place] = addends
    return found


@by_shape
def _layout(shape: Shape, level: Level) -> Layout:
    return Layout(shape.catalogue, level)


@by_places
def _spots(shape: Shape, level: Level) -> list[tuple[str, int, int]]:
    """Form, row and column of every figure in a workbook as issued, by its place; of one that is not in it, no row."""
    layout = _layout(shape, level)
    found: list[tuple[str, int, int]] = []
    for form in shape.catalogue.forms:
        rows = layout.rows(form.id) if level in form.levels else {}
        columns = [AMOUNTS + at for at, column in enumerate(form.columns) if column.kind == "amount"]
        found += [(form.id, rows.get(line.code, -1), column) for line in form.lines for column in columns]
    return found


class _Found(Layout):
    """A layout as it came back."""

    def __init__(self, shape: Shape, level: Level, where: Mapping[str, Where]) -> None:
        super().__init__(shape.catalogue, level)
        self.level, self._where = level, where
        self._sheets = {form: where[form].sheet if form in where else name for form, name in self._sheets.items()}
        self._by_sheet = {folded(each.sheet): form for form, each in where.items()}
        self._lines = {form: {row: line for line, row in each.rows.items()} for form, each in where.items()}
        self._ids = {form: {at: id for id, at in each.columns.items()} for form, each in where.items()}

    def cell(self, form: str, line: str, column: str) -> tuple[int, int]:
        return self._where[form].rows[line], self._where[form].columns[column]

    def has(self, addends: list[tuple[str, str, str, float]]) -> bool:
        """Whether all of them were in the file."""
        return all(
            form in self._where and line in self._where[form].rows and column in self._where[form].columns
            for form, line, column, _ in addends
        )

    def keys(self, sheet: str, first: Spot, last: Spot) -> Iterator[Key]:
        """The figures in an area of a sheet."""
        form = self._by_sheet.get(folded(sheet))
        for row in range(first[0], last[0] + 1) if form else ():
            for column in range(first[1], last[1] + 1):
                if row in self._lines[form or ""] and column in self._ids[form or ""]:
                    yield form or "", self._lines[form or ""][row], self._ids[form or ""][column]


def folded(sheet: str) -> str:
    return re.sub(r"\s", "", sheet).upper()


def _plain(formula: str) -> str:
    return re.sub(r"[\s$]", "", formula).upper()


def _same(one: str, other: str, found: _Found, sheet: str) -> bool:
    """Whether two formulas say the same: the same words around references to the same figures."""
    one, other = _plain(one), _plain(other)
    return one == other or _said(one, found, sheet) == _said(other, found, sheet)


def _said(formula: str, found: _Found, sheet: str) -> tuple[str, frozenset[tuple[int, Key]]]:
    """The words of a formula without its references, and the figures that each argument list of it refers to."""
    words = re.sub(r"[,;]*·[,;·]*", "·", _REFERENCE.sub("·", formula))
    keys: set[tuple[int, Key]] = set()
    for place in _REFERENCE.finditer(formula):
        function = formula.count("(", 0, place.start())
        named = (place["sheet"] or sheet).strip("'").replace("''", "'")
        first = _spot(place["first"])
        last = _spot(place["last"]) if place["last"] else first
        keys |= {(function, key) for key in found.keys(named, first, last)}
    return words, frozenset(keys)


def _spot(reference: str) -> Spot:
    found = _SPOT.fullmatch(reference)
    column = 0
    for letter in found[1] if found else "":
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1 if found else 0, column - 1
