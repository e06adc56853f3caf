"""A country's check has its page too: all tiers in one matrix."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from budgetbook.workspace import open_workspace
from tests.season.city import run


@pytest.mark.long  # fifteen returns read once more
def test_the_page_of_a_country_has_every_unit_and_every_finding(country_folder: Path, tmp_path: Path) -> None:
    faces = ("--html", tmp_path / "a.html", "--json", tmp_path / "a.json")
    result = run("check", country_folder / "returned", "-w", country_folder, *faces)
    assert result.exit_code in (0, 1), result.output
    (text,) = re.findall(r'id="told">(.*?)</script>', (tmp_path / "a.html").read_text(encoding="utf-8"), re.DOTALL)
    told = json.loads(text)
    findings = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["findings"]
    units = [unit.code for unit in open_workspace(country_folder).whole]
    assert (units, len(findings)) == ([unit[0] for unit in told["units"]], len(told["findings"].get("level", [])))
    assert {1, 2} == {unit[4] for unit in told["units"]}
