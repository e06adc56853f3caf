"""What a check of a report found, on its way to people and programs: the terminal, and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import PurePath

from rich.console import Console

from .amount import FEN, from_fen, rounded
from .narrative.standing import Cell
from .narrative.tie_out import SEVERITY, Tie, Verdict, counts, coverage
from .report import COLOURS, plain

DECIMALS = 8  # of a ratio in JSON
CAP = 40  # numbers shown on the terminal; the rest is counted


def show_ties(console: Console, ties: Sequence[Tie]) -> None:
    """What does not agree, sentence by sentence, then how much of the text has a source."""
    wrong = [tie for tie in ties if tie.verdict is not Verdict.AGREES]
    for tie in wrong[:CAP]:
        _line(console, tie)
    if len(wrong) > CAP:
        console.print(f"… 另有 {len(wrong) - CAP} 处，用 --json 或 --docx 查看全部", highlight=False)
    total, sourced = coverage(ties)
    found = "，".join(f"{verdict} {number} 个" for verdict, number in counts(ties).items() if number)
    console.print(f"共 {total} 个数，{sourced} 个有出处。{found}。", highlight=False)


def _line(console: Console, tie: Tie) -> None:
    colour = COLOURS[SEVERITY[tie.verdict] or "note"]
    section = f"{tie.place.section} " if tie.place.section else ""
    console.print(
        f"[{colour}]{tie.verdict}[/] {plain(section)}“{plain(excerpt(tie))}”\n    {plain(tie.says)}",
        highlight=False,
        soft_wrap=True,
    )


def excerpt(tie: Tie, around: int = 24) -> str:
    """The sentence about the number, cut to what stands near it."""
    sentence = tie.place.sentence
    at = max(sentence.find(tie.printed), 0)
    first, last = max(at - around, 0), at + len(tie.printed) + around // 2
    return f"{'…' if first else ''}{sentence[first:last]}{'…' if last < len(sentence) else ''}"


def ties_json(ties: Sequence[Tie]) -> list[dict[str, object]]:
    """One object a number; amounts and bounds in the unit printed, cells in 万元 or as plain fractions."""
    return [_tie(tie) for tie in ties]


def _tie(tie: Tie) -> dict[str, object]:
    claim, place = tie.claim, tie.place
    fields = ("budget", "scope", "of_which", "flow", "year", "measure", "unit", "decimals", "precision")
    words = ("direction", "hedge", "basis", "named")
    return {
        "verdict": str(tie.verdict),
        "severity": SEVERITY[tie.verdict] or "",
        "says": tie.says,
        "printed": tie.printed,
        "paragraph": place.paragraph,
        "start": place.start,
        "end": place.until,
        "section": place.section,
        "sentence": place.sentence,
        **({name: getattr(claim, name) for name in (*fields, *words)} if claim else {}),
        "value": number(Fraction(claim.value)) if claim else None,
        "exact": number(tie.exact),
        "low": number(tie.low),
        "high": number(tie.high),
        "cells": [_cell(cell) for cell in tie.cells],
    }


def _cell(cell: Cell) -> dict[str, object]:
    return {
        "unit": cell.unit,
        "name": cell.name,
        "file": PurePath(cell.file).name,
        "form": cell.term.form,
        "line": cell.term.line,
        "column": cell.term.column,
        "sheet": cell.place.sheet,
        "cell": cell.place.cell,
        "value": _value(cell),
    }


def _value(cell: Cell) -> int | float | None:
    if cell.value is None:
        return None
    return number(cell.value / FEN["万元"]) if cell.money else number(cell.value)


def number(value: Fraction | None) -> int | float | None:
    """A JSON number, exact where its decimals end, else to eight places."""
    if value is None:
        return None
    decimal = rounded(value, DECIMALS)
    return int(decimal) if decimal == decimal.to_integral() else float(decimal)


def remarks(ties: Sequence[Tie]) -> Iterator[tuple[Tie, str]]:
    """The numbers that do not agree, each with what its comment says."""
    for tie in ties:
        if tie.verdict is not Verdict.AGREES:
            yield tie, f"{tie.verdict}：{tie.says}"


def as_json(year: int, report: str, sha256: str, ties: Sequence[Tie], judged: Sequence[dict[str, object]]) -> str:
    """`budgetbook/report/1`: every number with its verdict, every relation judged inside the text, and the counts."""
    total, sourced = coverage(ties)
    return json.dumps(
        {
            "schema": "budgetbook/report/1",
            "year": year,
            "report": {"path": report, "sha256": sha256},
            "claims": ties_json(ties),
            "relations": list(judged),
            "summary": {"numbers": total, "sourced": sourced}
            | {str(verdict): number for verdict, number in counts(ties).items()},
        },
        ensure_ascii=False,
        indent=1,
    )


__all__ = ["as_json", "excerpt", "number", "remarks", "show_ties", "ties_json"]
