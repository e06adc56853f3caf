"""What a check found and what a total was made of, written down."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ..catalogue import Catalogue
from ..finding import Finding, fingerprint
from ..returns import Return
from ..workspace import Workspace
from .collecting import season
from .facts import Checked, Consolidated, Tally, Trouble, now
from .history import History
from .pages import record


def note_checks(space: Workspace, returns: Mapping[str, Return], findings: Sequence[Finding]) -> None:
    """One page for all units of which a check found something else than before. Raises OSError."""
    known, _ = season(space)
    by_unit: dict[str, list[Finding]] = {}
    for finding in findings:
        by_unit.setdefault(finding.unit, []).append(finding)
    fresh = [
        fact
        for code, ret in returns.items()
        if code in known
        for fact in [checked(space.catalogue, ret, by_unit.get(code, []), now())]
        if not _told(known[code], fact)
    ]
    if fresh:
        record(space.season, fresh)


def _told(history: History, fact: Checked) -> bool:
    before = [each.checked for each in history.versions if each.received.sha256 == fact.sha256]
    return any(each and replace(each, at=fact.at) == fact for each in before)


def checked(catalogue: Catalogue, ret: Return, findings: Sequence[Finding], at: str) -> Checked:
    """What was found wrong with one return."""
    absent = tuple(form.id for form in catalogue.at(ret.unit.level) if form.id not in ret.where)
    tallies = tuple(_tallies(findings))
    return Checked(
        ret.unit.code, at, ret.sha256, catalogue.digest, tallies, tuple(_troubles(catalogue, findings)), absent
    )


def _tallies(findings: Sequence[Finding]) -> Iterator[Tally]:
    counts = Counter((finding.form, _kind(finding)) for finding in findings)
    for form in dict.fromkeys(finding.form for finding in findings):
        yield Tally(form, *(counts[form, kind] for kind in ("wrong", "unexplained", "explained", "waived")))


def _kind(finding: Finding) -> str:
    if finding.waiver:
        return "waived"
    if finding.severity == "error":
        return "wrong"
    if finding.severity == "note":
        return ""
    return "explained" if finding.explanation else "unexplained"


def _troubles(catalogue: Catalogue, findings: Sequence[Finding]) -> Iterator[Trouble]:
    for finding in findings:
        if _kind(finding) in ("wrong", "unexplained"):
            yield Trouble(finding.severity, finding.form, fingerprint(finding, catalogue.year), finding.says)


def note_totals(space: Workspace, returns: Mapping[str, Return], books: Mapping[str, Path]) -> None:
    """One page for the books of all nodes. Raises OSError."""
    tree, at = space.catalogue.tree, now()
    made = [
        Consolidated(
            node,
            at,
            hashlib.sha256(path.read_bytes()).hexdigest(),
            _within(space.folder, path),
            space.catalogue.digest,
            tuple((leaf.code, returns[leaf.code].sha256) for leaf in tree.under(node) if leaf.code in returns),
        )
        for node, path in books.items()
    ]
    if made:
        record(space.season, made)


def not_accepted(space: Workspace, returns: Mapping[str, Return]) -> str:
    """The sentence that says of which versions a total was made that nobody has accepted; empty if there are none."""
    known, _ = season(space)
    names = [ret.unit.name for code, ret in returns.items() if not (code in known and known[code].accepted)]
    if not names:
        return ""
    return (
        f"\n注意：其中 {len(names)} 个单位的报表还没有接收，这次汇总用的是它们最新的版本：{'、'.join(names)}。"
        "核对无误后用 accept 接收；只汇总已接收的版本用 consolidate --accepted。"
    )


def _within(folder: Path, path: Path) -> str:
    """The path as seen from the workspace, so that it holds wherever the workspace is opened from; whole if it lies elsewhere."""
    whole, top = path.resolve(), folder.resolve()
    return whole.relative_to(top).as_posix() if whole.is_relative_to(top) else str(whole)
