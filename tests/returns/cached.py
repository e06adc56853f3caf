"""What becomes of the results that stand beside formulas: kept, stale, dropped, or of another type. Works on the XML as openpyxl writes it."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable, Mapping
from decimal import Decimal

import openpyxl

from .filled_return import PACKAGE

Parts = dict[str, bytes]
CacheEdit = Callable[[Parts, random.Random], None]
_FORMULA = re.compile(r'<c r="([A-Z]+[0-9]+)"( s="[0-9]+")?[^>]*><f>([^<]*)</f><v ?(?:/>|></v>)</c>')
_SUM = re.compile(r"([0-9]+)\+([0-9.]+)")


def _results() -> Mapping[str, str]:
    """What the formulas of the return came to before anyone touched it, by what they say."""
    says, came = (openpyxl.load_workbook(io.BytesIO(PACKAGE), data_only=only) for only in (False, True))
    cells = [cell for page in says.worksheets for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    return {cell.value[1:]: repr(came[cell.parent.title][cell.coordinate].value) for cell in cells}


RESULTS = _results()


def _came_to(formula: str) -> str:
    """What a program would have left beside a formula; empty if the formula is none that we know."""
    added = _SUM.fullmatch(formula)
    return str(Decimal(added[1]) + Decimal(added[2])) if added else RESULTS.get(formula, "")


def _each(share: float, put: Callable[[str, random.Random], str]) -> CacheEdit:
    """Treats a share of the formulas of one sheet that have no result; `put` makes the type and the value of one."""

    def edit(parts: Parts, rng: random.Random) -> None:
        name = rng.choice([name for name in parts if name.startswith("xl/worksheets/sheet")])

        def treat(found: re.Match[str]) -> str:
            result = put(found[3], rng)
            if not result or rng.random() > share:
                return found[0]
            return f'<c r="{found[1]}"{found[2] or ""}{result.replace("<f/>", f"<f>{found[3]}</f>")}</c>'

        parts[name] = _FORMULA.sub(treat, parts[name].decode()).encode()

    return edit


def _kept(formula: str, _rng: random.Random) -> str:
    return f"><f/><v>{result}</v>" if (result := _came_to(formula)) else ""


def _stale(formula: str, rng: random.Random) -> str:
    return f"><f/><v>{rng.randint(1, 99_999)}</v>"


def _dropped(_formula: str, _rng: random.Random) -> str:
    return "><f/>"


def _word(formula: str, rng: random.Random) -> str:
    """Only a formula that may show nothing shows nothing."""
    words = (' t="str"><f/><v>约数</v>', ' t="e"><f/><v>#REF!</v>', ' t="b"><f/><v>1</v>', ' t="str"><f/><v></v>')
    return rng.choice(words if formula.startswith("IF(") else words[:3])


CACHED: dict[str, CacheEdit] = {
    "results_kept": _each(1, _kept),
    "one_result_stale": _each(0.1, _stale),
    "results_stale": _each(1, _stale),
    "results_dropped": _each(1, _dropped),
    "results_of_another_type": _each(0.5, _word),
}
