"""What the door costs, as a share of reading the workbook: `python tests/benchmarks/door.py [RUNS] [WORKBOOK]...`.

Each run does every step once, so that a slow moment of the machine falls on all of them; medians are shown. `plain` is
python-calamine reading every sheet in this process; the goal for all that the door adds is at most 1.0 of it.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import openpyxl
import python_calamine
import xlsxwriter

from budgetbook.door.candidates import Candidate, candidate
from budgetbook.door.preflight import preflight, unpack
from budgetbook.door.workers import Killed, Workers

SHEETS, LINES, COLUMNS = 20, 300, 8
BATCH = 4


def made() -> bytes:
    """Twenty sheets, 6,000 lines, 60,000 cells, every seventh figure a formula."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    figure, name = book.add_format({"num_format": "#,##0.00", "border": 1}), book.add_format({"border": 1})
    for number in range(1, SHEETS + 1):
        sheet = book.add_worksheet(f"表{number}")
        sheet.write_row(0, 0, ["编码", "科目", *(f"栏{column}" for column in range(1, COLUMNS + 1))])
        sheet.data_validation(1, 2, LINES, COLUMNS + 1, {"validate": "decimal", "criteria": ">", "value": -1e12})
        sheet.protect()
        for line in range(1, LINES + 1):
            sheet.write_string(line, 0, str(20_000 + line), name)
            sheet.write_string(line, 1, f"科目{number}-{line}", name)
            for column in range(2, COLUMNS + 2):
                amount = line * column * 37 % 100_003 + 0.25 * (column % 4)
                if (line + column) % 7:
                    sheet.write_number(line, column, amount, figure)
                else:
                    sheet.write_formula(line, column, f"=ROUND({amount},2)", figure, amount)
    book.close()
    return stream.getvalue()


def saved_by_openpyxl(content: bytes) -> bytes:
    stream = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(content)).save(stream)
    return stream.getvalue()


def plain(content: bytes) -> int:
    """Read everything; the number of rows."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return sum(len(book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names)


def behind_the_door(content: bytes) -> int:
    verdict = preflight(content)
    return plain(content) if verdict.admitted else 0


def drain(pool: Workers[int], given: list[Candidate]) -> None:
    for each, result in pool.run(given):
        assert not isinstance(result, Killed) and result, each.path


def measure(content: bytes, runs: int) -> dict[str, float]:
    """Milliseconds for one workbook, by step."""
    given = [candidate("a.xlsx", content)] * BATCH
    with (
        Workers(plain, jobs=1) as reading,
        Workers(behind_the_door, jobs=1) as checking,
        Workers(behind_the_door, jobs=2) as both,
    ):
        steps: dict[str, tuple[Callable[[], object], int]] = {
            "plain": (lambda: plain(content), 1),
            "unzip": (lambda: unpack(content), 1),
            "hash and sniff": (lambda: candidate("a.xlsx", content), 1),
            "preflight": (lambda: preflight(content), 1),
            "plain in a worker": (lambda: drain(reading, given), BATCH),
            "preflight and plain in a worker": (lambda: drain(checking, given), BATCH),
            "the same in two workers": (lambda: drain(both, given), BATCH),
        }
        times: dict[str, list[float]] = {name: [] for name in steps}
        for run in range(-1, runs):
            for name, (step, count) in steps.items():
                start = time.perf_counter()
                step()
                times[name] += [(time.perf_counter() - start) * 1000 / count] if run >= 0 else []
    return {name: median(each) for name, each in times.items()}


def show(title: str, content: bytes, runs: int) -> None:
    found = measure(content, runs)
    print(f"{title}: {len(content) / 1024:,.0f} KB, medians of {runs} runs")
    for name, milliseconds in found.items():
        print(f"  {name:34}{milliseconds:8.1f} ms {milliseconds / found['plain']:6.2f} x plain")
    added = found["preflight and plain in a worker"] + found["hash and sniff"] - found["plain"]
    print(f"  {'the door adds':34}{added:8.1f} ms {added / found['plain']:6.2f} x plain (goal: at most 1.0)\n")


def main(runs: int, paths: list[str]) -> None:
    content = made()
    books = {"written by xlsxwriter": content, "saved by openpyxl": saved_by_openpyxl(content)}
    for title, each in (books | {path: Path(path).read_bytes() for path in paths}).items():
        show(title, each, runs)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 9, sys.argv[2:])
