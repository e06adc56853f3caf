"""Questions about figures: where one comes from, what changed, and why a total did."""

from __future__ import annotations

from pathlib import Path

import click

from .chinese_click import command
from .options import JSON, WORKSPACE, XLSX, open_workspace, progress, respond


@command()
@click.argument("book", type=click.Path(path_type=Path))
@click.argument("cell", metavar="SHEET!CELL")
@WORKSPACE
@JSON
@XLSX
@click.option(
    "--returns",
    multiple=True,
    type=click.Path(path_type=Path),
    help="返回的报表在哪里，默认为工作区里各单位现用的版本。",
)
def explain(
    book: Path, cell: str, folder: Path, json_to: Path | None, xlsx_to: Path | None, returns: tuple[Path, ...]
) -> None:
    """查一个数的出处：汇总表、返回表的一格（表01!G7）、附表的一格（表一!C7）或报告里的一个数（134.5亿元），查到哪个文件哪一格。"""
    from ..inquiry.inquiries import explained
    from ..season.collecting import used

    space = open_workspace(folder)
    answer = explained(space, book, cell, returns or used(space), progress)
    respond(answer, json_to, xlsx_to)


@command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@WORKSPACE
@JSON
@XLSX
def diff(old: Path, new: Path, folder: Path, json_to: Path | None, xlsx_to: Path | None) -> None:
    """比较两个版本（两本报表，或两个文件夹逐个单位比）：金额、行列、文字、公式，改好的和新出现的问题。"""
    from ..inquiry.inquiries import compared

    respond(compared(open_workspace(folder), old, new, progress), json_to, xlsx_to)


@command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.argument("cell", metavar="SHEET!CELL")
@WORKSPACE
@click.option("--unit", help="哪个汇总单位的数（代码或名称），默认为全市。")
@JSON
@XLSX
def why(
    old: Path, new: Path, cell: str, folder: Path, unit: str | None, json_to: Path | None, xlsx_to: Path | None
) -> None:
    """汇总数为什么变了：两批返回表各汇总一次，把变化拆到单位、科目、差额表和往来抵消，加起来正好等于变化。"""
    from ..inquiry.inquiries import reasoned

    space = open_workspace(folder)
    respond(reasoned(space, old, new, cell, space.unit(unit) if unit else None, progress), json_to, xlsx_to)
