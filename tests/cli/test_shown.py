"""What the terminal shows of a batch: a sentence for every file, and of one unit's findings the worst, with totals."""

from __future__ import annotations

import io

from rich.console import Console

from budgetbook.finding import FileState, Finding
from budgetbook.findings.shown import CAP, show


def shown(files: list[FileState], findings: list[Finding]) -> str:
    target = io.StringIO()
    show(Console(file=target, width=200), files, findings, {"A": "甲县"})
    return target.getvalue()


def test_every_file_that_is_not_read_has_its_sentence() -> None:
    told = [Finding("F-01", "error", f"第{number}号文件打不开。", file=f"{number}.xlsx") for number in range(3 * CAP)]
    text = shown([], told)
    assert [] == [number for number in range(3 * CAP) if f"第{number}号文件打不开。" not in text]


def test_a_file_that_is_not_used_says_why() -> None:
    says = "乙县.xlsx 与 甲县.xlsx 内容完全相同，只读一份。"
    assert says in shown([FileState("乙县.xlsx", "", "", "", "superseded", says)], [])


def test_of_one_units_findings_the_rest_is_counted() -> None:
    told = [Finding("K-07", "warning", f"第{number}处。", "A") for number in range(CAP + 5)]
    assert "另有 5 项核实问题" in shown([], told)
