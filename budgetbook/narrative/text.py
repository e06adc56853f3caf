"""A paragraph as it is read: no spaces, quotes or asterisks, digits and marks of one width, every place known."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

WIDTHS = tuple(
    zip(
        "０１２３４５６７８９．％﹪＋－−()[],:;!?｡",
        "0123456789.%%+--（）〔〕，：；！？。",
        strict=True,
    )
)
READ = re.compile(
    "[^\\s*“”‘’\"'「」『』\ufeff\u200b]+" r"|(?<=[\d.])\s(?=\s*\d)"
)  # but a space between two numbers stays
SENTENCES = re.compile(r"[^。！？]*[。！？]|[^。！？]+")


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph: `text` is read, `printed` stands in the file; the runs of characters that both share begin at
    `starts` in the one and at `origins` in the other."""

    printed: str
    text: str
    starts: list[int]
    origins: list[int]

    def place(self, position: int) -> int:
        """Where the character at `position` of the text as read stands in the printed paragraph."""
        if not self.starts:
            return 0
        run = bisect_right(self.starts, position) - 1
        return self.origins[run] + position - self.starts[run]

    def after(self, position: int) -> int:
        """The end, in the printed paragraph, of what ends at `position` of the text as read."""
        return self.place(position - 1) + 1 if position else 0

    def quoted(self, start: int, end: int) -> bool:
        """Whether quotation marks stand directly around `start:end`."""
        around = self.printed[self.place(start) - 1 : self.after(end) + 1]
        return len(around) > 1 and around[0] in '“‘"' and around[-1] in '”’"'


def read_text(printed: str) -> Text:
    """The paragraph ready for reading."""
    runs = list(READ.finditer(_one_width(printed)))
    parts = [run[0] for run in runs]
    starts = list(accumulate((len(part) for part in parts[:-1]), initial=0)) if parts else []
    return Text(printed, "".join(parts), starts, [run.start() for run in runs])


def _one_width(text: str) -> str:
    for other, usual in WIDTHS:
        text = text.replace(other, usual)
    return text


def sentences(text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Where each sentence of `text` begins and ends, from `start` on."""
    return (match.span() for match in SENTENCES.finditer(text, start))
