"""Files that programs leave beside the ones people mean: locks, previews, remains."""

from __future__ import annotations

import re

from .candidates import Skipped, skipped

_JUNK = re.compile(r"~\$.*|\.~.*|\._.*|~.*\.tmp|thumbs\.db|\.ds_store|desktop\.ini", re.IGNORECASE)
_FOLDERS = {"__macosx", ".git", ".svn", "$recycle.bin"}


def is_junk(path: str) -> bool:
    """Whether a name, or any folder on the way to it, is one that no person gave."""
    names = path.replace("\\", "/").split("/")
    return bool(_JUNK.fullmatch(names[-1])) or any(name.casefold() in _FOLDERS for name in names)


def junk(path: str) -> Skipped:
    says = "这是办公软件或系统留下的临时文件，已跳过。如果 Excel 或 WPS 正开着原文件，请先保存并关闭。"
    return skipped(path, "junk", says)
