"""What the commands share: options, how findings and answers are delivered, progress, and what becomes exit code 2."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..problems import DefinitionError, Impossible, Interrupted, says_errno
from ..saving import PARTIAL
from .chinese_click import Group
from .saying import harmless, say, say_lines

if TYPE_CHECKING:
    from ..finding import FileState, Finding
    from ..inquiry.inquiries import Answer
    from ..tiers.job import Country
    from ..workspace import Workspace

WORKSPACE = click.option(
    "-w",
    "--workspace",
    "folder",
    type=click.Path(path_type=Path),
    default=Path(),
    help="工作区文件夹，默认为当前文件夹。",
)
JSON = click.option(
    "--json", "json_to", type=click.Path(path_type=Path, allow_dash=True), help="结果存为 JSON；写 - 则输出到屏幕。"
)
XLSX = click.option("--xlsx", "xlsx_to", type=click.Path(path_type=Path), help="结果存为 Excel。")
PRIOR = click.option(
    "--prior",
    type=click.Path(path_type=Path),
    help="上年账册：上年的工作区或其中的报表，或 unit,form,line,column,value 的数据文件。",
)
CALIBRE = click.option(
    "--prior-calibre",
    type=click.Choice(["决算", "快报"]),
    help="上年账册是决算还是快报，默认看封面；没写的当作快报。",
)
JOBS = click.option("--jobs", type=click.IntRange(1), help="同时用几个工作进程，默认每个处理器一个。")
CLUSTER = click.option("--cluster", default="", help="Dask 调度器地址，例如 tcp://10.0.0.1:8786；多级财政用。")
FIGURES = click.option("--figures", default="", help="另存全部数据（Parquet，按级分区）的文件夹或网址；多级财政用。")
PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))


RUBBISH = 100_000  # new objects before rubbish is looked for: modules and definitions are not so many, and all are kept


class Commands(Group):
    """What the operator did wrong becomes one sentence and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        gc.set_threshold(RUBBISH)
        atexit.register(gc.freeze)  # what a process leaves behind need not be looked through before it ends
        os.environ.setdefault(
            "OPENBLAS_NUM_THREADS", "1"
        )  # nothing here multiplies matrices: its threads would only start
        try:
            return super().invoke(ctx)
        except DefinitionError as error:
            say_lines(map(str, error.problems), err=True)
            ctx.exit(2)
        except Impossible as error:
            say_lines([str(error)], err=True)
            ctx.exit(2)
        except Interrupted as stopped:
            say(str(stopped), err=True)
            ctx.exit(130)
        except OSError as error:
            told = f"文件操作失败：{says_errno(error)}（{as_given(error)}），请检查文件夹权限、磁盘空间和文件是否被占用"
            say_lines([told], err=True)
            ctx.exit(2)


def open_workspace(folder: Path) -> Workspace:
    """As `workspace.open_workspace`, loaded when a command needs it: help does without."""
    from ..workspace import open_workspace

    return open_workspace(folder)


def open_one_tier(folder: Path, command: str) -> Workspace:
    """The workspace for a *command* that works on one tier. Raises Impossible where there are several."""
    from ..tiers.wanted import one_tier

    space = open_workspace(folder)
    one_tier(space, command)
    return space


def as_given(error: OSError) -> str:
    """The file that could not be used, by the name it was asked for: not that of its unfinished part."""
    name = str(error.filename2 or error.filename or "")
    path = Path(name)
    if path.name.startswith(".") and path.name.endswith(PARTIAL):
        return str(path.with_name(path.name[1:].rsplit(".", 2)[0]))
    return name


def load_shown() -> None:
    """What is needed when the files are read: while a worker reads, there is time to load it."""
    import rich.console

    from .. import waivers
    from ..checks import cause
    from ..findings import shown
    from ..season import numbers, pages

    _ = rich.console, waivers, cause, shown, numbers, pages


def deliver(
    space: Workspace,
    files: Sequence[FileState],
    findings: Sequence[Finding],
    json_to: Path | None,
    shadow: Mapping[str, int] | None = None,
) -> int:
    """Shows or writes findings; the exit code is 1 if any is at error level."""
    from rich.console import Console

    from ..findings.shown import as_json, counts, show

    text = as_json(space.catalogue.year, files, findings, shadow)
    if str(json_to) == "-":
        say(text)
    else:
        show(Console(soft_wrap=True), files, findings, {unit.code: unit.name for unit in space.catalogue.tree})
    if json_to and str(json_to) != "-":
        json_to.write_text(text, encoding="utf-8")
    return 1 if counts(findings)["error"] else 0


def deliver_country(country: Country, json_to: Path | None) -> int:
    """As `deliver`, for findings that are on disk."""
    from rich.console import Console

    from ..findings.shown import json_pieces
    from ..tiers.job import write_json
    from ..tiers.shown import show_country

    if str(json_to) == "-":
        kept = country.kept
        pieces = json_pieces(country.space.catalogue.year, kept.files(), kept.findings(), country.summary())
        sys.stdout.writelines(map(harmless, pieces))
        click.echo()
    else:
        show_country(Console(soft_wrap=True), country)
    if json_to and str(json_to) != "-":
        write_json(country, json_to)
    return 1 if country.kept.summary()["error"] else 0


def respond(answer: Answer, json_to: Path | None, xlsx_to: Path | None) -> None:
    """Shows or writes what was asked for; with JSON on standard output nothing else goes there."""
    if str(json_to) == "-":
        say(answer.json)
    else:
        say_lines(answer.text)
    if json_to and str(json_to) != "-":
        json_to.write_text(answer.json, encoding="utf-8")
    if xlsx_to:
        xlsx_to.write_bytes(answer.workbook(xlsx_to))
    sys.exit(1 if answer.amiss else 0)


def progress(title: str, steps: Iterable[Any], total: int | None) -> Iterator[Any]:
    """The steps as they come, with a bar on standard error if someone is watching."""
    if not sys.stderr.isatty():
        yield from steps
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    pace = TextColumn("{task.fields[pace]}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), pace)
    times = (TextColumn("已用"), TimeElapsedColumn(), TextColumn("还需"), TimeRemainingColumn())
    with Progress(*columns, *times, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total, pace="")
        for step in steps:
            yield step
            speed = bar.tasks[task].finished_speed or bar.tasks[task].speed
            bar.update(task, advance=1, pace=f"每秒 {speed:.1f}" if speed else "")
