"""A case of the rule book as a formula: judged in a cell of its own, or where it stands on its form, by turning red."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from ..amount import FEN, from_fen
from ..cases import Addends, Case
from ..form import Level
from ..keeping import by_shape
from ..layout import Layout, Weighed, counted, signed_sum, weighed
from ..relation import Sign
from ..rulebook import rooms
from ..shape import Shape
from ..sheet import Area, Mark

NEAR = "尾差"  # what a judged cell shows where the precision of its figures leaves open whether it holds
SHORT = "缺"  # what a judged cell shows where a blank is itself the breach
UNIT = "万元"  # what the panel counts in, whatever the forms do
_BOUND: dict[Sign, str] = {"=": "{}", "<=": "MAX(0,{})", ">=": "MIN(0,{})"}
Spot = tuple[int, int]


@dataclass(frozen=True)  # no slots: found once, then looked up
class Judge:
    """Writes cases of one level as formulas over the cells of its workbook."""

    shape: Shape
    layout: Layout
    level: Level

    @cached_property
    def _cells(self) -> dict[int, tuple[str, int, int]]:
        return {}

    @cached_property
    def _factors(self) -> dict[str, float]:
        units = {form.id: FEN[form.unit] for form in self.layout.forms if form.unit in FEN}
        return {form: fen // FEN[UNIT] if fen >= FEN[UNIT] else fen / FEN[UNIT] for form, fen in units.items()}

    def cell(self, place: int) -> tuple[str, int, int]:
        """Form, row and column of a figure."""
        if place not in self._cells:
            form, line, column = self.shape.keys[place]
            self._cells[place] = (form, *self.layout.cell(form, line, column))
        return self._cells[place]

    def weighed(self, side: Addends, seen_from: str = "") -> Weighed:
        """The cells of a side, weighed so that their sum is in 万元."""
        factors, cells = self._factors, [(self.cell(place), weight) for place, weight in side]
        spots = [(form, row, column, weight * factors[form]) for (form, row, column), weight in cells]
        return weighed(self.layout, seen_from, spots)

    @cached_property
    def _judgements(self) -> dict[tuple[str, Addends, Addends], str]:
        return {}

    def judgement(self, case: Case) -> str:
        """`IF(COUNT(…)=0,"",ROUND(left-right,6))`: nothing if not judged, zero if it holds, else by how much it does not."""
        key = case.relation.id, case.left, case.right
        if key not in self._judgements:
            self._judgements[key] = self._judgement(case)
        return self._judgements[key]

    def _judgement(self, case: Case) -> str:
        judged, short, gap = self._parts(case, "")
        if room := self.room(case):
            gap = f'IF(ABS({gap})>{room},{gap},IF({gap}=0,0,"{NEAR}"))'
        if case.relation.blank == "finding":
            gap = f'IF({short},"{SHORT}",{gap})'
        return f'IF({judged}=0,"",{gap})'

    def _red(self, case: Case, form: str) -> str:
        judged, short, gap = self._parts(case, form)
        wrong = f"(ABS({gap})>{room})" if (room := self.room(case)) else f"({gap}<>0)"
        return f"={judged}*({wrong}+({short}))" if case.relation.blank == "finding" else f"={judged}*{wrong}"

    def room(self, case: Case) -> str:
        """How far the sides may be apart in the panel's unit, where figures are stated with limited precision; else nothing."""
        if not self.shape.rounded:
            return ""
        room = int(rooms(self.shape, self.level, (case,))[0]) // 2  # whole fen
        return f"{from_fen(room, UNIT):f}" if room else ""

    def _parts(self, case: Case, seen_from: str) -> tuple[str, str, str]:
        used = self.weighed((*case.left, *((place, -weight) for place, weight in case.right)), seen_from)
        judged = counted(self.weighed(case.left, seen_from) if case.relation.blank == "skip" else used)
        short = f"{counted(used)}<{len(case.left) + len(case.right)}"
        return judged, short, _BOUND[case.relation.sign].format(f"ROUND({signed_sum(used)},6)")

    def marks(self, cases: Iterable[Case]) -> dict[str, tuple[Mark, ...]]:
        """For each form, what turns the cells red that break a 强制 relation all of whose figures stand on that form."""
        alike: dict[tuple[object, ...], dict[Spot, Case]] = {}
        for case in cases:
            if case.relation.severity == "error" and (pattern := self._pattern(case)):
                alike.setdefault(pattern, {})[self.cell(case.left[0][0])[1:]] = case
        found: dict[str, list[Mark]] = {}
        for pattern, spots in alike.items():
            form = str(pattern[0])
            for areas in _areas(spots):
                formula = self._red(spots[areas[0][:2]], form)
                found.setdefault(form, []).append(Mark(tuple(areas), formula, "wrong"))
        return {form: tuple(each) for form, each in found.items()}

    def _pattern(self, case: Case) -> tuple[object, ...]:
        """The same for all cases whose formula reads the same from the cell each points at; empty if it leads off the form."""
        form, row, column = self.cell(case.left[0][0])
        cells = [(*self.cell(place), weight) for place, weight in (*case.left, *case.right)]
        if any(cell[0] != form for cell in cells):
            return ()
        sides = tuple((at - row, beside - column, weight) for _, at, beside, weight in cells)
        return (form, case.relation.sign, case.relation.blank, len(case.left), sides, self.room(case))


@by_shape
def judge_of(shape: Shape, level: Level) -> Judge:
    """The judge of a level; the kinds of unit in it have most relations in common."""
    return Judge(shape, Layout(shape.catalogue, level), level)


def _areas(spots: Iterable[Spot]) -> Iterator[list[Area]]:
    """Cells as blocks, those of the same columns together: a formula is read from the upper left corner of the first."""
    by_columns: dict[tuple[int, int], list[int]] = {}
    for row, each in groupby(sorted(spots), key=lambda spot: spot[0]):
        for first, last in _runs([column for _, column in each]):
            by_columns.setdefault((first, last), []).append(row)
    for (left, right), rows in by_columns.items():
        yield [(top, left, bottom, right) for top, bottom in _runs(rows)]


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Ascending numbers as (first, last) of those without a gap."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs
