"""The season: what came, how it stands, what is accepted and released."""

from __future__ import annotations

import getpass
import sys
from collections import deque
from pathlib import Path

import click

from .chinese_click import command
from .options import JSON, PATHS, WORKSPACE, XLSX, deliver, open_one_tier, progress
from .saying import say, say_lines

UNITS = click.argument("units", nargs=-1, required=True)
BY = click.option("--by", default=getpass.getuser, help="谁，默认为本机登录名。")


@command()
@PATHS
@WORKSPACE
def collect(paths: tuple[Path, ...], folder: Path) -> None:
    """收下返回的报表：按内容存档，记入台账（默认收工作区的 returned）。原文件不动。"""
    from ..season.collecting import collected

    space = open_one_tier(folder, "collect")
    steps = progress("收报表", collected(space, paths or (space.returned,)), None)
    intake = deque(steps, maxlen=1).pop()
    amiss = [finding for finding in intake.findings if finding.file and not finding.unit]
    code = deliver(space, intake.files, amiss, None)
    say(f"新收 {sum(file.state == 'read' for file in intake.files)} 份。")
    sys.exit(code)


@command()
@WORKSPACE
@JSON
@XLSX
@click.option("--html", "html_to", type=click.Path(path_type=Path), help="存为网页，双击就能打开。")
@click.option("--remind", "remind_to", type=click.Path(path_type=Path), help="给每个该催的单位写一份催报文字。")
def status(
    folder: Path, json_to: Path | None, xlsx_to: Path | None, html_to: Path | None, remind_to: Path | None
) -> None:
    """谁报了、第几版、有没有问题、接收了没有、谁逾期；汇总表还在等谁、过时没有。"""
    from ..season.job import stands, status_json, status_workbook, write_reminders
    from ..season.status_report import as_text

    space = open_one_tier(folder, "status")
    found, told = stands(space)
    for says in told.says:
        say(says, err=True)
    if str(json_to) == "-":
        say(status_json(found))
    else:
        say_lines(as_text(found))
    if json_to and str(json_to) != "-":
        json_to.write_text(status_json(found), encoding="utf-8")
    if xlsx_to:
        xlsx_to.write_bytes(status_workbook(space, found))
    if html_to:
        from ..page.job import write_status_page

        write_status_page(space, found, html_to)
    if remind_to:
        written = len(list(write_reminders(found, remind_to)))
        say(f"已写催报文字 {written} 份：{remind_to}", err=str(json_to) == "-")
    sys.exit(1 if told.spoilt else 0)


@command()
@UNITS
@WORKSPACE
@BY
@click.option("--why", default="", help="还有问题也要接收时，写明理由。")
@click.option("--version", "number", type=int, help="接收第几版，默认为现用的版本。")
def accept(units: tuple[str, ...], folder: Path, by: str, why: str, number: int | None) -> None:
    """接收单位的报表：冻结这一版，后来的版本不采用。接收汇总单位则锁定其下所有单位。"""
    from ..season import deciding

    space = open_one_tier(folder, "accept")
    for unit in [space.unit(each) for each in units]:
        say(deciding.accept(space, unit, by, why, number))


@command()
@UNITS
@WORKSPACE
@BY
@click.option("--why", default="", help="为什么退回（必写）。")
def reopen(units: tuple[str, ...], folder: Path, by: str, why: str) -> None:
    """退回已接收的报表：放开这一版，改用最新的版本。"""
    from ..season import deciding

    space = open_one_tier(folder, "reopen")
    for unit in [space.unit(each) for each in units]:
        say(deciding.reopen(space, unit, by, why))
