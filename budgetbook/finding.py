"""问题: what was found, where, what became of the file it was found in, and whether it may stand."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]
SEVERITIES: dict[Severity, str] = {"error": "强制", "warning": "核实", "note": "提示"}
FILE_STATES = {"read": "已读取", "unreadable": "无法读取", "foreign": "未采用", "superseded": "未用"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands in a returned workbook."""

    sheet: str
    cell: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}"


@dataclass(frozen=True, slots=True)
class Waiver:
    """豁免: the city's word that a finding may stand: who gave it, why, and the last day it holds (ISO; empty: no end)."""

    fingerprint: str
    rule: str
    unit: str  # code or name, as written
    by: str
    why: str
    until: str = ""
    at: int = 0  # line of the file

    def __str__(self) -> str:
        return f"{self.by}豁免，{f'至 {self.until}' if self.until else '不设期限'}：{self.why}"


@dataclass(frozen=True, slots=True)
class Finding:
    """问题: one thing a person should look at, said in a whole sentence, with the cell to look at. Amounts in fen."""

    rule: str
    severity: Severity
    says: str
    unit: str = ""
    file: str = ""
    form: str = ""
    line: str = ""
    column: str = ""
    sheet: str = ""
    cell: str = ""
    value: int | None = None
    expected: int | None = None
    cause: str = ""
    explanation: str = ""
    echoes: tuple[Finding, ...] = ()  # what goes away with it, folded under it
    waiver: Waiver | None = None
    said: str = ""  # what the unit wrote, where that does not do as an explanation

    @property
    def open(self) -> bool:
        """Whether somebody still has to act: it is neither explained nor waived."""
        return not self.explanation and self.waiver is None

    @property
    def difference(self) -> int | None:
        """value − expected."""
        return None if self.value is None or self.expected is None else self.value - self.expected


@dataclass(frozen=True, slots=True)
class FileState:
    """What became of one file that was handed in."""

    path: str
    sha256: str
    unit: str
    name: str
    state: Literal["read", "unreadable", "foreign", "superseded"]
    says: str


def fingerprint(finding: Finding, year: int) -> str:
    """The same for the same trouble at the same figure, whatever the file is called and however often it is sent."""
    text = "|".join((finding.rule, finding.unit, finding.form, finding.line, finding.column, str(year)))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
