"""Times of several ways to do one thing: runs interleaved, medians, ratios, and peak memory of a process that does nothing else."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Case:
    """One way to do it; the result of `run` is thrown away. `before` is done unmeasured, each time."""

    name: str
    run: Callable[[], object]
    before: Callable[[], object] = lambda: None
    process: bool = False  # `run` starts a process, whose own memory is what counts


@dataclass(frozen=True, slots=True)
class Group:
    """Cases to be compared; ratios are to the one named `base`."""

    title: str
    base: str
    cases: Sequence[Case]


def seconds(cases: Sequence[Case], rounds: int) -> dict[str, list[float]]:
    """Every case once a round, so that a busy minute hurts all alike; one round before that is not counted."""
    times: dict[str, list[float]] = {case.name: [] for case in cases}
    for number in range(rounds + 1):
        for case in cases:
            case.before()
            gc.collect()
            start = time.perf_counter()
            case.run()
            if number:
                times[case.name].append(time.perf_counter() - start)
    return times


_SMALL = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss if code in (0, 1) else -1)
"""


def peak(command: Sequence[str]) -> float:
    """MB of a process at its largest, started by a small one: what starts a process counts as its own until it runs."""
    small = subprocess.run([sys.executable, "-c", _SMALL, *command], capture_output=True, text=True, check=True)
    if int(small.stdout) < 0:
        raise RuntimeError(f"{' '.join(command)} failed")
    return int(small.stdout) / (1024 * 1024 if sys.platform == "darwin" else 1024)


def table(group: Group, times: Mapping[str, Sequence[float]], peaks: Mapping[str, float]) -> str:
    """Markdown."""
    base = median(times[group.base])
    rows = [
        f"| {name} | {1000 * median(runs):,.1f} | {1000 * min(runs):,.1f} | {median(runs) / base:.2f} | {peaks[name]:.0f} |"
        for name, runs in times.items()
    ]
    head = f"| | ms, median | ms, best | × {group.base} | peak MB |"
    return "\n".join([f"### {group.title}", "", head, "|---|---:|---:|---:|---:|", *rows, ""])
