"""舍位平衡 on printed tables: the figures that moved, the note under their tables, and the list of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from .printed import Content, Figure, PrintedTable, Row, head_grid, row
from .rounding import Cell, Rounded, Sum, difference, round_plain, round_together

MOVED_NUMBER, MOVED_TITLE = "舍位平衡", "舍位平衡调整清单"


@dataclass(frozen=True, slots=True)
class Balanced:
    """The tables as they are to be printed, and what the rounding did. Cells of `rounded` are `id@unit.decimals`."""

    tables: tuple[PrintedTable, ...]
    rounded: Rounded


def balance(
    tables: Sequence[PrintedTable], sums: Sequence[Sum], quoted: Collection[str] = (), seconds: float = 30.0
) -> Balanced:
    """Round all *tables* together. *sums* name figures by id and hold at every scale at which all of them are printed;
    the *quoted* ids print plainly, because the report states them."""
    cells = _cells(tables, quoted)
    rounded = round_together(cells, _scaled(sums, tables, cells), seconds)
    moved = {move.cell for move in rounded.moves}
    return Balanced(tuple(_noted(_printed(table, rounded.printed), moved) for table in tables), rounded)


def plain(tables: Sequence[PrintedTable], sums: Sequence[Sum]) -> tuple[PrintedTable, ...]:
    """Every figure half-up by itself, with the 尾差 note under each table whose sums then differ."""
    cells = _cells(tables, ())
    printed = round_plain(cells)
    off = [one for one in _scaled(sums, tables, cells) if one.whole and difference(one, printed)]
    touched = {key for one in off for key in (one.total, *(part for _, part in one.parts))}
    note = "注：表内数字经四舍五入，合计与分项之和可能有尾差。"
    return tuple(replace(table, notes=(*table.notes, note)) if _keys(table) & touched else table for table in tables)


def moved_table(balanced: Balanced) -> PrintedTable:
    """The list of moved cells: where each stands, its exact amount, plainly rounded and as printed."""
    moves = {move.cell: move for move in balanced.rounded.moves}
    return PrintedTable(
        MOVED_NUMBER,
        MOVED_TITLE,
        "单位：按所在表",
        ("text", "label", "text", "figure", "figure", "figure", "text"),
        head_grid("表号", "项目", "栏目", "精确数（元）", "四舍五入数", "印出数", "说明"),
        tuple(
            row(
                table.number,
                table.row_name(line, column),
                table.column_name(column),
                Figure(figure.exact, "元", 2),
                replace(figure, printed=None),
                figure,
                "分项合计数，另无可调整的分项" if moves[_key(figure)].subtotal else None,
            )
            for table in balanced.tables
            for line in table.rows
            for column, figure in enumerate(line.cells)
            if isinstance(figure, Figure) and _key(figure) in moves
        ),
        (_verdict(balanced.rounded),),
    )


def conflicts(balanced: Balanced) -> Iterator[str]:
    """One sentence for each set of sums that cannot be met, and for sums that the book itself does not meet."""
    for conflict in balanced.rounded.conflicts:
        tables = "、".join(name for name in conflict.tables if name) or "所列各表"
        yield (
            f"{tables}按现在的单位和小数位数无法做到舍位平衡：{len(conflict.sums)} 个合计关系互相牵制，"
            f"其中“{conflict.unmet.total.split('@')[0]}”的合计印出后有尾差。请增加小数位数，或在表下加尾差说明。"
        )
    for one in balanced.rounded.unsolved:
        yield f"“{one.total.split('@')[0]}”的合计在限定时间内没有算出平衡结果，已按四舍五入印出，可能有尾差。"
    for one in balanced.rounded.broken:
        yield f"“{one.total.split('@')[0]}”与所属各项之和在账册中就不相等，不是舍位造成的。请先核对账册。"


def _verdict(rounded: Rounded) -> str:
    proof = "已证明不能更少" if rounded.minimal else "在限定时间内求得，未证明最少"
    return f"注：共调整 {len(rounded.moves)} 个数，每个数只调整末位 1 个单位，{proof}；账册中的数没有改动。"


def _key(figure: Figure) -> str:
    return f"{figure.id}@{_scale(figure)}"


def _scale(figure: Figure) -> str:
    return f"{figure.unit}.{figure.decimals}"


def _figures(tables: Sequence[PrintedTable]) -> Iterator[Figure]:
    for table in tables:
        yield from (cell for cell in table.numbers if isinstance(cell, Figure) and cell.id)


def _keys(table: PrintedTable) -> set[str]:
    return {_key(figure) for figure in _figures((table,))}


def _cells(tables: Sequence[PrintedTable], quoted: Collection[str]) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for figure in _figures(tables):
        cell = Cell(figure.exact, figure.place, figure.id in quoted)
        if cells.setdefault(_key(figure), cell) != cell:
            raise ValueError(f"{figure.id} stands for two amounts: {cells[_key(figure)].exact} and {figure.exact} fen")
    return cells


def _scaled(sums: Sequence[Sum], tables: Sequence[PrintedTable], cells: Collection[str]) -> list[Sum]:
    scales = sorted({_scale(figure) for figure in _figures(tables)})
    everywhere = (_at(one, scale) for scale in scales for one in sums)
    return [one for one in everywhere if one.total in cells and all(part in cells for _, part in one.parts)]


def _at(one: Sum, scale: str) -> Sum:
    parts = tuple((sign, f"{part}@{scale}") for sign, part in one.parts)
    return replace(one, total=f"{one.total}@{scale}", parts=parts)


def _printed(table: PrintedTable, printed: dict[str, int]) -> PrintedTable:
    def as_printed(cell: Content) -> Content:
        return replace(cell, printed=printed[_key(cell)]) if isinstance(cell, Figure) and cell.id else cell

    return replace(table, rows=tuple(_mapped(line, as_printed) for line in table.rows))


def _mapped(line: Row, change: Callable[[Content], Content]) -> Row:
    return replace(line, sides=tuple(replace(side, cells=tuple(map(change, side.cells))) for side in line.sides))


def _noted(table: PrintedTable, moved: set[str]) -> PrintedTable:
    count = len(_keys(table) & moved)
    if not count:
        return table
    note = f"注：为使合计与分项相符，本表有 {count} 个数作了舍位平衡，末位调整 1 个单位，见《{MOVED_TITLE}》。"
    return replace(table, notes=(*table.notes, note))
