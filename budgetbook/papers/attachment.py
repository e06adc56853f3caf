"""附表 as staff define it: which lines and columns of which unit's book a printed table shows, and in what order tables are bound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .chart import Kind
from .printed import Paper, RowKind

Layout = Literal["lines", "two_sided", "units", "regions"]
Place = Literal["first", "last"]
STAGES = ("执行", "草案")
SCOPES = ("全市", "市级", "市本级", "开发区", "县级")
LEVELS_OF_CODE = {"类": 3, "款": 5, "项": 7, "目": 9}  # how long a code of that level is


@dataclass(frozen=True, slots=True)
class Cite:
    """Where a figure is taken from. `line` may hold {row} (the line in the row), {item} (what follows the first dot of
    it) or {region}; of `columns` the first that the line has."""

    form: str
    line: str
    columns: tuple[str, ...]
    scope: str = ""  # none named means the scope of the table
    instead: tuple[tuple[str, str], ...] = ()  # lines that go by another code than the pattern gives


@dataclass(frozen=True, slots=True)
class Measure:
    """What a printed column shows: the sum of its cites, one cite against another, or the words of a text column."""

    kind: Literal["amount", "difference", "growth", "percent", "text"]
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """One column with its measure, or a heading over several."""

    text: str
    measure: Measure | None = None
    parts: tuple[Heading, ...] = ()

    def measures(self) -> Iterator[Measure]:
        """The measures under this heading, from the left."""
        if self.measure:
            yield self.measure
        for part in self.parts:
            yield from part.measures()


@dataclass(frozen=True, slots=True)
class Pick:
    """A line to print, and how its row looks."""

    form: str
    line: str
    name: str
    kind: RowKind = "plain"
    level: int = 0
    opens: bool = False
    total: bool = False  # the 合计 row, which stands first or last


@dataclass(frozen=True, slots=True)
class Side:
    """A run of lines under a common heading: a whole table, or the 收入 or 支出 half of a two-sided one."""

    picks: tuple[Pick, ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """附表定义: one printed table for one scope."""

    id: str
    title: str
    budget: str
    stage: str
    scope: str
    layout: Layout
    columns: tuple[Heading, ...]
    sides: tuple[Side, ...] = ()
    units: tuple[str, ...] = ()  # which units are rows, in order
    label: str = "项目"
    number: str = ""  # none given means counted
    unit: str = "万元"
    decimals: int = 0
    rate_decimals: int = 1
    codes: bool = False
    zero_lines: bool = False
    zero: str = "0"
    total: Place = "last"
    notes: tuple[str, ...] = ()
    empty: str = ""
    depth: int = 0  # length of the longest code that is printed
    paper: Paper | None = None

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What its columns show, from the left; on a two-sided table, of one side."""
        return tuple(measure for heading in self.columns for measure in heading.measures())

    @property
    def forms(self) -> frozenset[str]:
        """The forms it is taken from."""
        cited = {cite.form for measure in self.measures for cite in measure.cites}
        return frozenset({pick.form for side in self.sides for pick in side.picks} | cited - {""})

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes it shows."""
        cited = {cite.scope for measure in self.measures for cite in measure.cites if cite.scope}
        return frozenset({self.scope} | cited)


@dataclass(frozen=True, slots=True)
class Required:
    """A table that the law asks for; any attachment from that form for that stage and scope, deep enough, is that table."""

    name: str
    basis: str
    form: str
    stage: str
    scope: str
    depth: int = 0

    def met_by(self, attachment: Attachment) -> bool:
        """Whether *attachment* is this table."""
        named = self.form in attachment.forms and self.stage == attachment.stage
        return named and self.scope in attachment.scopes and self.depth <= attachment.depth


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart to draw: `lines` (form, line) of one scope or `units` as categories, one series a measure."""

    title: str
    kind: Kind
    unit: str
    scope: str
    columns: tuple[Heading, ...]
    picks: tuple[Pick, ...] = ()
    units: tuple[str, ...] = ()
    top: int = 0  # the largest so many, the others together


@dataclass(frozen=True, slots=True)
class Binding:
    """How the tables are bound: the cover, the order, and one book or two."""

    title: str
    subtitle: str
    issuer: str
    date: str
    two_books: bool
    number: str
    budgets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperSet:
    """All that staff define about the congress papers of one year."""

    binding: Binding
    attachments: tuple[Attachment, ...]
    required: tuple[Required, ...]
    drawings: tuple[Drawing, ...]
