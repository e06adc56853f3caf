"""What `check` has to say of one file of the corpus."""

from __future__ import annotations

from dataclasses import dataclass

FIGURE = 167


@dataclass(frozen=True, slots=True)
class Outcome:
    """What `check` has to say of one file: its state; if `rule` is set, a finding with these words; if `amount` is, that figure in 万元."""

    state: str
    rule: str = ""
    words: str = ""
    amount: int | None = None
    unit: str = ""
