"""Which year's execution a report tells, and which year's budget it proposes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from .vocabulary import Vocabulary

DONE = re.compile("完成|执行|决算")
PLANNED = re.compile("(?:收入|支出)预算|安排")
YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")


def report_years(texts: Sequence[str], vocabulary: Vocabulary) -> tuple[int | None, int | None]:
    """The year executed and the year drafted, by the first words that say so; one of them gives the other."""
    executed, drafted = _first_year(vocabulary.executed, texts), _first_year(vocabulary.drafted, texts)
    if executed is None and drafted is None:
        return _years_by_use(texts)
    return executed or (drafted or 0) - 1, drafted or (executed or 0) + 1


def _first_year(pattern: re.Pattern[str], texts: Iterable[str]) -> int | None:
    return next((int(match[1]) for text in texts if (match := pattern.search(text))), None)


def _years_by_use(texts: Sequence[str]) -> tuple[int | None, int | None]:
    """Without such words: the year spoken of most, drafted if it has a budget and nothing is said to be done."""
    years = Counter(int(year) for text in texts for year in YEAR.findall(text))
    if not years:
        return None, None
    [(year, _)] = years.most_common(1)
    drafted = any(PLANNED.search(text) for text in texts) and not any(DONE.search(text) for text in texts)
    return (year - 1, year) if drafted else (year, year + 1)
