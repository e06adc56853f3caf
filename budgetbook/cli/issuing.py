"""Workbooks on their way out: a new workspace, blank workbooks, filled ones, the demonstration."""

from __future__ import annotations

from pathlib import Path

import click

from .chinese_click import command
from .options import CALIBRE, JOBS, PRIOR, WORKSPACE, open_workspace, progress
from .saying import say


@command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--year", type=int, required=True, help="预算年度，例如 2026。")
@click.option("--city", default="", help="哪个市，例如 焦作市。")
@click.option(
    "--units",
    type=click.Path(path_type=Path),
    help="单位名单 CSV：code,name,level,parent，还可以有 contact、phone 等。",
)
@click.option("--from", "last", type=click.Path(path_type=Path), help="上年的工作区：沿用单位名单和设置。")
def new(folder: Path, year: int, city: str, units: Path | None, last: Path | None) -> None:
    """新建一个工作区：配置文件和 issued、returned、out 三个文件夹。"""
    from ..founding import Wanted, found

    say(found(folder, Wanted(year, city, units, last)))


@command()
@WORKSPACE
@click.option("--unit", "units", multiple=True, help="只生成这个单位（代码或名称），可以写多次。")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="放到哪个文件夹，默认为工作区的 issued。")
@click.option("--renew", is_flag=True, help="换新编号重新下发；以前下发的作废，再报来时会指出。")
@PRIOR
@CALIBRE
@JOBS
def template(
    folder: Path,
    units: tuple[str, ...],
    out: Path | None,
    renew: bool,
    prior: Path | None,
    prior_calibre: str | None,
    jobs: int | None,
) -> None:
    """给每个填报单位生成一本空白报表，各有编号；目录没有改过时再次生成的是同一本。给了上年账册的，上年数已填好并锁定。"""
    from ..issuing import issue
    from ..last_year import read_prior
    from ..tiers.wanted import several

    space = open_workspace(folder)
    chosen = [space.unit(unit) for unit in units] or list(space.whole.leaves)
    several(space, prior=prior)
    before = read_prior(space, prior, prior_calibre or "", chosen) if prior else None
    files = list(progress("生成报表", issue(space, chosen, out or space.issued, renew, before, jobs), len(chosen)))
    say(f"已生成 {len(files)} 本报表，放在 {out or space.issued}")


@command()
@click.argument("workbook", type=click.Path(path_type=Path))
@click.argument("figures", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="填好的报表存为。")
@WORKSPACE
def fill(workbook: Path, figures: Path, out: Path, folder: Path) -> None:
    """把整理好的数据填入报表：.csv、.parquet、.sqlite 或 .duckdb，每行一个数（unit,form,line,column,value）。"""
    from ..jobs import fill_one

    say(fill_one(open_workspace(folder), workbook, figures, out))


@command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("budgetbook-demo"))
def demo(folder: Path) -> None:
    """用焦作市 2026 年示例数据把全过程走一遍。"""
    from ..demo import run

    for line in run(folder, progress):
        say(line)
