"""The workbooks of a drawn country: every return, filled, in a folder for each tier, written side by side."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from budgetbook.book import Book
from budgetbook.door.workers import processors
from budgetbook.workspace import Workspace, open_workspace

from .figures import sample, tier_books
from .tree import Size, write_tree


def write_country(size: Size, folder: Path, only: frozenset[str] = frozenset(), jobs: int = 0) -> int:
    """The workspace and its returns; how many. *only*: the tiers whose files are wanted, all if none is named. A tier whose
    folder is there already is left alone."""
    write_tree(size, folder)
    space, drawn, seats = open_workspace(folder), sample(), dict[str, Book]()
    left = {tier.code for tier in space.whole.tiers if not (space.returned / tier.code).is_dir()}
    count = 0
    with ProcessPoolExecutor(jobs or processors(), initializer=_open, initargs=(folder,)) as pool:
        written = []
        for tier in space.whole.tiers:
            lower = {code: seats.pop(code) for code in [*seats] if space.whole.tier_above(code) == tier.code}
            books = list(tier_books(drawn, space, tier.code, lower))
            seats[tier.code] = books[-1]
            count += len(books) * (not only or tier.code in only)
            if tier.code in left and (not only or tier.code in only):
                written.append(
                    pool.submit(
                        _write, tier.code, [(book.unit.code, book.fen, book.given, book.texts) for book in books]
                    )
                )
            while len(written) > 2 * processors():
                written.pop(0).result()
        for each in written:
            each.result()
    return count


_here: list[Workspace] = []


def _open(folder: Path) -> None:
    _here[:] = [open_workspace(folder)]


def _write(tier: str, books: list[tuple]) -> None:  # type: ignore[type-arg]  # code, fen, given, texts
    space = _here[0].of(tier)
    folder = space.returned / f"{tier}.part"
    folder.mkdir(parents=True, exist_ok=True)
    for code, fen, given, texts in books:
        unit = space.catalogue.tree[code]
        (folder / space.file_name(unit)).write_bytes(space.package(Book(unit, space.shape, fen, given, texts)))
    folder.rename(space.returned / tier)
