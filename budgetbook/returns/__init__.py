"""From the cells of a returned workbook to a return: read by key, never by position; what cannot be placed is reported.

Names load when first used: who takes a file apart knows its cells, and nothing of forms and figures.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .identity import identified
    from .marks import Where
    from .reading import read_return
    from .receipt import Receipt
    from .sent import Accounts, Return
    from .source import Facts, Glance, Grid, Source
    from .values import Reading, understood

__all__ = [
    "Accounts",
    "Facts",
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

_MODULES = {
    "identity": ("identified",),
    "marks": ("Where",),
    "reading": ("read_return",),
    "receipt": ("Receipt",),
    "sent": ("Accounts", "Return"),
    "source": ("Facts", "Glance", "Grid", "Source"),
    "values": ("Reading", "understood"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)
