"""What a report says in numbers: claims, numbers that are no budget figure, and numbers nobody could read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class NotFigure(StrEnum):
    """Why a number of the text is no budget figure, in the words a person reads."""

    DATE = "日期"
    DOCUMENT = "文号"
    ORDINAL = "序数"
    RANK = "位次"
    NAME = "名称代号"
    COUNT = "事物的数量"
    BARE = "没有单位的数"
    MONEY = "预算科目以外的金额"
    PERCENT = "其他事物的比率"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number stands: characters `start:end` of the paragraph are its digits, `start:until` with its unit."""

    paragraph: int
    start: int
    end: int
    until: int
    section: str  # numbers of the headings above it, "1.2.3"; empty before the first heading
    sentence: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One budget figure stated in the text. 文中数字

    `measure` says what the value is: an amount (`actual`, `total`, `debt_limit`), a ratio (`actual_pct_of_adjusted`,
    `share_of_revenue`) or a change (`growth_on_prior_year`, `change_on_prior_year`), signed by its direction word.
    A change of anything but the budget or its execution says so first: `debt_balance_growth_on_prior_year`.
    `precision` is the number of decimals meant; `decimals` the number printed, trailing zeros being dropped in print.
    """

    budget: str
    scope: str
    of_which: str  # 其中单位, such as 高新区
    flow: str
    year: int | None
    measure: str
    value: Decimal
    unit: str
    decimals: int
    precision: int
    direction: str  # 增长 下降 持平, as printed
    hedge: str  # 左右 约 近
    basis: str  # 口径: comparable, natural, or as the books are
    named: str  # what 加上…等 names before its amount
    printed: str
    place: Place


@dataclass(frozen=True, slots=True)
class Other:
    """A number that is no budget figure, and why."""

    kind: NotFigure
    printed: str
    place: Place


@dataclass(frozen=True, slots=True)
class Unread:
    """A number that looks like a budget figure and could not be understood. 未能读懂"""

    why: str
    printed: str
    place: Place


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole report read: every number of its text is in exactly one of the three."""

    claims: tuple[Claim, ...]
    others: tuple[Other, ...]
    unread: tuple[Unread, ...]
    executed: int | None  # the year whose execution is reported
    drafted: int | None  # the year whose budget is proposed
