"""The records of an old workbook (.xls, .et): what stands in its cells besides values, and what it may not carry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import unpack_from

from . import ole
from .beneath import Beneath
from .limits import LIMITS, Limits
from .remarks import Refused, Remark, Verdict, shown

_BOF, _EOF, _SHEET, _LINKED = (0x0009, 0x0209, 0x0409, 0x0809), 0x0A, 0x85, 0x1AE
_VALUES = (0x0203, 0x027E, 0x00FD, 0x00D6)  # NUMBER, RK, LABELSST, RSTRING
_LABEL, _SERIES, _JUDGED, _STRING = 0x0204, 0x00BD, 0x0205, 0x0207
_FORMULAS = (0x0006, 0x0206, 0x0406)
_MERGED, _ROW, _COLUMN = 0x00E5, 0x0208, 0x007D
_CALCULATION = {(0x0D, 0): "manual", (0x0E, 0): "displayed", (0x11, 1): "circular"}
_QUERIES = (0x0803, 0x01AD, 0x00DC)
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_WORKSHEET, _CHART = 0, 2
_ZERO = bytes(8)  # LibreOffice writes it for a text, blank or not, wherever the number format is one for numbers
_MACROS = re.compile(r"_VBA_PROJECT.*|VBA|MACROS", re.IGNORECASE)
_OBJECTS = re.compile(r"MBD[0-9A-F]+|\x01OLE10NATIVE|CTLS", re.IGNORECASE)
_WAY_OUT = "请删去后“另存为”→“Excel 工作簿（*.xlsx）”再报。"


@dataclass(slots=True)
class Old:
    """One workbook: its sheets in order, how it calculates, the other files it names, and the programs that it calls."""

    sheets: list[Beneath] = field(default_factory=list)
    calculation: set[str] = field(default_factory=set)
    linked: list[str] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    foreign: set[str] = field(default_factory=set)


def preflight_old(content: bytes, limits: Limits = LIMITS) -> Verdict:
    """The verdict on the bytes of an old workbook. Never raises, whatever the file contains."""
    try:
        found = opened(content, limits)
    except Refused as refused:
        return Verdict((refused.remark,))
    return Verdict(tuple(_objections(content, found)), tuple(_notices(found)))


def opened(content: bytes, limits: Limits = LIMITS) -> Old:
    """What the records tell. Raises Refused where cells are too many, too far apart, or twice the same."""
    stream, found = ole.whole(content, "Workbook", "Book"), Old()
    for kind, body in _until_end(stream, 0):
        if kind == _SHEET and len(body) >= 6:
            offset, _, type = unpack_from("<LBB", body)
            found.sheets.append(_sheet(stream, offset, found, limits))
            found.foreign |= {"宏表或对话框表"} if type not in (_WORKSHEET, _CHART) else set()
        elif kind == _LINKED and len(body) > 4:
            path = body[5:].decode("latin-1" if body[4] == 0 else "utf-16-le", "replace")
            (found.called if "\x03" in path else found.linked).append(shown(path))
    return found


def _until_end(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part of the stream, without those of what is embedded in it."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = unpack_from("<HH", stream, at)
        depth += (kind in _BOF) - (kind == _EOF)
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + length]
        elif depth <= 0:
            return
        at += 4 + length


def _sheet(stream: bytes, offset: int, book: Old, limits: Limits) -> Beneath:
    sheet, at = Beneath(limits), (0, 0)
    for kind, body in _until_end(stream, offset):
        if kind in _QUERIES:
            book.foreign.add("外部数据查询")
        elif len(body) >= 2 and (told := _CALCULATION.get((kind, unpack_from("<H", body)[0]))):
            book.calculation.add(told)
        elif kind == _STRING and body[:2] != b"\0\0":
            sheet.fill(at)
        elif kind == _MERGED:
            for number in range(min(unpack_from("<H", body)[0], (len(body) - 2) // 8) if len(body) >= 2 else 0):
                top, bottom, left, right = unpack_from("<4H", body, 2 + 8 * number)
                sheet.merge((top, left, bottom, right))
        elif kind == _ROW and len(body) >= 14 and body[12] & 0x20:
            sheet.hidden_rows.append(range(unpack_from("<H", body)[0], unpack_from("<H", body)[0] + 1))
        elif kind == _COLUMN and len(body) >= 10 and body[8] & 1:
            first, last = unpack_from("<HH", body)
            sheet.hidden_columns.append(range(first, last + 1))
        elif len(body) >= 8 and (spot := _cell(sheet, kind, body)):
            at = spot
    sheet.check()
    return sheet


def _cell(sheet: Beneath, kind: int, body: bytes) -> tuple[int, int] | None:
    """Writes down the cell that a record describes; where it stands, None if the record is of no cell."""
    row, column = spot = unpack_from("<HH", body)
    if kind in _VALUES or (kind == _LABEL and body[6:8] != b"\0\0"):
        sheet.fill(spot)
    elif kind == _SERIES:
        for at in range(column, column + (len(body) - 6) // 6):
            sheet.fill((row, at))
    elif kind == _JUDGED:
        sheet.fill(spot)
        if body[7]:
            sheet.errors[spot] = _ERRORS.get(body[6], "#ERR!")
    elif kind in _FORMULAS and len(body) >= 14:
        _formula(sheet, spot, body[6:14])
    else:
        return None
    return spot


def _formula(sheet: Beneath, spot: tuple[int, int], result: bytes) -> None:
    """The result of a formula: a number, or a type when its last two bytes are full; a text comes in the next record."""
    sheet.formulas.add(spot)
    if result[6:] != b"\xff\xff" or result[0] in (1, 2):
        sheet.fill(spot)
    if result[6:] == b"\xff\xff" and result[0] == 2:
        sheet.errors[spot] = _ERRORS.get(result[2], "#ERR!")
    if result == _ZERO:
        sheet.zeros.add(spot)


def _objections(content: bytes, found: Old) -> Iterator[Remark]:
    names = [stream.name for stream in ole.compound(content).streams]
    for code, title, pattern in (("macros", "宏", _MACROS), ("embedded", "嵌入的对象或控件", _OBJECTS)):
        if any(pattern.fullmatch(name) for name in names):
            yield Remark(code, f"文件里有{title}，不能接收。{_WAY_OUT}")
    for what in sorted(found.foreign):
        yield Remark("macros", f"文件里有{what}，不能接收。{_WAY_OUT}")
    for path in found.called[:1]:
        yield Remark("dde", f"含有调用外部程序“{path}”的链接（DDE 或 OLE），不能接收。请断开链接，另存后再报。")


def _notices(found: Old) -> Iterator[Remark]:
    for path in found.linked[:5]:
        yield Remark("link-elsewhere", f"文件引用了另一个文件“{path}”，没有跟随读取。请核对由它算出的数。")
