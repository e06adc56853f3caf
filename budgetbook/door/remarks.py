"""What the door says of a file, in sentences that are safe to show on any terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .rows import Struck

RESAVE = "请用 Excel 或 WPS 打开后另存为新文件再报。"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing a person should know about the file as a file; its figures are not the door's business."""

    code: str
    says: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Refusals keep the file out; notices go with it. `parts` are what was in the package; in those that are `plain` every row
    and every string is written the one way that programs share, with nothing in between: it was struck out and taken apart."""

    refusals: tuple[Remark, ...] = ()
    notices: tuple[Remark, ...] = ()
    parts: Mapping[str, bytes] = field(default_factory=dict, compare=False, repr=False)
    plain: Mapping[str, Struck] = field(default_factory=dict, compare=False, repr=False)

    @property
    def admitted(self) -> bool:
        return not self.refusals


class Refused(Exception):
    """Raised where the reason is found, caught once, at the door."""

    def __init__(self, code: str, says: str, part: str = "") -> None:
        super().__init__(says)
        self.remark = Remark(code, says, part)


def shown(text: str, width: int = 120) -> str:
    """Text from a file with nothing in it that could steer a terminal: no controls, no direction marks, not endless."""
    plain = "".join(_letter(letter) for letter in text[: width + 1])
    return plain if len(plain) <= width else plain[:width] + "…"


def _letter(letter: str) -> str:
    if letter.isprintable():
        return letter
    return " " if letter.isspace() else "�"
