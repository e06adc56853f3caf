"""What happened in the season, as frozen facts, and the pages of JSON that they stand on.

A page is written once and never changed; its name holds the hash of its text, so an edited page gives itself away.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Issued:
    """下发: a unit was given a workbook with this number, laid out by the catalogue of this digest."""

    unit: str
    at: str  # UTC, so that moments compare as text
    number: str
    digest: str


Fact = Issued
KINDS: Mapping[str, Callable[..., Fact]] = {"issued": Issued}
_NAMES = {kind: name for name, kind in KINDS.items()}


def now() -> str:
    """This moment, as facts tell it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def local(at: str) -> str:
    """A moment as the clock on the wall showed it."""
    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M")


def page(facts: Iterable[Fact]) -> tuple[str, str]:
    """Name and text of the page on which these facts stand. At least one fact."""
    told = [{"kind": _NAMES[type(fact)], **asdict(fact)} for fact in facts]
    text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)
    moment = "".join(filter(str.isdigit, told[0]["at"][:26]))
    return f"{moment}-{told[0]['kind']}-{_hash(text)}.json", text


def on_page(name: str, text: str) -> Iterator[Fact]:
    """The facts of a page. Raises ValueError if it is not the text that was written under that name."""
    if not name.endswith(f"-{_hash(text)}.json"):
        raise ValueError(name)
    for told in json.loads(text):
        kind = KINDS[told.pop("kind")]
        yield kind(**{key: _frozen(value) for key, value in told.items()})


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
