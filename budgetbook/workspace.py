"""The folder a person works in: its settings, its unit tree, its catalogue, and where issued, returned and finished files go."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from .catalogue import Catalogue, bound_digest
from .definitions import read_catalogue
from .problems import Impossible
from .settings import CONFIG, catalogue_folder, config
from .sheet import Stamp
from .tree_reader import as_day, read_tree
from .unit import Tree, Unit

if TYPE_CHECKING:
    from .book import Book
    from .season.facts import Issued
    from .season.numbers import Numbers
    from .shape import Shape
    from .xlsx.press import Press

ISSUED, RETURNED, OUT, SEASON = "issued", "returned", "out", "season"
KEPT = 4  # workspaces of tiers kept open
KINDS = 3  # numbers of regions of which is kept what follows from a shape: 25 MB where workbooks are laid out
LISTED = 40  # units named in one sentence

_Key = TypeVar("_Key")
_Kept = TypeVar("_Kept")


class Tiers:
    """The workspaces of a tree's tiers and the shapes of tiers with as many regions, a few at a time; and one press."""

    def __init__(self) -> None:
        self.opened: OrderedDict[str, Workspace] = OrderedDict()
        self.shapes: OrderedDict[int, Shape] = OrderedDict()
        self.numbers: Numbers | None = None

    @cached_property
    def press(self) -> Press:
        """Writes workbooks of all tiers."""
        from .xlsx.press import Press

        return Press()

    def keep(self, tier: str, space: Workspace) -> Workspace:
        """The workspace again, the one used longest ago forgotten."""
        _keep(self.opened, tier, space, KEPT)
        return space

    def shape(self, catalogue: Catalogue) -> Shape:
        """The shape of a tier, like that of another with as many regions."""
        from .shape import Shape

        count = len(catalogue.tree.regions)
        shape = Shape(catalogue, like=self.shapes.get(count))
        _keep(self.shapes, count, self.shapes.get(count, shape), KINDS)
        return shape

    def forget(self) -> None:
        """Nothing is kept of any tier: what comes next is unlike what was."""
        self.opened.clear()
        self.shapes.clear()
        self.__dict__.pop("press", None)


def _keep(kept: OrderedDict[_Key, _Kept], key: _Key, one: _Kept, most: int) -> None:
    kept[key] = one
    kept.move_to_end(key)
    if len(kept) > most:
        kept.popitem(last=False)


@dataclass(frozen=True)
class Workspace:
    """A folder with a budgetbook.toml, as one tier of its tree sees it; at first the root."""

    folder: Path
    city: str
    seal: str
    shape: Shape
    whole: Tree  # with the units of all tiers
    deadline: dt.date | None = None
    tiers: Tiers = field(default_factory=Tiers)

    def of(self, unit: str) -> Workspace:
        """The workspace of the tier that a unit belongs to. Raises KeyError."""
        tier = self.whole.tier_of(unit)
        if tier == self.catalogue.tree.units[0].code:
            return self
        return self.tiers.keep(tier, self.tiers.opened.get(tier) or self._bound(tier))

    def _bound(self, tier: str) -> Workspace:
        catalogue = self.catalogue.bound(self.whole.within(tier))
        return replace(self, shape=self.tiers.shape(catalogue), city=self.whole[tier].name)

    @property
    def catalogue(self) -> Catalogue:
        """The definitions for this workspace's year, bound to its tree."""
        return self.shape.catalogue

    @property
    def issued(self) -> Path:
        """Where templates go."""
        return self.folder / ISSUED

    @property
    def returned(self) -> Path:
        """Where returns are put."""
        return self.folder / RETURNED

    @property
    def out(self) -> Path:
        """Where consolidated books go."""
        return self.folder / OUT

    def unit(self, named: str) -> Unit:
        """A unit by code or by name. Raises Impossible."""
        found = [unit for unit in self.whole if named in (unit.code, unit.name)]
        if not found:
            raise Impossible(f"单位“{named}”不在 {self.folder / CONFIG} 的单位名单中，可用的有：{_listed(self.whole)}")
        return found[0]

    @property
    def due(self) -> dict[str, dt.date]:
        """Unit → when its return is due: its own deadline, or that of all."""
        days = {unit.code: unit.due or self.deadline for unit in self.catalogue.tree.leaves}
        return {code: day for code, day in days.items() if day}

    @property
    def season(self) -> Path:
        """Where it is kept what was issued, received, accepted."""
        return self.folder / SEASON

    @property
    def numbers(self) -> Numbers:
        """The numbers under which workbooks were issued, by all tiers."""
        if self.tiers.numbers is None:
            from .season.numbers import numbers
            from .season.pages import told

            self.tiers.numbers = numbers(told(self.season, "issued").facts)
        return self.tiers.numbers

    def number(self, tiers: Mapping[str, Iterable[str]], renew: bool = False) -> None:
        """Gives each unit of some *tiers* that has no number by this catalogue, or all if *renew*, a fresh one, and keeps them on
        one page. Raises OSError."""
        from .season.facts import now
        from .season.numbers import drawn
        from .season.pages import record

        at, known = now(), self.numbers
        bare: list[Issued] = []
        for tier, codes in tiers.items():
            digest = bound_digest(self.catalogue.edition_digest, self.whole.within(tier))
            bare += [drawn(code, at, digest) for code in codes if renew or not known.number(code, digest)]
        if bare:
            record(self.season, bare)
            self.tiers.numbers = None  # read again when next asked for

    def stamp(self, unit: Unit) -> Stamp:
        """The stamp of a workbook of *unit*; its serial can only be made by who holds the seal."""
        digest = self.catalogue.digest
        number = self.numbers.number(unit.code, digest)
        serial = self._serial(unit.code, self.catalogue.year, digest, number)
        return Stamp(unit.code, self.catalogue.year, unit.level, digest, serial)

    def made_here(self, stamp: Stamp) -> bool:
        """Whether a workbook with this stamp was made with this seal, be it before the catalogue was last edited."""
        own = self._serial(stamp.unit, stamp.year, stamp.digest, stamp.number)
        return hmac.compare_digest(own.encode(), stamp.serial.encode())

    def _serial(self, unit: str, year: int, digest: str, number: str) -> str:
        text = f"{unit}|{year}|{digest}|{number}"
        return f"{number}-{hmac.new(self.seal.encode(), text.encode(), hashlib.sha256).hexdigest()[:12]}"

    def package(self, book: Book) -> bytes:
        """The workbook of a book, as bytes."""
        from .template import workbook

        return self.tiers.press.write(workbook(self.catalogue, book, self.stamp(book.unit)))

    def file_name(self, unit: Unit) -> str:
        """What an issued workbook is called."""
        return f"{self.city}{self.catalogue.year}年预算报表_{unit.code}_{unit.name}.xlsx"


def open_workspace(folder: Path) -> Workspace:
    """Raises Impossible, and DefinitionError for a broken catalogue."""
    settings = config(folder)
    whole = read_tree(settings.get("unit", []), str(folder / CONFIG))
    catalogue = read_catalogue(
        catalogue_folder(folder, str(settings.get("catalogue", ""))),
        whole.within(whole.units[0].code),
        settings.get("settings"),
    )
    city, seal = settings["city"], settings.get("seal", "")
    tiers = Tiers()
    return Workspace(folder, city, seal, tiers.shape(catalogue), whole, _deadline(folder, settings), tiers)


def _listed(tree: Tree) -> str:
    """The units of a tree, or as many as can be read."""
    units = "、".join(f"{unit.code} {unit.name}" for unit in tree.units[:LISTED])
    return units + (f"等 {len(tree.units)} 个" if len(tree.units) > LISTED else "")


def _deadline(folder: Path, settings: dict[str, Any]) -> dt.date | None:
    try:
        return as_day(settings.get("deadline"))
    except ValueError as wrong:
        raise Impossible(
            f"{folder / CONFIG} 中的 deadline = “{wrong}” 不是日期，请写成 deadline = 2026-12-20"
        ) from None
