"""Whose a file is, and what is said when several hands have had it."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner

from budgetbook.cli import main
from budgetbook.door.preflight import unpack
from budgetbook.workspace import Workspace
from tests.conftest import book
from tests.door.corpus import Sent, stored, without_stamps

FIGURES: dict[tuple[str, str, str], str | int] = {("gp_revenue", "10104", "actual"): 5}


def findings(space: Workspace, rule: str) -> list[dict[str, Any]]:
    result = CliRunner().invoke(main, ["check", "-w", str(space.folder), "--json", "-"])
    return [each for each in json.loads(result.stdout)["findings"] if each["rule"] == rule]


def sent(space: Workspace, code: str = "A") -> Sent:
    filled = book(code, FIGURES)
    return Sent(space, filled.unit, unpack(space.package(filled)))


def test_one_file_under_the_names_of_two_units_is_told(space: Workspace) -> None:
    for name in ("甲县.xlsx", "乙县.xlsx"):
        (space.returned / name).write_bytes(space.package(book("A", FIGURES)))
    ((found),) = [each for each in findings(space, "F-05") if "是同一个文件" in each["says"]]
    assert ("error", True) == (found["severity"], "两个单位" in found["says"])


def test_forms_split_over_files_of_several_sections_are_told_and_not_merged(space: Workspace) -> None:
    for name, keep in (("预算股.xlsx", range(1, 12)), ("社保股.xlsx", range(12, 40))):
        part = sent(space)
        for sheet in part.sheets:
            if sheet.startswith("表") and int(sheet[1:3]) not in keep:
                part.edit("xl/workbook.xml", f'<sheet name="{sheet}"[^>]*/>', "")
        if name == "社保股.xlsx":
            for sheet in ("表00", "校验"):
                assert sheet not in name
        (space.returned / name).write_bytes(stored(part.parts))
    told = [each["says"] for each in findings(space, "F-05") + findings(space, "F-06")]
    assert any("预算股.xlsx" in says and "社保股.xlsx" in says for says in told)


def test_a_return_that_lost_its_stamps_is_known_by_its_sheets(space: Workspace) -> None:
    lost = sent(space)
    without_stamps(lost)
    (space.returned / "甲县.xlsx").write_bytes(stored(lost.parts))
    ((found),) = findings(space, "F-03")
    assert ("warning", "A", True) == (found["severity"], found["unit"], "三处标识都已丢失" in found["says"])


def test_sheets_of_two_units_in_a_filewithout_stamps_are_nobodys(space: Workspace) -> None:
    mixed = sent(space)
    without_stamps(mixed)
    mixed.text("B2", "填报单位：乙县")
    (space.returned / "甲县.xlsx").write_bytes(stored(mixed.parts))
    assert any("没有找到标识" in each["says"] for each in findings(space, "F-04"))
