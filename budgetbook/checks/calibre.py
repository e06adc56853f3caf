"""R-LVL-19: what is added up is of one kind, all 快报 or all 决算."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..catalogue import Rule
from ..prior import CALIBRE
from .stack import NOWHERE, Hit
from .together import Together


def calibre(rule: Rule, together: Together) -> Iterator[Hit]:
    """R-LVL-19: every return states the same 数据口径; a mixture of 快报 and 决算 cannot be consolidated."""
    said = {book.unit.code: book.texts.get(CALIBRE, "") for book in together.leaves}
    usual = Counter(filter(None, said.values())).most_common(1)
    if not usual:
        return
    theirs, count = usual[0]
    for unit, mine in said.items():
        if mine and mine != theirs:
            yield Hit(unit, NOWHERE, {"mine": mine, "theirs": theirs, "count": str(count)})
