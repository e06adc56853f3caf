"""What became of each unit and each total over the season: versions in their order, which one counts, what rests on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .facts import Accepted, Checked, Chosen, Consolidated, Fact, Issued, Received, Reopened


@dataclass(frozen=True, slots=True)
class Version:
    """版本: one content that a unit sent, the first is number 1, and what the last check of it found."""

    number: int
    received: Received
    checked: Checked | None = None
    chosen: str = ""  # when it was, if it was

    @property
    def since(self) -> str:
        """When it came or, later, was chosen: of several versions the one of the latest moment counts."""
        return max(self.received.at, self.chosen)

    def __str__(self) -> str:
        return f"{self.received.file}（第 {self.number} 版）"


@dataclass(frozen=True, slots=True)
class History:
    """One unit's season."""

    issued: Issued | None = None
    versions: tuple[Version, ...] = ()  # in the order in which they came or were chosen
    accepted: Accepted | None = None  # and not released since
    consolidated: Consolidated | None = None  # the last, of a node

    @property
    def rivals(self) -> tuple[Version, ...]:
        """Versions that came at once, so that none of them is the newer; empty if one is."""
        came = [each for each in self.versions if each.since == self.versions[-1].since]
        return tuple(came) if len(came) > 1 else ()

    @property
    def used(self) -> Version | None:
        """The version that counts: the accepted one, or the newest if there is one."""
        if self.accepted:
            return next((each for each in self.versions if each.received.sha256 == self.accepted.sha256), None)
        return self.versions[-1] if self.versions and not self.rivals else None

    @property
    def waiting(self) -> tuple[Version, ...]:
        """What came after the version that counts, or first came after that did, and is not used."""
        used = self.used
        return tuple(
            each for each in self.versions if used and (each.since > used.since or each.received.at > used.received.at)
        )

    @property
    def undecided(self) -> tuple[Version, ...]:
        """The rivals from which somebody has still to choose."""
        return self.rivals if self.used is None else ()


NOTHING = History()


def choose(unit: str, rivals: Sequence[Version]) -> str:
    """What to do where several versions came at once."""
    numbers = " 或 ".join(str(each.number) for each in rivals)
    older = "（更早的版本也可以这样选）" if len(rivals) < max(each.number for each in rivals) else ""
    return f"请在 returned 文件夹里只留下要用的一个，其余移出；或者用 accept {unit} --version {numbers} 选定{older}"


@dataclass(slots=True)
class _Gathering:
    received: dict[str, Received] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    checked: dict[str, Checked] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    accepted: Accepted | None = None
    issued: Issued | None = None
    consolidated: Consolidated | None = None

    def take(self, fact: Fact) -> None:
        match fact:
            case Received():
                self.received[fact.sha256] = fact
                if fact.sha256 not in self.order:
                    self.order.append(fact.sha256)
            case Chosen():
                self.chosen[fact.sha256] = fact.at
            case Checked():
                self.checked[fact.sha256] = fact
            case Accepted():
                self.accepted = fact
            case Reopened():
                self.accepted = None
            case Issued():
                self.issued = fact
            case Consolidated():
                self.consolidated = fact

    def history(self) -> History:
        versions = [
            Version(number, self.received[sha256], self.checked.get(sha256), self.chosen.get(sha256, ""))
            for number, sha256 in enumerate(self.order, start=1)
        ]
        came = tuple(sorted(versions, key=lambda each: (each.since, each.number)))
        return History(self.issued, came, self.accepted, self.consolidated)


def histories(facts: Iterable[Fact]) -> Mapping[str, History]:
    """Unit → its season, from facts in their order; a unit of which there is no fact is not in it."""
    found: dict[str, _Gathering] = {}
    for fact in facts:
        found.setdefault(fact.unit, _Gathering()).take(fact)
    return {unit: each.history() for unit, each in found.items()}
