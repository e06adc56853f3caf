"""Reads the forms of a catalogue: their columns, lines, totals and stated precision, from `forms.csv`, `columns.csv` and `lines/`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from .catalogue import with_regions
from .form import DEEPEST, LEVELS, REGION, Column, Form, Level, Line, folded
from .relation import BadTerm, Term, terms
from .unit import Tree

COARSEST, FINEST = -4, 5  # places of an amount in 万元: whole 亿元, and ten fen
Row = tuple[int, dict[str, str]]
Rows = Callable[[str], Iterator[Row]]
Wrong = Callable[[str, int, str], None]  # file, line, what is wrong and what to do


class FormReader:
    """One pass over the forms; what is wrong is told to `wrong`, what is right is given back."""

    def __init__(
        self, common: Mapping[str, Any], tree: Tree, rows: Rows, dated: Callable[[str], str], wrong: Wrong
    ) -> None:
        self.common, self.tree, self._rows, self._dated, self._wrong = common, tree, rows, dated, wrong
        self.by_region: dict[str, tuple[Line, ...]] = {}  # form → its lines before regions are put in

    def forms(self) -> tuple[Form, ...]:
        """Every form, in order."""
        blocks = self._blocks()
        forms = tuple(self._form(at, row, blocks) for at, row in self._rows("forms.csv"))
        self._check_parts(forms)
        return forms

    def _blocks(self) -> dict[str, tuple[Column, ...]]:
        blocks: dict[str, list[Column]] = {}
        kinds = ("amount", "difference", "growth", "percent", "text")
        for at, row in self._rows("columns.csv"):
            if row.get("kind") not in kinds:
                self._wrong("columns.csv", at, f"栏目类型“{row.get('kind')}”不认识，应为 {'、'.join(kinds)} 之一")
                continue
            blocks.setdefault(row["block"], []).append(self._column(row))
        for block, columns in blocks.items():
            ids = {column.id for column in columns}
            for column in columns:
                for used in filter(None, (column.of, column.base, column.last)):
                    if used not in ids:
                        self._wrong(
                            "columns.csv",
                            0,
                            f"栏目组“{block}”的“{column.id}”用到不存在的栏目“{used}”，请改成 {'、'.join(sorted(ids))} 之一",
                        )
        return {block: tuple(columns) for block, columns in blocks.items()}

    def _column(self, row: dict[str, str]) -> Column:
        base = row["base"].replace("{draft}", str(self.common.get("draft_base", {}).get(row["block"], "actual")))
        heading = row["heading"] or self._heading(row["id"])
        heading = heading.replace("{base}", self._heading(base))
        return Column(row["id"], self._dated(heading), cast(Any, row["kind"]), row["of"], base, *_pair(row["last"]))

    def _heading(self, column: str) -> str:
        return str(self.common.get("headings", {}).get(column, column))

    def _form(self, at: int, row: dict[str, str], blocks: Mapping[str, tuple[Column, ...]]) -> Form:
        id = row["id"]
        if row["block"] not in blocks:
            self._wrong("forms.csv", at, f"表“{id}”用到不存在的栏目组“{row['block']}”，请改成 {'、'.join(blocks)} 之一")
        lines = tuple(self._lines(id, blocks.get(row["block"], ())))
        self._check_names(id, lines)
        if any(REGION in line.code for line in lines):
            self.by_region[id] = lines
            lines = with_regions(lines, self.tree)
        depths = self._depths(id)
        return Form(
            id,
            row["sheet"],
            self._dated(row["title"]),
            row["unit"],
            blocks.get(row["block"], ()),
            lines,
            frozenset(row["levels"].split()),
            depths,
            row["basis"],
            self._decimals(id, row["unit"], [column.id for column in blocks.get(row["block"], ())]),
        )

    def _depths(self, form: str) -> dict[str, int]:
        """Level → deepest line; a node may not go deeper than a level it is made of, or that level's money would be lost."""
        written = self.common.get("depth", {}).get(form, {})
        for level, depth in written.items():
            if level not in LEVELS or not isinstance(depth, int) or depth < 0:
                self._wrong(
                    "catalogue.toml",
                    0,
                    f"depth.{form}.{level} = {depth} 不对，应写成 {{ county = 3, city = 3, node = 1 }} 这样的整数",
                )
                return {}
        node = written.get("node", DEEPEST)
        for level, depth in written.items():
            if depth < node:
                remedy = f"请把 depth.{form}.node 改为 {depth} 或更小"
                self._wrong(
                    "catalogue.toml",
                    0,
                    f"表“{form}”的{LEVELS[cast(Level, level)]}只填到第 {depth} 层，汇总却要到更细的层，汇总会丢数。{remedy}",
                )
        return dict(written)

    def _decimals(self, form: str, unit: str, columns: list[str]) -> dict[str, int]:
        """Column → the places that its figures are stated with, `[decimals]` of catalogue.toml: one number, or one a column."""
        from .amount import FEN  # brings numpy, which a help page does without

        written = self.common.get("decimals", {}).get(form, {})
        places = written if isinstance(written, dict) else dict.fromkeys(columns, written)
        for column, decimals in places.items():
            if (
                column not in columns
                or not isinstance(decimals, int)
                or not COARSEST <= decimals <= FINEST
                or unit not in FEN
            ):
                self._wrong(
                    "catalogue.toml",
                    0,
                    f"decimals.{form}.{column} = {decimals} 不对，应写成 0 或 {{ prior = 0 }} 这样：金额栏目 = 小数位数"
                    f"（{COARSEST} 到 {FINEST}，负数是取整到十、百、千）",
                )
                return {}
        return places

    def _lines(self, form: str, columns: tuple[Column, ...]) -> Iterator[Line]:
        name = f"lines/{form}.csv"
        first: dict[str, int] = {}
        depths: dict[str, int] = {}
        ids = {column.id for column in columns}
        for at, row in self._rows(name):
            code, parent = row["code"], row["parent"]
            if code in first:
                self._wrong(name, at, f"科目编码“{code}”与第 {first[code]} 行重复，请删去一行或改编码")
            if parent and parent not in first:
                self._wrong(name, at, f"上级科目“{parent}”不存在或写在下面，请先写上级科目再写“{code}”")
            for column in row["columns"].split():
                if column not in ids:
                    self._wrong(
                        name, at, f"科目“{code}”限定的栏目“{column}”不在本表，可用的有 {'、'.join(sorted(ids))}"
                    )
            first[code], depths[code] = at, depths.get(parent, -1) + 1
            yield self._line(name, at, form, row, depths[code])

    def _check_names(self, form: str, lines: tuple[Line, ...]) -> None:
        """A line without a printed code is known by its name alone: rows of one name could be exchanged and nobody would see."""
        parents = {line.code: line.name for line in lines}
        coded = {folded(line.name) for line in lines if line.kind != "heading" and line.printed_code}
        named: dict[str, str] = {}
        for at, line in enumerate(lines, start=2):
            if line.kind == "heading" or line.printed_code:
                continue
            name = folded(line.name)
            if other := named.get(name) or ("有编码的一行" if name in coded else ""):
                lead = f"，例如在前面写上“{parents[line.parent]}”" if line.parent in parents else ""
                self._wrong(
                    f"lines/{form}.csv",
                    at,
                    f"科目名称“{line.name}”与{other}相同，又没有印出的编码可以区分，请改成全表唯一的名称{lead}",
                )
            named[name] = f"第 {at} 行"

    def _line(self, file: str, at: int, form: str, row: dict[str, str], depth: int) -> Line:
        kind = row["kind"]
        parts: tuple[Term, ...] = ()
        base: tuple[Term, ...] = ()
        if kind in ("total", "ratio"):
            parts, base = self._parts(file, at, form, row["parts"])
        choices = tuple(filter(None, row["parts"].split(";"))) if kind == "text" else ()
        return Line(
            row["code"],
            self._dated(row["name"]),
            cast(Any, kind),
            row["parent"],
            depth,
            parts,
            base,
            frozenset(row["columns"].split()),
            frozenset(row["levels"].split()),
            row["signed"] == "1",
            choices,
            row["evidence"],
            tuple(filter(None, row["aliases"].split(";"))),
        )

    def _parts(self, file: str, at: int, form: str, text: str) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
        above, _, below = text.partition("/")
        try:
            return terms(above, form), terms(below, form)
        except BadTerm as bad:
            self._wrong(file, at, f"“{bad}”不是“表:科目”的写法，请改正，例如 gp_revenue:101")
            return (), ()

    def _check_parts(self, forms: tuple[Form, ...]) -> None:
        lines = {form.id: {line.code: line for line in form.lines} for form in forms}
        for form in forms:
            for line in form.lines:
                for term in (*line.parts, *line.base):
                    if term.line not in lines.get(term.form, {}):
                        self._wrong(
                            f"lines/{form.id}.csv",
                            0,
                            f"科目“{line.code}”的组成“{term.form}:{term.line}”不存在，请核对表名和编码",
                        )
        for loop in _loops(forms):
            self._wrong(f"lines/{loop.partition(':')[0]}.csv", 0, f"合计“{loop}”经过若干层又等于它自己，请改正组成关系")


def _pair(text: str) -> tuple[str, str]:
    first, _, second = text.partition(" ")
    return first, second


def _loops(forms: tuple[Form, ...]) -> Iterator[str]:
    uses = {
        f"{form.id}:{line.code}": [f"{term.form}:{term.line}" for term in line.parts]
        for form in forms
        for line in form.lines
    }
    state: dict[str, int] = {}

    def visit(name: str) -> bool:
        if state.get(name) == 2:
            return False
        if state.get(name) == 1:
            return True
        state[name] = 1
        looped = any(visit(part) for part in uses.get(name, ()))
        state[name] = 2
        return looped

    for name in uses:
        if name not in state and visit(name):
            yield name
