"""click in Chinese: help headings, the help option, and that wrong arguments are told in Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any
from unicodedata import east_asian_width

import click

from .saying import say
from .usage import Told, in_chinese, perhaps, says

_CLAUSE = re.compile("[：；。，（]")
HEADINGS = {"Options": "选项", "Commands": "命令", "Usage": "用法"}


class Formatter(click.HelpFormatter):
    """Help with Chinese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        told = args.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 [参数]...")
        super().write_usage(prog, in_chinese(told), "用法：")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        told = [(in_chinese(term), in_chinese(meaning)) for term, meaning in rows]
        widest = max((width(term) for term, _ in told), default=0)
        for term, meaning in told:
            self.write(" " * self.current_indent + term + " " * (widest - width(term) + col_spacing) + meaning + "\n")

    def write_heading(self, heading: str) -> None:
        super().write_heading(HEADINGS.get(heading, heading))


def width(text: str) -> int:
    """How many columns of a terminal a text takes: two a Chinese character."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


class Context(click.Context):
    """A context whose help is Chinese."""

    formatter_class = Formatter


class Command(click.Command):
    """A command whose help option is Chinese."""

    context_class = Context
    allow_extra_args = True  # they are told here

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click's own, but what is wrong is known to be of this command."""
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise
        if ctx.args and not isinstance(self, click.Group) and not ctx.resilient_parsing:
            raise Told(f"多出了 {' '.join(ctx.args)}；名称里有空格的，请用引号括起来", ctx)
        return rest

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

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click's own; without any argument the help is shown."""
        if not args and not ctx.resilient_parsing:
            say(ctx.get_help(), err=True)
            ctx.exit(2)
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's own, but a command that there is not is told with those that have a similar name."""
        if args[0] not in self.commands and not ctx.resilient_parsing:
            from difflib import get_close_matches

            raise Told(f"没有“{args[0]}”这个命令{perhaps(get_close_matches(args[0], self.commands))}", ctx)
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """As click's own, but what is wrong with the arguments is said in Chinese."""
        try:
            outcome = super().main(*args, standalone_mode=False, **extra)  # type: ignore[call-overload]  # click types its two modes apart
        except click.UsageError as error:
            say(f"{says(error)}。用 {error.ctx.command_path if error.ctx else 'budgetbook'} --help 看用法。", err=True)
            raise SystemExit(2) from None
        except click.Abort:
            say("已中断；已经写完的文件是完整的。", err=True)
            raise SystemExit(130) from None
        if standalone_mode:
            raise SystemExit(outcome or 0)
        return outcome
