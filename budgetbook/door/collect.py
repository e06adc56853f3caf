"""The way in: files, folders and archives; nothing is followed, and each file is read once, into private bytes."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..problems import says_errno
from .archives import Archive
from .candidates import Candidate, Skipped, candidate, skipped
from .junk import is_junk, junk
from .kinds import Kind
from .limits import MIB

LARGEST = 50 * MIB
DEEPEST = 32
_PRIVATE = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)  # absent on Windows
    | getattr(os, "O_NONBLOCK", 0)  # a FIFO put in the file's place must not block
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)  # only on Windows
)


def collect(paths: Iterable[str | Path]) -> Iterator[Candidate | Skipped]:
    """Every file under the paths, in the order of their names, each once. A path that does not exist raises OSError."""
    seen: set[str] = set()
    for path in map(Path, paths):
        path.lstat()
        for found in _walk(path):
            absolute = os.path.abspath(found)
            if absolute not in seen:
                seen.add(absolute)
                yield from _arrive(found)


def _walk(top: Path) -> Iterator[Path]:
    """Files, folder by folder, and the folders that were not entered."""
    if not stat.S_ISDIR(top.lstat().st_mode):
        yield top
        return
    closed: list[OSError] = []
    for name, folders, files in os.walk(top, onerror=closed.append):
        folder = Path(name)
        entered = [each for each in sorted(folders) if _may_enter(folder / each, top)]
        yield from (folder / each for each in sorted({*folders, *files} - {*entered}))
        folders[:] = entered
    yield from (Path(error.filename) for error in closed)


def _may_enter(folder: Path, top: Path) -> bool:
    return not is_junk(folder.name) and not folder.is_symlink() and len(folder.relative_to(top).parts) < DEEPEST


def _arrive(path: Path) -> Iterator[Candidate | Skipped]:
    try:
        found = _admit(path)
    except OSError as error:
        found = skipped(str(path), "unreadable", f"读不出来（{says_errno(error)}）。请检查权限，或者复制到本机后再试。")
    if isinstance(found, Candidate) and found.kind is Kind.ZIP:
        yield from Archive().open(found)
    else:
        yield found


def _admit(path: Path) -> Candidate | Skipped:
    if is_junk(path.name):
        return junk(str(path))
    before = path.lstat()
    return _objection(path, before) or _read(path, before)


def _objection(path: Path, seen: os.stat_result) -> Skipped | None:
    if stat.S_ISLNK(seen.st_mode):
        return skipped(str(path), "link", "这是链接，不是文件，没有跟随读取。请指定文件本身。")
    if stat.S_ISDIR(seen.st_mode):
        says = f"文件夹没有打开（没有权限，或套了 {DEEPEST} 层以上）。请检查权限，或把文件移到浅一些的位置。"
        return skipped(str(path), "folder", says)
    if not stat.S_ISREG(seen.st_mode):
        return skipped(str(path), "special", "这不是普通文件（是管道、设备或套接字），没有读取。请删除它。")
    if not seen.st_size:
        return skipped(str(path), "empty", "文件是空的（0 字节），多半没有传完整。请重新发送。")
    if seen.st_size > LARGEST:
        return _too_large(path)
    return None


def _too_large(path: Path) -> Skipped:
    says = "文件超过 50 MB，没有读取。工作簿请删去图片等无关内容后另存；压缩包请解压成文件夹。"
    return skipped(str(path), "large", says)


def _read(path: Path, before: os.stat_result) -> Candidate | Skipped:
    """Read the very file that was looked at; one exchanged or grown in between is not read."""
    with os.fdopen(os.open(path, _PRIVATE), "rb") as file:
        now = os.fstat(file.fileno())
        if not stat.S_ISREG(now.st_mode) or not os.path.samestat(before, now):
            return skipped(str(path), "changed", "文件在读取时被替换。请稍后再试。")
        content = file.read(LARGEST + 1)
    return candidate(str(path), content) if len(content) <= LARGEST else _too_large(path)
