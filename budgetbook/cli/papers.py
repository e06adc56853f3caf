"""What goes to the congress: the printed tables and the report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .chinese_click import Group, command
from .options import JOBS, JSON, PATHS, WORKSPACE, deliver, open_one_tier, progress
from .saying import say

if TYPE_CHECKING:
    from ..report.job import CheckedReport


@command()
@PATHS
@WORKSPACE
@click.option("-o", "--out", type=click.Path(path_type=Path), help="附表放到哪个文件夹，默认为工作区 out 下的“附表”。")
@click.option("--docx", is_flag=True, help="同时生成 Word 文档。")
@click.option("--pdf", is_flag=True, help="同时生成 PDF（需要 LibreOffice），并逐数核对印出的页面。")
@click.option(
    "--rounding",
    type=click.Choice(["controlled", "plain"]),
    default="controlled",
    help="controlled 舍位平衡，plain 四舍五入加尾差说明。",
)
@JOBS
def attach(
    paths: tuple[Path, ...],
    folder: Path,
    out: Path | None,
    docx: bool,
    pdf: bool,
    rounding: Any,
    jobs: int | None,
) -> None:
    """生成人民代表大会附表（账册所在的文件夹，默认为工作区的 out 和各单位现用的版本）。"""
    from ..papers.job import PAPERS, Wanted, attach
    from ..season.collecting import used

    space = open_one_tier(folder, "attach")
    books = paths or (space.out, *used(space))
    done = attach(space, books, out or space.out / PAPERS, Wanted(docx, pdf, rounding), progress, jobs)
    code = deliver(space, (), done.findings, None)
    say(done.says)
    sys.exit(code)


@click.group(cls=Group)
def report() -> None:
    """核对或写出报告文字：核对其中每一个数，或由报表写出有数字的段落。"""


@report.command("check")
@click.argument("report", type=click.Path(path_type=Path))
@click.argument("books", nargs=-1, type=click.Path(path_type=Path))
@WORKSPACE
@JSON
@click.option("--html", "html_to", type=click.Path(path_type=Path), help="存为网页：全文逐数标出，附要看的数。")
@click.option("--docx", "docx_to", type=click.Path(path_type=Path), help="另存一份带批注的 Word 报告（原稿不动）。")
def report_check(
    report: Path,
    books: tuple[Path, ...],
    folder: Path,
    json_to: Path | None,
    html_to: Path | None,
    docx_to: Path | None,
) -> None:
    """核对报告（.docx、.txt、.pdf）里的每一个数：给出报表（BOOKS）时逐数对表，不给时检查文字自身前后是否一致。"""
    from ..report.job import check_report, write_comments

    done = check_report(open_one_tier(folder, "report check"), report, books, progress)
    commented = write_comments(done, docx_to) if docx_to else 0
    show_report(done, json_to)
    if html_to:
        html_to.write_text(done.html(), encoding="utf-8")
    if docx_to:
        say(f"已另存带 {commented} 处批注的报告：{docx_to}", err=str(json_to) == "-")
    sys.exit(1 if done.amiss else 0)


@report.command("write")
@PATHS
@WORKSPACE
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="写成的 Word 文档。")
def report_write(paths: tuple[Path, ...], folder: Path, out: Path) -> None:
    """由报表写出报告里有数字的段落（默认用工作区里各单位现用的版本），字句在模板 report.docx 里改。"""
    from rich.console import Console

    from ..report.job import write_report
    from ..report.tied import show_doubts

    says, findings = write_report(open_one_tier(folder, "report write"), paths, out, progress)
    show_doubts(Console(soft_wrap=True), findings)
    say(says)
    sys.exit(1 if any(finding.severity == "error" for finding in findings) else 0)


def show_report(done: CheckedReport, json_to: Path | None) -> None:
    """Shows or writes what a check of a report found."""
    from rich.console import Console

    from ..report.tied import show_doubts, show_judged, show_ties, show_wrong

    console = Console(soft_wrap=True, stderr=str(json_to) == "-", quiet=str(json_to) == "-")
    show_doubts(console, done.findings)
    show = show_ties if done.against_books else show_wrong
    show(console, done.ties)
    show_judged(console, done.judged)
    if str(json_to) == "-":
        say(done.json())
    if json_to and str(json_to) != "-":
        json_to.write_text(done.json(), encoding="utf-8")
