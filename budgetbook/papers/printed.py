"""What a printed table of the congress papers holds, whichever paper format it is written to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias

from ..amount import FEN, rounded, shown

RowKind = Literal["plain", "total", "of_which", "blank"]
ColumnKind = Literal["label", "figure", "text"]
HeadTree: TypeAlias = "str | tuple[str, Sequence[HeadTree]]"
Content: TypeAlias = "str | Figure | Rate | None"


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount: exact in fen, printed in `unit` with `decimals`. `printed` (fen) differs where rounding moved it."""

    exact: int
    unit: str = "万元"
    decimals: int = 0
    id: str = ""  # one id, one figure: it is printed alike in every table
    printed: int | None = None

    @property
    def place(self) -> int:
        """One unit of the last printed place, in fen."""
        return int(FEN[self.unit] // 10**self.decimals)

    @property
    def number(self) -> float:
        """What the cell of a workbook holds: the printed number, in the unit of account."""
        return float(rounded(Fraction(self._fen, FEN[self.unit]), self.decimals))

    @property
    def _fen(self) -> int:
        return self.exact if self.printed is None else self.printed

    def __str__(self) -> str:
        return shown(self._fen, self.unit, self.decimals)


@dataclass(frozen=True, slots=True)
class Rate:
    """A percentage (完成%, 增减%) as the quotient of two amounts in fen; the denominator is not zero."""

    numerator: int
    denominator: int
    decimals: int = 1
    id: str = field(default="", compare=False)  # what it was worked out from

    @property
    def number(self) -> float:
        """The printed percentage."""
        return float(rounded(Fraction(100 * self.numerator, self.denominator), self.decimals))

    def __str__(self) -> str:
        return f"{self.number:,.{self.decimals}f}"


@dataclass(frozen=True, slots=True)
class Head:
    """One cell of the table head; row and column count from zero and it spans `rows` × `columns`."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Side:
    """A run of cells that belong together: a whole row, or the 收入 or 支出 half of a two-sided one."""

    cells: tuple[Content, ...]
    kind: RowKind = "plain"
    level: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A body row. `opens` marks the first row of a 类, where a page may break."""

    sides: tuple[Side, ...]
    opens: bool = False

    @property
    def cells(self) -> tuple[Content, ...]:
        """The cells of all sides, one per column."""
        return tuple(cell for side in self.sides for cell in side.cells)

    def placed(self) -> Iterator[tuple[Content, Side]]:
        """Each cell with the side it stands on."""
        return ((cell, side) for side in self.sides for cell in side.cells)


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet of paper and which way it lies."""

    size: Literal["A4", "A3"] = "A4"
    landscape: bool = False

    @property
    def millimetres(self) -> tuple[int, int]:
        """Width and height as the page is read."""
        short, long = (210, 297) if self.size == "A4" else (297, 420)
        return (long, short) if self.landscape else (short, long)


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """附表: one numbered table. `paper` None means whatever its columns need."""

    number: str  # 表一, 表1-1
    title: str
    unit: str  # 单位：万元
    columns: tuple[ColumnKind, ...]
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    paper: Paper | None = None

    def __post_init__(self) -> None:
        for at, row in enumerate(self.rows, 1):
            if len(row.cells) != len(self.columns):
                raise ValueError(f"{self.number} row {at}: {len(row.cells)} cells for {len(self.columns)} columns")

    @property
    def head_rows(self) -> int:
        """How many rows the head takes."""
        return max((head.row + head.rows for head in self.heads), default=0)

    def levels(self, row: Row) -> tuple[int, ...]:
        """How deep each cell of *row* is indented: the first label on a side stands in by the level of that side."""
        levels = list[int]()
        for side in row.sides:
            kinds = self.columns[len(levels) : len(levels) + len(side.cells)]
            first = kinds.index("label") if "label" in kinds else -1
            levels += [side.level if at == first else 0 for at in range(len(kinds))]
        return tuple(levels)

    def row_name(self, row: Row, column: int) -> str:
        """The label that a figure in *column* stands beside, on its side of the row."""
        start = 0
        for side in row.sides:
            end = start + len(side.cells)
            if column < end:
                kinds = self.columns[start:end]
                return "".join(
                    str(cell) for cell, kind in zip(side.cells, kinds, strict=True) if kind == "label" and cell
                )
            start = end
        raise IndexError(column)

    def column_name(self, column: int) -> str:
        """The headings over a column, from the top."""
        over = [head for head in self.heads if head.column <= column < head.column + head.columns]
        return "".join(head.text for head in sorted(over, key=lambda head: head.row))

    @property
    def numbers(self) -> tuple[Figure | Rate, ...]:
        """Every number on the table, row by row."""
        return tuple(cell for row in self.rows for cell in row.cells if isinstance(cell, Figure | Rate))


@dataclass(frozen=True, slots=True)
class PrintedBook:
    """The tables that are bound together, and what stands on the cover."""

    title: str
    tables: tuple[PrintedTable, ...]
    subtitle: str = ""
    issuer: str = ""
    date: str = ""
    moved: PrintedTable | None = field(default=None)  # 舍位平衡调整清单, a working sheet that is not bound in


def row(*cells: Content, kind: RowKind = "plain", level: int = 0, opens: bool = False) -> Row:
    """A one-sided row."""
    return Row((Side(cells, kind, level),), opens)


def beside(left: Sequence[Row], right: Sequence[Row]) -> tuple[Row, ...]:
    """Two one-sided tables as one: 收入 left, 支出 right. The shorter is left blank above its last row (总计)."""
    length = max(len(left), len(right))
    pairs = zip(_stretched(left, length), _stretched(right, length), strict=True)
    return tuple(Row(one.sides + other.sides, one.opens and other.opens) for one, other in pairs)


def _stretched(rows: Sequence[Row], length: int) -> list[Row]:
    blank = row(*(None,) * len(rows[0].cells), kind="blank", opens=True)
    return [*rows[:-1], *[blank] * (length - len(rows)), rows[-1]]


def head_grid(*trees: HeadTree) -> tuple[Head, ...]:
    """The head from nested headings: `head_grid("项目", ("2025年", ["预算数", "执行数"]))` spans as it must."""
    depth = max(map(_depth, trees), default=0)
    heads, column = list[Head](), 0
    for tree in trees:
        heads += _spanned(tree, 0, column, depth)
        column += _breadth(tree)
    return tuple(heads)


def _spanned(tree: HeadTree, row: int, column: int, depth: int) -> Iterator[Head]:
    if isinstance(tree, str):
        yield Head(tree, row, column, depth - row)
        return
    text, children = tree
    yield Head(text, row, column, 1, _breadth(tree))
    for child in children:
        yield from _spanned(child, row + 1, column, depth)
        column += _breadth(child)


def _depth(tree: HeadTree) -> int:
    return 1 if isinstance(tree, str) else 1 + max(map(_depth, tree[1]))


def _breadth(tree: HeadTree) -> int:
    return 1 if isinstance(tree, str) else sum(map(_breadth, tree[1]))
