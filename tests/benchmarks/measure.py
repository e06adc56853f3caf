"""Times of several ways to do one thing: runs interleaved, medians of processor time and of the clock, ratios, and peak memory."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Case:
    """One way to do it; the result of `run` is thrown away. `command`: a process to be run instead, whose memory is its own."""

    name: str
    run: Callable[[], object] = lambda: None
    command: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Cases to be compared; ratios are to the one named `base`."""

    title: str
    base: str
    cases: Sequence[Case]


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of one run: of processors, those of child processes with them, and by the clock."""

    processor: float
    clock: float


def spent(cases: Sequence[Case], rounds: int) -> dict[str, list[Spent]]:
    """Every case once a round, so that a busy minute hurts all alike; one round before that is not counted. No case collects
    garbage: neither does a worker while it reads."""
    times: dict[str, list[Spent]] = {case.name: [] for case in cases}
    for number in range(rounds + 1):
        for case in cases:
            gc.collect()
            gc.disable()
            before, start = _processor(), time.perf_counter()
            if case.command:
                subprocess.run(case.command, capture_output=True, env=installed())
            else:
                case.run()
            gc.enable()
            if number:
                times[case.name].append(Spent(_processor() - before, time.perf_counter() - start))
    return times


def _processor() -> float:
    told = os.times()
    return told.user + told.system + told.children_user + told.children_system if os.name == "nt" else _fine()


def _fine() -> float:
    """os.times counts in hundredths of a second."""
    import resource

    return sum(
        each.ru_utime + each.ru_stime
        for each in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def installed() -> dict[str, str]:
    """The environment of a command as pip leaves it: with its bytecode compiled and kept."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": os.path.join(os.environ.get("TMPDIR", "/tmp"), "budgetbook-bytecode")}


_SMALL = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss if code in (0, 1) else -1)
"""


def peak(command: Sequence[str]) -> float:
    """MB of a process at its largest, started by a small one: what starts a process counts as its own until it runs."""
    small = subprocess.run(
        [sys.executable, "-c", _SMALL, *command], capture_output=True, text=True, check=True, env=installed()
    )
    if int(small.stdout) < 0:
        raise RuntimeError(f"{' '.join(command)} failed")
    return int(small.stdout) / (1024 * 1024 if sys.platform == "darwin" else 1024)


def table(group: Group, times: Mapping[str, Sequence[Spent]], peaks: Mapping[str, float]) -> str:
    """Markdown."""
    base = median(run.processor for run in times[group.base])
    rows = [
        f"| {name} | {1000 * median(run.processor for run in runs):,.1f} | {1000 * median(run.clock for run in runs):,.1f} "
        f"| {median(run.processor for run in runs) / base:.2f} | {peaks[name]:.0f} |"
        for name, runs in times.items()
    ]
    head = f"| {group.title} | CPU ms | ms | × {group.base} | peak MB |"
    return "\n".join([head, "|---|---:|---:|---:|---:|", *rows, ""])
