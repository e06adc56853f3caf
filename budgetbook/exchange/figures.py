"""Tidy figures in files: `unit,form,line,column,value`, and words as `…,text`; a blank cell is an absent row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

from ..amount import FEN, to_fen
from ..book import Book
from ..problems import DefinitionError, Problem
from ..shape import Shape, open_columns
from .figure_files import READERS

NAMED = 5  # unknown units named in one sentence
HEAD = ("unit", "form", "line", "column", "value")


def read_figures(path: Path, shape: Shape, beside: frozenset[str] = frozenset()) -> dict[str, Book]:
    """Unit code → book, totals computed; the rows of units *beside* those of the shape are passed over. Raises DefinitionError with
    every row that cannot be placed, those of unknown units together."""
    reader = _FigureReader(path.name, shape, beside)
    for at, row in tidy_rows(path):
        reader.row(at, row)
    reader.tell_strangers()
    if reader.problems:
        raise DefinitionError(reader.problems)
    return {code: book.computed() for code, book in reader.books.items()}


def tidy_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a file, numbered as a person finds them, whose format its name tells; CSV unless it is one of the others."""
    if path.suffix.lower() in READERS:
        for at, row in enumerate(READERS[path.suffix.lower()](path), start=1):
            _has_keys(path, row)
            yield at, row
        return
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
    reader = csv.DictReader(io.StringIO(text))
    _has_keys(path, reader.fieldnames or ())
    yield from enumerate(reader, start=2)


def _has_keys(path: Path, names: Iterable[str]) -> None:
    if not set(HEAD[:4]) <= set(names):
        raise DefinitionError(
            [Problem(path.name, 1, f"第一行应为表头 {','.join(HEAD)}，请用 budgetbook export 导出的格式")]
        )


class _FigureReader:
    def __init__(self, file: str, shape: Shape, beside: frozenset[str]) -> None:
        self.file, self.shape, self.beside = file, shape, beside
        self.strangers: dict[str, list[int]] = {}  # unit code → where its rows stand
        self.books: dict[str, Book] = {}
        self.problems: list[Problem] = []

    def row(self, at: int, row: dict[str, str]) -> None:
        code, form, line, column = (str(row.get(key) or "").strip() for key in HEAD[:4])
        words = str(row.get("text") or row.get("value") or "")
        if not words.strip():
            return
        tree = self.shape.catalogue.tree
        if code not in tree:
            if code not in self.beside:
                self.strangers.setdefault(code, []).append(at)
            return
        book = self.books.setdefault(code, Book.empty(tree[code], self.shape))
        if not self._known(form, line, column):
            self.problems.append(Problem(self.file, at, f"目录中没有“{form}”表“{line}”科目“{column}”栏目，请核对"))
        elif not self.shape.has(form, line, column) or self.shape.catalogue.form(form).column(column).kind == "text":
            book.texts[form, line, column] = words
        else:
            self._amount(at, book, (form, line, column), words)

    def tell_strangers(self) -> None:
        """One problem of all rows whose unit is not known."""
        if rows := [at for each in self.strangers.values() for at in each]:
            names = "、".join(f"“{code}”" for code in [*self.strangers][:NAMED])
            many = f"等 {len(self.strangers)} 个" if len(self.strangers) > NAMED else ""
            count = f"，共 {len(rows)} 行，这是第一行" if len(rows) > 1 else ""
            says = f"单位代码{names}{many}不在单位名单中{count}。请改正代码，或删去这些行"
            self.problems.insert(0, Problem(self.file, min(rows), says))

    def _known(self, form: str, line: str, column: str) -> bool:
        try:
            sheet = self.shape.catalogue.form(form)
            kind = sheet.column(column).kind
            opened = open_columns(sheet, sheet.line(line))
        except KeyError:
            return False
        return kind == "text" or any(each.id == column for each in opened)

    def _amount(self, at: int, book: Book, key: tuple[str, str, str], words: str) -> None:
        try:
            fen = to_fen(Decimal(words.replace(",", "")), self.shape.catalogue.form(key[0]).unit)
        except (InvalidOperation, KeyError):
            self.problems.append(Problem(self.file, at, f"“{words}”不是数字，请改正或删去这一行"))
            return
        if Decimal(fen) != Decimal(words.replace(",", "")) * FEN[self.shape.catalogue.form(key[0]).unit]:
            self.problems.append(Problem(self.file, at, f"“{words}”比一分钱还细，请最多保留六位小数（万元）"))
        book.put(*key, fen)


def write_csv(books: Iterable[Book], path: Path | None) -> str:
    """Tidy figures of *books* as CSV text, in the order given; also written to *path* if there is one."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(HEAD)
    for book in books:
        writer.writerows(book.rows())
    if path:
        path.write_text(target.getvalue(), encoding="utf-8-sig")
    return target.getvalue()
