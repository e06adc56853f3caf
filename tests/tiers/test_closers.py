"""Processes that close tiers, one of which dies."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from budgetbook.tiers import closers
from budgetbook.tiers.closers import Closers
from budgetbook.tiers.closing import Closed
from budgetbook.tiers.waiting import Waiting
from budgetbook.tiers.wanted import Wanted
from budgetbook.workspace import open_workspace

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a fork sees what was put in place of closing")
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
    return sorted(each.tier for each in Closers(open_workspace(country_folder), waiting, Wanted(), 2).close(TIERS))


def test_a_tier_whose_process_dies_is_closed_by_another(
    country_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closers, "close", dying_at("010200", 1, tmp_path))
    assert TIERS == closed(country_folder, tmp_path)


def test_a_tier_that_no_process_survives_is_not_passed_over(
    country_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closers, "close", dying_at("010200", 9, tmp_path))
    with pytest.raises(BrokenProcessPool):
        closed(country_folder, tmp_path)
