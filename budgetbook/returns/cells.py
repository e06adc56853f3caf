"""The cells of a form that has to be read line by line: each amount, text and ratio with what is to be said of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..amount import shown
from ..finding import Place
from ..form import Column, Form, Line
from ..layout import a1
from ..shape import Key, Shape, open_columns
from .alike import SAYS, Alike, Remark
from .beside import stale
from .marks import Where
from .pasted import Pasted, Total
from .record import Record
from .source import Grid, Source, Spot
from .values import understood


class Cells:
    """Reads cells of one workbook into a return."""

    def __init__(self, shape: Shape, source: Source, record: Record) -> None:
        self.shape, self.source, self.record = shape, source, record
        self.level = shape.level(record.ret.unit.level)
        self.alike = Alike(record)
        self.zeros: list[Key] = []  # totals and ratios that say 0 and may mean a blank

    def pasted(self, form: Form, lines: Iterable[Line], where: Where, grid: Grid) -> Pasted:
        """Which of the totals that stand on a form have their formula, and which are values now; where formulas cannot be told,
        none is taken for a value."""
        stand = [total for total in self._totals(form, lines, where) if grid.has_value(*total.spot)]
        lost = [total for total in stand if total.spot not in grid.facts.formulas]
        return Pasted(form, where.sheet, lost if grid.facts.tells_formulas else [], len(stand) - len(lost))

    def _totals(self, form: Form, lines: Iterable[Line], where: Where) -> Iterator[Total]:
        """The totals of a form that have a cell."""
        for line in lines:
            for column in open_columns(form, line):
                computed = self.level.computed[self.shape.place(form.id, line.code, column.id)]
                if computed and line.code in where.rows and column.id in where.columns:
                    yield Total((where.rows[line.code], where.columns[column.id]), line, column)

    def line(self, form: Form, line: Line, where: Where, grid: Grid) -> Iterator[int]:
        """Reads one row and yields the columns that it used."""
        opened = open_columns(form, line)
        row = where.rows[line.code]
        for column in form.columns:
            at = where.columns.get(column.id)
            if at is None or not grid.occupied(row, at):
                continue
            place, key = Place(where.sheet, a1(row, at)), (form.id, line.code, column.id)
            if (row, at) in grid.facts.unread:
                self.record.find("U-05", "error", f"{place} 里有内容，却读不出来，请重新填写这一格后保存。", key, place)
                yield at
            elif column in opened:
                self.amount(form, line, column, grid, (row, at), place)
                yield at
            elif column.kind == "text" and line.kind != "heading":
                self.record.ret.book.texts[key] = str(grid.at(row, at)).strip()
                yield at
            elif line.kind == "ratio" or (column.kind != "amount" and opened):
                self._ratio(key, grid, (row, at))
                yield at

    def _ratio(self, key: tuple[str, str, str], grid: Grid, spot: Spot) -> None:
        facts = grid.facts
        if spot not in facts.errors and (spot in facts.uncalculated or spot in facts.unshown):
            self.record.ret.unshown.append(key)
        else:
            self.record.ret.shown[key] = facts.errors.get(spot, grid.at(*spot))
            self.zeros += [key] if spot in facts.zeros else []

    def amount(self, form: Form, line: Line, column: Column, grid: Grid, spot: Spot, place: Place) -> None:
        """One amount, or why it cannot be told."""
        key = (form.id, line.code, column.id)
        lead = f"{place}“{line.name}”{column.heading}"
        computed = bool(self.level.computed[self.shape.place(*key)])
        if spot in grid.facts.errors:
            self.record.find(
                "U-05", "error", f"{lead}是错误值 {grid.facts.errors[spot]}，请改正公式引用或改填数字。", key, place
            )
            return
        if spot in grid.facts.uncalculated or spot in grid.facts.unshown:
            if not computed:
                self.record.find(
                    "K-04",
                    "error",
                    f"{lead}是没有计算结果的公式，无法知道是多少，请在 Excel 或 WPS 中打开、重新计算并保存，或改填数字。",
                    key,
                    place,
                )
            return
        self._value(form, line, column, grid.at(*spot), (key, place, lead))
        if spot in grid.facts.zeros:
            self._doubtful_zero(computed, column, key, place, lead)
        if "[" in grid.facts.formulas.get(spot, ""):
            self.record.find("K-03", "warning", f"{lead}的公式引用了别的工作簿，无法核对来源，请改为数值。", key, place)
        elif not computed and spot in grid.facts.formulas:
            self.record.all(stale(self.source.grids, place, spot, lead, key))

    def _doubtful_zero(self, computed: bool, column: Column, key: Key, place: Place, lead: str) -> None:
        """Of a total it can be told from its parts whether it was blank; of a formula that somebody wrote it cannot."""
        if computed:
            self.zeros.append(key)
        else:
            self.alike.find(Remark("zero", "K-04", "warning", f"{lead}{SAYS['zero']}。"), column, key, place)

    def _value(
        self, form: Form, line: Line, column: Column, value: Any, told: tuple[tuple[str, str, str], Place, str]
    ) -> None:
        key, place, lead = told
        reading = understood(value, form.unit)
        if reading.rule:
            remark = Remark(reading.kind, reading.rule, reading.severity, f"{lead}{reading.says}。")
            self.alike.find(remark, column, key, place)
        if reading.fen is None:
            return
        if reading.fen < 0 and not line.signed and line.kind == "entry" and not self.record.ret.unit.adjustment:
            self.record.find(
                "R-SIGN-01",
                "warning",
                f"{lead}是负数 {shown(reading.fen, form.unit)}，这一行一般不应为负，请核对或在情况说明中解释。",
                key,
                place,
            )
        self.record.ret.book.put(*key, reading.fen)
