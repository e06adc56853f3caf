"""Single faults in the clean returns of the sample: found where they are, told once, and traced; and clean returns stay clean."""

from __future__ import annotations

import functools

import pytest

from budgetbook.checks import check_all, check_one
from budgetbook.checks.cause import with_causes
from budgetbook.returns import Return, read_return
from budgetbook.workspace import open_workspace
from budgetbook.xlsx.read import read

from .__main__ import EXCHANGED
from .inject import Fault, faults
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
    assert share(sum(each.rank == 1 for each in measured())) > 0.72
    assert share(sum(0 < each.rank <= 3 for each in measured())) > 0.78


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
        ret = given(book)
        told = with_causes(sample_shape(), {book.unit.code: ret}, check_all(sample_shape(), {book.unit.code: ret}))
        assert [] == [finding.says for finding in told if finding.cause or finding.severity == "error"], book.unit.name


def through_a_workbook(fault: Fault) -> Return:
    space = open_workspace(SAMPLE)
    ret = read_return(space.shape, read(space.package(fault.book)), "返回表.xlsx", "")
    assert isinstance(ret, Return)
    return ret


def test_through_a_real_workbook_a_clean_return_gives_the_same_findings_and_no_more() -> None:
    code = "410821"
    ret = through_a_workbook(Fault("", sample()[code], (), (), ()))
    found = [*check_one(ret.book.shape, ret), *check_all(ret.book.shape, {code: ret})]
    assert baseline(code) == {key(finding) for finding in found}


def test_through_a_real_workbook_a_fault_is_found_and_its_cell_is_named() -> None:
    made = [
        fault for fault in faults(clean_books()[:1], 1) if fault.kind in ("小数点错一位（小）", "多打一位", "漏打一位")
    ]
    for fault in made:
        ret = through_a_workbook(fault)
        found = [*check_one(ret.book.shape, ret), *check_all(ret.book.shape, {ret.unit.code: ret})]
        new = [finding for finding in found if key(finding) not in baseline(ret.unit.code)]
        told = with_causes(ret.book.shape, {ret.unit.code: ret}, new)
        place = ret.place(*sample_shape().keys[fault.places[0]])
        assert place is not None
        assert any(str(place) in finding.cause for finding in told), fault.kind
