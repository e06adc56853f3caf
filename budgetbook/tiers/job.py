"""check and consolidate over a tree of several tiers: what the commands call."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ..catalogue import Catalogue
from ..intake import Intake
from ..jobs import Progress
from ..problems import Interrupted
from ..saving import save, unfinished
from ..workspace import Workspace
from .closing import Closed
from .here import close_all, read
from .kept import Kept
from .waiting import Waiting
from .wanted import Wanted

NAMED = 12  # units named in one sentence


@dataclass(slots=True)
class Country:
    """What came of all tiers; the findings are on disk until the run is over."""

    space: Workspace
    wanted: Wanted
    kept: Kept
    files: int = 0
    tiers: set[str] = field(default_factory=set)  # that are closed
    written: int = 0
    feedback: int = 0
    shadow: Counter[str] = field(default_factory=Counter)
    missing: list[str] = field(default_factory=list)  # codes of leaves that have sent nothing

    def add(self, closed: Closed) -> None:
        """One more tier; the same again is no other."""
        if closed.tier in self.tiers:
            return
        self.tiers.add(closed.tier)
        self.written += len(closed.written)
        self.feedback += closed.feedback
        self.kept.add(closed.tier, closed.files, closed.findings)
        self.shadow.update(closed.shadow)
        tiers = {unit.code for unit in self.space.whole.tiers}
        self.missing += [code for code in closed.missing if code not in tiers]

    def summary(self) -> dict[str, object]:
        """The counts of the contract, rules on trial among them."""
        return {**self.kept.summary(), "shadow": dict(sorted(self.shadow.items()))}

    def catalogue(self) -> Catalogue:
        """With the units of all tiers, for what names them."""
        return replace(self.space.catalogue, tree=self.space.whole)


@contextmanager
def closed_country(
    space: Workspace,
    paths: Sequence[Path],
    wanted: Wanted,
    progress: Progress,
    jobs: int | None = None,
    cluster: str = "",
) -> Iterator[Country]:
    """Every file read, every tier closed. Raises Impossible, and Interrupted with what is done."""
    with TemporaryDirectory(prefix="budgetbook-") as name:
        kept = Kept(Path(name) / "findings.sqlite")
        country = Country(space, wanted, kept)
        try:
            if cluster:
                from .cluster import close_on

                steps = close_on(space, cluster, paths, wanted, kept)
                _followed(country, progress("集群核对汇总", steps, len(space.whole.tiers)))
            else:
                _here(country, paths, progress, jobs, Path(name))
            yield country
        except KeyboardInterrupt:
            raise Interrupted(_stopped(country, bool(cluster))) from None
        finally:
            kept.close()


def _here(country: Country, paths: Sequence[Path], progress: Progress, jobs: int | None, scratch: Path) -> None:
    space, waiting = country.space, Waiting(scratch / "waiting")
    waiting.folder.mkdir()
    refused = Intake()
    for _ in progress("读取报表", read(space, paths, waiting, refused, jobs), _count(paths)):
        country.files += 1
    country.kept.add(space.whole.units[0].code, refused.files, refused.findings)
    with closing(close_all(space, waiting, country.wanted, jobs, late=country.add)) as steps:
        _followed(country, progress("逐级核对汇总", steps, len(space.whole.tiers)))


def _followed(country: Country, steps: Iterable[Closed]) -> None:
    for closed in steps:
        country.add(closed)


def _count(paths: Sequence[Path]) -> int | None:
    """How many files there are to read, as far as can be told without opening archives; what does not exist is told later."""
    return sum(len(files) for path in paths if path.is_dir() for _, _, files in os.walk(path)) or None


def _stopped(country: Country, elsewhere: bool) -> str:
    """*elsewhere*: on a cluster, where what is begun goes on."""
    read = "" if elsewhere else f"读了 {country.files} 个文件，"
    least = "至少 " if elsewhere else " "
    done = f"已中断：{read}核对完{least}{len(country.tiers)} 级财政"
    wanted = country.wanted
    if wanted.books:
        done += f"，写出汇总表{least}{country.written} 本，放在 {wanted.books}，都是完整的"
    else:
        done += "，没有写问题清单（不完整的清单会被当成完整的）"
    if wanted.feedback:
        done += f"；写出反馈表{least}{country.feedback} 本，放在 {wanted.feedback}"
    return f"{done}。再运行一次即可从头完成。"


def write_json(country: Country, path: Path) -> None:
    """The findings as JSON, piece by piece, all or nothing."""
    from ..findings.shown import json_pieces

    kept = country.kept
    pieces = json_pieces(country.space.catalogue.year, kept.files(), kept.findings(), country.summary())
    with unfinished(path) as partial, partial.open("w", encoding="utf-8") as target:
        target.writelines(pieces)


def write_workbook(country: Country, path: Path) -> None:
    """The findings workbook of the whole country; it has to fit into memory."""
    from ..findings.workbook import findings_book
    from ..xlsx.write import write

    path.parent.mkdir(parents=True, exist_ok=True)
    stamp = country.space.stamp(country.space.catalogue.tree.units[0])
    files, findings = list(country.kept.files()), list(country.kept.findings())
    save(path, write(findings_book(country.catalogue(), files, findings, stamp)))


def outcome(country: Country) -> str:
    """What consolidation came to, in a sentence."""
    done = f"已汇总 {country.written} 本，放在 {country.wanted.books}。" if country.written else "没有能汇总的单位。"
    if not country.missing:
        return done
    names = [f"{country.space.whole[code].name}（{code}）" for code in sorted(country.missing)]
    more = f"等 {len(names)} 个单位" if len(names) > NAMED else ""
    return (
        f"{done}还缺 {'、'.join(names[:NAMED])}{more}的报表，它们所在的各级没有汇总。"
        "请催报后再汇总；确实来不及的，由上级代编一本（封面“编报依据”选“代编”），汇总表会注明。"
    )
