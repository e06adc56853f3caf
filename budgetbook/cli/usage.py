"""What is wrong with the arguments of a command, in one Chinese sentence; nothing of click's English is passed on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import click

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
    "UNITS": "单位",
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
_VALUE = re.compile(r"'(.*)' is not |(-?[0-9]+) is not ")


class Told(click.UsageError):
    """Arguments that were found wrong here: the message is Chinese already."""


def in_chinese(text: str) -> str:
    """Help with click's own words, and the names of arguments, in Chinese."""
    return _WORD.sub(lambda found: WORDS.get(found[0], found[0]), text)


def perhaps(names: Sequence[str] | None) -> str:
    """What may have been meant."""
    return f"，是不是 {' 或 '.join(names)}" if names else ""


def says(error: click.UsageError) -> str:
    """A wrong argument in Chinese, without a full stop."""
    if isinstance(error, Told):
        return error.message
    if isinstance(error, click.NoSuchOption):
        return f"没有 {error.option_name} 这个选项{perhaps(error.possibilities)}"
    if isinstance(error, click.BadOptionUsage):
        takes = any(error.option_name in param.opts and _takes_value(param) for param in _params(error))
        return f"选项 {error.option_name} 后面{'要写内容，没有写' if takes else '不写内容，请去掉等号和它后面的'}"
    if isinstance(error, click.BadParameter) and error.param:
        return _of(error, error.param)
    if error.ctx and isinstance(error.ctx.command, click.Group):
        return "没有写命令"
    return "命令写得不对"


def _params(error: click.UsageError) -> Sequence[click.Parameter]:
    return error.ctx.command.params if error.ctx else ()


def _takes_value(param: click.Parameter) -> bool:
    return not (isinstance(param, click.Option) and (param.is_flag or param.count))


def _of(error: click.BadParameter, param: click.Parameter) -> str:
    """What is wrong with one option or argument."""
    option = isinstance(param, click.Option)
    name = max(param.opts, key=len) if option else in_chinese(param.human_readable_name)
    if isinstance(error, click.MissingParameter):
        return f"缺少{'选项' if option else '参数'} {name}"
    found = _VALUE.match(error.message)
    written = f"不能写“{found[1] or found[2]}”" if found else "写得不对"
    return f"{'选项' if option else '参数'} {name} {written}，应为{_wanted(param.type)}"


def _wanted(type: click.ParamType[Any]) -> str:
    if isinstance(type, click.Choice):
        return f" {'、'.join(map(str, type.choices))} 之一"
    if isinstance(type, click.IntRange):
        return f"不小于 {type.min} 的整数" if type.max is None else f"{type.min} 到 {type.max} 的整数"
    return "整数" if type is click.INT else WORDS.get(type.name.upper(), "别的内容")
