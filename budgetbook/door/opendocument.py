"""Whether an OpenDocument workbook (.ods) may be read at all, and what stands in its cells besides values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from .beneath import Beneath
from .cells import too_many_cells
from .limits import COLUMNS, LIMITS, ROWS, Limits
from .markup import Attributes, End, Markup, Start, Values
from .preflight import unpack
from .remarks import RESAVE, Refused, Remark, Verdict, shown

CONTENT, MANIFEST = "content.xml", "META-INF/manifest.xml"
_WALKED = ("styles.xml", "meta.xml", "settings.xml")
_MACROS = ("basic/", "scripts/")
_FORBIDDEN = {
    "script": ("macros", "宏"),
    "event-listener": ("macros", "宏"),
    "object-ole": ("embedded", "嵌入的对象"),
    "plugin": ("embedded", "嵌入的插件"),
    "applet": ("embedded", "嵌入的小程序"),
    "floating-frame": ("embedded", "嵌入的网页框"),
    "dde-source": ("dde", "调用外部程序的链接（DDE）"),
    "dde-link": ("dde", "调用外部程序的链接（DDE）"),
    "database-source-sql": ("connections", "外部数据连接"),
    "database-source-table": ("connections", "外部数据连接"),
    "database-source-query": ("connections", "外部数据连接"),
}
_WAY_OUT = "请删去后“另存为”→“Excel 工作簿（*.xlsx）”再报。"
_LINKS = ("table-source", "cell-range-source")


@dataclass(slots=True)
class Opened:
    """One document: its sheets in order, what it carries that it may not, and the other files that it names."""

    sheets: list[Beneath] = field(default_factory=list)
    carried: dict[str, str] = field(default_factory=dict)
    linked: list[str] = field(default_factory=list)


def preflight_open(content: bytes, limits: Limits = LIMITS) -> Verdict:
    """The verdict on the bytes of an .ods file. Never raises, whatever the file contains."""
    try:
        parts = unpack(content, limits)
        _walk_others(parts, limits)
        found = opened(parts.get(CONTENT, b""), limits)
    except Refused as refused:
        return Verdict((refused.remark,))
    return Verdict(tuple(_objections(parts, found)), tuple(_notices(found)), parts)


def opened(content: bytes, limits: Limits = LIMITS) -> Opened:
    """What the content tells. Raises Refused where it is no XML that may be read, or holds too much."""
    if not content:
        raise Refused("zip-broken", f"里面没有内容（{CONTENT}），文件残缺。{RESAVE}")
    markup, found = Markup(content, limits), Opened()
    tables = _Tables(found, limits)
    markup.watch(tables)
    markup.listen(tables.words)
    markup.read()
    return found


def _walk_others(parts: Mapping[str, bytes], limits: Limits) -> None:
    for name in _WALKED:
        if name in parts:
            Markup(parts[name], limits).read()
    if MANIFEST in parts:
        markup, locks = Markup(parts[MANIFEST], limits), Values("encryption-data")
        markup.watch(locks)
        markup.read()
        if locks.elements:
            raise Refused("zip-encrypted", "文件有密码。请先去掉打开密码，另存后再报。")


def _objections(parts: Mapping[str, bytes], found: Opened) -> Iterator[Remark]:
    carried = dict(found.carried)
    if any(name.casefold().startswith(_MACROS) for name in parts):
        carried["macros"] = "宏"
    for code, what in carried.items():
        yield Remark(code, f"文件里有{what}，不能接收。{_WAY_OUT}", CONTENT)


def _notices(found: Opened) -> Iterator[Remark]:
    for path in dict.fromkeys(found.linked[:5]):
        yield Remark(
            "link-elsewhere", f"文件引用了另一个文件“{shown(path)}”，没有跟随读取。请核对由它算出的数。", CONTENT
        )


class _Tables:
    """Watches tables, rows and cells, each as often as it says it is repeated."""

    def __init__(self, found: Opened, limits: Limits) -> None:
        self._found, self._limits = found, limits
        self._sheet = Beneath(limits)
        self._depth = self._aside = 0
        self._next = (0, 0)
        self._repeated = self._columns = 0
        self._cell: Attributes | None = None
        self._words: list[str] = []
        self.starts: dict[str, Start] = {"table": self._table, "table-column": self._column, "table-row": self._row}
        self.starts |= {"table-cell": self._begin, "covered-table-cell": self._begin, "annotation": self._note}
        self.starts |= {name: self._forbid(*told) for name, told in _FORBIDDEN.items()}
        self.starts |= dict.fromkeys(_LINKS, self._link)
        self.ends: dict[str, End] = {"table": self._end_table, "table-row": self._end_row, "annotation": self._end_note}
        self.ends |= {"table-cell": self._end, "covered-table-cell": self._end}

    def words(self, words: str) -> None:
        """Text, wherever it stands."""
        if self._cell is not None and not self._aside:
            self._words.append(words)

    def _forbid(self, code: str, what: str) -> Start:
        return lambda _attributes: self._found.carried.update({code: what})

    def _link(self, attributes: Attributes) -> None:
        self._found.linked.append(attributes.get("xlink:href", ""))

    def _table(self, _attributes: Attributes) -> None:
        self._depth += 1
        if self._depth > 1:
            raise Refused("sheet-twice", f"单元格里套有另一张表，不知以哪一份为准。{RESAVE}")
        self._sheet, self._next, self._columns = Beneath(self._limits), (0, 0), 0
        self._found.sheets.append(self._sheet)

    def _end_table(self) -> None:
        self._depth -= 1
        self._sheet.check()

    def _column(self, attributes: Attributes) -> None:
        count = _count(attributes, "table:number-columns-repeated", COLUMNS)
        if attributes.get("table:visibility", "visible") != "visible":
            self._sheet.hidden_columns.append(range(self._columns, self._columns + count))
        self._columns += count

    def _row(self, attributes: Attributes) -> None:
        self._repeated = _count(attributes, "table:number-rows-repeated", ROWS)
        if attributes.get("table:visibility", "visible") != "visible":
            self._sheet.hidden_rows.append(range(self._next[0], self._next[0] + self._repeated))

    def _end_row(self) -> None:
        self._next = self._next[0] + self._repeated, 0

    def _begin(self, attributes: Attributes) -> None:
        self._cell, self._words = attributes, []

    def _note(self, _attributes: Attributes) -> None:
        self._aside += 1

    def _end_note(self) -> None:
        self._aside -= 1

    def _end(self) -> None:
        """A cell is over: it is written down wherever it is repeated, if anything stands in it."""
        cell, text = self._cell or {}, "".join(self._words)
        (row, column), self._cell = self._next, None
        count = _count(cell, "table:number-columns-repeated", COLUMNS)
        self._next = row, column + count
        kind, formula = cell.get("office:value-type", ""), cell.get("table:formula", "")
        is_error = cell.get("calcext:value-type") == "error"
        is_filled = bool(text or cell.get("office:string-value")) if kind in ("", "string") else True
        if "DDE(" in formula.upper():
            self._found.carried["dde"] = "调用外部程序的公式（DDE）"
        if "table:number-columns-spanned" in cell or "table:number-rows-spanned" in cell:
            down = _count(cell, "table:number-rows-spanned", ROWS)
            across = _count(cell, "table:number-columns-spanned", COLUMNS)
            if down * across > 1:
                self._sheet.merge((row, column, row + down - 1, column + across - 1))
        if not (is_error or is_filled or formula):
            return
        if len(self._sheet.content) + count * self._repeated > self._limits.cells:
            raise too_many_cells(self._limits.cells)
        for spot in product(range(row, row + self._repeated), range(column, column + count)):
            self._write(spot, (text or "#ERR!") if is_error else "", is_filled, bool(formula))

    def _write(self, spot: tuple[int, int], error: str, is_filled: bool, is_formula: bool) -> None:
        if error or is_filled:
            self._sheet.fill(spot)
        if error:
            self._sheet.errors[spot] = error
        if is_formula:
            self._sheet.formulas.add(spot)
            if not is_filled:
                self._sheet.unshown.add(spot)


def _count(attributes: Attributes, name: str, most: int) -> int:
    """How often something is repeated. Raises Refused for what no sheet has room for."""
    told = attributes.get(name, "1")
    count = int(told) if told.isascii() and told.isdecimal() and len(told) < 9 else 0
    if not 0 < count <= most:
        raise Refused("cell-reference", f"有重复 {shown(told, 20)} 次的行、列或单元格，文件被改动过。{RESAVE}")
    return count
