"""click in Chinese: help headings, the help option, and what it says of wrong arguments."""

from __future__ import annotations

from typing import Any

import click

HEADINGS = {"Options": "选项", "Commands": "命令", "Usage": "用法"}


class Formatter(click.HelpFormatter):
    """Help with Chinese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(
            prog, args.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 [参数]..."), "用法："
        )

    def write_heading(self, heading: str) -> None:
        super().write_heading(HEADINGS.get(heading, heading))


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


class Group(Command, click.Group):
    """A group of such commands, which says in Chinese what is wrong with its arguments."""

    command_class = Command

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """As click's own, but what is wrong with the arguments is said in Chinese."""
        try:
            outcome = super().main(*args, standalone_mode=False, **extra)  # type: ignore[call-overload]  # click types its two modes apart
        except click.UsageError as error:
            click.echo(
                f"{says(error)}。用 {error.ctx.command_path if error.ctx else self.name} --help 看用法。", err=True
            )
            raise SystemExit(2) from None
        except click.Abort:
            click.echo("已中断；已经写完的文件是完整的。", err=True)
            raise SystemExit(130) from None
        if standalone_mode:
            raise SystemExit(outcome or 0)
        return outcome


def says(error: click.UsageError) -> str:
    """A wrong argument in Chinese."""
    named = error.param.human_readable_name if isinstance(error, click.BadParameter) and error.param else ""
    if isinstance(error, click.MissingParameter):
        return f"缺少{'选项' if isinstance(error.param, click.Option) else '参数'} {named}"
    if isinstance(error, click.NoSuchOption):
        return f"没有 {error.option_name} 这个选项" + (
            f"，是不是 {'、'.join(error.possibilities)}" if error.possibilities else ""
        )
    if isinstance(error, click.BadParameter):
        return f"{named} 的值不对：{error.message}"
    if error.message.startswith("No such command"):
        return f"没有{error.message.removeprefix('No such command').rstrip('.')} 这个命令"
    return f"参数不对：{error.message}"
