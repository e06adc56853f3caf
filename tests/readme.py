"""The README's commands, run: `python -m tests.readme` writes their real output into README.md and README.zh-CN.md."""

from __future__ import annotations

import os
import re
import shlex
import tempfile
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner

from budgetbook.cli import main

ROOT = Path(__file__).parents[1]
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
HASH = re.compile(r"（[0-9a-f]{12}）")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
HEAD, TAIL = 9, 4  # lines of a long output that the README keeps


def run(command: str) -> str:
    """What `budgetbook …` prints, both streams, as a person at a terminal of unlimited width sees it."""
    words = shlex.split(command)
    assert words[0] == "budgetbook", command
    result = CliRunner(env={"COLUMNS": "400"}).invoke(main, words[1:])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    output = HASH.sub("（…）", result.output.rstrip())  # what a file hashes to is not what the README tells
    output = MOMENT.sub("2026-01-08 09:30", output)
    return "\n".join(line.rstrip() for line in output.splitlines())


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a README with the output shown below it."""
    for block in BLOCK.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield command.strip(), output.rstrip()


def shortened(output: str) -> str:
    lines = output.splitlines()
    if len(lines) <= HEAD + TAIL + 1:
        return output
    return "\n".join([*lines[:HEAD], "…", *lines[-TAIL:]])


def outputs(text: str) -> dict[str, str]:
    """Command → shortened real output, each run once, in order, in an empty folder."""
    here, found = Path.cwd(), dict[str, str]()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            for command, _ in commands(text):
                if command not in found:
                    found[command] = shortened(run(command))
        finally:
            os.chdir(here)
    return found


def refreshed(text: str, real: dict[str, str]) -> str:
    """The README with real outputs."""

    def block(found: re.Match[str]) -> str:
        shown = [f"$ {command}\n{real[command]}".rstrip() for command, _ in commands(found[0])]
        return "```console\n" + "\n".join(shown) + "\n```"

    return BLOCK.sub(block, text)


if __name__ == "__main__":
    real = outputs(READMES[0].read_text(encoding="utf-8"))
    for readme in READMES:
        readme.write_text(refreshed(readme.read_text(encoding="utf-8"), real), encoding="utf-8")
