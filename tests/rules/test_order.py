"""What other findings follow from is told before them."""

from __future__ import annotations

from pathlib import Path

from budgetbook.checks import sorted_findings
from budgetbook.finding import Finding
from budgetbook.tiers.kept import Kept

TOLD = ["F-03", "R-REA-18", "U-09", "K-01", "R-BAL-01", "R-SUM-01", "R-X-12", "R-COL-01", "R-LVL-12"]
FOUND = [Finding(rule, "error", "", "A") for rule in reversed(TOLD)]


def test_wrong_files_and_units_of_account_come_before_wrong_sums_and_these_before_their_echoes() -> None:
    assert TOLD == [each.rule for each in sorted_findings(FOUND)]


def test_what_is_wrong_most_comes_first_all_the_same() -> None:
    assert ["R-COL-01", "F-03"] == [
        each.rule for each in sorted_findings([Finding("F-03", "note", "", "A"), Finding("R-COL-01", "error", "", "A")])
    ]


def test_findings_kept_on_disk_come_in_the_same_order(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "kept")
    kept.add("ALL", [], FOUND)
    assert TOLD == [each.rule for each in kept.findings()]
    kept.close()
