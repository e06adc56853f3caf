"""Accepting and reopening: never what was not checked, never without who and why, never under a total that is accepted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from budgetbook.workspace import Workspace
from tests.season.city import run
from tests.season.tiny import sent, tiny_workspace

EVERYONE = ("BJ", "C1", "C2")


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """All three have sent something sound and it is checked."""
    space = tiny_workspace(tmp_path)
    sent(space, EVERYONE)
    assert 0 == run("check", "-w", space.folder).exit_code
    return space


def refused(space: Workspace, *words: object) -> str:
    result = run(*words, "-w", space.folder)
    assert 2 == result.exit_code, result.output
    return result.stderr


def done(space: Workspace, *words: object) -> str:
    result = run(*words, "-w", space.folder)
    assert 0 == result.exit_code, result.output
    return result.stdout


def test_a_version_that_nobody_checked_is_not_accepted(space: Workspace) -> None:
    sent(space, ["C1"], 11)
    done(space, "collect")
    assert "第1县第 2 版还没有按现在的目录核对过，请先运行 budgetbook check" in refused(space, "accept", "C1")


def test_an_older_version_can_be_accepted_by_its_number(space: Workspace) -> None:
    sent(space, ["C1"], 11)
    done(space, "check")
    assert "第 1 版（C1.xlsx" in done(space, "accept", "C1", "--version", 1)
    assert "没有第 7 版，只收到过 2 版" in refused(space, "accept", "C1", "--version", 7)
    assert "已接收另一版" in refused(space, "accept", "C1", "--version", 2)


def test_accepting_twice_says_who_did_before(space: Workspace) -> None:
    done(space, "accept", "C1", "--by", "张三")
    assert "已由张三在" in done(space, "accept", "C1", "--by", "李四")


def test_reopening_needs_a_reason_and_something_accepted(space: Workspace) -> None:
    assert "没有接收过" in refused(space, "reopen", "C1", "--why", "改数")
    done(space, "accept", "C1")
    assert "没有写退回的理由" in refused(space, "reopen", "C1")


def test_only_accepted_versions_are_consolidated_if_that_is_asked(space: Workspace) -> None:
    done(space, "accept", "BJ", "C1")
    result = run("consolidate", "--accepted", "-w", space.folder)
    assert (2, True) == (result.exit_code, "还缺：第2县（C2）" in result.stdout)
    done(space, "accept", "C2")
    assert "还没有接收" not in done(space, "consolidate", "--accepted")


def test_a_total_that_was_altered_after_it_was_made_is_not_accepted(space: Workspace) -> None:
    done(space, "accept", *EVERYONE)
    assert "还没有汇总" in refused(space, "accept", "全市")
    done(space, "consolidate")
    [book] = space.out.glob("*_ALL_*")
    content = book.read_bytes()
    book.write_bytes(content + b"x")
    assert "汇总之后被改动过" in refused(space, "accept", "全市")
    book.write_bytes(content)
    assert "所属单位一并锁定" in done(space, "accept", "全市")
    assert "已随全市锁定" in refused(space, "reopen", "C1", "--why", "改数")


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_an_accept_that_was_interrupted_leaves_nothing_behind_and_can_be_run_again(
    space: Workspace, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    before = sorted(space.season.rglob("*"))
    with monkeypatch.context() as patched:
        patched.setattr(*((os, "fsync") if moment == "fsync" else (Path, "replace")), interrupted)
        assert 0 != run("accept", "C1", "-w", space.folder).exit_code
    assert before == sorted(space.season.rglob("*"))
    assert "已接收第1县的第 1 版" in done(space, "accept", "C1")
