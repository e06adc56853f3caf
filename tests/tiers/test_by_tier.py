"""Commands on several tiers that take every unit with its own tier."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

from budgetbook.book import Book
from budgetbook.workspace import open_workspace
from tests.season.city import run


def of_city(country_folder: Path, name: str) -> Path:
    """The one return of a unit."""
    (path,) = (country_folder / "returned").glob(f"*/*_{name}_*.xlsx")
    return path


def test_every_unit_of_every_tier_is_exported(country_folder: Path, tmp_path: Path) -> None:
    given = [of_city(country_folder, code) for code in ("000000BJ", "010000BJ", "010101", "020202")]
    result = run("export", *given, "-w", country_folder, "-o", tmp_path / "f.csv", "--names")
    assert (0, "已导出 4 个单位") == (result.exit_code, result.output[:9])
    with (tmp_path / "f.csv").open(encoding="utf-8-sig", newline="") as file:
        units = list(dict.fromkeys(row["unit"] for row in csv.DictReader(file)))
    assert ["000000BJ", "010000BJ", "010101", "020202"] == sorted(units)
    with (tmp_path / "f.names.csv").open(encoding="utf-8-sig", newline="") as file:
        named = {row["id"] for row in csv.DictReader(file) if row["kind"] == "unit"}
    assert {unit.code for unit in open_workspace(country_folder).whole} == named


def test_two_files_of_one_unit_are_told_when_neither_is_exported(country_folder: Path, tmp_path: Path) -> None:
    space = open_workspace(country_folder).of("010101")
    shutil.copy(of_city(country_folder, "010101"), tmp_path / "a.xlsx")
    (tmp_path / "b.xlsx").write_bytes(space.package(Book.empty(space.catalogue.tree["010101"], space.shape)))
    result = run("export", tmp_path, "-w", country_folder, "-o", tmp_path / "f.csv")
    assert 2 == result.exit_code
    assert "有 2 个内容不同的文件" in result.output


def test_a_finding_of_a_county_is_waived_in_the_country(country_folder: Path, tmp_path: Path) -> None:
    folder, told = tmp_path / "country", tmp_path / "told.json"
    folder.mkdir()
    shutil.copy(country_folder / "budgetbook.toml", folder)
    county = of_city(country_folder, "010101")
    run("check", county, "-w", folder, "--json", told)
    first = next(each for each in json.loads(told.read_text(encoding="utf-8"))["findings"] if each["unit"] == "010101")
    result = run("waive", first["fingerprint"], county, "-w", folder, "--by", "预算科", "--why", "已核实")
    assert 0 == result.exit_code, result.output
    assert "已豁免（预算科豁免，不设期限：已核实）：县010101" in result.output
    run("check", county, "-w", folder, "--json", told)
    assert 1 <= json.loads(told.read_text(encoding="utf-8"))["summary"]["waived"]


def test_two_versions_of_a_county_are_compared(country_folder: Path, tmp_path: Path) -> None:
    space, county = open_workspace(country_folder).of("010101"), of_city(country_folder, "010101")
    (tmp_path / "blank.xlsx").write_bytes(space.package(Book.empty(space.catalogue.tree["010101"], space.shape)))
    result = run("diff", tmp_path / "blank.xlsx", county, "-w", country_folder)
    assert result.exit_code in (0, 1), result.output
    assert result.output.startswith("县010101（010101）blank.xlsx")
    assert "金额变化" in result.output


def test_returns_of_several_tiers_are_not_compared_at_once(country_folder: Path) -> None:
    cities = [of_city(country_folder, code) for code in ("010101", "010201")]
    result = run("diff", *cities, "-w", country_folder)
    assert 2 == result.exit_code
    assert result.output.startswith("要比较的有 2 级财政的报表（市0101、市0102），diff 一次只比较一级。")


def test_why_the_total_of_a_city_changed_is_told_by_its_counties(country_folder: Path, tmp_path: Path) -> None:
    space, returned = open_workspace(country_folder).of("010101"), country_folder / "returned" / "010100"
    shutil.copytree(returned, tmp_path / "new")
    blank = Book.empty(space.catalogue.tree["010101"], space.shape)
    (tmp_path / "new" / of_city(country_folder, "010101").name).write_bytes(space.package(blank))
    result = run("why", returned, tmp_path / "new", "表01!G5", "-w", country_folder, "--unit", "市0101")
    assert 0 == result.exit_code, result.output
    assert "县010101" in result.output
    assert "县010102" not in result.output
