"""Reads a catalogue from its folder of CSV and TOML, and refuses a broken one with file, line and remedy."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, cast

from .model import (
    ALL,
    DEEPEST,
    LEVELS,
    REGION,
    Catalogue,
    Column,
    Flow,
    Form,
    Level,
    Line,
    Rule,
    Tree,
    Unit,
    bound_digest,
    with_regions,
)
from .relation import BadTerm, Relation, Term, terms

COARSEST, FINEST = -4, 5  # places of an amount in 万元: whole 亿元, and ten fen
AMOUNT_KINDS = ("entry", "total", "of_which")
Row = tuple[int, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a definition: where it stands, what is wrong, what to do."""

    file: str
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.file} 第 {self.line} 行：{self.says}" if self.line else f"{self.file}：{self.says}"


class DefinitionError(Exception):
    """A catalogue that cannot be used; every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Reader:
    """One pass over a catalogue folder; problems are collected beside what is right."""

    def __init__(self, folder: Path, tree: Tree, settings: Mapping[str, Any]) -> None:
        self.folder, self.tree, self.problems = folder, tree, list[Problem]()
        self.common = _merged(self._toml("catalogue.toml"), settings)
        self.year = int(self.common.get("year", 0))
        self.by_region: dict[str, tuple[Line, ...]] = {}

    def catalogue(self) -> Catalogue:
        """Raises DefinitionError."""
        from .edition_reader import read_changes
        from .rule_reader import read_adequacy  # brings the checks and numpy, which a help page does without

        if not self.year:
            self._wrong("catalogue.toml", 0, "没有写 year（预算年度），请补上，例如 year = 2026")
        blocks = self._blocks()
        forms = tuple(self._form(at, row, blocks) for at, row in self._rows("forms.csv"))
        self._check_parts(forms)
        relations, rules, resting = self._rules(forms)
        flows = tuple(self._flows(forms))
        self._directed(flows)
        edition = self._digest()
        changes = read_changes(self._rows("changes.csv"), forms, self._last_lines, self._wrong)
        if self.problems:
            raise DefinitionError(self.problems)
        return Catalogue(
            self.year,
            str(self.common.get("edition", self.year)),
            forms,
            relations,
            flows,
            self.tree,
            (self.folder / "guide.md").read_text(encoding="utf-8"),
            bound_digest(edition, self.tree),
            rules,
            resting,
            read_adequacy(self.common),
            changes,
            self.by_region,
            edition,
        )

    def _wrong(self, file: str, line: int, says: str) -> None:
        self.problems.append(Problem(file, line, says))

    def _toml(self, name: str) -> dict[str, Any]:
        try:
            return tomllib.loads((self.folder / name).read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            raise DefinitionError(
                [Problem(str(self.folder), 0, f"没有 {name}，请指向一个目录定义文件夹，例如 templates/2026")]
            ) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise DefinitionError([Problem(name, 0, f"不是有效的 TOML（{error}），请检查引号和等号")]) from None

    def _rows(self, name: str) -> Iterator[Row]:
        try:
            text = decoded((self.folder / name).read_bytes())
        except FileNotFoundError:
            self._wrong(name, 0, "文件不存在，请从原目录复制一份")
            return
        reader = csv.reader(text.splitlines())
        heads = next(reader, [])
        for at, row in enumerate(filter(None, reader), start=2):
            yield at, {head: word.strip() for head, word in zip_longest(heads, row, fillvalue="") if head}

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
        return Column(row["id"], self.dated(heading), cast(Any, row["kind"]), row["of"], base, *_pair(row["last"]))

    def _heading(self, column: str) -> str:
        return str(self.common.get("headings", {}).get(column, column))

    def dated(self, text: str) -> str:
        """The text with {Y}, {Y-1}, {Y-2} put in."""
        if "{" not in text:
            return text
        return re.sub(r"\{Y(-\d)?\}", lambda found: str(self.year + int(found[1] or 0)), text)

    def _form(self, at: int, row: dict[str, str], blocks: Mapping[str, tuple[Column, ...]]) -> Form:
        id = row["id"]
        if row["block"] not in blocks:
            self._wrong("forms.csv", at, f"表“{id}”用到不存在的栏目组“{row['block']}”，请改成 {'、'.join(blocks)} 之一")
        lines = tuple(self._lines(id, blocks.get(row["block"], ())))
        if any(REGION in line.code for line in lines):
            self.by_region[id] = lines
            lines = with_regions(lines, self.tree)
        depths = self._depths(id)
        return Form(
            id,
            row["sheet"],
            self.dated(row["title"]),
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

    def _line(self, file: str, at: int, form: str, row: dict[str, str], depth: int) -> Line:
        kind = row["kind"]
        parts: tuple[Term, ...] = ()
        base: tuple[Term, ...] = ()
        if kind in ("total", "ratio"):
            parts, base = self._parts(file, at, form, row["parts"])
        choices = tuple(filter(None, row["parts"].split(";"))) if kind == "text" else ()
        return Line(
            row["code"],
            self.dated(row["name"]),
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

    def _rules(
        self, forms: tuple[Form, ...]
    ) -> tuple[tuple[Relation, ...], tuple[Rule, ...], tuple[Rule | Relation, ...]]:
        from .rule_reader import RuleReader, sorted_out

        reader = RuleReader(forms, self.dated, self._wrong)
        stages = tuple(self.common.get("stages", ("execution", "draft")))
        relations, idle = sorted_out(list(reader.relations(self._rows("relations.csv"))), self.year, stages)
        rules, unused = sorted_out(list(reader.rules(self._rows("rules.csv"))), self.year, stages)
        return tuple(relations), tuple(rules), (*idle, *unused)

    def _directed(self, flows: tuple[Flow, ...]) -> None:
        known = {word: flow.name for flow in flows for word in (flow.rule, flow.id)}
        for unit in self.tree.leaves:
            for word in sorted(unit.direct - known.keys() - {ALL}):
                self._wrong(
                    "budgetbook.toml",
                    0,
                    f"单位“{unit.name}”的 direct 写了不存在的往来“{word}”，应为 true，或 {'、'.join(known)} 中的若干个",
                )

    def _flows(self, forms: tuple[Form, ...]) -> Iterator[Flow]:
        known = {(form.id, line.code) for form in forms for line in form.lines}
        rules = [row["id"] for _, row in self._rows("rules.csv") if row["function"] == "flows"]
        for at, row in self._rows("flows.csv"):
            if row["rule"] not in rules:
                wrong = f"往来“{row['name']}”的规则“{row['rule']}”不是 rules.csv 中函数为 flows 的规则"
                self._wrong("flows.csv", at, f"{wrong}，可用的有 {'、'.join(rules)}")
            payer, receiver = self._side(at, row, "payer"), self._side(at, row, "receiver")
            for term in (*payer, *receiver):
                if (term.form, term.line) not in known:
                    self._wrong(
                        "flows.csv", at, f"往来“{row['name']}”用到不存在的科目“{term.form}:{term.line}”，请核对"
                    )
            if payer and receiver:
                yield Flow(row["id"], row["name"], payer[0], receiver, row["rule"])

    def _side(self, at: int, row: dict[str, str], side: str) -> tuple[Term, ...]:
        try:
            found = terms(row[side], "")
        except BadTerm as bad:
            self._wrong(
                "flows.csv", at, f"往来“{row['name']}”的“{bad}”不是“表:科目”的写法，请改正，例如 gp_transfers:11001"
            )
            return ()
        if not found:
            self._wrong(
                "flows.csv", at, f"往来“{row['name']}”没有写{'付方' if side == 'payer' else '收方'}（{side}），请补上"
            )
        return found

    def _last_lines(self, form: str) -> frozenset[str]:
        """The lines of a form in last year's catalogue, if that lies beside this one."""
        beside = self.folder.parent / str(self.year - 1)
        path = beside / "lines" / f"{form}.csv"
        if beside == self.folder or not path.is_file():
            return frozenset()
        return frozenset(row.get("code", "") for row in csv.DictReader(decoded(path.read_bytes()).splitlines()))

    def _digest(self) -> str:
        digest = hashlib.sha256(repr(self.common).encode())
        for path in sorted(set(self.folder.rglob("*.csv")) - {self.folder / "examples.csv"}):
            digest.update(path.read_bytes())
        return digest.hexdigest()


def _pair(text: str) -> tuple[str, str]:
    first, _, second = text.partition(" ")
    return first, second


def decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")  # what Excel on a Chinese Windows saves


def _merged(base: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        merged[key] = (
            _merged(merged[key], value) if isinstance(value, Mapping) and isinstance(merged.get(key), dict) else value
        )
    return merged


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


def read_catalogue(folder: Path, tree: Tree, settings: Mapping[str, Any] | None = None) -> Catalogue:
    """The catalogue in *folder* bound to *tree*, with a workspace's own *settings* laid over it. Raises DefinitionError."""
    return Reader(folder, tree, settings or {}).catalogue()


def _direct(written: Any) -> frozenset[str]:
    """`direct = true`, or the flows that a county has with the province: `direct = ["R-LVL-12", "11001"]`."""
    return frozenset(map(str, written)) if isinstance(written, list) else frozenset({ALL} if written else ())


def read_tree(rows: list[Mapping[str, Any]], file: str = "budgetbook.toml") -> Tree:
    """The unit tree from the `[[unit]]` tables of a workspace. Raises DefinitionError."""
    problems: list[Problem] = []
    units: dict[str, Unit] = {}
    named: dict[tuple[str, str], str] = {}
    roots: list[str] = []
    for row in rows:
        code, level = str(row.get("code", "")), str(row.get("level", ""))
        if not code or not row.get("name"):
            problems.append(Problem(file, 0, f"有一个单位缺少 code 或 name：{dict(row)}，请补上"))
        if level not in ("county", "city", "node"):
            problems.append(
                Problem(
                    file,
                    0,
                    f"单位“{row.get('name')}”的 level 是“{level}”，应为 county（县级）、city（市本级）或 node（汇总）",
                )
            )
        if code in units:
            problems.append(Problem(file, 0, f"单位代码“{code}”出现两次，一个单位只能在一处"))
        parent = str(row.get("parent", ""))
        problems += [
            Problem(file, 0, f"单位“{row.get('name')}”在同一上级下出现两次（代码 {twin}、{code}），一个单位只能在一处")
            for twin in [named.setdefault((str(row.get("name")), parent), code)]
            if twin != code
        ]
        if parent and (parent not in units or units[parent].level != "node"):
            problems.append(
                Problem(file, 0, f"单位“{row.get('name')}”的上级“{parent}”不存在、写在下面或不是汇总单位，请先写上级")
            )
        if row.get("tier") and level != "node":
            problems.append(
                Problem(
                    file,
                    0,
                    f"单位“{row.get('name')}”写了 tier（一级财政），level 却是“{level}”。一级财政是汇总单位，level 应为 node",
                )
            )
        units[code] = Unit(
            code,
            str(row.get("name", "")),
            cast(Level, level),
            parent,
            dict(row.get("parent_in", {})),
            cast(Any, row.get("show", "row")),
            _direct(row.get("direct", False)),
            bool(row.get("adjustment", False)),
            bool(row.get("tier", False)),
            str(row.get("contact", "")),
            str(row.get("phone", "")),
            _due(row, file, problems),
        )
        roots += [] if parent else [units[code].name]
    if len(roots) != 1:
        problems.append(
            Problem(
                file, 0, f"单位树应有且只有一个最上级单位（不写 parent），现在有 {len(roots)} 个：{'、'.join(roots)}"
            )
        )
    if problems:
        raise DefinitionError(problems)
    return Tree(tuple(units.values()))


def as_day(value: object) -> dt.date | None:
    """A date from TOML or CSV, None if nothing is written. Raises ValueError with what is written."""
    if value is None or value == "":
        return None
    try:
        return value if type(value) is dt.date else dt.date.fromisoformat(str(value)[:10])
    except ValueError:
        raise ValueError(value) from None


def _due(row: Mapping[str, Any], file: str, problems: list[Problem]) -> dt.date | None:
    try:
        return as_day(row.get("deadline"))
    except ValueError as wrong:
        says = f"单位“{row.get('name')}”的 deadline = “{wrong}” 不是日期，请写成 2026-12-20 的样子"
        problems.append(Problem(file, 0, says))
        return None
