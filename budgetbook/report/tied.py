"""What a check of a report found, on its way to people and programs: the terminal, Word comments, and JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import PurePath

from rich.console import Console

from ..amount import FEN, Interval, rounded
from ..finding import SEVERITIES, Finding
from ..findings.shown import COLOURS, as_object, plain
from ..narrative.claim import Place
from ..narrative.judged import BROKEN, ROUNDING, Judged
from ..narrative.standing import Cell
from ..narrative.tie_out import SEVERITY, Tie, counts, coverage, differing
from ..rounding_proof import VERDICTS

DECIMALS = 8  # of a ratio in JSON
CAP = 40  # numbers or relations shown on the terminal; the rest is counted
AROUND = 24  # characters of the sentence shown before a number
CLAIM = ("budget", "scope", "of_which", "flow", "year", "measure", "unit", "decimals", "precision")
SAID = ("direction", "hedge", "basis", "named")


def show_doubts(console: Console, findings: Sequence[Finding]) -> None:
    """What is doubtful about the books themselves."""
    for each in findings:
        lead = f"[{COLOURS[each.severity]}]{SEVERITIES[each.severity]}[/] {each.rule}"
        console.print(f"{lead}  {plain(each.says)}", highlight=False, soft_wrap=True)


def show_ties(console: Console, ties: Sequence[Tie]) -> None:
    """What does not agree, then how much of the text has a source."""
    show_wrong(console, ties)
    total, sourced = coverage(ties)
    found = "，".join(f"{verdict} {number} 个" for verdict, number in counts(ties).items() if number)
    console.print(f"共 {total} 个数，{sourced} 个有出处。{found}。", highlight=False)


def show_wrong(console: Console, ties: Sequence[Tie]) -> None:
    """The numbers that do not agree, capped."""
    wrong = list(differing(ties))
    for tie in wrong[:CAP]:
        _line(console, str(tie.verdict), SEVERITY[tie.verdict] or "note", tie.place, _excerpt(tie), tie.says)
    _more(console, len(wrong))


def show_judged(console: Console, judged: Sequence[Judged]) -> None:
    """What contradicts, then what holds only by rounding, then the count."""
    found = sorted((each for each in judged if each.verdict), key=lambda each: (-each.verdict, each.severity))
    for each in found[:CAP]:
        severity = each.severity if each.verdict == BROKEN else "note"
        _line(console, word(each), severity, each.at, each.at.sentence[:AROUND], each.says)
    _more(console, len(found))
    if not judged:
        return
    total = Counter(word(each) for each in judged)
    said = "，".join(f"{name} {number} 条" for name, number in total.items())
    console.print(f"文字内部判断了 {len(judged)} 条关系：{said}。", highlight=False)


def word(judged: Judged) -> str:
    """The verdict on a relation as a person reads it: what is only doubtful is to be looked at."""
    return "核实" if judged.verdict == BROKEN and judged.severity != "error" else VERDICTS[judged.verdict]


def _line(console: Console, verdict: str, severity: str, place: Place, said: str, says: str) -> None:
    lead = f"[{COLOURS[severity]}]{verdict}[/] {plain(place.section)}“{plain(said)}”"
    console.print(f"{lead}\n    {plain(says)}", highlight=False, soft_wrap=True)


def _more(console: Console, count: int) -> None:
    if count > CAP:
        console.print(f"… 另有 {count - CAP} 处，用 --json 或 --docx 查看全部", highlight=False)


def _excerpt(tie: Tie) -> str:
    """The sentence about the number, cut to what stands near it."""
    sentence = tie.place.sentence
    at = max(sentence.find(tie.printed), 0)
    first, last = max(at - AROUND, 0), at + len(tie.printed) + AROUND // 2
    return f"{'…' if first else ''}{sentence[first:last]}{'…' if last < len(sentence) else ''}"


def remarks(ties: Sequence[Tie], judged: Sequence[Judged]) -> Iterator[tuple[Place, str]]:
    """What a comment says, and where: at numbers that do not agree, and where relations break."""
    yield from ((tie.place, f"{tie.verdict}：{tie.says}") for tie in differing(ties))
    yield from ((each.at, f"{word(each)}：{each.says}") for each in judged if each.verdict == BROKEN)


def as_json(
    year: int,
    report: str,
    sha256: str,
    numbers: int,
    ties: Sequence[Tie],
    judged: Sequence[Judged],
    findings: Sequence[Finding],
) -> str:
    """`budgetbook/report/1`: every number with its verdict, every relation judged inside the text, what is doubtful about the
    books, and the counts."""
    told = {str(verdict): number for verdict, number in counts(ties).items()}
    return json.dumps(
        {
            "schema": "budgetbook/report/1",
            "year": year,
            "report": {"path": report, "sha256": sha256},
            "claims": [_tie(tie) for tie in ties],
            "relations": [_judged(each) for each in judged],
            "findings": [as_object(each, year) for each in findings],
            "summary": {"numbers": numbers, "sourced": coverage(ties)[1]} | told | _relation_counts(judged),
        },
        ensure_ascii=False,
        indent=1,
    )


def _relation_counts(judged: Sequence[Judged]) -> dict[str, int]:
    broken = sum(each.verdict == BROKEN and each.severity == "error" for each in judged)
    return {
        "relations": len(judged),
        "relations_rounding": sum(each.verdict == ROUNDING for each in judged),
        "relations_broken": broken,
        "relations_doubtful": sum(each.verdict == BROKEN for each in judged) - broken,
    }


def _tie(tie: Tie) -> dict[str, object]:
    """Amounts and bounds in the unit printed, cells in 万元 or as plain fractions."""
    claim = tie.claim
    return {
        "verdict": str(tie.verdict),
        "severity": SEVERITY[tie.verdict] or "",
        "says": tie.says,
        "printed": tie.printed,
        **_place(tie.place),
        **({name: getattr(claim, name) for name in (*CLAIM, *SAID)} if claim else {}),
        "value": number(Fraction(claim.value)) if claim else None,
        "exact": number(tie.exact),
        "low": number(tie.low),
        "high": number(tie.high),
        "cells": [_cell(cell) for cell in tie.cells],
    }


def _place(place: Place) -> dict[str, object]:
    return {
        "paragraph": place.paragraph,
        "start": place.start,
        "end": place.until,
        "section": place.section,
        "sentence": place.sentence,
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
        "value": None if cell.value is None else number(cell.value / FEN["万元"] if cell.money else cell.value),
    }


def _judged(judged: Judged) -> dict[str, object]:
    """Both sides in the relation's own measure: fen, or millionths of a percent."""
    return {
        "relation": judged.id,
        "verdict": word(judged),
        "severity": judged.severity if judged.verdict == BROKEN else "",
        "says": judged.says,
        **_place(judged.at),
        "left": _span(judged.left),
        "right": _span(judged.right),
        "claims": [
            {"printed": claim.printed, "paragraph": claim.place.paragraph, "start": claim.place.start}
            for claim in judged.claims
        ],
    }


def _span(span: Interval | None) -> list[int | float | None] | None:
    return [number(span.low), number(span.high)] if span else None


def number(value: Fraction | None) -> int | float | None:
    """A JSON number, exact where its decimals end, else to eight places."""
    if value is None:
        return None
    decimal = rounded(value, DECIMALS)
    return int(decimal) if decimal == decimal.to_integral() else float(decimal)
