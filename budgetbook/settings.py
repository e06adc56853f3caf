"""What a workspace's folder says of itself: its budgetbook.toml, and where its definitions lie."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from .problems import Impossible, says_toml

CONFIG = "budgetbook.toml"


def data_folder(name: str) -> Path:
    """`templates` or `samples`: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    return package / name if (package / name).is_dir() else package.parent / name


def config(folder: Path) -> dict[str, Any]:
    """What budgetbook.toml says. Raises Impossible."""
    path = folder / CONFIG
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        raise Impossible(
            f"{folder} 不是工作区（没有 {CONFIG}）。请先用 budgetbook new 新建，或用 -w 指明工作区文件夹"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Impossible(f"{path} 无法读取：{says_toml(error)}") from None
    for key, example in {"city": "焦作市", "catalogue": "2026", "seal": "一串字母和数字"}.items():
        if not isinstance(said.get(key, ""), str) or (key == "city" and not said.get(key)):
            raise Impossible(f'{path} 中的 {key} 没有写或不是文字，请写成 {key} = "{example}"，引号用英文的')
    return said


def definition_file(folder: Path, name: str) -> Path:
    """A definition file of the workspace in *folder*: its own if it has one, else that of its catalogue. Raises Impossible."""
    own = folder / name
    return own if own.is_file() else catalogue_folder(folder, str(config(folder).get("catalogue", ""))) / name


def catalogue_folder(folder: Path, named: str) -> Path:
    """Where the catalogue of that name lies: in the workspace, or among the templates. Raises Impossible."""
    for candidate in (folder / named, data_folder("templates") / named):
        if named and (candidate / "catalogue.toml").is_file():
            return candidate
    years = sorted(path.name for path in data_folder("templates").iterdir() if path.is_dir())
    raise Impossible(
        f"{folder / CONFIG} 中的 catalogue = “{named}” 找不到，请改为 {'、'.join(years)} 之一，或写目录文件夹的路径"
    )
