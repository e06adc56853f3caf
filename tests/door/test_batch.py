"""A part at its size limit, and an archive of archives, are gone through within bounds."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from budgetbook.book import Book
from budgetbook.door.cells import address
from budgetbook.door.limits import MIB
from budgetbook.door.preflight import unpack

from .cases import CASES
from .corpus import workspace as workspace_of
from .packages import Item, archive, packed, rows, workbook

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


@pytest.mark.long
@pytest.mark.parametrize("packed_in", ["folder", "zip", "zip in zip"])
def test_a_batch_of_large_files_leaves_the_parent_small(tmp_path: Path, packed_in: str) -> None:
    """Twelve returns of 40 MB, most of it a picture, as files or in archives that themselves are at their limit."""
    space = workspace_of(tmp_path / "work", 12)
    folder = space.returned
    folder.mkdir(exist_ok=True)
    for number, unit in enumerate(space.catalogue.tree.leaves):
        size = 40 * MIB if packed_in == "folder" else 3_600_000
        picture = random.Random(number).randbytes(size)
        parts = unpack(space.package(Book.empty(unit, space.shape))) | {"xl/media/image1.png": picture}
        (folder / f"{number}.xlsx").write_bytes(
            archive(Item(name.encode(), part, method=0 if name.endswith("png") else 8) for name, part in parts.items())
        )
    if packed_in != "folder":
        _archived(folder, packed_in)
    report = tmp_path / "report.json"
    subprocess.run(
        [sys.executable, "-m", "tests.door.watched", str(report), "check", "-w", str(space.folder), "--json", str(tmp_path / "found.json")],
        capture_output=True, cwd=ROOT, timeout=500, check=True,
    )  # fmt: skip
    files = json.loads((tmp_path / "found.json").read_text("utf-8"))["files"]
    assert ["read"] * 12 == [each["state"] for each in files]
    parent = json.loads(report.read_text())["parent"]
    assert parent < 300 * MIB


def _archived(folder: Path, packed_in: str) -> None:
    members = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    for path in list(folder.iterdir()):
        path.unlink()
    inner = archive(Item(name.encode(), content, method=0) for name, content in members.items())
    outer = archive([Item("全部.zip".encode(), inner, method=0)])
    (folder / "返回.zip").write_bytes(outer if packed_in == "zip in zip" else inner)
