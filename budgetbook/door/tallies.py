"""What there may be only so much of in a part: merged ranges, styles, shared strings."""

from __future__ import annotations

from .cells import place
from .limits import Limits
from .markup import Attributes, End, Markup, Start
from .remarks import RESAVE, Refused, shown


class Merges:
    """Watches merged ranges: some readers visit every cell of each."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._count = self._area = 0
        self.starts: dict[str, Start] = {"mergeCell": self._merge}
        self.ends: dict[str, End] = {}

    def _merge(self, attributes: Attributes) -> None:
        merged = attributes.get("ref", "")
        first, _, last = merged.partition(":")
        (top, left), (bottom, right) = place(first), place(last or first)
        self._count += 1
        self._area += (abs(bottom - top) + 1) * (abs(right - left) + 1)
        if self._area > self._limits.merged or self._count > self._limits.merges:
            so_far = f"到 {shown(merged, 20)} 为止共 {self._count:,} 处"
            raise Refused("merges", f"合并单元格过多或过大（{so_far}）。请取消表外的合并单元格，另存后再报。")


class Styles:
    """Watches cell formats, which files pasted together from many others collect by the ten thousand."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._count = 0
        self.starts: dict[str, Start] = {"xf": self._style}
        self.ends: dict[str, End] = {}

    def _style(self, _attributes: Attributes) -> None:
        self._count += 1
        if self._count > self._limits.styles:
            raise Refused("styles", f"单元格格式超过 {self._limits.styles:,} 种。请把数值粘贴到新下发的空表里再报。")


class Strings:
    """Watches the table of shared strings; a reader may set memory aside for as many as are declared."""

    def __init__(self, markup: Markup, count: int) -> None:
        self._markup = markup
        self.count = count
        self._in_string = False
        self.starts: dict[str, Start] = {"sst": self._table, "si": self._string, "t": self._text}
        self.ends: dict[str, End] = {"si": self._end_string}

    def _table(self, attributes: Attributes) -> None:
        declared = attributes.get("uniqueCount", "0")
        if not declared.isdecimal() or int(declared[:20]) > self._markup.limits.strings:
            raise Refused("strings", f"声明有 {shown(declared, 20)} 条文本，与实际不符，文件被改动过。{RESAVE}")

    def _string(self, _attributes: Attributes) -> None:
        self._in_string = True
        self.count += 1
        if self.count > self._markup.limits.strings:
            raise Refused("strings", f"文本超过 {self._markup.limits.strings:,} 条。请删去表外的内容，另存后再报。")

    def _end_string(self) -> None:
        self._in_string = False

    def _text(self, _attributes: Attributes) -> None:
        if self._in_string:
            self._markup.seal()


class Calls:
    """Watches for links to running programs."""

    def __init__(self) -> None:
        self.starts: dict[str, Start] = {"ddeLink": self._call, "oleLink": self._call}
        self.ends: dict[str, End] = {}

    def _call(self, attributes: Attributes) -> None:
        service = shown(attributes.get("ddeService", attributes.get("progId", "")), 40)
        what = f"含有调用外部程序“{service}”的链接（DDE 或 OLE），不能接收。"
        raise Refused("dde", f"{what}请在“数据”→“编辑链接”里断开链接，另存后再报。")
