"""What is said on the terminal: whatever words of a file are in it, nothing in it can control the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable

import click


def harmless(text: str) -> str:
    """Text that may hold words of a file, fit for any terminal: what is no letter is written as JSON writes it, and reads as JSON."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each == "\n" else json.dumps(each)[1:-1] for each in text)


def say(text: str, *, err: bool = False) -> None:
    """One message, which may have several lines."""
    click.echo(harmless(text), err=err)


def say_lines(lines: Iterable[str], *, err: bool = False) -> None:
    """Line by line; a line break within one comes from a file, and makes no new line."""
    say("\n".join(line.replace("\n", "\\n") for line in lines), err=err)
