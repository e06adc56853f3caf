"""Every number of a text: how much, in which unit, and what kind of number it is by its own looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from .claim import NotFigure

AMOUNTS = ("亿元", "万元", "千元", "元")
RATIOS = ("%", "百分点", "倍")

ZH = "零〇一二三四五六七八九十百千万亿两"
ZH_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
ZH_UNITS = {"十": 10, "百": 100, "千": 1000}
ZH_SCALES = {"万": 10**4, "亿": 10**8}

DIGITS = r"\d{1,3}(?:，\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
UNIT = r"[十百千万亿]*元+|[万亿](?=[，。；：、）]|$)|%|‰|个?百分点|倍"
YEAR = r"(?<!\d)(?:19|20)\d{2}"
SPAN = r"[-—–~～至]"
DAYS = rf"(?:\d{{1,2}}月?{SPAN})?\d{{1,2}}月(?:份|底|末|初)?(?:\d{{1,2}}日)?"
FRACTION = r"(?:点[零〇一二三四五六七八九]{1,4})?"
ALONE = rf"(?<![{ZH}\d])"
KINDS = (
    rf"(?P<DOCUMENT>[〔\[【（]{YEAR}[〕\]】）]第?\d+号|第?\d+号|(?<=文件)[{ZH}]{{1,4}})",
    r"(?P<NAME>(?<![A-Za-z\d])(?:[A-Za-z\d]{1,8}(?:\+[A-Za-z\d]{1,8})+|[A-Za-z]{1,8}-?\d+|\d{1,4}[A-Za-z]{1,8}))",
    rf"(?P<DATE>{YEAR}(?:{SPAN}(?:20)?\d{{2}})?年(?:度|底|末|初)?(?:{DAYS})?|{DAYS}|\d{{1,2}}日|前\d{{1,2}}个月|[第前]?[一二三1-3]个?季度)",
    r"(?P<ORDINAL>（\d{1,2}）"
    rf"|第(?:\d+|[{ZH}]{{1,6}})|{ALONE}(?:十[五六七八九]|二十[一二三]?)大|{ALONE}[{ZH}]{{1,4}}(?:届|次(?!性)|条)"
    rf"|(?:^|(?<=[，。；：！]))[{ZH}]{{1,2}}是)",
    rf"(?P<figure>(?P<sign>(?<![\dA-Za-z%年月日元])-)?(?P<digits>{DIGITS})(?P<unit>{UNIT})?)",
    rf"(?P<percent>百分之(?P<hundredths>[{ZH}]{{1,6}}{FRACTION}))",
    rf"(?P<spoken>{ALONE}(?P<words>[一二三四五六七八九十两][{ZH}]{{0,8}}?{FRACTION})(?P<spoken_unit>[万亿]?元|个百分点))",
    rf"(?P<COUNT>{ALONE}[{ZH}]{{1,4}}(?=[个项家户所名类大](?![小概力])))",
)
FIRST = rf"(?=[\dA-Za-z{ZH}第前〔\[【（-])"  # passes over all else at once
NUMBERS = re.compile(f"{FIRST}(?:{'|'.join(KINDS)})")
MONTH = re.compile(r"(\d+)月")
YEARS = re.compile(YEAR)
RANKED = re.compile(r"(?:居|列|排名?|位|全省|全国|前)[^，。；]{0,6}$")


class Number(NamedTuple):
    """A number where it stands in the text as read: `start:end` its digits, `start:until` with its unit.

    `kind` is None for amounts of money and ratios, which may be budget figures; `unit` is then never empty.
    """

    start: int
    end: int
    until: int
    kind: NotFigure | None
    value: Decimal = Decimal(0)
    unit: str = ""
    decimals: int = 0
    year: int | None = None
    within_year: bool = False  # a date before the end of its year


def numbers_in(text: str, start: int = 0) -> Iterator[Number]:
    """The numbers of a normalised text from `start` on, in order."""
    for match in NUMBERS.finditer(text, start):
        yield _number(match)


def _number(match: re.Match[str]) -> Number:
    group = match.lastgroup or ""
    return READERS[group](match) if group in READERS else _plain(match, NotFigure[group])


def _plain(match: re.Match[str], kind: NotFigure) -> Number:
    start, end = match.span()
    ranked = kind is NotFigure.ORDINAL and RANKED.search(match.string, max(0, start - 10), start)
    return Number(start, end, end, NotFigure.RANK if ranked else kind)


def _date(match: re.Match[str]) -> Number:
    months, years = MONTH.findall(match[0]), YEARS.findall(match[0])
    year = int(years[0]) if len(years) == 1 else None
    within = match[0].startswith("前") or "季" in match[0] or (bool(months) and int(months[-1]) < 12)
    return Number(match.start(), match.end(), match.end(), NotFigure.DATE, year=year, within_year=within)


def _figure(match: re.Match[str]) -> Number:
    unit = (match["unit"] or "").removeprefix("个")
    digits = match["digits"].replace("，", "")
    value, decimals = Decimal((match["sign"] or "") + digits), len(digits.partition(".")[2])
    kind = None if unit else _without_unit(match)
    return Number(match.start(), match.end("digits"), match.end(), kind, value, unit, decimals)


def _without_unit(match: re.Match[str]) -> NotFigure:
    start, end = match.span()
    if start and match.string[start - 1] == "前":
        return NotFigure.RANK
    return NotFigure.COUNT if "\u4e00" <= match.string[end : end + 1] <= "\u9fff" else NotFigure.BARE


def _percent(match: re.Match[str]) -> Number:
    return _in_words(match, match["hundredths"], "%", match.end())


def _spoken(match: re.Match[str]) -> Number:
    words, unit = match["words"], match["spoken_unit"].removeprefix("个")
    return _in_words(match, words, unit, match.end("words"))


def _in_words(match: re.Match[str], words: str, unit: str, end: int) -> Number:
    """十三亿五千万元 is one number in 万元, 四点五亿元 one in 亿元."""
    decimals, scale = len(words.partition("点")[2]), unit[0]
    if scale in ZH_SCALES and not decimals:
        value = chinese_number(words + scale) / ZH_SCALES[scale]
    else:
        value = chinese_number(words)
    return Number(match.start(), end, match.end(), None, value, unit, decimals)


READERS = {"DATE": _date, "figure": _figure, "percent": _percent, "spoken": _spoken}


def chinese_number(words: str) -> Decimal:
    """The number that Chinese numerals say: 十四 → 14, 四点五 → 4.5, 一百三十五 → 135."""
    whole, _, fraction = words.partition("点")
    decimals = "".join(str(ZH_DIGITS.get(digit, 0)) for digit in fraction)
    return Decimal(f"{_whole(whole)}.{decimals}" if decimals else _whole(whole))


def _whole(words: str) -> int:
    total = section = digit = 0
    for character in words:
        if character in ZH_DIGITS:
            digit = ZH_DIGITS[character]
        elif character in ZH_UNITS:
            section, digit = section + (digit or 1) * ZH_UNITS[character], 0
        elif character == "万":
            total, section, digit = total + (section + digit) * 10**4, 0, 0
        else:
            total, section, digit = (total + section + digit) * 10**8, 0, 0
    return total + section + digit
