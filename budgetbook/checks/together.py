"""Everything that was handed in at once, for the rules that compare one unit with others or one year with another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..book import Book
from ..consolidation import Pair, sent
from ..prior import Prior
from ..shape import Given, Shape


@dataclass(frozen=True, slots=True)
class Together:
    """Books by unit code. `stated` came in as files; `nodes` were consolidated from them."""

    shape: Shape
    stated: Mapping[str, Book]
    nodes: Mapping[str, Book] = field(default_factory=dict)
    prior: Prior = field(default_factory=Prior)
    estimates: Mapping[str, Book] = field(default_factory=dict)  # the 代编 books that approved ones replace
    moved: Sequence[Pair] = ()  # what is paid and received between two that are here
    unread: Mapping[str, Given] = field(default_factory=dict)  # unit → figures: what could not be read of its return
    blank: Sequence[str] = ()  # units whose book says nothing; it is not among the others

    @property
    def leaves(self) -> Sequence[Book]:
        """The returns of leaves."""
        return list(sent(self.shape.catalogue.tree, self.stated).values())

    @property
    def books(self) -> Mapping[str, Book]:
        """All books; a node that was handed in goes before the one that was consolidated."""
        return {**self.nodes, **self.stated}
