"""Many files, tier by tier: the nation from real workbooks, findings on disk, interruptions, and files that cannot be read."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from budgetbook.book import Book
from budgetbook.checks import sorted_findings
from budgetbook.consolidation import as_member, consolidate
from budgetbook.door.seats import FORKS
from budgetbook.finding import FileState, Finding
from budgetbook.findings.shown import as_json, json_pieces, summary
from budgetbook.inquiry.tracing import explain
from budgetbook.tiers.job import closed_country
from budgetbook.tiers.kept import Kept
from budgetbook.tiers.wanted import Wanted
from budgetbook.workspace import open_workspace
from tests.country.figures import country_books
from tests.country.tree import NATION

FOUND = [
    Finding("R-1", "warning", "乙", "2", form="f", line="1"),
    Finding("R-1", "error", "甲", "9", form="f", line="2", value=1, expected=3),
    Finding("R-2", "error", "丙", "1", explanation="说明了"),
    Finding("R-2", "note", "\ud800", "1", file="坏\udc80"),
]


def silent(title: str, steps: Iterable[Any], total: int | None, /) -> Iterator[Any]:
    yield from steps


def totals(folder: Path) -> dict[str, Book]:
    """Tier → its book, consolidated in memory from the figures as drawn."""
    space, leaves, found = open_workspace(folder), dict[str, dict[str, Book]](), dict[str, Book]()
    for tier, book in country_books(space):
        leaves.setdefault(tier, {})[book.unit.code] = book
    for tier in space.whole.tiers:
        own = space.of(tier.code)
        lower = {
            unit.code: as_member(found[unit.code], unit, own.shape) for unit in own.catalogue.tree.regions if unit.tier
        }
        found[tier.code] = consolidate(own.shape, leaves[tier.code] | lower).books[tier.code]
    return found


def command(folder: Path, out: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "budgetbook", "consolidate", "-w", str(folder), "-o", str(out), *arguments]


def run(folder: Path, out: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(folder, out, *arguments), capture_output=True, text=True, check=False)


WAITING = """
import signal, sys, time
from pathlib import Path
from budgetbook.cli import main
from budgetbook.tiers import closers

go, real = Path(sys.argv.pop(1)), closers.close

def close(*given):
    closed = real(*given)
    while not go.exists():
        time.sleep(0.02)
    return closed

closers.close = close
signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts in the background begins without
main()
"""


def at_the_first_book(folder: Path, scratch: Path, *arguments: str) -> subprocess.Popen[str]:
    """A run that has written a book and has others to write; of the processes that close tiers none goes on before there is a
    file named go."""
    shown = command(folder, scratch / "out", *arguments)[3:]
    process = subprocess.Popen(
        [sys.executable, "-c", WAITING, str(scratch / "go"), *shown],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while process.poll() is None and not list((scratch / "out").glob("*.xlsx")):
        time.sleep(0.05)
    return process


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def alone(country_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one process makes of the country: books, and figures in partitions."""
    out = tmp_path_factory.mktemp("alone")
    done = run(country_folder, out / "books", "--jobs", "1", "--figures", str(out / "figures"))
    assert 0 == done.returncode, done.stdout + done.stderr
    assert "已汇总 7 本" in done.stdout
    return out


def test_every_figure_of_the_nation_is_what_its_returns_add_up_to(country_folder: Path, alone: Path) -> None:
    import pyarrow.parquet as parquet

    expected = totals(country_folder)[NATION]
    rows = parquet.read_table(alone / "figures" / f"tier={NATION}" / "figures.parquet").to_pylist()
    found = {(row["form"], row["line"], row["column"]): row["value"] for row in rows if row["unit"] == NATION}
    assert {(form, line, column): value for _, form, line, column, value in expected.rows()} == {
        key: f"{value.normalize():f}" for key, value in found.items()
    }


@pytest.mark.long
def test_two_processes_write_the_same_bytes_as_one(country_folder: Path, alone: Path, tmp_path: Path) -> None:
    run(country_folder, tmp_path / "books", "--jobs", "2", "--figures", str(tmp_path / "figures"))
    assert contents(alone) == contents(tmp_path)


def test_a_file_that_cannot_be_read_costs_its_own_tiers_and_no_other(country_folder: Path, tmp_path: Path) -> None:
    returned = tmp_path / "returned"
    returned.mkdir()
    for path in sorted((country_folder / "returned").glob("0[12]0100/*.xlsx")):
        whole = path.read_bytes()
        (returned / path.name).write_bytes(whole[:5000] if "_010101_" in path.name else whole)
    space = open_workspace(country_folder)
    with closed_country(space, [returned], Wanted(tmp_path / "out"), silent, 1) as country:
        errors = [finding.rule for finding in country.kept.findings("error")]
        assert "010101" in country.missing
        assert 1 == country.written
    assert ["F-01"] == [rule for rule in errors if rule != "R-LVL-03"]
    assert {"020100"} == {path.name.split("_")[1] for path in (tmp_path / "out").iterdir()}


def test_a_figure_of_a_province_is_explained_by_the_books_of_its_cities(country_folder: Path, alone: Path) -> None:
    space, books = open_workspace(country_folder), alone / "books"
    name = space.of("010000").file_name(space.whole["010000"])
    traced = explain(space, books / name, "表02!G5", [country_folder / "returned" / "010000", books], silent)
    assert {"省01本级", "市0101", "市0102"} == {part.unit.name for part in traced.explanation.parts}
    assert () == traced.says


def test_findings_on_disk_come_back_as_if_sorted_in_memory(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "kept.sqlite")
    kept.add("1", [], FOUND[:2])
    kept.add("2", [], FOUND[2:])
    assert sorted_findings(FOUND) == list(kept.findings())
    assert summary(FOUND) == kept.summary()
    assert [FOUND[1]] == list(kept.findings("error", 5))


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_json_piece_by_piece_is_the_json_as_a_whole(count: int) -> None:
    findings = FOUND[:count]
    files = [FileState("a", "b", "c", "d", "read", "说")] * count
    text = "".join(json_pieces(2026, files, findings, {**summary(findings), "shadow": {}}))
    assert as_json(2026, files, findings) == text
    assert json.dumps(json.loads(text), ensure_ascii=False, indent=1) == text


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked for in /proc")
def test_processes_that_close_tiers_end_when_their_parent_is_killed(country_folder: Path, tmp_path: Path) -> None:
    process = at_the_first_book(country_folder, tmp_path, "--jobs", "2")
    closers = children(process.pid)
    assert 2 <= len(closers)
    process.kill()
    end = time.monotonic() + 60
    while time.monotonic() < end and any(map(alive, closers)):
        time.sleep(0.05)
    assert [] == [pid for pid in closers if alive(pid)]
    process.communicate(timeout=60)


def children(parent: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def alive(pid: int) -> bool:
    """Whether it is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not FORKS, reason="a fork sees what was put in place of closing")
def test_ctrl_c_ends_with_a_sentence_and_whole_files(country_folder: Path, tmp_path: Path) -> None:
    process = at_the_first_book(country_folder, tmp_path)
    os.killpg(process.pid, signal.SIGINT)
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGINT)  # nobody waits with one
    (tmp_path / "go").touch()
    _, says = process.communicate(timeout=120)
    assert 130 == process.returncode, says
    assert says.startswith("已中断：读了 15 个文件")
    written = len(list((tmp_path / "out").glob("*.xlsx")))
    assert 2 <= written
    assert f"写出汇总表 {written} 本" in says
    assert "Traceback" not in says
    assert [] == list((tmp_path / "out").glob("*.part"))
