"""The rows of an attachment: which lines, units or regions it has, and what stands in each cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from ..book import Book, cell_value, no_base
from ..form import sees
from ..shape import Shape, is_open
from ..unit import Unit
from .attachment import Attachment, Cite, Measure, Pick, Side
from .made_of import difference, quotient
from .printed import Content, Figure, Rate, Row, RowKind, row
from .rounding import Sum

UNDEFINED = "—"


@dataclass(frozen=True)  # no slots: found once, then looked up
class Source:
    """The books that the papers are printed from, the units that have none, and the nodes that were added up without them."""

    shape: Shape
    books: Mapping[str, Book]
    city: str = ""
    missing: tuple[Unit, ...] = ()
    partial: frozenset[str] = frozenset()

    def units(self, word: str) -> tuple[Unit, ...]:
        """The units that a scope or a kind of row stands for."""
        return self._units.get(word, ())

    @cached_property
    def _units(self) -> dict[str, tuple[Unit, ...]]:
        tree = self.shape.catalogue.tree
        root, own = tree.units[0], next((unit for unit in tree.leaves if unit.level == "city"), None)
        city = own if own is None or own.parent == root.code else tree[own.parent]
        counties = [unit for unit in tree.leaves if unit.level == "county" and not unit.adjustment]
        inside = [*tree.under(city.code)] if city and city.level == "node" else []
        outer = tuple(node for node in tree.members(root.code) if node.level == "node" and node != city)
        return {
            "全市": (root,),
            "市级": (city,) if city else (),
            "市本级": (own,) if own else (),
            "开发区": tuple(unit for unit in counties if unit.show != "row" or unit in inside),
            "县级": outer if len(outer) == 1 else (),
            "各县": tuple(unit for unit in counties if unit.show == "row" and unit not in inside),
        }

    def absent(self, attachment: Attachment, unit: Unit) -> tuple[Unit, ...]:
        """The units without a book whose figures a table lacks: members of a partial node, or rows of their own."""
        rows = [row for word in attachment.units for row in self.units(word)]
        if unit.code in self.partial:
            rows += self.shape.catalogue.tree.under(unit.code)
        return tuple(leaf for leaf in self.missing if leaf in rows or leaf == unit)


@dataclass(frozen=True, slots=True)
class Seed:
    """What a row is about: a line of the scope's book, a unit with a book of its own, or a region."""

    pick: Pick
    unit: str = ""
    region: str = ""


@dataclass(slots=True)
class Press:
    """Prints the rows of one attachment for one unit; `sums` are the relations of derived figures it met on the way."""

    source: Source
    attachment: Attachment
    unit: Unit
    sums: list[Sum] = field(default_factory=list)

    def side_rows(self, side: Side) -> list[Row]:
        """The rows of one side of a table of lines."""
        seeds = [Seed(pick) for pick in side.picks if self._seen(pick)]
        shown = list(self._filled(seeds)) or [seed for seed in seeds if seed.pick.level == 0]
        return [self._row(seed) for seed in _placed(shown, self.attachment.total)]

    def unit_rows(self) -> list[Row]:
        """One row a unit, from its own book."""
        return [self._row(Seed(pick, unit.code)) for pick, unit in self._unit_picks() if unit.code in self.source.books]

    def region_rows(self) -> list[Row]:
        """合计, then a row for each region that a by-region line of the scope's book names."""
        regions = [*self.source.units("开发区"), *self.source.units("各县")]
        seeds = [Seed(Pick("", "", unit.name, opens=True), region=unit.code) for unit in regions]
        shown = [seed for seed in seeds if self.attachment.zero_lines or self._speaks(seed)]
        total = Seed(Pick("", "", "合计", "total", opens=True, total=True))
        return [self._row(seed) for seed in _placed([total, *(shown or seeds)], self.attachment.total)]

    def _unit_picks(self) -> Iterator[tuple[Pick, Unit]]:
        for word in self.attachment.units:
            for unit in self.source.units(word):
                yield _unit_pick(word, unit), unit

    def _seen(self, pick: Pick) -> bool:
        form = self.source.shape.catalogue.form(pick.form)
        return sees(form, form.line(pick.line), self.unit.level)

    def _filled(self, seeds: Sequence[Seed]) -> Iterator[Seed]:
        """Those with a figure; a heading with a line under it that has one; all where zero lines are printed."""
        for at, seed in enumerate(seeds):
            below = seeds[at + 1 :]
            end = next((n for n, one in enumerate(below) if one.pick.level <= seed.pick.level), len(below))
            heads = self._is_heading(seed) and any(self._speaks(one) for one in below[:end])
            if self.attachment.zero_lines or heads or self._speaks(seed):
                yield seed

    def _is_heading(self, seed: Seed) -> bool:
        form = self.source.shape.catalogue.form(seed.pick.form)
        return form.line(seed.pick.line).kind == "heading"

    def _speaks(self, seed: Seed) -> bool:
        cites = (cite for measure in self.attachment.measures if measure.kind != "text" for cite in measure.cites)
        return any(fen for _, fen in (self.figure(cite, seed) for cite in cites)) or self._is_ratio(seed)

    def _is_ratio(self, seed: Seed) -> bool:
        if not seed.pick.line:
            return False
        return self.source.shape.catalogue.form(seed.pick.form).line(seed.pick.line).kind == "ratio"

    def _row(self, seed: Seed) -> Row:
        code = (seed.pick.line if seed.pick.line.isdigit() else None,) if self.attachment.codes else ()
        cells = (self.cell(measure, seed) for measure in self.attachment.measures)
        pick = seed.pick
        return row(*code, pick.name, *cells, kind=pick.kind, level=pick.level, opens=pick.opens)

    def figure(self, cite: Cite, seed: Seed) -> tuple[str, int | None]:
        """The identity of a figure and its amount in fen, None if blank or nowhere."""
        unit = self._unit_of(cite, seed)
        form, line = cite.form or seed.pick.form, _line_of(cite, seed)
        shape, book = self.source.shape, self.source.books.get(unit)
        for column in cite.columns:
            if book and shape.has(form, line, column):
                sheet = shape.catalogue.form(form)
                if is_open(sheet, sheet.line(line), column, book.unit.level):
                    return f"{unit}/{form}:{line}:{column}", book.at(form, line, column)
        return "", None

    def _unit_of(self, cite: Cite, seed: Seed) -> str:
        named = self.source.units(cite.scope) if cite.scope else ()
        return named[0].code if named else seed.unit or self.unit.code

    def cell(self, measure: Measure, seed: Seed) -> Content:
        """What is printed in one cell."""
        if measure.kind == "text":
            return self._words(measure.cites[0], seed)
        if self._is_ratio(seed):
            return self._ratio(measure, seed)
        found = [self.figure(cite, seed) for cite in measure.cites]
        if measure.kind == "amount":
            return self._amount([(id, fen) for id, fen in found if id])
        (above, of), (below, base) = found
        if of is None or base is None:
            return None
        if measure.kind == "difference":
            return self._difference(above, of, below, base)
        if no_base(measure.kind, base):
            return UNDEFINED
        above_base = of - base if measure.kind == "growth" else of
        return Rate(above_base, base, self.attachment.rate_decimals, quotient(measure.kind, above, below))

    def _amount(self, found: Sequence[tuple[str, int | None]]) -> Content:
        given = [(id, fen) for id, fen in found if fen is not None]
        if not given:
            return None
        id = "+".join(id for id, _ in found)
        if len(found) > 1:
            self.sums.append(Sum(id, tuple((1, part) for part, _ in given)))
        return self._print(id, sum(fen for _, fen in given))

    def _difference(self, above: str, of: int, below: str, base: int) -> Content:
        id = difference(above, below)
        self.sums.append(Sum(above, ((1, below), (1, id))))
        return self._print(id, of - base)

    def _print(self, id: str, fen: int) -> Content:
        if not fen and self.attachment.zero != "0":
            return self.attachment.zero or None
        return Figure(fen, self.attachment.unit, self.attachment.decimals, id)

    def _words(self, cite: Cite, seed: Seed) -> Content:
        book = self.source.books.get(self._unit_of(cite, seed))
        key = cite.form or seed.pick.form, _line_of(cite, seed), cite.columns[0]
        return book.texts.get(key) if book else None

    def _ratio(self, measure: Measure, seed: Seed) -> Content:
        ids = [
            f"{self._unit_of(cite, seed)}/{seed.pick.form}:{seed.pick.line}:{cite.columns[0]}" for cite in measure.cites
        ]
        values = [value for cite in measure.cites if (value := self._ratio_value(cite, seed)) is not None]
        if len(values) != len(measure.cites) or measure.kind not in ("amount", "difference"):
            return None
        value = values[0] - values[1] if measure.kind == "difference" else values[0]
        id = difference(*ids) if measure.kind == "difference" else ids[0]
        return Rate(value.numerator, value.denominator, self.attachment.rate_decimals, id)

    def _ratio_value(self, cite: Cite, seed: Seed) -> Fraction | None:
        book = self.source.books.get(self._unit_of(cite, seed))
        if book is None:
            return None
        form = self.source.shape.catalogue.form(seed.pick.form)
        return cell_value(book, form, form.line(seed.pick.line), form.column(cite.columns[0]))


def _unit_pick(word: str, unit: Unit) -> Pick:
    together = word in ("全市", "县级")
    kind: RowKind = "total" if together else "of_which" if word == "开发区" else "plain"
    name = f"{unit.name}合计" if together else f"其中：{unit.name}" if word == "开发区" else unit.name
    return Pick("", "", name, kind, int(word in ("开发区", "各县", "市本级")), together)


def _line_of(cite: Cite, seed: Seed) -> str:
    if not seed.region and "{region}" in cite.line:
        return cite.line.replace(".{region}", "")
    item = "".join(seed.pick.line.partition(".")[1:])
    line = cite.line.replace("{row}", seed.pick.line).replace("{item}", item).replace("{region}", seed.region)
    return dict(cite.instead).get(line, line)


def _placed(seeds: Sequence[Seed], where: str) -> list[Seed]:
    """合計 first or last."""
    totals = [seed for seed in seeds if seed.pick.total]
    others = [seed for seed in seeds if not seed.pick.total]
    return [*totals, *others] if where == "first" else [*others, *totals]
