"""A folder that cannot be written to and a disk that is full: one sentence, nothing lost, nothing half done."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from budgetbook.saving import PARTIAL
from budgetbook.season.collecting import season
from budgetbook.season.pages import page_names
from budgetbook.workspace import Workspace
from tests.season.city import run
from tests.season.tiny import sent, tiny_workspace

QUOTA = """
import resource, sys
from budgetbook.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, resource.RLIM_INFINITY))
main(sys.argv[1:])
"""


def mounted(*words: str) -> bool:
    return 0 == subprocess.run(["mount", *words], capture_output=True, check=False).returncode  # of util-linux


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    folder.mkdir()
    if (
        os.name != "posix"
        or os.geteuid() != 0
        or not mounted("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))
    ):
        pytest.skip("only root may mount a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)  # of util-linux


def whole(space: Workspace) -> list[str]:
    """What is archived, once it is certain that nothing is half there."""
    files = [path for path in (space.season / "archive").rglob("*") if path.is_file()]
    assert [] == [path for path in files if path.suffix == PARTIAL]
    return sorted(path.name for path in files)


def test_a_writer_with_a_quota_archives_nothing_by_halves_and_everything_later(tmp_path: Path) -> None:
    space = tiny_workspace(tmp_path)
    sent(space, ["BJ", "C1", "C2"])
    words = [sys.executable, "-c", QUOTA, "collect", "-w", str(space.folder)]
    result = subprocess.run(words, capture_output=True, text=True, check=False)  # fixed argument list, no shell
    assert (2, True) == (result.returncode, "文件操作失败：文件超过允许的大小" in result.stderr), result
    assert ([], []) == (whole(space), page_names(space.season))
    assert 0 == run("collect", "-w", space.folder).exit_code
    assert ["BJ.xlsx", "C1.xlsx", "C2.xlsx"] == whole(space)


def test_a_full_disk_is_said_and_what_was_collected_stays(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "1m"):
        space = tiny_workspace(tmp_path / "disk")
        sent(space, ["C1"])
        assert 0 == run("collect", "-w", space.folder).exit_code
        sent(space, ["BJ", "C2"])
        filler = space.folder / "filler"
        with pytest.raises(OSError, match="No space"), filler.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        result = run("collect", "-w", space.folder)
        assert (2, True) == (result.exit_code, "磁盘已满" in result.stderr), result.output
        assert ["C1.xlsx"] == whole(space)
        assert 0 == run("status", "-w", space.folder).exit_code
        assert 2 == run("template", "-w", space.folder).exit_code
        filler.unlink()
        assert 0 == run("collect", "-w", space.folder).exit_code
        assert ["BJ.xlsx", "C1.xlsx", "C2.xlsx"] == whole(space)
        assert {"BJ", "C1", "C2"} == set(season(space)[0])


def test_a_read_only_workspace_can_be_asked_and_not_changed(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "4m"):
        space = tiny_workspace(tmp_path / "disk")
        sent(space, ["C1"])
        assert 0 == run("check", "-w", space.folder).exit_code
        before = run("status", "-w", space.folder).output
        sent(space, ["C2"])
        assert mounted("-o", "remount,ro", str(space.folder))
        assert before == run("status", "-w", space.folder).output
        for words in (("check",), ("accept", "C1"), ("template",)):
            result = run(*words, "-w", space.folder)
            assert (2, True) == (result.exit_code, "文件夹是只读的" in result.stderr), (words, result.output)
        assert before == run("status", "-w", space.folder).output
        assert 0 == run("check", space.returned / "C2.xlsx", "-w", space.folder).exit_code
