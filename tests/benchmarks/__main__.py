"""`python -m tests.benchmarks [-o TABLE.md] [--readme] [--rounds 5] [GROUP]...`: measures, prints, writes the tables."""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from .cases import GROUPS
from .measure import Case, peak, spent, table
from .site import Site

LIBRARIES = ("openpyxl", "xlsxwriter", "python-calamine", "pandas", "numpy")
README = Path(__file__).parents[2] / "README.md"
MEASURED = re.compile(r"(<!-- measured -->\n).*?(<!-- /measured -->\n)", re.DOTALL)


def main() -> None:
    """Each group by itself; each case's memory in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of {', '.join(GROUPS)}; all if none is named")
    parser.add_argument("-o", "--out", type=Path, help="a file of its own for the tables")
    parser.add_argument("--readme", action="store_true", help="put the tables into README.md")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--alone", nargs=3, metavar=("FOLDER", "GROUP", "CASE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.alone:
        alone(*given.alone)
        return
    text = "\n".join([heading(given.rounds), *(measured(name, given.rounds) for name in given.groups or GROUPS)])
    if given.out:
        given.out.write_text(text, encoding="utf-8")
    if given.readme:
        put(text)


def put(text: str) -> None:
    """The tables in their place in the README."""
    readme = README.read_text(encoding="utf-8")
    README.write_text(MEASURED.sub(lambda found: f"{found[1]}{text}{found[2]}", readme), encoding="utf-8")


def heading(rounds: int) -> str:
    """On what and with what it was measured."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    machine = f"{platform.system()}, {os.cpu_count()} cores, CPython {platform.python_version()}"
    return f"{machine}; {libraries}. Medians of {rounds} interleaved runs; ratios are of CPU time.\n"


def measured(name: str, rounds: int) -> str:
    """The table of one group."""
    with tempfile.TemporaryDirectory() as folder:
        group = GROUPS[name](Site(Path(folder)))
        times = spent(group.cases, rounds)
        peaks = {case.name: memory(folder, name, case) for case in group.cases}
    text = table(group, times, peaks)
    print(text, flush=True)
    return text


def memory(folder: str, group: str, case: Case) -> float:
    """Peak MB of a process that prepares the group and runs the one case; of the process itself if the case is one."""
    return peak(case.command or [sys.executable, "-m", "tests.benchmarks", "--alone", folder, group, case.name])


def alone(folder: str, group: str, name: str) -> None:
    """One case once."""
    next(case for case in GROUPS[group](Site(Path(folder))).cases if case.name == name).run()


if __name__ == "__main__":
    main()
