"""Relations of a text that could each be true, but not all of them together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from .. import rounding_proof as proof
from .judged import BROKEN, HOLDS, Judged
from .sides import in_order
from .stated import Stated

SAME = "T-SAME"  # a figure said twice


def jointly(stated: Stated, judged: Sequence[Judged]) -> Iterator[Judged]:
    """Relations that could each be true, but not all of them together: one irreducible set a group of linked figures."""
    sound = [each for each in judged if each.verdict != BROKEN and each.severity == "error" and not _repeats(each)]
    for group in _groups(sound):
        demands = [demand for each in group for demand in each.demands]
        joint = proof.together(demands, stated.figures)
        if joint.verdict == BROKEN:
            yield _conflict(group, joint.conflict)


def _repeats(judged: Judged) -> bool:
    """Whether a relation says no more than that a figure was said again."""
    return judged.id == SAME and judged.verdict == HOLDS


def _conflict(group: Sequence[Judged], conflict: Sequence[proof.Claim]) -> Judged:
    involved = [each for each in group if any(demand in conflict for demand in each.demands)]
    claims = dict.fromkeys(claim for each in involved for claim in each.claims)
    says = "；".join(each.says.partition("。")[0] for each in involved)
    lead = f"以下 {len(involved)} 条单独看都成立或只差尾数，合起来却不能同时成立：{says}。请核对其中的数。"
    return Judged("T-JOINT", BROKEN, "error", lead, tuple(sorted(claims, key=in_order)), None, None)


def _groups(judged: Sequence[Judged]) -> Iterator[list[Judged]]:
    """Relations linked by figures they share."""
    chief: dict[str, str] = {}

    def root(name: str) -> str:
        while chief.setdefault(name, name) != name:
            name = chief[name]
        return name

    for each in judged:
        names = [name for demand in each.demands for name, _ in demand.terms]
        for name in names[1:]:
            chief[root(name)] = root(names[0])
    groups: dict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        if each.demands and each.demands[0].terms:
            groups[root(each.demands[0].terms[0][0])].append(each)
    return iter(groups.values())
