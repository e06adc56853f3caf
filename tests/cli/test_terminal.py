"""Whatever words a file brings along, none of them can control the terminal or pretend to be a line of ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from budgetbook.cli import main
from budgetbook.layout import STAMP_SHEET, Layout, a1
from budgetbook.sheet import Cell, Sheet
from budgetbook.template import workbook
from budgetbook.workspace import Workspace, open_workspace
from tests.conftest import TREE, book, small_city
from tests.door.corpus import Sent
from tests.door.old_formats import at, record, xls
from tests.door.packages import Item, archive

FORGED = "伪造：强制 0 项"
NASTY = f"坏\x1b[2J\x9b31m\x07\u202e\u2066[red]\r\n{FORGED}"
FIGURE = ("gp_revenue", "1010101", "actual")


@dataclass(frozen=True)
class Played:
    """A city whose returns are full of such words, with a book consolidated from them."""

    space: Workspace
    older: Path

    def run(self, *arguments: str) -> str:
        """What a command says, on both streams."""
        done = CliRunner().invoke(main, [*arguments, "-w", str(self.space.folder)])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return str(done.output)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("city")
    space, older = small_city(folder), folder / f"旧{NASTY}"
    older.mkdir()
    for unit in (each for each in TREE if each["level"] != "node"):
        code = unit["code"]
        name = f"{unit['name']}{NASTY}.xlsx"
        (space.returned / name).write_bytes(returned(space, code, 100))
        (older / name).write_bytes(returned(space, code, 90))
    (space.returned / f"旧格式{NASTY}.xls").write_bytes(old_return(space, "A"))
    (space.returned / f"残缺{NASTY}.xlsx").write_bytes(b"PK\3\4")
    return Played(open_workspace(folder), older)


def returned(space: Workspace, code: str, amount: int) -> bytes:
    """A return with such words in its texts, on its labels, in an entry, in a comment and as the name of a sheet."""
    filled = book(code, {FIGURE: amount})
    for line, column in (("1010101", "reason"), ("101", "reason")):
        filled.texts["gp_revenue", line, column] = NASTY
    sent = Sent(space, filled.unit, dict(parts_of(space.package(filled))))
    words = NASTY.replace("\x1b", "_x001B_").replace("\x07", "_x0007_").replace("\n", "&#10;").replace("\r", "&#13;")
    sent.text("B2", words)
    sent.text(sent.at[0] + "8", words)
    sent.edit(
        "xl/workbook.xml", 'name="表02 [^"]*"', f'name="{NASTY[-14:].replace(chr(13), "").replace(chr(10), "&#10;")}"'
    )
    return archive(Item(name.encode(), part) for name, part in sent.parts.items())


def parts_of(package: bytes) -> dict[str, bytes]:
    from budgetbook.door.preflight import unpack

    return unpack(package)


def old_return(space: Workspace, code: str) -> bytes:
    """An old workbook, in which control characters can stand as they are."""
    unit, filled = space.catalogue.tree[code], book(code, {FIGURE: 5})
    layout = Layout(space.catalogue, unit.level)
    row, column = layout.cell(*FIGURE)
    made = workbook(space.catalogue, filled, space.stamp(unit)).sheets
    names = [*map(layout.sheet, ("cover", "gp_revenue")), STAMP_SHEET]
    sheets = [sheet for sheet in made if sheet.name in names]
    renamed = [replace(sheet, name=NASTY[:20]) if sheet.name == names[1] else sheet for sheet in sheets]

    def put(_sheet: Sheet, cell: Cell) -> bytes | None:
        label = len(NASTY).to_bytes(2, "little") + b"\1" + NASTY.encode("utf-16-le")
        return record(0x204, at(cell) + label) if (cell.row, cell.column) in ((row, column), (1, 1), (9, 2)) else None

    return xls(renamed, put)


def amiss(output: str) -> list[str]:
    lines = output.split("\n")
    return [line for line in lines if not line.isprintable() or line.lstrip().startswith("伪造")]


def commands(played: Played) -> Sequence[Sequence[str]]:
    one = next(path for path in sorted(played.space.returned.iterdir()) if path.name.startswith("乙县"))
    other = played.older / one.name
    at_figure = a1(*Layout(played.space.catalogue, "county").cell(*FIGURE))
    papers, text = played.space.folder / "papers", played.space.folder / "报告.txt"
    text.write_text(
        f"2025年预算执行情况和2026年预算草案的报告\n一、{NASTY}\n2025年全市税收收入{NASTY}完成99亿元，增长5%。2026年税收收入预算98亿元。",
        encoding="utf-8",
    )
    figures = played.space.folder / "数.csv"
    figures.write_text(f'unit,form,line,column,value\nB,gp_revenue,"{NASTY}",actual,5\n', encoding="utf-8")
    books = [str(path) for path in sorted(played.space.out.glob("*.xlsx"))]
    return [
        ["check"], ["check", "--json", "-"], ["collect"], ["status"], ["status", "--json", "-"],
        ["check", str(played.space.returned)], ["consolidate", str(played.older)], ["accept", "B", "--why", "测试"], ["reopen", "B", "--why", "测试"],
        ["diff", str(other), str(one)], ["diff", str(other), str(one), "--json", "-"],
        ["explain", str(one), f"表01!{at_figure}"], *(["explain", path, f"表01!{at_figure}"] for path in books),
        ["why", str(played.older), str(played.space.returned), f"表01!{at_figure}"], ["attach", "-o", str(papers)],
        ["report", "check", str(text)], ["report", "check", str(text), "--json", "-"], ["export", "-o", "-", str(played.older)],
        ["fill", str(one), str(figures), "-o", str(played.space.folder / "填.xlsx")], ["fill", str(one), str(played.older / "没有.csv"), "-o", "x.xlsx"],
    ]  # fmt: skip


def test_no_command_lets_words_of_a_file_control_the_terminal(played: Played) -> None:
    played.run("consolidate", str(played.older))
    said = {" ".join(arguments): played.run(*arguments) for arguments in commands(played)}
    assert {} == {command: amiss(output) for command, output in said.items() if amiss(output)}
    silent = [command for command, output in said.items() if not output.strip()]
    assert [] == silent
    assert sum("坏" in output for output in said.values()) > 8  # the words did arrive, without what was in them
