"""Which cell of which sheet holds which figure. The only module that knows."""

from __future__ import annotations

from functools import cache

from .model import Catalogue, Form, Level, Place
from .shape import visible

TITLE, UNIT, HEADING, KEYS, FIRST = 0, 1, 2, 3, 4  # rows
KEY, CODE, NAME, AMOUNTS = 0, 1, 2, 3  # columns
FORM_MARK, COLUMN_MARK = "form:", "#"
STAMP_SHEET, STAMP_NAME = "_budgetbook", "budgetbook_stamp"
GUIDE_SHEET = "填报说明"


class Layout:
    """The sheets of one level's workbook: a line is a row, a column is a column, keys stand hidden beside them."""

    def __init__(self, catalogue: Catalogue, level: Level) -> None:
        self.forms = catalogue.at(level)
        self._rows = {
            form.id: {line.code: FIRST + at for at, line in enumerate(visible(form, level))} for form in self.forms
        }
        self._columns = {
            form.id: {column.id: AMOUNTS + at for at, column in enumerate(form.columns)} for form in self.forms
        }
        self._sheets = {form.id: sheet_name(form) for form in self.forms}

    def rows(self, form: str) -> dict[str, int]:
        """Line code → row, in order. Raises KeyError."""
        return self._rows[form]

    def columns(self, form: str) -> dict[str, int]:
        """Column id → column, in order. Raises KeyError."""
        return self._columns[form]

    def cell(self, form: str, line: str, column: str) -> tuple[int, int]:
        """Row and column, from zero. Raises KeyError."""
        return self._rows[form][line], self._columns[form][column]

    def address(self, form: str, line: str, column: str, seen_from: str = "") -> str:
        """`D12`, with the sheet before it unless it is the sheet it is *seen_from*. Raises KeyError."""
        own = a1(*self.cell(form, line, column))
        return own if form == seen_from else f"'{self._sheets[form]}'!{own}"

    def place(self, form: str, line: str, column: str) -> Place:
        """Where the figure stands in a workbook as issued. Raises KeyError."""
        return Place(self._sheets[form], a1(*self.cell(form, line, column)))


def sheet_name(form: Form) -> str:
    """The tab a person reads: number and short title, within Excel's 31 characters."""
    if form.id == "cover":
        return form.sheet
    return f"{form.sheet} {form.title.partition('（')[0]}"[:31]


def a1(row: int, column: int) -> str:
    """Row and column from zero → `D12`."""
    return f"{letters(column)}{row + 1}"


@cache
def letters(column: int) -> str:
    """Column from zero → `D`."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def total_formula(layout: Layout, form: str, addends: list[tuple[str, str, str, int]]) -> str:
    """`=IF(COUNT(…)=0,"",ROUND(SUM(…)-SUM(…),6))` over (form, line, column, weight): blank if every addend is blank."""
    plus = _ranges(layout, form, [addend[:3] for addend in addends if addend[3] > 0])
    minus = _ranges(layout, form, [addend[:3] for addend in addends if addend[3] < 0])
    sums = "-".join(filter(None, (f"SUM({','.join(plus)})", f"SUM({','.join(minus)})" if minus else "")))
    return f'=IF(COUNT({",".join(plus + minus)})=0,"",ROUND({sums},6))'


def _ranges(layout: Layout, form: str, keys: list[tuple[str, str, str]]) -> list[str]:
    runs: list[tuple[str, int, int, int]] = []
    for id, line, column in keys:
        row, at = layout.cell(id, line, column)
        if runs and runs[-1][0] == id and runs[-1][3] == at and runs[-1][2] == row - 1:
            runs[-1] = (id, runs[-1][1], row, at)
        else:
            runs.append((id, row, row, at))
    return [_run(layout, form, *run) for run in runs]


def _run(layout: Layout, seen_from: str, id: str, first: int, last: int, column: int) -> str:
    area = a1(first, column) if first == last else f"{a1(first, column)}:{a1(last, column)}"
    return area if id == seen_from else f"'{layout._sheets[id]}'!{area}"


def derived_formula(kind: str, above: str, below: str) -> str:
    """difference, percent or growth of two cells; `—` where the base is zero (growth: or negative), blank where one is blank."""
    if kind == "difference":
        return f'=IF(COUNT({above},{below})<2,"",ROUND({above}-{below},6))'
    undefined = f"{below}<=0" if kind == "growth" else f"{below}=0"
    return f'=IF(COUNT({above},{below})<2,"",IF({undefined},"—",{above}/{below}{"-1" if kind == "growth" else ""}))'


def ratio_formula(above: list[str], below: list[str]) -> str:
    """A quotient of two sums of cells; `—` where the lower sum is zero, blank where any cell is blank."""
    cells = ",".join(above + below)
    lower = f"SUM({','.join(below)})"
    return f'=IF(COUNT({cells})<{len(above) + len(below)},"",IF({lower}=0,"—",SUM({",".join(above)})/{lower}))'
