"""Reads a catalogue from its folder of CSV and TOML, and refuses a broken one with file, line and remedy."""

from __future__ import annotations

import csv
import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .catalogue import Catalogue, Rule, bound_digest
from .form import Form
from .form_reader import FormReader, Row
from .problems import DefinitionError, Problem, decoded, says_toml
from .relation import BadTerm, Flow, Relation, Term, terms
from .unit import ALL, Tree

NEEDED = {
    "forms.csv": "id sheet title unit block levels basis",
    "columns.csv": "block id heading kind of base last",
    "relations.csv": "id severity scope left sign right columns blank stage says remedy basis shadow",
    "rules.csv": "id function severity levels forms lines columns limits words blank stage says remedy basis from until shadow explain amounts",
    "flows.csv": "id name payer receiver rule",
    "changes.csv": "form old name new weight",
}
NEEDED_OF_LINES = "code name parent kind parts columns levels signed evidence aliases"
FILLED = {"forms.csv": "表", "columns.csv": "栏目", "relations.csv": "关系", "rules.csv": "规则"}


class Reader:
    """One pass over a catalogue folder; problems are collected beside what is right."""

    def __init__(self, folder: Path, tree: Tree, settings: Mapping[str, Any]) -> None:
        self.folder, self.tree, self.problems = folder, tree, list[Problem]()
        self.common = _merged(self._toml("catalogue.toml"), settings)
        self.year = int(self.common.get("year", 0))

    def catalogue(self) -> Catalogue:
        """Raises DefinitionError."""
        from .edition_reader import read_changes
        from .rule_reader import read_adequacy  # brings the checks and numpy, which a help page does without

        if not self.year:
            self._wrong("catalogue.toml", 0, "没有写 year（预算年度），请补上，例如 year = 2026")
        reader = FormReader(self.common, self.tree, self._rows, self.dated, self._wrong)
        forms = reader.forms()
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
            reader.by_region,
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
            raise DefinitionError([Problem(name, 0, f"无法读取：{says_toml(error)}")]) from None

    def _rows(self, name: str) -> Iterator[Row]:
        try:
            text = decoded((self.folder / name).read_bytes())
        except FileNotFoundError:
            self._wrong(name, 0, "文件不存在，请从原目录复制一份")
            return
        reader = csv.reader(text.splitlines())
        heads = [head.strip() for head in next(reader, [])]
        needed = (NEEDED_OF_LINES if name.startswith("lines/") else NEEDED[name]).split()
        if missing := [head for head in needed if head not in heads]:
            lost = f"第一行应是栏名，缺少 {'、'.join(missing)}，请从原目录的同名文件复制第一行"
            self._wrong(name, 1, lost)
            return
        rows = list(filter(None, reader))
        if not rows and name in FILLED:
            self._wrong(name, 1, f"只有栏名，没有一条{FILLED[name]}，请从原目录的同名文件复制各行")
        blanks = [""] * len(heads)
        for at, row in enumerate(rows, start=2):
            words = dict(zip(heads, map(str.strip, row + blanks[len(row) :]), strict=False))
            words.pop("", None)
            yield at, words

    def dated(self, text: str) -> str:
        """The text with {Y}, {Y-1}, {Y-2} put in."""
        if "{" not in text:
            return text
        return re.sub(r"\{Y(-\d)?\}", lambda found: str(self.year + int(found[1] or 0)), text)

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


def _merged(base: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        merged[key] = (
            _merged(merged[key], value) if isinstance(value, Mapping) and isinstance(merged.get(key), dict) else value
        )
    return merged


def read_catalogue(folder: Path, tree: Tree, settings: Mapping[str, Any] | None = None) -> Catalogue:
    """The catalogue in *folder* bound to *tree*, with a workspace's own *settings* laid over it. Raises DefinitionError."""
    return Reader(folder, tree, settings or {}).catalogue()
