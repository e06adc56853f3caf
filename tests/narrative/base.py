"""The sample's books, the definitions, and the published report, as the tests of the narrative use them."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

import pytest

from budgetbook.narrative.claim import Reading
from budgetbook.narrative.claim_map import ClaimMap, read_claim_map
from budgetbook.narrative.judged import Judged
from budgetbook.narrative.known_words import known_words
from budgetbook.narrative.reading import read_report
from budgetbook.narrative.standing import Standing
from budgetbook.narrative.stated import stated
from budgetbook.narrative.text_relations import judge
from budgetbook.narrative.text_rules import TextRelations, read_text_relations
from budgetbook.narrative.text_words import judge_words
from budgetbook.narrative.tie_out import Tie, tie_out
from budgetbook.narrative.vocabulary import Vocabulary, read_vocabulary
from budgetbook.report.files import read_paragraphs
from budgetbook.settings import data_folder
from tests.test_sample import all_books, sample_shape

DEFINITIONS = data_folder("templates") / "2026"
REPORT = Path(__file__).parents[3] / "shared" / "seed" / "000_b7f3892a3cb1f6c5.txt"
needs_report = pytest.mark.skipif(
    not REPORT.exists(), reason=f"the published report is not part of the project: no {REPORT}"
)


def written(name: str) -> str:
    return (DEFINITIONS / name).read_text(encoding="utf-8")


@functools.cache
def words() -> Vocabulary:
    return read_vocabulary(written("narrative.toml"), also=known_words(sample_shape().catalogue))


@functools.cache
def claim_map() -> ClaimMap:
    return read_claim_map(written("claims.toml"), sample_shape().catalogue)


@functools.cache
def rules() -> TextRelations:
    return read_text_relations(written("text_relations.toml"), sample_shape().catalogue)


@functools.cache
def standing() -> Standing:
    return Standing(sample_shape(), all_books(), {})


@functools.cache
def paragraphs() -> tuple[str, ...]:
    return tuple(read_paragraphs(REPORT))


def read(*lines: str) -> Reading:
    return read_report(lines, words())


def tied(*lines: str) -> list[Tie]:
    """Paragraphs against the sample's books."""
    return tie_out(read(*lines), standing(), claim_map())


def judged(*lines: str) -> list[Judged]:
    """Paragraphs against themselves."""
    reading = read(*lines)
    told = stated(reading.claims, claim_map(), sample_shape(), rules().forms)
    return [*judge(told, rules()), *judge_words(lines, reading, told, rules(), words())]


def told(ties: Sequence[Tie]) -> list[tuple[str, str]]:
    """(verdict, number as printed)."""
    return [(str(tie.verdict), tie.printed) for tie in ties]
