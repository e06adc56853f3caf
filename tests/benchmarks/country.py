"""`python -m tests.benchmarks.country [--readme] [--most 3060]`: drawn counties as real workbooks, consolidated to the nation.

Draws the largest country once, some minutes; the smaller ones are parts of it with other totals above. Under a quarter of an
hour in all on two quiet cores.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from budgetbook.workspace import open_workspace
from tests.country.files import write_country
from tests.country.tree import NATION, Size

STEPS = (Size(1, 1, 12), Size(1, 15, 12), Size(3, 15, 12), Size(17, 15, 12))  # 12, 180, 540, 3,060 counties
READMES = [Path(__file__).parents[2] / name for name in ("README.md", "README.zh-CN.md")]
MEASURED = re.compile(r"(<!-- country -->\n).*?(<!-- /country -->\n)", re.DOTALL)
WHO = (("a province", 200), ("the nation, to its counties", 3_400), ("the nation, to its townships", 41_400))  # files
BOTH = 180  # counties for which one process is compared with two


@dataclass(frozen=True, slots=True)
class Run:
    """One consolidation: seconds on the clock and of all processors, peaks of the parent and of its largest child in MB."""

    counties: int
    files: int
    size: int
    jobs: int
    clock: float
    cpu: float
    peak: float
    child: float

    def __str__(self) -> str:
        each = 1000 * self.cpu / self.files
        return (
            f"| {self.counties:,} | {self.files:,} | {self.size / 1e6:,.0f} | {self.jobs} | {self.clock:,.0f} "
            f"| {self.cpu:,.0f} | {each:,.0f} | {self.peak:,.0f} | {self.child:,.0f} |"
        )


def main() -> None:
    """Draw, run, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.country", description=__doc__)
    parser.add_argument("--readme", action="store_true", help="put the table into both READMEs")
    parser.add_argument("--most", type=int, default=3060, help="counties of the largest country")
    parser.add_argument("--probe", nargs=3, metavar=("FOLDER", "OUT", "JOBS"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.probe:
        probe(*given.probe)
        return
    with tempfile.TemporaryDirectory() as folder:
        text = "\n".join(table(Path(folder), [step for step in STEPS if counties(step) <= given.most]))
    print(text)
    for readme in READMES if given.readme else ():
        old = readme.read_text(encoding="utf-8")
        readme.write_text(MEASURED.sub(lambda found: f"{found[1]}{text}\n{found[2]}", old), encoding="utf-8")


def table(folder: Path, steps: list[Size]) -> Iterator[str]:
    """The lines of the table, and what follows from it."""
    start = time.perf_counter()
    for step in reversed(steps):
        draw(step, folder, None if step == steps[-1] else folder / str(counties(steps[-1])))
    print(f"drawn in {time.perf_counter() - start:,.0f} s", file=sys.stderr)
    runs = [run(folder / str(counties(step)), counties(step), jobs) for step in steps for jobs in jobs_of(step)]
    yield "| counties | workbooks | MB | processes | seconds | CPU seconds | CPU ms per workbook | parent's peak MB | worker's peak MB |"
    yield "|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    yield from map(str, runs)
    yield from told(runs)
    yield from arithmetic(runs)


def arithmetic(runs: list[Run]) -> Iterator[str]:
    """What a province and the ministry need, calculated from the largest run."""
    last = runs[-1]
    yield "\n| calculated from the last line | workbooks | GB | core-hours |"
    yield "|---|---:|---:|---:|"
    for name, files in WHO:
        hours = files * last.cpu / last.files / 3600
        yield f"| {name} | {files:,} | {files * last.size / last.files / 1e9:,.1f} | {hours:,.2f} |"


def jobs_of(step: Size) -> tuple[int, ...]:
    return (1, 2) if counties(step) == BOTH else (2,)


def told(runs: list[Run]) -> Iterator[str]:
    """Parallel efficiency and linearity."""
    clock = {(run.counties, run.jobs): run.clock for run in runs}
    if (BOTH, 1) in clock:
        yield f"\nTwo processes against one, {BOTH} counties: {clock[BOTH, 1] / clock[BOTH, 2]:.2f} times as fast."
    two = [run for run in runs if run.jobs == 2]
    for less, more in pairwise(two):
        each = 1000 * (more.cpu - less.cpu) / (more.files - less.files)
        yield f"From {less.counties:,} to {more.counties:,} counties: {each:,.0f} CPU ms for each further workbook."


def counties(size: Size) -> int:
    return size.provinces * size.cities * size.counties


def draw(size: Size, folder: Path, whole: Path | None) -> None:
    """A country under *folder*; of a smaller one only the tiers that differ are written, the others are links into *whole*."""
    own = folder / str(counties(size))
    if whole is None:
        write_country(size, own)
        return
    differing = {NATION} | ({"010000"} if size.cities != STEPS[-1].cities else set())
    write_country(size, own, frozenset(differing))
    for tier in open_workspace(own).whole.tiers:
        if tier.code not in differing:
            linked(whole / "returned" / tier.code, own / "returned" / tier.code)


def linked(there: Path, here: Path) -> None:
    here.mkdir(parents=True)
    for path in there.iterdir():
        os.link(path, here / path.name)


def run(folder: Path, count: int, jobs: int) -> Run:
    """A process of its own."""
    files = [path.stat().st_size for path in (folder / "returned").rglob("*.xlsx")]
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "tests.benchmarks.country", "--probe", str(folder), out, str(jobs)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["code"] == 0, done.stdout
    clock = time.perf_counter() - start
    found = Run(count, len(files), sum(files), jobs, clock, told["cpu"], told["peak"], told["child"])
    print(found, file=sys.stderr, flush=True)
    return found


def probe(folder: str, out: str, jobs: str) -> None:
    """The command itself, then what it took."""
    from budgetbook.cli import main as command

    try:
        command(["consolidate", "-w", folder, "-o", out, "--jobs", jobs])
    except SystemExit as ended:
        code = ended.code
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    peaks = {"peak": own.ru_maxrss / 1024, "child": children.ru_maxrss / 1024}
    print(json.dumps({"code": code, "cpu": cpu} | peaks))


if __name__ == "__main__":
    main()
