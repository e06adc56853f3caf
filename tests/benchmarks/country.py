"""`python -m tests.benchmarks.country [--readme] [--folder DIR] [--most 3060]`: drawn counties as real workbooks, to the nation.

Draws what is not in the folder yet, then consolidates 12, 180, 540 and 3,060 counties with two processes, 180 and 540 also with
one, 180 also on Dask, all but the largest several times in turn. On two quiet cores about six minutes of drawing and fifteen of runs.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import linear_regression

from .country_files import STEPS, counties, draw_all, folder_of
from .country_runs import DASK, Run, middle, run

ROOT = Path(__file__).parents[2]
MEASURED = re.compile(r"(<!-- country -->\n).*?(<!-- /country -->\n)", re.DOTALL)
FILES = (200, 3_400, 41_400)  # of a province, of the nation to its counties, to its townships
WAYS = {180: ("1", "2", DASK), 540: ("1", "2")}  # of counties; of all others with two processes only
ROUNDS = {12: 5, 180: 3, 540: 2}  # of these the medians


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the tables in one language."""

    readme: str
    measured: tuple[str, ...]
    calculated: tuple[str, ...]
    who: tuple[str, str, str]


ENGLISH = Words(
    "README.md",
    (
        "counties",
        "workbooks",
        "MB",
        "processes",
        "runs",
        "seconds",
        "CPU seconds",
        "CPU ms per workbook",
        "parent's peak MB",
        "worker's peak MB",
    ),
    ("calculated from the last line", "workbooks", "GB", "core-hours"),
    ("a province", "the nation, to its counties", "the nation, to its townships"),
)
CHINESE = Words(
    "README.zh-CN.md",
    ("县", "报表（本）", "MB", "进程", "次数", "秒", "处理器秒", "每本处理器毫秒", "主进程最多 MB", "工作进程最多 MB"),
    ("按最后一行推算", "报表（本）", "GB", "处理器小时"),
    ("一个省", "全国到县", "全国到乡镇"),
)


def main() -> None:
    """Draw, run, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.country", description=__doc__)
    parser.add_argument("--readme", action="store_true", help="put the table into both READMEs")
    parser.add_argument("--most", type=int, default=3060, help="counties of the largest country")
    parser.add_argument("--folder", type=Path, help="where drawn countries are kept for the next time")
    parser.add_argument("--draw", action="store_true", help="only draw, into --folder")
    given = parser.parse_args()
    steps = [step for step in STEPS if counties(step) <= given.most]
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        start = time.perf_counter()
        draw_all(folder, steps)
        print(f"drawn in {time.perf_counter() - start:,.0f} s", file=sys.stderr)
        if given.draw:
            return
        runs = [each for step in steps for each in measured(folder_of(folder, step), counties(step))]
    texts = {
        ENGLISH: [*table(runs, ENGLISH), "", *followed(runs), "", *arithmetic(runs, ENGLISH)],
        CHINESE: [*table(runs, CHINESE), "", *arithmetic(runs, CHINESE)],
    }
    print("\n".join(texts[ENGLISH]))
    for words, lines in texts.items() if given.readme else ():
        put(ROOT / words.readme, "\n".join(lines))


def put(readme: Path, text: str) -> None:
    """In place of what was measured before."""
    old = readme.read_text(encoding="utf-8")
    readme.write_text(MEASURED.sub(lambda found: f"{found[1]}{text}\n{found[2]}", old), encoding="utf-8")


def table(runs: list[Run], words: Words) -> Iterator[str]:
    """What was measured, a line each."""
    yield f"| {' | '.join(words.measured)} |"
    yield "|---:" * len(words.measured) + "|"
    yield from map(str, runs)


def followed(runs: list[Run]) -> Iterator[str]:
    """What follows from it."""
    for count in WAYS:
        yield from compared(count, {each.how: each for each in runs if each.counties == count})
    yield from linear(_two(runs))


def _two(runs: list[Run]) -> list[Run]:
    return [each for each in runs if each.how == "2"]


def measured(folder: Path, count: int) -> list[Run]:
    """One country every way, the ways in turn."""
    rounds = [[run(folder, count, how) for how in WAYS.get(count, ("2",))] for _ in range(ROUNDS.get(count, 1))]
    return [middle(list(alike)) for alike in zip(*rounds, strict=True)]


def compared(count: int, by: dict[str, Run]) -> Iterator[str]:
    """Parallel efficiency, and what Dask adds."""
    if not by:
        return
    one, two, dask = by["1"], by["2"], by.get(DASK)
    same = "the same bytes" if len({each.digest for each in by.values()}) == 1 else "OTHER BYTES"
    said = f"{count} counties: two processes are {one.clock / two.clock:.2f} times as fast as one"
    if dask:
        said += f"; Dask takes {dask.clock / two.clock:.2f} times as long as they do and {dask.cpu / two.cpu:.2f} times the CPU"
    yield f"{said}. All write {same}."


def linear(runs: list[Run]) -> Iterator[str]:
    """What each further workbook takes: by the straight line of least squares through all sizes, and from size to size."""
    if len(runs) < 3:
        return
    slope, start = linear_regression([each.files for each in runs], [each.cpu for each in runs])
    yield (
        f"The straight line of least squares through all sizes takes {start:,.1f} CPU seconds before the first workbook "
        f"and {1000 * slope:,.0f} CPU ms for each."
    )
    steps = [(less, more, (more.cpu - less.cpu) / (more.files - less.files)) for less, more in pairwise(runs)]
    for less, more, each in steps:
        yield (
            f"From {less.counties:,} to {more.counties:,} counties each further workbook takes {1000 * each:,.0f} CPU ms, "
            f"{each / slope - 1:+.0%}."
        )
    yield f"That is linear within {max(abs(each / slope - 1) for _, _, each in steps):.0%}."


def arithmetic(runs: list[Run], words: Words) -> Iterator[str]:
    """What a province and the ministry need, calculated from the largest run."""
    last = _two(runs)[-1]
    yield f"| {' | '.join(words.calculated)} |"
    yield "|---|" + "---:|" * (len(words.calculated) - 1)
    for name, files in zip(words.who, FILES, strict=True):
        yield f"| {name} | {files:,} | {files * last.size / last.files / 1e9:,.1f} | {files * last.each / 3600:,.2f} |"


if __name__ == "__main__":
    main()
