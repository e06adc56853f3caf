"""The likely cause of what does not hold: one finding a root, with its echoes folded under it and the cause in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..amount import shown
from ..book import Book
from ..consolidation import Pair
from ..finding import Finding
from ..returns import Return
from ..shape import Shape
from .functions import FUNCTIONS
from .rules import spoken
from .together import Together
from .wording import name_of, where

if TYPE_CHECKING:
    from .effects import Evidence, Tie
    from .likelihood import Guess

ORDER = {"error": 0, "warning": 1, "note": 2}
CLOSE = 3.0  # other causes are named if they are not twenty times less likely
Key = tuple[str, str, int]  # unit, rule, cell it is told at


def with_causes(together: Together, returns: Mapping[str, Return], findings: Iterable[Finding]) -> list[Finding]:
    """The findings of all checks on *returns*, which were gathered: where one change of a return clears several, they become one with its cause.

    What has been explained or waived is left alone. A return without a broken relation costs nothing.
    """
    found = list(findings)
    asked = _asked(together.shape, found)
    for code in [code for code in returns if any(unit == code for unit, _, _ in asked)]:
        found, _ = traced(together.shape, returns[code], found, together.moved, together.prior.books.get(code))
    return found


def _asked(shape: Shape, findings: Sequence[Finding]) -> set[Key]:
    """Where a relation, a total or a flow is told not to hold."""
    rules = {"R-SUM-01", "R-SUM-02", *(relation.id for relation in shape.catalogue.relations)}
    rules |= {flow.rule for flow in shape.catalogue.flows}
    return {key for each in findings if each.rule in rules and each.open and (key := _key(shape, each))}


def _key(shape: Shape, finding: Finding) -> Key | None:
    if not shape.has(finding.form, finding.line, finding.column):
        return None
    return finding.unit, finding.rule, shape.place(finding.form, finding.line, finding.column)


def traced(
    shape: Shape, ret: Return, findings: list[Finding], flows: Sequence[Pair] = (), prior: Book | None = None
) -> tuple[list[Finding], list[list[Guess]]]:
    """The findings with those of one return folded under their roots; and the roots, each with its likeliest changes."""
    from .effects import evidence  # not loaded before something is wrong
    from .suspects import suspects

    told = evidence(shape, ret.book, _ties(shape, ret.book, flows), prior)
    asked = {(rule, place, unit) for unit, rule, place in _asked(shape, findings) if unit == ret.unit.code}
    roots = list(suspects(shape, told, asked)) if asked else []
    gone = _gone(shape, ret, told, findings) if roots else set()
    for guesses in roots:
        cleared = {_row_key(told, row) for row in guesses[0].cleared} | _through(told, guesses[0], gone)
        findings = _folded(shape, ret, findings, guesses, cleared)
    return findings, roots


def _row_key(told: Evidence, row: int) -> Key:
    rule, place, unit = told.keys[row]
    return unit, rule, place


def _ties(shape: Shape, book: Book, flows: Sequence[Pair]) -> list[Tie]:
    """Every flow of this unit, with what the other side says it is."""
    ties: list[Tie] = []
    for pair in flows:
        told_at = shape.place(pair.flow.receiver[0].form, pair.flow.receiver[0].line, pair.column)
        if book.unit.code == pair.receiver.code:
            addends = tuple(
                (shape.place(term.form, term.line, pair.column), term.weight)
                for term in pair.flow.receiver
                if shape.has(term.form, term.line, pair.column)
            )
            ties.append((pair.flow.rule, told_at, pair.receiver.code, addends, -pair.difference))
        elif book.unit.code == pair.payer.code:
            paid = shape.place(pair.flow.payer.form, f"{pair.flow.payer.line}.{pair.receiver.code}", pair.column)
            ties.append((pair.flow.rule, told_at, pair.receiver.code, ((paid, 1),), pair.difference))
    return ties


def _gone(shape: Shape, ret: Return, told: Evidence, findings: Sequence[Finding]) -> set[Key]:
    """What the functions of the rule book, each on one return alone, no longer find once every root is mended."""
    alone = {rule.id: rule for rule in shape.catalogue.rules if not rule.shadow and FUNCTIONS[rule.function].of_books}
    before = {
        key for each in findings if each.unit == ret.unit.code and each.rule in alone if (key := _key(shape, each))
    }
    book = Book(ret.unit, shape, told.fen, ret.book.given | (told.fen != 0), ret.book.texts, ret.book.mark)
    spoke = {rule for _, rule, _ in before}
    rules = [rule for id, rule in alone.items() if id in spoke]
    mended = {ret.unit.code: replace(ret, book=book)}
    return before - {_key(shape, each) for each in spoken(Together(shape, {ret.unit.code: book}), mended, rules)}


def _through(told: Evidence, guess: Guess, gone: set[Key]) -> set[Key]:
    """Of what is gone, what stands in the lines of the changed cells or of totals above them."""
    keys = told.book.shape.keys
    reach = {keys[cell][:2] for place in guess.places for cell in told.over(place).tolist()}
    return {key for key in gone if keys[key[2]][:2] in reach}


def _folded(
    shape: Shape, ret: Return, findings: list[Finding], guesses: Sequence[Guess], cleared: set[Key]
) -> list[Finding]:
    mine = [each for each in findings if each.open and not each.cause and _key(shape, each) in cleared]
    if not mine:
        return findings
    at = {(ret.unit.code, place) for place in guesses[0].places}
    root = min(mine, key=lambda each: (ORDER[each.severity], (key := _key(shape, each)) and (key[0], key[2]) not in at))
    echoes = tuple(each for each in mine if each is not root)
    many = max(len(guesses[0].cleared), len(mine))
    told = replace(root, cause=cause_says(shape, ret, guesses, many), echoes=echoes)
    dropped = {id(each) for each in echoes}
    return [told if each is root else each for each in findings if id(each) not in dropped]


def cause_says(shape: Shape, ret: Return, guesses: Sequence[Guess], many: int) -> str:
    """最可能：…, and what else it may be."""
    first, *others = guesses
    says = f"最可能：{_change(shape, ret, first)}，则 {many} 条不符全部消除"
    near = [guess for guess in others if guess.score >= first.score - CLOSE]
    return says + "".join(f"；也可能：{_change(shape, ret, guess)}" for guess in near) + "。"


def _change(shape: Shape, ret: Return, guess: Guess) -> str:
    if guess.block:
        form = shape.catalogue.form(shape.keys[guess.places[0]][0])
        return f"{form.sheet}“{form.title}”{guess.story}，若改为{form.unit}"
    cells = "，".join(_cell(shape, ret, *each) for each in zip(guess.places, guess.typed, guess.right, strict=True))
    return f"{cells}{f'（{guess.story}）' if guess.story else ''}"


def _cell(shape: Shape, ret: Return, place: int, typed: int, right: int) -> str:
    unit = shape.catalogue.form(shape.keys[place][0]).unit
    held = f"录入 {shown(typed, unit)} {unit}" if ret.book.given[place] else "没有填"
    meant = f"为 {shown(right, unit)} {unit}" if right else "不填"
    return f"{where(ret, shape, place)[0]}{name_of(shape, place)}{held}，若{meant}"
