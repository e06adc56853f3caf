"""From the cells of a returned workbook to a return: read by key, never by position; what cannot be placed is reported."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from .amount import FEN, LARGEST, to_fen
from .book import Book
from .layout import COLUMN_MARK, FORM_MARK, a1
from .model import Catalogue, Column, Finding, Form, Line, Place, Unit
from .shape import Shape, open_columns, visible
from .sheet import Stamp

BLANKS = {"", "-", "—", "——", "–", "/", "无", "×", "…"}
SEARCHED = 15  # rows and columns in which the marks are looked for, should a title row have been put on top
_NUMBER = re.compile(r"(?P<open>\()?(?P<sign>[+-]?)(?P<digits>\d+(\.\d*)?|\.\d+)(?P<close>\))?(?P<unit>元|万元|亿元)?")


@dataclass(frozen=True, slots=True)
class Grid:
    """The values of one sheet from A1 on, as rows."""

    rows: Sequence[Sequence[Any]]
    visible: bool = True

    def at(self, row: int, column: int) -> Any:
        """The value of a cell; blank beyond the edge."""
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return ""
        return self.rows[row][column]


@dataclass(frozen=True, slots=True)
class Source:
    """A workbook as read: its sheets and the stamps found in it."""

    grids: Mapping[str, Grid]
    stamps: tuple[Stamp, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """Where one form stood: its sheet, the row of each line, the column of each column."""

    sheet: str
    rows: Mapping[str, int]
    columns: Mapping[str, int]


@dataclass(slots=True)
class Return:
    """返回表: what a unit sent. `book` holds the figures as stated, totals included; `shown` the ratios as stated."""

    file: str
    sha256: str
    stamp: Stamp
    book: Book
    where: dict[str, Where]
    shown: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def unit(self) -> Unit:
        """Who sent it."""
        return self.book.unit

    def place(self, form: str, line: str, column: str) -> Place | None:
        """Where a figure stood, None if its form, line or column was not in the file."""
        where = self.where.get(form)
        if where is None or line not in where.rows or column not in where.columns:
            return None
        return Place(where.sheet, a1(where.rows[line], where.columns[column]))


@dataclass(frozen=True, slots=True)
class Reading:
    """One cell's value understood: an amount in fen, or the rule that objects and what it says."""

    fen: int | None = None
    rule: str = ""
    severity: Any = "error"
    says: str = ""


def understood(value: Any, unit: str) -> Reading:
    """A cell of *unit* as an amount. Text that is plainly a number is taken and reported; nothing else is guessed."""
    if isinstance(value, bool):
        return Reading(rule="U-05", says="是逻辑值（TRUE/FALSE），不是数字，请改填数字或留空")
    if isinstance(value, int | float):
        return _number(Decimal(repr(value)), unit)
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return Reading(rule="U-05", says=f"是日期或时间（{value}），不是数字，请把单元格格式改为数值后重填")
    return _text(str(value), unit)


def _number(amount: Decimal, unit: str) -> Reading:
    if not amount.is_finite() or abs(amount) > LARGEST:
        return Reading(rule="U-05", says=f"的数 {amount} 过大，不可能是以{unit}为单位的金额，请核对单位和小数点")
    fen = to_fen(amount, unit)
    if -amount.normalize().as_tuple().exponent > 2:  # type: ignore[operator]  # finite by now
        return Reading(
            fen, "R-INT-01", "warning", f"的数 {amount.normalize():f} 超过两位小数，请核对是否从别处粘贴、单位是否一致"
        )
    return Reading(fen)


def _text(text: str, unit: str) -> Reading:
    plain = re.sub(
        r"[\s,，]",
        "",
        unicodedata.normalize("NFKC", text).translate({0x2212: "-", 0x2013: "-", 0x2014: "-", 0x2015: "-"}),
    )
    if plain in BLANKS or set(plain) == {"-"}:
        return (
            Reading(rule="U-02", severity="note", says=f"填的是“{text}”，已按空白处理；没有数请留空，确实为零请填 0")
            if plain
            else Reading()
        )
    found = _NUMBER.fullmatch(plain)
    if not found or bool(found["open"]) != bool(found["close"]):
        return Reading(rule="U-02", says=f"填的是文字“{text[:40]}”，不是数字，请改填数字或留空")
    try:
        amount = Decimal(found["sign"] + found["digits"])
    except InvalidOperation:
        return Reading(rule="U-02", says=f"填的是文字“{text[:40]}”，不是数字，请改填数字或留空")
    reading = _number(-amount if found["open"] else amount, found["unit"] or unit)
    if reading.fen is None or reading.rule:
        return reading
    return Reading(
        reading.fen,
        "U-02",
        "warning",
        f"是文本格式的数字“{text[:40]}”，已按 {Decimal(reading.fen) / FEN[unit]} {unit}读取，请改为数值格式",
    )


class Placing:
    """One pass over a workbook's sheets, filling a return."""

    def __init__(self, shape: Shape, unit: Unit, source: Source, file: str, sha256: str, stamp: Stamp) -> None:
        self.shape, self.source = shape, source
        self.ret = Return(file, sha256, stamp, Book.empty(unit, shape), {})

    def place(self) -> Return:
        """Every form found by its mark; a form that is missing is a finding."""
        found = {
            grid_form(grid): (name, grid) for name, grid in reversed(list(self.source.grids.items())) if grid_form(grid)
        }
        for form in self.shape.catalogue.at(self.ret.unit.level):
            if form.id in found:
                self._form(form, *found[form.id])
            else:
                self._find(
                    "K-08", "error", f"没有找到“{form.title}”（{form.sheet}），请从下发的文件中把这张表补上", form
                )
        self._strays(found.keys())
        return self.ret

    def _find(
        self,
        rule: str,
        severity: Any,
        says: str,
        form: Form | None = None,
        line: str = "",
        column: str = "",
        place: Place | None = None,
    ) -> None:
        self.ret.findings.append(
            Finding(
                rule,
                severity,
                says,
                self.ret.unit.code,
                self.ret.file,
                form.id if form else "",
                line,
                column,
                place.sheet if place else "",
                place.cell if place else "",
            )
        )

    def _strays(self, known: Any) -> None:
        for name, grid in self.source.grids.items():
            mark = grid_form(grid)
            if mark and mark not in {form.id for form in self.shape.catalogue.forms}:
                self._find(
                    "K-08", "error", f"工作表“{name}”的表“{mark}”不在本年目录中，没有读取，请删去或改用本年下发的表"
                )
            copies = [other for other, each in self.source.grids.items() if mark and grid_form(each) == mark]
            if mark and len(copies) > 1 and copies[0] == name:
                self._find(
                    "K-08",
                    "error",
                    f"工作表{'、'.join(f'“{copy}”' for copy in copies)}是同一张表的几份，已读第一份，请只保留一份",
                )

    def _form(self, form: Form, name: str, grid: Grid) -> None:
        row, key = _mark(grid)
        heads = next(
            (at for at in range(row, min(row + SEARCHED, len(grid.rows))) if grid.at(at, key) == COLUMN_MARK), None
        )
        if heads is None:
            self._find(
                "K-02",
                "error",
                f"工作表“{name}”的栏目标识行被删除，这张表没有读取，请从下发的文件中重新填报这张表",
                form,
            )
            return
        columns = _keys(
            ((at, grid.at(heads, at)) for at in range(key + 1, len(grid.rows[heads]))),
            {column.id for column in form.columns},
        )
        rows = _keys(
            ((at, grid.at(at, key)) for at in range(heads + 1, len(grid.rows))), {line.code for line in form.lines}
        )
        where = Where(name, rows, columns)
        self.ret.where[form.id] = where
        for line in visible(form, self.ret.unit.level):
            if line.code in rows:
                self._line(form, line, where, grid)
            else:
                self._find(
                    "K-01", "error", f"{name} 缺少“{line.code} {line.name}”一行，请从下发的文件中恢复", form, line.code
                )
        for column in form.columns:
            if column.id not in columns:
                self._find(
                    "K-02", "error", f"{name} 缺少“{column.heading}”一栏，请从下发的文件中恢复", form, column=column.id
                )

    def _line(self, form: Form, line: Line, where: Where, grid: Grid) -> None:
        opened = open_columns(form, line)
        for column in form.columns:
            if column.id not in where.columns:
                continue
            row, at = where.rows[line.code], where.columns[column.id]
            value = grid.at(row, at)
            if value == "" or value is None:
                continue
            if column in opened:
                self._amount(form, line, column, value, Place(where.sheet, a1(row, at)))
            elif column.kind == "text":
                self.ret.book.texts[form.id, line.code, column.id] = str(value).strip()
            elif column.kind != "amount" or line.kind == "ratio":
                self.ret.shown[form.id, line.code, column.id] = value
            else:
                self._find(
                    "K-03",
                    "error",
                    f"{where.sheet}!{a1(row, at)} 是不填的单元格，却有内容“{str(value)[:40]}”，没有读取，请删去或移到正确的位置",
                    form,
                    line.code,
                    column.id,
                    Place(where.sheet, a1(row, at)),
                )

    def _amount(self, form: Form, line: Line, column: Column, value: Any, place: Place) -> None:
        reading = understood(value, form.unit)
        if reading.rule:
            self._find(
                reading.rule,
                reading.severity,
                f"{place}“{line.name}”{column.heading}{reading.says}。",
                form,
                line.code,
                column.id,
                place,
            )
        if reading.fen is None:
            return
        if reading.fen < 0 and not line.signed and line.kind == "entry":
            self._find(
                "R-SIGN-01",
                "warning",
                f"{place}“{line.name}”{column.heading}是负数 {value}，这一行一般不应为负，请核对或在情况说明中解释。",
                form,
                line.code,
                column.id,
                place,
            )
        self.ret.book.put(form.id, line.code, column.id, reading.fen)


def grid_form(grid: Grid) -> str:
    """The form a sheet carries, by its mark; empty if it carries none."""
    row, column = _mark(grid)
    return str(grid.at(row, column)).removeprefix(FORM_MARK) if row >= 0 else ""


def _mark(grid: Grid) -> tuple[int, int]:
    for row in range(min(SEARCHED, len(grid.rows))):
        for column, value in enumerate(grid.rows[row][:SEARCHED]):
            if isinstance(value, str) and value.startswith(FORM_MARK):
                return row, column
    return -1, -1


def _keys(cells: Iterator[tuple[int, Any]], known: set[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, value in cells:
        key = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
        if key in known:
            found.setdefault(key, at)
    return found


def identified(source: Source, catalogue: Catalogue) -> Stamp | str:
    """The stamp of a workbook that belongs to this year and tree, or the sentence that says why it does not."""
    if not source.stamps:
        return "不是本系统下发的报表（没有找到标识），没有读取。请在下发的文件中填报后返回"
    stamp = source.stamps[0]
    if any((each.unit, each.year) != (stamp.unit, stamp.year) for each in source.stamps):
        return f"里面有几个互相矛盾的单位标识（{'、'.join(sorted({f'{each.unit}/{each.year}' for each in source.stamps}))}），没有读取。请用下发的原文件重新填报"
    if stamp.year != catalogue.year:
        return f"是 {stamp.year} 年的报表，现在收的是 {catalogue.year} 年，没有读取。请用 {catalogue.year} 年下发的文件填报"
    if stamp.unit not in catalogue.tree:
        return f"的单位代码 {stamp.unit} 不在本市单位名单中，没有读取。请核对是否发错了文件，或在 budgetbook.toml 中补上这个单位"
    return stamp


def read_return(shape: Shape, source: Source, file: str, sha256: str) -> Return | str:
    """A return, or the sentence that says why the file is not one."""
    stamp = identified(source, shape.catalogue)
    if isinstance(stamp, str):
        return stamp
    return Placing(shape, shape.catalogue.tree[stamp.unit], source, file, sha256, stamp).place()
