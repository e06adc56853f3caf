"""Books that this year's are held against: last year's, and the 代编 ones, from workbooks or tidy figures."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import numpy as np

from .amount import step, to_fen
from .book import Book, Texts
from .consolidation import consolidate
from .exchange.figures import read_figures, tidy_rows
from .intake import take_in
from .prior import CALIBRE, Carried, Figure, Prior, carried
from .problems import DefinitionError, Impossible, Problem
from .season.collecting import used
from .settings import CONFIG
from .shape import Shape
from .unit import Unit
from .workspace import Workspace, open_workspace

TIDY = (".csv", ".parquet", ".sqlite", ".duckdb")
SHOWN = 8  # of the money without a place that is told


@dataclass(frozen=True, slots=True)
class Stated:
    """What one unit stated last year, in last year's lines and columns."""

    figures: list[Figure]
    texts: Texts


def read_prior(space: Workspace, path: Path, calibre: str = "", asked: Collection[Unit] = ()) -> Prior:
    """Unit code → last year's book in this year's lines, nodes among them. *calibre*: 决算 or 快报, whatever the books say.

    Raises Impossible, and DefinitionError for money of the units *asked* for, or of all, that this year has no place for.
    """
    if not path.exists():
        raise Impossible(f"没有找到上年账册 {path}，请核对路径")
    stated = _tidy(space.shape, path) if path.suffix.lower() in TIDY else _books(space, path)
    found = {code: _carried(space.shape, code, each, calibre) for code, each in stated.items()}
    codes = {leaf.code for unit in asked for leaf in space.whole.under(unit.code)} | {unit.code for unit in asked}
    told = [code for code in found if not codes or code in codes]
    if lost := [f"{space.unit(code).name}：{what}" for code in told for what in found[code].lost]:
        raise DefinitionError([Problem(path.name, 0, _says_lost(lost))])
    return _with_nodes(space.shape, found)


def read_estimates(space: Workspace, path: Path) -> dict[str, Book]:
    """Unit code → 代编 book of this year, from workbooks or tidy figures. Raises Impossible, DefinitionError."""
    if not path.exists():
        raise Impossible(f"没有找到代编的账册 {path}，请核对路径")
    if path.suffix.lower() in TIDY:
        return read_figures(path, space.shape)
    returns = deque(take_in(space, [path]), maxlen=1).pop().returns
    if not returns:
        raise Impossible(f"{path} 中没有能读取的代编报表，请核对路径")
    return {code: ret.book.computed() for code, ret in returns.items()}


def _says_lost(lost: list[str]) -> str:
    more = f" 等 {len(lost)} 处" if len(lost) > SHOWN else ""
    return (
        f"上年有数，本年没有地方填：{'；'.join(lost[:SHOWN])}{more}。科目改了的，请在目录文件夹的 changes.csv 中写上旧科目和新科目；"
        "科目没改的，请在 lines 文件夹这张表的 columns 栏给它开出接上年这一栏的栏目"
    )


def _carried(shape: Shape, code: str, stated: Stated, calibre: str) -> Carried:
    texts = stated.texts | ({CALIBRE: calibre} if calibre else {})
    return carried(shape, shape.catalogue.tree[code], stated.figures, texts)


def _with_nodes(shape: Shape, found: dict[str, Carried]) -> Prior:
    """The nodes that were not handed in are added up, as this year's are."""
    books = {code: each.book for code, each in found.items()}
    split = {code: each.split for code, each in found.items() if each.split}
    for code, node in consolidate(
        shape, {at: book for at, book in books.items() if book.unit.level != "node"}
    ).books.items():
        if code in books:
            continue
        under = [leaf.code for leaf in shape.catalogue.tree.under(code)]
        said = {books[leaf].texts.get(CALIBRE, "") for leaf in under if leaf in books}
        books[code] = Book(node.unit, shape, node.fen, node.given, {CALIBRE: said.pop()} if len(said) == 1 else {})
        groups = dict.fromkeys(group for leaf in under for group in split.get(leaf, ()))
        split |= {code: tuple(groups)} if groups else {}
    return Prior(books, split)


def _books(space: Workspace, path: Path) -> dict[str, Stated]:
    last = _last_workspace(space, path)
    chosen = used(last) if path.resolve() == last.folder.resolve() else [path]
    returns = deque(take_in(last, chosen), maxlen=1).pop().returns
    if not returns:
        raise Impossible(f"{path} 中没有能读取的 {last.catalogue.year} 年报表，请核对路径")
    for code, ret in returns.items():
        if code not in space.catalogue.tree:
            raise Impossible(
                f"上年账册中的{ret.unit.name}（{code}）不在本年的单位名单中，请在 {CONFIG} 中补上，或不要放进来"
            )
    return {code: _stated(ret.book) for code, ret in returns.items()}


def _last_workspace(space: Workspace, path: Path) -> Workspace:
    """The workspace that last year's workbooks belong to: *path* itself, or the folder above it that has a budgetbook.toml."""
    year = space.catalogue.year
    folder = next((each for each in (path.resolve(), *path.resolve().parents) if (each / CONFIG).is_file()), None)
    if folder is None:
        raise Impossible(
            f"{path} 不在上年的工作区里（上面的文件夹没有 {CONFIG}），不知道它用的是哪一年的目录。"
            "请给上年的工作区文件夹，或在上年的工作区里用 budgetbook export 导出 CSV 再给"
        )
    last = open_workspace(folder)
    if last.catalogue.year != year - 1:
        raise Impossible(f"{path} 属于 {last.catalogue.year} 年的工作区，上年账册应是 {year - 1} 年的")
    return last


def _stated(book: Book) -> Stated:
    """The entries of a book; its totals follow from them."""
    level, keys = book.shape.level(book.unit.level), book.shape.keys
    places = np.flatnonzero(book.given & level.entries).tolist()
    return Stated([(*keys[place], int(book.fen[place]), int(book.shape.steps[place])) for place in places], book.texts)


def _tidy(shape: Shape, path: Path) -> dict[str, Stated]:
    problems: list[Problem] = []
    found: dict[str, Stated] = {}
    rows = [(at, {key: str(value or "").strip() for key, value in row.items()}) for at, row in tidy_rows(path)]
    totals = _totals(shape, (row for _, row in rows))
    for at, row in rows:
        words = row.get("text") or row.get("value", "")
        if words and (row["unit"], row["form"], row["line"]) not in totals:
            problems += [Problem(path.name, at, says) for says in _keep(shape, found, row, words)]
    if problems:
        raise DefinitionError(problems)
    return found


def _keep(shape: Shape, found: dict[str, Stated], row: dict[str, str], words: str) -> Iterator[str]:
    """Puts one row where it belongs, or says why it cannot be."""
    unit, form, line, column = (row[key] for key in ("unit", "form", "line", "column"))
    if unit not in shape.catalogue.tree:
        yield f"单位代码“{unit}”不在本年的单位名单中"
        return
    sheets = {each.id: each for each in shape.catalogue.forms}
    columns = {each.id: each for each in sheets[form].columns} if form in sheets else {}
    if column not in columns:
        yield f"目录中没有“{form}”表“{column}”栏目，请核对"
        return
    stated = found.setdefault(unit, Stated([], {}))
    if columns[column].kind == "text":
        stated.texts[form, line, column] = words
    elif columns[column].kind == "amount":
        try:
            fen = to_fen(Decimal(words.replace(",", "")), sheets[form].unit)
            rounded = step(sheets[form].unit, int(row["decimals"])) if row.get("decimals") else 0
        except (InvalidOperation, KeyError):
            yield f"“{words}”不是数字，请改正或删去这一行"
        except ValueError:
            yield f"小数位数“{row['decimals']}”不是整数，请写 0、1、2 这样的数；准确的数留空"
        else:
            stated.figures.append((form, line, column, fen, rounded))


def _totals(shape: Shape, rows: Iterable[dict[str, str]]) -> set[tuple[str, str, str]]:
    """The lines, unit by unit, that are sums of others: by this year's forms, or an old line under which others stand."""
    levels = {unit.code: shape.level(unit.level) for unit in shape.catalogue.tree}
    forms = {form.id: {line.code for line in form.lines} for form in shape.catalogue.forms}
    used = {(row["unit"], row["form"], row["line"]) for row in rows}
    found = set()
    for unit, form, line in used:
        if line not in forms.get(form, ()):
            if any(other[:2] == (unit, form) and other[2] != line and other[2].startswith(line) for other in used):
                found.add((unit, form, line))
        elif unit in levels:
            places = (shape.place(form, line, column.id) for column in shape.catalogue.form(form).amounts)
            if any(levels[unit].computed[place] for place in places):
                found.add((unit, form, line))
    return found
