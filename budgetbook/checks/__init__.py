"""What is wrong with returns: each check is a function from figures to findings; nothing here prints, raises or repairs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..consolidate import consolidate
from ..model import Finding
from ..returns import Return
from ..shape import Shape
from .flows import flows
from .ratios import ratios
from .relations import relations, zones
from .totals import settle, totals

ORDER = {"error": 0, "warning": 1, "note": 2}


def check_one(shape: Shape, ret: Return) -> Iterator[Finding]:
    """What can be said of one return alone, before relations: reading, totals, ratios."""
    yield from ret.findings
    yield from totals(shape, ret)
    settle(shape, ret)
    yield from ratios(shape, ret)


def check_all(shape: Shape, returns: Mapping[str, Return]) -> Iterator[Finding]:
    """Relations of every return, then of every node whose members are all here, then between units."""
    books = {code: ret.book for code, ret in returns.items()}
    nodes = consolidate(shape, {code: book for code, book in books.items() if book.unit.level != "node"}).books
    yield from relations(shape, [*books.values(), *nodes.values()], returns)
    yield from zones(shape, books | nodes, returns)
    yield from flows(shape, returns)


def sorted_findings(findings: list[Finding]) -> list[Finding]:
    """Worst first, then by unit, form and cell; the order in which files came does not matter."""
    return sorted(
        findings,
        key=lambda found: (
            ORDER[found.severity],
            found.unit,
            found.form,
            found.rule,
            found.line,
            found.column,
            found.file,
            found.says,
        ),
    )
