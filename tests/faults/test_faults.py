"""Single faults in the clean returns of the sample: found where they are, told once, and traced; and clean returns stay clean."""

from __future__ import annotations

import functools

import pytest

from budgetbook.book import Book
from budgetbook.checks import check_all, check_one, gathered, judged
from budgetbook.checks.cause import with_causes
from budgetbook.finding import Finding
from budgetbook.returns import Return, read_return
from budgetbook.workspace import Workspace, open_workspace
from budgetbook.xlsx.read import read

from .__main__ import EXCHANGED
from .inject import faults
from .measure import SAMPLE, Outcome, baseline, clean_books, given, key, outcome, sample, sample_shape

EACH = 8


@functools.cache
def measured() -> list[Outcome]:
    """A few of each kind, in cells that an equality holds."""
    found = [outcome(fault) for fault in faults(clean_books(), EACH, seed=7)]
    return [each for each in found if each.protected and each.fault.kind != EXCHANGED]


def share(hits: int) -> float:
    return hits / len(measured())


def test_nearly_every_fault_of_a_held_cell_is_found_at_error_level() -> None:
    assert share(sum(each.level == "error" for each in measured())) > 0.98


def test_what_is_found_is_at_the_cell_or_of_a_relation_through_it() -> None:
    assert share(sum(each.right for each in measured())) > 0.98


def test_the_cause_is_mostly_right_at_first_guess() -> None:
    assert share(sum(each.rank == 1 for each in measured())) > 0.8
    assert share(sum(0 < each.rank <= 3 for each in measured())) > 0.85


@pytest.mark.parametrize(
    "kind", ["按元填列", "按亿元填列", "小数点错一位（大）", "正负号填反", "合计漏加一项", "整栏按元填列"]
)
def test_kinds_that_leave_a_clear_trace_are_nearly_always_named_first(kind: str) -> None:
    mine = [each for each in measured() if each.fault.kind == kind]
    assert sum(each.rank == 1 for each in mine) >= len(mine) - 1


def test_echoes_are_folded_under_their_root() -> None:
    found = [each for each in measured() if each.rank == 1]
    assert sum(each.told for each in found) < sum(each.before for each in found) / 2


def test_a_clean_return_has_no_error_and_no_cause_is_made_up_for_its_warnings() -> None:
    for book in clean_books():
        returns = {book.unit.code: given(book)}
        together = gathered(sample_shape(), returns)
        told = with_causes(together, returns, judged(together, returns))
        assert [] == [finding.says for finding in told if finding.cause or finding.severity == "error"], book.unit.name


@functools.cache
def space() -> Workspace:
    return open_workspace(SAMPLE)


def through_a_workbook(book: Book) -> Return:
    ret = read_return(space().shape, read(space().package(book)), "返回表.xlsx", "")
    assert isinstance(ret, Return)
    return ret


def told_of(ret: Return) -> list[Finding]:
    return [*check_one(ret.book.shape, ret), *check_all(ret.book.shape, {ret.unit.code: ret})]


def test_through_a_real_workbook_a_clean_return_gives_the_same_findings_and_no_more() -> None:
    assert baseline("410821") == {key(finding) for finding in told_of(through_a_workbook(sample()["410821"]))}


def test_through_a_real_workbook_a_fault_is_found_as_in_the_book_and_its_cell_is_named() -> None:
    traced = [each for each in measured() if each.rank == 1 and each.fault.kind in ("小数点错一位（小）", "多打一位")]
    for each in traced[::4]:
        ret = through_a_workbook(each.fault.book)
        new = [finding for finding in told_of(ret) if key(finding) not in baseline(ret.unit.code)]
        place = ret.place(*sample_shape().keys[each.fault.places[0]])
        assert each.before == len(new)
        assert place is not None
        returns = {ret.unit.code: ret}
        told = with_causes(gathered(ret.book.shape, returns), returns, new)
        assert any(str(place) in finding.cause for finding in told)
