"""How numbers look in the report: 亿元 with dropped zeros, small sums in 万元, 增长 or 下降 or 持平, and which items 加上…等 names."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..amount import FEN, rounded
from ..problems import says_toml


class StyleError(ValueError):
    """The style cannot be used as it is written; the message says where and what to do."""


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """What writing.toml says."""

    decimals: Mapping[str, int]
    below: Fraction  # fen; smaller sums are written in 万元
    cover: Fraction
    most: int
    items: Mapping[str, Mapping[str, str]]  # side → flow → name

    def money(self, fen: Fraction, budget: str, drafted: bool) -> str:
        """`134.5 亿元`, `764 万元`, `0 元`."""
        if not fen:
            return "0 元"
        if abs(fen) < self.below:
            return f"{plain(rounded(fen / FEN['万元'], 0))} 万元"
        return f"{plain(rounded(fen / FEN['亿元'], self._places(budget, drafted)))} 亿元"

    def _places(self, budget: str, drafted: bool) -> int:
        draft = self.decimals.get(f"{budget}_draft") if drafted else None
        return self.decimals.get(budget, self.decimals["default"]) if draft is None else draft

    def percent(self, ratio: Fraction) -> str:
        """`100.1%`."""
        return f"{plain(self._percent(ratio))}%"

    def change(self, ratio: Fraction) -> str:
        """`同比增长 5.1%`, `同比下降 5.8%`, or `与上年持平` where nothing is left of it in print."""
        value = self._percent(ratio)
        if not value:
            return "与上年持平"
        return f"同比{'增长' if value > 0 else '下降'} {plain(abs(value))}%"

    def points(self, ratio: Fraction) -> str:
        """`高于上年 3.8 个百分点`."""
        value = self._percent(ratio)
        return f"{'低' if value < 0 else '高'}于上年 {plain(abs(value))} 个百分点"

    def _percent(self, ratio: Fraction) -> Decimal:
        return rounded(ratio * 100, self.decimals["percent"])

    def named(self, amounts: Mapping[str, Fraction], whole: Fraction) -> str:
        """`上级补助、调入资金等`: the largest items first, as many as the style says; 等 if they are not all."""
        ranked = sorted((name for name in amounts if amounts[name] > 0), key=lambda name: -amounts[name])
        chosen = self._enough(ranked, amounts, whole)
        rest = whole - sum((amounts[name] for name in chosen), Fraction(0))
        return "、".join(chosen) + ("等" if rest or not chosen else "")

    def _enough(self, ranked: Sequence[str], amounts: Mapping[str, Fraction], whole: Fraction) -> list[str]:
        chosen: list[str] = []
        for name in ranked[: self.most]:
            if sum((amounts[each] for each in chosen), Fraction(0)) >= self.cover * whole:
                break
            chosen.append(name)
        return chosen


def plain(value: Decimal) -> str:
    """Digits without trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_style(text: str, source: str = "writing.toml") -> HouseStyle:
    """The style written in TOML `text`. Raises StyleError with the place and the remedy."""
    try:
        return _style(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise StyleError(f"{source} 读不了：{says_toml(error)}。") from error
    except KeyError as error:
        raise StyleError(f"{source} 缺少“{error.args[0]}”一项。请从原文件补上这一项。") from error


def _style(tables: Mapping[str, Any]) -> HouseStyle:
    added = tables["added"]
    return HouseStyle(
        decimals={**tables["decimals"], "default": tables["decimals"]["default"]},
        below=Fraction(tables["small"]["below"]) * FEN["亿元"],
        cover=Fraction(added["cover"], 100),
        most=added["most"],
        items={group["side"]: group["names"] for group in added["items"]},
    )
