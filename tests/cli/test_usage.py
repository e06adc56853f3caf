"""Every way to write a command wrongly is told in one whole Chinese sentence, which names the command whose help to read."""

from __future__ import annotations

import re

import click
import pytest
from click.testing import CliRunner

from budgetbook.cli import main
from budgetbook.cli.usage import WORDS

from .test_help import EVERY


def told(*words: str) -> str:
    done = CliRunner().invoke(main, words, prog_name="budgetbook")
    assert (2, "") == (done.exit_code, done.stdout), done.output
    return done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["check", "-w"], "选项 -w 后面要写内容，没有写。用 budgetbook check --help 看用法。"),
        (["status", "--json"], "选项 --json 后面要写内容，没有写。用 budgetbook status --help 看用法。"),
        (
            ["consolidate", "--accepted=1"],
            "选项 --accepted 后面不写内容，请去掉等号和它后面的。用 budgetbook consolidate --help 看用法。",
        ),
        (["check", "--jobs", "0"], "选项 --jobs 不能写“0”，应为不小于 1 的整数。用 budgetbook check --help 看用法。"),
        (["check", "--jobs", "x"], "选项 --jobs 不能写“x”，应为不小于 1 的整数。用 budgetbook check --help 看用法。"),
        (["new", "a", "--year", "今年"], "选项 --year 不能写“今年”，应为整数。用 budgetbook new --help 看用法。"),
        (
            ["attach", "--rounding", "x"],
            "选项 --rounding 不能写“x”，应为 controlled、plain 之一。用 budgetbook attach --help 看用法。",
        ),
        (["demo", "a", "b c"], "多出了 b c；名称里有空格的，请用引号括起来。用 budgetbook demo --help 看用法。"),
        (["accept"], "缺少参数 单位。用 budgetbook accept --help 看用法。"),
        (["why", "a"], "缺少参数 新。用 budgetbook why --help 看用法。"),
        (["waive", "abc"], "缺少选项 --by。用 budgetbook waive --help 看用法。"),
        (["report", "write"], "缺少选项 --out。用 budgetbook report write --help 看用法。"),
        (["check", "--jso"], "没有 --jso 这个选项，是不是 --json 或 --jobs。用 budgetbook check --help 看用法。"),
        (["check", "-Z"], "没有 -Z 这个选项。用 budgetbook check --help 看用法。"),
        (["--nosuch"], "没有 --nosuch 这个选项。用 budgetbook --help 看用法。"),
        (["chek"], "没有“chek”这个命令，是不是 check。用 budgetbook --help 看用法。"),
        (["report", "chek"], "没有“chek”这个命令，是不是 check。用 budgetbook report --help 看用法。"),
        (["report", "--"], "没有写命令。用 budgetbook report --help 看用法。"),
    ],
)
def test_what_is_wrong_is_told_with_the_command_whose_help_to_read(words: list[str], says: str) -> None:
    assert says + "\n" == told(*words)


@pytest.mark.parametrize("words", [[], ["report"]])
def test_without_a_command_the_help_is_shown(words: list[str]) -> None:
    assert told(*words).startswith("用法：")


def wrongly_written(path: tuple[str, ...]) -> list[list[str]]:
    """Every option of a command without its value, with one too many or a wrong one; no argument and one too many."""
    options = [option for option in EVERY[path].params if isinstance(option, click.Option)]
    taking = [option for option in options if not option.is_flag]
    without = [name for option in taking for name in option.opts]
    beside = [[f"{name}=x"] for option in options if option.is_flag for name in option.opts if name.startswith("--")]
    typed = [option for option in taking if isinstance(option.type, (click.Choice, click.types.IntParamType))]
    spare = [] if isinstance(EVERY[path], click.Group) else [["--", *"abcdefgh"]]
    needed = any(param.required for param in EVERY[path].params)
    return [
        *([name] for name in without),
        *beside,
        *([option.opts[0], "x"] for option in typed),
        *(spare if not any(param.nargs == -1 for param in EVERY[path].params) else []),
        *([["--"]] if needed else []),
        ["--nosuch"],
        ["-Q"],
    ]


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_no_usage_error_of_any_command_is_told_in_english(path: tuple[str, ...]) -> None:
    command = " ".join(("budgetbook", *path))
    sentence = re.compile(rf"[^\n。]*[一-龥][^\n。]*。用 {command} --help 看用法。\n")
    names = re.compile(
        "|".join([*map(re.escape, (*path, "budgetbook", "--help")), r"--?[\w-]+", "controlled|plain", "x"])
    )
    for words in wrongly_written(path):
        says = told(*path, *words)
        assert sentence.fullmatch(says), says
        assert [] == re.findall("[A-Za-z]{2,}", names.sub("", says)), says


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_every_argument_has_a_chinese_name(path: tuple[str, ...]) -> None:
    arguments = [param for param in EVERY[path].params if isinstance(param, click.Argument)]
    assert [] == [param.name for param in arguments if param.human_readable_name not in WORDS]
