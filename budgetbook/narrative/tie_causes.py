"""What a number that differs was probably mistaken for: the sign, the unit, another unit's figure, another column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from ..amount import rounded
from ..shape import open_columns
from ..unit import Unit
from .claim import Claim
from .claim_map import Formula
from .printed_claim import SCALE, prints_as, scale
from .standing import Standing

UNITS = ("亿元", "万元", "元")


def cause(claim: Claim, formula: Formula, units: tuple[Unit, ...], exact: Fraction, standing: Standing) -> str:
    """A clause with its comma, or nothing."""
    return next(_causes(claim, formula, units, exact, standing), "") if claim.value else ""


def _causes(
    claim: Claim, formula: Formula, units: tuple[Unit, ...], exact: Fraction, standing: Standing
) -> Iterator[str]:
    if prints_as(-exact, claim):
        yield "方向词可能写反了，"
    if claim.unit in SCALE:
        fen = exact * SCALE[claim.unit]
        yield from (f"单位可能应为{unit}，" for unit in UNITS if prints_as(fen / SCALE[unit], claim))
    yield from _other_units(claim, formula, units, standing)
    yield from _other_columns(claim, formula, units, standing)
    if rounded(exact, claim.decimals) == claim.value:
        yield f"按印出的 {claim.decimals} 位小数是对的，可能少写了小数，"


def _other_units(claim: Claim, formula: Formula, units: tuple[Unit, ...], standing: Standing) -> Iterator[str]:
    for unit in standing.shape.catalogue.tree:
        if unit.code in standing.books and unit not in units and _same(claim, standing.value(formula, (unit,))):
            yield f"这个数与{unit.name}的一致，范围可能写错了，"


def _other_columns(claim: Claim, formula: Formula, units: tuple[Unit, ...], standing: Standing) -> Iterator[str]:
    if formula.kind != "amount":
        return
    first = formula.of[0]
    form = standing.shape.catalogue.form(first.form)
    for column in open_columns(form, form.line(first.line)):
        other = replace(formula, of=tuple(replace(term, column=column.id) for term in formula.of))
        if column.id != first.column and _same(claim, standing.value(other, units)):
            yield f"这个数与“{column.heading}”一致，可能取错了栏，"


def _same(claim: Claim, value: Fraction | None) -> bool:
    return bool(value) and prints_as((value or Fraction(0)) / scale(claim.unit), claim)
