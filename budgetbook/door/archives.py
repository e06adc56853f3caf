"""Zip archives of returns: their members as candidates, within limits that are counted while inflating."""

from __future__ import annotations

from collections.abc import Iterator

from .candidates import Candidate, Skipped, candidate, skipped
from .junk import is_junk, junk
from .kinds import Kind
from .limits import MIB, Limits
from .remarks import Refused, shown
from .zips import Entry, directory, inflate

MEMBER = Limits(part=50 * MIB)
MEMBERS, NESTING, TOTAL = 5_000, 3, 1_024 * MIB


class Archive:
    """One archive with everything nested in it: what is spent on one member is gone for the next."""

    def __init__(self, members: int = MEMBERS, nesting: int = NESTING, total: int = TOTAL) -> None:
        self.members = members
        self.nesting = nesting
        self.left = total

    def open(self, outer: Candidate, depth: int = 1) -> Iterator[Candidate | Skipped]:
        """Every file in the archive, archives in it opened in turn; what may not be read is skipped with a sentence."""
        try:
            entries = [entry for entry in directory(outer.content, self.members).entries if not entry.is_folder]
        except Refused as refused:
            yield skipped(outer.file, refused.remark.code, refused.remark.says)
            return
        if not entries:
            yield skipped(outer.file, "archive-empty", "压缩包里没有文件。请重新压缩后再报。")
        for entry in entries:
            yield from self._member(outer, entry, depth)

    def _member(self, outer: Candidate, entry: Entry, depth: int) -> Iterator[Candidate | Skipped]:
        path = f"{outer.file}!{name(entry)}"
        found = self._read(outer, entry, path)
        if isinstance(found, Skipped) or found.kind is not Kind.ZIP:
            yield found
        elif depth == self.nesting:
            yield skipped(path, "archive-nesting", f"压缩包套了 {self.nesting} 层以上。请解开后再报。")
        else:
            yield from self.open(found, depth + 1)

    def _read(self, outer: Candidate, entry: Entry, path: str) -> Candidate | Skipped:
        if is_junk(name(entry)):
            return junk(path)
        if entry.is_link:
            return skipped(path, "link", "这是链接，不是文件，没有读取。请压缩文件本身。")
        if not self.members or not self.left:
            return skipped(path, "archive-size", "压缩包里的文件太多或太大，这一个没有读取。请解压成文件夹后再检查。")
        try:
            content = inflate(outer.content, entry, MEMBER, self.left)
        except Refused as refused:
            return skipped(path, refused.remark.code, refused.remark.says)
        self.members -= 1
        self.left -= len(content)
        return candidate(path, content)


def name(entry: Entry) -> str:
    """A member's name: UTF-8, or GBK as Windows in China writes it without saying so."""
    try:
        text = entry.raw.decode()
    except UnicodeDecodeError:
        return _gbk(entry.raw)
    letters = [letter for letter in text if ord(letter) > 0x7F]
    doubtful = letters and not entry.is_utf8 and all(ord(letter) < 0x800 for letter in letters)
    return _gbk(entry.raw) if doubtful else shown(text)


def _gbk(raw: bytes) -> str:
    return shown(raw.decode("gb18030", "replace"))
