"""A workbook as read becomes a return, or the sentence that says why it is none."""

from __future__ import annotations

from ..shape import Shape
from .identity import identified
from .placing import Placing
from .sent import Return
from .source import Source


def read_return(shape: Shape, source: Source, file: str, sha256: str) -> Return | str:
    """A return, or the sentence that says why the file is not one."""
    stamp = identified(source, shape.catalogue)
    if isinstance(stamp, str):
        return stamp
    return Placing(shape, shape.catalogue.tree[stamp.unit], source, file, sha256, stamp).place()
