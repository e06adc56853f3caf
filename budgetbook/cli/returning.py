"""Workbooks that came back: checked, consolidated, exported."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .chinese_click import command
from .options import (
    CALIBRE,
    CLUSTER,
    FIGURES,
    JOBS,
    PATHS,
    PRIOR,
    WORKSPACE,
    deliver,
    deliver_country,
    load_shown,
    open_workspace,
    progress,
)
from .saying import say

if TYPE_CHECKING:
    from ..book import Book
    from ..prior import Prior
    from ..tiers.wanted import Wanted
    from ..workspace import Workspace


@command()
@PATHS
@WORKSPACE
@click.option(
    "--json", "json_to", type=click.Path(path_type=Path, allow_dash=True), help="问题清单存为 JSON；写 - 则输出到屏幕。"
)
@click.option("--xlsx", "xlsx_to", type=click.Path(path_type=Path), help="问题清单存为 Excel：总表、清单、文件。")
@click.option(
    "--html", "html_to", type=click.Path(path_type=Path), help="结果存为网页：总表、清单、汇总图，双击就能打开。"
)
@click.option("--feedback", type=click.Path(path_type=Path), help="给每个单位生成一本反馈表，放到这个文件夹。")
@PRIOR
@CALIBRE
@click.option("--estimates", type=click.Path(path_type=Path), help="代编的账册：列出批准的预算与代编不同的地方。")
@JOBS
@CLUSTER
@FIGURES
def check(
    paths: tuple[Path, ...],
    folder: Path,
    json_to: Path | None,
    xlsx_to: Path | None,
    html_to: Path | None,
    feedback: Path | None,
    prior: Path | None,
    prior_calibre: str | None,
    estimates: Path | None,
    jobs: int | None,
    cluster: str,
    figures: str,
) -> None:
    """核对返回的报表（文件、文件夹或 zip 压缩包）。不写文件时先收下工作区 returned 里新到的，核对各单位现用的版本，并记入台账。"""
    from ..ahead import Ahead

    with Ahead(paths, load_shown) as ahead:
        from ..checks import gathered, shadows
        from ..jobs import checked, write_feedback, write_findings
        from ..tiers.wanted import Wanted, several

        space = open_workspace(folder)
        if several(space, prior=prior, estimates=estimates, cluster=cluster, figures=figures):
            ahead.close()  # of thousands of files the first is in no hurry
            wanted = Wanted(feedback=feedback, figures=figures)
            faces = (json_to, xlsx_to, html_to)
            sys.exit(_check_country(space, paths or (space.returned,), faces, wanted, (jobs, cluster)))
        before, drafted = _earlier(space, prior, prior_calibre, estimates) if prior or estimates else (None, None)
        intake, findings = checked(space, paths, progress, before, drafted, jobs, ahead)
    returns = intake.returns
    trial = shadows(gathered(space.shape, returns, before, drafted), returns) if json_to else None
    code = deliver(space, intake.files, findings, json_to, trial)
    if xlsx_to:
        write_findings(space, intake, findings, xlsx_to)
    if html_to:
        from ..page.job import write_findings_page

        write_findings_page(space, intake, findings, html_to)
    if feedback:
        written = list(progress("写反馈表", write_feedback(space, intake, findings, feedback), len(intake.returns)))
        say(f"已生成反馈表 {len(written)} 本：{feedback}", err=str(json_to) == "-")
    sys.exit(code)


def _earlier(
    space: Workspace, prior: Path | None, calibre: str | None, estimates: Path | None
) -> tuple[Prior | None, dict[str, Book] | None]:
    """Last year's books, and the 代编 ones that returns replace."""
    from ..last_year import read_estimates, read_prior

    before = read_prior(space, prior, calibre or "") if prior else None
    return before, read_estimates(space, estimates) if estimates else None


def _check_country(
    space: Workspace,
    paths: Sequence[Path],
    faces: tuple[Path | None, Path | None, Path | None],
    wanted: Wanted,
    work: tuple[int | None, str],
) -> int:
    from ..tiers.job import closed_country, write_workbook

    json_to, xlsx_to, html_to = faces
    with closed_country(space, paths, wanted, progress, *work) as country:
        code = deliver_country(country, json_to)
        if xlsx_to:
            write_workbook(country, xlsx_to)
        if html_to:
            from ..page.job import write_country_page

            write_country_page(country, html_to)
    if wanted.feedback:
        say(f"已生成反馈表 {country.feedback} 本：{wanted.feedback}", err=str(json_to) == "-")
    return code


@command()
@click.argument("fingerprint")
@PATHS
@WORKSPACE
@click.option("--by", required=True, help="谁同意豁免。")
@click.option("--why", required=True, help="为什么可以豁免。")
@click.option("--until", default="", help="豁免到哪一天，例如 2026-12-31；不写则不设期限。")
def waive(fingerprint: str, paths: tuple[Path, ...], folder: Path, by: str, why: str, until: str) -> None:
    """豁免一个问题（写它的指纹）：记入工作区的 waivers.csv，仍然列出，不再计入强制、核实项数。"""
    from ..finding import Waiver
    from ..waiving import waive as write_down

    space = open_workspace(folder)
    waiver = Waiver(fingerprint, "", "", by, why, until)
    say(write_down(space, paths, waiver, progress))


@command()
@PATHS
@WORKSPACE
@click.option("-o", "--out", type=click.Path(path_type=Path), help="汇总表放到哪个文件夹，默认为工作区的 out。")
@click.option("--accepted", is_flag=True, help="只用已接收（accept）的版本，没有接收的单位算缺报。")
@JOBS
@CLUSTER
@FIGURES
@click.option("--by-unit", is_flag=True, help="有多级财政时，也为每一级写分单位汇总表；只有一级时总会写。")
def consolidate(
    paths: tuple[Path, ...],
    out: Path | None,
    folder: Path,
    accepted: bool,
    jobs: int | None,
    cluster: str,
    figures: str,
    by_unit: bool,
) -> None:
    """逐级汇总：每个汇总单位一本报表，另加分单位汇总表。不写文件时用工作区里各单位已接收或最新的版本，并记下用了哪些。"""
    from ..ahead import Ahead

    with Ahead(paths, load_shown) as ahead:
        from ..jobs import consolidated
        from ..tiers.wanted import Wanted, several

        space = open_workspace(folder)
        chosen, target = paths or (space.returned,), out or space.out
        if several(space, accepted=accepted, cluster=cluster, figures=figures):
            ahead.close()
            sys.exit(_consolidate_country(space, chosen, Wanted(target, by_unit, figures=figures), (jobs, cluster)))
        outcome = consolidated(space, paths, target, progress, accepted, jobs, ahead)
    code = deliver(space, outcome.files, outcome.findings, None)
    say(outcome.says)
    sys.exit(2 if outcome.missing else code)


def _consolidate_country(space: Workspace, paths: Sequence[Path], wanted: Wanted, work: tuple[int | None, str]) -> int:
    from ..tiers.job import closed_country, outcome

    with closed_country(space, paths, wanted, progress, *work) as country:
        code = deliver_country(country, None)
    say(outcome(country))
    return 2 if country.missing else code


@command()
@PATHS
@WORKSPACE
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="存为 .csv、.parquet、.sqlite 或 .duckdb；写 - 则以 CSV 输出到屏幕。",
)
@click.option("--names", is_flag=True, help="另附一张名称表（单位、表、科目、栏目的名称）。")
def export(paths: tuple[Path, ...], out: Path, folder: Path, names: bool) -> None:
    """把报表中的数导出为整理好的数据，旁边附数据说明 datapackage.json。"""
    from ..exchange.exported import exported

    says = exported(open_workspace(folder), paths, out, names)
    say(says, err=str(out) == "-")
