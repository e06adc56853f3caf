"""Processes that close tiers: what they start from, and one of them dies."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from budgetbook.intake import Intake
from budgetbook.tiers import closers
from budgetbook.tiers.closers import Closers
from budgetbook.tiers.closing import Closed, close, rehearse
from budgetbook.tiers.here import read
from budgetbook.tiers.waiting import Waiting
from budgetbook.tiers.wanted import Wanted
from budgetbook.workspace import open_workspace
from budgetbook.xlsx import press

forked = pytest.mark.skipif(sys.platform != "linux", reason="a fork sees what was put in place of closing")
TIERS = ["010100", "010200", "020100"]


def dying_at(tier: str, times: int, folder: Path) -> Callable[..., Closed]:
    """Instead of closing: the process of one tier dies so many times."""

    def close(_space: object, closing: str, *_rest: object) -> Closed:
        died = list(folder.glob("died-*"))
        if closing == tier and len(died) < times:
            (folder / f"died-{len(died)}").touch()
            os._exit(1)
        return Closed(closing, [], [], (), (), 0, None, {})

    return close


def closed(country_folder: Path, scratch: Path) -> list[str]:
    waiting = Waiting(scratch)
    for tier in TIERS:
        (scratch / tier).mkdir()
    closers = Closers(open_workspace(country_folder), waiting, Wanted(), TIERS, 2)
    return sorted(each.tier for each in closers.close())


def test_the_books_of_a_tier_are_laid_out_before_they_are_there(
    country_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    space, waiting = open_workspace(country_folder), Waiting(tmp_path)
    list(read(space, [country_folder / "returned"], waiting, Intake(), 1))
    rehearse(space, "010100")
    monkeypatch.delattr(press, "write")  # no workbook is laid out in full
    done = close(space, "010100", waiting.answered("010100"), (), Wanted(tmp_path / "out"))
    assert ("010100",) == done.written


@forked
def test_a_tier_whose_process_dies_is_closed_by_another(
    country_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closers, "close", dying_at("010200", 1, tmp_path))
    assert TIERS == closed(country_folder, tmp_path)


@forked
def test_a_tier_that_no_process_survives_is_not_passed_over(
    country_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closers, "close", dying_at("010200", 9, tmp_path))
    with pytest.raises(BrokenProcessPool):
        closed(country_folder, tmp_path)
