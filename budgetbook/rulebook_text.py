"""The rules of a catalogue as a document, English or Chinese, for reading and printing. `python -m budgetbook.rulebook_text`"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .catalogue import Catalogue, Rule
from .checks.functions import FUNCTIONS
from .definitions import read_catalogue
from .finding import SEVERITIES
from .relation import Relation, Term
from .settings import data_folder
from .tree_reader import read_tree

SIGNS = {"=": "=", "<=": "≤", ">=": "≥"}
GROUPS = {
    "R-SUM": ("Within one table", "表内合计"),
    "R-SIGN": ("Signs, decimals, empty forms, codes", "正负号、小数、空表、科目"),
    "R-COL": ("Between columns of one table", "栏目之间"),
    "R-BAL": ("Balances of the budgets", "收支平衡"),
    "R-X": ("Between tables of one unit", "表与表之间"),
    "R-SIF": ("Social insurance", "社会保险基金"),
    "R-DEBT": ("Debt", "政府债务"),
    "R-LVL": ("Between levels", "上下级之间"),
    "R-YR": ("Across years", "年度之间"),
    "R-REA": ("Reasonableness and law", "合理性和合规性"),
    "R-TOL": ("Figures of stated precision", "四舍五入的数"),
    "U-": ("Units of account", "金额单位"),
}
OTHERS = ("R-INT", "R-EMPTY", "R-CENT", "R-CODE", "R-227")  # listed with R-SIGN
Either = Rule | Relation


@dataclass(frozen=True, slots=True)
class Tongue:
    """The words of one language; `at` picks the English or the Chinese of a pair."""

    at: int
    title: str
    lead: str
    heads: tuple[str, ...]
    severities: dict[str, str]
    blanks: dict[str, str]
    kinds: dict[str, str]
    scopes: dict[str, str]
    stages: dict[str, str]
    switches: dict[str, str]
    joined: str


ENGLISH = Tongue(
    0,
    "The rule book",
    "Made from `templates/{year}/relations.csv` and `templates/{year}/rules.csv` by `python -m budgetbook.rulebook_text`; edit those, "
    "not this. {total} rules: {errors} error (强制), {warnings} warning (核实), {notes} note (提示); {relations} relations, {functions} "
    "evaluated by functions. A term is `form:line@column`; `*` stands for the same line on both sides. Examples that must pass "
    "and that must fail stand in `templates/{year}/examples.csv`, and a test runs them.",
    ("id", "level", "rule", "applies to", "if blank", "sentence and remedy", "basis"),
    {"error": "error", "warning": "warning", "note": "note"},
    {"skip": "not judged", "zero": "counts as zero", "finding": "a finding"},
    {
        "county": "counties",
        "zone": "zones",
        "city": "city level",
        "node": "consolidated",
        "root": "the whole city",
        "adjustment": "adjustments",
    },
    {
        "unit": "",
        "zone": "right side: the zone's city",
        "prior": "right side: last year's book",
        "final": "right side: last year's final accounts",
        "estimate": "right side: the estimate (代编) it replaces",
    },
    {"": "", "execution": "execution", "draft": "draft"},
    {
        "shadow": "in the shadow",
        "from": "from ",
        "until": "until ",
        "amounts": "explanation gives amounts",
        "all": "all units",
    },
    ", ",
)
CHINESE = Tongue(
    1,
    "检查规则目录",
    "本目录由 `templates/{year}/relations.csv`、`templates/{year}/rules.csv` 自动生成，修改请改那两个文件，再运行 "
    "`python -m budgetbook.rulebook_text`。共 {total} 条规则：强制 {errors} 条，核实 {warnings} 条，提示 {notes} 条；其中勾稽关系 {relations} 条，"
    "由函数判断的 {functions} 条。数的写法是“表:科目@栏目”，`*` 表示左右两边同一科目。每条规则必须通过和必须不通过的例子在 "
    "`templates/{year}/examples.csv`，由测试逐条运行。强制：不改正不能上报、汇总；核实：须在备注栏或情况说明中说明；提示：仅供参考。",
    ("编号", "级别", "规则", "适用", "空白", "说明和处理", "依据"),
    {"error": SEVERITIES["error"], "warning": SEVERITIES["warning"], "note": SEVERITIES["note"]},
    {"skip": "不判断", "zero": "按零", "finding": "报告"},
    {
        "county": "县（市、区）",
        "zone": "开发区",
        "city": "市本级",
        "node": "汇总",
        "root": "全市",
        "adjustment": "差额表",
    },
    {
        "unit": "",
        "zone": "右边：所在市级",
        "prior": "右边：上年报表",
        "final": "右边：上年决算报表",
        "estimate": "右边：被替换的代编报表",
    },
    {"": "", "execution": "执行", "draft": "草案"},
    {"shadow": "试运行（只计数，不显示）", "from": "自 ", "until": "至 ", "amounts": "说明须写金额", "all": "所有单位"},
    "、",
)


def document(catalogue: Catalogue, tongue: Tongue) -> str:
    """The whole list as Markdown, by group."""
    rules: list[Either] = [*catalogue.rules, *catalogue.relations, *catalogue.resting]
    parts = [f"# {tongue.title}", _lead(catalogue, rules, tongue)]
    for group, titles in GROUPS.items():
        mine = sorted((rule for rule in rules if _group(rule) == group), key=lambda rule: rule.id)
        if mine:
            parts.append(f"## {titles[tongue.at]}")
            parts.append("\n".join(_table(mine, tongue)))
    return "\n\n".join(parts) + "\n"


def _lead(catalogue: Catalogue, rules: list[Either], tongue: Tongue) -> str:
    severities = [rule.severity for rule in rules]
    return tongue.lead.format(
        year=catalogue.year,
        total=len(rules),
        errors=severities.count("error"),
        warnings=severities.count("warning"),
        notes=severities.count("note"),
        relations=sum(isinstance(rule, Relation) for rule in rules),
        functions=sum(isinstance(rule, Rule) for rule in rules),
    )


def _group(rule: Either) -> str:
    if rule.id.startswith(OTHERS):
        return "R-SIGN"
    return max((group for group in GROUPS if rule.id.startswith(group)), key=len)


def _table(rules: Iterable[Either], tongue: Tongue) -> Iterator[str]:
    yield "| " + " | ".join(tongue.heads) + " |"
    yield "|" + " --- |" * len(tongue.heads)
    for rule in rules:
        cells = (
            rule.id,
            tongue.severities[rule.severity],
            _formula(rule) if isinstance(rule, Relation) else _function(rule, tongue),
            _applies(rule, tongue),
            tongue.blanks[rule.blank],
            f"{rule.says}。{rule.remedy}。",
            rule.basis,
        )
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _formula(rule: Relation) -> str:
    sides = _side(rule.left), SIGNS[rule.sign], _side(rule.right) or "0"
    return f"`{' '.join(sides)}`" + (f" ({' '.join(rule.columns)})" if rule.columns else "")


def _side(terms: tuple[Term, ...]) -> str:
    """A signed sum; a form is named once, where it first stands and wherever it changes."""
    forms = ["", *(term.form for term in terms)]
    return " ".join(_term(term, forms[at], first=at == 0) for at, term in enumerate(terms))


def _term(term: Term, before: str, *, first: bool) -> str:
    sign = ("-" if first else "- ") if term.weight < 0 else "" if first else "+ "
    weight = f"{abs(term.weight)}×" if abs(term.weight) != 1 else ""
    form = "" if term.form == before else f"{term.form}:"
    return f"{sign}{weight}{form}{term.line}" + (f"@{term.column}" if term.column else "")


def _function(rule: Rule, tongue: Tongue) -> str:
    doc = " ".join(FUNCTIONS[rule.function].doc.split()) if tongue is ENGLISH else ""
    figures = " / ".join(_side(group) for group in rule.lines)
    limits = " ".join(f"{name}={float(limit):g}" for name, limit in rule.limits.items())
    scope = " ".join(filter(None, (" ".join(rule.forms), figures, " ".join(rule.columns))))
    return (
        f"`{rule.function}`"
        + (f": {doc}" if doc else "")
        + (f" [{scope}]" if scope else "")
        + (f" ({limits})" if limits else "")
    )


def _applies(rule: Either, tongue: Tongue) -> str:
    levels = tongue.joined.join(tongue.kinds[level] for level in tongue.kinds if level in rule.levels)
    said = [
        levels or tongue.switches["all"],
        tongue.stages[rule.stage],
        tongue.scopes[rule.scope] if isinstance(rule, Relation) else "",
        tongue.switches["from"] + rule.start if rule.start else "",
        tongue.switches["until"] + rule.until if rule.until else "",
        tongue.switches["amounts"] if rule.amounts else "",
        tongue.switches["shadow"] if rule.shadow else "",
    ]
    return "；".join(filter(None, said)) if tongue.at else "; ".join(filter(None, said))


def documents(catalogue: Catalogue) -> dict[str, str]:
    """File name → text, in both languages."""
    return {"rules.md": document(catalogue, ENGLISH), "rules.zh-CN.md": document(catalogue, CHINESE)}


def shipped() -> Catalogue:
    """The newest catalogue that comes with the program, bound to one county."""
    folder = max(path for path in data_folder("templates").iterdir() if path.is_dir())
    return read_catalogue(folder, read_tree([{"code": "0", "name": "县", "level": "county"}]))


def main(folder: str = "docs") -> None:
    """Writes both documents."""
    for name, text in documents(shipped()).items():
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main(*sys.argv[1:2])
