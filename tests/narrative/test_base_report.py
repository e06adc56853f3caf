"""The published report beside the project: all its 218 figures are read as they were catalogued by hand."""

from __future__ import annotations

import csv
import functools
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from budgetbook.narrative.claim import Claim, NotFigure, Reading
from budgetbook.report.files import read_paragraphs

from .claims import reading

SEED = Path(__file__).parents[3] / "shared" / "seed"
REPORT, FIGURES = SEED / "000_b7f3892a3cb1f6c5.txt", SEED / "figures.csv"
FIGURE_SECTIONS = ("1.1", "1.2", "2.2")

pytestmark = pytest.mark.skipif(
    not (REPORT.exists() and FIGURES.exists()), reason=f"the published report is not part of the project: no {SEED}"
)

Key = tuple[str, str, str, str, int | None, str, Decimal, str, int, int]


@functools.cache
def paragraphs() -> list[str]:
    return read_paragraphs(REPORT)


@functools.cache
def report() -> Reading:
    return reading(*paragraphs())


def figures() -> list[dict[str, str]]:
    with FIGURES.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def figure_key(figure: dict[str, str]) -> Key:
    return (
        figure["budget"],
        figure["scope"],
        figure["of_which"],
        figure["flow"],
        int(figure["year"]),
        figure["measure"],
        Decimal(figure["value"]),
        figure["unit"],
        int(figure["decimals"]),
        int(figure["precision"]),
    )


def claim_key(claim: Claim) -> Key:
    return (
        claim.budget,
        claim.scope,
        claim.of_which,
        claim.flow,
        claim.year,
        claim.measure,
        claim.value,
        claim.unit,
        claim.decimals,
        claim.precision,
    )


def test_every_figure_is_found_with_all_its_fields() -> None:
    left = Counter(claim_key(claim) for claim in report().claims)
    missing = []
    for figure in figures():
        if left[figure_key(figure)]:
            left[figure_key(figure)] -= 1
        else:
            missing.append(f"{figure['id']} {figure['section']} {figure_key(figure)}")
    assert "" == "\n".join(missing)
    assert 218 == len(figures())


def test_the_figures_stand_in_the_sections_they_were_catalogued_in() -> None:
    places = {claim_key(claim): claim.place for claim in reversed(report().claims)}
    found = sorted((places[figure_key(figure)].paragraph, figure["section"]) for figure in figures())
    assert sorted(section for _, section in found) == [section for _, section in found]
    for figure in figures():
        section = {"2.0": "2", "2.2.5": "2.2.4"}.get(figure["section"], figure["section"])  # no headings of their own
        assert f"{places[figure_key(figure)].section}.".startswith(f"{section}.")


def test_nothing_in_the_paragraphs_of_figures_is_read_as_anything_else() -> None:
    catalogued = Counter(figure_key(figure) for figure in figures() if figure["section"].startswith(FIGURE_SECTIONS))
    read = Counter(claim_key(claim) for claim in report().claims if claim.place.section.startswith(FIGURE_SECTIONS))
    assert catalogued == read
    others = {other.kind for other in report().others if other.place.section.startswith(FIGURE_SECTIONS)}
    assert {NotFigure.DATE, NotFigure.ORDINAL} == others
    assert () == report().unread


def test_outside_them_claims_are_catalogued_figures_or_say_one_again() -> None:
    catalogued = {figure_key(figure) for figure in figures()}
    assert [] == [claim for claim in report().claims if claim_key(claim) not in catalogued]
    again = Counter(claim_key(claim) for claim in report().claims) - Counter(catalogued)
    assert {("actual", "135.1"), ("growth_on_prior_year", "5.1"), ("actual", "312.9")} == {
        (key[5], str(key[6])) for key in again
    }


def test_money_that_the_accounts_of_work_speak_of_is_no_claim() -> None:
    kinds = Counter(other.kind for other in report().others if other.place.section.startswith("1.3"))
    assert (23, 5) == (kinds[NotFigure.MONEY], kinds[NotFigure.PERCENT])


def test_every_digit_of_the_report_is_in_a_number() -> None:
    read = report()
    places = [*(claim.place for claim in read.claims), *(other.place for other in read.others)]
    found = {(place.paragraph, position) for place in places for position in range(place.start, place.until)}
    digits = {
        (index, position)
        for index, paragraph in enumerate(paragraphs())
        for position, character in enumerate(paragraph)
        if character.isdecimal()
    }
    assert set() == digits - found


def test_the_years_are_those_of_the_title() -> None:
    assert (2025, 2026) == (report().executed, report().drafted)
