"""What stands where on a sheet and what it means; not how it looks, and not in which file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Role = Literal[
    "title",
    "note",
    "unit",
    "unit_left",
    "heading",
    "key",
    "code",
    "name",
    "entry",
    "brought",
    "total",
    "derived",
    "text",
    "fixed",
    "closed",
    "alert",
    "link",
    "plain",
    "pointer",
    "name_pointer",
    "verdict",
    "cover_title",
    "cover_unit",
    "cover_name",
    "cover_text",
    "cover_fixed",
    "cover_status",
    "cover_link",
    "cover_foot",
]
Number = Literal["", "amount", "percent", "points", "text", "count", "broken", "unexplained", "open"]
Look = Literal["wrong", "rounding", "right", "open"]
NOTE_AUTHOR = "budgetbook"  # of the notes on cells that are ours
NOTE_LEAD = "（问题反馈第 {row} 行）："  # in every line of such a note: some programs drop who wrote it
Area = tuple[int, int, int, int]  # first row, first column, last row, last column


class Style(NamedTuple):  # as Cell: of tens of thousands, made in a fourth of the time of a dataclass
    """The meaning of a cell: its role, what kind of number it shows, and how deep it is indented."""

    role: Role
    number: Number = ""
    depth: int = 0
    strong: bool = False
    flag: Literal["", "error", "warning"] = ""  # something at this cell has to be looked at
    own: bool = False  # says who the unit is


class Cell(NamedTuple):
    """One cell; a formula carries the value it has now, so that no one need recalculate to read it."""

    row: int
    column: int
    value: str | float | None
    style: Style
    formula: str = ""
    link: str = ""
    note: str = ""  # shown when the cell is pointed at


@dataclass(frozen=True, slots=True)
class Choice:
    """A block of cells that takes only the listed words; first row, first column, last row, last column."""

    block: tuple[int, int, int, int]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Cells that take on a look when a formula, written as seen from the upper left corner of the first area, is true."""

    areas: tuple[Area, ...]
    formula: str
    look: Look


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet. Rows and columns count from zero."""

    name: str
    cells: Sequence[Cell]
    widths: Sequence[float]
    heads: int = 0  # rows that repeat on every printed page and stay on screen
    frozen: int = 0  # columns that stay on screen
    heights: dict[int, float] = field(default_factory=dict)
    merged: Sequence[tuple[int, int, int, int]] = ()
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = ()
    numbers: Sequence[tuple[int, int, int, int]] = ()  # blocks that take only numbers
    choices: Sequence[Choice] = ()
    marks: Sequence[Mark] = ()
    filtered: Area | None = None  # a heading row and the rows under it that people may filter
    landscape: bool = True
    centred: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who a workbook was issued to. Written in three places, so that losing two of them loses nothing."""

    unit: str
    year: int
    level: str
    digest: str
    serial: str  # number-seal

    PREFIX = "budgetbook/1"

    @property
    def number(self) -> str:
        """The random number of this issue; empty in a book that was not issued to be filled in."""
        return self.serial.rpartition("-")[0]

    def __str__(self) -> str:
        return "|".join((self.PREFIX, self.unit, str(self.year), self.level, self.digest, self.serial))

    @classmethod
    def read(cls, text: str) -> Stamp | None:
        """The stamp in *text*, None if it is not one."""
        words = text.split("|")
        if len(words) != 6 or words[0] != cls.PREFIX or not words[2].isdigit():
            return None
        return cls(words[1], int(words[2]), words[3], words[4], words[5])


@dataclass(frozen=True, slots=True)
class Workbook:
    """Sheets and the stamp they carry."""

    sheets: Sequence[Sheet]
    stamp: Stamp
    title: str
