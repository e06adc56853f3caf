"""A year without a catalogue is blamed on --year, a folder for a file on the folder, and feedback rows are as high as their longest text."""

from __future__ import annotations

from pathlib import Path

from budgetbook.cli.options import as_given
from budgetbook.finding import Finding
from budgetbook.findings.feedback import _height
from tests.season.city import run


def test_a_year_without_a_catalogue_names_the_years_there_are(tmp_path: Path) -> None:
    result = run("new", tmp_path / "w", "--year", 99)
    assert (2, True) == (result.exit_code, "没有 99 年的目录，--year 请改为" in result.stderr)
    assert not (tmp_path / "w").exists()


def test_a_feedback_row_is_as_high_as_its_longest_text() -> None:
    short = Finding("R-1", "warning", "短。", "A")
    assert 15.0 == _height(short, None)
    assert 90.0 <= _height(short, "说" * 100)
    assert 60.0 <= _height(Finding("R-1", "warning", "短。", "A", cause="因" * 100), None)


def test_a_file_that_cannot_be_written_is_named_as_it_was_asked_for() -> None:
    assert "out/表.xlsx" == as_given(PermissionError(13, "no", "out/.表.xlsx.0a1b2c3d.part"))
    assert "out/表.xlsx" == as_given(IsADirectoryError(21, "no", "out/.表.xlsx.0a1b2c3d.part", None, "out/表.xlsx"))
