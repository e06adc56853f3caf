"""A country's findings on the terminal: a line a tier, then the gravest findings, then the totals."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from ..finding import SEVERITIES
from ..findings.shown import COLOURS, plain
from .job import Country

MOST = 20  # findings shown one by one
TIERS = 60  # lines of tiers; without findings they are left out first


def show_country(console: Console, country: Country) -> None:
    """Nothing in it grows with the number of files."""
    rows = list(country.kept.tiers())
    order = {unit.code: at for at, unit in enumerate(country.space.whole)}
    worst = sorted(rows, key=lambda row: ([-count for count in row[2]], order[row[0]]))[:TIERS]
    table = Table(box=None, pad_edge=False)
    for heading in ("单位", "收到文件", *SEVERITIES.values()):
        table.add_column(heading, justify="left" if heading == "单位" else "right")
    for tier, files, counts in sorted(worst, key=lambda row: order[row[0]]):
        table.add_row(plain(country.space.whole[tier].name), str(files), *map(str, counts))
    console.print(table)
    if len(rows) > len(worst):
        console.print(f"… 另有 {len(rows) - len(worst)} 级财政的问题不多于上面各级，用 --json 查看全部")
    _gravest(console, country)
    counted = country.kept.summary()
    told = f"；其中[green]已说明 {counted['explained']} 项[/]" if counted["explained"] else ""
    waived = f"；另有已豁免 {counted['waived']} 项" if counted["waived"] else ""
    sums = "，".join(f"[{COLOURS[each]}]{word} {counted[each]} 项[/]" for each, word in SEVERITIES.items())
    console.print(f"合计：{sums}{told}{waived}", highlight=False)


def _gravest(console: Console, country: Country) -> None:
    shown = list(country.kept.findings("error", MOST))
    for finding in shown:
        unit = country.space.whole[finding.unit].name if finding.unit in country.space.whole else "文件"
        console.print(
            f"[red]强制[/] {plain(unit)} {finding.rule}  {plain(finding.says)}", highlight=False, soft_wrap=True
        )
    if (rest := country.kept.summary()["error"] - len(shown)) > 0 and shown:
        console.print(f"… 另有 {rest} 项强制问题，用 --json 查看全部", highlight=False)
