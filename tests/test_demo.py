"""The demonstration writes into a folder of its own, and over nothing that a person has put there."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from click.testing import CliRunner, Result

from budgetbook.cli import main
from budgetbook.demo import SAMPLE, put_returns
from budgetbook.problems import Impossible
from budgetbook.settings import CONFIG, data_folder
from budgetbook.workspace import Workspace
from tests.conftest import book

Step = TypeVar("Step")


def demo(folder: Path) -> Result:
    return CliRunner().invoke(main, ["demo", str(folder)])


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def silent(_title: str, steps: Iterable[Step], _total: int | None) -> Iterator[Step]:
    yield from steps


def sent(space: Workspace, amount: int) -> None:
    put_returns(space, {"A": book("A", {("gp_revenue", "10104", "actual"): amount})}, silent)


def test_a_real_workspace_is_refused_and_nothing_in_it_changes(space: Workspace) -> None:
    (space.returned / "甲县.xlsx").write_bytes(b"sent")
    before = contents(space.folder)
    done = demo(space.folder)
    assert (2, f"{space.folder} 是别的工作区，没有改动。请换一个空文件夹\n") == (done.exit_code, done.stderr)
    assert before == contents(space.folder)


def test_the_settings_of_the_demonstration_once_edited_are_somebodys_work(tmp_path: Path) -> None:
    shutil.copy(data_folder("samples") / SAMPLE / CONFIG, tmp_path)
    with (tmp_path / CONFIG).open("a", encoding="utf-8") as settings:
        settings.write('contact = "张三"\n')
    before = contents(tmp_path)
    assert 2 == demo(tmp_path).exit_code
    assert before == contents(tmp_path)


def test_a_folder_of_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "别的.txt").write_text("别的", encoding="utf-8")
    assert (2, f"{tmp_path} 里有别的文件，没有改动。请换一个空文件夹\n") == (
        demo(tmp_path).exit_code,
        demo(tmp_path).stderr,
    )


def test_the_same_returns_may_be_put_there_again(space: Workspace) -> None:
    sent(space, 5)
    before = contents(space.folder)
    sent(space, 5)
    assert before == contents(space.folder)


def test_a_return_that_somebody_changed_is_named_and_kept(space: Workspace) -> None:
    sent(space, 5)
    before = contents(space.folder)
    with pytest.raises(Impossible) as refused:
        sent(space, 6)
    name = space.file_name(space.unit("A"))
    assert str(refused.value) == (
        f"{space.returned} 中的 {name} 与示例不同，没有覆盖。要重新演示，请换一个空文件夹，或先把这个文件移到别处"
    )
    assert before == contents(space.folder)
