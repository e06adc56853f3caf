"""Findings on the way to people and programs: the terminal, and the JSON of the contract."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..amount import from_fen
from ..finding import FILE_STATES, SEVERITIES, FileState, Finding, Waiver, fingerprint
from ..naming import clean

CAP = 12  # findings of one severity shown for one unit; the rest is counted
FILE_CAP = 100  # likewise of those about files, of which each is to be named
EXPLAINED_CAP = 2  # likewise of those that are explained
COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}


def counts(findings: Sequence[Finding]) -> dict[str, int]:
    """Findings that are not waived, by severity; every severity is named."""
    found = Counter(finding.severity for finding in findings if finding.waiver is None)
    return {severity: found[severity] for severity in SEVERITIES}


def explained_count(findings: Sequence[Finding]) -> int:
    """Findings that the unit has explained adequately."""
    return sum(bool(finding.explanation) and finding.waiver is None for finding in findings)


def waived_count(findings: Sequence[Finding]) -> int:
    """Findings that the city has waived."""
    return sum(finding.waiver is not None for finding in findings)


def as_json(
    year: int, files: Sequence[FileState], findings: Sequence[Finding], shadow: Mapping[str, int] | None = None
) -> str:
    """`budgetbook/findings/1`; amounts in 万元. *shadow*: how often each rule on trial would have spoken."""
    counted: dict[str, object] = {**summary(findings), "shadow": dict(sorted((shadow or {}).items()))}
    return "".join(json_pieces(year, files, findings, counted))


def summary(findings: Sequence[Finding]) -> dict[str, int]:
    """The counts of the contract."""
    return counts(findings) | {"explained": explained_count(findings), "waived": waived_count(findings)}


def json_pieces(
    year: int, files: Iterable[FileState], findings: Iterable[Finding], counted: Mapping[str, object]
) -> Iterator[str]:
    """The JSON piece by piece, so that not all of it has to be in memory."""
    yield f'{{\n "schema": "budgetbook/findings/1",\n "year": {year},\n "files": '
    yield from _array(asdict(file) for file in files)
    yield ',\n "findings": '
    yield from _array(as_object(finding, year) for finding in findings)
    yield f',\n "summary": {_indented(counted, 1)}\n}}'


def _array(objects: Iterable[Mapping[str, object]]) -> Iterator[str]:
    before = "[\n  "
    for each in objects:
        yield before + _indented(each, 2)
        before = ",\n  "
    yield "[]" if before.startswith("[") else "\n ]"


def _indented(each: Mapping[str, object], depth: int) -> str:
    return json.dumps(each, ensure_ascii=False, indent=1).replace("\n", "\n" + " " * depth)


def as_object(finding: Finding, year: int) -> dict[str, object]:
    """A finding as it stands in JSON."""
    names = ("rule", "severity", "unit", "file", "form", "line", "column", "sheet", "cell")
    amounts = {name: _amount(getattr(finding, name)) for name in ("value", "expected", "difference")}
    return (
        {name: getattr(finding, name) for name in names}
        | amounts
        | {
            "says": finding.says,
            "cause": finding.cause,
            "explanation": finding.explanation,
            "waiver": _waiver(finding.waiver),
            "fingerprint": fingerprint(finding, year),
            "echoes": [as_object(echo, year) for echo in finding.echoes],
        }
    )


def _waiver(waiver: Waiver | None) -> dict[str, str] | None:
    return None if waiver is None else {"by": waiver.by, "why": waiver.why, "until": waiver.until}


def _amount(fen: int | None) -> int | float | None:
    if fen is None:
        return None
    amount = from_fen(fen)
    return int(amount) if amount == amount.to_integral() else float(amount)


def plain(text: str) -> str:
    """Text from a file, made harmless: nothing in it can control the terminal or its markup."""
    return escape(clean(text))


def show(console: Console, files: Sequence[FileState], findings: Sequence[Finding], names: dict[str, str]) -> None:
    """A line a file, then findings by unit, worst first, capped, with totals."""
    _files(console, files)
    for unit in dict.fromkeys(finding.unit for finding in findings):
        _unit(console, names.get(unit, "文件"), [finding for finding in findings if finding.unit == unit])
    total = counts(findings)
    console.print(
        "合计："
        + "，".join(f"[{COLOURS[severity]}]{word} {total[severity]} 项[/]" for severity, word in SEVERITIES.items())
        + (f"；其中[green]已说明 {told} 项[/]" if (told := explained_count(findings)) else "")
        + (f"；另有[green]已豁免 {let} 项[/]" if (let := waived_count(findings)) else ""),
        highlight=False,
    )


def _files(console: Console, files: Sequence[FileState]) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("状态", "单位", "文件"):
        table.add_column(heading, overflow="fold")
    for file in files:
        table.add_row(FILE_STATES[file.state], plain(file.name), plain(file.path.rsplit("/", 1)[-1]))
    console.print(table)
    for file in files:
        if file.state == "superseded":  # of any other state a finding speaks
            console.print(f"  未用：{plain(file.says)}", highlight=False, soft_wrap=True)


def _unit(console: Console, name: str, findings: Sequence[Finding]) -> None:
    console.print(f"\n[bold]{plain(name)}[/]", highlight=False)
    for severity, word in SEVERITIES.items():
        group = [finding for finding in findings if finding.severity == severity and finding.open]
        cap = CAP if findings[0].unit else FILE_CAP
        for finding in group[:cap]:
            console.print(
                f"  [{COLOURS[severity]}]{word}[/] {finding.rule}  {plain(finding.says)}",
                highlight=False,
                soft_wrap=True,
            )
            _cause(console, finding)
        if len(group) > cap:
            console.print(f"  … 另有 {len(group) - cap} 项{word}问题，用 --json 查看全部", highlight=False)
    for finding in findings:
        if finding.waiver:
            console.print(
                f"  [green]已豁免[/] {finding.rule}  {plain(finding.says)} {plain(str(finding.waiver))}",
                highlight=False,
                soft_wrap=True,
            )
    told = [finding for finding in findings if finding.explanation and finding.waiver is None]
    for finding in told[:EXPLAINED_CAP]:
        console.print(
            f"  [green]已说明[/] {finding.rule}  {plain(finding.says)} 说明：{plain(finding.explanation)}",
            highlight=False,
            soft_wrap=True,
        )
    if len(told) > EXPLAINED_CAP:
        console.print(f"  … 另有 {len(told) - EXPLAINED_CAP} 项核实问题已说明，用 --json 查看全部", highlight=False)


def _cause(console: Console, finding: Finding) -> None:
    if finding.cause:
        folded = f"（由此引起的另外 {len(finding.echoes)} 项问题已并入这一项）" if finding.echoes else ""
        console.print(f"       {plain(finding.cause)}{folded}", style="bold", highlight=False, soft_wrap=True)
