"""Returns saved in old and open formats, as people and as nobody's friends treat them, each with what `check` has to say of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from struct import pack

from budgetbook.sheet import Cell, Sheet

from .old_formats import at, formula, ods, record, xls
from .outcome import FIGURE, Outcome

Spot = tuple[str, int, int]
Make = Callable[[Sequence[Sheet], Spot], bytes]
READ = Outcome("read", "F-01", "这次已经读取", FIGURE)
REF = b"\x02\0\x17\0\0\0\xff\xff"
VALUED = f'<table:table-cell office:value-type="float" office:value="{FIGURE}"><text:p>x</text:p></table:table-cell>'
BODY = "<office:spreadsheet>"
FAR = (
    '<table:table-row table:number-rows-repeated="400"><table:table-cell/></table:table-row>'
    f'<table:table-row><table:table-cell table:number-columns-repeated="16383"/>{VALUED}</table:table-row>'
)


def _open(cell: str = "", edits: Mapping[str, str] | None = None, more: Mapping[str, bytes] | None = None) -> Make:
    """An .ods with other XML in the place of its figure, with texts replaced, and with more parts."""
    return lambda sheets, spot: ods(sheets, _here(spot, lambda _: cell) if cell else _as_issued, edits, more)


def _old(cell: Callable[[Cell], bytes] | None = None, **more: object) -> Make:
    """An .xls with other records in the place of its figure, and what else `xls` takes."""
    return lambda sheets, spot: xls(sheets, _here(spot, cell) if cell else _as_issued, **more)  # type: ignore[arg-type]


def _as_issued(_sheet: Sheet, _cell: Cell) -> None:
    return None


def _here(spot: Spot, make: Callable[[Cell], str | bytes]) -> Callable[[Sheet, Cell], str | bytes | None]:
    return lambda sheet, cell: make(cell) if (sheet.name, cell.row, cell.column) == spot else None


def _number(cell: Cell) -> bytes:
    return record(0x203, at(cell) + pack("<d", FIGURE))


def _merged(sheets: Sequence[Sheet], spot: Spot) -> bytes:
    _, row, column = spot
    return xls(sheets, _as_issued, sheet=record(0xE5, pack("<5H", 1, row, row + 1, column, column)))


def _hidden(sheets: Sequence[Sheet], spot: Spot) -> bytes:
    return xls(sheets, _as_issued, sheet=record(0x208, pack("<7H", spot[1], 0, 9, 0, 0, 0, 0x20) + bytes(2)))


def _hidden_open(sheets: Sequence[Sheet], spot: Spot) -> bytes:
    row = f'<table:table-row office:row="{spot[1] + 1}"'
    return ods(sheets[1:], _as_issued, {row: f'{row} table:visibility="collapse"'})


def _link(path: str) -> bytes:
    return record(0x1AE, pack("<HHB", 1, len(path), 1) + path.encode("utf-16-le"))


def _refused(words: str) -> Outcome:
    return Outcome("unreadable", "F-01", words)


OLDER: dict[str, tuple[Make, Outcome]] = {
    "旧格式.xls": (_old(), READ),
    "旧格式.et": (_old(), READ),
    "旧格式错误值.xls": (_old(lambda cell: record(0x205, at(cell) + b"\x07\x01")), Outcome("read", "U-05", "错误值 #DIV/0!")),
    "旧格式公式错误.xls": (_old(lambda cell: formula(cell, REF)), Outcome("read", "U-05", "错误值 #REF!")),
    "旧格式逻辑值.xls": (_old(lambda cell: record(0x205, at(cell) + b"\1\0")), Outcome("read", "U-05", "逻辑值")),
    "旧格式公式.xls": (_old(lambda cell: formula(cell, pack("<d", FIGURE))), READ),
    "旧格式空公式.xls": (_old(lambda cell: formula(cell, b"\3\0\0\0\0\0\xff\xff")), Outcome("read")),
    "旧格式合并.xls": (_merged, Outcome("read", "U-08", "被合并在", FIGURE)),
    "旧格式隐藏行.xls": (_hidden, Outcome("read", "K-07", "被隐藏或筛掉", FIGURE)),
    "旧格式手动计算.xls": (_old(sheet=record(0x0D, b"\0\0")), Outcome("read", "K-10", "手动计算", FIGURE)),
    "旧格式引用.xls": (_old(book=_link("\1D:\\去年.xls")), Outcome("read", "F-01", "去年.xls", FIGURE)),
    "旧格式两次.xls": (_old(lambda cell: _number(cell) * 2), _refused("出现了两次")),
    "旧格式远处.xls": (_old(sheet=record(0x203, pack("<HHHd", 65_535, 255, 0, 1.0))), _refused("远远超出表样")),
    "旧格式宏.xls": (_old(streams=[("_VBA_PROJECT_CUR", b"")]), _refused("文件里有宏")),
    "旧格式宏表.xls": (_old(type=1), _refused("宏表")),
    "旧格式对象.xls": (_old(streams=[("MBD0012AB", b"")]), _refused("嵌入的对象")),
    "旧格式动态链接.xls": (_old(book=_link("cmd\3/c calc")), _refused("调用外部程序")),
    "旧格式查询.xls": (_old(sheet=record(0x1AD, b"\0\0")), _refused("外部数据查询")),
    "开放格式.ods": (_open(), READ),
    "开放格式错误值.ods": (
        _open('<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'),
        Outcome("read", "U-05", "错误值 #N/A"),
    ),
    "开放格式无名错误.ods": (_open('<table:table-cell calcext:value-type="error"/>'), Outcome("read", "U-05", "错误值 #ERR!")),
    "开放格式无结果.ods": (_open('<table:table-cell table:formula="of:=1+1"/>'), Outcome("read", "K-04", "没有计算结果的公式")),
    "开放格式无类型.ods": (_open("<table:table-cell><text:p>167</text:p></table:table-cell>"), Outcome("read", "U-05", "读不出来")),
    "开放格式批注.ods": (
        _open(VALUED.replace("<text:p>", "<office:annotation><text:p>168</text:p></office:annotation><text:p>")), READ,
    ),
    "开放格式合并.ods": (
        _open(VALUED.replace("table-cell ", 'table-cell table:number-rows-spanned="2" ', 1)), Outcome("read", "U-08", "被合并在", FIGURE),
    ),
    "开放格式隐藏行.ods": (_hidden_open, Outcome("read", "K-07", "被隐藏或筛掉", FIGURE)),
    "开放格式引用.ods": (
        _open(edits={BODY: BODY + '<table:calculation-settings/><table:table-source xlink:href="file:///D:/去年.ods"/>'}),
        Outcome("read", "F-01", "去年.ods", FIGURE),
    ),
    "开放格式行炸弹.ods": (
        _open(edits={"<table:table-row ": f'<table:table-row table:number-rows-repeated="1048576">{VALUED * 9}</table:table-row><table:table-row '}),
        _refused("单元格超过"),
    ),
    "开放格式远处.ods": (_open(edits={"</table:table>": f"{FAR}</table:table>"}), _refused("远远超出表样")),
    "开放格式数不清.ods": (_open('<table:table-cell table:number-columns-repeated="99999999999999999999"/>'), _refused("重复 99999999999999999999 次")),
    "开放格式负数次.ods": (_open('<table:table-cell table:number-columns-repeated="-1"/>'), _refused("重复 -1 次")),
    "开放格式实体.ods": (_open(edits={"?>": '?><!DOCTYPE a [<!ENTITY b "c">]>'}), _refused("DTD")),
    "开放格式样式实体.ods": (_open(more={"styles.xml": b"<!DOCTYPE a><a/>"}), _refused("DTD")),
    "开放格式套表.ods": (_open(VALUED.replace("<text:p>", "<table:table/><text:p>")), _refused("套有另一张表")),
    "开放格式宏.ods": (_open(more={"Basic/Standard/Module1.xml": b"<a/>"}), _refused("文件里有宏")),
    "开放格式脚本.ods": (_open(edits={BODY: BODY + "<office:scripts><office:script/></office:scripts>"}), _refused("文件里有宏")),
    "开放格式对象.ods": (_open(edits={BODY: BODY + "<draw:object-ole/>"}), _refused("嵌入的对象")),
    "开放格式动态链接.ods": (_open(edits={BODY: BODY + "<table:dde-link/>"}), _refused("DDE")),
    "开放格式调用.ods": (_open(VALUED.replace("table-cell ", """table-cell table:formula="of:=DDE('cmd';'/c';'x')" """, 1)), _refused("DDE")),
    "开放格式数据库.ods": (_open(edits={BODY: BODY + "<table:database-source-sql/>"}), _refused("外部数据连接")),
    "开放格式有密码.ods": (
        _open(more={"META-INF/manifest.xml": b"<manifest><encryption-data/></manifest>"}), _refused("有密码"),
    ),
    "开放格式无内容.ods": (_open(edits={"</office:document-content>": ""}), _refused("不是合法的 XML")),
}  # fmt: skip
