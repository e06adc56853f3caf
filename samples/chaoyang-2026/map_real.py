"""Puts the published books of 朝阳市, as extracted, onto our forms, and accounts for every printed number.

    python map_real.py [BOOK.csv] [--year 2026] [--all] [-o DIR]

Every cell is entered, a printed total, a repetition, derived, blank, or unplaced with a reason. Without `--all` only the
revenue, expenditure and balance of 一般公共预算 are read. DIR (this folder unless said otherwise) receives figures.csv,
printed_totals.csv, known_breaks.csv and unplaced.csv. How words of the print become units, columns and lines, and which
figures the extraction lost, stands in mapping.toml.
"""

from __future__ import annotations

import argparse
import csv
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from map_words import Cell, Key, Reading, Where

from budgetbook.amount import from_fen, to_fen
from budgetbook.definitions import read_catalogue
from budgetbook.shape import Shape
from budgetbook.tree_reader import read_tree

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
EXTRACTED = ROOT.parent / "shared" / "domain" / "real" / "real_chaoyang.csv"
HEAD = "unit,form,line,column,value"
DERIVED = re.compile(r".*(%|增减额)$")


@dataclass(slots=True)
class Placed:
    """What became of the printed cells."""

    printed: dict[Key, str] = field(default_factory=dict)  # as first printed; a blank counts
    figures: dict[Key, str] = field(default_factory=dict)
    totals: list[tuple[Key, str, int]] = field(default_factory=list)
    repeats: list[tuple[Key, str, int]] = field(default_factory=list)
    unplaced: list[tuple[Cell, str]] = field(default_factory=list)
    stood_in: dict[Where, Where] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def restore(self, lost: Mapping[str, str]) -> None:
        """Enters the figures that the extraction lost and the printed totals imply."""
        for where, value in lost.items():
            unit, form, line, column = where.split()
            self.printed[unit, form, line, column] = self.figures[unit, form, line, column] = value
        self.counts["restored"] = len(lost)


class Placer:
    """Tells entries from printed totals, as each unit's level has them."""

    def __init__(self, shape: Shape, stand_in: Mapping[str, Mapping[str, str]]) -> None:
        self.shape, self.stand_in = shape, stand_in
        self.units = {unit.code: shape.level(unit.level) for unit in shape.catalogue.tree}
        self.rows = {
            code: {int(place): row for row, place in enumerate(level.totals)} for code, level in self.units.items()
        }

    def place(self, cells: Iterable[Cell], reading: Reading) -> Placed:
        """Sorts every cell."""
        placed, known = Placed(), list[tuple[Cell, Key]]()
        for cell in cells:
            where = "" if DERIVED.match(cell.column) else reading.where(cell)
            if not cell.value or not where:
                placed.counts["derived" if cell.value else "blank"] += 1
            elif isinstance(where, str):
                placed.unplaced.append((cell, where))
            if where and not isinstance(where, str):
                known.append((cell, where))
        enterable = {key for key in {key for _, key in known} if self._entry(key)}
        for cell, key in known:
            if cell.value:
                self._keep(cell, key, bool(self.under(key) & enterable), placed)
            else:
                placed.printed.setdefault(key, "")
        placed.counts["unplaced"] = len(placed.unplaced)
        return placed

    def _keep(self, cell: Cell, key: Key, with_parts: bool, placed: Placed) -> None:
        entry = None if with_parts else self._entry(key)
        if key in placed.printed:
            placed.counts["printed again"] += 1
            placed.repeats.append((key, cell.value, cell.table))
        elif entry is None and not with_parts:
            placed.unplaced.append((cell, self._why_not(key)))
        else:
            placed.counts["entered" if entry else "printed total"] += 1
            placed.printed[key] = cell.value
            if entry:
                placed.figures[entry] = cell.value
            if entry != key:
                placed.totals.append((key, cell.value, cell.table))
            if entry and entry != key:
                placed.stood_in[key[1], key[2]] = entry[1], entry[2]

    def _entry(self, key: Key) -> Key | None:
        """Where the amount of a line printed without parts is typed: the line itself, its only part, or its stand-in."""
        unit, form, line, column = key
        place = self.shape.place(form, line, column)
        if self.units[unit].entries[place]:
            return key
        parts = self.parts(key)
        named = self.stand_in.get(form, {}).get(line)
        chosen = [part for part in parts if part[2] == named] or parts
        return self._entry(chosen[0]) if len(chosen) == 1 else None

    def parts(self, key: Key) -> list[Key]:
        """The addends of a total at the unit's level; none for an entry."""
        return [part for part, _ in self.weighted(key)]

    def weighted(self, key: Key) -> list[tuple[Key, int]]:
        """The addends of a total with their weights."""
        row = self.rows[key[0]].get(self.shape.place(*key[1:]))
        addends = [] if row is None else self.units[key[0]].sums.addends(row)
        return [((key[0], *self.shape.keys[place]), weight) for place, weight in addends]

    def under(self, key: Key) -> set[Key]:
        """Every figure that a total is made of, at any depth."""
        found, todo = set[Key](), self.parts(key)
        while todo:
            found.add(part := todo.pop())
            todo.extend(self.parts(part))
        return found

    def _why_not(self, key: Key) -> str:
        if self.units[key[0]].open[self.shape.place(*key[1:])]:
            return "只印了合计，没有印组成它的科目，无处可填"
        return "细于本级的填报细度（settings.depth），或本级没有这个科目"

    def sum_of_parts(self, key: Key, placed: Placed) -> int:
        """What the printed parts add up to, in fen; a part that is not printed is itself the sum of its parts."""
        return sum(weight * self._printed(part, placed) for part, weight in self.weighted(key))

    def _printed(self, key: Key, placed: Placed) -> int:
        value = placed.printed.get(key) or placed.figures.get(key)
        return to_fen(value) if value else self.sum_of_parts(key, placed)

    def breaks(self, placed: Placed) -> Iterator[tuple[str, Key, int, str, int]]:
        """Kind, key, table, printed and expected fen of every printed total or repetition that does not hold."""
        for key, value, table in placed.totals:
            if self.parts(key) and to_fen(value) != (expected := self.sum_of_parts(key, placed)):
                yield "合计不等", key, table, value, expected
        for key, value, table in placed.repeats:
            if to_fen(value) != (expected := to_fen(placed.printed[key] or 0)):
                yield "两处不同", key, table, value, expected


def read_cells(book: Path, only: str) -> list[Cell]:
    """The cells of the tables whose title has the pattern *only* in it, in print order."""
    with book.open(encoding="utf-8-sig", newline="") as file:
        return [
            Cell(
                row["scope"],
                int(row["table_no"]),
                row["table_title"],
                row["side"],
                int(row["row"]),
                row["code"],
                row["line"],
                row["column"],
                row["value"],
            )
            for row in csv.DictReader(file)
            if re.search(only, row["table_title"])
        ]


def read_shape(year: int | None) -> Shape:
    """The catalogue with this workspace's settings, for *year* if one is given."""
    config = tomllib.loads((HERE / "budgetbook.toml").read_text(encoding="utf-8"))
    settings = config["settings"] | ({"year": year} if year else {})
    return Shape(read_catalogue(ROOT / "templates" / config["catalogue"], read_tree(config["unit"]), settings))


def write(path: Path, head: str, rows: Iterable[Sequence[object]]) -> None:
    """A CSV that Excel opens."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head.split(","))
        writer.writerows(rows)


def tables(
    placed: Placed, placer: Placer, notes: Mapping[str, str]
) -> Iterator[tuple[str, str, list[Sequence[object]]]]:
    """The four files: name, head, rows."""
    totals = placed.totals + [repeat for repeat in placed.repeats if placer.parts(repeat[0])]
    yield "figures.csv", HEAD, [(*key, value) for key, value in placed.figures.items()]
    yield "printed_totals.csv", HEAD + ",table", [(*key, value, table) for key, value, table in totals]
    yield (
        "known_breaks.csv",
        "kind,unit,form,line,column,table,printed,expected,difference,note",
        [
            (kind, *key, table, value, from_fen(due), from_fen(to_fen(value) - due), notes.get(" ".join(key), ""))
            for kind, key, table, value, due in placer.breaks(placed)
        ],
    )
    yield (
        "unplaced.csv",
        "table,scope,row,name,column,value,reason",
        [(cell.table, cell.scope, cell.row, cell.name, cell.column, cell.value, why) for cell, why in placed.unplaced],
    )


def place_book(book: Path, year: int | None, every: bool) -> tuple[Placed, Placer, Mapping[str, str]]:
    """What became of a book's cells, by whom, and what is known of its breaks."""
    words = tomllib.loads((HERE / "mapping.toml").read_text(encoding="utf-8"))
    shape = read_shape(year)
    cells = read_cells(book, "" if every else "一般公共预算[收支]")
    reading, placer = Reading(shape, words), Placer(shape, words["stand_in"])
    reading.learn_lines(cells)
    placed = placer.place(cells, reading)
    placed.restore(words["restored"].get(str(shape.catalogue.year), {}))
    return placed, placer, words["notes"].get(str(shape.catalogue.year), {})


def beyond(placed: Placed, known: Path | None) -> list[Sequence[object]]:
    """The entered figures that another file does not have already."""
    rows = [(*key, value) for key, value in placed.figures.items()]
    if known is None:
        return rows
    with known.open(encoding="utf-8-sig", newline="") as file:
        there = {tuple(row) for row in csv.reader(file)}
    return [row for row in rows if row not in there]


def main() -> None:
    """Reads, places, writes, and says what became of the cells."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("book", nargs="?", type=Path, default=EXTRACTED)
    parser.add_argument("--year", type=int)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--figures", type=Path, help="write the figures alone, into this file")
    parser.add_argument("--beyond", type=Path, help="with --figures: leave out those that stand in this file")
    parser.add_argument("-o", "--out", type=Path, default=HERE)
    asked = parser.parse_args()
    placed, placer, notes = place_book(asked.book, asked.year, asked.all)
    if asked.figures:
        write(asked.figures, HEAD, beyond(placed, asked.beyond))
        return
    asked.out.mkdir(parents=True, exist_ok=True)
    for name, head, rows in tables(placed, placer, notes):
        write(asked.out / name, head, rows)
    print(dict(placed.counts))
    for at, entry in placed.stood_in.items():
        print("whole amount of", ":".join(at), "entered at", ":".join(entry))
    for why, count in Counter(why for _, why in placed.unplaced).most_common():
        print(f"{count:5d} {why}")


if __name__ == "__main__":
    main()
