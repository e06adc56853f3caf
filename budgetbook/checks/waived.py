"""What the city has waived: a finding that stays listed with who, why and until when, and no longer stands in the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..catalogue import Catalogue
from ..finding import Finding, Waiver, fingerprint
from ..unit import Tree

UNMATCHED = "W-01"


def misnamed(waiver: Waiver, finding: Finding, names: Mapping[str, str]) -> bool:
    """Whether a waiver says another unit or rule than the finding of its fingerprint; *names*: unit code or name → code."""
    unit = names.get(waiver.unit, waiver.unit)
    return bool(waiver.unit and unit != finding.unit) or bool(waiver.rule and waiver.rule != finding.rule)


def codes(tree: Tree) -> dict[str, str]:
    """Unit name or code → code."""
    return {unit.name: unit.code for unit in tree} | {unit.code: unit.code for unit in tree}


def waived(
    findings: Iterable[Finding], waivers: Sequence[Waiver], catalogue: Catalogue, today: dt.date
) -> Iterator[Finding]:
    """The findings, those under a waiver marked; one whose waiver has run out counts again and says so.

    Of several waivers of one finding the last counts. A finding of no unit cannot be waived: its fingerprint names nothing.
    """
    names = codes(catalogue.tree)
    by_print = {waiver.fingerprint: waiver for waiver in waivers}
    for finding in findings:
        waiver = by_print.get(fingerprint(finding, catalogue.year)) if finding.unit and by_print else None
        if waiver is None or misnamed(waiver, finding, names):
            yield finding
        elif expired(waiver, today):
            says = f"{finding.says}{waiver.by}给的豁免已于 {waiver.until} 到期，重新计入。"
            yield replace(finding, says=says)
        else:
            yield replace(finding, waiver=waiver)


def expired(waiver: Waiver, today: dt.date) -> bool:
    """Whether a waiver no longer holds: its last day has passed."""
    return bool(waiver.until) and dt.date.fromisoformat(waiver.until) < today


def unmatched(
    waivers: Sequence[Waiver], findings: Iterable[Finding], catalogue: Catalogue, here: Collection[str], file: str
) -> Iterator[Finding]:
    """The waivers that no finding needs any more, of units that were read: mended, or never right."""
    tree = catalogue.tree
    needed = {fingerprint(finding, catalogue.year): finding for finding in findings} if waivers else {}
    everyone = {unit.code for unit in tree.leaves if not unit.adjustment} <= set(here)
    names = codes(tree)
    last = {waiver.fingerprint: waiver for waiver in waivers}
    for waiver in last.values():
        unit = names.get(waiver.unit, "")
        finding = needed.get(waiver.fingerprint)
        if finding and finding.unit and misnamed(waiver, finding, names):
            says = (
                f"{file} 第 {waiver.at} 行写的是 {waiver.rule}、{waiver.unit}，指纹 {waiver.fingerprint} 却是"
                f"{tree[finding.unit].name}的 {finding.rule}，这一行没有生效。请核对后改正单位、规则或指纹。"
            )
            yield Finding(UNMATCHED, "warning", says, finding.unit, file)
        elif waiver.fingerprint not in needed and (everyone or unit in here):
            says = (
                f"{file} 第 {waiver.at} 行豁免的问题（{waiver.rule}，{waiver.unit}，指纹 {waiver.fingerprint}）这次没有出现，"
                "可能已经改正，也可能指纹抄错。请核对，不再需要的请删去这一行。"
            )
            yield Finding(UNMATCHED, "note", says, unit, file)
