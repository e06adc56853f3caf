"""What is wrong with a definition: where it stands, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


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


def decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")  # what Excel on a Chinese Windows saves
