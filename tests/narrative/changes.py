"""Seeded changes of a report's text: one figure, unit, direction or scope each, and where it was made."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from budgetbook.narrative.claim import Claim

OPPOSITE = {"增长": "下降", "下降": "增长", "高于": "低于"}
LOT = 10  # changes in one reading of the report
SCOPES = {
    "高新区": ("修武县", "解放区", "孟州市"),
    "全市": ("市级",),
    "市级": ("全市", "县（市、区）"),
    "县（市、区）": ("市级", "全市"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """Characters `start:end` of a paragraph became `text`."""

    kind: str
    claim: Claim
    start: int
    end: int
    text: str

    @property
    def paragraph(self) -> int:
        return self.claim.place.paragraph

    def moved(self, position: int) -> int:
        """Where a place of the paragraph as it was stands now."""
        return position + len(self.text) - (self.end - self.start) if position >= self.end else position


Kind = Callable[[str, Claim, random.Random], Change | None]


def batches(lines: Sequence[str], claims: Sequence[Claim], count: int, seed: int) -> Iterator[list[Change]]:
    """*count* changes in lots that touch each paragraph once at most, so that each is alone in its place."""
    source, made = random.Random(seed), 0
    while made < count:
        lot: dict[int, Change] = {}
        for kind in source.choices(KINDS, k=min(count - made, LOT)):
            change = _somewhere(kind, lines, [claim for claim in claims if claim.place.paragraph not in lot], source)
            if change is not None:
                lot[change.paragraph] = change
        made += len(lot)
        yield list(lot.values())


def _somewhere(kind: Kind, lines: Sequence[str], claims: Sequence[Claim], source: random.Random) -> Change | None:
    tried = (kind(lines[claim.place.paragraph], claim, source) for claim in source.sample(claims, len(claims)))
    return next((change for change in tried if change is not None), None)


def applied(lines: Sequence[str], changes: Sequence[Change]) -> list[str]:
    changed = list(lines)
    for change in changes:
        text = changed[change.paragraph]
        changed[change.paragraph] = text[: change.start] + change.text + text[change.end :]
    return changed


def figure(text: str, claim: Claim, source: random.Random) -> Change | None:
    """A digit typed wrong, two digits swapped, or one more or less in the last place."""
    start, end = claim.place.start, claim.place.end
    digits = text[start:end]
    at = source.choice([index for index, character in enumerate(digits) if character.isdecimal()])
    other = str((int(digits[at]) + source.choice((1, -1, source.randint(2, 8)))) % 10)
    return Change("figure", claim, start, end, digits[:at] + other + digits[at + 1 :])


def unit(text: str, claim: Claim, source: random.Random) -> Change | None:
    if claim.unit not in ("亿元", "万元") or not claim.value or text[claim.place.until - 1] != "元":
        return None
    found = re.search("[亿万]元", text[claim.place.end : claim.place.until])
    if found is None:
        return None
    other = "万元" if found[0] == "亿元" else "亿元"
    first = claim.place.end + found.start()
    return Change("unit", claim, first, first + 2, other)


def direction(text: str, claim: Claim, source: random.Random) -> Change | None:
    if claim.direction not in OPPOSITE or not claim.value:
        return None
    at = text.rfind(claim.direction, 0, claim.place.start)
    return Change("direction", claim, at, at + 2, OPPOSITE[claim.direction])


def scope(text: str, claim: Claim, source: random.Random) -> Change | None:
    """The name nearest before the figure becomes another."""
    names = [(text.rfind(name, 0, claim.place.start), name) for name in SCOPES]
    at, name = max(names)
    if at < 0:
        return None
    return Change("scope", claim, at, at + len(name), source.choice(SCOPES[name]))


KINDS: tuple[Kind, ...] = (figure, figure, unit, direction, scope)
