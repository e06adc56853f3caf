"""The ledger is an index: lost, damaged, edited or unwritable, the pages tell the same; and an edited page is not believed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from budgetbook.season.facts import Accepted, Fact, Received, now
from budgetbook.season.ledger import LEDGER, read
from budgetbook.season.pages import FACTS, page_names, record

FIRST = Received("A", now(), "a", "甲.xlsx")
SECOND = Accepted("A", now(), "a", "张", "核对无误")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    record(tmp_path, [FIRST])
    record(tmp_path, [SECOND])
    assert [FIRST, SECOND] == read(tmp_path).facts
    return tmp_path


def change(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / LEDGER)) as ledger, ledger:
        ledger.execute(statement)


def known(folder: Path) -> list[Fact]:
    """What a second reading tells, which has nothing more to mend."""
    told = read(folder)
    assert [] == told.says
    return told.facts


def test_deleted_it_is_made_anew_and_tells_the_same(folder: Path) -> None:
    (folder / LEDGER).unlink()
    assert [FIRST, SECOND] == known(folder)
    assert (folder / LEDGER).exists()


def test_an_edited_row_is_put_right_and_that_is_said(folder: Path) -> None:
    change(folder, """UPDATE page SET text = replace(text, '核对无误', '随便')""")
    told = read(folder)
    assert ([FIRST, SECOND], True) == (told.facts, "有 1 行被改动过" in "".join(told.says))
    assert [FIRST, SECOND] == known(folder)


def test_a_row_that_was_taken_out_or_put_in_changes_nothing(folder: Path) -> None:
    change(folder, "DELETE FROM page WHERE name LIKE '%accepted%'")
    change(folder, "INSERT INTO page VALUES ('20261126-accepted-0000.json', '[]')")
    assert [FIRST, SECOND] == read(folder).facts
    assert [FIRST, SECOND] == known(folder)


@pytest.mark.parametrize("content", [b"no database", b"", b"SQLite format 3\x00" + bytes(200)])
def test_what_is_no_database_any_more_is_replaced(folder: Path, content: bytes) -> None:
    (folder / LEDGER).write_bytes(content)
    assert [FIRST, SECOND] == read(folder).facts
    assert [FIRST, SECOND] == known(folder)


def test_a_table_that_is_gone_is_filled_again(folder: Path) -> None:
    change(folder, "DROP TABLE page")
    assert [FIRST, SECOND] == read(folder).facts


def test_a_page_that_was_deleted_comes_back_from_the_ledger(folder: Path) -> None:
    [page] = [name for name in page_names(folder) if "accepted" in name]
    (folder / FACTS / page).unlink()
    told = read(folder)
    assert ([FIRST, SECOND], True) == (told.facts, "少了 1 页" in "".join(told.says))
    assert (folder / FACTS / page).exists()
    assert [FIRST, SECOND] == known(folder)


def test_an_edited_page_is_not_believed_and_named(folder: Path) -> None:
    [page] = [name for name in page_names(folder) if "accepted" in name]
    path = folder / FACTS / page
    path.write_text(path.read_text(encoding="utf-8").replace("张", "李"), encoding="utf-8")
    (folder / LEDGER).unlink()
    told = read(folder)
    assert ([FIRST], True) == (told.facts, page in "".join(told.says) and "从备份恢复" in "".join(told.says))


def test_a_page_half_written_by_a_killed_process_does_not_exist(folder: Path) -> None:
    (folder / FACTS / f".{page_names(folder)[0]}.1234.part").write_text("[", encoding="utf-8")
    assert [FIRST, SECOND] == known(folder)


def test_a_busy_ledger_is_done_without(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("budgetbook.season.ledger.PATIENCE", 0.05)
    with closing(sqlite3.connect(folder / LEDGER)) as other:
        other.execute("BEGIN EXCLUSIVE")
        third = Received("B", now(), "b", "乙.xlsx")
        record(folder, [third])
        assert [FIRST, SECOND, third] == read(folder).facts
    assert [FIRST, SECOND, third] == known(folder)


def test_the_ledger_can_be_queried_row_by_row(folder: Path) -> None:
    with closing(sqlite3.connect(folder / LEDGER)) as ledger:
        assert [("accepted", "A", "张"), ("received", "A", None)] == ledger.execute(
            "SELECT kind, unit, by FROM fact ORDER BY kind"
        ).fetchall()
