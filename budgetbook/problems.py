"""What the operator did wrong: mistakes in definitions, and what was asked and cannot be done."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable
from dataclasses import dataclass

REASONS = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EFBIG: "文件超过允许的大小",
    errno.EROFS: "文件夹是只读的",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOENT: "文件或文件夹不存在",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段是文件，不是文件夹",
    errno.EEXIST: "已经存在",
    errno.EBUSY: "正被别的程序占用",
    errno.ETXTBSY: "正被别的程序占用",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EIO: "磁盘读写出错",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a definition: where it stands, what is wrong, what to do."""

    file: str
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.file} 第 {self.line} 行：{self.says}" if self.line else f"{self.file}：{self.says}"


class DefinitionError(Exception):
    """A catalogue that cannot be used; every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Impossible(Exception):
    """What was asked cannot be done; the sentence says what stands in the way and what to do."""


class Interrupted(Exception):
    """Someone pressed Ctrl-C; the sentence says what is done and whole."""


def says_toml(error: ValueError) -> str:
    """Why a TOML file cannot be read, and what to do: from a decoding error of TOML or of its text."""
    if isinstance(error, UnicodeDecodeError):
        return "不是 UTF-8 编码的文字。请用记事本打开，另存为时编码选 UTF-8"
    found = re.search(r"at line (\d+), column (\d+)", str(error))
    where = f"第 {found[1]} 行第 {found[2]} 个字处" if found else "文件末尾"
    return f"{where}写法不对。请检查这里的引号、等号和方括号，缺的补上，多的删去"


def says_errno(error: OSError) -> str:
    """Why a file or folder cannot be used."""
    return REASONS.get(error.errno or 0, f"系统错误 {error.errno}")


def decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")  # what Excel on a Chinese Windows saves
