"""`python -m tests.faults [EACH]`: the tables of the README: what single faults come to, and the cells that no rule holds."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from .cover import cover_table
from .inject import KINDS, faults
from .measure import Outcome, clean_books, outcome

EXCHANGED = "两行填反"  # leaves every sum as it was


def main(each: int) -> None:
    """Print the tables as Markdown."""
    made = [outcome(fault) for fault in faults(clean_books(), each)]
    print("\n".join(fault_table(made)))
    print()
    print("\n".join(cover_table()))


def fault_table(made: Sequence[Outcome]) -> Iterable[str]:
    """One row a kind, with rates over the faults of cells that an equality holds."""
    yield "| fault | made | in a held cell | detected | error level | at the cell or through it | cause first | among three | findings → told |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    for kind in KINDS:
        yield _row(kind, [each for each in made if each.fault.kind == kind])
    yield _row("**all**", made)
    yield _row(f"**all but {EXCHANGED}**", [each for each in made if each.fault.kind != EXCHANGED])
    yield _row("other cells, all kinds", [each for each in made if not each.protected], held=False)


def _row(name: str, made: Sequence[Outcome], held: bool = True) -> str:
    of = [each for each in made if each.protected] if held else made
    rates = [
        _rate(of, [bool(each.level) for each in of]),
        _rate(of, [each.level == "error" for each in of]),
        _rate(of, [each.right for each in of]),
        _rate(of, [each.rank == 1 for each in of]),
        _rate(of, [0 < each.rank <= 3 for each in of]),
    ]
    found = [each for each in of if each.level]
    many = f"{_mean([each.before for each in found])} → {_mean([each.told for each in found])}"
    return f"| {name} | {len(made)} | {len([each for each in made if each.protected])} | {' | '.join(rates)} | {many} |"


def _rate(of: Sequence[Outcome], hits: Sequence[bool]) -> str:
    return f"{100 * sum(hits) / len(of):.1f}%" if of else "–"


def _mean(numbers: Sequence[int]) -> str:
    return f"{sum(numbers) / len(numbers):.1f}" if numbers else "–"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
