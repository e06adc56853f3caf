"""Every return is archived and written down once; of several versions the newest counts, and a choice is left to people."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from budgetbook.season.archive import find
from budgetbook.season.collecting import season
from budgetbook.workspace import Workspace
from tests.season.city import run
from tests.season.tiny import sent, tiny_book, tiny_workspace


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return tiny_workspace(tmp_path)


def check(space: Workspace, *more: object) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run("check", *more, "-w", space.folder, "--json", "-").stdout)
    return told


def states(told: dict[str, Any]) -> list[tuple[str, str]]:
    return sorted((Path(each["path"]).name, each["state"]) for each in told["files"])


def archived(space: Workspace) -> Iterator[Path]:
    return (path for path in (space.season / "archive").rglob("*") if path.is_file())


def versions(space: Workspace, unit: str) -> list[tuple[int, str]]:
    return [(each.number, each.received.file) for each in season(space)[0][unit].versions]


def second(space: Workspace, name: str, budget: int = 11) -> bytes:
    content = space.package(tiny_book(space, "C1", budget))
    (space.returned / name).write_bytes(content)
    return content


def test_a_return_is_archived_by_its_hash_and_stays_when_its_file_is_overwritten(space: Workspace) -> None:
    sent(space, ["C1"])
    first = (space.returned / "C1.xlsx").read_bytes()
    check(space)
    newer = second(space, "C1.xlsx")
    check(space)
    assert {first, newer} == {path.read_bytes() for path in archived(space)}
    assert [(1, "C1.xlsx"), (2, "C1.xlsx")] == versions(space, "C1")


def test_the_same_content_again_is_no_new_version(space: Workspace) -> None:
    sent(space, ["C1"])
    check(space)
    (space.returned / "最终版.xlsx").write_bytes((space.returned / "C1.xlsx").read_bytes())
    check(space)
    assert [(1, "C1.xlsx")] == versions(space, "C1")


def test_the_newer_version_supersedes_the_older_and_says_so(space: Workspace) -> None:
    sent(space, ["C1"])
    check(space)
    second(space, "C1最终版.xlsx")
    told = check(space)
    assert [("C1.xlsx", "superseded"), ("C1最终版.xlsx", "read")] == states(told)
    [says] = [each["says"] for each in told["files"] if each["state"] == "superseded"]
    assert "是第 1 版" in says and "已有第 2 版" in says


def test_two_versions_that_came_together_are_for_people_to_choose_from(space: Workspace) -> None:
    sent(space, ["C1"])
    second(space, "C1最终版.xlsx")
    for _ in range(2):
        told = check(space)
        assert ["F-05"] == [each["rule"] for each in told["findings"] if each["severity"] == "error"]
        assert all(name in told["findings"][0]["says"] for name in ("C1.xlsx（第", "、C1最终版.xlsx（第"))
    (space.returned / "C1.xlsx").unlink()
    assert [("C1最终版.xlsx", "read")] == states(check(space))
    assert 2 == len(list(archived(space)))


def test_a_file_that_lay_there_when_another_was_received_is_not_newer(space: Workspace) -> None:
    """One process sees only the first, the next sees both: nobody knows which the unit meant."""
    sent(space, ["C1"])
    second(space, "C1最终版.xlsx")
    run("collect", space.returned / "C1.xlsx", "-w", space.folder)
    assert ["error"] == [each["severity"] for each in check(space)["findings"] if each["rule"] == "F-05"]


def test_an_older_version_sent_again_does_not_come_back(space: Workspace) -> None:
    sent(space, ["C1"])
    old = (space.returned / "C1.xlsx").read_bytes()
    check(space)
    second(space, "C1.xlsx")
    check(space)
    (space.returned / "C1.xlsx").write_bytes(old)
    told = check(space)
    assert [("C1.xlsx", "read"), ("C1.xlsx", "superseded")] == states(told)
    assert ["archive" in each["path"] for each in told["files"]] == [each["state"] == "read" for each in told["files"]]


def test_a_file_taken_out_of_the_folder_still_counts(space: Workspace) -> None:
    sent(space, ["BJ", "C1", "C2"])
    check(space)
    (space.returned / "C1.xlsx").unlink()
    assert 0 == run("consolidate", "-w", space.folder).exit_code


def test_returns_in_a_zip_are_archived_one_by_one(space: Workspace) -> None:
    sent(space, ["C1", "C2"])
    with zipfile.ZipFile(space.returned / "两县.zip", "w") as archive:
        for name in ("C1.xlsx", "C2.xlsx"):
            archive.write(space.returned / name, name)
            (space.returned / name).unlink()
    check(space)
    assert ["C1.xlsx", "C2.xlsx"] == sorted(path.name for path in archived(space))
    (space.returned / "两县.zip").unlink()
    assert ["read", "read"] == [state for _, state in states(check(space))]


def test_named_files_are_checked_without_being_written_down(space: Workspace, tmp_path: Path) -> None:
    sent(space, ["C1"])
    check(space, space.returned / "C1.xlsx")
    assert {} == season(space)[0]
    assert 0 == run("collect", space.returned / "C1.xlsx", "-w", space.folder).exit_code
    assert [(1, "C1.xlsx")] == versions(space, "C1")


def test_copies_and_empty_files_are_told_each_time(space: Workspace) -> None:
    sent(space, ["C1"])
    (space.returned / "空.xlsx").write_bytes(b"")
    (space.returned / "副本.xlsx").write_bytes((space.returned / "C1.xlsx").read_bytes())
    expected = [("C1.xlsx", "read"), ("副本.xlsx", "superseded"), ("空.xlsx", "unreadable")]
    assert expected == states(check(space)) == states(check(space))


def test_what_is_no_return_is_told_and_not_archived(space: Workspace) -> None:
    (space.returned / "说明.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    sent(space, ["C1"])
    result = run("collect", "-w", space.folder)
    assert (1, True) == (result.exit_code, "新收 1 份" in result.stdout)
    assert ["C1.xlsx"] == [path.name for path in archived(space)]


def test_an_archived_return_that_was_altered_is_not_used_and_named(space: Workspace) -> None:
    sent(space, ["C1"])
    check(space)
    (space.returned / "C1.xlsx").unlink()
    [path] = archived(space)
    path.chmod(0o644)
    path.write_bytes(space.package(tiny_book(space, "C1", 99)))
    told = check(space)
    assert ["F-12"] == [each["rule"] for each in told["findings"] if each["severity"] == "error"]
    assert "在存档中找不到或被改动过" in told["findings"][0]["says"]


def test_the_figures_checked_are_those_of_the_version_that_counts(space: Workspace) -> None:
    sent(space, ["BJ", "C1", "C2"])
    check(space)
    second(space, "C1最终版.xlsx", 25)
    run("consolidate", "-w", space.folder)
    result = run("explain", space.out / "某市2026年预算报表_ALL_全市.xlsx", "表22!E5", "-w", space.folder)
    assert "45 万元" in result.stdout, result.output


def test_an_archive_is_never_overwritten(space: Workspace) -> None:
    from budgetbook.season.archive import keep

    sent(space, ["C1"])
    check(space)
    [path] = archived(space)
    sha256 = season(space)[0]["C1"].versions[0].received.sha256
    before = path.read_bytes()
    assert path == keep(space.season, sha256, "别的名字.xlsx", b"other")
    assert (before, path) == (path.read_bytes(), find(space.season, sha256))


def test_a_total_says_of_which_versions_it_was_made(space: Workspace) -> None:
    sent(space, ["BJ", "C1", "C2"])
    check(space)
    run("accept", "C1", "--by", "张三", "-w", space.folder)
    run("consolidate", "-w", space.folder)
    rows = openpyxl.load_workbook(space.out / "分单位汇总表.xlsx")["汇总依据"].iter_rows(min_row=4, values_only=True)
    told = {row[1]: (row[2], row[5], row[6]) for row in rows}
    hashes = {code: season(space)[0][code].versions[0].received.sha256 for code in ("BJ", "C1", "C2")}
    expected = {code: ("第 1 版", hashes[code], "张三" if code == "C1" else "未接收") for code in hashes}
    assert expected == told


@pytest.mark.parametrize("name", ["丙 报　表.xlsx", "丙\u202e报表.xlsx", "丙\n报表.xlsx"])
def test_a_file_is_found_again_by_its_name_as_it_is(space: Workspace, name: str) -> None:
    """People are shown a plain space for a wide one; a file of that name may lie there as well."""
    second(space, name.replace("　", " ").replace("\n", " "), 10)
    second(space, name, 12)
    told = check(space)
    assert len(list(space.returned.iterdir())) == len(versions(space, "C1"))
    assert all(each["path"].isprintable() for each in told["files"])
