"""What is to be said of many cells of one column, a pasted one as a rule, is said once."""

from __future__ import annotations

from dataclasses import dataclass

from ..finding import Place, Severity
from ..form import Column
from ..shape import Key
from .record import Record

MANY = 5  # cells of one column from which on one sentence does for all
SAYS = {
    "typed": "是文本格式的数字，已按数字读取。请选中这些格，用“数据”菜单里的“分列”（直接点“完成”）改成数值后保存",
    "dash": "填的是“—”“无”一类的字，已按空白处理；没有数请留空，确实为零请填 0",
    "long": "的数超过两位小数，请核对是否从别处粘贴、单位是否一致",
    "zero": "是公式，文件里存的结果是 0，已按 0 读取；有的软件存成 .xls 时，显示空白或文字的公式也存为 0。"
    "请核对：确实为零请直接填 0，没有数请清空",
}


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said of one cell; `kind`, if others may be like it, is one of SAYS."""

    kind: str
    rule: str
    severity: Severity
    says: str


class Alike:
    """Remarks on the cells of a workbook, held back until all of it is read if there may be others like them."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._held: dict[tuple[str, str, str], list[tuple[Remark, Column, Key, Place]]] = {}  # by form, column and kind

    def find(self, remark: Remark, column: Column, key: Key, place: Place) -> None:
        """One more."""
        if remark.kind:
            self._held.setdefault((key[0], column.id, remark.kind), []).append((remark, column, key, place))
        else:
            self._record.find(remark.rule, remark.severity, remark.says, key, place)

    def tell(self) -> None:
        """Everything that was held back; of many in a column what they have in common, at the first of them."""
        for held in self._held.values():
            if len(held) >= MANY:
                remark, column, key, place = held[0]
                lead = f"{place} 至 {held[-1][-1].cell}“{column.heading}”一栏有 {len(held)} 格"
                self._record.find(remark.rule, remark.severity, f"{lead}{SAYS[remark.kind]}。", key, place)
            else:
                for remark, _, key, place in held:
                    self._record.find(remark.rule, remark.severity, remark.says, key, place)
        self._held.clear()
