"""The unit tree from the `[[unit]]` tables of a workspace, refused with the unit's name and a remedy where it is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, cast

from .form import Level
from .problems import DefinitionError, Problem
from .unit import ALL, Tree, Unit


def read_tree(rows: list[Mapping[str, Any]], file: str = "budgetbook.toml") -> Tree:
    """The unit tree from the `[[unit]]` tables of a workspace. Raises DefinitionError."""
    problems: list[Problem] = []
    units: dict[str, Unit] = {}
    named: dict[tuple[str, str], str] = {}
    roots: list[str] = []
    for row in rows:
        code, level = str(row.get("code", "")), str(row.get("level", ""))
        if not code or not row.get("name"):
            problems.append(Problem(file, 0, f"有一个单位缺少 code 或 name：{dict(row)}，请补上"))
        if level not in ("county", "city", "node"):
            problems.append(
                Problem(
                    file,
                    0,
                    f"单位“{row.get('name')}”的 level 是“{level}”，应为 county（县级）、city（市本级）或 node（汇总）",
                )
            )
        if code in units:
            problems.append(Problem(file, 0, f"单位代码“{code}”出现两次，一个单位只能在一处"))
        parent = str(row.get("parent", ""))
        problems += [
            Problem(file, 0, f"单位“{row.get('name')}”在同一上级下出现两次（代码 {twin}、{code}），一个单位只能在一处")
            for twin in [named.setdefault((str(row.get("name")), parent), code)]
            if twin != code
        ]
        if parent and (parent not in units or units[parent].level != "node"):
            problems.append(
                Problem(file, 0, f"单位“{row.get('name')}”的上级“{parent}”不存在、写在下面或不是汇总单位，请先写上级")
            )
        if row.get("tier") and level != "node":
            problems.append(
                Problem(
                    file,
                    0,
                    f"单位“{row.get('name')}”写了 tier（一级财政），level 却是“{level}”。一级财政是汇总单位，level 应为 node",
                )
            )
        units[code] = Unit(
            code,
            str(row.get("name", "")),
            cast(Level, level),
            parent,
            dict(row.get("parent_in", {})),
            cast(Any, row.get("show", "row")),
            _direct(row.get("direct", False)),
            bool(row.get("adjustment", False)),
            bool(row.get("tier", False)),
            str(row.get("contact", "")),
            str(row.get("phone", "")),
            _due(row, file, problems),
        )
        roots += [] if parent else [units[code].name]
    if len(roots) != 1:
        problems.append(
            Problem(
                file, 0, f"单位树应有且只有一个最上级单位（不写 parent），现在有 {len(roots)} 个：{'、'.join(roots)}"
            )
        )
    if problems:
        raise DefinitionError(problems)
    return Tree(tuple(units.values()))


def _direct(written: Any) -> frozenset[str]:
    """`direct = true`, or the flows that a county has with the province: `direct = ["R-LVL-12", "11001"]`."""
    return frozenset(map(str, written)) if isinstance(written, list) else frozenset({ALL} if written else ())


def as_day(value: object) -> dt.date | None:
    """A date from TOML or CSV, None if nothing is written. Raises ValueError with what is written."""
    if value is None or value == "":
        return None
    try:
        return value if type(value) is dt.date else dt.date.fromisoformat(str(value)[:10])
    except ValueError:
        raise ValueError(value) from None


def _due(row: Mapping[str, Any], file: str, problems: list[Problem]) -> dt.date | None:
    try:
        return as_day(row.get("deadline"))
    except ValueError as wrong:
        says = f"单位“{row.get('name')}”的 deadline = “{wrong}” 不是日期，请写成 2026-12-20 的样子"
        problems.append(Problem(file, 0, says))
        return None
