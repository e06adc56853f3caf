"""Of versions that came at once a person chooses: by what is left in `returned`, or by number. What is set aside is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from budgetbook.season.collecting import season
from budgetbook.season.facts import Received
from budgetbook.workspace import Workspace
from tests.season.city import run
from tests.season.test_collecting import check, states
from tests.season.test_deciding import done, refused
from tests.season.tiny import sent, tiny_book, tiny_workspace


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return tiny_workspace(tmp_path)


def saved(space: Workspace, name: str, budget: int, folder: str = "returned") -> Path:
    """A file of C1 that plans *budget*."""
    path = space.folder / folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(space.package(tiny_book(space, "C1", budget)))
    return path


def counts(space: Workspace) -> str:
    """The file of C1 that a check reads."""
    return "、".join(Path(each["path"]).name for each in check(space)["files"] if each["state"] == "read")


def errors(space: Workspace) -> list[str]:
    return [each["rule"] for each in check(space)["findings"] if each["severity"] == "error" and each["rule"] != "F-03"]


def received(space: Workspace) -> list[Received]:
    return [version.received for version in season(space)[0]["C1"].versions]


def number(space: Workspace, file: str) -> int:
    """Which version of C1 a file is; of two that came at once either may be the first."""
    return next(each.number for each in season(space)[0]["C1"].versions if each.received.file == file)


def county(space: Workspace) -> str:
    return next(line for line in done(space, "status").splitlines() if line.startswith("第1县"))


@pytest.fixture
def two_more(space: Workspace) -> Workspace:
    """C1 came alone and was checked; then two more came at once."""
    sent(space, ["C1"])
    check(space)
    saved(space, "C1丙.xlsx", 11)
    saved(space, "C1丁.xlsx", 12)
    check(space)
    return space


def test_a_correction_saved_before_the_first_version_came_counts_once_it_is_collected(space: Workspace) -> None:
    correction = saved(space, "C1改正.xlsx", 11, "下载")
    sent(space, ["C1"])
    check(space)
    assert "新收 1 份" in run("collect", correction, "-w", space.folder).stdout
    assert "第 2 版" in county(space)
    assert [("C1.xlsx", "superseded"), ("C1改正.xlsx", "read")] == states(check(space))
    assert "第 2 版（C1改正.xlsx" in done(space, "accept", "C1")


def test_what_was_given_to_collect_does_not_lose_to_what_lay_in_the_folder_unseen(space: Workspace) -> None:
    sent(space, ["C1"])
    run("collect", saved(space, "C1改正.xlsx", 11, "下载"), "-w", space.folder)
    for _ in range(2):
        assert ["F-05"] == errors(space)
        assert [("C1.xlsx", "superseded"), ("C1改正.xlsx", "superseded")] == states(check(space))
    (space.returned / "C1.xlsx").unlink()
    assert "C1改正.xlsx" == counts(space)


def test_of_two_given_to_collect_at_once_one_is_chosen_by_its_number(space: Workspace) -> None:
    saved(space, "C1甲.xlsx", 11, "下载")
    saved(space, "C1乙.xlsx", 12, "下载")
    run("collect", space.folder / "下载", "-w", space.folder)
    assert "accept 第1县 --version 1 或 2" in check(space)["findings"][0]["says"]
    chosen = number(space, "C1乙.xlsx")
    assert f"已选定第1县的第 {chosen} 版（C1乙.xlsx" in refused(space, "accept", "C1", "--version", chosen)
    assert [("C1乙.xlsx", "read")] == states(check(space))
    assert f"已接收第1县的第 {chosen} 版" in done(space, "accept", "C1")


def test_the_one_that_is_left_counts_though_it_came_before_the_two_that_came_at_once(two_more: Workspace) -> None:
    for name in ("C1丙.xlsx", "C1丁.xlsx"):
        (two_more.returned / name).unlink()
    assert [] == errors(two_more)
    assert [("C1.xlsx", "read"), ("C1丁.xlsx", "superseded"), ("C1丙.xlsx", "superseded")] == states(check(two_more))
    assert "第 1 版" in county(two_more) and "另收到第 3 版（" in county(two_more)
    assert "已接收第1县的第 1 版" in done(two_more, "accept", "C1")


def test_an_older_version_does_not_come_back_where_the_one_that_counted_is_not_there(space: Workspace) -> None:
    sent(space, ["C1"])
    check(space)
    run("collect", saved(space, "C1改正.xlsx", 9, "下载"), "-w", space.folder)
    more = [saved(space, "C1丙.xlsx", 11), saved(space, "C1丁.xlsx", 12)]
    check(space)
    for path in more:
        path.unlink()
    assert ["F-05"] == errors(space)
    assert "已选定第1县的第 2 版（C1改正.xlsx" in refused(space, "accept", "C1", "--version", 2)
    assert "C1改正.xlsx" == counts(space)


def test_nobody_chooses_by_emptying_the_folder(two_more: Workspace) -> None:
    for path in two_more.returned.iterdir():
        path.unlink()
    assert ["F-05"] == errors(two_more)
    assert "--version 2 或 3" in check(two_more)["findings"][0]["says"]


def test_of_three_each_is_told_when_it_came(two_more: Workspace) -> None:
    says = {Path(each["path"]).name: each["says"] for each in check(two_more)["files"]}
    assert "同时收到" in says["C1丙.xlsx"] and "同时收到" in says["C1丁.xlsx"]
    assert "C1.xlsx 是第 1 版" in says["C1.xlsx"] and "后来同时收到 2 个" in says["C1.xlsx"]


@pytest.mark.parametrize("words", [("accept", "C1"), ("check",), ("status",)])
def test_who_asks_for_a_choice_names_the_way_to_make_it(two_more: Workspace, words: tuple[str, ...]) -> None:
    told = run(*words, "-w", two_more.folder).output
    assert "accept 第1县 --version 2 或 3" in told
    assert all(f"{name}（第 {number(two_more, name)} 版）" in told for name in ("C1丙.xlsx", "C1丁.xlsx"))


def test_what_is_left_is_known_to_the_status_at_once(two_more: Workspace) -> None:
    (two_more.returned / "C1丙.xlsx").unlink()
    assert f"第 {number(two_more, 'C1丁.xlsx')} 版" in county(two_more) and "等待选定" not in county(two_more)
    assert "还没有按现在的目录核对过" in refused(two_more, "accept", "C1")


def test_collect_writes_down_what_is_left(two_more: Workspace) -> None:
    (two_more.returned / "C1丙.xlsx").unlink()
    assert "新收 0 份" in done(two_more, "collect")
    used = season(two_more)[0]["C1"].used
    assert "C1丁.xlsx" == (used.received.file if used else "")


def test_a_version_given_to_collect_again_is_not_taken_in_silence(space: Workspace) -> None:
    first, second = (saved(space, f"C1{name}.xlsx", budget, "下载") for name, budget in (("初稿", 11), ("二稿", 12)))
    for path in (first, second):
        done(space, "collect", path)
    told = done(space, "collect", first, second)
    assert "新收 0 份" in told
    assert (
        "C1初稿.xlsx 的内容已经收到过（第 1 版，" in told and "要用这一版，请用 accept 第1县 --version 1 选定" in told
    )
    assert "C1二稿.xlsx 的内容已经收到过（第 2 版，" in told and "就是现在用的" in told


def test_a_file_that_cannot_be_read_just_now_has_not_been_taken_away(two_more: Workspace) -> None:
    (two_more.returned / "C1丙.xlsx").write_bytes(b"")
    assert ["F-05"] == [rule for rule in errors(two_more) if rule == "F-05"]


def test_a_version_that_was_set_aside_can_still_be_chosen(two_more: Workspace) -> None:
    (two_more.returned / "C1丙.xlsx").unlink()
    assert "C1丁.xlsx" == counts(two_more)
    assert "已选定第1县的" in refused(two_more, "accept", "C1", "--version", number(two_more, "C1丙.xlsx"))
    assert "C1丙.xlsx" == counts(two_more)


def test_a_choice_does_not_change_when_a_return_came(two_more: Workspace) -> None:
    before = {each.sha256: each.at for each in received(two_more)}
    for name in ("C1丙.xlsx", "C1丁.xlsx"):
        (two_more.returned / name).unlink()
    check(two_more)
    assert before == {each.sha256: each.at for each in received(two_more)}


def test_reopening_says_what_counts_then(two_more: Workspace) -> None:
    done(two_more, "accept", "C1", "--version", 1)
    assert "accept 第1县 --version 2 或 3" in done(two_more, "reopen", "C1", "--why", "改数")
