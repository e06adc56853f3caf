"""click in Chinese: help headings, the help option, and what it says of wrong arguments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any
from unicodedata import east_asian_width

import click

from .saying import say

WORDS = {  # what click calls a value, and how arguments are named
    "PATH": "路径",
    "TEXT": "文字",
    "INTEGER": "数字",
    "INTEGER RANGE": "数字",
    "[required]": "[必填]",
    "PATHS": "文件或文件夹",
    "FOLDER": "文件夹",
    "WORKBOOK": "报表",
    "FIGURES": "数据文件",
    "BOOK": "账册",
    "BOOKS": "账册",
    "CELL": "表!格",
    "SHEET!CELL": "表!格",
    "OLD": "旧",
    "NEW": "新",
    "REPORT": "报告",
    "FINGERPRINT": "指纹",
}
_WORD = re.compile(r"INTEGER RANGE|SHEET!CELL|\[required\]|\b[A-Z]{3,}\b")
_NO_NUMBER = re.compile(r"('.*') is not a valid integer\.?")
_NO_CHOICE = re.compile(r"('.*') is not one of (.*?)\.?")
_CLAUSE = re.compile("[：；。，（]")
HEADINGS = {"Options": "选项", "Commands": "命令", "Usage": "用法"}


class Formatter(click.HelpFormatter):
    """Help with Chinese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        told = args.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 [参数]...")
        super().write_usage(prog, in_chinese(told), "用法：")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        told = [(in_chinese(term), in_chinese(says)) for term, says in rows]
        widest = max((width(term) for term, _ in told), default=0)
        for term, says in told:
            self.write(" " * self.current_indent + term + " " * (widest - width(term) + col_spacing) + says + "\n")

    def write_heading(self, heading: str) -> None:
        super().write_heading(HEADINGS.get(heading, heading))


def width(text: str) -> int:
    """How many columns of a terminal a text takes: two a Chinese character."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def in_chinese(text: str) -> str:
    """Help with click's own words, and the names of arguments, in Chinese."""
    return _WORD.sub(lambda found: WORDS.get(found[0], found[0]), text)


class Context(click.Context):
    """A context whose help is Chinese."""

    formatter_class = Formatter


class Command(click.Command):
    """A command whose help option is Chinese."""

    context_class = Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示帮助。"
        return option

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first clause of the help: what a list of commands has room for."""
        return _CLAUSE.split(self.help or "")[0]


command: Callable[[], Callable[[Callable[..., Any]], Command]] = partial(click.command, cls=Command)


class Group(Command, click.Group):
    """A group of such commands, which says in Chinese what is wrong with its arguments."""

    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which they were added, which is that of the job."""
        return list(self.commands)

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """As click's own, but what is wrong with the arguments is said in Chinese."""
        try:
            outcome = super().main(*args, standalone_mode=False, **extra)  # type: ignore[call-overload]  # click types its two modes apart
        except click.UsageError as error:
            say(f"{says(error)}。用 {error.ctx.command_path if error.ctx else self.name} --help 看用法。", err=True)
            raise SystemExit(2) from None
        except click.Abort:
            say("已中断；已经写完的文件是完整的。", err=True)
            raise SystemExit(130) from None
        if standalone_mode:
            raise SystemExit(outcome or 0)
        return outcome


def says(error: click.UsageError) -> str:
    """A wrong argument in Chinese."""
    named = in_chinese(error.param.human_readable_name) if isinstance(error, click.BadParameter) and error.param else ""
    if isinstance(error, click.MissingParameter):
        return f"缺少{'选项' if isinstance(error.param, click.Option) else '参数'} {named}"
    if isinstance(error, click.NoSuchOption):
        return f"没有 {error.option_name} 这个选项" + (
            f"，是不是 {'、'.join(error.possibilities)}" if error.possibilities else ""
        )
    if isinstance(error, click.BadParameter):
        return f"{named} 的值不对：{_value_says(error.message)}"
    if error.message.startswith("No such command"):
        return f"没有{error.message.removeprefix('No such command').rstrip('.')} 这个命令"
    return f"参数不对：{error.message}"


def _value_says(message: str) -> str:
    """What click says of a value that is no number, or none of those it may be."""
    if found := _NO_NUMBER.fullmatch(message):
        return f"{found[1]} 不是整数"
    if found := _NO_CHOICE.fullmatch(message):
        return f"{found[1]} 应为 {found[2]} 之一"
    return message
