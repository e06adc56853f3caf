"""Several processes collect one folder and are killed at random: no return is lost or half archived, and the ledger is whole."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from budgetbook.saving import PARTIAL
from budgetbook.season.collecting import season
from budgetbook.season.ledger import LEDGER, read
from budgetbook.season.pages import page_names, told
from budgetbook.workspace import Workspace
from tests.season.city import run
from tests.season.tiny import sent, tiny_workspace

PROCESSES = 4


class Collector:
    """A process of its own with its workers, to be killed with them."""

    def __init__(self, folder: Path) -> None:
        words = [sys.executable, "-m", "budgetbook", "collect", "-w", str(folder)]
        self.process = subprocess.Popen(  # fixed argument list, no shell
            words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )

    @property
    def busy(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def killed_while_collecting(space: Workspace, returns: int, kills: int, seed: int) -> int:
    """How often a collector was killed at work; each was replaced by another."""
    rng = random.Random(seed)
    due = sorted(rng.sample(range(1, returns), kills))
    running, killed = [Collector(space.folder) for _ in range(PROCESSES)], 0
    while due and any(each.busy for each in running):
        if len(page_names(space.season, "received")) >= due[0]:
            due.pop(0)
            victim = rng.choice([each for each in running if each.busy] or running)
            killed += victim.busy
            victim.kill()
            running[running.index(victim)] = Collector(space.folder)
        time.sleep(0.002)
    for each in running:
        each.process.wait()
    return killed


def all_there(space: Workspace, returns: int) -> None:
    assert 0 == run("collect", "-w", space.folder).exit_code
    files = [path for path in (space.season / "archive").rglob("*") if path.is_file() and path.suffix != PARTIAL]
    hashes = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    assert returns == len(files) == len(set(hashes.values()))
    assert [] == [path for path, sha256 in hashes.items() if not sha256.startswith(path.parent.name)]
    known, _ = season(space)
    assert returns == sum(len(history.versions) for history in known.values())
    assert set(hashes.values()) == {history.versions[0].received.sha256 for history in known.values()}
    with closing(sqlite3.connect(space.season / LEDGER)) as ledger:
        assert [("ok",)] == ledger.execute("PRAGMA integrity_check").fetchall()
    assert ([], told(space.season).facts) == (read(space.season).says, read(space.season).facts)
    (space.season / LEDGER).unlink()
    assert told(space.season).facts == read(space.season).facts


def collected_by_four(folder: Path, returns: int, kills: int) -> int:
    space = tiny_workspace(folder, returns)
    codes = [unit.code for unit in space.catalogue.tree.leaves if unit.level == "county"]
    for number, code in enumerate(codes, start=1):
        sent(space, [code], number)
    killed = killed_while_collecting(space, returns, kills, seed=8)
    all_there(space, returns)
    return killed


def test_two_kills_among_thirty_returns_lose_nothing(tmp_path: Path) -> None:
    assert 2 == collected_by_four(tmp_path, 30, 2)


@pytest.mark.long
def test_forty_kills_among_five_hundred_returns_lose_nothing(tmp_path: Path) -> None:
    killed = collected_by_four(tmp_path, 500, 40)
    print(f"{killed} collectors killed at work")
    assert killed >= 30
