"""The commands: arguments in, exit code out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from .definitions import DefinitionError
from .model import FileState, Finding
from .workspace import Impossible, Workspace, new_workspace, open_workspace

WORKSPACE = click.option(
    "-w",
    "--workspace",
    "folder",
    type=click.Path(path_type=Path),
    default=Path(),
    help="工作区文件夹，默认为当前文件夹。",
)
PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))


class Commands(click.Group):
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
@click.version_option(package_name="budgetbook", message="budgetbook %(version)s")
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
def check(paths: tuple[Path, ...], folder: Path, json_to: Path | None) -> None:
    """核对返回的报表（文件或文件夹，默认为工作区的 returned）。"""
    from .jobs import checked

    space = open_workspace(folder)
    intake, findings = checked(space, paths or (space.returned,), progress)
    sys.exit(deliver(space, intake.files, findings, json_to))


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
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="存为 .csv 文件；写 - 则输出到屏幕。")
def export(paths: tuple[Path, ...], out: Path, folder: Path) -> None:
    """把报表中的数导出为整理好的数据。"""
    from .jobs import exported

    says = exported(open_workspace(folder), paths, out)
    click.echo(says, err=str(out) == "-")


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

    from .report import as_json, counts, show

    text = as_json(space.catalogue.year, files, findings)
    if str(json_to) == "-":
        click.echo(text)
    else:
        show(Console(soft_wrap=True), files, findings, {unit.code: unit.name for unit in space.catalogue.tree})
    if json_to and str(json_to) != "-":
        json_to.write_text(text, encoding="utf-8")
    return 1 if counts(findings)["error"] else 0


def progress(title: str, steps: Iterable[Any], total: int | None) -> Iterator[Any]:
    """The steps as they come, with a bar on standard error if someone is watching."""
    if not sys.stderr.isatty():
        yield from steps
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(steps, title, total, console=Console(stderr=True), transient=True)
