"""Whether a 核实 finding has been explained: 预算法第四十八条, 重要事项的说明是否清晰. The reason column, else 情况说明."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ..book import Book
from ..catalogue import Adequacy, Catalogue, Rule
from ..finding import Finding, fingerprint
from ..relation import ANY, Relation

AMOUNT = re.compile(r"\d[\d,，.]*\s*(元|万元|亿元|%|％|个百分点)|[一二三四五六七八九十百千]+(万元|亿元)")
_BLANKS = re.compile(r"[\s，。、；：,.;:!！（）()“”\"'—-]+")
Said = tuple[str, bool]  # words, and whether they stand beside the very figure


def inadequate(text: str, adequacy: Adequacy, amounts: bool = False) -> str:
    """Why *text* does not do as an explanation; empty if it does."""
    plain = _BLANKS.sub("", text)
    if not plain or plain in adequacy.phrases:
        return "只有套话，没有说明原因" if plain else "没有填写"
    if len(plain) < adequacy.shortest:
        return f"不足 {adequacy.shortest} 个字"
    if not any(cause in plain for cause in adequacy.causes):
        return "没有写明原因"
    return "没有写明金额" if amounts and not AMOUNT.search(text) else ""


def explained(catalogue: Catalogue, findings: Iterable[Finding], books: Mapping[str, Book]) -> Iterator[Finding]:
    """The findings, those of 核实 level with the explanation their unit gave; what is not good enough is said in the sentence."""
    known: list[Rule | Relation] = [*catalogue.relations, *catalogue.rules]
    rules = {rule.id: rule for rule in known}
    for finding in findings:
        rule, book = rules.get(finding.rule), books.get(finding.unit)
        if finding.severity != "warning" or finding.explanation or rule is None or book is None:
            yield finding
        else:
            yield _explained(catalogue, rule, finding, book)


def _explained(catalogue: Catalogue, rule: Rule | Relation, finding: Finding, book: Book) -> Finding:
    said = list(_said(catalogue, rule, finding, book))
    for text, _ in said:
        if not inadequate(text, catalogue.adequacy, rule.amounts):
            return replace(finding, explanation=text)
    beside = [text for text, own in said if own]
    if not beside:
        return finding
    why = inadequate(beside[0], catalogue.adequacy, rule.amounts)
    return replace(finding, says=f"{finding.says}已填的说明“{beside[0][:40]}”{why}，请补充。", said=beside[0])


def _said(catalogue: Catalogue, rule: Rule | Relation, finding: Finding, book: Book) -> Iterator[Said]:
    if text := book.texts.get(("feedback", fingerprint(finding, catalogue.year), "explanation"), ""):
        yield text, True
    if text := book.texts.get(("panel", f"{finding.rule}:{finding.form}@{finding.column}", "explanation"), ""):
        yield text, True
    lines = [*_same_money(catalogue, finding, book), *_other_lines(rule)]
    for form, line in dict.fromkeys(lines):
        if text := book.texts.get((form, line, "reason"), ""):
            yield text, True
    names = _names(catalogue, finding)
    for line in rule.explain:
        text = book.texts.get(("explanation", line, "text"), "")
        if text and (not names or any(name in text for name in names)):
            yield text, False


def _same_money(catalogue: Catalogue, finding: Finding, book: Book) -> Iterator[tuple[str, str]]:
    """The line, and those above it that consist of nothing else: a reason beside any of them is about this figure."""
    line = finding.line
    while line:
        yield finding.form, line
        line = catalogue.form(finding.form).line(line).parent
        if line and (not finding.column or book.at(finding.form, line, finding.column) != finding.value):
            return


def _other_lines(rule: Rule | Relation) -> Iterator[tuple[str, str]]:
    if isinstance(rule, Relation):
        yield from ((term.form, term.line) for term in (*rule.left, *rule.right) if ANY not in term.line)


def _names(catalogue: Catalogue, finding: Finding) -> list[str]:
    """What a general explanation has to mention to be about this line: its name, with or without 收入/支出, or the rule."""
    if not finding.line:
        return []
    name = catalogue.form(finding.form).line(finding.line).name
    name = re.sub(r"^[（(]?[一二三四五六七八九十\d]+[）)、.]\s*|^其中[:：]", "", name)
    short = re.sub(r"(收入|支出|合计|经费|余额|收入合计|支出合计)$", "", name)
    return [each for each in (name, short if len(short) > 1 else "", finding.rule) if each]
