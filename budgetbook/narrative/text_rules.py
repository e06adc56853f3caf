"""What must hold inside a text beyond what the catalogue says, as budget staff keep it in text_relations.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..catalogue import Catalogue
from ..problems import says_toml
from ..relation import WORDS, BadTerm, Relation, Term, terms


class TextRelationError(ValueError):
    """The relations cannot be used as they are written; the message says where and what to do."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A conclusion in words, and the figures it speaks of: `measure` of a line, or `cells` as a share."""

    says: tuple[str, ...]
    about: str
    measure: str
    cells: tuple[tuple[Term, ...], tuple[Term, ...]]
    at_least: Fraction | None
    at_most: Fraction | None


@dataclass(frozen=True, slots=True)
class TextRelations:
    """What text_relations.toml says."""

    severities: frozenset[str]
    also: frozenset[str]
    forms: tuple[str, ...]
    relations: tuple[Relation, ...]
    words: tuple[Wording, ...]


def read_text_relations(text: str, catalogue: Catalogue, source: str = "text_relations.toml") -> TextRelations:
    """The relations written in TOML `text`. Raises TextRelationError with the place and the remedy."""
    try:
        tables = tomllib.loads(text)
        return TextRelations(
            frozenset(tables["catalogue"]["severities"]),
            frozenset(tables["catalogue"]["also"]),
            tuple(tables["levels"]["forms"]),
            tuple(_relation(row, catalogue, source) for row in tables["relation"]),
            tuple(_wording(row, source) for row in tables["words"]),
        )
    except tomllib.TOMLDecodeError as error:
        raise TextRelationError(f"{source} 读不了：{says_toml(error)}。") from error
    except KeyError as error:
        raise TextRelationError(f"{source} 缺少“{error.args[0]}”一项。请从原文件补上这一项。") from error
    except BadTerm as bad:
        raise TextRelationError(f"{source} 的“{bad}”不是“表:科目@栏目”的写法。请改正。") from bad


def _relation(row: Mapping[str, Any], catalogue: Catalogue, source: str) -> Relation:
    sides = terms(row["left"], ""), terms(row["right"], "")
    for term in (*sides[0], *sides[1]):
        try:
            catalogue.form(term.form).line(term.line)
        except KeyError:
            raise TextRelationError(
                f"{source} 的 {row['id']} 用到不存在的“{term.form}:{term.line}”。请核对表名和科目编码。"
            ) from None
    if row["sign"] not in WORDS or row["severity"] not in ("error", "warning"):
        raise TextRelationError(f"{source} 的 {row['id']} 的 sign 或 severity 不认得。请对照其他行改正。")
    columns = tuple(row["columns"].split())
    return Relation(
        row["id"], row["severity"], sides[0], row["sign"], sides[1], columns, "unit", "skip", "", row["says"], "", ""
    )


def _wording(row: Mapping[str, Any], source: str) -> Wording:
    above, _, below = row.get("cells", "").partition("/")
    limits = [Fraction(str(row[name])) if name in row else None for name in ("at_least", "at_most")]
    if limits == [None, None]:
        raise TextRelationError(f"{source} 的“{'、'.join(row['says'])}”没有写 at_least 或 at_most。请补上。")
    return Wording(
        tuple(row["says"]), row.get("about", ""), row.get("measure", ""), (terms(above, ""), terms(below, "")), *limits
    )
