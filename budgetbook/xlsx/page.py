"""A worksheet for tens of thousands of cells: each is put into words when it comes, and what is written is what xlsxwriter writes."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ..layout import letters

_LONG = 16_000  # letters that xlsxwriter need not count anew
_ROWS = 16  # that share one `spans`


class Page(Worksheet):  # type: ignore[misc]  # xlsxwriter says nothing of its types
    """What is known of our cells is not asked: every one has a look, and no formula a function younger than Excel 2010.

    An ordinary cell stands in the table as its look and what follows its place; all others as xlsxwriter keeps them.
    """

    def write_blank(self, row: int, col: int, blank: None, cell_format: Format) -> None:
        self.table[row][col] = (cell_format, "/>")

    def write_number(self, row: int, col: int, number: float, cell_format: Format) -> None:
        if isfinite(number):
            self.table[row][col] = (cell_format, f"><v>{number:.16G}</v></c>")
        else:
            super().write_number(row, col, number, cell_format)

    def write_string(self, row: int, col: int, string: str, cell_format: Format) -> None:
        if len(string) > _LONG:
            super().write_string(row, col, string, cell_format)
        else:
            index = self.str_table._get_shared_string_index(string)
            self.table[row][col] = (cell_format, f' t="s"><v>{index}</v></c>')

    def write_formula(self, row: int, col: int, formula: str, cell_format: Format, value: str | float | None) -> None:
        if isinstance(value, bool) or str(value).startswith("#"):
            super().write_formula(row, col, formula, cell_format, value)
        elif isinstance(value, str) and value:
            rest = f' t="str"><f>{_escaped(formula[1:])}</f><v>{_escaped(value)}</v></c>'
            self.table[row][col] = (cell_format, rest)
        else:
            self.table[row][col] = (cell_format, f"><f>{_escaped(formula[1:])}</f><v>{value}</v></c>")

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")

    def _assemble_xml_file(self) -> None:
        for row, first, last in _ends(self.table.items()):
            self._check_dimensions(row, first)
            self._check_dimensions(row, last)
        super()._assemble_xml_file()

    def _calculate_spans(self) -> None:
        spans: dict[int, tuple[int, int]] = {}
        for row, first, last in _ends([*self.table.items(), *self.comments.items()]):
            known = spans.get(row // _ROWS, (first, last))
            spans[row // _ROWS] = min(first, known[0]), max(last, known[1])
        self.row_spans = {at: f"{first + 1}:{last + 1}" for at, (first, last) in spans.items()}

    def _write_rows(self) -> None:
        self._calculate_spans()
        for row in sorted(self.table.keys() | self.row_info.keys() | self.comments.keys()):
            cells = self.table.get(row)
            self._write_row(row, self.row_spans.get(row // _ROWS), self.row_info.get(row), empty_row=not cells)
            if cells:
                self._write_cells(row, sorted(cells.items()))
                self.fh.write("</row>")

    def _write_cells(self, row: int, cells: Iterable[tuple[int, Any]]) -> None:
        for column, cell in cells:
            if type(cell) is tuple:
                look, rest = cell
                self.fh.write(f'<c r="{letters(column)}{row + 1}" s="{look._get_xf_index()}"{rest}')
            else:
                self._write_cell(row, column, cell)


def _ends(rows: Iterable[tuple[int, dict[int, Any]]]) -> Iterable[tuple[int, int, int]]:
    """The first and the last column of every row that has any."""
    return ((row, min(cells), max(cells)) for row, cells in rows if cells)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
