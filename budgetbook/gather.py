"""Takes what stands at certain numbers of a row, at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any


def gathered(numbers: Sequence[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Of whatever row is given: what stands at these *numbers*, in their order."""
    if len(numbers) > 1:
        return itemgetter(*numbers)
    return lambda row: [row[number] for number in numbers]
