"""What must hold among the figures of the text alone, judged with their roundness: 通过, 尾差, or 不符 with proof."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import gcd

from .. import rounding_proof as proof
from ..amount import Interval
from ..cases import Addends, Case, read
from ..finding import Severity
from ..form import Level
from ..relation import WORDS, Sign
from ..rulebook import rulebook
from ..shape import Shape
from ..unit import Unit, applies
from .claim import Claim
from .judged import BROKEN, FINE, HOLDS, Judged, Show, percent, proven, yi
from .stated import Key, Spoken, Stated, Terms, canonical, unsigned, whole_levels
from .text_rules import TextRelations

SAME = "T-SAME"


@dataclass(frozen=True, slots=True)
class _Side:
    terms: Terms
    said: str
    derived: bool = False  # speaks of units that the text does not speak of


def judge(stated: Stated, rules: TextRelations) -> list[Judged]:
    """Every relation that can be judged, each once, in the order of the text."""
    found = [
        *_twice(stated),
        *_levels(stated, rules),
        *_not_negative(stated),
        *_catalogue(stated, rules),
        *_rates(stated),
        *_sums(stated),
    ]
    single: dict[object, Judged] = {}
    for each in found:
        single.setdefault(tuple(sorted((demand.terms, demand.sign) for demand in each.demands)), each)
    judged = list(_without_echoes(list(single.values())))
    return [*judged, *_jointly(stated, judged)]


def _without_echoes(judged: Sequence[Judged]) -> Iterator[Judged]:
    """What follows for a unit not spoken of breaks again where the text's own figures do: that is not said twice."""
    wrong = {id(claim) for each in judged if each.verdict == BROKEN and not each.derived for claim in each.claims}
    for each in judged:
        if not (each.verdict == BROKEN and each.derived and any(id(claim) in wrong for claim in each.claims)):
            yield each


def _twice(stated: Stated) -> Iterator[Judged]:
    for first, second in stated.again:
        claim = stated.claims[second]
        said = f"同一个数在文中说了两次，先说 {stated.claims[first].printed}，后说 {claim.printed}"
        sides = _Side(((first, 1),), ""), _Side(((second, 1),), "")
        yield _judged(stated, SAME, "error", sides, "=", f"{said}，应一致", _unit_of(claim))


def _levels(stated: Stated, rules: TextRelations) -> Iterator[Judged]:
    """全市 = 市级 + 县（市、区）, wherever the text states all of them."""
    for key, members in whole_levels(stated, rules.forms):
        parts = tuple(pair for member in members for pair in stated.cells[member])
        names = "加".join(stated.shape.catalogue.tree[member[0]].name for member in members)
        sides = _side(stated, [(key, 1)]), _Side(parts, f"{names} {_shown(stated, parts)}")
        yield _judged(stated, "T-LEVEL", "error", sides, "=", "上一级应等于下一级各单位之和")


def _not_negative(stated: Stated) -> Iterator[Judged]:
    for key, how in stated.derived.items():
        if unsigned(stated.shape.catalogue, key):
            yield _judged(
                stated,
                "T-DERIVED",
                "error",
                (_side(stated, [(key, 1)]), _Side((), "零")),
                ">=",
                f"由{how}推算，不得为负",
            )


def _catalogue(stated: Stated, rules: TextRelations) -> Iterator[Judged]:
    """The catalogue's own relations and totals, and those that only a text needs, at every unit spoken of."""
    by_unit: dict[str, list[Key]] = defaultdict(list)
    for key in stated.cells:
        by_unit[key[0]].append(key)
    for code, keys in by_unit.items():
        unit = stated.shape.catalogue.tree[code]
        index = _index(stated.shape, unit.level, rules)
        known = {case for key in keys for case in index.get(key[1:], ())}
        for case in sorted(known, key=lambda case: (case.relation.id, case.left)):
            if applies(case.relation.levels, unit.kinds, case.relation.sign):
                yield from _case(stated, unit, case)


@lru_cache(maxsize=8)
def _index(shape: Shape, level: Level, rules: TextRelations) -> Mapping[tuple[str, str, str], tuple[Case, ...]]:
    """The cases of a level by the cells they speak of, each where it is entered."""
    found: dict[tuple[str, str, str], list[Case]] = defaultdict(list)
    own = read(shape, level, rules.relations)
    for case in (*_wanted(rulebook(shape, level, totals=True).cases, rules), *own):
        for place in {place for place, _ in (*case.left, *case.right)}:
            found[canonical(shape, ("", *shape.keys[place]))[1:]].append(case)
    return {key: tuple(several) for key, several in found.items()}


def _wanted(all_cases: Iterable[Case], rules: TextRelations) -> Iterator[Case]:
    for case in all_cases:
        relation = case.relation
        if not relation.shadow and (relation.severity in rules.severities or relation.id in rules.also):
            yield case


def _case(stated: Stated, unit: Unit, case: Case) -> Iterator[Judged]:
    """A case whose figures are all stated; or where the others cannot be negative, what then still must hold."""
    left, right = (_split(stated, unit.code, addends) for addends in (case.left, case.right))
    sign = _sign(case.relation.sign, [*left[1], *((key, -weight) for key, weight in right[1])], stated)
    if sign is None or not left[0] or (not right[0] and (case.right or right[1])):
        return
    sides = _side(stated, left[0]), _side(stated, right[0]) if right[0] else _Side((), "零")
    if dict(sides[0].terms) != dict(sides[1].terms):
        says = case.relation.says if sign == case.relation.sign else "其中的一部分不得大于合计"
        yield _judged(stated, case.relation.id, case.relation.severity, sides, sign, says)


def _split(stated: Stated, unit: str, addends: Addends) -> tuple[list[tuple[Key, int]], list[tuple[Key, int]]]:
    """Addends that the text knows, and the others."""
    known: list[tuple[Key, int]] = []
    others: list[tuple[Key, int]] = []
    for place, weight in addends:
        key = canonical(stated.shape, (unit, *stated.shape.keys[place]))
        (known if key in stated.cells else others).append((key, weight))
    return known, others


def _sign(sign: Sign, others: Sequence[tuple[Key, int]], stated: Stated) -> Sign | None:
    """What still follows for the known figures when others, not negative, are left out; None if nothing."""
    if not others:
        return sign
    if not all(unsigned(stated.shape.catalogue, key) for key, _ in others):
        return None
    if all(weight < 0 for _, weight in others) and sign in ("=", ">="):
        return ">="
    return "<=" if all(weight > 0 for _, weight in others) and sign in ("=", "<=") else None


def _side(stated: Stated, addends: Sequence[tuple[Key, int]]) -> _Side:
    parts = tuple((name, weight * by) for key, weight in addends for name, by in stated.cells[key])
    said = "".join(
        f"{'减' if weight < 0 else '加' if at else ''}{_named(stated, key)} {_shown(stated, stated.cells[key])}"
        for at, (key, weight) in enumerate(addends)
    )
    return _Side(parts, said, any(key in stated.derived for key, _ in addends))


def _named(stated: Stated, key: Key) -> str:
    form = stated.shape.catalogue.form(key[1])
    unit = stated.shape.catalogue.tree[key[0]].name
    how = f"（{stated.derived[key]}）" if key in stated.derived else ""
    title = form.title.partition("（")[0].removesuffix("表").removesuffix("情况")
    return f"{unit}{how}{title}“{form.line(key[2]).name}”{form.column(key[3]).heading}"


def _shown(stated: Stated, parts: Terms) -> str:
    return yi(sum(weight * stated.figures[name].value for name, weight in parts))


def _rates(stated: Stated) -> Iterator[Judged]:
    """Completion, growth and shares against the amounts they come from, where the text states both."""
    for spoken in stated.spoken:
        formula = spoken.formula
        if formula.kind in ("percent", "growth") and not formula.base_scope:
            of, base = (stated.terms_at(spoken.unit.code, side) for side in (formula.of, formula.base))
            if of and base and stated.interval(base).low > 0:
                yield _rate(stated, spoken, of, base)


def _rate(stated: Stated, spoken: Spoken, of: Terms, base: Terms) -> Judged:
    """of/base lies within the printed rate's interval: two demands on whole numbers."""
    printed, plus = stated.figures[spoken.name], 100 * FINE if spoken.formula.kind == "growth" else 0
    ends = (2 * (printed.value + plus) + side * printed.step for side in (-1, 1))
    signs: tuple[Sign, Sign] = (">=", "<=")
    demands = tuple(_demand(spoken.name, of, base, end, sign) for end, sign in zip(ends, signs, strict=True))
    verdict = max(proof.verdict(demand, stated.figures) for demand in demands)
    above, below = stated.interval(of), stated.interval(base)
    rate = Interval(above.low / below.high * 100 * FINE - plus, above.high / below.low * 100 * FINE - plus)
    claim = spoken.claim
    says = (
        f"{spoken.unit.name}{_shown(stated, of)}与{_shown(stated, base)}相比，文中说 {claim.direction}{claim.printed}。"
        f"{proven(verdict, rate, printed.interval, percent)}"
    )
    claims = (*_claims(stated, (*of, *base)), claim)
    return Judged("T-RATE", verdict, "error", says, claims, rate, printed.interval, demands)


def _demand(name: str, of: Terms, base: Terms, end: int, sign: Sign) -> proof.Claim:
    """of `sign` base × end / 200 FINE, in the smallest whole numbers."""
    whole = 200 * FINE
    by = gcd(whole, end)
    parts = (
        *((each, whole // by * weight) for each, weight in of),
        *((each, -end // by * weight) for each, weight in base),
    )
    return proof.Claim(name, _net(parts), sign)


def _sums(stated: Stated) -> Iterator[Judged]:
    """A claim that is a sum of several cells, where the text states each of them."""
    for spoken in stated.spoken:
        formula = spoken.formula
        if formula.kind in ("amount", "difference") and spoken.key is None:
            of = stated.terms_at(spoken.unit.code, formula.of)
            base = stated.terms_at(spoken.unit.code, formula.base) if formula.base else ()
            if of is not None and base is not None:
                rest = (*of, *((name, -weight) for name, weight in base))
                said = f"{spoken.unit.name}文中说 {spoken.claim.direction}{spoken.claim.printed}"
                sides = _Side(((spoken.name, 1),), said), _Side(rest, f"由文中各数算得 {_shown(stated, rest)}")
                yield _judged(stated, "T-SUM", "error", sides, "=", "两处应一致")


def _judged(
    stated: Stated,
    id: str,
    severity: Severity,
    sides: tuple[_Side, _Side],
    sign: Sign,
    says: str,
    show: Show = yi,
) -> Judged:
    left, right = sides
    demand = proof.Claim(id, _net((*left.terms, *((name, -weight) for name, weight in right.terms))), sign)
    verdict = proof.verdict(demand, stated.figures)
    spans = stated.interval(left.terms), stated.interval(right.terms)
    lead = f"{left.said}，{WORDS[sign]}{right.said}（{says}）。" if left.said else f"{says}。"
    sentence = f"{lead}{proven(verdict, *spans, show)}"
    claims = _claims(stated, (*left.terms, *right.terms))
    derived = left.derived or right.derived
    return Judged(id, verdict, severity, sentence, claims, *spans, (demand,), derived=derived)


def _net(parts: Terms) -> Terms:
    total: dict[str, int] = {}
    for name, weight in parts:
        total[name] = total.get(name, 0) + weight
    return tuple(sorted((name, weight) for name, weight in total.items() if weight))


def _unit_of(claim: Claim) -> Show:
    return percent if claim.unit in ("%", "百分点") else yi


def _claims(stated: Stated, parts: Terms) -> tuple[Claim, ...]:
    names = dict.fromkeys(name for name, _ in parts)
    return tuple(sorted((stated.claims[name] for name in names), key=_in_order))


def _in_order(claim: Claim) -> tuple[int, int]:
    return claim.place.paragraph, claim.place.start


def _jointly(stated: Stated, judged: Sequence[Judged]) -> Iterator[Judged]:
    """Relations that could each be true, but not all of them together: one irreducible set a group of linked figures."""
    sound = [each for each in judged if each.verdict != BROKEN and each.severity == "error" and not _repeats(each)]
    for group in _groups(sound):
        demands = [demand for each in group for demand in each.demands]
        joint = proof.together(demands, stated.figures)
        if joint.verdict == BROKEN:
            yield _conflict(group, joint.conflict)


def _repeats(judged: Judged) -> bool:
    """Whether a relation says no more than that a figure was said again."""
    return judged.id == SAME and judged.verdict == HOLDS


def _conflict(group: Sequence[Judged], conflict: Sequence[proof.Claim]) -> Judged:
    involved = [each for each in group if any(demand in conflict for demand in each.demands)]
    claims = dict.fromkeys(claim for each in involved for claim in each.claims)
    says = "；".join(each.says.partition("。")[0] for each in involved)
    lead = f"以下 {len(involved)} 条单独看都成立或只差尾数，合起来却不能同时成立：{says}。请核对其中的数。"
    return Judged("T-JOINT", BROKEN, "error", lead, tuple(sorted(claims, key=_in_order)), None, None)


def _groups(judged: Sequence[Judged]) -> Iterator[list[Judged]]:
    """Relations linked by figures they share."""
    chief: dict[str, str] = {}

    def root(name: str) -> str:
        while chief.setdefault(name, name) != name:
            name = chief[name]
        return name

    for each in judged:
        names = [name for demand in each.demands for name, _ in demand.terms]
        for name in names[1:]:
            chief[root(name)] = root(names[0])
    groups: dict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        if each.demands and each.demands[0].terms:
            groups[root(each.demands[0].terms[0][0])].append(each)
    return iter(groups.values())
