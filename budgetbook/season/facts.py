"""What happened in the season, as frozen facts, and the pages of JSON that they stand on.

A page is written once and never changed; its name holds the hash of its text, so an edited page gives itself away.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Issued:
    """下发: a unit was given a workbook with this number, laid out by the catalogue of this digest."""

    unit: str
    at: str  # UTC, so that moments compare as text
    number: str
    digest: str


@dataclass(frozen=True, slots=True)
class Received:
    """收到: a return came in and lies in the archive. Received again, it counts as new."""

    unit: str
    at: str
    sha256: str
    file: str  # its name when it came
    handed: bool = False  # named to `collect`, so it never lay in `returned`


@dataclass(frozen=True, slots=True)
class Chosen:
    """选定: of the versions of a unit this one counts from now on, until another comes."""

    unit: str
    at: str
    sha256: str
    by: str  # empty if it is the one that was left in `returned`


class Tally(NamedTuple):
    """What a check found on one form; on no form in particular if `form` is empty."""

    form: str
    wrong: int  # 强制
    unexplained: int  # 核实, not explained
    explained: int
    waived: int


class Trouble(NamedTuple):
    """One open finding, as a reminder tells it."""

    severity: str
    form: str
    fingerprint: str
    says: str


@dataclass(frozen=True, slots=True)
class Checked:
    """核对: what was wrong with a version, by the catalogue of this digest."""

    unit: str
    at: str
    sha256: str
    digest: str
    tallies: tuple[Tally, ...]
    troubles: tuple[Trouble, ...]
    absent: tuple[str, ...]  # forms that were not in it


@dataclass(frozen=True, slots=True)
class Accepted:
    """接收: a version is frozen; of a node, its consolidated book, and with it all that is under it."""

    unit: str
    at: str
    sha256: str
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Reopened:
    """退回: what was accepted is released."""

    unit: str
    at: str
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Consolidated:
    """汇总: the book of a node was made of these versions."""

    unit: str
    at: str
    sha256: str  # of the book
    file: str
    digest: str
    inputs: tuple[tuple[str, str], ...]  # unit, sha256


Fact = Issued | Received | Chosen | Checked | Accepted | Reopened | Consolidated


def _checked(tallies: Iterable[Sequence[Any]], troubles: Iterable[Sequence[Any]], **told: Any) -> Checked:
    return Checked(
        **told,
        tallies=tuple(Tally(*each) for each in tallies),
        troubles=tuple(Trouble(*each) for each in troubles),
    )


KINDS: Mapping[str, Callable[..., Fact]] = {
    "issued": Issued,
    "received": Received,
    "chosen": Chosen,
    "checked": _checked,
    "accepted": Accepted,
    "reopened": Reopened,
    "consolidated": Consolidated,
}


def now() -> str:
    """This moment, as facts tell it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def local(at: str) -> str:
    """A moment as the clock on the wall showed it."""
    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M")


def page(facts: Iterable[Fact]) -> tuple[str, str]:
    """Name and text of the page on which these facts stand. At least one fact."""
    told = [{"kind": type(fact).__name__.lower(), **asdict(fact)} for fact in facts]
    text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)
    moment = "".join(filter(str.isdigit, told[0]["at"][:26]))
    return f"{moment}-{told[0]['kind']}-{_hash(text)}.json", text


def on_page(name: str, text: str) -> Iterator[Fact]:
    """The facts of a page. Raises ValueError if it is not the text that was written under that name."""
    if not genuine(name, text):
        raise ValueError(name)
    for told in json.loads(text):
        kind = KINDS[told.pop("kind")]
        yield kind(**{key: _frozen(value) for key, value in told.items()})


def genuine(name: str, text: str) -> bool:
    """Whether this is the text that was written under that name."""
    return name.endswith(f"-{_hash(text)}.json")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
