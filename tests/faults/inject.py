"""Single faults, as people make them, put into a clean book: what was typed, where, and what had been meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

import numpy as np

from budgetbook.amount import FEN, LARGEST, from_fen, to_fen
from budgetbook.book import Book

WHOLE = FEN["万元"]
YEARS = ("prior", "initial", "adjusted", "actual", "budget")


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of one kind. `places` hold `typed` instead of `right`, in fen; `book` is the return as stated."""

    kind: str
    book: Book
    places: tuple[int, ...]
    typed: tuple[int, ...]
    right: tuple[int, ...]


Slip = Callable[[int, Random], int | None]
Make = Callable[[Book, Random], Fault | None]


def stated(clean: Book, typed: dict[int, int | None], *, live: bool = True, held: tuple[int, ...] = ()) -> Book:
    """The book with these cells typed (None: left blank); its totals follow, except those `held` and unless pasted as values."""
    level = clean.shape.level(clean.unit.level)
    book = Book(clean.unit, clean.shape, clean.fen.copy(), clean.given.copy(), dict(clean.texts))
    for place, fen in typed.items():
        book.fen[place], book.given[place] = fen or 0, fen is not None
    kept = np.isin(level.totals, list(held))
    while live:
        sums = np.where(kept, book.fen[level.totals], level.sums.of(book.fen))
        if (sums == book.fen[level.totals]).all():
            break
        book.fen[level.totals] = sums
    return book


def entries(book: Book) -> list[int]:
    """The entry cells with a figure."""
    level = book.shape.level(book.unit.level)
    return np.flatnonzero(level.entries & book.given & (book.fen != 0)).tolist()


def single(kind: str, slip: Slip, *, live: bool = True) -> Make:
    """A fault of one entry cell."""

    def make(clean: Book, rng: Random) -> Fault | None:
        place = rng.choice(entries(clean))
        right = int(clean.fen[place])
        typed = slip(right, rng)
        if typed is None or typed == right or abs(typed) > LARGEST * WHOLE:
            return None
        return Fault(kind, stated(clean, {place: typed}, live=live), (place,), (typed,), (right,))

    return make


def times(power: int) -> Slip:
    """Scaled by a power of ten; to four decimals of 万元 at least."""

    def slip(right: int, _: Random) -> int | None:
        typed = right * 10**power if power > 0 else right // 10**-power
        return typed if power > 0 or right % 10**-power == 0 else None

    return slip


def swapped(right: int, rng: Random) -> int | None:
    """Two neighbouring digits in each other's place."""
    text = f"{from_fen(abs(right)):f}"
    spots = [at for at in range(len(text) - 1) if "." not in text[at : at + 2] and text[at] != text[at + 1]]
    spots = [at for at in spots if at or text[1] != "0"]
    if not spots:
        return None
    at = rng.choice(spots)
    return _signed(right, text[:at] + text[at + 1] + text[at] + text[at + 2 :])


def missing(right: int, rng: Random) -> int | None:
    """One digit left out."""
    text = f"{from_fen(abs(right)):f}"
    at = rng.randrange(len(text))
    return None if len(text) < 2 or text[at] == "." else _signed(right, (text[:at] + text[at + 1 :]).lstrip("0"))


def doubled(right: int, rng: Random) -> int | None:
    """One digit hit twice."""
    text = f"{from_fen(abs(right)):f}"
    at = rng.randrange(len(text))
    return None if text[at] == "." else _signed(right, text[: at + 1] + text[at:])


def one_digit(right: int, rng: Random) -> int | None:
    """One digit wrong."""
    text = f"{from_fen(abs(right)):f}"
    at = rng.randrange(len(text))
    return None if text[at] == "." else _signed(right, text[:at] + rng.choice("123456789") + text[at + 1 :])


def _signed(like: int, text: str) -> int | None:
    fen = to_fen(text) if text.strip(".") else 0
    return (fen if like > 0 else -fen) or None


def left_blank(clean: Book, rng: Random) -> Fault:
    """A figure that was not filled in."""
    place = rng.choice(entries(clean))
    return Fault("漏填", stated(clean, {place: None}), (place,), (0,), (int(clean.fen[place]),))


def _cell(clean: Book, place: int, line: int = 0, column: str = "") -> int | None:
    """The entry cell some lines below, or in another column of the line; None if there is none."""
    form, code, name = clean.shape.keys[place]
    level = clean.shape.level(clean.unit.level)
    codes = [each.code for each in clean.shape.catalogue.form(form).lines]
    while True:
        at = codes.index(code) + line
        if not 0 <= at < len(codes) or not clean.shape.has(form, codes[at], column or name):
            return None
        code, other = codes[at], clean.shape.place(form, codes[at], column or name)
        if level.entries[other] and other != place:
            return other
        if not line:
            return None


def wrong_row(clean: Book, rng: Random) -> Fault | None:
    """The figure of the line above or below."""
    return _copied("填成邻行的数", clean, rng, lambda place: _cell(clean, place, rng.choice((-1, 1))))


def wrong_column(clean: Book, rng: Random) -> Fault | None:
    """The figure of the next column."""

    def other(place: int) -> int | None:
        form, _, column = clean.shape.keys[place]
        ids = [each.id for each in clean.shape.catalogue.form(form).amounts]
        at = ids.index(column) + rng.choice((-1, 1))
        return _cell(clean, place, 0, ids[at]) if 0 <= at < len(ids) and len(ids) > 1 else None

    return _copied("填成邻栏的数", clean, rng, other)


def kept(clean: Book, rng: Random) -> Fault | None:
    """Last year's figure left standing."""

    def other(place: int) -> int | None:
        _, _, column = clean.shape.keys[place]
        last = {"actual": "prior", "adjusted": "prior", "initial": "prior", "budget": "actual"}.get(column, "")
        return _cell(clean, place, 0, last) if last else None

    return _copied("沿用上年数", clean, rng, other)


def _copied(kind: str, clean: Book, rng: Random, other: Callable[[int], int | None]) -> Fault | None:
    place = rng.choice(entries(clean))
    source = other(place)
    if source is None or clean.fen[source] in (0, clean.fen[place]):
        return None
    typed, right = int(clean.fen[source]), int(clean.fen[place])
    return Fault(kind, stated(clean, {place: typed}), (place,), (typed,), (right,))


def moved_row(clean: Book, rng: Random) -> Fault | None:
    """The figures of two neighbouring lines in each other's place."""
    place = rng.choice(entries(clean))
    return _exchanged("两行填反", clean, place, _cell(clean, place, 1))


def moved_column(clean: Book, rng: Random) -> Fault | None:
    """The figures of two columns of a line in each other's place."""
    place = rng.choice(entries(clean))
    form, _, column = clean.shape.keys[place]
    others = [each.id for each in clean.shape.catalogue.form(form).amounts if each.id != column]
    return _exchanged("两栏填反", clean, place, _cell(clean, place, 0, rng.choice(others)) if others else None)


def _exchanged(kind: str, clean: Book, place: int, other: int | None) -> Fault | None:
    if other is None or clean.fen[place] == clean.fen[other]:
        return None
    right = int(clean.fen[place]), int(clean.fen[other])
    blank = [fen if clean.given[at] else None for at, fen in zip((place, other), right, strict=True)]
    book = stated(clean, {place: blank[1], other: blank[0]})
    return Fault(kind, book, (place, other), right[::-1], right)


def _totals(clean: Book) -> list[int]:
    level = clean.shape.level(clean.unit.level)
    many = np.diff(np.append(level.sums.start, len(level.sums.place))) > 1
    used = many & clean.given[level.totals] & (clean.fen[level.totals] != 0)
    return [int(place) for place in level.totals[used]]


def _parts(clean: Book, total: int) -> list[tuple[int, int]]:
    level = clean.shape.level(clean.unit.level)
    row = int(np.flatnonzero(level.totals == total)[0])
    return [(part, by) for part, by in level.sums.addends(row) if clean.fen[part]]


def typed_over(clean: Book, rng: Random) -> Fault | None:
    """A total typed over with another figure."""
    total = rng.choice(_totals(clean))
    return _total("合计被手工改写", clean, total, int(clean.fen[total]) + rng.randrange(-5000, 5000) * WHOLE)


def left_out(clean: Book, rng: Random) -> Fault | None:
    """A total that misses one of its parts."""
    total = rng.choice(_totals(clean))
    part, by = rng.choice(_parts(clean, total))
    return _total("合计漏加一项", clean, total, int(clean.fen[total]) - by * int(clean.fen[part]))


def twice(clean: Book, rng: Random) -> Fault | None:
    """A total that holds one of its parts twice."""
    total = rng.choice(_totals(clean))
    part, by = rng.choice(_parts(clean, total))
    return _total("合计重复加一项", clean, total, int(clean.fen[total]) + by * int(clean.fen[part]))


def _total(kind: str, clean: Book, total: int, typed: int) -> Fault | None:
    right = int(clean.fen[total])
    if typed == right or not typed:
        return None
    return Fault(kind, stated(clean, {total: typed}, held=(total,)), (total,), (typed,), (right,))


def column_in_yuan(clean: Book, rng: Random) -> Fault | None:
    """A whole column of a form in 元."""
    form, _, column = clean.shape.keys[rng.choice(entries(clean))]
    places = [
        place for place in entries(clean) if (clean.shape.keys[place][0], clean.shape.keys[place][2]) == (form, column)
    ]
    right = [int(clean.fen[place]) for place in places]
    if len(places) < 3 or max(map(abs, right)) * 10**4 > LARGEST * WHOLE:
        return None
    typed = [fen * 10**4 for fen in right]
    book = stated(clean, dict(zip(places, typed, strict=True)))
    return Fault("整栏按元填列", book, tuple(places), tuple(typed), tuple(right))


KINDS: dict[str, Make] = {
    "按元填列": single("按元填列", times(4)),
    "按亿元填列": single("按亿元填列", times(-4)),
    "小数点错一位（大）": single("小数点错一位（大）", times(1)),
    "小数点错一位（小）": single("小数点错一位（小）", times(-1)),
    "小数点错两位": single("小数点错两位", lambda right, rng: times(rng.choice((2, -2)))(right, rng)),
    "数字颠倒": single("数字颠倒", swapped),
    "漏打一位": single("漏打一位", missing),
    "多打一位": single("多打一位", doubled),
    "正负号填反": single("正负号填反", lambda right, _: -right),
    "填成邻行的数": wrong_row,
    "填成邻栏的数": wrong_column,
    "沿用上年数": kept,
    "漏填": left_blank,
    "合计被手工改写": typed_over,
    "合计漏加一项": left_out,
    "合计重复加一项": twice,
    "两行填反": moved_row,
    "两栏填反": moved_column,
    "整栏按元填列": column_in_yuan,
    "合计为粘贴的值，明细有误": single("合计为粘贴的值，明细有误", swapped, live=False),
    "一位数字打错": single("一位数字打错", one_digit),
}


def faults(books: list[Book], each: int, seed: int = 2026) -> Iterator[Fault]:
    """*each* faults of every kind, spread over the books."""
    for kind, make in KINDS.items():
        rng = Random(f"{seed} {kind}")
        made = 0
        while made < each:
            if fault := make(rng.choice(books), rng):
                made += 1
                yield fault
