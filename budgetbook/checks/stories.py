"""What people do when they type: from the figure that stands there to the one that was meant, and how likely each slip is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log

from ..amount import FEN, from_fen

WHOLE = FEN["万元"]  # one unit of account, in fen


@dataclass(frozen=True, slots=True)
class Story:
    """A slip in words, and the logarithm of how often it happens, given the figure that was meant."""

    says: str
    score: float


UNTOLD = -5.0  # a slip that has no name
SCALES = {
    4: Story("按元填列，应为万元", -1.2),
    -4: Story("按亿元填列，应为万元", -1.8),
    8: Story("单位放大了一亿倍", -3.0),
    -8: Story("单位缩小了一亿倍", -3.0),
    1: Story("小数点错一位，大了十倍", -1.5),
    -1: Story("小数点错一位，小了十倍", -1.5),
    2: Story("小数点错两位，大了一百倍", -2.0),
    -2: Story("小数点错两位，小了一百倍", -2.0),
    3: Story("小数点错三位，大了一千倍", -2.5),
    -3: Story("小数点错三位，小了一千倍", -2.5),
}
SIGN = Story("正负号填反", -1.5)
TWICE = Story("同一笔数计了两次", -3.5)
BLANK = Story("漏填", -1.2)
EMPTY = Story("不应有数", -5.5)


def slips(typed: int, right: int) -> Iterator[Story]:
    """Every slip of the hand that turns *right* into *typed*, both in fen."""
    if typed == right:
        return
    if typed == 0 or right == 0:
        yield BLANK if typed == 0 else EMPTY
        return
    if typed == -right:
        yield SIGN
    if (typed > 0) == (right > 0):
        yield from _scaled(abs(typed), abs(right))
        yield from _digits(_written(typed), _written(right))
        if typed == 2 * right:
            yield TWICE


def _scaled(typed: int, right: int) -> Iterator[Story]:
    for power, story in SCALES.items():
        if power > 0 and (typed == right * 10**power or _same_whole(typed, right, 10**power)):
            yield story
        if power < 0 and (right == typed * 10**-power or _rounded_off(typed, right, 10**-power)):
            yield story


def _same_whole(typed: int, right: int, times: int) -> bool:
    """In 元 to the last digit where the rest of the book counts whole 万元."""
    return times >= 10**4 and typed > right and abs(typed - right * times) * 2 <= WHOLE * times and right >= 10 * WHOLE


def _rounded_off(typed: int, right: int, times: int) -> bool:
    """In 亿元 to as many decimals as are usual."""
    return times >= 10**4 and typed < right and abs(typed * times - right) * 1000 <= right


def _written(fen: int) -> str:
    return f"{from_fen(abs(fen)):f}"


def _digits(typed: str, right: str) -> Iterator[Story]:
    many = max(len(right) - 1, 1)
    if len(typed) == len(right):
        off = [at for at in range(len(right)) if typed[at] != right[at]]
        if len(off) == 2 and off[1] == off[0] + 1 and typed[off[0]] + typed[off[1]] == right[off[1]] + right[off[0]]:
            yield Story("相邻两位数字颠倒", -1.2 - log(many))
        elif len(off) == 1:
            yield Story("有一位数字打错", -2.0 - log(9 * len(right)))
    elif len(typed) == len(right) - 1 and _without_one(right, typed):
        yield Story("漏打一位数字", -1.2 - log(len(right)))
    elif len(typed) == len(right) + 1 and (at := _without_one(typed, right)):
        doubled = typed[at - 1] == typed[at - 2] if at > 1 else False
        yield Story("多打一位数字", (-1.2 if doubled else -4.0) - log(len(right)))


def _without_one(longer: str, shorter: str) -> int:
    """Where, counted from one, a character of *longer* can be left out to give *shorter*; zero if nowhere."""
    at = next((at for at in range(len(shorter)) if longer[at] != shorter[at]), len(shorter))
    return at + 1 if longer[at + 1 :] == shorter[at:] else 0


def meant(typed: int) -> Iterator[int]:
    """Every figure that a slip of the hand could have turned into *typed*, where nothing says what it should be."""
    yield -typed
    for power in SCALES:
        if power > 0 and typed % 10**power == 0:
            yield typed // 10**power
        if power < 0 and abs(typed) < 10**17 // 10**-power:
            yield typed * 10**-power
    digits, sign = str(abs(typed)), 1 if typed > 0 else -1
    for at in range(len(digits) - 1):
        yield sign * int(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :])
        if digits[at] == digits[at + 1]:
            yield sign * int(digits[:at] + digits[at + 1 :])


def best(typed: int, right: int) -> Story:
    """The likeliest slip; an untold one, at odds that fall with the size of the figure, if none fits."""
    found = max(slips(typed, right), key=lambda story: story.score, default=None)
    return found or Story("", UNTOLD - log(abs(right) / WHOLE + 10))
