"""舍位平衡: printed at 亿元, the tables still add up, and no figure moves more than it must."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetbook.papers.rounding import Cell, Rounded, Sum, difference, nearest, round_plain, round_together

YI = 10**10  # 亿元 in fen
Cells = dict[str, Cell]
Sums = list[Sum]


def tenths(**exact: int) -> Cells:
    """Cells given in 0.1 亿元, printed in whole 亿元."""
    return {key: Cell(value * YI // 10, YI) for key, value in exact.items()}


def printed(result: Rounded) -> dict[str, int]:
    return {key: fen // YI for key, fen in result.printed.items()}


def total(key: str, *parts: str, table: str = "表一") -> Sum:
    return Sum(key, tuple((-1 if part.startswith("-") else 1, part.lstrip("-")) for part in parts), table)


def test_the_part_nearest_to_its_boundary_moves_and_the_total_stays() -> None:
    cells = tenths(合计=100, 增值税=34, 所得税=33, 其他=33)
    result = round_together(cells, [total("合计", "增值税", "所得税", "其他")])
    assert {"合计": 10, "增值税": 4, "所得税": 3, "其他": 3} == printed(result)
    assert ["增值税"] == [move.cell for move in result.moves]
    assert result.minimal


def test_nothing_moves_where_plain_rounding_adds_up() -> None:
    cells = tenths(合计=50, 税收=31, 非税=19)
    assert Rounded(round_plain(cells), (), True) == round_together(cells, [total("合计", "税收", "非税")])


def test_zeros_and_whole_figures_stay_where_they_are() -> None:
    result = round_together(tenths(合计=34, 甲=0, 乙=20, 丙=7, 丁=7), [total("合计", "甲", "乙", "丙", "丁")])
    assert {"合计": 3, "甲": 0, "乙": 2} == {key: printed(result)[key] for key in ("合计", "甲", "乙")}
    assert 1 == printed(result)["丙"] + printed(result)["丁"]


def test_a_small_figure_never_changes_its_sign() -> None:
    cells = tenths(合计=12, 甲=24, 乙=-6, 丙=-6)
    result = round_together(cells, [total("合计", "甲", "乙", "丙")])
    assert 1 == sum(printed(result)[key] for key in ("甲", "乙", "丙"))
    assert all(result.printed[key] * cells[key].exact >= 0 for key in cells)


def test_a_deduction_is_balanced_with_its_sign() -> None:
    result = round_together(tenths(净结余=14, 年终结余=34, 结转下年=20), [total("净结余", "年终结余", "-结转下年")])
    assert {"净结余": 1, "年终结余": 3, "结转下年": 2} == printed(result)


def test_a_subtotal_moves_only_because_the_set_cannot_add_up_otherwise() -> None:
    cells = tenths(总计=90, 税收=45, 非税=45, 增值税=25, 所得税=20, 罚没=30, 租金=15)
    sums = [total("总计", "税收", "非税"), total("税收", "增值税", "所得税"), total("非税", "罚没", "租金")]
    result = round_together(cells, sums)
    assert 9 == printed(result)["总计"]
    assert [True] == [move.subtotal for move in result.moves if move.cell in ("税收", "非税")]
    assert all(difference(one, result.printed) == 0 for one in sums)


def test_a_subtotal_stays_if_parts_can_take_the_difference() -> None:
    cells = tenths(总计=100, 税收=66, 上年结余=34, 增值税=33, 所得税=33)
    result = round_together(cells, [total("总计", "税收", "上年结余"), total("税收", "增值税", "所得税")])
    assert {"总计": 10, "税收": 7, "上年结余": 3} == {key: printed(result)[key] for key in ("总计", "税收", "上年结余")}
    assert [False] == [move.subtotal for move in result.moves]


def test_a_figure_quoted_in_the_report_is_never_moved() -> None:
    cells = tenths(合计=100, 增值税=34, 所得税=33, 其他=33)
    cells["增值税"] = Cell(cells["增值税"].exact, YI, fixed=True)
    result = round_together(cells, [total("合计", "增值税", "所得税", "其他")])
    assert 3 == printed(result)["增值税"]
    assert 10 == sum(printed(result)[key] for key in ("增值税", "所得税", "其他"))


def test_a_total_with_one_part_is_the_same_figure_and_prints_alike() -> None:
    cells = tenths(收入总计=100, 支出总计=100, 甲=34, 甲另表=34, 乙=33, 丙=33)
    sums = [total("收入总计", "支出总计"), total("支出总计", "甲", "乙", "丙"), total("甲另表", "甲")]
    result = round_together(cells, sums)
    assert 10 == printed(result)["收入总计"] == printed(result)["支出总计"]
    assert printed(result)["甲"] == printed(result)["甲另表"]


def test_parts_of_which_never_exceed_the_whole_they_belong_to() -> None:
    cells = tenths(非税=10, 教育费附加=5, 残保金=5)
    result = round_together(cells, [Sum("非税", ((1, "教育费附加"), (1, "残保金")), "表一", whole=False)])
    assert 1 == printed(result)["教育费附加"] + printed(result)["残保金"]
    assert 1 == len(result.moves)


def test_tables_in_different_units_are_balanced_together() -> None:
    cells = {"合计": Cell(20 * YI // 10, YI), "甲": Cell(123_456_789_00 * 100, YI // 10), "乙": Cell(0, YI)}
    cells["乙"] = Cell(cells["合计"].exact - cells["甲"].exact, YI // 10)
    one = total("合计", "甲", "乙")
    result = round_together(cells, [one])
    assert 0 == difference(one, result.printed)
    assert 2 * YI == result.printed["合计"]


def test_a_set_that_cannot_add_up_is_named_with_its_tables_and_the_rest_is_balanced() -> None:
    cells = tenths(甲行=15, 乙行=15, 左列=12, 右列=18, 甲左=7, 甲右=8, 乙左=5, 乙右=10, 合计=100, 子=34, 丑=33, 寅=33)
    impossible = [
        total("甲行", "甲左", "甲右", table="表二"),
        total("乙行", "乙左", "乙右", table="表二"),
        total("左列", "甲左", "乙左", table="表三"),
        total("右列", "甲右", "乙右", table="表三"),
    ]
    possible = total("合计", "子", "丑", "寅")
    result = round_together(cells, [*impossible, possible])
    (conflict,) = result.conflicts
    assert set(impossible) == set(conflict.sums)
    assert {"表二", "表三"} == set(conflict.tables)
    assert [conflict.unmet] == [one for one in [*impossible, possible] if difference(one, result.printed)]


def test_the_named_set_is_irreducible() -> None:
    cells = tenths(甲行=15, 乙行=15, 左列=12, 右列=18, 甲左=7, 甲右=8, 乙左=5, 乙右=10, 左列另=12, 他=12)
    sums = [
        total("甲行", "甲左", "甲右"),
        total("乙行", "乙左", "乙右"),
        total("左列", "甲左", "乙左"),
        total("右列", "甲右", "乙右"),
        total("左列另", "他"),
    ]
    (conflict,) = round_together(cells, sums).conflicts
    for left_out in conflict.sums:
        assert () == round_together(cells, [one for one in conflict.sums if one != left_out]).conflicts


def test_a_whole_figure_that_cannot_give_way_is_a_conflict_of_one_sum() -> None:
    cells = tenths(合计=15, 甲=10, 乙=5)
    cells["乙"] = Cell(cells["乙"].exact, YI, fixed=True)
    cells["合计"] = Cell(cells["合计"].exact, YI // 10)
    (conflict,) = round_together(cells, [total("合计", "甲", "乙")]).conflicts
    assert (conflict.unmet,) == conflict.sums


def test_a_sum_that_the_book_itself_does_not_meet_is_named_and_left_out() -> None:
    wrong = total("合计", "甲", "乙")
    result = round_together(tenths(合计=101, 甲=50, 乙=50), [wrong])
    assert (wrong,) == result.broken
    assert () == result.moves


@pytest.mark.parametrize(
    ("fen", "expected"), [(149, 100), (150, 200), (-150, -200), (-149, -100), (0, 0), (250, 300), (49, 0)]
)
def test_rounding_is_half_away_from_zero(fen: int, expected: int) -> None:
    assert expected == nearest(fen, 100)


def tree(random: Random, cells: Cells, sums: Sums, name: str, depth: int, place: int) -> int:
    """A total with nested parts, some of them deductions, zeros or whole."""
    if depth == 0 or (depth < 3 and random.random() < 0.3):
        value = random.choice([0, random.randrange(-9, 10) * place, *[random.randrange(-2, 12) * place // 7] * 4])
    else:
        names = [f"{name}.{at}" for at in range(random.randint(1, 6))]
        signed = [(random.choice([1, 1, 1, 1, -1]), each) for each in names]
        value = sum(sign * tree(random, cells, sums, each, depth - 1, place) for sign, each in signed)
        sums.append(Sum(name, tuple(signed), "收支表"))
    cells[name] = Cell(value, place)
    return value


def two_way(random: Random, cells: Cells, sums: Sums, name: str, place: int) -> None:
    """地区 × 项目 with both margins and the grand total."""
    height, width = random.randint(2, 7), random.randint(2, 7)
    exact = {(r, c): random.choice([0, random.randrange(40 * place // 3)]) for r in range(height) for c in range(width)}
    for (r, c), value in exact.items():
        cells[f"{name}{r},{c}"] = Cell(value, place)
    for r in range(height):
        cells[f"{name}{r},"] = Cell(sum(exact[r, c] for c in range(width)), place)
        sums.append(Sum(f"{name}{r},", tuple((1, f"{name}{r},{c}") for c in range(width)), "分地区表"))
    for c in range(width):
        cells[f"{name},{c}"] = Cell(sum(exact[r, c] for r in range(height)), place)
        sums.append(Sum(f"{name},{c}", tuple((1, f"{name}{r},{c}") for r in range(height)), "分地区表"))
    cells[name] = Cell(sum(exact.values()), place)
    sums.append(Sum(name, tuple((1, f"{name}{r},") for r in range(height)), "分地区表"))
    sums.append(Sum(name, tuple((1, f"{name},{c}") for c in range(width)), "分地区表"))


def random_set(seed: int) -> tuple[Cells, Sums]:
    random = Random(seed)
    cells, sums = Cells(), Sums()
    place = random.choice([YI, YI // 10, YI // 100])
    for at in range(random.randint(1, 3)):
        tree(random, cells, sums, f"收支{at}", 3, place)
    two_way(random, cells, sums, "地区", place)
    return cells, sums


def assert_lawful(cells: Cells, sums: Sums, result: Rounded) -> None:
    unmet = {conflict.unmet for conflict in result.conflicts}
    assert [] == [one for one in sums if one not in unmet and difference(one, result.printed) != 0]
    tops = {one.total for one in sums} - {part for one in sums for _, part in one.parts}
    for key, cell in cells.items():
        plain, value = nearest(cell.exact, cell.place), result.printed[key]
        assert abs(value - plain) in (0, cell.place)
        assert value * cell.exact >= 0
        assert value == plain or (cell.exact % cell.place and key not in tops)


def test_a_thousand_random_sets_all_add_up_within_one_unit_of_each_figure() -> None:
    moved = conflicts = 0
    for seed in range(1000):
        cells, sums = random_set(seed)
        result = round_together(cells, sums)
        assert_lawful(cells, sums, result)
        assert result.minimal and not result.unsolved and not result.broken
        moved += len(result.moves)
        conflicts += len(result.conflicts)
    assert 1000 < moved
    assert 50 > conflicts


amounts = st.integers(-3 * 7, 12 * 7).map(lambda sevenths: sevenths * YI // 7)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(amounts, min_size=3, max_size=3), min_size=1, max_size=5))
def test_every_two_way_table_with_a_grand_total_adds_up(rows: list[list[int]]) -> None:
    cells, sums = Cells(), Sums()
    for r, values in enumerate(rows):
        cells |= {f"{r},{c}": Cell(value, YI) for c, value in enumerate(values)} | {f"{r},": Cell(sum(values), YI)}
        sums.append(total(f"{r},", *(f"{r},{c}" for c in range(3))))
    for c in range(3):
        cells[f",{c}"] = Cell(sum(values[c] for values in rows), YI)
        sums.append(total(f",{c}", *(f"{r},{c}" for r in range(len(rows)))))
    cells[","] = Cell(sum(map(sum, rows)), YI)
    sums += [total(",", *(f"{r}," for r in range(len(rows)))), total(",", *(f",{c}" for c in range(3)))]
    assert_lawful(cells, sums, round_together(cells, sums))


def fewest_by_trying_all(cells: Cells, sums: Sums) -> tuple[int, int] | None:
    """(subtotals, cells) moved at least, by trying every assignment of steps."""
    parts = {part for one in sums for _, part in one.parts}
    totals = {one.total for one in sums}
    free = [key for key, cell in cells.items() if cell.exact % cell.place and not (key in totals and key not in parts)]
    plain = round_plain(cells)
    best: tuple[int, int] | None = None
    for steps in product((0, 1, -1), repeat=len(free)):
        tried = plain | {key: plain[key] + step * cells[key].place for key, step in zip(free, steps, strict=True)}
        if any(tried[key] * cells[key].exact < 0 for key in free) or any(difference(one, tried) for one in sums):
            continue
        moved = [key for key, step in zip(free, steps, strict=True) if step]
        cost = (sum(key in totals for key in moved), len(moved))
        best = cost if best is None else min(best, cost)
    return best


@pytest.mark.parametrize("seed", range(40))
def test_no_fewer_moves_would_do(seed: int) -> None:
    random = Random(seed)
    exact = [random.randrange(1, 60) for _ in range(6)]
    cells = tenths(总=sum(exact), 甲=sum(exact[:3]), 乙=sum(exact[3:]))
    cells |= tenths(**{f"子{at}": each for at, each in enumerate(exact)})
    sums = [total("总", "甲", "乙"), total("甲", "子0", "子1", "子2"), total("乙", "子3", "子4", "子5")]
    result = round_together(cells, sums)
    found = (sum(move.subtotal for move in result.moves), len(result.moves))
    assert fewest_by_trying_all(cells, sums) == found


@pytest.mark.parametrize("seed", range(30))
def test_what_is_called_impossible_is_impossible(seed: int) -> None:
    random = Random(seed)
    a, b, c, d = (random.randrange(1, 30) for _ in range(4))
    cells = tenths(行一=a + b, 行二=c + d, 列一=a + c, 列二=b + d, 甲=a, 乙=b, 丙=c, 丁=d)
    sums = [total("行一", "甲", "乙"), total("行二", "丙", "丁"), total("列一", "甲", "丙"), total("列二", "乙", "丁")]
    result = round_together(cells, sums)
    assert (fewest_by_trying_all(cells, sums) is None) == bool(result.conflicts)


def test_thirty_thousand_cells_in_eight_thousand_sums_are_settled_exactly() -> None:
    random = Random(2026)
    cells, sums = Cells(), Sums()
    for at in range(8000 // 9):
        tree(random, cells, sums, f"表{at}", 3, YI // 10)
    while len(sums) < 8000 or len(cells) < 30_000:
        two_way(random, cells, sums, f"地区{len(cells)}", YI // 10)
    result = round_together(cells, sums)
    assert_lawful(cells, sums, result)
    assert result.minimal
