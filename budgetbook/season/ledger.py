"""The ledger: an index of the pages of facts in SQLite. Lost, locked, damaged or edited, it is made anew from the pages.

The table `page` holds each page as it stands in its file; the view `fact` shows them row by row to whoever wants to query.
No write-ahead log: the folder may be on another machine.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path

from .facts import genuine
from .pages import Told, gathered, page_names, page_text, restore

LEDGER = "ledger.sqlite"
PATIENCE = 10.0  # seconds to wait for another process
TABLES = """
CREATE TABLE IF NOT EXISTS page (name TEXT PRIMARY KEY, text TEXT NOT NULL);
CREATE VIEW IF NOT EXISTS fact AS
  SELECT json_extract(value, '$.kind') AS kind, json_extract(value, '$.unit') AS unit, json_extract(value, '$.at') AS at,
         json_extract(value, '$.sha256') AS sha256, json_extract(value, '$.file') AS file,
         json_extract(value, '$.by') AS by, json_extract(value, '$.why') AS why, page.name AS page
  FROM page, json_each(page.text);
"""


def read(folder: Path) -> Told:
    """Everything that happened, and what had to be mended to tell it."""
    names = page_names(folder)
    if not names and not (folder / LEDGER).exists():
        return Told()
    try:
        known, spoilt = _rows(folder)
    except sqlite3.DatabaseError as error:
        return _without(folder, names, error)
    lost = sorted(known.keys() - set(names))
    for name in lost:
        with suppress(OSError):  # a folder that cannot be written to
            restore(folder, name, known[name])
    fresh = {name: page_text(folder, name) for name in names if name not in known}
    told = gathered((known | fresh).items())
    told.mended += [f"台账 {folder / LEDGER} 有 {spoilt} 行被改动过，已按 facts 文件夹恢复，没有丢失内容。"] * bool(
        spoilt
    )
    told.mended += [f"facts 文件夹少了 {len(lost)} 页，已从台账补回。"] * bool(lost)
    with suppress(sqlite3.DatabaseError):  # an index; the next one to come may write it
        _write(folder, {name: text for name, text in fresh.items() if genuine(name, text)})
    return told


def _rows(folder: Path) -> tuple[dict[str, str], int]:
    """Pages by name, and how many rows were not what was written."""
    with closing(_opened(folder)) as ledger, ledger:
        rows = ledger.execute("SELECT name, text FROM page").fetchall()
        known = {name: text for name, text in rows if isinstance(text, str) and genuine(str(name), text)}
        edited = [(name,) for name, _ in rows if name not in known]
        ledger.executemany("DELETE FROM page WHERE name IS ?", edited)
        return known, len(edited)


def _write(folder: Path, pages: dict[str, str]) -> None:
    if pages:
        with closing(_opened(folder)) as ledger, ledger:
            ledger.executemany("INSERT OR IGNORE INTO page VALUES (?, ?)", pages.items())


def _opened(folder: Path) -> sqlite3.Connection:
    ledger = sqlite3.connect(folder / LEDGER, timeout=PATIENCE)
    try:
        ledger.executescript(TABLES)
    except sqlite3.DatabaseError:
        ledger.close()
        raise
    return ledger


def _without(folder: Path, names: Iterable[str], error: sqlite3.DatabaseError) -> Told:
    """From the pages alone: the ledger is read-only, busy, on a full disk, or no database any more."""
    told = gathered((name, page_text(folder, name)) for name in names)
    if not isinstance(error, sqlite3.OperationalError):
        with suppress(OSError):
            (folder / LEDGER).unlink()
            told.mended.append(f"台账 {folder / LEDGER} 已损坏，已删去并按 facts 文件夹重建，没有丢失内容。")
    return told
