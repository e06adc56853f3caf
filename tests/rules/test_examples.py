"""Every rule has examples that must pass and that must fail, and does what they say."""

from __future__ import annotations

import pytest

from budgetbook.cases import read
from budgetbook.form import LEVELS
from budgetbook.rulebook import rulebook
from tests.conftest import small_catalogue, small_shape
from tests.rules.examples import Example, examples, found

IDS = [rule.id for rule in (*small_catalogue().relations, *small_catalogue().rules, *small_catalogue().resting)]


@pytest.mark.parametrize("rule", IDS)
def test_a_rule_has_an_example_that_passes_and_one_that_fails(rule: str) -> None:
    assert {"pass", "fail"} == {example.must for example in examples() if example.rule == rule}


@pytest.mark.parametrize("example", examples(), ids=str)
def test_a_rule_speaks_when_its_example_must_fail_and_only_then(example: Example) -> None:
    assert (example.must == "fail") == found(example)


def test_no_example_is_left_over_from_a_rule_that_is_gone() -> None:
    assert set() == {example.rule for example in examples()} - set(IDS)


def test_every_relation_is_judged_for_some_unit_in_some_column() -> None:
    idle = [
        relation.id
        for relation in small_catalogue().relations
        if not any(len(read(small_shape(), level, [relation])) for level in LEVELS)
    ]
    assert [] == idle


def test_a_rule_book_is_compiled_once() -> None:
    assert rulebook(small_shape(), "county") is rulebook(small_shape(), "county")
