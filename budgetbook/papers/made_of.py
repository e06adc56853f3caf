"""What a printed number was made of, written into its identity and read out of it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..shape import Key

How = Literal["sum", "difference", "percent", "growth"]
_SIGNS: dict[str, How] = {"-": "difference", "/": "percent", "%": "growth"}
Figures = tuple[tuple[str, Key], ...]  # unit and figure


@dataclass(frozen=True, slots=True)
class MadeOf:
    """One sum of figures, or two and how the number follows from them."""

    how: How
    above: Figures
    below: Figures = ()


def difference(above: str, below: str) -> str:
    """The identity of what lies between two figures."""
    return f"({above})-({below})"


def quotient(kind: str, above: str, below: str) -> str:
    """The identity of a percentage, or of a growth."""
    return f"({above}){'%' if kind == 'growth' else '/'}({below})"


def made_of(id: str) -> MadeOf:
    """What the number of that identity was made of."""
    if not id.startswith("("):
        return MadeOf("sum", _figures(id))
    above, _, rest = id[1:].partition(")")
    return MadeOf(_SIGNS[rest[0]], _figures(above), _figures(rest[2:-1]))


def _figures(id: str) -> Figures:
    """`unit/form:line:column`, joined by `+`."""
    found: list[tuple[str, Key]] = []
    for one in filter(None, id.split("+")):
        unit, _, rest = one.partition("/")
        form, line, column = rest.split(":")
        found.append((unit, (form, line, column)))
    return tuple(found)
