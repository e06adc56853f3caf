"""The dozen functions for scripts and notebooks. Amounts are whole fen inside books and 万元 in frames and files."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from .book import Book
from .checks import check_all, sorted_findings
from .consolidation import Consolidated, sent
from .consolidation import consolidate as _consolidate
from .exchange import exported, figures
from .finding import Finding
from .inquiry import comparing, tracing
from .inquiry.difference import Difference
from .inquiry.explanation import Explanation
from .inquiry.reasons import Reason
from .intake import take_in
from .jobs import fill_one, one_return
from .last_year import read_prior
from .problems import Impossible
from .returns import Return
from .season.collecting import used
from .workspace import Workspace
from .workspace import open_workspace as _open

PathLike = str | Path


def open_workspace(folder: PathLike) -> Workspace:
    """The workspace in *folder*: settings, unit tree (`.catalogue.tree`), catalogue, and where files go.

    Raises Impossible if there is no budgetbook.toml, DefinitionError for a catalogue with mistakes in it.
    """
    return _open(Path(folder))


def read(space: Workspace, path: PathLike) -> Return:
    """One returned workbook: `.book` as stated, `.place(form, line, column)` where each figure stood, `.findings` of reading.

    The file is read in a process of its own. Raises Impossible with the sentence that says why it cannot be read.
    """
    return one_return(space, Path(path))


def read_all(space: Workspace, paths: Iterable[PathLike] = ()) -> dict[str, Return]:
    """Unit code → return, for files, folders and zip archives; the versions that count in the workspace if none is named.

    What cannot be read is left out, and so is a unit with two different files: `budgetbook check` says which and why.
    Raises Impossible if a path does not exist or holds no workbook at all.
    """
    chosen = [Path(path) for path in paths] or used(space)
    return deque(take_in(space, chosen), maxlen=1).pop().returns


def read_figures(space: Workspace, path: PathLike) -> dict[str, Book]:
    """Unit code → book from tidy figures (.csv, .parquet, .sqlite, .duckdb), totals computed.

    Raises DefinitionError with every row that cannot be placed, and if a library for the format is not installed.
    """
    return figures.read_figures(Path(path), space.shape)


def check(
    space: Workspace, returns: Return | Mapping[str, Return], prior: PathLike = "", calibre: str = ""
) -> list[Finding]:
    """Everything that is wrong with one return or with many and between them, worst first; amounts in fen.

    *prior*: also against last year's books, a workspace, its workbooks or tidy figures; *calibre*: 决算 or 快报, if the books do
    not say. Raises Impossible and DefinitionError where last year's books cannot be read or have no place this year.
    """
    last = read_prior(space, Path(prior), calibre) if prior else None
    many = {returns.unit.code: returns} if isinstance(returns, Return) else returns
    alone = [finding for ret in many.values() for finding in ret.findings]
    return sorted_findings([*alone, *check_all(space.shape, many, last)])


def consolidate(space: Workspace, returns: Mapping[str, Return | Book]) -> Consolidated:
    """`.books`: node code → book, totals recomputed and flows between members eliminated (`.eliminated`).

    A node is left out while a member is missing; `.missing` names them. Never raises.
    """
    books = {code: each.book if isinstance(each, Return) else each for code, each in returns.items()}
    return _consolidate(space.shape, sent(space.catalogue.tree, books))


def explain(space: Workspace, book: PathLike, cell: str, returns: Iterable[PathLike] = ()) -> Explanation:
    """A figure or ratio (`"表01!G7"`) of a consolidated book as a tree down to the returned cells; `.leaves()` add up to it.

    Raises Impossible if the cell holds no figure, the book is another workspace's, or a return is missing.
    """
    chosen = [Path(path) for path in returns] or used(space)
    return tracing.explain(space, Path(book), cell, chosen, _silent).explanation


def diff(space: Workspace, old: PathLike, new: PathLike) -> list[Difference]:
    """What changed between two workbooks of one unit, or two folders unit by unit; values largest first, in fen.

    Raises Impossible if nothing can be read or the workbooks are of different units.
    """
    one = comparing.of_one_tier(space, (Path(old), Path(new)))
    return comparing.diff(one, Path(old), Path(new), _silent)


def why(space: Workspace, old: PathLike, new: PathLike, cell: str, unit: str = "") -> Reason:
    """Why a consolidated figure changed between two folders of returns; the changes of `.parts` add up to `.change`.

    *unit*: code or name of the node, the root of the tree if empty. Raises Impossible.
    """
    node = space.unit(unit) if unit else None
    return tracing.why(space.of(node.code) if node else space, Path(old), Path(new), cell, node, _silent)[1]


def export(space: Workspace, books: Iterable[Return | Book], out: PathLike, names: bool = False) -> list[Path]:
    """Tidy figures in 万元 (unit, form, line, column, value) as .csv, .parquet, .sqlite or .duckdb, with a datapackage.json.

    *names*: also what units, forms, lines and columns are called. Returns the files written. Raises Impossible, and
    DefinitionError if a library for the format is not installed.
    """
    chosen = [each.book if isinstance(each, Return) else each for each in books]
    return exported.write_figures(space.catalogue, chosen, Path(out), names)


def fill(space: Workspace, workbook: PathLike, figures: PathLike, out: PathLike) -> str:
    """Lays tidy figures over a workbook and saves it as *out*; returns the sentence that says how many.

    Raises Impossible, and DefinitionError with every row that cannot be placed.
    """
    return fill_one(space, Path(workbook), Path(figures), Path(out))


def _silent(title: str, steps: Iterable[Any], total: int | None, /) -> Iterator[Any]:
    yield from steps


__all__ = [
    "Book",
    "Consolidated",
    "Difference",
    "Explanation",
    "Finding",
    "Impossible",
    "Reason",
    "Return",
    "Workspace",
    "check",
    "consolidate",
    "diff",
    "explain",
    "export",
    "fill",
    "open_workspace",
    "read",
    "read_all",
    "read_figures",
    "why",
]
