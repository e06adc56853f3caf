"""What the cells of the panel hold for one book: the same verdicts as the rule book, in 万元."""

from __future__ import annotations

from ..amount import FEN
from ..book import Book
from ..rulebook import BROKEN, OPEN, ROUNDING, RuleBook
from .formulas import scale
from .judging import NEAR, SHORT, UNIT

Shown = str | float | None


class Reading:
    """Every case of a rule book, judged on the figures of one book as they are stated."""

    def __init__(self, rules: RuleBook, book: Book) -> None:
        self.rules = rules
        self.verdicts = rules.verdicts(book.fen, book.given).tolist()
        self._left, self._right = rules.left.of(book.fen).tolist(), rules.right.of(book.fen).tolist()
        self._short = rules.short(book.given, book.given).tolist()

    def judgement(self, number: int) -> str | float:
        """Nothing if not judged, zero if it holds, else by how much it does not."""
        if self.verdicts[number] == OPEN:
            return ""
        if self.verdicts[number] != BROKEN:
            return NEAR if self.verdicts[number] == ROUNDING else 0.0
        if self.rules.cases[number].relation.blank == "finding" and self._short[number]:
            return SHORT
        return float((self._left[number] - self._right[number]) / FEN[UNIT])

    def left(self, number: int) -> float:
        """The left side as it is shown."""
        return float(self._left[number] / (FEN[UNIT] * scale(self.rules.cases[number])))

    def sides(self, number: int) -> dict[str, Shown]:
        """Left, right, gap and judgement of a single case."""
        work = self.judgement(number)
        if work == "":
            return {"work": ""}
        unit = FEN[UNIT] * scale(self.rules.cases[number])
        left, right = self._left[number], self._right[number]
        return {"left": left / unit, "right": right / unit, "gap": (left - right) / unit, "work": work}
