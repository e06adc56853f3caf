"""The commands: arguments in, exit code out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .chinese_click import Group
from .definitions import DefinitionError
from .model import FileState, Finding
from .workspace import Impossible, Workspace, new_workspace, open_workspace

if TYPE_CHECKING:
    from .inquiry.inquiries import Answer
    from .report.job import CheckedReport

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
PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))


class Commands(Group):
    """What the operator did wrong becomes one sentence and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (Impossible, DefinitionError) as error:
            click.echo(str(error), err=True)
            ctx.exit(2)
        except OSError as error:
            click.echo(
                f"文件操作失败：{error.strerror}（{error.filename}），请检查文件夹权限、磁盘空间和文件是否被占用",
                err=True,
            )
            ctx.exit(2)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="budgetbook", message="budgetbook %(version)s", help="显示版本。")
def main() -> None:
    """预算报表：生成、收回、核对、汇总市县预算表。"""


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--year", type=int, required=True, help="预算年度，例如 2026。")
def new(folder: Path, year: int) -> None:
    """新建一个工作区：配置文件和 issued、returned、out 三个文件夹。"""
    click.echo(f"已新建工作区，请先核对单位名单：{new_workspace(folder, year)}")


@main.command()
@WORKSPACE
@click.option("--unit", "units", multiple=True, help="只生成这个单位（代码或名称），可以写多次。")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="放到哪个文件夹，默认为工作区的 issued。")
def template(folder: Path, units: tuple[str, ...], out: Path | None) -> None:
    """给每个填报单位生成一本空白报表。"""
    from .jobs import issue

    space = open_workspace(folder)
    chosen = [space.unit(unit) for unit in units] or list(space.catalogue.tree.leaves)
    files = list(progress("生成报表", issue(space, chosen, out or space.issued), len(chosen)))
    click.echo(f"已生成 {len(files)} 本报表，放在 {out or space.issued}")


@main.command()
@click.argument("workbook", type=click.Path(path_type=Path))
@click.argument("figures", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="填好的报表存为。")
@WORKSPACE
def fill(workbook: Path, figures: Path, out: Path, folder: Path) -> None:
    """把整理好的数据（unit,form,line,column,value）填入报表。"""
    from .jobs import fill_one

    click.echo(fill_one(open_workspace(folder), workbook, figures, out))


@main.command()
@PATHS
@WORKSPACE
@click.option(
    "--json", "json_to", type=click.Path(path_type=Path, allow_dash=True), help="问题清单存为 JSON；写 - 则输出到屏幕。"
)
@click.option("--xlsx", "xlsx_to", type=click.Path(path_type=Path), help="问题清单存为 Excel：总表、清单、文件。")
@click.option("--feedback", type=click.Path(path_type=Path), help="给每个单位生成一本反馈表，放到这个文件夹。")
def check(
    paths: tuple[Path, ...], folder: Path, json_to: Path | None, xlsx_to: Path | None, feedback: Path | None
) -> None:
    """核对返回的报表（文件、文件夹或 zip 压缩包，默认为工作区的 returned）。"""
    from .jobs import checked, write_feedback, write_findings

    space = open_workspace(folder)
    intake, findings = checked(space, paths or (space.returned,), progress)
    code = deliver(space, intake.files, findings, json_to)
    if xlsx_to:
        write_findings(space, intake, findings, xlsx_to)
    if feedback:
        written = list(progress("写反馈表", write_feedback(space, intake, findings, feedback), len(intake.returns)))
        click.echo(f"已生成反馈表 {len(written)} 本：{feedback}", err=str(json_to) == "-")
    sys.exit(code)


@main.command()
@PATHS
@WORKSPACE
@click.option("-o", "--out", type=click.Path(path_type=Path), help="汇总表放到哪个文件夹，默认为工作区的 out。")
def consolidate(paths: tuple[Path, ...], out: Path | None, folder: Path) -> None:
    """逐级汇总：每个汇总单位一本报表，另加分单位汇总表。"""
    from .jobs import consolidated

    space = open_workspace(folder)
    outcome = consolidated(space, paths or (space.returned,), out or space.out, progress)
    code = deliver(space, outcome.files, outcome.findings, None)
    click.echo(outcome.says)
    sys.exit(2 if outcome.missing else code)


@main.command()
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
def attach(paths: tuple[Path, ...], folder: Path, out: Path | None, docx: bool, pdf: bool, rounding: Any) -> None:
    """生成人民代表大会附表（账册所在的文件夹，默认为工作区的 out 和 returned）。"""
    from .papers.job import PAPERS, Wanted, attach

    space = open_workspace(folder)
    done = attach(
        space, paths or (space.out, space.returned), out or space.out / PAPERS, Wanted(docx, pdf, rounding), progress
    )
    code = deliver(space, (), done.findings, None)
    click.echo(done.says)
    sys.exit(code)


@main.command()
@click.argument("book", type=click.Path(path_type=Path))
@click.argument("cell", metavar="SHEET!CELL")
@WORKSPACE
@JSON
@XLSX
@click.option(
    "--returns", multiple=True, type=click.Path(path_type=Path), help="返回的报表在哪里，默认为工作区的 returned。"
)
def explain(
    book: Path, cell: str, folder: Path, json_to: Path | None, xlsx_to: Path | None, returns: tuple[Path, ...]
) -> None:
    """查一个数的出处：汇总表或返回表中的一个单元格（例如 表01!G7），一直查到哪个文件、哪张表、哪一格。"""
    from .inquiry.inquiries import explained

    space = open_workspace(folder)
    answer = explained(space, book, cell, returns or (space.returned,), progress)
    respond(answer, json_to, xlsx_to)


@main.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@WORKSPACE
@JSON
@XLSX
def diff(old: Path, new: Path, folder: Path, json_to: Path | None, xlsx_to: Path | None) -> None:
    """比较两个版本（两本报表，或两个文件夹逐个单位比）：金额、行列、文字、公式，改好的和新出现的问题。"""
    from .inquiry.inquiries import compared

    respond(compared(open_workspace(folder), old, new, progress), json_to, xlsx_to)


@main.command()
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
    from .inquiry.inquiries import reasoned

    space = open_workspace(folder)
    respond(reasoned(space, old, new, cell, space.unit(unit) if unit else None, progress), json_to, xlsx_to)


@main.command()
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
    from .exchange.exported import exported

    says = exported(open_workspace(folder), paths, out, names)
    click.echo(says, err=str(out) == "-")


@main.group(cls=Group)
def report() -> None:
    """报告文字：核对其中每一个数，或由报表写出有数字的段落。"""


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
    from .report.job import check_report, write_comments

    done = check_report(open_workspace(folder), report, books, progress)
    commented = write_comments(done, docx_to) if docx_to else 0
    show_report(done, json_to)
    if html_to:
        html_to.write_text(done.html(), encoding="utf-8")
    if docx_to:
        click.echo(f"已另存带 {commented} 处批注的报告：{docx_to}", err=str(json_to) == "-")
    sys.exit(1 if done.amiss else 0)


@report.command("write")
@PATHS
@WORKSPACE
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="写成的 Word 文档。")
def report_write(paths: tuple[Path, ...], folder: Path, out: Path) -> None:
    """由报表写出报告里有数字的段落（默认用工作区的 returned），字句在模板 report.docx 里改。"""
    from .report.job import write_report

    space = open_workspace(folder)
    click.echo(write_report(space, paths or (space.returned,), out, progress))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("budgetbook-demo"))
def demo(folder: Path) -> None:
    """用焦作市 2026 年示例数据把全过程走一遍。"""
    from .demo import run

    for line in run(folder, progress):
        click.echo(line)


def deliver(space: Workspace, files: Sequence[FileState], findings: Sequence[Finding], json_to: Path | None) -> int:
    """Shows or writes findings; the exit code is 1 if any is at error level."""
    from rich.console import Console

    from .findings.shown import as_json, counts, show

    text = as_json(space.catalogue.year, files, findings)
    if str(json_to) == "-":
        click.echo(text)
    else:
        show(Console(soft_wrap=True), files, findings, {unit.code: unit.name for unit in space.catalogue.tree})
    if json_to and str(json_to) != "-":
        json_to.write_text(text, encoding="utf-8")
    return 1 if counts(findings)["error"] else 0


def show_report(done: CheckedReport, json_to: Path | None) -> None:
    """Shows or writes what a check of a report found."""
    from rich.console import Console

    from .report.tied import show_judged, show_ties, show_wrong

    console = Console(soft_wrap=True, stderr=str(json_to) == "-", quiet=str(json_to) == "-")
    show = show_ties if done.against_books else show_wrong
    show(console, done.ties)
    show_judged(console, done.judged)
    if str(json_to) == "-":
        click.echo(done.json())
    if json_to and str(json_to) != "-":
        json_to.write_text(done.json(), encoding="utf-8")


def respond(answer: Answer, json_to: Path | None, xlsx_to: Path | None) -> None:
    """Shows or writes what was asked for; with JSON on standard output nothing else goes there."""
    click.echo(answer.json if str(json_to) == "-" else "\n".join(answer.text))
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
    from rich.progress import track

    yield from track(steps, title, total, console=Console(stderr=True), transient=True)
