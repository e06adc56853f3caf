"""Why a figure changed: two explanations of it laid over each other, so that the changes of the parts add up to its change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from ..naming import Value
from ..shape import Key
from ..unit import Unit
from .explanation import Cited, Explanation, Role

Identity = tuple[Role, str, Key]


@dataclass(frozen=True, slots=True)
class Reason:
    """One part of a change: what was there before and after, in fen or as a plain fraction, None if blank or undefined.

    `weight` is what the change of this part counts for in the part above: ±1 in sums; in a ratio a/b that went from
    a₀/b₀ to a₁/b₁, 1/b₀ for the numerator and −a₁/(b₀·b₁) for the denominator, which together are exactly the change.
    """

    role: Role
    unit: Unit
    key: Key
    old: Value | None
    new: Value | None
    weight: Value | None = 1  # None: nothing can be said, the ratio was or is undefined
    ratio: bool = False
    whole: bool = False  # undefined as long as one of its parts is
    parts: tuple[Reason, ...] = ()
    lines: tuple[Reason, ...] = ()  # the same change split by line; the root's only
    before: Cited | None = None
    after: Cited | None = None

    @property
    def change(self) -> Value | None:
        """New − old; a blank amount counts as zero, what is undefined cannot be compared."""
        if (self.ratio or self.whole) and (self.old is None or self.new is None):
            return None
        return (self.new or 0) - (self.old or 0)

    def recomputed(self) -> Value | None:
        """The change again from its parts alone."""
        if self.change is None or (not self.parts and not self.ratio):
            return self.change
        counted = [(part.weight, part.change) for part in self.parts]
        return sum((weight or 0) * (change or 0) for weight, change in counted)

    def leaves(self, weight: Value = 1) -> Iterator[tuple[Value, Reason]]:
        """The cells that changed, each with what its change is multiplied by."""
        times = weight * (self.weight or 0)
        if not self.parts:
            yield times, self
        for part in self.parts:
            yield from part.leaves(times)


def reason(old: Explanation | None, new: Explanation | None) -> Reason:
    """The change between two explanations of one figure; a part that one of them does not have was zero there.

    Raises ValueError if there is neither.
    """
    some = new or old
    if some is None:
        raise ValueError("nothing to compare")
    parts = _merged(old.parts if old else (), new.parts if new else ())
    ratio = some.rule in ("percent", "growth") or any(isinstance(each.value, Fraction) for each in (old, new) if each)
    if some.rule in ("percent", "growth"):
        parts = _ratio_parts(old, new, parts)
    return Reason(
        some.role,
        some.unit,
        some.key,
        old.value if old else None,
        new.value if new else None,
        some.weight,
        ratio,
        some.rule == "whole",
        parts,
        _merged(old.lines if old else (), new.lines if new else ()),
        old.cited if old else None,
        new.cited if new else None,
    )


def _merged(old: tuple[Explanation, ...], new: tuple[Explanation, ...]) -> tuple[Reason, ...]:
    before, after = _identified(old), _identified(new)
    found = (reason(before.get(key), after.get(key)) for key in dict.fromkeys([*before, *after]))
    return tuple(each for each in found if each.change != 0 or each.parts)


def _identified(parts: tuple[Explanation, ...]) -> dict[tuple[Identity, int], Explanation]:
    found: dict[tuple[Identity, int], Explanation] = {}
    for part in parts:
        identity, count = (part.role, part.unit.code, part.key), 0
        while (identity, count) in found:
            count += 1
        found[identity, count] = part
    return found


def _ratio_parts(old: Explanation | None, new: Explanation | None, parts: tuple[Reason, ...]) -> tuple[Reason, ...]:
    if old is None or new is None or old.value is None or new.value is None:
        return tuple(replace(part, weight=None) for part in parts)
    base, above, below = (Fraction(each.value or 0) for each in (old.parts[1], new.parts[0], new.parts[1]))
    weights = {"above": 1 / base, "below": -above / (base * below)}
    return tuple(replace(part, weight=weights[part.role]) for part in parts)
