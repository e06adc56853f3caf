"""The same country on a Dask cluster of several worker processes: the same bytes, also when a worker is killed on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from budgetbook.problems import Impossible
from budgetbook.tiers import cluster
from budgetbook.tiers.job import closed_country, write_json
from budgetbook.tiers.kept import Kept
from budgetbook.tiers.wanted import Wanted
from budgetbook.workspace import open_workspace
from tests.tiers.test_country import contents, silent

distributed = pytest.importorskip("distributed")
WORKERS = 3


@contextmanager
def workers() -> Iterator[tuple[str, list[int]]]:
    """Address of the scheduler, and the process ids of its workers."""
    with (
        distributed.LocalCluster(
            n_workers=WORKERS, threads_per_worker=1, processes=True, dashboard_address=None, memory_limit=None
        ) as local,
        distributed.Client(local, set_as_default=False) as client,
    ):
        client.wait_for_workers(WORKERS, timeout=120)
        yield local.scheduler_address, list(client.run(os.getpid).values())


def made(folder: Path, out: Path, address: str = "") -> dict[str, bytes]:
    """Books, figures and findings of the country, here or on a cluster."""
    space, wanted = open_workspace(folder), Wanted(out / "books", figures=str(out / "figures"))
    with closed_country(space, [space.returned], wanted, silent, 1, address) as country:
        write_json(country, out / "findings.json")
    return contents(out)


@pytest.mark.long
def test_a_cluster_that_loses_a_worker_gives_the_same_bytes_as_this_machine(
    country_folder: Path, tmp_path: Path
) -> None:
    expected = made(country_folder, tmp_path / "here")
    with workers() as (address, pids):
        killer = Thread(target=kill_at_the_first_book, args=(tmp_path / "there", pids[0]))
        killer.start()
        found = made(country_folder, tmp_path / "there", address)
        killer.join(60)
    assert not killer.is_alive()
    assert {*expected} == {*found}
    assert [] == [name for name in expected if expected[name] != found[name]]


def kill_at_the_first_book(out: Path, pid: int) -> None:
    """One worker dies in the middle: something is written, most is not."""
    wait = 'import pathlib, sys, time\nwhile not list(pathlib.Path(sys.argv[1]).rglob("*.xlsx")): time.sleep(0.02)'
    subprocess.run([sys.executable, "-c", wait, str(out)], check=True, timeout=300)
    os.kill(pid, signal.SIGKILL)


def test_reading_and_closing_on_a_worker_need_nothing_but_their_arguments(country_folder: Path, tmp_path: Path) -> None:
    """The steps in this process, one after another, as a worker gets them: an address is read like a path."""
    folder = str(country_folder)
    paths = sorted(str(path) for path in (country_folder / "returned" / "010100").glob("*.xlsx"))
    reads = [cluster.read_there(folder, f"file://{path}") for path in paths]
    assert [["010100"]] * 3 == [[label.tier for label in cluster.labels_there(read)] for read in reads]
    assert all(not each.label.found.content for read in reads for each in read)
    closed = cluster.close_there(folder, "010100", reads, [0, 0, 0], [], [], Wanted(tmp_path))
    assert (("010100",), ()) == (closed.written, closed.missing)
    assert closed.member is not None


def test_a_cluster_that_is_not_there_is_a_sentence(country_folder: Path, tmp_path: Path) -> None:
    space = open_workspace(country_folder)
    with pytest.raises(Impossible, match="连不上集群"):
        next(cluster.close_on(space, "tcp://127.0.0.1:9", [space.returned], Wanted(), Kept(tmp_path / "kept")))
