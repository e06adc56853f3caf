"""`check` goes through a folder of everything that comes back: each file has its one outcome, and nothing else happens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from budgetbook.door.limits import MIB

from .corpus import COLUMN, LINE, UNITS, workspace, write_corpus
from .outcome import FIGURE, Outcome

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Run:
    """What was expected, what came of it, and what lay around afterwards."""

    expected: dict[str, Outcome]
    found: dict[str, Any]
    report: dict[str, Any]
    terminal: str
    left: list[str]

    def files(self) -> dict[str, dict[str, Any]]:
        return {Path(each["path"]).name: each for each in self.found["files"]}

    def findings(self, name: str) -> list[dict[str, Any]]:
        return [each for each in self.found["findings"] if Path(each["file"]).name == name]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    base = tmp_path_factory.mktemp("corpus")
    folders = {name: base / name for name in ("work", "here", "home", "tmp", "out")}
    for folder in folders.values():
        folder.mkdir()
    space = workspace(folders["work"], UNITS)
    expected = write_corpus(space.returned, space)
    before = {path for path in base.rglob("*") if path.is_file()}
    places = {"HOME": str(folders["home"]), "TMPDIR": str(folders["tmp"]), "PYTHONPATH": str(ROOT)}
    out = folders["out"]
    command = ["check", "-w", str(space.folder), "--json", str(out / "found.json")]
    done = subprocess.run(
        [sys.executable, "-m", "tests.door.watched", str(out / "report.json"), *command],
        capture_output=True, text=True, cwd=folders["here"], env=os.environ | places, timeout=900, check=True,
    )  # fmt: skip
    ours = {out, space.season}  # what was asked for, and the record that the workspace keeps
    left = [
        str(path) for path in base.rglob("*") if path.is_file() and path not in before and not ours & {*path.parents}
    ]
    found, report = (json.loads((out / name).read_text("utf-8")) for name in ("found.json", "report.json"))
    return Run(expected, found, report, done.stdout + done.stderr, left)


def test_there_are_more_than_150_cases(run: Run) -> None:
    assert len(run.expected) > 150


def test_each_file_has_its_state_and_one_sentence(run: Run) -> None:
    files = run.files()
    assert {name: each.state for name, each in run.expected.items()} == {
        name: each["state"] for name, each in files.items()
    }
    assert all(each["says"].endswith("。") and each["says"].isprintable() for each in files.values())


def test_what_is_wrong_with_a_file_is_said_in_its_words(run: Run) -> None:
    missed = {
        name: [(each["rule"], each["says"]) for each in run.findings(name)]
        for name, outcome in run.expected.items()
        if outcome.rule
        and not any(
            each["rule"] == outcome.rule and outcome.words in each["says"]
            for each in run.found["findings"]
            if Path(each["file"]).name == name or (each["unit"] == outcome.unit and outcome.unit)
        )
    }
    assert {} == missed


def test_each_refused_file_is_one_finding(run: Run) -> None:
    refused = [name for name, outcome in run.expected.items() if outcome.state in ("unreadable", "foreign")]
    assert [] == [name for name in refused if 1 != len(run.findings(name))]


@pytest.mark.long
def test_figures_are_read_right_or_not_at_all(run: Run, tmp_path: Path) -> None:
    from budgetbook.returns import Return, read_return
    from budgetbook.xlsx.read import read

    from .corpus import returns

    space = workspace(tmp_path, UNITS)
    wrong = {}
    for name, content, outcome in returns(space):
        if outcome.state == "read" and outcome.rule != "F-05":
            ret = read_return(space.shape, read(content), name, "")
            assert isinstance(ret, Return)
            held = ret.accounts
            figure = ret.book.at("gp_revenue", LINE, COLUMN)
            wanted = None if outcome.amount is None else outcome.amount * 1_000_000
            told = outcome.rule == "R-INT-01"
            if (figure != wanted and not told) or held.content != held.placed + held.labels + held.reported:
                wrong[name] = figure, held
    assert {} == wrong
    assert FIGURE == run.expected["照填.xlsx"].amount


def test_the_command_ends_with_findings_and_a_total(run: Run) -> None:
    assert 1 == run.report["code"]
    assert "合计：强制" in run.terminal


def test_nothing_of_a_file_reaches_the_terminal_as_control(run: Run) -> None:
    assert [] == [letter for letter in run.terminal if not letter.isprintable() and letter != "\n"]


def test_no_network_is_reached_by_command_or_worker(run: Run) -> None:
    assert [] == run.report["events"]


def test_memory_stays_within_bounds(run: Run) -> None:
    assert run.report["parent"] < 300 * MIB
    assert run.report["worker"] < 1_500 * MIB


def test_no_file_takes_its_time_limit(run: Run) -> None:
    assert [] == [each["path"] for each in run.found["files"] if "超过规定的时间" in each["says"]]


def test_no_file_is_written_but_what_was_asked_for(run: Run) -> None:
    assert [] == run.left
