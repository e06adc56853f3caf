"""Workbooks on their way out, many at once: what is laid out is laid out once, the rest is copied on all processors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .book import Book, SlimBook
from .prior import Prior, prefilled
from .saving import save
from .unit import Unit
from .workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

FILLED, MANY = 10, 60  # a filled workbook takes as long as ten blank ones; below sixty blank ones workers do not pay
BATCH = 16  # handed to a worker at a time; a kind with as many copies is laid out before there are workers


Batch = tuple[str, Sequence[SlimBook]]  # a tier and books of its units


def issue(
    space: Workspace,
    units: Sequence[Unit],
    out: Path,
    renew: bool = False,
    prior: Prior | None = None,
    jobs: int | None = None,
) -> Iterator[Path]:
    """A workbook for each unit under a number of its own, the same as last time unless *renew* or a new catalogue; blank but for
    what continues its book of last year, if there is one."""
    tiers: dict[str, list[str]] = {}
    for unit in units:
        tiers.setdefault(space.whole.tier_of(unit.code), []).append(unit.code)
    space.number(tiers, renew)
    known = prior or Prior()
    batches = [(tier, [_fresh(unit, known) for unit in _units(space, tier, codes)]) for tier, codes in tiers.items()]
    yield from _write_all(space, batches, out, jobs)


def _units(space: Workspace, tier: str, codes: Iterable[str]) -> Iterator[Unit]:
    tree = space.whole.within(tier)
    return (tree[code] for code in codes)


def _fresh(unit: Unit, prior: Prior) -> SlimBook:
    if unit.code in prior.books:
        return SlimBook.of(prefilled(prior.books[unit.code], prior.split.get(unit.code, ())))
    return SlimBook(unit, np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.int64))


def write_books(space: Workspace, books: Mapping[str, Book], out: Path) -> Iterator[Path]:
    """A workbook for each book of one tier, several at a time."""
    yield from _write_all(
        space, [(space.catalogue.tree.units[0].code, [SlimBook.of(book) for book in books.values()])], out
    )


def write_one(space: Workspace, slim: SlimBook, out: Path) -> Path:
    """The workbook of one book."""
    path = out / space.file_name(slim.unit)
    save(path, space.package(slim.whole(space.shape)))
    return path


def _write_all(space: Workspace, batches: Sequence[Batch], out: Path, jobs: int | None = None) -> Iterator[Path]:
    """Few here, or one level here and the others beside it; of many the first of each kind here and then all side by side."""
    out.mkdir(parents=True, exist_ok=True)
    levels = {slim.unit.code: slim.unit.level for _, slims in batches for slim in slims}
    if jobs == 1:
        yield from _written(space, batches, out)
    elif sum(FILLED if slim.places.size else 1 for _, slims in batches for slim in slims) > MANY:
        first, rest = _parted(batches, _first(space, batches))
        yield from _written(space, first, out)
        yield from _side_by_side(space, rest, out, jobs)
    elif len(set(levels.values())) > 1:
        most, _ = Counter(levels.values()).most_common(1)[0]
        yield from _level_by_level(space, *_parted(batches, {code for code in levels if levels[code] == most}), out)
    else:
        yield from _written(space, batches, out)


def _written(space: Workspace, batches: Iterable[Batch], out: Path) -> Iterator[Path]:
    for tier, slims in batches:
        own = space.of(tier)
        yield from (write_one(own, slim, out) for slim in slims)


def _first(space: Workspace, batches: Sequence[Batch]) -> set[str]:
    """The first unit of each kind that has many alike: workers begin with what is laid out for these."""
    found: dict[tuple[object, ...], list[str]] = {}
    for tier, slims in batches:
        regions = len(space.whole.within(tier).regions)
        for slim in slims:
            found.setdefault((slim.unit.level, slim.unit.kinds, regions), []).append(slim.unit.code)
    return {codes[0] for codes in found.values() if len(codes) >= BATCH}


def _parted(batches: Sequence[Batch], codes: Container[str]) -> tuple[list[Batch], list[Batch]]:
    """The books of some units, and those of the others."""
    parts: tuple[list[Batch], list[Batch]] = [], []
    for tier, slims in batches:
        for part, here in zip(parts, (True, False), strict=True):
            if some := [slim for slim in slims if (slim.unit.code in codes) == here]:
                part.append((tier, some))
    return parts


def _level_by_level(space: Workspace, here: Sequence[Batch], beside: Sequence[Batch], out: Path) -> Iterator[Path]:
    """Laying out a level is most of the work, and one level needs nothing of another."""
    with _pool(space, 1) as pool:
        others = [pool.submit(_write_here, batch, out) for batch in beside]
        yield from _written(space, here, out)
        for other in others:
            yield from other.result()


def _side_by_side(space: Workspace, batches: Sequence[Batch], out: Path, jobs: int | None) -> Iterator[Path]:
    from .door.workers import processors

    workers = jobs or processors()
    size = max(1, min(BATCH, sum(len(slims) for _, slims in batches) // (4 * workers)))
    cut = [(tier, slims[at : at + size]) for tier, slims in batches for at in range(0, len(slims), size)]
    if cut:
        with _pool(space, min(workers, len(cut))) as pool:
            for paths in pool.map(_write_here, cut, [out] * len(cut)):
                yield from paths


_here: list[Workspace] = []  # in a worker: its workspace


def _pool(space: Workspace, workers: int) -> ProcessPoolExecutor:
    from concurrent.futures import ProcessPoolExecutor

    _here[:] = [space]  # what a forked worker starts from
    tier = space.catalogue.tree.units[0].code
    return ProcessPoolExecutor(workers, initializer=_open, initargs=(space.folder, tier))


def _open(folder: Path, tier: str) -> None:
    if not _here or _here[0].folder != folder:
        _here[:] = [open_workspace(folder).of(tier)]


def _write_here(batch: Batch, out: Path) -> list[Path]:
    return list(_written(_here[0], [batch], out))
