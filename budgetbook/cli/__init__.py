"""The commands: arguments in, exit code out."""

from __future__ import annotations

import click

from .asking import diff, explain, why
from .following import accept, collect, reopen, status
from .issuing import demo, fill, new, template
from .options import Commands
from .papers import attach, report
from .returning import check, consolidate, export, waive


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="budgetbook", message="budgetbook %(version)s", help="显示版本。")
def main() -> None:
    """预算报表：生成、收回、核对、汇总市县预算表。"""


# in the order of the job, as the help lists them
for step in (
    *(new, template, fill, collect, check, waive, status, accept, reopen),
    *(consolidate, attach, report, explain, diff, why, export, demo),
):
    main.add_command(step)
