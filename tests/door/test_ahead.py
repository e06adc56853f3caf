"""What one process begins another finishes; a file that was begun before the workspace was open comes to the same as any other."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from pathlib import Path

import pytest

from budgetbook.ahead import Ahead, begin
from budgetbook.door.candidates import Candidate, candidate
from budgetbook.door.limits import MIB
from budgetbook.door.seats import FORKS, Seat, Task
from budgetbook.door.workers import Killed, Workers
from budgetbook.intake import Intake, take_in
from budgetbook.workspace import Workspace
from tests.conftest import book

from . import work
from .cases import CASES, Case
from .packages import workbook
from .test_workers import POSIX

FIGURES: dict[tuple[str, str, str], str | int] = {("gp_revenue", "10101", "actual"): 5}
pytestmark = pytest.mark.skipif(not FORKS, reason="elsewhere nothing is begun ahead")


def codes(*contents: str, seconds: float = 20) -> list[str]:
    """The result of each, or the code of what killed it; the first is begun before there are workers."""
    seat = Seat(work.begin, work.begin, 300 * MIB, seconds, begins=True)
    first, *others = (candidate(content, content.encode()) for content in contents)
    kept = seat.give(Task(0, first))
    with Workers(work.obey, jobs=2, begun=seat, finish=work.finish) as pool:
        return [told.code if isinstance(told, Killed) else told for _, told in pool.run([kept, *others])]


def test_what_was_begun_is_finished_by_another_and_stays_in_its_turn() -> None:
    assert ["finished a", "b", "c"] == codes("a", "b", "c")


def test_what_is_too_much_to_hand_over_is_done_as_a_whole() -> None:
    assert ["too much", "b"] == codes("too much", "b")


def test_results_come_without_the_bytes_of_their_files() -> None:
    for content in (b"a", b"raise", b"too much"):
        seat = Seat(work.begin, work.begin, 300 * MIB, 20, begins=True)
        with Workers(work.obey, jobs=1, begun=seat, finish=work.finish) as pool:
            ((found, _),) = pool.run([seat.give(Task(0, candidate("a", content)))])
        assert b"" == found.content


def test_a_large_workbook_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    assert b"" != begin(workbook())
    monkeypatch.setattr("budgetbook.ahead.MOST", 1000)
    assert b"" == begin(workbook())


@pytest.mark.parametrize("death", ["exit 3", "crash", "panic"])
def test_a_process_that_dies_of_what_it_begins_costs_one_file(death: str) -> None:
    assert ["crashed", "b"] == codes(death, "b")


@POSIX
def test_so_does_one_that_needs_too_much_memory_or_time_or_fails() -> None:
    assert ["memory", "b"] == codes("eat 500000000", "b")
    assert ["timeout", "b"] == codes("sleep 60", "b", seconds=0.5)
    assert ["failed", "b"] == codes("raise", "b")


def test_what_nobody_asks_for_is_ended() -> None:
    seat = Seat(work.begin, work.begin, 300 * MIB, 20, begins=True)
    seat.give(Task(0, candidate("a", b"sleep 60")))
    with Workers(work.obey, jobs=1, begun=seat, finish=work.finish) as pool:
        assert ["b"] == [told for _, told in pool.run([candidate("b", b"b")])]
    seat.clear()
    assert not seat.process.is_alive()


def test_what_is_to_be_done_meanwhile_is_done_once() -> None:
    done: list[str] = []
    steps = [lambda: done.append("a"), lambda: done.append("b")]
    with Workers(work.obey, jobs=1, meanwhile=steps) as pool:
        list(pool.run([candidate("1", b"sleep 0.5"), candidate("2", b"sleep 0.1")]))
    assert ["a", "b"] == done


def read(space: Workspace, paths: Sequence[Path]) -> Intake:
    return deque(take_in(space, paths), maxlen=1).pop()


def begun(space: Workspace, paths: Sequence[Path]) -> Intake:
    with Ahead(paths) as ahead:
        return deque(take_in(space, paths, ahead=ahead), maxlen=1).pop()


def told(intake: Intake) -> tuple[object, ...]:
    books = {code: (ret.book.fen.tolist(), ret.book.texts, ret.where) for code, ret in intake.returns.items()}
    return intake.files, intake.findings, intake.accounts, books


@pytest.mark.parametrize("case", CASES[::16], ids=lambda case: case.name)
def test_an_awkward_file_begun_ahead_comes_to_the_same(case: Case, space: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "returned" / "a.xlsx"
    path.write_bytes(case.make())
    assert told(read(space, [path])) == told(begun(space, [path]))


def test_so_do_returns_side_by_side_with_what_is_none(space: Workspace, tmp_path: Path) -> None:
    for unit in ("A", "B"):
        (space.returned / f"{unit}.xlsx").write_bytes(space.package(book(unit, FIGURES)))
    (space.returned / "0.pdf").write_bytes(b"%PDF-1.7")
    (space.returned / "AA.xlsx").write_bytes((space.returned / "A.xlsx").read_bytes())
    assert told(read(space, [space.returned])) == told(begun(space, [space.returned]))
    assert {"A", "B"} == begun(space, [space.returned]).returns.keys()


def test_a_path_that_is_not_there_is_told_when_it_is_its_turn(tmp_path: Path) -> None:
    with Ahead([tmp_path / "none.xlsx"]) as ahead:
        assert ahead.begun is None


def test_what_was_begun_in_vain_arrives_again(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook())
    with Ahead([path]) as ahead:
        assert ahead.begun is not None
        ahead.close()
        assert [path.read_bytes()] == [found.content for found in ahead if isinstance(found, Candidate)]
