"""The rules of rules.csv: each evaluated by its function, and whatever another check found brought under the catalogue's word."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..book import Book
from ..catalogue import Catalogue, Rule
from ..finding import Finding
from ..form import Level
from ..returns import Return
from ..shape import Shape
from ..unit import Unit, applies
from .functions import FUNCTIONS
from .stack import Hit, found, stacks, wanted
from .together import Together
from .unread import rests_on


def functions(together: Together, returns: Mapping[str, Return], *, shadow: bool = False) -> Iterator[Finding]:
    """What the functions find. *shadow*: the rules that are only counted."""
    return spoken(together, returns, [rule for rule in together.shape.catalogue.rules if rule.shadow == shadow])


def spoken(together: Together, returns: Mapping[str, Return], rules: Sequence[Rule]) -> Iterator[Finding]:
    """What the functions of these *rules* find."""
    shape = together.shape
    units = {unit.code: unit for unit in shape.catalogue.tree}
    lost = together.unread
    for stack in stacks(shape, list(together.books.values()), lost):
        kinds = {book.unit.kinds for book in stack.books}
        for rule in rules:
            of_books = FUNCTIONS[rule.function].of_books
            fits = {applies(rule.levels, each) for each in kinds}
            if of_books and True in fits:
                hits = of_books(rule, stack)
                for hit in _distinct(wanted(units, rule, hits) if False in fits else hits):
                    if hit.unit not in lost or not rests_on(shape, rule, hit.place, lost[hit.unit]):
                        yield found(shape, rule, hit, returns)
    for rule in rules:
        if of_all := FUNCTIONS[rule.function].of_all:
            for hit in wanted(units, rule, of_all(rule, together)):
                if not rests_on(shape, rule, hit.place, lost.get(hit.unit)):
                    yield found(shape, rule, hit, returns)


def rehearsed(shape: Shape, level: Level) -> None:
    """Every function once over a blank book, so that all it looks up in the catalogue is known when the figures come."""
    for stack in stacks(shape, [Book.empty(Unit("", "", level), shape)]):
        for rule in shape.catalogue.rules:
            if of_books := FUNCTIONS[rule.function].of_books:
                deque(of_books(rule, stack), maxlen=0)


def _distinct(hits: Iterable[Hit]) -> Iterable[Hit]:
    """A total that consists of one line says nothing that the line does not say: of equal figures the last stands."""
    return {(hit.unit, hit.value, hit.expected, hit.place if hit.value is None else 0): hit for hit in hits}.values()


def governed(catalogue: Catalogue, findings: Iterable[Finding], *, shadow: bool = False) -> Iterator[Finding]:
    """Findings of checks that know nothing of the catalogue's rules, at the level the catalogue gives them."""
    rules = {rule.id: rule for rule in catalogue.rules}
    resting = {rule.id for rule in catalogue.resting}
    for finding in findings:
        rule = rules.get(finding.rule)
        if finding.rule in resting or (rule.shadow if rule else False) != shadow:
            continue
        yield replace(finding, severity=rule.severity) if rule else finding
