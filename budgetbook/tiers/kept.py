"""Files and findings of a whole country, kept on disk and given back in order: what is in memory does not grow with them."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from ..checks import ORDER, turn
from ..finding import FileState, Finding

_Noun = TypeVar("_Noun")
_TABLES = """
create table file (path blob, state blob);
create table finding (rank int, unit blob, turn int, form blob, rule blob, line blob, col blob, file blob, says blob,
                      told int, waived int, tier text, found blob);
create table tier (code text, files int);
"""
_ORDER = "rank, unit, turn, form, rule, line, col, file, says, rowid"


class Kept:
    """The findings of a run. A scratch file, gone with its folder."""

    def __init__(self, path: Path) -> None:
        self._line = sqlite3.connect(path)
        self._line.executescript("pragma journal_mode = off; pragma synchronous = off;" + _TABLES)

    def close(self) -> None:
        """No more is asked for."""
        self._line.close()

    def add(self, tier: str, files: Iterable[FileState], findings: Iterable[Finding]) -> None:
        """What came of one tier."""
        states = [(_text(file.path), pickle.dumps(file)) for file in files]
        with self._line:
            self._line.executemany("insert into file values (?, ?)", states)
            self._line.executemany(
                "insert into finding values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (*_key(each), bool(each.explanation), each.waiver is not None, tier, pickle.dumps(each))
                    for each in findings
                ),
            )
            self._line.execute("insert into tier values (?, ?)", (tier, len(states)))

    def files(self) -> Iterator[FileState]:
        """By path."""
        yield from self._each(FileState, "select state from file order by path, rowid")

    def findings(self, severity: str = "", most: int = -1) -> Iterator[Finding]:
        """In the order of `sorted_findings`: all, or the first of one severity that nobody has explained or waived."""
        only = f"where rank = {ORDER[severity]} and not told and not waived" if severity else ""
        yield from self._each(Finding, f"select found from finding {only} order by {_ORDER} limit {most}")

    def _each(self, kind: type[_Noun], query: str) -> Iterator[_Noun]:
        with closing(self._line.execute(query)) as rows:
            for (pickled,) in rows:
                noun = pickle.loads(pickled)
                assert isinstance(noun, kind)
                yield noun

    def summary(self) -> dict[str, int]:
        """The counts of the contract."""
        counted = {severity: self._count(f"rank = {rank} and not waived") for severity, rank in ORDER.items()}
        return counted | {"explained": self._count("told and not waived"), "waived": self._count("waived")}

    def _count(self, which: str) -> int:
        found: int = self._line.execute(f"select count(*) from finding where {which}").fetchone()[0]
        return found

    def tiers(self) -> Iterator[tuple[str, int, list[int]]]:
        """(tier, files, findings by severity that are neither explained nor waived), in the order in which they were closed."""
        counted = {
            (tier, rank): count
            for tier, rank, count in self._line.execute(
                "select tier, rank, count(*) from finding where not told and not waived group by tier, rank"
            )
        }
        for tier, files in self._line.execute("select code, sum(files) from tier group by code order by min(rowid)"):
            yield tier, files, [counted.get((tier, rank), 0) for rank in ORDER.values()]


def _key(found: Finding) -> tuple[int | bytes, ...]:
    words = (found.form, found.rule, found.line, found.column, found.file, found.says)
    return ORDER[found.severity], _text(found.unit), turn(found.rule), *map(_text, words)


def _text(text: str) -> bytes:
    """Bytes that sort as the text does, whatever is in it."""
    return text.encode("utf-8", "surrogatepass")
