"""A report against its books: what agrees, what differs and where, and that nothing else is accused."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest

from budgetbook.amount import FEN
from budgetbook.demo import published
from budgetbook.narrative.claim import Claim, Reading
from budgetbook.narrative.claim_map import ClaimMapError, read_claim_map
from budgetbook.narrative.tie_out import Tie, Verdict, counts, coverage
from tests.test_sample import SAMPLE, all_books, sample_shape

from .base import claim_map, needs_report, paragraphs, read, tied, told, written
from .changes import Change, applied, batches

TITLE = "关于2025年预算执行情况和2026年预算草案的报告"


def scale(unit: str) -> Fraction:
    return Fraction(FEN[unit]) if unit in FEN else Fraction(1, 100)


@functools.cache
def base() -> tuple[Reading, tuple[Tie, ...]]:
    return read(*paragraphs()), tuple(tied(*paragraphs()))


@needs_report
def test_every_number_of_the_published_report_has_a_source_and_agrees() -> None:
    _, ties = base()
    assert (221, 221) == coverage(ties)
    assert {Verdict.AGREES: 221} == {verdict: number for verdict, number in counts(ties).items() if number}


@needs_report
def test_the_218_published_figures_have_the_exact_values_of_the_cells_catalogued_by_hand() -> None:
    _, ties = base()
    left = Counter(_sum(tie) for tie in ties)
    missing = []
    for figure in published(SAMPLE / "published.csv"):
        value = all_books()[figure.unit].value(figure.form, figure.line, figure.column)
        key = (figure.unit, figure.value, None if value is None else value / scale(figure.measured_in))
        if not left[key]:
            missing.append(f"{figure.id} {key}")
        left[key] -= 1
    assert [] == missing


def _sum(tie: Tie) -> tuple[str, Decimal, Fraction | None]:
    assert tie.claim is not None
    return tie.cells[0].unit, tie.claim.value, tie.exact


def exact(claim: Claim, tie: Tie, ties: Sequence[Tie]) -> Fraction | None:
    """What the books hold for a claim, by the cells that the unchanged text was traced to, for the unit it now names."""
    codes = {"citywide": "410800", "city_level": "410800SJ", "county_level": "410800XJ"}
    units = {unit.name: unit.code for unit in sample_shape().catalogue.tree}
    code = units[claim.of_which] if claim.of_which else codes[claim.scope]
    book, [cell, *rest] = all_books()[code], tie.cells
    value = book.value(cell.term.form, cell.term.line, cell.term.column)
    if rest or value is None:
        return tie.exact if code == cell.unit else None
    return value / scale(claim.unit)


def outside(claim: Claim, value: Fraction | None) -> bool:
    """Whether the books' value is beyond all that prints as the claim; 左右 leaves room for one more in the last place."""
    half = Fraction(3 if claim.hedge == "左右" else 1, 2 * 10**claim.precision)
    return value is None or abs(value - Fraction(claim.value)) > half


@needs_report
def test_300_seeded_changes_are_found_at_their_places_and_nothing_else_is() -> None:
    reading, ties = base()
    before = {(tie.place.paragraph, tie.place.start): tie for tie in ties}
    kinds, missed, false = Counter[str](), list[str](), list[str]()
    found = 0
    for changes in batches(paragraphs(), reading.claims, 300, seed=6):
        kinds.update(change.kind for change in changes)
        after = {(tie.place.paragraph, tie.place.start): tie for tie in tied(*applied(paragraphs(), changes))}
        by_paragraph = {change.paragraph: change for change in changes}
        for (paragraph, start), tie in before.items():
            change = by_paragraph.get(paragraph)
            now = after.pop((paragraph, change.moved(start) if change else start), None)
            wanted, says = _expected(change, tie, now, ties)
            found += wanted
            if now is None or (now.verdict is Verdict.AGREES) == wanted:
                (missed if wanted else false).append(says)
        assert {} == after
    assert 300 == sum(kinds.values())
    assert {"figure", "unit", "direction", "scope"} == set(kinds)
    assert 300 < found  # a changed scope holds for several numbers
    assert ([], []) == (missed, false)


def _expected(change: Change | None, tie: Tie, now: Tie | None, ties: Sequence[Tie]) -> tuple[bool, str]:
    """Whether the number now there must be found wrong, by the books alone."""
    says = (
        f"{change and (change.kind, change.text)} {tie.printed} → {now and (now.printed, str(now.verdict), now.says)}"
    )
    if now is None or now.claim is None or tie.claim is None or change is None:
        return False, says
    return outside(now.claim, exact(now.claim, tie, ties)), says


def test_a_number_on_the_boundary_is_a_rounding_note_and_one_beyond_is_not() -> None:
    """全市 135.0772 亿元; 5.0862 % growth; 100.1... of the adjusted budget."""
    line = "2025年全市一般公共预算收入完成{}亿元。"
    assert [("一致", "135.08亿元")] == told(tied(TITLE, line.format("135.08")))
    assert [("不一致", "135.07亿元")] == told(tied(TITLE, line.format("135.07")))
    assert [("不一致", "135.2亿元")] == told(tied(TITLE, line.format("135.2")))


def test_a_rate_worked_out_from_printed_amounts_is_a_rounding_note() -> None:
    """312.9/342.5 is 91.358 %; the cells give 91.34 %."""
    line = "2025年全市一般公共预算支出调整预算342.5亿元，完成312.9亿元，为调整预算的{}。"
    assert ("一致", "91.3%") == told(tied(TITLE, line.format("91.3%")))[-1]
    assert ("尾差", "91.4%") == told(tied(TITLE, line.format("91.4%")))[-1]
    assert ("不一致", "91.5%") == told(tied(TITLE, line.format("91.5%")))[-1]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("2025年全市一般公共预算收入完成135.1亿元，同比下降5.1%。", "方向词可能写反了，请核对。"),
        ("2025年市级国有资本经营预算收入完成764亿元。", "单位可能应为万元，请核对。"),
        ("2025年市级一般公共预算收入完成135.1亿元。", "这个数与全市的一致，范围可能写错了，请核对。"),
        ("2025年全市一般公共预算收入完成134.5亿元。", "这个数与“2025年年初预算数”一致，可能取错了栏，请核对。"),
        ("2025年全市一般公共预算收入完成136.6亿元。", "请核对是表改了还是字错了。"),
    ],
)
def test_a_number_that_differs_says_what_it_was_probably_mistaken_for(line: str, says: str) -> None:
    assert tied(TITLE, line)[-1].says.endswith(says)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("2025年全市一般公共预算收入完成135.1亿元，同口径增长5.1%。", "这是同口径的数，表中只有自然口径。"),
        ("2025年市级一般公共预算收入完成30.5亿元（含经开区1亿元）。", "单位名单中没有“经开区”。"),
        ("2024年全市政府债务余额700亿元。", "报表里没有这样的数。"),
    ],
)
def test_a_number_without_a_source_says_why(line: str, says: str) -> None:
    last = tied(TITLE, line)[-1]
    assert (Verdict.NO_SOURCE, True) == (last.verdict, last.says.startswith(says))


def test_words_that_leave_room_are_taken_at_their_word() -> None:
    assert [("一致", "135亿元"), ("一致", "5%")] == told(
        tied(TITLE, "2025年全市一般公共预算收入完成135亿元左右，增长5%左右。")
    )
    assert [("不一致", "140亿元")] == told(tied(TITLE, "2025年全市一般公共预算收入完成140亿元左右。"))
    assert [("一致", "135亿元")] == told(tied(TITLE, "2025年全市一般公共预算收入完成超过135亿元。"))
    assert [("不一致", "136亿元")] == told(tied(TITLE, "2025年全市一般公共预算收入完成超过136亿元。"))


def test_a_county_by_name_and_a_line_by_name_are_found_through_the_tree_and_the_catalogue() -> None:
    book = all_books()["410821"]
    fen = book.at("gp_revenue", "10110", "actual")
    assert fen is not None
    [tie] = tied(TITLE, f"2025年修武县房产税完成{fen // 1_000_000}万元。")
    assert (Verdict.AGREES, "410821", "10110") == (tie.verdict, tie.cells[0].unit, tie.cells[0].term.line)
    [tie] = tied(TITLE, f"2025年修武县环境保护税完成{fen}亿元。")
    assert (Verdict.DIFFERS, "10121") == (tie.verdict, tie.cells[0].term.line)


def test_wordings_of_other_cities_tie_out_too() -> None:
    lines = [
        "2025年，全市一般公共预算总收入{}，其中当年收入完成1350772万元，完成调整预算的100.1%，比上年增加5.1%。",
        "截至2025年底，全市政府债务余额794.43亿元，其中一般债务余额{}。",
    ]
    book = all_books()["410800"]
    cells = ("gp_balance", "T_GPB_R_ALL", "actual"), ("debt_limit", "D1.E", "actual")
    amounts = [f"{(book.at(*cell) or 0) // 1_000_000:,}万元" for cell in cells]
    ties = tied(TITLE, *(line.format(amount) for line, amount in zip(lines, amounts, strict=True)))
    assert {"一致"} == {str(tie.verdict) for tie in ties}, told(ties)
    assert 6 == len(ties)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ('line = "gp_revenue:101" }', "claims.toml 用到不存在的“gp_revenue:T_X”。请核对表名和科目编码。"),
        ("[hedges]", "claims.toml 缺少“hedges”一项。请从原文件补上这一项。"),
    ],
)
def test_a_broken_map_is_refused_with_its_place_and_the_remedy(broken: str, says: str) -> None:
    text = written("claims.toml").replace(broken, broken.replace("101", "T_X").replace("hedges", "hedge"))
    with pytest.raises(ClaimMapError) as error:
        read_claim_map(text, sample_shape().catalogue)
    assert says == str(error.value)


def test_every_account_of_the_map_leads_to_open_cells() -> None:
    assert 80 < len(claim_map().accounts)
