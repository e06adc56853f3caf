"""Reads the rules of a catalogue, relations and functions, and refuses those that cannot mean what they say."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from string import Formatter
from typing import Any, TypeVar, cast

from .amount import FEN
from .catalogue import Adequacy, Rule
from .checks.functions import FUNCTIONS
from .finding import SEVERITIES
from .form import Form
from .relation import ANY, BadTerm, Relation, Term, terms

RELATIONS, RULES = "relations.csv", "rules.csv"
KINDS = ("county", "zone", "city", "node", "root", "adjustment")
CHOICES: dict[str, tuple[str, ...]] = {
    "severity": tuple(SEVERITIES),
    "sign": ("=", "<=", ">="),
    "scope": ("unit", "zone", "prior", "final", "estimate"),
    "blank": ("skip", "zero", "finding"),
    "stage": ("", "execution", "draft"),
    "shadow": ("", "1"),
    "amounts": ("", "1"),
}
Row = tuple[int, dict[str, str]]
Wrong = Callable[[str, int, str], None]
_Either = TypeVar("_Either", Rule, Relation)


class RuleReader:
    """One pass over the rules; problems go to *wrong* as (file, line of the file, what is wrong and what to do)."""

    def __init__(self, forms: tuple[Form, ...], dated: Callable[[str], str], wrong: Wrong) -> None:
        self.forms = {form.id: form for form in forms}
        self.dated, self.wrong = dated, wrong
        self.seen: dict[str, str] = {}

    def relations(self, rows: Iterable[Row]) -> Iterator[Relation]:
        """`relations.csv`."""
        for at, row in rows:
            sides = self._terms(RELATIONS, at, row, row["left"]), self._terms(RELATIONS, at, row, row["right"])
            if not self._common(RELATIONS, at, row) or sides[0] is None or sides[1] is None:
                continue
            relation = self._relation(row, sides[0], sides[1])
            self._figures(at, relation)
            yield relation

    def rules(self, rows: Iterable[Row]) -> Iterator[Rule]:
        """`rules.csv`."""
        for at, row in rows:
            groups = [self._terms(RULES, at, row, group) for group in row["lines"].split("|")]
            if self._common(RULES, at, row) and None not in groups:
                rule = self._rule(at, row, tuple(group for group in groups if group))
                self._wanted(at, rule)
                yield rule

    def _relation(self, row: dict[str, str], left: tuple[Term, ...], right: tuple[Term, ...]) -> Relation:
        return Relation(
            row["id"],
            cast(Any, row["severity"]),
            left,
            cast(Any, row["sign"]),
            right,
            tuple(row["columns"].split()),
            cast(Any, row["scope"]),
            cast(Any, row["blank"]),
            cast(Any, row["stage"]),
            self.dated(row["says"]),
            row["remedy"],
            row["basis"],
            row["shadow"] == "1",
            frozenset(row.get("levels", "").split()),
            row.get("from", ""),
            row.get("until", ""),
            tuple(row.get("explain", "").split()),
            row.get("amounts") == "1",
        )

    def _rule(self, at: int, row: dict[str, str], lines: tuple[tuple[Term, ...], ...]) -> Rule:
        return Rule(
            row["id"],
            row["function"],
            cast(Any, row["severity"]),
            frozenset(row["levels"].split()),
            tuple(row["forms"].split()),
            lines,
            tuple(row["columns"].split()),
            dict(self._limits(at, row)),
            tuple(filter(None, row["words"].split(";"))),
            cast(Any, row["blank"]),
            cast(Any, row["stage"]),
            self.dated(row["says"]),
            row["remedy"],
            row["basis"],
            row["from"],
            row["until"],
            row["shadow"] == "1",
            tuple(row["explain"].split()),
            row["amounts"] == "1",
        )

    def _common(self, file: str, at: int, row: dict[str, str]) -> bool:
        id = row["id"]
        if id in self.seen:
            self.wrong(file, at, f"规则编号“{id}”与{self.seen[id]}重复，请改成不同的编号")
        self.seen[id] = f" {file} 第 {at} 行"
        bad = [
            f"{name}“{row[name]}”应为 {'、'.join(filter(None, choices))} 之一{'，或留空' if '' in choices else ''}"
            for name, choices in CHOICES.items()
            if name in row and row[name] not in choices
        ]
        bad += [
            f"levels“{word}”应为 {'、'.join(KINDS)} 之一" for word in row.get("levels", "").split() if word not in KINDS
        ]
        bad += [
            f"{name}“{row[name]}”应为日期，例如 2026-01-01"
            for name in ("from", "until")
            if not _is_date(row.get(name, ""))
        ]
        bad += [
            f"explain“{line}”不是情况说明表的科目"
            for line in row.get("explain", "").split()
            if not self._has("explanation", line)
        ]
        for says in bad:
            self.wrong(file, at, f"{id} 的{says}，请改正")
        if not row["says"] or not row["basis"]:
            self.wrong(file, at, f"{id} 没有写说明（says）或依据（basis），请补上")
        return not bad

    def _terms(self, file: str, at: int, row: dict[str, str], text: str) -> tuple[Term, ...] | None:
        try:
            return terms(text, "")
        except BadTerm as bad:
            self.wrong(file, at, f"{row['id']} 的“{bad}”不是“表:科目@栏目”的写法，请改正")
            return None

    def _has(self, form: str, line: str) -> bool:
        return form in self.forms and self.forms[form].find(line) is not None

    def _figures(self, at: int, relation: Relation) -> None:
        both = (*relation.left, *relation.right)
        for term in both:
            self._figure(at, relation, term)
        units = {term.form: self.forms[term.form].unit for term in both if term.form in self.forms}
        if len({"money" if unit in FEN else unit for unit in units.values()}) > 1:
            names = "、".join(f"{form}（{unit or '文字'}）" for form, unit in units.items())
            self.wrong(RELATIONS, at, f"{relation.id} 把不同单位的表放在一起比较：{names}，请只用同一类单位的表")
        if relation.scope == "unit":
            self._circular(at, relation)

    def _figure(self, at: int, relation: Relation, term: Term) -> None:
        form = self.forms.get(term.form)
        if form is None:
            self.wrong(RELATIONS, at, f"{relation.id} 用到不存在的表“{term.form}”，可用的有 {'、'.join(self.forms)}")
            return
        line = form.find(term.line)
        if ANY not in term.line and line is None:
            self.wrong(RELATIONS, at, f"{relation.id} 用到表“{term.form}”中不存在的科目“{term.line}”，请核对编码")
        if line is not None and line.kind in ("ratio", "text", "fixed", "heading"):
            self.wrong(RELATIONS, at, f"{relation.id} 用到的“{line.name}”不是金额行，请改用金额行")
        amounts = [column.id for column in form.amounts]
        for column in (term.column,) if term.column else relation.columns or ("",):
            if column not in amounts:
                self.wrong(
                    RELATIONS,
                    at,
                    f"{relation.id} 用到表“{term.form}”中不存在的栏目“{column}”，可用的有 {'、'.join(amounts)}",
                )

    def _circular(self, at: int, relation: Relation) -> None:
        left, right = (
            {(term.form, term.line, term.column) for term in side} for side in (relation.left, relation.right)
        )
        for form, line, column in sorted(left & right):
            self.wrong(
                RELATIONS,
                at,
                f"{relation.id} 的左右两边都有“{form}:{line}{'@' + column if column else ''}”，等于拿它和它自己比，请从一边去掉",
            )

    def _limits(self, at: int, row: dict[str, str]) -> Iterator[tuple[str, Fraction]]:
        for word in row["limits"].split():
            name, _, value = word.partition("=")
            if not re.fullmatch(r"-?\d+(\.\d+)?", value):
                self.wrong(RULES, at, f"{row['id']} 的界限“{word}”不是“名称=数字”的写法，请改正，例如 floor=1000")
                continue
            yield name, Fraction(value)

    def _wanted(self, at: int, rule: Rule) -> None:
        function = FUNCTIONS.get(rule.function)
        if function is None:
            self.wrong(RULES, at, f"{rule.id} 的函数“{rule.function}”不存在，可用的有 {'、'.join(FUNCTIONS)}")
            return
        if lost := [name for name in function.limits if name not in rule.limits]:
            self.wrong(RULES, at, f"{rule.id} 缺少界限 {'、'.join(lost)}，请在 limits 栏补上，例如 {lost[0]}=10")
        known = {"where", "name", "unit", "value", "expected", *function.words, *rule.limits}
        for word in sorted({field for _, field, _, _ in Formatter().parse(rule.says) if field} - known):
            self.wrong(RULES, at, f"{rule.id} 的说明用到不认识的 {{{word}}}，可用的有 {'、'.join(sorted(known))}")
        for form in rule.forms:
            if form not in self.forms:
                self.wrong(RULES, at, f"{rule.id} 用到不存在的表“{form}”，可用的有 {'、'.join(self.forms)}")
        forms = [self.forms[form] for form in rule.forms if form in self.forms] or list(self.forms.values())
        for column in rule.columns:
            if not any(column == each.id for form in forms for each in form.columns):
                self.wrong(
                    RULES,
                    at,
                    f"{rule.id} 用到{'、'.join(form.id for form in forms[:6])} 中都没有的栏目“{column}”，请改正",
                )
        for term in (term for group in rule.lines for term in group):
            if not self._has(term.form, term.line):
                self.wrong(RULES, at, f"{rule.id} 用到不存在的科目“{term.form}:{term.line}”，请核对表名和编码")


def _is_date(text: str) -> bool:
    try:
        return not text or bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def sorted_out(rules: Iterable[_Either], year: int, stages: tuple[str, ...]) -> tuple[list[_Either], list[_Either]]:
    """The rules in force at some time of *year* for the *stages* collected, and the others."""
    working: list[_Either] = []
    resting: list[_Either] = []
    for rule in rules:
        in_force = (rule.start or "0") <= f"{year}-12-31" and (rule.until or "9") >= f"{year}-01-01"
        (working if in_force and (not rule.stage or rule.stage in stages) else resting).append(rule)
    return working, resting


def read_adequacy(common: Mapping[str, Any]) -> Adequacy:
    """`[explanations]` of catalogue.toml."""
    wanted = common.get("explanations", {})
    return Adequacy(int(wanted.get("shortest", 0)), tuple(wanted.get("phrases", ())), tuple(wanted.get("causes", ())))
