"""Help reads in Chinese, in the order of the job, and the shell completes what it lists."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from budgetbook.cli import main
from budgetbook.cli.chinese_click import Command


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


EVERY = dict(commands())


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_help_is_chinese_from_its_first_word_to_its_last(path: tuple[str, ...]) -> None:
    told = CliRunner().invoke(main, [*path, "--help"]).output
    assert isinstance(EVERY[path], Command)
    assert told.startswith("用法：")
    assert [] == re.findall(
        r"Usage|Options|Commands|Show this|required|\b(?:PATH|TEXT|INTEGER|PATHS|FOLDER|ARGS)\b", told
    )


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_every_option_says_what_it_does(path: tuple[str, ...]) -> None:
    options = [option for option in EVERY[path].params if isinstance(option, click.Option)]
    assert [] == [option.name for option in options if not (option.help or "").strip()]


def test_commands_are_listed_in_the_order_of_the_job() -> None:
    listed = re.findall(r"^  ([a-z]+)  ", CliRunner().invoke(main, ["--help"]).output.partition("命令")[2], re.M)
    steps = ["new", "template", "fill", "check", "waive", "consolidate", "attach", "report", "explain", "demo"]
    assert steps == [name for name in listed if name in steps]
    assert list(main.commands) == listed


def test_the_list_of_commands_fits_a_terminal_of_eighty_columns() -> None:
    lines = CliRunner().invoke(main, ["--help"]).output.splitlines()
    assert [] == [line for line in lines if len(line.encode("gbk")) > 80]


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("budgetbook consol", {"consolidate"}),
        ("budgetbook check --js", {"--json"}),
        ("budgetbook report ", {"check", "write"}),
    ],
)
def test_bash_completes_commands_and_options(typed: str, offered: set[str], tmp_path: Path) -> None:
    program = tmp_path / "budgetbook"
    call = "from budgetbook.cli import main; main(prog_name='budgetbook')"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{call}" "$@"\n')
    program.chmod(0o755)
    words = typed.split(" ")
    script = f"""eval "$(_BUDGETBOOK_COMPLETE=bash_source budgetbook)"
        COMP_WORDS=({" ".join(word or "''" for word in words)}); COMP_CWORD={len(words) - 1}
        _budgetbook_completion budgetbook; printf '%s\\n' "${{COMPREPLY[@]}}\""""
    path = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, env=os.environ | path)
    assert offered == set(done.stdout.split()), done.stderr
