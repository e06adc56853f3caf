"""A cell's value as an amount. Text that is plainly a number is taken and reported; nothing else is guessed."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..amount import FEN, LARGEST, plain, to_fen
from ..finding import Severity

BLANKS = {"", "-", "—", "——", "–", "/", "无", "×", "…", "..."}
DASHES = {0x2012: "-", 0x2013: "-", 0x2014: "-", 0x2015: "-", 0x2212: "-"}
READABLE = 20  # digits
_ADORNED = ("<super>", "<sub>", "<circle>", "<fraction>", "<square>", "<compat>", "<font>")
_NUMBER = re.compile(
    r"(?P<open>\()?(?P<sign>[+-]?)(?P<digits>[0-9]+(\.[0-9]*)?|\.[0-9]+)(?P<close>\))?(?P<unit>元|万元|亿元)?"
)
_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")
_GROUPED = re.compile(r"(?<![\d.])\d{1,3}(?: \d{3})+(?!\d)")
_IDLE = re.compile(r"(?<![\d.])\s|\s(?![\d.])")


@dataclass(frozen=True, slots=True)
class Reading:
    """One cell's value understood: an amount in fen, and the rule that objects with what it says; `kind` if a whole column may be
    so."""

    fen: int | None = None
    rule: str = ""
    severity: Severity = "error"
    says: str = ""
    kind: str = ""


def understood(value: Any, unit: str) -> Reading:
    """The value of a cell on a form kept in *unit*."""
    if isinstance(value, bool):
        return Reading(rule="U-05", says="是逻辑值（TRUE/FALSE），不是数字，请改填数字或留空")
    if isinstance(value, int | float):
        return _number(Decimal(repr(value)), unit)
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return Reading(rule="U-05", says=f"是日期或时间（{value}），不是数字，请把单元格格式改为数值后重填")
    return _text(str(value), unit)


def _number(amount: Decimal, unit: str) -> Reading:
    if not amount.is_finite() or abs(amount) > LARGEST:
        return Reading(rule="U-05", says=f"的数{_huge(amount)}过大，不可能是以{unit}为单位的金额，请核对单位和小数点")
    fen = to_fen(amount, unit)
    exponent = amount.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < -2:
        return Reading(
            fen,
            "R-INT-01",
            "warning",
            f"的数 {plain(amount)} 超过两位小数，请核对是否从别处粘贴、单位是否一致",
            "long",
        )
    return Reading(fen)


def _huge(amount: Decimal) -> str:
    """A number that is too large, or how many digits it has where nobody would read them."""
    if not amount.is_finite():
        return ""
    digits = amount.adjusted() + 1
    return f" {plain(amount)} " if digits <= READABLE else f"有 {digits} 位，"


def _is_adorned(text: str) -> bool:
    """Whether a letter would only become a digit by losing what it means: 10², ①, ½."""
    return any(unicodedata.decomposition(letter).startswith(_ADORNED) and not letter.isspace() for letter in text)


def _joined(text: str) -> str:
    """Without the spaces that mean nothing; one between two numbers stays."""
    spaced = re.sub(r"[^\S\n]+", " ", re.sub(r"\s*[\r\n]\s*", "\n", text)).strip()
    return _IDLE.sub("", _GROUPED.sub(lambda found: found[0].replace(" ", ""), spaced))


def _text(text: str, unit: str) -> Reading:
    typed = _joined(unicodedata.normalize("NFKC", text).translate(DASHES))
    if typed in BLANKS:
        return (
            Reading(
                rule="U-02",
                severity="note",
                says=f"填的是“{text[:40]}”，已按空白处理；没有数请留空，确实为零请填 0",
                kind="dash",
            )
            if typed
            else Reading()
        )
    found = _NUMBER.fullmatch(_THOUSANDS.sub("", typed))
    signed_twice = found and found["open"] and found["sign"]
    if not found or bool(found["open"]) != bool(found["close"]) or signed_twice or _is_adorned(text):
        return Reading(rule="U-02", says=f"填的是文字“{text[:40]}”，不是数字，请改填数字或留空")
    amount = Decimal(found["sign"] + found["digits"])
    stated = (-amount if found["open"] else amount) * FEN[found["unit"] or unit] / FEN[unit]
    reading = _number(stated, unit)
    if reading.fen is None:
        return reading
    taken = f"{Decimal(reading.fen) / FEN[unit]} {unit}"
    more = "，并核对为什么超过两位小数" if reading.rule else ""
    says = f"是文本格式的数字“{text[:40]}”，已按 {taken}读取，请改为数值格式{more}"
    return Reading(reading.fen, "U-02", "warning", says, "" if more or found["unit"] else "typed")
