"""Tidy figures in the formats of other systems: Parquet, SQLite and DuckDB. The only module that knows their libraries."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import numpy as np

from ..amount import Fens, to_fen
from ..problems import DefinitionError, Problem
from ..shape import Key

Row = tuple[str, str, str, str, str]  # unit, form, line, column, value in 万元
NamedRow = tuple[str, str, str, str]  # kind, form, id, name
TABLE, NAMES = "figures", "names"
KEYS = ("unit", "form", "line", "column")
NAME_HEAD = ("kind", "form", "id", "name")
DIGITS, DECIMALS = 24, 6  # of an amount in 万元: every fen has its place
DECIMAL = f"DECIMAL({DIGITS},{DECIMALS})"


def write_sqlite(path: Path, rows: Iterable[Row], names: Sequence[NamedRow]) -> None:
    """`figures`: value as decimal text and the same in whole fen as an integer; `names` if there are any."""
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(
            f'CREATE TABLE {TABLE} (unit TEXT NOT NULL, form TEXT NOT NULL, line TEXT NOT NULL, "column" TEXT NOT NULL, '
            'value TEXT NOT NULL, fen INTEGER NOT NULL, PRIMARY KEY (unit, form, line, "column"))'
        )
        filled = ((*row, to_fen(row[4])) for row in rows)
        base.executemany(f"INSERT INTO {TABLE} VALUES (?, ?, ?, ?, ?, ?)", filled)
        if names:
            base.execute(f"CREATE TABLE {NAMES} (kind TEXT, form TEXT, id TEXT, name TEXT)")
            base.executemany(f"INSERT INTO {NAMES} VALUES (?, ?, ?, ?)", names)


def write_duckdb(path: Path, rows: Iterable[Row], names: Sequence[NamedRow]) -> None:
    """`figures`: value as DECIMAL(24,6); `names` if there are any. Raises DefinitionError if DuckDB is not installed."""
    import pandas

    duckdb = _library("duckdb", path)
    with closing(duckdb.connect(str(path))) as base:
        staged = pandas.DataFrame(list(rows), columns=[*KEYS, "value"], dtype=str)
        base.register("staged", staged)
        base.execute(
            f'CREATE TABLE {TABLE} AS SELECT unit, form, line, "column", CAST(value AS {DECIMAL}) AS value FROM staged'
        )
        if names:
            base.register("named", pandas.DataFrame(list(names), columns=list(NAME_HEAD), dtype=str))
            base.execute(f"CREATE TABLE {NAMES} AS SELECT * FROM named")


def write_parquet(path: Path, rows: Iterable[Row]) -> None:
    """value as decimal128(24, 6). Raises DefinitionError if pyarrow is not installed."""
    parquet = _library("pyarrow.parquet", path)
    arrow = _library("pyarrow", path)
    *keys, values = zip(*rows, strict=True) if (rows := list(rows)) else ((), (), (), (), ())
    columns: dict[str, Any] = {name: arrow.array(each, arrow.string()) for name, each in zip(KEYS, keys, strict=True)}
    columns["value"] = arrow.array([Decimal(value) for value in values], arrow.decimal128(DIGITS, DECIMALS))
    parquet.write_table(arrow.table(columns), path)


def write_partition(folder: str, tier: str, places: Sequence[tuple[str, Sequence[Key], Fens]]) -> None:
    """`tier=CODE/figures.parquet` in a folder, or at an address that fsspec knows: (unit, keys, fen) of each book of one tier.
    Raises DefinitionError if pyarrow or fsspec is not installed."""
    parquet, arrow = _library("pyarrow.parquet", Path("x.parquet")), _library("pyarrow", Path("x.parquet"))
    keys = [(unit, *key) for unit, book, _ in places for key in book]
    columns: dict[str, Any] = {
        name: arrow.array([key[at] for key in keys], arrow.string()).dictionary_encode() for at, name in enumerate(KEYS)
    }
    fen = np.concatenate([np.zeros(0, dtype=np.int64), *(fen for _, _, fen in places)])
    wide = np.stack([fen, fen >> 63], axis=1).tobytes()  # a decimal of 128 bits with six places is the number of fen
    columns["value"] = arrow.Array.from_buffers(
        arrow.decimal128(DIGITS, DECIMALS), len(fen), [None, arrow.py_buffer(wide)]
    )
    with _opened(f"{folder}/tier={tier}", "figures.parquet") as target:
        parquet.write_table(arrow.table(columns), target)


def _opened(folder: str, name: str) -> AbstractContextManager[Any]:
    if "://" in folder:
        return cast(AbstractContextManager[Any], _library("fsspec", Path("x.cluster")).open(f"{folder}/{name}", "wb"))
    Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder, name).open("wb")


def write_parquet_names(path: Path, names: Sequence[NamedRow]) -> None:
    """A file of its own: Parquet holds one table. Raises DefinitionError if pyarrow is not installed."""
    arrow = _library("pyarrow", path)
    columns = {
        name: arrow.array(each, arrow.string()) for name, each in zip(NAME_HEAD, zip(*names, strict=True), strict=True)
    }
    _library("pyarrow.parquet", path).write_table(arrow.table(columns), path)


def read_sqlite(path: Path) -> Iterator[dict[str, str]]:
    """The rows of `figures`. Raises DefinitionError."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as base:
            yield from _rows(base.execute(f"SELECT * FROM {TABLE}"))
    except sqlite3.Error as error:
        raise _unreadable(path, error) from None


def read_duckdb(path: Path) -> Iterator[dict[str, str]]:
    """The rows of `figures`. Raises DefinitionError."""
    duckdb = _library("duckdb", path)
    try:
        with closing(duckdb.connect(str(path), read_only=True)) as base:
            found = base.execute(f"SELECT * FROM {TABLE}")
            yield from _named([column[0] for column in found.description], found.fetchall())
    except duckdb.Error as error:
        raise _unreadable(path, error) from None


def read_parquet(path: Path) -> Iterator[dict[str, str]]:
    """The rows of the file. Raises DefinitionError."""
    parquet, arrow = _library("pyarrow.parquet", path), _library("pyarrow", path)
    try:
        table = parquet.read_table(path)
    except (arrow.ArrowInvalid, OSError) as error:
        raise _unreadable(path, error) from None
    yield from _named(table.column_names, zip(*(column.to_pylist() for column in table.columns), strict=True))


READERS: dict[str, Callable[[Path], Iterator[dict[str, str]]]] = {
    ".sqlite": read_sqlite,
    ".duckdb": read_duckdb,
    ".parquet": read_parquet,
}


def _rows(found: sqlite3.Cursor) -> Iterator[dict[str, str]]:
    yield from _named([column[0] for column in found.description], found)


def _named(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[dict[str, str]]:
    for row in rows:
        yield {name: _text(value) for name, value in zip(names, row, strict=True)}


def _text(value: Any) -> str:
    """Never in powers of ten, never rounded: a binary float is its shortest decimal."""
    if value is None:
        return ""
    return (
        f"{Decimal(repr(value)) if isinstance(value, float) else value:f}"
        if isinstance(value, float | Decimal)
        else str(value)
    )


def _unreadable(path: Path, error: Exception) -> DefinitionError:
    says = f"不是能读取的 {path.suffix} 数据文件，或里面没有 {TABLE} 表（{error}），请用 budgetbook export 导出的格式"
    return DefinitionError([Problem(path.name, 0, says)])


def _library(name: str, path: Path) -> ModuleType:
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError:
        extra = path.suffix.removeprefix(".")
        says = f"读写 {path.suffix} 文件需要另装 {name.split('.')[0]}，请执行 pip install 'budgetbook[{extra}]'，或改用 .csv、.sqlite"
        raise DefinitionError([Problem(path.name, 0, says)]) from None
