"""R-LVL-10 … R-LVL-13: money that moves between two levels is the same on both sides. 预算法第三十八条."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..consolidation import Pair
from ..finding import Finding
from ..returns import Return
from ..shape import Shape
from .together import Together
from .unread import beneath
from .wording import amount, where


def flows(together: Together, returns: Mapping[str, Return], *, shadow: bool = False) -> Iterator[Finding]:
    """Every pair that differs, with both cells and both telephone numbers."""
    hidden = {rule.id for rule in together.shape.catalogue.rules if rule.shadow}
    for pair in together.moved:
        if pair.difference and (pair.flow.rule in hidden) == shadow and not _unread(together, pair):
            yield _finding(together.shape, pair, returns)


def _unread(together: Together, pair: Pair) -> bool:
    """Whether either side was not read: then nobody knows whether they differ."""
    payer, receiver, lost = pair.payer.code, pair.receiver.code, together.unread
    paid = [(pair.flow.payer.form, f"{pair.flow.payer.line}.{receiver}")]
    got = [(term.form, term.line) for term in pair.flow.receiver]
    return any(
        beneath(together.stated[code], lost[code])[together.shape.place(*at, pair.column)]
        for code, ends in ((payer, paid), (receiver, got))
        for at in ends
        if code in lost and together.shape.has(*at, pair.column)
    )


def unmatched(together: Together) -> set[tuple[str, str]]:
    """The (node, column) whose figures are off because a pair that was eliminated there, or below, differs."""
    tree = together.shape.catalogue.tree
    found: set[tuple[str, str]] = set()
    for pair in together.moved:
        node = pair.receiver.parent if pair.difference else ""
        while node:
            found.add((node, pair.column))
            node = tree[node].parent
    return found


def _finding(shape: Shape, pair: Pair, returns: Mapping[str, Return]) -> Finding:
    payer, receiver = returns[pair.payer.code], returns[pair.receiver.code]
    paid_key = (pair.flow.payer.form, f"{pair.flow.payer.line}.{pair.receiver.code}", pair.column)
    got_key = (pair.flow.receiver[0].form, pair.flow.receiver[0].line, pair.column)
    paid_at, got_at = where(payer, shape, shape.place(*paid_key))[0], where(receiver, shape, shape.place(*got_key))
    heading = shape.catalogue.form(paid_key[0]).column(pair.column).heading
    rule = shape.catalogue.rule(pair.flow.rule)
    says = (
        f"“{pair.flow.name}”{heading}两边不一致：{pair.payer.name} {paid_at} 为 {amount(pair.paid)}，{pair.receiver.name} {got_at[0]} 为 {amount(pair.received)}，"
        f"相差 {amount(abs(pair.difference))}。请两边联系核对（{pair.payer.name} {_phone(payer)}，{pair.receiver.name} {_phone(receiver)}）。"
    )
    cell = got_at[1]
    return Finding(
        pair.flow.rule,
        rule.severity if rule else "error",
        says,
        pair.receiver.code,
        receiver.file,
        *got_key,
        cell.sheet if cell else "",
        cell.cell if cell else "",
        pair.received or 0,
        pair.paid or 0,
    )


def _phone(ret: Return) -> str:
    return ret.book.texts.get(("cover", "phone", "text")) or "未留电话"
