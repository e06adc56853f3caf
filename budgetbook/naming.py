"""How a figure, its cell and its value are written for people and for programs."""

from __future__ import annotations

from fractions import Fraction
from pathlib import PurePath

from .amount import from_fen, rounded, shown
from .catalogue import Catalogue
from .shape import Key
from .unit import Unit

Value = int | Fraction  # an amount in whole fen, or a plain ratio


def clean(text: str) -> str:
    """Text from a file, made harmless: nothing in it can control the terminal."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def figure_name(catalogue: Catalogue, key: Key) -> str:
    """`表01“税收收入”2025年执行数`."""
    form = catalogue.form(key[0])
    return f"{form.sheet}“{form.line(key[1]).name}”{form.column(key[2]).heading}"


def identity(catalogue: Catalogue, role: str, unit: Unit, key: Key) -> dict[str, object]:
    """Whose figure it is and what it is called, as an answer in JSON begins."""
    form, line, column = key
    return {
        "role": role,
        "unit": unit.code,
        "name": unit.name,
        "form": form,
        "line": line,
        "column": column,
        "title": figure_name(catalogue, key),
    }


def written(value: Value | None, signed: bool = False) -> str:
    """An amount in 万元, a ratio in per cent with four decimals, or 空白."""
    if value is None:
        return "空白"
    plus = "+" if signed and value > 0 else ""
    if isinstance(value, Fraction):
        return f"{plus}{rounded(value * 100, 4):,}%"
    return f"{plus}{shown(value)} 万元"


def number(value: Value | None) -> int | float | None:
    """For JSON: 万元, or a plain ratio."""
    if value is None or isinstance(value, Fraction):
        return None if value is None else float(value)
    amount = from_fen(value)
    return int(amount) if amount == amount.to_integral() else float(amount)


def file_name(path: str) -> str:
    """The last part of a path, harmless."""
    return clean(PurePath(path).name)
