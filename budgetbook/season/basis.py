"""汇总依据: of which versions a total was made, file and hash, and who accepted them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath

from ..returns import Return
from ..sheet import Cell, Sheet, Style
from .facts import local
from .history import NOTHING, History

HEADINGS = ("单位", "代码", "版本", "收到时间", "文件", "内容指纹（SHA-256）", "接收人", "接收时间", "接收说明")
WIDTHS = (16.0, 12.0, 10.0, 18.0, 44.0, 70.0, 12.0, 18.0, 40.0)


def basis(returns: Mapping[str, Return], known: Mapping[str, History]) -> Sheet:
    """One row a return, in the order of *returns*; what was not collected has no version."""
    cells = [Cell(0, 0, "汇总依据", Style("title"))]
    cells += [Cell(2, column, text, Style("heading")) for column, text in enumerate(HEADINGS)]
    for row, ret in enumerate(returns.values(), start=3):
        cells += [
            Cell(row, at, word, Style("name")) for at, word in enumerate(_row(ret, known.get(ret.unit.code, NOTHING)))
        ]
    return Sheet("汇总依据", cells, WIDTHS, heads=3, frozen=1, heights={0: 28.0})


def _row(ret: Return, history: History) -> Iterator[str]:
    version = next((each for each in history.versions if each.received.sha256 == ret.sha256), None)
    held = history.accepted if history.accepted and history.accepted.sha256 == ret.sha256 else None
    yield from (ret.unit.name, ret.unit.code)
    yield f"第 {version.number} 版" if version else ""
    yield local(version.received.at) if version else ""
    yield version.received.file if version else PurePath(ret.file).name
    yield ret.sha256
    yield from (held.by, local(held.at), held.why) if held else ("未接收", "", "")
