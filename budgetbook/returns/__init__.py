"""From the cells of a returned workbook to a return: read by key, never by position; what cannot be placed is reported."""

from __future__ import annotations

from ..shape import Shape
from .identity import identified
from .marks import Where
from .placing import Placing
from .receipt import Receipt
from .sent import Accounts, Return
from .source import Facts, Formulas, Glance, Grid, Source
from .values import Reading, understood

__all__ = [
    "Accounts",
    "Facts",
    "Formulas",
    "Glance",
    "Grid",
    "Reading",
    "Receipt",
    "Return",
    "Source",
    "Where",
    "identified",
    "read_return",
    "understood",
]


def read_return(shape: Shape, source: Source, file: str, sha256: str) -> Return | str:
    """A return, or the sentence that says why the file is not one."""
    stamp = identified(source, shape.catalogue)
    if isinstance(stamp, str):
        return stamp
    return Placing(shape, shape.catalogue.tree[stamp.unit], source, file, sha256, stamp).place()
