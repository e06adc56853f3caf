"""The verdict on a workbook of whatever kind there is a reader for."""

from __future__ import annotations

from .biff import preflight_old
from .kinds import Kind
from .opendocument import preflight_open
from .preflight import preflight
from .remarks import Remark, Verdict
from .sniff import sniff


def verdict(content: bytes) -> Verdict:
    """Never raises, whatever the file contains."""
    kind = sniff(content)
    if kind in (Kind.XLS, Kind.ET):
        return preflight_old(content)
    if kind is not Kind.ODS:
        return preflight(content)
    if content.startswith(b"PK"):
        return preflight_open(content)
    return Verdict((Remark("unreadable", f"这是没有压缩的 OpenDocument 电子表格，读不了。{kind.remedy}"),))
