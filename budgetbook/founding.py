"""A new workspace: for any city, from a list of its units, from an example to edit, or from last year's."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import secrets
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .catalogue import Catalogue
from .editions import edition_map
from .next_columns import closed, open_columns
from .problems import DefinitionError, Impossible, Problem, decoded
from .settings import CONFIG, catalogue_folder, data_folder
from .tree_reader import read_tree
from .workspace import ISSUED, OUT, RETURNED, Workspace, open_workspace

NEW = """# {city} {year} 年预算工作区。单位代码用 GB/T 2260 行政区划代码，开发区和本级用当地习惯代码，可以修改。
city = "{city}"
catalogue = "{catalogue}"      # templates/ 下的年度目录，或相对本文件的路径
seal = "{seal}"           # 给下发的表编号用，自动生成，不要外传
# deadline = {due}   # 各单位报送截止日期；某个单位另定的，写在它的 [[unit]] 里
{more}
# level：county 县级（含开发区），city 市本级，node 汇总（由下级相加，不单独填报）。请照样补齐各单位。
# 还可以写 contact（联系人）、phone（电话）、deadline（截止日期）。
"""
COLUMNS = ("code", "name", "level", "parent", "show", "direct", "adjustment", "contact", "phone", "deadline", "tier")
FLAGS = frozenset({"direct", "adjustment", "tier"})
YES = frozenset({"1", "true", "是", "√"})
OWN = ("attachments.toml", "claims.toml", "narrative.toml", "writing.toml", "text_relations.toml", "report.docx")
HEAD_ONLY = "changes.csv"  # what changed on the way to last year is behind us


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for; an empty city is that of the example, or last year's."""

    year: int
    city: str = ""
    units: Path | None = None
    last: Path | None = None


def found(folder: Path, wanted: Wanted) -> str:
    """Makes the workspace; says what it is and what is to be done. Raises Impossible, DefinitionError, OSError."""
    if (folder / CONFIG).exists():
        raise Impossible(f"{folder / CONFIG} 已经存在，没有改动。要新建请换一个文件夹")
    last = open_workspace(wanted.last) if wanted.last else None
    if last and last.catalogue.year != wanted.year - 1:
        raise Impossible(f"{wanted.last} 是 {last.catalogue.year} 年的工作区，新的一年应为 {last.catalogue.year + 1}")
    before = _settings(last.folder) if last else {}
    if last is None and str(wanted.year) not in (years := _years()):
        raise Impossible(
            f"没有 {wanted.year} 年的目录，--year 请改为 {'、'.join(years)} 之一；新的一年请用 --from 沿用上年的工作区"
        )
    city, units = _city(wanted, before)
    read_tree(units, str(wanted.units or CONFIG))
    for name in (ISSUED, RETURNED, OUT):
        (folder / name).mkdir(parents=True, exist_ok=True)
    catalogue = _catalogue(folder, wanted.year, last, before)
    more = _table("settings", before["settings"]) if before.get("settings") else ""
    head = NEW.format(
        city=city,
        year=wanted.year,
        catalogue=catalogue,
        seal=secrets.token_hex(16),
        due=f"{wanted.year - 1}-12-20",
        more=more,
    )
    (folder / CONFIG).write_text(head + "".join(_table("[unit]", unit) for unit in units), encoding="utf-8")
    return "\n".join([f"已新建工作区，请先核对单位名单：{folder / CONFIG}", *_remarks(folder, city, wanted, last)])


def _years() -> list[str]:
    """The years that there are catalogues for."""
    return sorted(path.parent.name for path in data_folder("templates").glob("*/catalogue.toml"))


def _city(wanted: Wanted, before: Mapping[str, Any]) -> tuple[str, list[Mapping[str, Any]]]:
    """The city's name and its units as they will be written."""
    if wanted.units:
        return wanted.city or str(before.get("city", "")) or "本市", list(_listed(wanted.units))
    if before:
        return wanted.city or str(before.get("city", "")), [_next_year(unit) for unit in before.get("unit", [])]
    examples = [_settings(path.parent) for path in sorted(data_folder("samples").glob(f"*/{CONFIG}"))]
    named = {str(each.get("city", "")): each for each in examples}
    city = wanted.city or "焦作市"
    if city not in named:
        raise Impossible(
            f"没有{city}的单位名单，请用 --units 给一个 CSV：第一行写 {','.join(COLUMNS[:4])}（还可以有 {'、'.join(COLUMNS[4:])}），"
            f"以下每个单位一行，上级写在下级之前；现成的例子有{'、'.join(named)}"
        )
    return city, named[city]["unit"]


def _next_year(unit: Mapping[str, Any]) -> dict[str, Any]:
    """A unit without what was only for last year."""
    return {key: value for key, value in unit.items() if key != "deadline"}


def _settings(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / CONFIG).read_text(encoding="utf-8-sig"))


def _listed(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a list of units. Raises Impossible, DefinitionError."""
    if not path.is_file():
        raise Impossible(f"没有找到单位名单 {path}，请核对路径")
    reader = csv.DictReader(io.StringIO(decoded(path.read_bytes())))
    heads = [head.strip() for head in reader.fieldnames or ()]
    if lacking := [head for head in COLUMNS[:4] if head not in heads]:
        raise DefinitionError([Problem(path.name, 1, f"第一行缺少 {'、'.join(lacking)}，请补上")])
    for row in reader:
        words = {(key or "").strip(): (value or "").strip() for key, value in row.items() if isinstance(value, str)}
        if any(words.values()):
            yield {
                key: value in YES if key in FLAGS else value for key, value in words.items() if key in COLUMNS and value
            }


def _catalogue(folder: Path, year: int, last: Workspace | None, before: Mapping[str, Any]) -> str:
    """The name of the catalogue to use: the one of the year, or last year's copied into the workspace with its year changed."""
    if last is None or (data_folder("templates") / str(year) / "catalogue.toml").is_file():
        return str(year)
    source, name = catalogue_folder(last.folder, str(before.get("catalogue", ""))), f"catalogue-{year}"
    shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    head = folder / name / "catalogue.toml"
    text = head.read_text(encoding="utf-8-sig")
    head.write_text(re.sub(r"(?m)^year\s*=\s*\d+", f"year = {year}", text, count=1), encoding="utf-8")
    changes = folder / name / HEAD_ONLY
    changes.write_text(changes.read_text(encoding="utf-8-sig").splitlines()[0] + "\n", encoding="utf-8-sig")
    open_columns(folder / name, last.catalogue)
    for own in OWN:
        if (last.folder / own).is_file():
            shutil.copyfile(last.folder / own, folder / own)
    return name


def _remarks(folder: Path, city: str, wanted: Wanted, last: Workspace | None) -> Iterator[str]:
    for other in _beside(folder, city, wanted.year):
        yield (
            f"注意：旁边的 {other.name} 也是{city} {wanted.year} 年的工作区。一个年度只用一个，两处下发的编号、收到的报表互不相认；"
            "要并成一个，把其中一个的 season 文件夹复制到另一个里合并即可。"
        )
    if last:
        prior = (
            f"；用 template --prior {last.folder} 预填上年数，核对时同样写 --prior"
            if len(last.whole.tiers) == 1
            else ""
        )
        yield f"单位名单和设置沿用 {last.folder}{prior}。"
        yield from _breaks(last.catalogue, open_workspace(folder).catalogue)


def _beside(folder: Path, city: str, year: int) -> Iterator[Path]:
    """Other workspaces of the same city and year in the folder above."""
    for path in sorted(folder.resolve().parent.glob(f"*/{CONFIG}")):
        try:
            told = _settings(path.parent)
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
            continue
        same = told.get("city") == city and str(year) in str(told.get("catalogue", ""))
        if same and path.parent != folder.resolve():
            yield path.parent


def _breaks(old: Catalogue, new: Catalogue) -> Iterator[str]:
    """Where last year's figures cannot be compared line by line."""
    moved = {(change.form, change.old) for change in new.changes}
    forms = {form.id: form for form in new.forms}
    said = [
        f"{form.sheet}“{line.name}”（{line.code}）在 {new.year} 年没有去处，请写入 {HEAD_ONLY}"
        for form in old.forms
        for line in form.lines
        if (form.id, line.code) not in moved
        and (form.id not in forms or line.code not in {each.code for each in forms[form.id].lines})
    ]
    said += [
        f"{form.sheet}“{line.name}”（{line.code}）的“{forms[form.id].column(column).heading}”栏在 {new.year} 年没有开，请在 lines/{form.id}.csv 这一行的 columns 栏补上 {column}"
        for form in old.forms
        if form.id in forms
        for line in form.lines
        if (form.id, line.code) not in moved
        for column in closed(form, line, forms[form.id])
    ]
    said += [
        f"{forms[group.form].sheet} {'、'.join(sorted(group.old))} → {'、'.join(sorted(group.new))}只能比合计"
        for group in edition_map(new).groups
        if group.form in forms
    ]
    yield "与上年逐科目可比。" if not said else f"与上年不能逐科目比较的有 {len(said)} 处：" + "；".join(said[:20])


def _table(name: str, table: Mapping[str, Any]) -> str:
    """A table of TOML; tables in it stand on one line."""
    return "\n".join(["", f"[{name}]", *(f"{_key(key)} = {_value(value)}" for key, value in table.items()), ""])


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _value(key)


def _value(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items()) + " }"
    return value.isoformat() if isinstance(value, dt.date) else json.dumps(value, ensure_ascii=False)
