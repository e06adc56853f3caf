"""A folder of everything that can go wrong is gone through to its end, with one answer for each file."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from budgetbook.door.cells import address
from budgetbook.door.kinds import Kind
from budgetbook.door.limits import MIB

from .cases import CASES
from .packages import packed, rows, workbook
from .test_sniff import FILES

ROOT = Path(__file__).parents[2]
Answer = dict[str, str | int | float]
KNOWN_BEFORE_PREFLIGHT = {
    "zip64_ending_that_disagrees": "torn",
    "data_before_the_archive": "unknown",
    "two_archives_in_a_row": "torn",
    "archive_inside_a_comment": "torn",
    "cut_short": "torn",
    "cut_to_the_first_kilobyte": "torn",
    "dtd_in_the_content_types": "torn",
    "macro_workbook_type": "xlsm",
    "no_content_types": "torn",
}


def _folder(folder: Path) -> dict[str, str]:
    """Every case and every kind of file in one folder, with the code that each must end in."""
    expected: dict[str, str] = {}
    for case in CASES:
        (folder / f"{case.name}.xlsx").write_bytes(case.make())
        expected[f"{case.name}.xlsx"] = KNOWN_BEFORE_PREFLIGHT.get(case.name, case.refused or "read")
    for name, (content, kind) in FILES.items():
        (folder / f"file_{name}").write_bytes(content)
        expected[f"file_{name}"] = "read" if kind is Kind.XLSX else kind.code
    (folder / "~$a.xlsx").write_bytes(b"1")
    with (folder / "sparse.xlsx").open("wb") as file:
        file.truncate(3 << 30)
    del expected["file_zip"]
    opened = {"file_zip!a.txt": "text", "file_empty_zip": "archive-empty", "file_empty": "empty"}
    return expected | opened | {"~$a.xlsx": "junk", "sparse.xlsx": "large"}


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], list[Answer], list[str]]:
    """What had to be answered, what was, and the files that lay around afterwards."""
    base = tmp_path_factory.mktemp("batch")
    folders = {name: base / name for name in ("returned", "here", "home", "tmp")}
    for folder in folders.values():
        folder.mkdir()
    expected = _folder(folders["returned"])
    handed_in = {path.name for path in folders["returned"].iterdir()}
    places = {"HOME": str(folders["home"]), "TMPDIR": str(folders["tmp"]), "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-m", "tests.door.batch", str(folders["returned"])],
        capture_output=True, text=True, cwd=folders["here"], env=os.environ | places, timeout=600, check=True,
    )  # fmt: skip
    assert "" == run.stderr
    left = [str(path) for path in base.rglob("*") if path.is_file() and path.name not in handed_in]
    return expected, [json.loads(line) for line in run.stdout.splitlines()], left


Batch = tuple[dict[str, str], list[Answer], list[str]]


def test_each_file_has_its_one_answer(batch: Batch) -> None:
    expected, answers, _ = batch
    found = {Path(str(each["path"])).name: each["code"] for each in answers if "path" in each}
    assert expected == found
    assert len(found) == len([each for each in answers if "path" in each])


def test_each_file_that_is_not_read_has_a_sentence(batch: Batch) -> None:
    assert all(str(each["says"]).endswith("。") for each in batch[1] if each.get("code", "read") != "read")


def test_no_worker_comes_near_its_memory_limit_and_the_parent_stays_small(batch: Batch) -> None:
    assert max(int(each.get("peak", 0)) for each in batch[1]) < 1_000 * MIB
    assert max(int(each.get("parent", 0)) for each in batch[1]) < 300 * MIB


def test_no_file_takes_its_time_limit(batch: Batch) -> None:
    assert max(float(each.get("seconds", 0)) for each in batch[1]) < 30


def test_no_file_is_written(batch: Batch) -> None:
    assert [] == batch[2]


def test_good_files_among_them_are_read_right(batch: Batch) -> None:
    rows = {Path(str(each["path"])).name: each.get("rows") for each in batch[1] if "path" in each}
    assert 12 == rows["as_office_writes_it.xlsx"] == rows["a_false_dimension.xlsx"] == rows["hidden_sheet.xlsx"]


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
