"""A part at its size limit, and an archive of archives, are gone through within bounds."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from budgetbook.door.cells import address
from budgetbook.door.limits import MIB

from .cases import CASES
from .packages import packed, rows, workbook

ROOT = Path(__file__).parents[2]


@pytest.mark.long
@pytest.mark.parametrize("columns", [26, 60])
def test_a_part_at_its_size_limit_stays_within_memory_and_time(tmp_path: Path, columns: int) -> None:
    (tmp_path / "a.xlsx").write_bytes(_large(columns))
    run = subprocess.run(
        [sys.executable, "-m", "tests.door.batch", str(tmp_path)],
        capture_output=True, text=True, cwd=ROOT, timeout=300, check=True,
    )  # fmt: skip
    answer, parent = (json.loads(line) for line in run.stdout.splitlines())
    assert "read" == answer["code"]
    assert answer["peak"] < 1_000 * MIB
    assert parent["parent"] < 300 * MIB


def _large(columns: int) -> bytes:
    """The workbook with 90 MB more of figures in the sheet 收入."""
    draw = random.Random(0)
    letters = [address(0, number)[:-1] for number in range(1, columns + 1)]
    figures = [repr(draw.random()) for _ in range(9_999)]
    made: list[str] = []
    size = 0
    while size < 90_000_000:
        row = len(made) + 20
        cells = "".join(f'<c r="{letter}{row}" s="1"><v>{draw.choice(figures)}</v></c>' for letter in letters)
        made.append(f'<row r="{row}">{cells}</row>')
        size += len(made[-1])
    return rows("".join(made))


def test_an_archive_of_the_whole_corpus_is_gone_through_as_well(tmp_path: Path) -> None:
    members = {f"{case.name}.xlsx": case.make() for case in CASES if not case.refused}
    (tmp_path / "返回.zip").write_bytes(packed({**members, "再压一次.zip": packed({"修武县.xlsx": workbook()})}))
    run = subprocess.run(
        [sys.executable, "-m", "tests.door.batch", str(tmp_path)],
        capture_output=True, text=True, cwd=ROOT, timeout=300, check=True,
    )  # fmt: skip
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert ["read"] * (len(members) + 1) == [each["code"] for each in answers if "path" in each]
