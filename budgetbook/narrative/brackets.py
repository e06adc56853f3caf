"""Brackets of a sentence: those with figures in them are read like clauses, the others are asides and left out."""

from __future__ import annotations

from itertools import accumulate

from .tokens import Token

BRACKETS = frozenset("（）")


def paired(tokens: list[Token]) -> list[Token]:
    """The tokens without brackets that hold no figure, save a 口径 said in them; unpaired brackets become commas."""
    if not any(token.mark in BRACKETS for token in tokens):
        return tokens
    closings, figures = _closings(tokens), list(accumulate((token.figure for token in tokens), initial=0))
    kept: list[Token] = []
    aside = -1
    for position, token in enumerate(tokens):
        if position <= aside:
            kept.extend([token] if token.word is not None and token.word.kind == "basis" else [])
        elif token.mark == "（" and position in closings and figures[position] == figures[closings[position]]:
            aside = closings[position]
        else:
            kept.append(token if _in_pair(token, position, closings) else token._replace(mark="，"))
    return kept


def _in_pair(token: Token, position: int, closings: dict[int, int]) -> bool:
    return token.mark not in BRACKETS or position in closings


def _closings(tokens: list[Token]) -> dict[int, int]:
    """Every paired bracket's position with that of its partner."""
    partners: dict[int, int] = {}
    open_at: list[int] = []
    for position, token in enumerate(tokens):
        if token.mark == "（":
            open_at.append(position)
        elif token.mark == "）" and open_at:
            partners[position] = open_at.pop()
            partners[partners[position]] = position
    return partners
