"""Figures leave in four formats and come back to the fen; the data package beside them validates."""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from frictionless import validate
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetbook.book import Book
from budgetbook.exchange.exported import SUFFIXES, write_figures
from budgetbook.exchange.figures import read_figures
from budgetbook.problems import DefinitionError, Impossible
from budgetbook.workspace import Workspace
from tests.conftest import book, small_catalogue, small_shape
from tests.season.city import SMALL, run, sample_books, sample_space


def same(one: Iterable[Book], other: Iterable[Book]) -> bool:
    pairs = list(zip(one, other, strict=True))
    return all(np.array_equal(a.fen, b.fen) and np.array_equal(a.given, b.given) and a.unit == b.unit for a, b in pairs)


def valid(folder: Path) -> list[list[str]]:
    found: list[list[str]] = validate(str(folder / "datapackage.json")).flatten(["type", "message"])
    return found


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_whole_sample_comes_back_exactly(suffix: str, tmp_path: Path) -> None:
    books = [sample_books()[code] for code in ("410800BJ", "410802", "410821")]
    out = tmp_path / f"数据{suffix}"
    written = write_figures(sample_space().catalogue, books, out)
    back = read_figures(out, sample_space().shape)
    assert same(books, [back[each.unit.code] for each in books])
    assert [f"数据{suffix}", "datapackage.json"] == [path.name for path in written]
    assert [] == valid(tmp_path)


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=8)
@given(figures=st.dictionaries(st.integers(0, small_shape().size - 1), st.integers(-(10**17), 10**17), max_size=30))
def test_every_fen_survives(suffix: str, figures: dict[int, int], tmp_path_factory: pytest.TempPathFactory) -> None:
    filled = book("B", {})
    entries = small_shape().level("county").entries
    for place, fen in figures.items():
        if entries[place]:
            filled.fen[place], filled.given[place] = fen, True
    filled, empty = filled.computed(), book("A", {("gp_revenue", "10104", "actual"): "0.000001"})
    out = tmp_path_factory.mktemp("fen") / f"f{suffix}"
    write_figures(small_catalogue(), [empty, filled], out)
    back = read_figures(out, small_shape())
    assert same([empty, filled], [back["A"], back.get("B", book("B", {}))])


def test_sqlite_holds_decimal_text_and_whole_fen(tmp_path: Path) -> None:
    write_figures(small_catalogue(), [book("A", SMALL["A"])], tmp_path / "f.sqlite", names=True)
    base = sqlite3.connect(tmp_path / "f.sqlite")
    query = (
        "SELECT value, fen, typeof(value), typeof(fen) FROM figures WHERE line = '1010101' AND \"column\" = 'actual'"
    )
    assert [("1.25", 1_250_000, "text", "integer")] == base.execute(query).fetchall()
    named = "SELECT name FROM names WHERE kind = 'line' AND form = 'gp_revenue' AND id = '10104'"
    assert [("企业所得税",)] == base.execute(named).fetchall()
    base.close()


def test_parquet_and_duckdb_hold_exact_decimals(tmp_path: Path) -> None:
    import duckdb
    from pyarrow import parquet

    for suffix in (".parquet", ".duckdb"):
        write_figures(small_catalogue(), [book("A", SMALL["A"])], tmp_path / f"f{suffix}", names=True)
    assert "decimal128(24, 6)" == str(parquet.read_table(tmp_path / "f.parquet").schema.field("value").type)
    assert "企业所得税" in parquet.read_table(tmp_path / "f.names.parquet").column("name").to_pylist()
    with duckdb.connect(str(tmp_path / "f.duckdb"), read_only=True) as base:
        query = "SELECT value, typeof(value) FROM figures WHERE line = '1010101' AND \"column\" = 'actual'"
        assert [(Decimal("1.25"), "DECIMAL(24,6)")] == base.execute(query).fetchall()


def test_one_data_package_describes_all_exports_of_a_folder_and_proves_them(tmp_path: Path) -> None:
    for suffix in SUFFIXES:
        write_figures(small_catalogue(), [book("A", SMALL["A"])], tmp_path / f"f{suffix}", names=True)
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    names = {"f.csv", "f.names.csv", "f.parquet", "f.names.parquet", "f.sqlite", "f.duckdb"}
    assert names == {each["path"] for each in package["resources"]}
    assert [] == valid(tmp_path)
    with (tmp_path / "f.sqlite").open("ab") as target:
        target.write(b"x")
    assert {"hash-count", "byte-count"} == {kind for kind, _ in valid(tmp_path)}


def test_the_schema_catches_a_row_that_is_no_figure(tmp_path: Path) -> None:
    write_figures(small_catalogue(), [book("A", SMALL["A"])], tmp_path / "f.csv")
    with (tmp_path / "f.csv").open("a", encoding="utf-8") as target:
        target.write("A,gp_revenue,10104,actual,7\nA,gp_revenue,10109,actual,很多\n")
    assert {"primary-key", "type-error"} <= {kind for kind, _ in valid(tmp_path)}


def test_an_export_replaces_its_own_entry_in_the_package(tmp_path: Path) -> None:
    for amount in (1, 2):
        write_figures(small_catalogue(), [book("A", {("gp_revenue", "10104", "actual"): amount})], tmp_path / "f.csv")
    assert 1 == len(json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))["resources"])
    assert [] == valid(tmp_path)


def test_the_data_package_of_another_program_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_text('{"name": "others", "resources": []}', encoding="utf-8")
    with pytest.raises(Impossible, match="是别的程序写的，没有改动"):
        write_figures(small_catalogue(), [book("A", SMALL["A"])], tmp_path / "f.csv")
    assert ["datapackage.json"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.parametrize(("suffix", "library"), [(".parquet", "pyarrow"), (".duckdb", "duckdb")])
def test_a_library_that_is_not_installed_is_named_with_its_extra(
    suffix: str, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (library, f"{library}.parquet"):
        monkeypatch.setitem(sys.modules, name, None)
    says = rf"需要另装 {library}，请执行 pip install 'budgetbook\[{suffix[1:]}\]'"
    with pytest.raises(DefinitionError, match=says):
        write_figures(small_catalogue(), [book("A", SMALL["A"])], tmp_path / f"f{suffix}")
    with pytest.raises(DefinitionError, match=says):
        read_figures(tmp_path / f"f{suffix}", small_shape())
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [".parquet", ".duckdb", ".sqlite"])
def test_a_file_that_is_not_what_its_name_says_is_one_sentence(suffix: str, tmp_path: Path) -> None:
    (tmp_path / f"f{suffix}").write_bytes(b"unit,form,line,column,value\n" * 40)
    with pytest.raises(DefinitionError, match=rf"f\{suffix}：不是能读取的 \{suffix} 数据文件"):
        read_figures(tmp_path / f"f{suffix}", small_shape())


def test_a_database_without_the_table_or_its_columns_is_one_sentence(tmp_path: Path) -> None:
    base = sqlite3.connect(tmp_path / "f.sqlite")
    with pytest.raises(DefinitionError, match="没有 figures 表"):
        read_figures(tmp_path / "f.sqlite", small_shape())
    base.execute("CREATE TABLE figures (unit TEXT, value TEXT)")
    base.execute("INSERT INTO figures VALUES ('A', '1')")
    base.commit()
    base.close()
    with pytest.raises(DefinitionError, match="应为表头 unit,form,line,column,value"):
        read_figures(tmp_path / "f.sqlite", small_shape())


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_commands_export_and_fill_the_same_figures(suffix: str, filled: Workspace, tmp_path: Path) -> None:
    out = tmp_path / f"数据{suffix}"
    result = run("export", filled.returned / "A.xlsx", "-o", out, "--names", "-w", filled.folder)
    assert (0, True) == (result.exit_code, "已导出 1 个单位" in result.stdout), result.output
    blank = tmp_path / "空.xlsx"
    blank.write_bytes(filled.package(book("A", {})))
    full = tmp_path / "满.xlsx"
    assert 0 == run("fill", blank, out, "-o", full, "-w", filled.folder).exit_code
    again = run("export", full, "-o", "-", "-w", filled.folder).stdout
    rows = [tuple(row) for row in csv.reader(again.splitlines())][1:]
    assert list(book("A", SMALL["A"]).rows()) == rows


def test_another_format_is_refused_with_those_that_can_be_had(filled: Workspace, tmp_path: Path) -> None:
    result = run("export", filled.returned, "-o", tmp_path / "f.xls", "-w", filled.folder)
    assert (2, True) == (result.exit_code, "请把导出文件写成 .csv、.parquet、.sqlite、.duckdb 之一" in result.stderr)


def test_all_rows_of_unknown_units_are_one_problem_with_their_number(tmp_path: Path) -> None:
    rows = [f"{unit},gp_revenue,10104,actual,1" for unit in ("A", "X", "X", "Y")]
    (tmp_path / "f.csv").write_text("\n".join(["unit,form,line,column,value", *rows]), encoding="utf-8")
    with pytest.raises(DefinitionError) as told:
        read_figures(tmp_path / "f.csv", small_shape())
    expected = "f.csv 第 3 行：单位代码“X”、“Y”不在单位名单中，共 3 行，这是第一行。请改正代码，或删去这些行"
    assert [expected] == list(map(str, told.value.problems))


def test_rows_of_units_of_other_tiers_are_passed_over(tmp_path: Path) -> None:
    rows = [f"{unit},gp_revenue,10104,actual,1" for unit in ("A", "X")]
    (tmp_path / "f.csv").write_text("\n".join(["unit,form,line,column,value", *rows]), encoding="utf-8")
    assert ["A"] == list(read_figures(tmp_path / "f.csv", small_shape(), beside=frozenset({"X"})))
