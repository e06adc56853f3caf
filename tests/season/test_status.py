"""From what happened to how things stand: the states of units and forms, versions, totals and what they wait for."""

from __future__ import annotations

import datetime as dt
import functools
import json
from pathlib import Path

import openpyxl
import pytest

from budgetbook.season.facts import (
    Accepted,
    Checked,
    Consolidated,
    Fact,
    Issued,
    Received,
    Reopened,
    Tally,
    Trouble,
)
from budgetbook.season.history import histories
from budgetbook.season.job import status_json, status_workbook, write_reminders
from budgetbook.season.reminders import reminder
from budgetbook.season.status import Status, UnitState, status
from budgetbook.season.status_report import as_text
from budgetbook.unit import Unit
from budgetbook.workspace import Workspace
from tests.season.tiny import tiny_workspace

DAY = dt.date(2026, 12, 10)


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return tiny_workspace(tmp_path_factory.mktemp("tiny"))


def at(day: int) -> str:
    return f"2026-12-{day:02}T04:00:00.000000+00:00"


def stands(space: Workspace, *facts: Fact, due: int = 8, day: dt.date = DAY) -> Status:
    days = {unit.code: dt.date(2026, 12, due) for unit in space.catalogue.tree.leaves}
    return status(space.catalogue, "某市", histories(sorted(facts, key=lambda fact: fact.at)), days, day)


def county(space: Workspace, *facts: Fact, due: int = 8) -> UnitState:
    return next(each for each in stands(space, *facts, due=due).units if each.unit.code == "C1")


ISSUED = Issued("C1", at(1), "12345678", "d")


def received(day: int, sha256: str = "a", unit: str = "C1") -> Received:
    return Received(unit, at(day), sha256, f"{unit}{sha256}.xlsx")


def checked(space: Workspace, day: int, sha256: str = "a", *tallies: Tally, absent: tuple[str, ...] = ()) -> Checked:
    troubles = tuple(Trouble("error", each.form, "f", "差 1 万元。") for each in tallies if each.wrong)
    return Checked("C1", at(day), sha256, space.catalogue.digest, tallies, troubles, absent)


def test_before_anything_happened_a_unit_is_not_issued(space: Workspace) -> None:
    assert "未发" == str(county(space))


def test_an_issued_unit_waits_until_the_deadline_and_is_missing_after_it(space: Workspace) -> None:
    assert ("已发", 0) == (str(county(space, ISSUED, due=10)), county(space, ISSUED, due=10).late)
    assert ("未报", 2) == (str(county(space, ISSUED)), county(space, ISSUED).late)


def test_a_return_that_came_late_says_by_how_many_days(space: Workspace) -> None:
    assert ("已收", 1) == (str(county(space, ISSUED, received(9))), county(space, ISSUED, received(9)).late)


@pytest.mark.parametrize(
    ("tallies", "says"),
    [
        ((Tally("three_public", 2, 1, 0, 0), Tally("", 1, 0, 0, 0)), "有误 3"),
        ((Tally("three_public", 0, 2, 1, 0),), "待说明 2"),
        ((Tally("three_public", 0, 0, 1, 0),), "已说明"),
        ((Tally("three_public", 0, 0, 0, 1),), "已说明"),
        ((Tally("three_public", 0, 0, 0, 0),), "已收"),
        ((), "已收"),
    ],
)
def test_what_a_check_found_decides_the_state(space: Workspace, tallies: tuple[Tally, ...], says: str) -> None:
    assert says == str(county(space, received(2), checked(space, 3, "a", *tallies)))


def test_each_form_has_its_own_state_and_one_that_is_not_in_the_return_is_missing(space: Workspace) -> None:
    found = county(
        space, received(2), checked(space, 3, "a", Tally("three_public", 2, 1, 0, 0), absent=("explanation",))
    )
    assert [("cover", "received", 0), ("three_public", "wrong", 2), ("explanation", "missing", 0)] == [
        (each.form, each.state, each.count) for each in found.forms
    ]


def test_what_was_checked_by_another_catalogue_is_not_checked(space: Workspace) -> None:
    old = Checked("C1", at(3), "a", "old", (Tally("three_public", 2, 0, 0, 0),), (), ())
    found = county(space, received(2), old)
    assert ("已收", False) == (str(found), found.checked)


def test_an_accepted_version_stays_when_another_comes_until_it_is_reopened(space: Workspace) -> None:
    facts = [received(2), Accepted("C1", at(3), "a", "张", "核对无误"), received(4, "b")]
    found = county(space, *facts)
    assert ("已接收", "C1a.xlsx", ["C1b.xlsx"], "张") == (
        str(found),
        found.version.received.file if found.version else "",
        [each.received.file for each in found.waiting],
        found.by,
    )
    found = county(space, *facts, Reopened("C1", at(5), "张", "改数"))
    assert ("已收", 2) == (str(found), found.version.number if found.version else 0)


def test_under_an_accepted_total_units_are_locked(space: Workspace) -> None:
    assert "已锁定" == str(county(space, received(2), Accepted("ALL", at(4), "x", "张", "")))


def test_rivals_are_shown_and_none_of_them_counts(space: Workspace) -> None:
    found = county(space, received(2), received(2, "b"))
    assert (None, 2) == (found.version, len(found.rivals))


def names(units: tuple[Unit, ...]) -> list[str]:
    return [unit.name for unit in units]


def test_a_total_names_what_it_waits_for_and_what_made_it_stale(space: Workspace) -> None:
    everyone = [received(2, "a", code) for code in ("BJ", "C1", "C2")]
    whole = stands(space, *everyone[:2]).totals[0]
    assert ("none", ["第2县"], ["市本级", "第1县"]) == (whole.standing, names(whole.missing), names(whole.unaccepted))
    digest = space.catalogue.digest
    made = Consolidated("ALL", at(3), "t", "out/x.xlsx", digest, tuple((code, "a") for code in ("BJ", "C1", "C2")))
    assert "current" == stands(space, *everyone, made).totals[0].standing
    stale = stands(space, *everyone, made, received(4, "b")).totals[0]
    assert ("stale", ["第1县"]) == (stale.standing, names(stale.changed))
    edited = stands(space, *everyone, Consolidated("ALL", at(3), "t", "f", "old", made.inputs)).totals[0]
    assert ("stale", True) == (edited.standing, edited.edited)


def test_the_json_face_names_every_state(space: Workspace) -> None:
    told = json.loads(status_json(stands(space, ISSUED)))
    assert ("budgetbook/status/1", 2026, 3) == (told["schema"], told["year"], len(told["units"]))
    assert ("missing", 2) == (told["units"][1]["state"], told["units"][1]["late"])
    assert {"unissued": 2, "missing": 1} == {state: count for state, count in told["summary"].items() if count}


def test_nothing_that_came_from_a_file_can_control_the_terminal(space: Workspace) -> None:
    evil = Received("C1", at(2), "b", "\x1b[31m.xlsx")
    assert "\x1b" not in "\n".join(as_text(stands(space, received(2), evil)))


def test_a_reminder_asks_for_what_is_due(space: Workspace) -> None:
    ask = functools.partial(reminder, stands(space))
    assert "已逾期 2 天" in ask(county(space, ISSUED))
    assert "请于 12 月 10 日前填报" in ask(county(space, ISSUED, due=10))
    wrong = ask(county(space, received(2), checked(space, 3, "a", Tally("three_public", 1, 0, 0, 0))))
    assert "第 1 版报表（C1a.xlsx）有 1 项必须改正：\n1. 差 1 万元。" in wrong
    assert "" == ask(county(space, received(2), checked(space, 3)))


def test_the_workbook_has_units_forms_totals_and_reminders(space: Workspace, tmp_path: Path) -> None:
    found = stands(space, ISSUED, received(9), checked(space, 9, "a", Tally("three_public", 2, 0, 0, 0)))
    (tmp_path / "x.xlsx").write_bytes(status_workbook(space, found))
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert ["进度", "表别", "汇总", "催报"] == book.sheetnames
    row = next(row for row in book["表别"].iter_rows(values_only=True) if row[0] == "第1县")
    assert ("第1县", "已收", "有误 2") == row[:3]
    assert ["催报_C1_第1县.txt"] == [path.name for path in write_reminders(found, tmp_path / "催报")]
