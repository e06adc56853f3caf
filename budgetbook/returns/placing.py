"""Every cell of a returned workbook is placed on a form, serves to find others, or is reported with its content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from ..amount import shown
from ..book import Book
from ..finding import Finding, Place, Severity
from ..form import Column, Form, Line
from ..layout import (
    ASIDE,
    FEEDBACK,
    GUIDE_SHEET,
    JUDGED,
    KEY,
    NAME,
    PANEL,
    RECEIPT,
    STAMP_SHEET,
    Layout,
    a1,
    sheet_name,
)
from ..shape import Shape, open_columns, visible
from ..sheet import Stamp
from ..unit import Unit
from .as_issued import Plan, Taken, plan
from .beside import calculation, comments, hidden_figures, stale
from .explanations import explained
from .formulas import changed_formulas
from .labels import contradictions, nameless, off_the_list, on_the_cover
from .marks import Search, Where, forms_of, mark_at, search
from .receipt import Moved, Receipt, moves
from .source import Grid, Source, Spot
from .values import understood

PARTIAL = 3  # missing forms from which on a file counts as a part
STRAYS = 20  # stray cells of one sheet shown one by one; the rest is counted


@dataclass(frozen=True, slots=True)
class Accounts:
    """How the cells with content of one file were accounted for."""

    content: int
    placed: int
    labels: int
    reported: int


@dataclass(slots=True)
class Return:
    """返回表: what a unit sent. `book` holds the figures as stated, totals included; `shown` the ratios as stated, and `unshown`
    names those whose formula came without a result and so states nothing."""

    file: str
    sha256: str
    stamp: Stamp
    book: Book
    where: dict[str, Where]
    shown: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    accounts: Accounts = Accounts(0, 0, 0, 0)
    receipts: list[Receipt] = field(default_factory=list)
    unshown: list[tuple[str, str, str]] = field(default_factory=list)

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


class Placing:
    """One pass over a workbook's sheets, filling a return."""

    def __init__(self, shape: Shape, unit: Unit, source: Source, file: str, sha256: str, stamp: Stamp) -> None:
        self.shape, self.source = shape, source
        self.ret = Return(file, sha256, stamp, Book.empty(unit, shape), {})
        self.level = shape.level(unit.level)
        self.elsewhere = unit.level == "node" and not shape.catalogue.tree.consolidates(unit)
        self._placed = self._labels = self._reported = 0
        self._counted: dict[str, int] = {}  # the cells with content of sheets that were taken as a whole
        self._formulas: dict[str, Mapping[Spot, str]] = {}  # of each form, those that may have been changed
        self._moves: tuple[Moved, ...] = ()
        self._recovered: tuple[str, ...] = ()

    def place(self) -> Return:
        """Every form found by its mark, or by its label; a form that is missing is a finding."""
        carried: dict[str, list[tuple[str, Grid, bool]]] = {}
        for name, grid, carries, by_label in forms_of(self.source.grids, self.shape.catalogue):
            carried.setdefault(carries, []).append((name, grid, by_label))
        mine = {form.id: form for form in self.shape.catalogue.at(self.ret.unit.level)}
        self._all(calculation(self.source))
        for form in mine.values():
            self._sheets(form, carried.get(form.id, []))
            self._cover(form)
        self._absent([form for form in mine.values() if form.id not in carried])
        for id, sheets in carried.items():
            if id not in mine:
                for name, grid, _ in sheets:
                    with self._receipt(name, "", grid):
                        self._foreign(id, name, grid)
        self._all(changed_formulas(self.shape, self.ret.unit.level, self.ret.where, self._formulas))
        self._balance()
        return self.ret

    def _balance(self) -> None:
        """Every cell with content has been placed, taken for a label or reported."""
        seen = {receipt.sheet for receipt in self.ret.receipts}
        unseen = sum(grid.count() for name, grid in self.source.grids.items() if name not in seen)
        content = unseen + sum(receipt.content for receipt in self.ret.receipts)
        self.ret.accounts = Accounts(content, self._placed, self._labels, self._reported)
        if lost := content - self._placed - self._labels - self._reported:
            says = f"有 {lost} 个有内容的单元格没有交代，读取不可靠。请把文件交给技术人员。"
            self._find("K-07", "error", says)

    @contextmanager
    def _receipt(self, name: str, title: str, grid: Grid) -> Iterator[None]:
        """Writes the receipt of the sheet that is read meanwhile."""
        placed, labels, reported = self._placed, self._labels, self._reported
        self._moves, self._recovered = (), ()
        yield
        counts = self._placed - placed, self._labels - labels, self._reported - reported
        content = self._counted[name] if name in self._counted else grid.count()
        self.ret.receipts.append(Receipt(name, title, content, *counts, self._moves, self._recovered))

    def _all(self, findings: Iterable[Finding]) -> None:
        """Findings of others, with the sender added."""
        self.ret.findings.extend(replace(each, unit=self.ret.unit.code, file=self.ret.file) for each in findings)

    def _cover(self, form: Form) -> None:
        """What the fixed lines of a form say of unit and year, and what was chosen on it."""
        said = {
            line.code: self.ret.book.texts[form.id, line.code, column.id]
            for line in form.lines
            if line.kind == "fixed"
            for column in form.columns
            if (form.id, line.code, column.id) in self.ret.book.texts
        }
        chosen = {
            (line.code, column.id): (words, self.ret.place(form.id, line.code, column.id))
            for line in form.lines
            if line.choices
            for column in form.columns
            if (words := self.ret.book.texts.get((form.id, line.code, column.id), ""))
        }
        self._all(off_the_list(form, chosen))
        if said:
            catalogue = self.shape.catalogue
            self._all(on_the_cover(form, said, self.ret.unit, catalogue.year, catalogue.tree))

    def _absent(self, forms: list[Form]) -> None:
        """F-06: one form that is not there is named; when many are missing, the file as a whole is a part."""
        told = [
            Finding(
                "K-08", "error", f"没有找到“{form.title}”（{form.sheet}），请从下发的文件中把这张表补上。", form=form.id
            )
            for form in forms
        ]
        if len(told) < PARTIAL:
            self._all(told)
            return
        names = "、".join(form.sheet for form in forms)
        says = f"文件里只有 {len(self.ret.where)} 张表，缺 {len(forms)} 张（{names}）。请把各张表填在下发的同一个文件里，整本报来。"
        unit, file = self.ret.unit.code, self.ret.file
        echoes = tuple(replace(each, unit=unit, file=file) for each in told)
        self.ret.findings.append(Finding("F-06", "error", says, unit, file, echoes=echoes))

    def _find(
        self,
        rule: str,
        severity: Severity,
        says: str,
        key: tuple[str, str, str] = ("", "", ""),
        place: Place | None = None,
    ) -> None:
        sheet, cell = (place.sheet, place.cell) if place else ("", "")
        self.ret.findings.append(Finding(rule, severity, says, self.ret.unit.code, self.ret.file, *key, sheet, cell))

    def _sheets(self, form: Form, sheets: list[tuple[str, Grid, bool]]) -> None:
        if not sheets:
            return
        names = "、".join(f"“{name}”" for name, _, _ in sheets)
        if len(sheets) > 1 and len({_content(grid) for _, grid, _ in sheets}) > 1:
            self._find(
                "K-08",
                "error",
                f"工作表{names}是同一张表的几份，内容不同，不知以哪份为准，都没有读取，请只保留一份。",
                (form.id, "", ""),
            )
            for name, grid, _ in sheets:
                with self._receipt(name, form.title, grid):
                    self._reported += len(grid.filled())
            return
        name, grid, by_label = sheets[0]
        for copied, copy, _ in sheets[1:]:
            with self._receipt(copied, form.title, copy):
                self._labels += len(copy.filled())
        if len(sheets) > 1:
            self._find("K-08", "note", f"工作表{names}是同一张表，内容相同，只读第一份。", (form.id, "", ""))
        if by_label:
            self._find("K-08", "note", f"工作表“{name}”的标识已丢失，按名称认作“{form.title}”。", (form.id, "", ""))
        elif name != sheet_name(form):
            self._find("K-08", "note", f"工作表“{name}”由“{sheet_name(form)}”改名，已按标识读取。", (form.id, "", ""))
        with self._receipt(name, form.title, grid):
            self._form(form, name, grid)

    def _form(self, form: Form, name: str, grid: Grid) -> None:
        issued = plan(self.shape, self.ret.unit.level, form.id)
        if taken := issued.take(grid, self.ret.unit.name):
            self._take(issued, name, grid, taken)
        else:
            self._search(form, name, grid)

    def _take(self, issued: Plan, name: str, grid: Grid, taken: Taken) -> None:
        form, book = issued.form, self.ret.book
        self.ret.where[form.id] = Where(name, issued.rows, issued.columns)
        book.fen[taken.places], book.given[taken.places] = taken.fen, True
        book.texts.update(taken.texts)
        self.ret.shown.update(taken.shown)
        self.ret.unshown += taken.unshown
        self._formulas[form.id] = taken.changed
        for number, line, column in taken.odd:
            spot = divmod(number, issued.width)
            self._amount(form, line, column, grid, spot, Place(name, a1(*spot)))
        self._labels += taken.labels
        self._placed += taken.placed
        self._counted[name] = taken.labels + taken.placed

    def _search(self, form: Form, name: str, grid: Grid) -> None:
        lines = [line for line in visible(form, self.ret.unit.level) if not (self.elsewhere and line.region)]
        found = search(form, lines, name, grid)
        self._say_search(form, name, found)
        if found.where is None:
            self._reported += len(grid.filled())
            return
        where = self.ret.where[form.id] = found.where
        if not (self.elsewhere and form.id in self.shape.catalogue.by_region):
            self._formulas[form.id] = grid.facts.formulas
            self._moved(form, where)
        self._against(form, found, where, grid)
        used: set[Spot] = set(found.furniture)
        for line in lines:
            if line.code in where.rows:
                used |= {(where.rows[line.code], at) for at in self._line(form, line, where, grid)}
            elif any(open_columns(form, line)) or line.kind == "text":
                self._find(
                    "K-01",
                    "error",
                    f"{name} 缺少“{line.code} {line.name}”一行，请从下发的文件中恢复。",
                    (form.id, line.code, ""),
                )
        for column in form.columns:
            if column.id not in where.columns:
                self._find(
                    "K-02",
                    "error",
                    f"{name} 缺少“{column.heading}”一栏，请从下发的文件中恢复。",
                    (form.id, "", column.id),
                )
        self._merged(form, where, grid)
        filled = grid.filled()
        _, keys = mark_at(grid) or (0, KEY)
        aside = {spot for spot in filled - used if grid.at(spot[0], keys) == ASIDE}
        aside |= self._eliminated(form, grid, filled - used - aside, keys)
        self._labels += len(filled & found.furniture) + len(aside)
        self._placed += len((filled & used) - found.furniture)
        self._strays(form.id, name, grid, sorted(filled - used - aside))

    def _eliminated(self, form: Form, grid: Grid, filled: frozenset[Spot], keys: int) -> set[Spot]:
        """In a book consolidated elsewhere, the by-region lines of its own members: nothing is left of them but zeros."""
        if not self.elsewhere:
            return set()
        stems = [stem for line in self.shape.catalogue.by_region.get(form.id, ()) if (stem := line.stem)]
        theirs = {row for row, _ in filled if str(grid.at(row, keys)).startswith(tuple(stems))} if stems else set()
        return {spot for spot in filled if spot[0] in theirs and (spot[1] <= NAME or grid.at(*spot) in (0, "—"))}

    def _say_search(self, form: Form, name: str, found: Search) -> None:
        self._recovered = tuple(found.recovered)
        for text in found.recovered[:STRAYS]:
            self._find("K-01", "note", f"{name}：{text}。", (form.id, "", ""))
        if len(found.recovered) > STRAYS:
            self._find(
                "K-01", "note", f"{name}：另有 {len(found.recovered) - STRAYS} 处按编码和名称识别。", (form.id, "", "")
            )
        for text in found.ambiguous:
            self._find("K-01", "error", f"{name}：{text}。", (form.id, "", ""))

    def _merged(self, form: Form, where: Where, grid: Grid) -> None:
        """U-08: of merged cells only the first keeps its figure, the others are gone."""
        lines = {row: code for code, row in where.rows.items()}
        columns = {at: id for id, at in where.columns.items()}
        for top, left, bottom, right in grid.facts.merged:
            rows = [row for row in lines if top <= row <= bottom]
            spots = [(row, at) for row in rows for at in columns if left <= at <= right and (row, at) != (top, left)]
            for row, at in spots:
                key, place = (form.id, lines[row], columns[at]), Place(where.sheet, a1(row, at))
                area = f"{a1(top, left)}:{a1(bottom, right)}"
                self._find(
                    "U-08",
                    "error",
                    f"{place} 被合并在 {area} 中，只有左上角的数留了下来，请取消合并后补填。",
                    key,
                    place,
                )

    def _against(self, form: Form, found: Search, where: Where, grid: Grid) -> None:
        """What labels say against keys, and what stands hidden or beside."""
        unit, tree = self.ret.unit, self.shape.catalogue.tree
        others = {each.name for each in tree if each.code != unit.code}
        self._all(contradictions(form, where.sheet, grid, found.head, where.columns, unit.name, others))
        for line, row, said in found.renamed:
            says = f"{where.sheet} 第 {row + 1} 行的科目名称由“{line.name}”改成了“{said[:40]}”，仍按“{line.name}”读取。请核对这一行的数，名称请恢复。"
            self._find("K-01", "warning", says, (form.id, line.code, ""))
        self._all(nameless(form, where.sheet, found.unnamed))
        self._all(hidden_figures(form, where, grid))
        self._all(comments(form.id, where.sheet, grid))

    def _moved(self, form: Form, where: Where) -> None:
        layout = Layout(self.shape.catalogue, self.ret.unit.level)
        self._moves = tuple(moves(form, layout, where))
        if self._moves:
            first, more = self._moves[0], len(self._moves) - 1
            rest = f"等 {more + 1} 处，详见回执" if more else ""
            says = f"{where.sheet} 的行列被移动过，已按标识读取：{first.what}原在{_spaced(first.old)}，现在{_spaced(first.new)}{rest}。"
            self._find("K-01", "note", says, (form.id, "", ""))

    def _line(self, form: Form, line: Line, where: Where, grid: Grid) -> Iterator[int]:
        """Reads one row and yields the columns that it used."""
        opened = open_columns(form, line)
        row = where.rows[line.code]
        for column in form.columns:
            at = where.columns.get(column.id)
            if at is None or not (grid.holds(row, at) or (row, at) in grid.facts.unshown):
                continue
            place, key = Place(where.sheet, a1(row, at)), (form.id, line.code, column.id)
            if (row, at) in grid.facts.unread:
                self._find("U-05", "error", f"{place} 里有内容，却读不出来，请重新填写这一格后保存。", key, place)
                yield at
            elif column in opened:
                self._amount(form, line, column, grid, (row, at), place)
                yield at
            elif column.kind == "text" and line.kind != "heading":
                self.ret.book.texts[key] = str(grid.at(row, at)).strip()
                yield at
            elif line.kind == "ratio" or (column.kind != "amount" and opened):
                self._ratio(key, grid, (row, at))
                yield at

    def _ratio(self, key: tuple[str, str, str], grid: Grid, spot: Spot) -> None:
        facts = grid.facts
        if spot not in facts.errors and (spot in facts.uncalculated or spot in facts.unshown):
            self.ret.unshown.append(key)
        else:
            self.ret.shown[key] = facts.errors.get(spot, grid.at(*spot))

    def _amount(self, form: Form, line: Line, column: Column, grid: Grid, spot: Spot, place: Place) -> None:
        key = (form.id, line.code, column.id)
        lead = f"{place}“{line.name}”{column.heading}"
        computed = bool(self.level.computed[self.shape.place(*key)])
        if spot in grid.facts.errors:
            self._find(
                "U-05", "error", f"{lead}是错误值 {grid.facts.errors[spot]}，请改正公式引用或改填数字。", key, place
            )
            return
        if spot in grid.facts.uncalculated or spot in grid.facts.unshown:
            if not computed:
                self._find(
                    "K-04",
                    "error",
                    f"{lead}是没有计算结果的公式，无法知道是多少，请在 Excel 或 WPS 中打开、重新计算并保存，或改填数字。",
                    key,
                    place,
                )
            return
        self._value(form, line, column, grid.at(*spot), (key, place, lead))
        if computed and spot not in grid.facts.formulas and grid.facts.formulas:
            self._find("K-03", "note", f"{lead}的合计公式被改成了数值，汇总时按明细重新计算。", key, place)
        elif "[" in grid.facts.formulas.get(spot, ""):
            self._find("K-03", "warning", f"{lead}的公式引用了别的工作簿，无法核对来源，请改为数值。", key, place)
        elif not computed and spot in grid.facts.formulas:
            self._all(stale(self.source.grids, place, spot, lead, key))

    def _value(
        self, form: Form, line: Line, column: Column, value: Any, told: tuple[tuple[str, str, str], Place, str]
    ) -> None:
        key, place, lead = told
        reading = understood(value, form.unit)
        if reading.rule:
            self._find(reading.rule, reading.severity, f"{lead}{reading.says}。", key, place)
        if reading.fen is None:
            return
        if reading.fen < 0 and not line.signed and line.kind == "entry" and not self.ret.unit.adjustment:
            self._find(
                "R-SIGN-01",
                "warning",
                f"{lead}是负数 {shown(reading.fen, form.unit)}，这一行一般不应为负，请核对或在情况说明中解释。",
                key,
                place,
            )
        self.ret.book.put(*key, reading.fen)

    def _strays(self, form: str, name: str, grid: Grid, strays: list[Spot]) -> None:
        self._reported += len(strays)
        for row, column in strays[:STRAYS]:
            text = _written(grid.facts.errors.get((row, column), grid.at(row, column)))[:40] or "没有结果的公式"
            place = Place(name, a1(row, column))
            self._find(
                "K-07",
                "warning",
                f"{place} 不是填报的位置，却有内容“{text}”，没有采用。请移到正确的位置或删去。",
                (form, "", ""),
                place,
            )
        if len(strays) > STRAYS:
            self._find(
                "K-07",
                "warning",
                f"{name} 另有 {len(strays) - STRAYS} 个不是填报位置的单元格有内容，都没有采用。",
                (form, "", ""),
            )

    def _explanations(self, id: str, name: str, grid: Grid, filled: list[Spot]) -> bool:
        """What was written beside relations or findings; whether the sheet could be read."""
        found = explained(grid)
        if found is None:
            return False
        for key, words in found.said.items():
            self.ret.book.texts.setdefault((id, key, "explanation"), words)
        self._placed += len(found.spoken)
        self._labels += len(found.known & set(filled))
        read = found.spoken | found.known
        self._strays(id, name, grid, [spot for spot in filled if spot not in read])
        return True

    def _foreign(self, id: str, name: str, grid: Grid) -> None:
        """A sheet that is no form of this unit: the guide is ours, all else is reported."""
        if id in (JUDGED, RECEIPT):
            self._labels += grid.count()
            return
        filled = sorted(grid.filled())
        if name == GUIDE_SHEET and not id:
            self._labels += sum(column == 0 for _, column in filled)
            self._strays("", name, grid, [spot for spot in filled if spot[1] > 0])
            return
        if name == STAMP_SHEET and not id:
            self._labels += (0, 0) in filled
            self._strays("", name, grid, [spot for spot in filled if spot != (0, 0)])
            return
        if id in (PANEL, FEEDBACK) and self._explanations(id, name, grid, filled):
            return
        self._reported += len(filled)
        if not filled:
            return
        first = a1(*filled[0])
        hidden = "" if grid.visible else "（隐藏）"
        self._find(
            "K-08",
            "warning" if filled else "note",
            f"工作表“{name}”{hidden}不是下发的表，有 {len(filled)} 个单元格有内容（从 {first} 起），没有采用。如有要报的数，请填入下发的表中。",
        )


def _content(grid: Grid) -> tuple[object, ...]:
    facts = grid.facts
    return tuple(map(tuple, grid.rows)), frozenset(facts.errors.items()), facts.uncalculated, facts.unread


def _written(value: Any) -> str:
    return f"{value:,.15g}" if type(value) is float else str(value)


def _spaced(place: str) -> str:
    return place if place.startswith("第") else f" {place}"
