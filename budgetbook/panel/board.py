"""校验: the sheet on which a workbook judges itself by the same cases as the checks, and what it shows of a book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import ceil

from .. import layout as at
from ..book import Book
from ..finding import SEVERITIES
from ..form import Level
from ..keeping import by_places
from ..layout import panel_cell
from ..relation import Relation
from ..rulebook import BROKEN, VERDICTS, rulebook
from ..shape import Shape
from ..sheet import Cell, Look, Mark, Number, Role, Sheet, Style
from ..unit import Unit, applies
from .formulas import Formulas, of_one, over_lines, plain, side
from .judging import SHORT, UNIT, judge_of
from .values import Reading, Shown

HEADINGS = ("编号", "级别", "说明", "表、栏目", "左边", "右边", "差额", "状态", "不符处数", "位置", "情况说明", "")
WIDTHS = (12.0, 6.0, 44.0, 22.0, 14.0, 14.0, 12.0, 7.0, 7.0, 10.0, 28.0, 6.0)
LOOKS: tuple[tuple[str, Look], ...] = (("不符", "wrong"), ("尾差", "rounding"), ("通过", "right"), ("待填", "open"))
ROLES: dict[str, Role] = {
    "rule": "code",
    "level": "verdict",
    "says": "name",
    "where": "name",
    "verdict": "verdict",
    "count": "verdict",
    "first": "pointer",
    "explanation": "text",
    "work": "key",
}
NUMBERS: dict[str, Number] = {"count": "count", "explanation": "text"}
_KEY = Style("key")


@dataclass(frozen=True, slots=True)
class Row:
    """One relation in one column of one form. Its cases, by number in the rule book, stand one below the other on the form."""

    key: str
    relation: Relation
    form: str
    column: str
    cases: tuple[int, ...]


@by_places
def panel_of(shape: Shape, level: Level, kinds: frozenset[str]) -> Panel:
    """The panel of one kind of unit, compiled once."""
    return Panel(shape, level, kinds)


class Panel:
    """The relations that apply to one kind of unit, laid out blank, then filled in for one book after another."""

    def __init__(self, shape: Shape, level: Level, kinds: frozenset[str]) -> None:
        self.shape, self.level = shape, level
        self._judge = judge_of(shape, level)
        self.layout = self._judge.layout
        self.rules = rulebook(shape, level, totals=True)
        ranks = list(SEVERITIES)
        self.rows = sorted(self._rows(kinds), key=lambda row: ranks.index(row.relation.severity))
        self._many = [row for row in self.rows if len(row.cases) > 1]
        self._block = {row.key: 1 + 2 * number for number, row in enumerate(self._many)}
        shown = [self.rules.cases[number] for row in self.rows for number in row.cases]
        self.marks: dict[str, tuple[Mark, ...]] = self._judge.marks(shown)
        self._lines = [list(self._line(number, row)) for number, row in enumerate(self.rows)]
        self._judgements = [each for row in self._many for each in self._judged(row)]
        self._lefts = [each for row in self._many if not self._plain(row) for each in self._left_sides(row)]
        self._fill(Book.empty(Unit("", "", level), shape))

    def _rows(self, kinds: frozenset[str]) -> Iterator[Row]:
        found: dict[tuple[str, str, str, int], list[int]] = {}
        times: Counter[tuple[str, int]] = Counter()
        for number, case in enumerate(self.rules.cases):
            relation, place = case.relation, case.left[0][0]
            if relation.shadow or not applies(relation.levels, kinds, relation.sign):
                continue
            times[relation.id, place] += 1
            form, _, column = self.shape.keys[place]
            found.setdefault((relation.id, form, column, times[relation.id, place]), []).append(number)
        for (id, form, column, time), numbers in found.items():
            key = f"{id}:{form}@{column}" + f"#{time}" * (time > 1)
            yield Row(key, self.rules.cases[numbers[0]].relation, form, column, tuple(sorted(numbers, key=self._at)))

    def _at(self, number: int) -> int:
        """The row of its form on which a case is judged."""
        return self._judge.cell(self.rules.cases[number].left[0][0])[1]

    def _plain(self, row: Row) -> bool:
        return all(plain(self.rules.cases[number]) for number in row.cases)

    def _line(self, number: int, row: Row) -> Iterator[Cell]:
        form = self.shape.catalogue.form(row.form)
        words = {
            "rule": row.relation.id,
            "level": SEVERITIES[row.relation.severity],
            "says": row.relation.says,
            "where": f"{form.sheet} {form.column(row.column).heading}",
        }
        formulas = self._formulas(number, row)
        yield Cell(at.FIRST + number, at.KEY, row.key, _KEY)
        for column in at.PANEL_COLUMNS:
            formula = f"={formulas[column]}" if column in formulas else ""
            yield Cell(*panel_cell(number, column), words.get(column), _style(column), formula)

    def _formulas(self, number: int, row: Row) -> Formulas:
        case = self.rules.cases[row.cases[0]]
        if row.key not in self._block:
            return of_one(self._judge, number, case)
        judged, lefts = (self.layout.judged_area(row.form, self._block[row.key] + beside) for beside in (0, 1))
        if self._plain(row):
            lefts = self.layout.area(row.form, row.column)
        rounded = any(self._judge.room(self.rules.cases[each]) for each in row.cases)
        return over_lines(self._judge, number, case, judged, lefts, rounded=rounded)

    def _judged(self, row: Row) -> Iterator[tuple[int, Cell]]:
        for number in row.cases:
            formula = "=" + self._judge.judgement(self.rules.cases[number])
            yield number, Cell(self._at(number), self._block[row.key], "", _KEY, formula)

    def _left_sides(self, row: Row) -> Iterator[tuple[int, Cell]]:
        for number in row.cases:
            case = self.rules.cases[number]
            formula = "=" + side(self._judge, case, case.left)
            yield number, Cell(self._at(number), self._block[row.key] + 1, 0.0, _KEY, formula)

    @cached_property
    def _of_nothing(self) -> list[dict[str, Shown]]:
        return self._outcomes(Book.empty(Unit("", "", self.level), self.shape))

    def outcomes(self, book: Book) -> Sequence[Mapping[str, Shown]]:
        """What every row shows of a book, in order: column → value. Over many lines, the first that does not hold."""
        return self._outcomes(book) if book.given.any() else self._of_nothing

    def _outcomes(self, book: Book) -> list[dict[str, Shown]]:
        reading = Reading(self.rules, book)
        return [self._outcome(row, reading) for row in self.rows]

    def _outcome(self, row: Row, reading: Reading) -> dict[str, Shown]:
        verdicts = [reading.verdicts[number] for number in row.cases]
        broken = [number for number in row.cases if reading.verdicts[number] == BROKEN]
        found: dict[str, Shown] = dict.fromkeys(("left", "right", "gap", "first", "work"), "")
        found |= {"verdict": VERDICTS[max(verdicts)], "count": len(broken)}
        if row.key not in self._block:
            return found | reading.sides(row.cases[0]) | {"first": self._first(row.cases[0])}
        if broken:
            found |= reading.sides(broken[0]) | {"first": self._first(broken[0])}
            if found["work"] == SHORT:
                found |= {"right": "", "gap": ""}
            found["work"] = self._at(broken[0]) - at.FIRST + 1
        return found

    def _first(self, number: int) -> str:
        key = self.shape.keys[self.rules.cases[number].left[0][0]]
        return f"{self.shape.catalogue.form(key[0]).sheet} {self.layout.place(*key).cell}"

    def tallies(self, book: Book) -> dict[str, int]:
        """How many 强制 relations are broken, how many 核实 ones wait for an explanation, how many cannot be judged."""
        told = [
            (row.relation.severity, outcome["verdict"], bool(book.texts.get((at.PANEL, row.key, "explanation"))))
            for row, outcome in zip(self.rows, self.outcomes(book), strict=True)
        ]
        return {
            "broken": sum(each[:2] == ("error", "不符") for each in told),
            "unexplained": sum(each == ("warning", "不符", False) for each in told),
            "open": sum(verdict == "待填" for _, verdict, _ in told),
        }

    def _fill(self, blank: Book) -> None:
        """What a blank book shows stands in the cells from the start, so that a blank copy need not make them anew."""
        reading = Reading(self.rules, blank)
        self._lines = [list(self._filled(number, row, reading, blank)) for number, row in enumerate(self.rows)]
        self._judgements = [(number, _with(cell, reading.judgement(number))) for number, cell in self._judgements]
        self._lefts = [(number, _with(cell, reading.left(number))) for number, cell in self._lefts]

    def sheets(self, book: Book) -> tuple[Sheet, Sheet]:
        """校验, and the hidden sheet on which its relations over many lines are judged."""
        if not book.given.any() and not any(form == at.PANEL for form, _, _ in book.texts):  # as `_fill` left it
            blank = [cell for _, cell in (*self._judgements, *self._lefts)]
            return self._sheet([*self._head(book), *chain.from_iterable(self._lines)]), self._hidden(blank)
        reading = Reading(self.rules, book)
        lines = [cell for number, row in enumerate(self.rows) for cell in self._filled(number, row, reading, book)]
        judged = [_with(cell, reading.judgement(number)) for number, cell in self._judgements]
        judged += [_with(cell, reading.left(number)) for number, cell in self._lefts]
        return self._sheet([*self._head(book), *lines]), self._hidden(judged)

    def _filled(self, number: int, row: Row, reading: Reading, book: Book) -> Iterator[Cell]:
        key, *cells = self._lines[number]
        yield key
        told = self._outcome(row, reading) | {"explanation": book.texts.get((at.PANEL, row.key, "explanation"))}
        for column, cell in zip(at.PANEL_COLUMNS, cells, strict=True):
            yield _with(cell, told[column]) if column in told else cell

    def _head(self, book: Book) -> Iterator[Cell]:
        yield Cell(at.TITLE, at.KEY, at.FORM_MARK + at.PANEL, _KEY)
        yield Cell(at.TITLE, at.CODE, "勾稽关系校验表", Style("title"))
        yield Cell(at.UNIT, at.CODE, f"填报单位：{book.unit.name}", Style("plain", own=True))
        yield Cell(at.UNIT, panel_cell(0, "explanation")[1], f"单位：{UNIT}", Style("unit"))
        yield Cell(at.PANEL_KEYS, at.KEY, at.COLUMN_MARK, _KEY)
        for column, heading in zip(at.PANEL_COLUMNS, HEADINGS, strict=True):
            yield Cell(at.PANEL_KEYS, panel_cell(0, column)[1], column, _KEY)
            yield Cell(at.PANEL_HEADING, panel_cell(0, column)[1], heading, Style("heading"))

    def _sheet(self, cells: list[Cell]) -> Sheet:
        verdict, last = panel_cell(0, "verdict"), panel_cell(len(self.rows) - 1, "explanation")
        area = (*verdict, last[0], verdict[1])
        return Sheet(
            at.PANEL_SHEET,
            cells,
            [2.0, *WIDTHS],
            heads=at.FIRST,
            frozen=panel_cell(0, "says")[1],
            heights=self._heights,
            merged=((at.TITLE, at.CODE, at.TITLE, last[1]),),
            hidden_rows=(at.PANEL_KEYS,),
            hidden_columns=(at.KEY, panel_cell(0, "work")[1]),
            marks=[Mark((area,), f'={at.a1(*verdict)}="{word}"', look) for word, look in LOOKS],
            filtered=(at.PANEL_HEADING, at.CODE, *last),
        )

    @cached_property
    def _heights(self) -> dict[int, float]:
        heights = {at.TITLE: 30.0, at.UNIT: 18.0, at.PANEL_HEADING: 30.0}
        for number, cells in enumerate(self._lines):
            texts = [(str(cells[1 + at.PANEL_COLUMNS.index(each)].value), each) for each in ("says", "where")]
            lines = max(ceil(2 * len(text) / (WIDTHS[at.PANEL_COLUMNS.index(each)] - 2)) for text, each in texts)
            heights[at.FIRST + number] = 4.0 + 14.0 * lines
        return heights

    def _hidden(self, judged: list[Cell]) -> Sheet:
        mark = Cell(at.TITLE, at.KEY, at.FORM_MARK + at.JUDGED, _KEY)
        names = [Cell(at.KEYS, column, key, _KEY) for key, column in self._block.items()]
        return Sheet(at.JUDGED_SHEET, [mark, *names, *judged], [10.0], hidden=True)


def _style(column: str) -> Style:
    if column in ROLES:
        return Style(ROLES[column], NUMBERS.get(column, ""))
    return Style("derived", "amount")


def _with(cell: Cell, value: Shown) -> Cell:
    if value == cell.value:
        return cell
    return Cell(cell.row, cell.column, value, cell.style, cell.formula, cell.link, cell.note)
