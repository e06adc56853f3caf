"""Every cell of a returned workbook is placed on a form, serves to find others, or is reported with its content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..book import Book
from ..finding import Finding, Place
from ..form import Form, visible
from ..layout import ASIDE, COVER_COUNTS, COVER_LINK, COVER_SEAL, KEY, NAME, a1, sheet_name
from ..shape import Shape, open_columns
from ..sheet import Stamp
from ..unit import Unit
from .as_issued import Plan, Taken, plan
from .beside import calculation
from .cells import Cells
from .copies import content, is_blank
from .foreign import foreign
from .formulas import changed_formulas
from .found import Search
from .labels import off_the_list, on_the_cover
from .marks import Where, forms_of, mark_at
from .pasted import Pasted, pasted_over
from .record import Record
from .search import search
from .searched import say_against, say_merged, say_moves, say_search
from .sent import Return
from .source import Grid, Source, Spot
from .zeros import blanked

PARTIAL = 3  # missing forms from which on a file counts as a part


class Placing:
    """One pass over a workbook's sheets, filling a return."""

    def __init__(self, shape: Shape, unit: Unit, source: Source, file: str, sha256: str, stamp: Stamp) -> None:
        self.shape, self.source = shape, source
        self.ret = Return(file, sha256, stamp, Book.empty(unit, shape), {})
        self.record = Record(self.ret)
        self.cells = Cells(shape, source, self.record)
        self.elsewhere = unit.level == "node" and not shape.catalogue.tree.consolidates(unit)
        self._formulas: dict[str, Mapping[Spot, str]] = {}  # of each form, those that may have been changed
        self._pasted: list[Pasted] = []

    def place(self) -> Return:
        """Every form found by its mark, or by its label; a form that is missing is a finding."""
        carried: dict[str, list[tuple[str, Grid, bool]]] = {}
        for name, grid, carries, by_label in forms_of(self.source.grids, self.shape.catalogue):
            carried.setdefault(carries, []).append((name, grid, by_label))
        mine = {form.id: form for form in self.shape.catalogue.at(self.ret.unit.level)}
        self.record.all(calculation(self.source))
        for form in mine.values():
            self._sheets(form, carried.get(form.id, []))
            self._cover(form)
        self.cells.alike.tell()
        blanked(self.ret, self.cells.zeros)
        self._absent([form for form in mine.values() if form.id not in carried])
        for id, sheets in carried.items():
            if id not in mine:
                for name, grid, _ in sheets:
                    with self.record.receipt(name, "", grid):
                        foreign(self.record, id, name, grid)
        self.record.all(changed_formulas(self.shape, self.ret.unit.level, self.ret.where, self._formulas))
        self.record.all(pasted_over(self._pasted))
        self.record.balance(self.source)
        return self.ret

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
        self.record.all(off_the_list(form, chosen))
        if said:
            catalogue = self.shape.catalogue
            self.record.all(on_the_cover(form, said, self.ret.unit, catalogue.year, catalogue.tree))

    def _absent(self, forms: list[Form]) -> None:
        """F-06: one form that is not there is named; when many are missing, the file as a whole is a part."""
        told = [
            Finding(
                "K-08", "error", f"没有找到“{form.title}”（{form.sheet}），请从下发的文件中把这张表补上。", form=form.id
            )
            for form in forms
        ]
        if len(told) < PARTIAL:
            self.record.all(told)
            return
        names = "、".join(form.sheet for form in forms)
        says = f"文件里只有 {len(self.ret.where)} 张表，缺 {len(forms)} 张（{names}）。请把各张表填在下发的同一个文件里，整本报来。"
        unit, file = self.ret.unit.code, self.ret.file
        echoes = tuple(replace(each, unit=unit, file=file) for each in told)
        self.ret.findings.append(Finding("F-06", "error", says, unit, file, echoes=echoes))

    def _sheets(self, form: Form, sheets: list[tuple[str, Grid, bool]]) -> None:
        if not sheets:
            return
        sheets = self._without_blanks(form, sheets)
        names = "、".join(f"“{name}”" for name, _, _ in sheets)
        if len(sheets) > 1 and len({content(grid) for _, grid, _ in sheets}) > 1:
            self.record.find(
                "K-08",
                "error",
                f"工作表{names}是同一张表的几份，内容不同，不知以哪份为准，都没有读取，请只保留一份。",
                (form.id, "", ""),
            )
            for name, grid, _ in sheets:
                with self.record.receipt(name, form.title, grid):
                    self.record.reported += len(grid.filled())
            return
        name, grid, by_label = sheets[0]
        for copied, copy, _ in sheets[1:]:
            with self.record.receipt(copied, form.title, copy):
                self.record.labels += len(copy.filled())
        if len(sheets) > 1:
            self.record.find("K-08", "note", f"工作表{names}是同一张表，内容相同，只读第一份。", (form.id, "", ""))
        if not by_label and name != sheet_name(form):
            self.record.find(
                "K-08", "note", f"工作表“{name}”由“{sheet_name(form)}”改名，已按标识读取。", (form.id, "", "")
            )
        with self.record.receipt(name, form.title, grid):
            self._form(form, name, grid)

    def _without_blanks(self, form: Form, sheets: list[tuple[str, Grid, bool]]) -> list[tuple[str, Grid, bool]]:
        """The copies of a form in which anything was filled in, if there are several and any was; the others are noted."""
        if len(sheets) == 1:
            return sheets
        lines = list(visible(form, self.ret.unit.level))
        blank = [each for each in sheets if is_blank(form, lines, *each[:2])]
        filled = [each for each in sheets if each not in blank]
        if not blank or not filled:
            return sheets
        for name, grid, _ in blank:
            with self.record.receipt(name, form.title, grid):
                self.record.labels += len(grid.filled())
        names, read = ("、".join(f"“{name}”" for name, _, _ in each) for each in (blank, filled))
        says = f"工作表{names}是“{form.title}”的空白副本，没有填数，没有采用；填了数的是{read}。"
        self.record.find("K-08", "note", says, (form.id, "", ""))
        return filled

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
            self.cells.amount(form, line, column, grid, spot, Place(name, a1(*spot)))
        self._totals(Pasted(form, name, taken.pasted, taken.kept))
        self.record.labels += taken.labels
        self.record.placed += taken.placed
        self.record.counted[name] = taken.labels + taken.placed

    def _totals(self, pasted: Pasted) -> None:
        self._pasted.append(pasted)
        if pasted.lost:
            self.record.recovered += (str(pasted),)

    def _search(self, form: Form, name: str, grid: Grid) -> None:
        lines = [line for line in visible(form, self.ret.unit.level) if not (self.elsewhere and line.region)]
        found = search(form, lines, name, grid)
        say_search(self.record, form, name, grid, found)
        if found.where is None:
            self.record.reported += len(grid.filled())
            return
        where = self.ret.where[form.id] = found.where
        if not (self.elsewhere and form.id in self.shape.catalogue.by_region):
            self._formulas[form.id] = grid.facts.formulas
            say_moves(self.record, self.shape.catalogue, form, where, "名称" if found.lost else "标识")
        say_against(self.record, self.shape.catalogue.tree, form, found, where, grid)
        used: set[Spot] = set(found.furniture)
        doubted = {doubt.line or doubt.column for doubt in found.ambiguous}
        for line in lines:
            if line.code in where.rows:
                used |= {(where.rows[line.code], at) for at in self.cells.line(form, line, where, grid)}
            elif line.code not in doubted and (any(open_columns(form, line)) or line.kind == "text"):
                self.record.find(
                    "K-01",
                    "error",
                    f"{name} 缺少“{line.code} {line.name}”一行，请从下发的文件中恢复。",
                    (form.id, line.code, ""),
                )
        self._totals(self.cells.pasted(form, lines, where, grid))
        for column in form.columns:
            if column.id not in where.columns and column.id not in doubted:
                self.record.find(
                    "K-02",
                    "error",
                    f"{name} 缺少“{column.heading}”一栏，请从下发的文件中恢复。",
                    (form.id, "", column.id),
                )
        say_merged(self.record, form, where, grid)
        filled = grid.filled()
        _, keys = mark_at(grid) or (0, KEY)
        words = _aside(grid) if form.id == "cover" and found.lost else set()
        aside = {spot for spot in filled - used if grid.at(spot[0], keys) == ASIDE or spot[0] in words}
        aside |= self._eliminated(form, grid, filled - used - aside, keys)
        doubtful = self._doubtful(found, filled - used - aside)
        self.record.reported += len(doubtful)
        self.record.labels += len(filled & found.furniture) + len(aside)
        self.record.placed += len((filled & used) - found.furniture)
        self.record.strays(form.id, name, grid, sorted(filled - used - aside - doubtful))

    def _doubtful(self, found: Search, left: frozenset[Spot]) -> set[Spot]:
        """The cells of rows and columns that were not read because it cannot be told which they are: said once, of all of them."""
        rows = {row for doubt in found.ambiguous for row in doubt.rows}
        columns = {at for doubt in found.ambiguous for at in doubt.columns}
        return {(row, at) for row, at in left if row in rows or at in columns}

    def _eliminated(self, form: Form, grid: Grid, filled: frozenset[Spot], keys: int) -> set[Spot]:
        """In a book consolidated elsewhere, the by-region lines of its own members: nothing is left of them but zeros."""
        if not self.elsewhere:
            return set()
        stems = [stem for line in self.shape.catalogue.by_region.get(form.id, ()) if (stem := line.stem)]
        theirs = {row for row, _ in filled if str(grid.at(row, keys)).startswith(tuple(stems))} if stems else set()
        return {spot for spot in filled if spot[0] in theirs and (spot[1] <= NAME or grid.at(*spot) in (0, "—"))}


def _aside(grid: Grid) -> set[int]:
    """The rows of a cover that are no lines, where their keys are gone."""
    ours = {*COVER_COUNTS, COVER_LINK, COVER_SEAL}
    return {row for row, cells in enumerate(grid.rows) if any(isinstance(each, str) and each in ours for each in cells)}
