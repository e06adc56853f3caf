"""The integer programme behind 舍位平衡: which figures step by one so that every sum holds, and which sums cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, hstack

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
OPTIMAL, LIMIT, INFEASIBLE = 0, 1, 2  # status of scipy.optimize.milp
WHOLE = 1e-6


@dataclass(frozen=True, slots=True)
class Program:
    """Sums × figures. Steps are wanted with `matrix @ steps == -gap`; for a loose sum, `>= -gap` will do."""

    matrix: csr_array
    gap: IntArray  # sums: total less parts, as plainly rounded
    loose: BoolArray  # sums
    up: BoolArray  # figures: may step up
    down: BoolArray  # figures: may step down
    lean: FloatArray  # figures: exact less plainly rounded, in units of the last place
    weight: FloatArray  # figures: how many cells print it
    subtotal: BoolArray  # figures

    @property
    def wanting(self) -> BoolArray:
        """The sums that do not hold as plainly rounded."""
        wanting: BoolArray = np.where(self.loose, self.gap < 0, self.gap != 0)
        return wanting

    def part(self, sums: IntArray) -> tuple[Program, IntArray]:
        """The programme of some sums, and the figures in it that can move."""
        rows = self.matrix[sums]
        figures = np.intersect1d(rows.indices, np.flatnonzero(self.up | self.down)).astype(np.int64)
        of = (self.up[figures], self.down[figures], self.lean[figures], self.weight[figures], self.subtotal[figures])
        return Program(rows[:, figures], self.gap[sums], self.loose[sums], *of), figures


@dataclass(frozen=True, slots=True)
class Settlement:
    """The steps (figures), whether fewer are impossible, sums given up with their conflicts, and sums left unsolved."""

    steps: IntArray
    proven: bool = True
    conflicts: tuple[tuple[int, tuple[int, ...]], ...] = ()
    unsolved: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Answer:
    steps: IntArray | None
    proven: bool


def settle(program: Program, seconds: float) -> Settlement:
    """Solve the sums that do not hold yet: all at once if that comes out whole, else each independent group alone."""
    deadline = perf_counter() + seconds
    total = Settlement(np.zeros(program.matrix.shape[1], dtype=np.int64))
    if not program.wanting.any():
        return total
    groups = list(_groups(program))
    whole, figures = program.part(np.concatenate(groups))
    steps = _whole_steps(_run(whole, _cost(whole), deadline, whole=False)) if len(figures) else None
    if steps is not None:
        total.steps[figures] = steps
        return total
    for sums in groups:
        total = _with_group(total, program, sums, deadline)
    return total


def _with_group(total: Settlement, program: Program, sums: IntArray, deadline: float) -> Settlement:
    group, figures = program.part(sums)
    done = _settle_group(group, deadline)
    total.steps[figures] = done.steps
    return Settlement(
        total.steps,
        total.proven and done.proven,
        (*total.conflicts, *((int(sums[one]), tuple(sums[list(rows)].tolist())) for one, rows in done.conflicts)),
        (*total.unsolved, *sums[list(done.unsolved)].tolist()),
    )


def _groups(program: Program) -> Iterator[IntArray]:
    """Sums linked by figures that can move, where at least one sum is wanting."""
    from scipy.sparse.csgraph import connected_components

    links = abs(program.matrix[:, np.flatnonzero(program.up | program.down)])
    count, group = connected_components(links @ links.T, directed=False)
    wanting = np.zeros(count, dtype=np.bool_)
    wanting[group[program.wanting]] = True
    order = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[order], np.arange(count + 1))
    for one in np.flatnonzero(wanting):
        yield order[bounds[one] : bounds[one + 1]].astype(np.int64)


def _settle_group(group: Program, deadline: float) -> Settlement:
    answer = _fewest(group, deadline)
    if answer.steps is not None:
        return Settlement(answer.steps, answer.proven)
    still = np.zeros(group.matrix.shape[1], dtype=np.int64)
    if not answer.proven:
        return Settlement(still, False, (), tuple(np.flatnonzero(group.wanting).tolist()))
    given_up = _given_up(group, deadline)
    kept = np.setdiff1d(np.arange(len(group.gap)), given_up)
    conflicts = tuple((one, _irreducible(group, one, kept, deadline)) for one in given_up)
    rest, figures = group.part(kept)
    done = _settle_group(rest, deadline)
    still[figures] = done.steps
    return Settlement(still, done.proven, conflicts, tuple(kept[list(done.unsolved)].tolist()))


def _fewest(group: Program, deadline: float) -> _Answer:
    return _solve(group, _cost(group), deadline)


def _cost(group: Program) -> FloatArray:
    """Fewest subtotals, then cells, then nearest to the exact figures: one objective, each outweighing the next."""
    above = group.weight[~group.subtotal].sum() + 1
    price = np.where(group.subtotal, group.weight * above, group.weight)
    pull = np.concatenate([np.abs(1 - group.lean), np.abs(1 + group.lean)]) - np.tile(np.abs(group.lean), 2)
    cost: FloatArray = np.tile(price, 2) + pull / (2 * len(price) + 1)
    return cost


def _solve(group: Program, cost: FloatArray, deadline: float) -> _Answer:
    """As a linear programme first: on trees and two-way tables its corner is whole, and ten times cheaper."""
    if not len(cost):
        return _Answer(None if group.wanting.any() else np.zeros(0, dtype=np.int64), True)
    linear = _run(group, cost, deadline, whole=False)
    steps = _whole_steps(linear)
    if steps is not None or linear.status == INFEASIBLE:
        return _Answer(steps, True)
    result = _run(group, cost, deadline, whole=True)
    if result.x is None:
        return _Answer(None, result.status == INFEASIBLE)
    proven = result.status != LIMIT or np.ceil(result.mip_dual_bound) >= np.floor(result.fun)
    return _Answer(_steps(result.x), bool(proven))


def _whole_steps(result: OptimizeResult) -> IntArray | None:
    if result.status != OPTIMAL or np.abs(result.x - np.rint(result.x)).max() > WHOLE:
        return None
    return _steps(result.x)


def _steps(x: FloatArray) -> IntArray:
    up, down = np.split(np.rint(x).astype(np.int64), 2)
    return up - down


def _run(group: Program, cost: FloatArray, deadline: float, whole: bool) -> OptimizeResult:
    steps = hstack([group.matrix, -group.matrix], format="csr")
    return _solved(group, cost, np.full(len(cost), int(whole)), _movable(group), steps, deadline)


def _movable(group: Program) -> FloatArray:
    return np.concatenate([group.up, group.down]).astype(np.float64)


def _solved(
    group: Program, cost: FloatArray, whole: IntArray, most: FloatArray, steps: csr_array, deadline: float
) -> OptimizeResult:
    """The cheapest of what is between zero and *most* and makes the sums hold."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # takes long to load, and most sets add up as they are

    return milp(
        cost,
        integrality=whole,
        bounds=Bounds(0, most),
        constraints=LinearConstraint(steps, -group.gap, np.where(group.loose, np.inf, -group.gap)),
        options={"time_limit": max(deadline - perf_counter(), 1.0), "mip_rel_gap": 0.0},
    )


def _can_be_met(group: Program, sums: IntArray, deadline: float) -> bool:
    part, figures = group.part(sums)
    return _solve(part, np.zeros(2 * len(figures)), deadline).steps is not None


def _given_up(group: Program, deadline: float) -> list[int]:
    """Sums to leave out so that the rest can be met; none of them could be put back."""
    given_up = _short(group, deadline)
    for one in tuple(given_up):
        others = [each for each in given_up if each != one]
        if _can_be_met(group, np.setdiff1d(np.arange(len(group.gap)), others), deadline):
            given_up.remove(one)
    return given_up


def _short(group: Program, deadline: float) -> list[int]:
    """The sums that fall short where the total shortfall is smallest."""
    count, width = group.matrix.shape
    slack = eye_array(count, format="csr")
    cost = np.concatenate([np.zeros(2 * width), np.ones(2 * count)])
    whole = np.repeat(np.array([1, 0]), [2 * width, 2 * count])
    most = np.concatenate([_movable(group), np.full(2 * count, np.inf)])
    steps = hstack([group.matrix, -group.matrix, slack, -slack], format="csr")
    result = _solved(group, cost, whole, most, steps, deadline)
    if result.x is None:
        return np.flatnonzero(group.wanting).tolist()
    short = result.x[2 * width :].reshape(2, count).sum(axis=0)
    return np.flatnonzero(short > 0.5).tolist()


def _irreducible(group: Program, one: int, kept: IntArray, deadline: float) -> tuple[int, ...]:
    """A set of sums around *one* that cannot be met, though it can as soon as any is left out (deletion filter)."""

    allowed = set(kept.tolist())

    def impossible(sums: list[int]) -> bool:
        return not _can_be_met(group, np.array(sums, dtype=np.int64), deadline)

    near = [each for each in _by_distance(group, one) if each == one or each in allowed]
    size = 2
    while size < len(near) and not impossible(near[:size]):
        size *= 2
    return tuple(sorted(_filtered(near[:size], impossible)))


def _by_distance(group: Program, one: int) -> list[int]:
    from scipy.sparse.csgraph import breadth_first_order

    links = abs(group.matrix)
    order, _ = breadth_first_order(links @ links.T, one, directed=False)
    return [int(each) for each in order]


def _filtered(sums: list[int], impossible: Callable[[list[int]], bool]) -> list[int]:
    """Leave out what can be left out, by halves down to single sums, farthest first."""
    size = max(len(sums) // 2, 1)
    while True:
        for start in range((len(sums) - 1) // size * size, -1, -size):
            without = sums[:start] + sums[start + size :]
            if without and impossible(without):
                sums = without
        if size == 1:
            return sums
        size //= 2
