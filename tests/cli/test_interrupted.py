"""A Ctrl-C ends in a sentence and 130, also while the commands are still being loaded."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import ModuleType

import pytest

from budgetbook.__main__ import main


class Pressed:
    """Ctrl-C as soon as the commands are looked for."""

    def find_spec(self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None) -> None:
        if name == "budgetbook.cli":
            raise KeyboardInterrupt


def test_an_interruption_before_the_commands_are_there_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "budgetbook.cli", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Pressed(), *sys.meta_path])
    with pytest.raises(SystemExit) as ended:
        main()
    assert (130, "已中断；还没有开始，什么都没有写。\n") == (ended.value.code, capsys.readouterr().err)
