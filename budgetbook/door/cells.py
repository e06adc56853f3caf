"""What a sheet's cells may be: each once, inside the sheet, with one plain value, and nothing far away."""

from __future__ import annotations

import re

from .limits import COLUMNS, ROWS, Limits
from .markup import Attributes, End, Markup, Start
from .remarks import RESAVE, Refused, shown
from .rows import Struck
from .spelling import column_number

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_QUOTED = re.compile(rb"(?:\"|&quot;).*?(?:\"|&quot;)|(?:'|&apos;).*?(?:'|&apos;)", re.DOTALL)
_BAR = re.compile(rb"\||&#0*124;|&#x0*7c;", re.IGNORECASE)


def place(reference: str) -> tuple[int, int]:
    """Row and column of a cell reference, which has to lie inside A1:XFD1048576."""
    found = _REFERENCE.fullmatch(reference)
    row, column = (int(found[2]), column_number(found[1].encode())) if found else (0, 0)
    if not found or row > ROWS or column > COLUMNS:
        raise Refused("cell-reference", f"有不存在的单元格地址“{shown(reference, 20)}”，文件被改动过。{RESAVE}")
    return row, column


def address(row: int, column: int) -> str:
    """The reference of a place."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def too_many_cells(most: int) -> Refused:
    return Refused("cell-count", f"单元格超过 {most:,} 个，远远超出表样。请删去表外多余的行列，另存后再报。")


class Places:
    """Where the cells of one sheet stand: none twice, not too many, and those with content in a bounded box.

    Rows that were struck before count as full: what is then found wrong has to be looked for again in the whole part.
    """

    def __init__(self, limits: Limits, struck: Struck) -> None:
        self._limits = limits
        self._struck = struck.rows
        self._seen: set[int] = set()
        self._taken = self._filled = len(struck.rows) * struck.columns
        self._rows = (min(struck.rows, default=ROWS), max(struck.rows, default=0))
        self._columns = (1, struck.columns) if struck.rows else (COLUMNS, 0)

    @property
    def walked(self) -> bool:
        """Whether any cell stands in what was not struck."""
        return bool(self._seen)

    def take(self, row: int, column: int) -> None:
        """A cell stands here, with or without content."""
        key = row * (COLUMNS + 1) + column
        if key in self._seen or row in self._struck:
            raise Refused("cell-duplicate", f"单元格 {address(row, column)} 出现了两次，不知以哪个值为准。{RESAVE}")
        self._seen.add(key)
        self._taken += 1
        if self._taken > self._limits.places:
            raise too_many_cells(self._limits.places)

    def fill(self, row: int, column: int) -> None:
        """The cell here has content."""
        self._filled += 1
        if self._filled > self._limits.cells:
            raise too_many_cells(self._limits.cells)
        self._rows = min(self._rows[0], row), max(self._rows[1], row)
        self._columns = min(self._columns[0], column), max(self._columns[1], column)

    def check(self) -> None:
        """Raise Refused unless a reader that lays the content out as one rectangle can afford it."""
        if self._taken > self._limits.places or self._filled > self._limits.cells:
            raise too_many_cells(self._limits.cells)
        (top, bottom), (left, right) = self._rows, self._columns
        if self._filled and (bottom - top + 1) * (right - left + 1) > self._limits.box:
            raise Refused(
                "cell-box",
                f"内容散布在 {address(top, left)} 到 {address(bottom, right)} 之间，远远超出表样。"
                "请按 Ctrl+End 找到表外的单元格，删去所在的行列，另存后再报。",
            )


class Cells:
    """Watches the cells of a sheet, knowing what was struck from it before.

    `doubt` is set when what was struck may matter to what is left: a row or cell without an address of its own.
    """

    def __init__(self, markup: Markup, struck: Struck) -> None:
        self.doubt = False
        self.places = Places(markup.limits, struck)
        self._markup = markup
        self._tables = 0
        self._in_table = self._in_cell = False
        self._at = (0, 0)
        self._type = ""
        self._held: set[str] = set()
        self.starts: dict[str, Start] = {"sheetData": self._table, "row": self._row, "c": self._cell}
        self.starts |= {"v": self._value, "f": self._formula, "is": self._inline}
        self.ends: dict[str, End] = {"sheetData": self._end_table, "c": self._end_cell}
        self.ends |= {"v": self._end_value, "f": self._end_formula}

    def _table(self, _attributes: Attributes) -> None:
        if self._markup.root == "externalLink":  # what was last seen in another workbook is no cell of this one
            return
        self._tables += 1
        self._in_table = True
        if self._tables > 1:
            raise Refused("sheet-twice", f"有两份单元格数据，不知以哪一份为准。{RESAVE}")

    def _end_table(self) -> None:
        self._in_table = False

    def _row(self, attributes: Attributes) -> None:
        if self._in_table:
            self.doubt |= "r" not in attributes
            self._at = place(f"A{attributes.get('r', self._at[0] + 1)}")[0], 0

    def _cell(self, attributes: Attributes) -> None:
        if self._in_table:
            self.doubt |= "r" not in attributes
            self._at = place(attributes["r"]) if "r" in attributes else (self._at[0], self._at[1] + 1)
            self.places.take(*self._at)
            self._type = attributes.get("t", "")
            self._held.clear()
            self._in_cell = True

    def _end_cell(self) -> None:
        self._in_cell = False
        if self._held:
            self.places.fill(*self._at)

    def _hold(self, content: str) -> None:
        if content in self._held:
            raise Refused("cell-value", f"单元格 {address(*self._at)} 有两个值，不知以哪个为准。{RESAVE}")
        self._held.add(content)

    def _inline(self, _attributes: Attributes) -> None:
        if self._in_cell:
            self._hold("value")

    def _value(self, _attributes: Attributes) -> None:
        if self._in_cell:
            self._hold("value")
            self._markup.seal()

    def _end_value(self) -> None:
        """Readers drop a character reference from a value that is not text, and with it the whole value."""
        if self._in_cell and self._type != "str" and b"&" in self._markup.raw():
            raise Refused("cell-value", f"单元格 {address(*self._at)} 的值写法不正常，会读成错误的数。{RESAVE}")

    def _formula(self, _attributes: Attributes) -> None:
        if self._in_cell:
            self._hold("formula")
            self._markup.seal()

    def _end_formula(self) -> None:
        """A bar outside quotes is no operator of the formula language: it calls another program (DDE)."""
        if self._in_cell and _BAR.search(_QUOTED.sub(b"", self._markup.raw())):
            says = f"单元格 {address(*self._at)} 的公式调用外部程序（DDE），不能接收。请删去该公式，改填数值后再报。"
            raise Refused("dde", says)
