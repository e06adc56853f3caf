"""What exported files hold, said in a Frictionless data package that validates: `datapackage.json` beside them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..catalogue import Catalogue

NAME = "datapackage.json"
Fields = tuple[tuple[str, str, str], ...]  # name, type, what it holds
FIGURE_FIELDS: Fields = (
    ("unit", "string", "填报单位代码"),
    ("form", "string", "表"),
    ("line", "string", "科目编码"),
    ("column", "string", "栏目"),
    ("value", "number", "金额，单位万元；空白单元格没有这一行"),
)
NAME_FIELDS: Fields = (
    ("kind", "string", "种类：unit 单位，form 表，line 科目，column 栏目"),
    ("form", "string", "所属的表"),
    ("id", "string", "代码"),
    ("name", "string", "名称"),
)
MEDIA = {
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
    ".duckdb": "application/octet-stream",
}


class Foreign(Exception):
    """The folder has a data package that is not ours."""


def described(catalogue: Catalogue, files: Mapping[Path, Fields]) -> str:
    """The package of *files*, each with its fields, and of what was exported to the same folder before.

    A CSV is a table that a validator reads row by row; of the other formats it proves size and hash. Raises Foreign.
    """
    folder = next(iter(files)).parent
    fresh = [_resource(path, fields) for path, fields in files.items()]
    kept = [each for each in known(folder) if each["path"] not in {path.name for path in files}]
    package = {
        "name": f"budgetbook-{catalogue.year}",
        "title": f"{catalogue.tree.units[0].name}{catalogue.year}年预算报表数据",
        "profile": "data-package",
        "budgetbook": {"year": catalogue.year, "edition": catalogue.edition, "digest": catalogue.digest},
        "resources": [*kept, *fresh],
    }
    return json.dumps(package, ensure_ascii=False, indent=1)


def known(folder: Path) -> list[dict[str, Any]]:
    """Resources of our own package in *folder* that are still what it says they are. Raises Foreign."""
    path = folder / NAME
    if not path.exists():
        return []
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
        package["budgetbook"]
        resources: list[dict[str, Any]] = package["resources"]
    except (ValueError, TypeError, KeyError):
        raise Foreign(f"{path} 是别的程序写的，没有改动。请换一个文件夹导出") from None
    return [each for each in resources if _same(folder / each["path"], each["hash"])]


def _same(path: Path, hash: str) -> bool:
    return path.is_file() and _hash(path) == hash


def _hash(path: Path) -> str:
    with path.open("rb") as content:
        return f"sha256:{hashlib.file_digest(content, 'sha256').hexdigest()}"


def _resource(path: Path, fields: Fields) -> dict[str, Any]:
    suffix = path.suffix.lower()
    table = suffix == ".csv"
    schema: dict[str, Any] = {
        "fields": [
            {
                "name": name,
                "type": kind,
                "description": says,
                "constraints": {"required": name != "form" or fields is FIGURE_FIELDS},
            }
            for name, kind, says in fields
        ]
    }
    if fields is FIGURE_FIELDS:
        schema["primaryKey"] = [name for name, _, _ in fields[:4]]
    return {
        "name": _slug(path),
        "type": "table" if table else "file",
        "path": path.name,
        "scheme": "file",
        "format": suffix.removeprefix("."),
        "mediatype": MEDIA[suffix],
        **({"encoding": "utf-8"} if table else {}),
        "bytes": path.stat().st_size,
        "hash": _hash(path),
        "schema": schema,
    }


def _slug(path: Path) -> str:
    """A name of the letters that the standard allows, the same for the same file."""
    plain = "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "" for letter in path.name.lower()
    )
    return plain if plain == path.name.lower() else f"{hashlib.sha256(path.name.encode()).hexdigest()[:8]}{plain}"
