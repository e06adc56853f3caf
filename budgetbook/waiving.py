"""豁免 as a command: the finding is looked up in what came in, and one more line written into `waivers.csv`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from .finding import Finding, Waiver, fingerprint
from .jobs import Progress, checked
from .problems import Impossible
from .saving import save
from .season.noting import note_checks
from .tiers.job import closed_country
from .tiers.wanted import Wanted, several
from .waivers import FILE, as_date, with_waiver
from .workspace import Workspace


def waive(space: Workspace, paths: Sequence[Path], waiver: Waiver, progress: Progress) -> str:
    """Writes down a *waiver*, with the rule and the unit of the findings that bear its fingerprint; says so. Raises Impossible."""
    until = _until(space, waiver)
    if several(space):
        with closed_country(space, paths or (space.returned,), Wanted(), progress) as country:
            return _written(space, _named(space, country.kept.findings(), waiver.fingerprint), waiver, until)[1]
    intake, findings = checked(space, paths, progress)
    found = _named(space, findings, waiver.fingerprint)
    whole, says = _written(space, found, waiver, until)
    if not paths:
        note_checks(
            space, intake.returns, [replace(each, waiver=whole) if each in found else each for each in findings]
        )
    return says


def _written(space: Workspace, found: Sequence[Finding], waiver: Waiver, until: str) -> tuple[Waiver, str]:
    unit = space.whole[found[0].unit].name
    whole = Waiver(waiver.fingerprint, found[0].rule, unit, waiver.by.strip(), waiver.why.strip(), until)
    path = space.folder / FILE
    save(path, with_waiver(path, whole))
    many = f"这个指纹对应 {len(found)} 个问题，一并豁免。" if len(found) > 1 else ""
    says = f"已豁免（{whole}）：{unit} {whole.rule} {found[0].says}{many}\n记在 {path}，仍列在问题清单中，不再计入强制、核实项数。"
    return whole, says


def _until(space: Workspace, waiver: Waiver) -> str:
    if not waiver.by.strip() or not waiver.why.strip():
        raise Impossible("没有写豁免人（--by）或理由（--why），请写全；没有理由的豁免不算数")
    until = as_date(waiver.until.strip())
    if waiver.until.strip() and not until:
        raise Impossible(f"期限“{waiver.until}”不是日期，请写成 {space.catalogue.year}-12-31，不设期限就不写 --until")
    if until and until < dt.date.today().isoformat():
        raise Impossible(f"期限 {until} 已经过去，请写今天或以后的日期")
    return until


def _named(space: Workspace, findings: Iterable[Finding], named: str) -> list[Finding]:
    found = [each for each in _unfolded(findings) if fingerprint(each, space.catalogue.year) == named]
    if not found:
        raise Impossible(
            f"这次核对没有指纹为“{named}”的问题。指纹在 check --xlsx 问题清单的“指纹”栏和 check --json 的 fingerprint 中，请重新复制"
        )
    if not found[0].unit:
        raise Impossible(f"“{found[0].says}”不属于哪个单位的报表，不能豁免，请处理文件本身")
    return found


def _unfolded(findings: Iterable[Finding]) -> Iterator[Finding]:
    for finding in findings:
        yield finding
        yield from finding.echoes
