"""Which cell of which sheet holds which figure. The only module that knows."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from .finding import Place
from .form import Form, Level, Line, visible

if TYPE_CHECKING:
    from .catalogue import Catalogue

TITLE, UNIT, HEADING, KEYS, FIRST = 0, 1, 2, 3, 4  # rows
KEY, CODE, NAME, AMOUNTS = 0, 1, 2, 3  # columns
FORM_MARK, COLUMN_MARK = "form:", "#"
ASIDE = "~"  # the key of a row that is no line: nothing in it is read
COVER_COUNTS = ("强制关系", "核实关系", "尚不能判断")  # rows of the cover that are no lines, by their words
COVER_LINK, COVER_SEAL = "逐项查看、填写情况说明：校验表", "单位（公章）"
STAMP_SHEET, STAMP_NAME = "_budgetbook", "budgetbook_stamp"
GUIDE_SHEET = "填报说明"
UNIT_LABEL = "填报单位"
HEADINGS = ("科目编码", "项目")  # of the labels of a line
PANEL_KEYS, PANEL_HEADING = 2, 3  # rows; the headings stand right above the relations, so that they can be filtered
FEEDBACK, RECEIPT = "feedback", "receipt"
PANEL, PANEL_SHEET, JUDGED, JUDGED_SHEET = "panel", "校验", "judged", "_校验"
PANEL_COLUMNS = (
    "rule",
    "level",
    "says",
    "where",
    "left",
    "right",
    "gap",
    "verdict",
    "count",
    "first",
    "explanation",
    "work",
)


Weighed = dict[float, str]  # weight → the cells that have it, as SUM and COUNT take them
_TIMES: dict[float, str] = {1: "+", -1: "-"}


class Layout:
    """The sheets of one level's workbook: a line is a row, a column is a column, keys stand hidden beside them."""

    def __init__(self, catalogue: Catalogue, level: Level) -> None:
        self.forms = catalogue.at(level)
        self._level: Level = level
        self._forms = {form.id: form for form in self.forms}
        self._rows: dict[str, dict[str, int]] = {}
        self._columns = {
            form.id: {column.id: AMOUNTS + at for at, column in enumerate(form.columns)} for form in self.forms
        }
        self._sheets = {form.id: sheet_name(form) for form in self.forms}

    def rows(self, form: str) -> dict[str, int]:
        """Line code → row, in order. Raises KeyError."""
        if form not in self._rows:
            lines = visible(self._forms[form], self._level)
            self._rows[form] = {line.code: FIRST + at for at, line in enumerate(lines)}
        return self._rows[form]

    def columns(self, form: str) -> dict[str, int]:
        """Column id → column, in order. Raises KeyError."""
        return self._columns[form]

    def cell(self, form: str, line: str, column: str) -> tuple[int, int]:
        """Row and column, from zero. Raises KeyError."""
        return self.rows(form)[line], self._columns[form][column]

    def address(self, form: str, line: str, column: str, seen_from: str = "") -> str:
        """`D12`, with the sheet before it unless it is the sheet it is *seen_from*. Raises KeyError."""
        own = a1(*self.cell(form, line, column))
        return own if form == seen_from else f"'{self._sheets[form]}'!{own}"

    def area(self, form: str, column: str) -> str:
        """A whole column of a form, sheet and all. Raises KeyError."""
        at = self._columns[form][column]
        return f"'{self._sheets[form]}'!{_absolute(FIRST, at, FIRST + len(self.rows(form)) - 1, at)}"

    def judged_area(self, form: str, number: int) -> str:
        """The hidden block in which relation *number* is judged line by line, on the rows that the lines of *form* have."""
        return f"'{JUDGED_SHEET}'!{_absolute(FIRST, number, FIRST + len(self.rows(form)) - 1, number)}"

    def sheet(self, form: str) -> str:
        """The tab of a form. Raises KeyError."""
        return self._sheets[form]

    def place(self, form: str, line: str, column: str) -> Place:
        """Where the figure stands in a workbook as issued. Raises KeyError."""
        return Place(self._sheets[form], a1(*self.cell(form, line, column)))


def labels(line: Line) -> tuple[str, str, str]:
    """What stands before the columns of a line: its key, its code if people know it, its name."""
    name = f"其中：{line.name}" if line.kind == "of_which" and "其中" not in line.name else line.name
    return line.code, line.printed_code, name


def sheet_name(form: Form) -> str:
    """The tab a person reads: number and short title, within Excel's 31 characters."""
    if form.id == "cover":
        return form.sheet
    return f"{form.sheet} {form.title.partition('（')[0]}"[:31]


def a1(row: int, column: int) -> str:
    """Row and column from zero → `D12`."""
    return f"{letters(column)}{row + 1}"


def _absolute(top: int, left: int, bottom: int, right: int) -> str:
    return f"${letters(left)}${top + 1}:${letters(right)}${bottom + 1}"


@cache
def letters(column: int) -> str:
    """Column from zero → `D`."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def panel_cell(number: int, column: str) -> tuple[int, int]:
    """Row and column, from zero, of relation *number* on the panel. Raises ValueError."""
    return FIRST + number, CODE + PANEL_COLUMNS.index(column)


def panel_area(count: int, column: str, seen_from: str = "") -> str:
    """One column of a panel of *count* relations, with the sheet before it unless it is *seen_from* the panel."""
    at = panel_cell(0, column)[1]
    own = _absolute(FIRST, at, FIRST + count - 1, at)
    return own if seen_from == PANEL else f"'{PANEL_SHEET}'!{own}"


def panel_address(number: int, column: str) -> str:
    """The cell of relation *number*, as seen from the panel."""
    return a1(*panel_cell(number, column))


def total_formula(layout: Layout, form: str, addends: Iterable[tuple[str, str, str, float]]) -> str:
    """`=IF(COUNT(…)=0,"",ROUND(SUM(…)-SUM(…),6))` over (form, line, column, weight): blank if every addend is blank."""
    return summed(
        weighed(layout, form, ((id, *layout.cell(id, line, column), weight) for id, line, column, weight in addends))
    )


def summed(found: Weighed) -> str:
    """The same over cells."""
    return f'=IF({counted(found)}=0,"",ROUND({signed_sum(found)},6))'


def weighed(layout: Layout, seen_from: str, spots: Iterable[tuple[str, int, int, float]]) -> Weighed:
    """(form, row, column, weight) as ranges by weight, with their sheet unless it is the one they are *seen_from*."""
    runs: dict[float, list[tuple[str, int, int, int]]] = {}
    for form, row, column, weight in spots:
        alike = runs.setdefault(weight, [])
        if alike and alike[-1][2] == row - 1 and alike[-1][0] == form and alike[-1][3] == column:
            alike[-1] = (form, alike[-1][1], row, column)
        else:
            alike.append((form, row, row, column))
    return {weight: ",".join([_run(layout, seen_from, *run) for run in alike]) for weight, alike in runs.items()}


def signed_sum(found: Weighed) -> str:
    """`SUM(…)-SUM(…)+100*SUM(…)`. Text counts as nothing."""
    words = [f"{_TIMES.get(weight) or f'{weight:+}*'}SUM({found[weight]})" for weight in sorted(found, reverse=True)]
    return "".join(words).removeprefix("+") or "0"


def counted(found: Weighed) -> str:
    """How many of the cells hold a number."""
    return f"COUNT({','.join(found.values())})"


def _run(layout: Layout, seen_from: str, form: str, first: int, last: int, column: int) -> str:
    area = a1(first, column) if first == last else f"{a1(first, column)}:{a1(last, column)}"
    return area if form == seen_from else f"'{layout.sheet(form)}'!{area}"


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
