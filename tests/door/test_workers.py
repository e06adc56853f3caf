"""Work on hostile bytes may hang, swell, crash or try to leave; the batch goes on and says so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from budgetbook.door.candidates import Candidate, candidate
from budgetbook.door.kinds import Kind
from budgetbook.door.limits import MIB
from budgetbook.door.preflight import preflight
from budgetbook.door.remarks import Verdict
from budgetbook.door.workers import Killed, Workers

from . import work
from .packages import rows, workbook

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no memory limit for one process")
FAR = rows('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
ROOT = Path(__file__).parents[2]


def _candidates(*contents: str) -> list[Candidate]:
    return [candidate(content, content.encode()) for content in contents]


def _codes(pool: Workers[str], *contents: str) -> list[str]:
    """The result of each, or the code of what killed it."""
    return [each.code if isinstance(each, Killed) else each for _, each in pool.run(_candidates(*contents))]


@pytest.fixture(scope="module")
def pool() -> Iterator[Workers[str]]:
    with Workers(work.obey, jobs=2, seconds=20, memory=300 * MIB) as pool:
        yield pool


def test_results_come_in_the_order_of_the_candidates(pool: Workers[str]) -> None:
    given = _candidates("sleep 0.3", *(f"word{n}" for n in range(20)))
    assert [(each.path, each.path) for each in given] == [(each.path, told) for each, told in pool.run(given)]


def test_or_as_they_are_ready(pool: Workers[str]) -> None:
    list(pool.run(_candidates("a", "b", "c")))  # both processes are up
    given = _candidates("sleep 1", "a", "b", "c", "d")
    assert "sleep 1" == list(pool.run(given, ordered=False))[-1][1]


def test_large_files_wait_outside_until_a_process_is_free() -> None:
    inside: list[int] = []

    def arriving() -> Iterator[Candidate]:
        for number in range(12):
            inside.append(number)
            yield Candidate(f"{number}", "", b"x" * (20 * MIB), Kind.XLSX)

    with Workers(work.length, jobs=2) as pool:
        for number, (found, told) in enumerate(pool.run(arriving()), start=1):
            assert (20 * MIB, b"") == (told, found.content)
            assert len(inside) <= number + 3  # two in processes, one at the door


def test_no_candidates_no_results(pool: Workers[str]) -> None:
    assert [] == list(pool.run([]))


def test_few_candidates_are_held_at_a_time(pool: Workers[str]) -> None:
    drawn: list[str] = []

    def draw() -> Iterator[Candidate]:
        for each in _candidates(*(str(n) for n in range(100))):
            drawn.append(each.path)
            yield each

    for count, _ in enumerate(pool.run(draw())):
        assert len(drawn) <= count + 2 * 2


@pytest.mark.parametrize("death", ["exit 3", "exit 0", "abort", "crash", "panic"])
def test_a_process_that_dies_costs_one_file(pool: Workers[str], death: str) -> None:
    assert ["a", "crashed", "b", "crashed", "c"] == _codes(pool, "a", death, "b", death, "c")


@POSIX
def test_a_file_that_needs_too_much_memory_costs_one_file(pool: Workers[str]) -> None:
    assert ["a", "memory", "b"] == _codes(pool, "a", "eat 500000000", "b")


def test_what_fits_in_memory_is_read(pool: Workers[str]) -> None:
    assert ["100000000"] == _codes(pool, "eat 100000000")


def test_a_file_that_takes_too_long_costs_one_file() -> None:
    with Workers(work.obey, jobs=2, seconds=0.5) as pool:
        assert ["a", "timeout", "b", "c"] == _codes(pool, "a", "sleep 60", "b", "c")


def test_time_in_which_the_answer_is_not_fetched_does_not_count() -> None:
    with Workers(work.obey, jobs=1, seconds=0.5) as pool:
        results = []
        for _, each in pool.run(_candidates("a", "b", "c")):
            results.append(each)
            time.sleep(0.7)
        assert ["a", "b", "c"] == results


def test_an_error_in_the_work_costs_one_file_and_keeps_its_trace(pool: Workers[str]) -> None:
    (_, killed), (_, after) = pool.run(_candidates("raise", "b"))
    assert isinstance(killed, Killed)
    assert "failed" == killed.code
    assert "ValueError: 出乎预料" in killed.trace
    assert "b" == after


@pytest.mark.parametrize("content", ["recurse", "lambda"])
def test_endless_recursion_and_results_that_cannot_travel_cost_one_file(pool: Workers[str], content: str) -> None:
    assert ["failed", "b"] == _codes(pool, content, "b")


def test_each_death_has_a_sentence_that_says_what_to_do(pool: Workers[str]) -> None:
    for _, killed in pool.run(_candidates("exit 1", "raise")):
        assert isinstance(killed, Killed)
        assert "不影响其他文件。请" in killed.says
        assert killed.says.endswith("。")


def test_a_process_serves_many_files() -> None:
    with Workers(work.process, jobs=1) as pool:
        assert 1 == len({process for _, process in pool.run(_candidates("a", "b", "c"))})


def test_a_process_that_died_while_idle_costs_no_file() -> None:
    with Workers(work.process, jobs=1) as pool:
        ((_, first),) = pool.run(_candidates("a"))
        assert isinstance(first, int)
        os.kill(first, signal.SIGTERM)
        time.sleep(0.3)
        ((_, second),) = pool.run(_candidates("a"))
        assert isinstance(second, int)
        assert first != second


def test_bytes_arrive_as_they_are_whatever_their_number() -> None:
    sizes = [1, 100_000, 50 * MIB]
    with Workers(work.length, jobs=2) as pool:
        found = pool.run(candidate(str(size), bytes(size)) for size in sizes)
        assert sizes == [result for _, result in found]


def test_candidates_that_cannot_be_collected_stop_the_batch_and_leave_the_pool_sound(pool: Workers[str]) -> None:
    def collect() -> Iterator[Candidate]:
        yield from _candidates("a", "b")
        raise FileNotFoundError("没有这个路径")

    with pytest.raises(FileNotFoundError):
        list(pool.run(collect()))
    assert ["c"] == _codes(pool, "c")


def test_a_batch_left_half_way_leaves_the_pool_sound(pool: Workers[str]) -> None:
    batch = pool.run(_candidates("a", "sleep 60", "sleep 60"))
    next(batch)
    batch.close()  # type: ignore[attr-defined]
    assert ["b", "c"] == _codes(pool, "b", "c")


def test_nothing_that_the_work_prints_reaches_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    with Workers(work.obey, jobs=1) as pool:
        assert ["print", "crashed"] == _codes(pool, "print", "abort")
    assert ("", "") == capfd.readouterr()


@pytest.mark.skipif(sys.platform == "linux", reason="a forked process finds whatever its parent has")
def test_work_that_cannot_be_started_is_our_error_and_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("tests.door.known_to_the_parent_only")
    exec("def absent(content): return len(content)", vars(module))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    with Workers[int](module.absent, jobs=1) as pool, pytest.raises(RuntimeError, match="did not start"):
        list(pool.run(_candidates("a")))


@pytest.mark.parametrize("way", ["connect", "resolve", "socket", "program", "shell", "fork"])
def test_a_worker_reaches_neither_the_network_nor_another_program(way: str) -> None:
    with Workers(work.reach_out, jobs=1) as pool:
        ((_, answer),) = pool.run(_candidates(way))
    assert "a worker may not" in str(answer)


@pytest.mark.parametrize("way", ["write", "append", "create", "delete", "rename", "folder"])
def test_a_worker_writes_nothing(tmp_path: Path, way: str) -> None:
    path = tmp_path / "a.txt"
    if way in ("delete", "rename"):
        path.write_text("x")
    before = sorted(tmp_path.iterdir())
    with Workers(work.reach_out, jobs=1) as pool:
        ((_, answer),) = pool.run(_candidates(f"{way} {path}"))
    assert "a worker may not" in str(answer)
    assert before == sorted(tmp_path.iterdir())


@POSIX
def test_the_file_that_aborts_the_reader_costs_one_file_when_no_preflight_stops_it() -> None:
    given = [candidate(name, content) for name, content in (("a", workbook()), ("far", FAR), ("b", workbook()))]
    with Workers(work.read_at_once, jobs=1) as pool:
        first, far, last = (result for _, result in pool.run(given))
    assert isinstance(far, Killed)
    assert "crashed" == far.code
    assert work.read_at_once(workbook()) == first == last


def test_preflight_stops_that_file_before_the_reader_sees_it() -> None:
    with Workers(preflight, jobs=1) as pool:
        ((_, verdict),) = pool.run([candidate("far", FAR)])
    assert isinstance(verdict, Verdict)
    assert ["cell-box"] == [remark.code for remark in verdict.refusals]


BATCH = """
    import sys, time
    from budgetbook.door.candidates import candidate
    from budgetbook.door.workers import Workers
    from tests.door import work

    if __name__ == "__main__":
        given = [candidate(f"{n}", content) for n, content in enumerate([b"a", *[b"sleep 60"] * 4])]
        with Workers(work.obey, jobs=2, seconds=3) as pool:
            for _, result in pool.run(given):
                print(result, flush=True)
"""


def _session(leader: int) -> list[int]:
    """The processes of a session that are alive."""
    alive = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] != "Z":
            alive.append(int(status.parent.name))
    return alive


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to count processes")
@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_batch_that_is_interrupted_leaves_no_process(tmp_path: Path, blow: signal.Signals) -> None:
    script = tmp_path / "batch.py"
    script.write_text(textwrap.dedent(BATCH), encoding="utf-8")
    batch = subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert batch.stdout and "a\n" == batch.stdout.readline()
    assert len(_session(batch.pid)) > 2
    if blow is signal.SIGINT:
        os.killpg(batch.pid, blow)  # as a terminal does: every process gets it
    else:
        batch.send_signal(blow)
    _, errors = batch.communicate(timeout=20)
    deadline = time.monotonic() + 60  # on a busy machine; left as soon as they are gone
    while _session(batch.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [] == _session(batch.pid)
    assert errors.count("Traceback") <= (blow is signal.SIGINT)


IDLE = """
    import os, signal
    from budgetbook.door.candidates import candidate
    from budgetbook.door.workers import Workers
    from tests.door import work

    if __name__ == "__main__":
        with Workers(work.obey, jobs=2) as pool:
            for _, result in pool.run([candidate(f"{n}", b"a") for n in range(4)]):
                print(result, flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to count processes")
def test_workers_that_wait_for_a_file_end_when_the_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "idle.py"
    script.write_text(textwrap.dedent(IDLE), encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    batch = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, start_new_session=True, env=environment)
    batch.communicate(timeout=60)
    deadline = time.monotonic() + 20
    while _session(batch.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [] == _session(batch.pid)
