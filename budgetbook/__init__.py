"""Budget papers of a city: one definition of a form, from the blank workbook to the printed page.

`budgetbook.open_workspace(folder)` is where a script begins; see `samples/api_example.py`. Names load when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import (
        Book,
        Consolidated,
        Difference,
        Explanation,
        Finding,
        Impossible,
        Reason,
        Return,
        Workspace,
        check,
        consolidate,
        diff,
        explain,
        export,
        fill,
        open_workspace,
        read,
        read_all,
        read_figures,
        why,
    )

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


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
