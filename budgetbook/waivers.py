"""`waivers.csv` of a workspace: read, refused with file, line and remedy where it cannot be meant so, and added to."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from .catalogue import Catalogue
from .checks.waived import unmatched, waived
from .finding import Finding, Waiver
from .problems import DefinitionError, Problem, decoded
from .unit import Tree

FILE = "waivers.csv"
HEAD = ("fingerprint", "rule", "unit", "by", "why", "until")
_PRINT = re.compile(r"[0-9a-f]{12}")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def under_waivers(
    folder: Path, catalogue: Catalogue, findings: Sequence[Finding], here: Collection[str]
) -> list[Finding]:
    """The findings with the waivers in *folder* laid over them, and the waivers that nothing needs; *here*: the units read.
    Raises DefinitionError."""
    waivers = read_waivers(folder / FILE, catalogue.tree)
    return [
        *waived(findings, waivers, catalogue, dt.date.today()),
        *unmatched(waivers, findings, catalogue, here, FILE),
    ]


def read_waivers(path: Path, tree: Tree) -> tuple[Waiver, ...]:
    """Every waiver in the file, in its order; none if there is no file. Raises DefinitionError."""
    if not path.is_file():
        return ()
    problems: list[Problem] = []
    reader = csv.DictReader(io.StringIO(_text(path)))
    if set(HEAD) - set(reader.fieldnames or ()):
        raise DefinitionError([Problem(FILE, 1, f"第一行应为表头 {','.join(HEAD)}，请补上")])
    waivers = [_waiver(reader.line_num, row) for row in reader if any(_words(row).values())]
    for waiver in waivers:
        problems += [Problem(FILE, waiver.at, says) for says in _wrong(waiver, tree)]
    if problems:
        raise DefinitionError(problems)
    return tuple(waivers)


def _text(path: Path) -> str:
    try:
        return decoded(path.read_bytes())
    except UnicodeDecodeError:
        raise DefinitionError([Problem(FILE, 0, "不是文字文件，无法读取，请另存为 CSV（逗号分隔，UTF-8）")]) from None


def _words(row: dict[str, str]) -> dict[str, str]:
    return {name: (row.get(name) or "").strip() for name in HEAD}


def _waiver(at: int, row: dict[str, str]) -> Waiver:
    words = _words(row)
    return Waiver(**words | {"until": as_date(words["until"]) or words["until"]}, at=at)


def as_date(text: str) -> str:
    """A date as people and Excel write it, as ISO; empty if *text* is none."""
    found = _DATE.fullmatch(text)
    try:
        return dt.date(*map(int, found.groups())).isoformat() if found else ""
    except ValueError:
        return ""


def _wrong(waiver: Waiver, tree: Tree) -> Iterator[str]:
    if not _PRINT.fullmatch(waiver.fingerprint):
        yield (
            f"指纹“{waiver.fingerprint}”不是 12 位数字和小写字母（Excel 会把全是数字的改写成科学计数）。"
            "请从问题清单的“指纹”栏重新复制，单元格格式用文本"
        )
    if not waiver.by or not waiver.why:
        yield "没有写豁免人（by）或理由（why），请补上；没有理由的豁免不算数"
    if waiver.until and not as_date(waiver.until):
        yield f"期限“{waiver.until}”不是日期，请写成 2026-12-31，不设期限请留空"
    if waiver.unit and all(waiver.unit not in (unit.code, unit.name) for unit in tree):
        yield f"单位“{waiver.unit}”不在单位名单中，请改为名单中的代码或名称"


def with_waiver(path: Path, waiver: Waiver) -> bytes:
    """The file with one more line, as Excel opens it: UTF-8 with a byte order mark. What stood there stays."""
    before = _text(path) if path.is_file() else ""
    out = io.StringIO(newline="")
    out.write(before if before.strip() else ",".join(HEAD) + "\r\n")
    if not out.getvalue().endswith("\n"):
        out.write("\r\n")
    heads = next(csv.reader(io.StringIO(out.getvalue())))
    csv.writer(out).writerow([getattr(waiver, head, "") if head in HEAD else "" for head in heads])
    return out.getvalue().encode("utf-8-sig")
