"""What must hold among the figures of the text alone, judged with their roundness: 通过, 尾差, or 不符 with proof."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from .. import rounding_proof as proof
from ..amount import Interval, rounded
from ..model import Catalogue, Level, Severity, Unit, applies
from ..relation import WORDS, BadTerm, Relation, Sign, Term, terms
from ..rulebook import Addends, Case, RuleBook, cases
from ..shape import Shape
from .claim import Claim
from .stated import FINE, Key, Spoken, Stated, Terms, canonical, unsigned, whole_levels

HOLDS, ROUNDING, BROKEN = proof.HOLDS, proof.ROUNDING, proof.BROKEN
YI = 10**10  # fen in 亿元


class TextRelationError(ValueError):
    """The relations cannot be used as they are written; the message says where and what to do."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A conclusion in words, and the figures it speaks of: `measure` of a line, or `cells` as a share."""

    says: tuple[str, ...]
    about: str
    measure: str
    cells: tuple[tuple[Term, ...], tuple[Term, ...]]
    at_least: Fraction | None
    at_most: Fraction | None


@dataclass(frozen=True, slots=True)
class TextRelations:
    """What text_relations.toml says."""

    severities: frozenset[str]
    also: frozenset[str]
    forms: tuple[str, ...]
    relations: tuple[Relation, ...]
    words: tuple[Wording, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """One relation among claims and its verdict; `left` and `right` are all that the two sides can be, in fen or percent."""

    id: str
    verdict: int
    severity: Severity
    says: str
    claims: tuple[Claim, ...]
    left: Interval
    right: Interval
    demands: tuple[proof.Claim, ...] = ()

    @property
    def word(self) -> str:
        """The verdict in the word a person reads."""
        return proof.VERDICTS[self.verdict]


@dataclass(frozen=True, slots=True)
class _Side:
    terms: Terms
    said: str


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
    judged = list(single.values())
    return [*judged, *_jointly(stated, judged)]


def _twice(stated: Stated) -> Iterator[Judged]:
    for first, second in stated.again:
        claim = stated.claims[second]
        said = f"同一个数在文中说了两次，先说 {stated.claims[first].printed}，后说 {claim.printed}"
        sides = _Side(((first, 1),), ""), _Side(((second, 1),), "")
        yield _judged(stated, "T-SAME", "error", sides, "=", f"{said}，应一致", _unit_of(claim))


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
                stated, "T-DERIVED", "error", (_side(stated, [(key, 1)]), _Side((), "零")), ">=", f"由{how}推算，不得为负"
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
            if applies(case.relation.levels, unit):
                yield from _case(stated, unit, case)


@lru_cache(maxsize=8)
def _index(shape: Shape, level: Level, rules: TextRelations) -> Mapping[tuple[str, str, str], tuple[Case, ...]]:
    """The cases of a level by the cells they speak of, each where it is entered."""
    found: dict[tuple[str, str, str], list[Case]] = defaultdict(list)
    own = (case for relation in rules.relations for case in cases(shape, relation, level))
    for case in (*_wanted(RuleBook(shape, level, totals=True).cases, rules), *own):
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
    return _Side(parts, said)


def _named(stated: Stated, key: Key) -> str:
    form = stated.shape.catalogue.form(key[1])
    unit = stated.shape.catalogue.tree[key[0]].name
    how = f"（{stated.derived[key]}）" if key in stated.derived else ""
    return f"{unit}{how}{form.title.removesuffix('表')}“{form.line(key[2]).name}”{form.column(key[3]).heading}"


def _shown(stated: Stated, parts: Terms) -> str:
    return _yi(sum(weight * stated.figures[name].value for name, weight in parts))


def _yi(fen: Fraction | int) -> str:
    text = f"{rounded(Fraction(fen) / YI, 4):f}"
    return f"{text.rstrip('0').rstrip('.')} 亿元"


def _percent(value: Fraction | int) -> str:
    text = f"{rounded(Fraction(value) / FINE, 2):f}"
    return f"{text.rstrip('0').rstrip('.')}%"


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
    demands = tuple(
        proof.Claim(
            spoken.name,
            (
                *((name, 200 * FINE * weight) for name, weight in of),
                *((name, -(2 * (printed.value + plus) + side * printed.step) * weight) for name, weight in base),
            ),
            ">=" if side < 0 else "<=",
        )
        for side in (-1, 1)
    )
    verdict = max(proof.verdict(demand, stated.figures) for demand in demands)
    above, below = stated.interval(of), stated.interval(base)
    rate = Interval(above.low / below.high * 100 * FINE - plus, above.high / below.low * 100 * FINE - plus)
    claim = spoken.claim
    says = (
        f"{spoken.unit.name}{_shown(stated, of)}与{_shown(stated, base)}相比，文中说 {claim.direction}{claim.printed}。"
        f"{_proof(verdict, rate, printed.interval, _percent)}"
    )
    claims = (*_claims(stated, (*of, *base)), claim)
    return Judged("T-RATE", verdict, "error", says, claims, rate, printed.interval, demands)


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
    show: Any = _yi,
) -> Judged:
    left, right = sides
    demand = proof.Claim(id, _net((*left.terms, *((name, -weight) for name, weight in right.terms))), sign)
    verdict = proof.verdict(demand, stated.figures)
    spans = stated.interval(left.terms), stated.interval(right.terms)
    lead = f"{left.said}，{WORDS[sign]}{right.said}（{says}）。" if left.said else f"{says}。"
    sentence = f"{lead}{_proof(verdict, *spans, show)}"
    return Judged(
        id, verdict, severity, sentence, _claims(stated, (*left.terms, *right.terms)), *spans, (demand,)
    )


def _net(parts: Terms) -> Terms:
    total: dict[str, int] = {}
    for name, weight in parts:
        total[name] = total.get(name, 0) + weight
    return tuple(sorted((name, weight) for name, weight in total.items() if weight))


def _proof(verdict: int, left: Interval, right: Interval, show: Any) -> str:
    if verdict == HOLDS:
        return "按印出的数成立。"
    spans = f"前者在 {show(left.low)} 至 {show(left.high)} 之间，后者在 {show(right.low)} 至 {show(right.high)} 之间"
    if verdict == ROUNDING:
        return f"只因四舍五入而有尾差：{spans}。"
    return f"不论原数怎样四舍五入都不成立：{spans}。请核对这几个数。"


def _unit_of(claim: Claim) -> Any:
    return _percent if claim.unit in ("%", "百分点") else _yi


def _claims(stated: Stated, parts: Terms) -> tuple[Claim, ...]:
    names = dict.fromkeys(name for name, _ in parts)
    return tuple(sorted((stated.claims[name] for name in names), key=lambda claim: (claim.place.paragraph, claim.place.start)))


def _jointly(stated: Stated, judged: Sequence[Judged]) -> Iterator[Judged]:
    """Relations that could each be true, but not all of them together: one irreducible set a group of linked figures."""
    sound = [each for each in judged if each.verdict != BROKEN and each.severity == "error"]
    for group in _groups(sound):
        demands = [demand for each in group for demand in each.demands]
        joint = proof.together(demands, stated.figures)
        if joint.verdict == BROKEN:
            yield _conflict(stated, group, joint.conflict)


def _conflict(stated: Stated, group: Sequence[Judged], conflict: Sequence[proof.Claim]) -> Judged:
    involved = [each for each in group if any(demand in conflict for demand in each.demands)]
    claims = dict.fromkeys(claim for each in involved for claim in each.claims)
    says = "以下各条单独看都能因四舍五入成立，合起来不能同时成立：" + "；".join(
        each.says.partition("（")[0].partition("。")[0] for each in involved
    )
    return Judged("T-JOINT", BROKEN, "error", f"{says}。请核对其中的数。", tuple(claims), Interval(Fraction(0), Fraction(0)), Interval(Fraction(0), Fraction(0)))


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


def read_text_relations(text: str, catalogue: Catalogue, source: str = "text_relations.toml") -> TextRelations:
    """The relations written in TOML `text`. Raises TextRelationError with the place and the remedy."""
    try:
        tables = tomllib.loads(text)
        return TextRelations(
            frozenset(tables["catalogue"]["severities"]),
            frozenset(tables["catalogue"]["also"]),
            tuple(tables["levels"]["forms"]),
            tuple(_relation(row, catalogue, source) for row in tables["relation"]),
            tuple(_wording(row, source) for row in tables["words"]),
        )
    except tomllib.TOMLDecodeError as error:
        raise TextRelationError(f"{source} 不是正确的 TOML：{error}。请检查引号、括号和逗号是否成对。") from error
    except KeyError as error:
        raise TextRelationError(f"{source} 缺少“{error.args[0]}”一项。请从原文件补上这一项。") from error
    except BadTerm as bad:
        raise TextRelationError(f"{source} 的“{bad}”不是“表:科目@栏目”的写法。请改正。") from bad


def _relation(row: Mapping[str, Any], catalogue: Catalogue, source: str) -> Relation:
    sides = terms(row["left"], ""), terms(row["right"], "")
    for term in (*sides[0], *sides[1]):
        try:
            catalogue.form(term.form).line(term.line)
        except KeyError:
            raise TextRelationError(
                f"{source} 的 {row['id']} 用到不存在的“{term.form}:{term.line}”。请核对表名和科目编码。"
            ) from None
    if row["sign"] not in WORDS or row["severity"] not in ("error", "warning"):
        raise TextRelationError(f"{source} 的 {row['id']} 的 sign 或 severity 不认得。请对照其他行改正。")
    columns = tuple(row["columns"].split())
    return Relation(
        row["id"], row["severity"], sides[0], row["sign"], sides[1], columns, "unit", "skip", "", row["says"], "", ""
    )


def _wording(row: Mapping[str, Any], source: str) -> Wording:
    above, _, below = row.get("cells", "").partition("/")
    limits = [Fraction(str(row[name])) if name in row else None for name in ("at_least", "at_most")]
    if limits == [None, None]:
        raise TextRelationError(f"{source} 的“{'、'.join(row['says'])}”没有写 at_least 或 at_most。请补上。")
    return Wording(
        tuple(row["says"]), row.get("about", ""), row.get("measure", ""), (terms(above, ""), terms(below, "")), *limits
    )


__all__ = ["Judged", "TextRelationError", "TextRelations", "Wording", "judge", "read_text_relations", "replace"]
