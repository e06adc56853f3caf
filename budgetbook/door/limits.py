"""How much a workbook may hold: what legitimate files need, with room to spare."""

from dataclasses import dataclass

KIB, MIB = 1 << 10, 1 << 20
COLUMNS, ROWS = 16_384, 1_048_576


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes are bytes, boxes and merges are cells; all count what is really there, never what is declared.

    `cells` have content, `places` are cells with or without, `box` is the rectangle around the content of a sheet.
    """

    entries: int = 2_000
    part: int = 100 * MIB
    total: int = 200 * MIB
    ratio: int = 100
    ratio_from: int = 100 * KIB
    prolog: int = 64 * KIB
    tag: int = MIB
    elements: int = 5_000_000
    names: int = 5_000
    depth: int = 64
    cells: int = 2_000_000
    places: int = 4_000_000
    box: int = 5_000_000
    merges: int = 10_000
    merged: int = 1_000_000
    styles: int = 100_000
    strings: int = 2_000_000


LIMITS = Limits()
