"""One consolidation of a drawn country in a process of its own: what it took, and a digest of all it wrote."""

from __future__ import annotations

import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.memory import peak

from .measure import installed

DASK = "Dask, 2"


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds on the clock and of all processors, peaks in MB of the parent and of its largest child. `how`: 1 or 2 processes,
    or DASK, a cluster of two workers on this machine, whose start is not on the clock but in the processors' seconds."""

    counties: int
    files: int
    size: int
    how: str
    clock: float
    cpu: float
    peak: float
    child: float
    digest: str
    runs: int = 1

    @property
    def each(self) -> float:
        """CPU seconds a workbook."""
        return self.cpu / self.files

    def __str__(self) -> str:
        return (
            f"| {self.counties:,} | {self.files:,} | {self.size / 1e6:,.0f} | {self.how} | {self.runs} | {self.clock:,.1f} "
            f"| {self.cpu:,.1f} | {1000 * self.each:,.0f} | {self.peak:,.0f} | {self.child:,.0f} |"
        )


def run(folder: Path, count: int, how: str) -> Run:
    """The command `consolidate` over one country."""
    files = [path.stat().st_size for path in (folder / "returned").rglob("*.xlsx")]
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "tests.benchmarks.country_runs", str(folder), out, how]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=installed())
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        digest = _digest(Path(out))
    told = json.loads(done.stdout.splitlines()[-1])
    found = Run(count, len(files), sum(files), how, digest=digest, **told)
    print(found, file=sys.stderr, flush=True)
    return found


def middle(runs: list[Run]) -> Run:
    """The medians of several runs alike; of their peaks the highest."""
    first = runs[0]
    assert len({each.digest for each in runs}) == 1
    clock, cpu = median(each.clock for each in runs), median(each.cpu for each in runs)
    peaks = max(each.peak for each in runs), max(each.child for each in runs)
    return Run(first.counties, first.files, first.size, first.how, clock, cpu, *peaks, first.digest, len(runs))


def _digest(folder: Path) -> str:
    """Of every name and every byte."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            whole.update(f"{path.relative_to(folder)}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def _command(folder: str, out: str, *arguments: str) -> float:
    """Seconds on the clock, from before anything is imported."""
    start = time.perf_counter()
    from budgetbook.cli import main as command

    try:
        command(["consolidate", "-w", folder, "-o", out, *arguments])
    except SystemExit as ended:
        if ended.code:
            raise
    return time.perf_counter() - start


def _on_dask(folder: str, out: str) -> float:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, memory_limit=None
    ) as local:
        local.wait_for_workers(2)
        return _command(folder, out, "--cluster", local.scheduler_address)


def main(folder: str, out: str, how: str) -> None:
    """Runs it and prints what it took as JSON, on a line of its own."""
    clock = _on_dask(folder, out) if how == DASK else _command(folder, out, "--jobs", how)
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    told = {"clock": clock, "cpu": cpu, "peak": peak() / 1024**2, "child": children.ru_maxrss / 1024}
    print("\n" + json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
