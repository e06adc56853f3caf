"""What must hold among the figures of the text alone, judged with their roundness: 通过, 尾差, or 不符 with proof."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from ..cases import Addends, Case, read
from ..form import Level
from ..relation import Sign
from ..rulebook import rulebook
from ..shape import Shape
from ..unit import Unit, applies
from .claim import Claim
from .jointly import SAME, jointly
from .judged import BROKEN, Judged, Show, percent, yi
from .rates import rates
from .sides import Side, judged_so, shown, side_of
from .stated import Key, Stated, canonical, unsigned, whole_levels
from .text_rules import TextRelations


def judge(stated: Stated, rules: TextRelations) -> list[Judged]:
    """Every relation that can be judged, each once, in the order of the text."""
    found = [
        *_twice(stated),
        *_levels(stated, rules),
        *_not_negative(stated),
        *_catalogue(stated, rules),
        *rates(stated),
        *_sums(stated),
    ]
    single: dict[object, Judged] = {}
    for each in found:
        single.setdefault(tuple(sorted((demand.terms, demand.sign) for demand in each.demands)), each)
    judged = list(_without_echoes(list(single.values())))
    return [*judged, *jointly(stated, judged)]


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
        sides = Side(((first, 1),), ""), Side(((second, 1),), "")
        yield judged_so(stated, SAME, "error", sides, "=", f"{said}，应一致", _unit_of(claim))


def _levels(stated: Stated, rules: TextRelations) -> Iterator[Judged]:
    """全市 = 市级 + 县（市、区）, wherever the text states all of them."""
    for key, members in whole_levels(stated, rules.forms):
        parts = tuple(pair for member in members for pair in stated.cells[member])
        names = "加".join(stated.shape.catalogue.tree[member[0]].name for member in members)
        sides = side_of(stated, [(key, 1)]), Side(parts, f"{names} {shown(stated, parts)}")
        yield judged_so(stated, "T-LEVEL", "error", sides, "=", "上一级应等于下一级各单位之和")


def _not_negative(stated: Stated) -> Iterator[Judged]:
    for key, how in stated.derived.items():
        if unsigned(stated.shape.catalogue, key):
            yield judged_so(
                stated,
                "T-DERIVED",
                "error",
                (side_of(stated, [(key, 1)]), Side((), "零")),
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
    sides = side_of(stated, left[0]), side_of(stated, right[0]) if right[0] else Side((), "零")
    if dict(sides[0].terms) != dict(sides[1].terms):
        says = case.relation.says if sign == case.relation.sign else "其中的一部分不得大于合计"
        yield judged_so(stated, case.relation.id, case.relation.severity, sides, sign, says)


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
                sides = Side(((spoken.name, 1),), said), Side(rest, f"由文中各数算得 {shown(stated, rest)}")
                yield judged_so(stated, "T-SUM", "error", sides, "=", "两处应一致")


def _unit_of(claim: Claim) -> Show:
    return percent if claim.unit in ("%", "百分点") else yi
