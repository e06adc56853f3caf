"""The rule book as a document is made from the catalogue, and the one in the tree is the one that would be made."""

from __future__ import annotations

from pathlib import Path

import pytest

from budgetbook.catalogue import Rule
from budgetbook.checks.functions import FUNCTIONS
from budgetbook.rulebook_text import documents, shipped

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", ["rules.md", "rules.zh-CN.md"])
def test_the_document_in_the_tree_is_up_to_date(name: str) -> None:
    made = documents(shipped())[name]
    assert made == (DOCS / name).read_text(encoding="utf-8"), "run: python -m budgetbook.rulebook_text"


@pytest.mark.parametrize("name", ["rules.md", "rules.zh-CN.md"])
def test_every_rule_stands_in_it_once(name: str) -> None:
    catalogue, text = shipped(), documents(shipped())[name]
    for rule in (*catalogue.relations, *catalogue.rules, *catalogue.resting):
        assert 1 == text.count(f"\n| {rule.id} |"), rule.id


def test_every_function_of_the_checks_is_used_by_some_rule_and_says_what_it_does() -> None:
    used = {rule.function for rule in (*shipped().rules, *shipped().resting) if isinstance(rule, Rule)}
    assert set(FUNCTIONS) == used
    assert [] == [name for name, function in FUNCTIONS.items() if len(function.doc) < 40]
