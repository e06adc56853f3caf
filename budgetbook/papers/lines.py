"""The rows of an attachment as staff write them: which lines of which forms, how deep, under which names.

lines = ["101", "101..103", "101*", "gp_transfers:T_UP"]   one line, a run of lines, a line and all below it, of another form
depth = "款", or { "全市" = "类", "市级" = "项" }
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ..catalogue import Catalogue
from ..form import Form, Line
from .attachment import LEVELS_OF_CODE, Pick
from .measures import BadEntry

ALL = 99  # deeper than any code


class Lines:
    """Reads rows against the forms of a catalogue."""

    def __init__(self, catalogue: Catalogue, dated: Callable[[str], str]) -> None:
        self.catalogue, self.dated = catalogue, dated

    def picks(self, entry: Mapping[str, Any], scope: str) -> Iterator[Pick]:
        """The rows of an entry, as they look for *scope*. Raises BadEntry."""
        chosen = list(self._chosen(entry, scope))
        depths = sorted({line.depth for _, line in chosen})
        roots = [line for _, line in chosen if line.depth == depths[0]]
        groups = (
            depths[1] if len(roots) == 1 and len(depths) > 2 else -1
        )  # 类, where more than 合计 stands above its lines
        outdent = int(entry.get("outdent", (*depths, 0)[0] + (len(roots) == 1)))
        names, levels = entry.get("names", {}), entry.get("levels", {})
        for form, line in chosen:
            level = int(levels.get(line.code, max(line.depth - outdent, 0)))
            chief = len(depths) > 1 and line.depth in (depths[0], groups)
            bold = line.kind == "heading" or (line.kind == "total" and chief)
            yield Pick(
                form.id,
                line.code,
                self.dated(str(names.get(line.code, _row_name(line)))),
                "total" if bold and line.code not in levels else "of_which" if line.kind == "of_which" else "plain",
                level,
                level == 0,
                roots == [line],
            )

    def _chosen(self, entry: Mapping[str, Any], scope: str) -> Iterator[tuple[Form, Line]]:
        """The lines to print: those named, in that order, else those of the forms; down to a depth."""
        forms = self.forms(entry)
        limit = self.depth(entry.get("depth", ALL), scope)
        named = [str(each).rpartition(":")[::2] for each in entry.get("lines", ())]
        places = [(self._form(form) if form else forms[0], line) for form, line in named]
        lines = [(form, line) for form, name in places for line in _range(form, name)]
        out = {line.code for each in entry.get("without", ()) for line in _range(forms[0], str(each))}
        for form, line in lines or [(each, line) for each in forms for line in each.lines]:
            if line.code not in out and line.kind != "text" and _shallow(line, limit):
                yield form, line

    def forms(self, entry: Mapping[str, Any]) -> list[Form]:
        """The forms that an entry names. Raises BadEntry."""
        named = entry.get("form", ())
        names = [named] if isinstance(named, str) else list(named)
        if not names:
            raise BadEntry('没有写 form（取自哪张表），例如 form = "gp_revenue"')
        return [self._form(name) for name in names]

    def _form(self, name: str) -> Form:
        try:
            return self.catalogue.form(name)
        except KeyError:
            known = "、".join(form.id for form in self.catalogue.forms)
            raise BadEntry(f"用到不存在的表“{name}”，请改成 {known} 之一") from None

    def depth(self, given: Any, scope: str) -> int:
        """How long the longest code is that is printed for *scope*. Raises BadEntry."""
        depth = given.get(scope, ALL) if isinstance(given, Mapping) else given
        if depth not in LEVELS_OF_CODE and depth != ALL:
            raise BadEntry(
                f'的 depth 写成了“{depth}”，请改成 {"、".join(LEVELS_OF_CODE)} 之一，或按范围写 {{ 全市 = "类", 市级 = "项" }}'
            )
        return LEVELS_OF_CODE.get(depth, ALL)


def _row_name(line: Line) -> str:
    return f"其中：{line.name}" if line.kind == "of_which" and not line.name.startswith("其中") else line.name


def _shallow(line: Line, limit: int) -> bool:
    if line.code.isdigit():
        return len(line.code) <= limit
    levels = [length for length in LEVELS_OF_CODE.values() if length <= limit]
    return limit == ALL or line.depth <= len(levels)


def _range(form: Form, named: str) -> Iterable[Line]:
    """“101” is one line, “101..103” the lines from the one to the other, “101*” a line and all below it."""
    codes = [line.code for line in form.lines]
    first, _, last = named.partition("..")
    for code in filter(None, (first.rstrip("*"), last)):
        if code not in codes:
            raise BadEntry(f"用到表“{form.id}”里没有的科目“{code}”，请核对 lines/{form.id}.csv 中的编码")
    start = codes.index(first.rstrip("*"))
    if last:
        return form.lines[start : codes.index(last) + 1]
    stop = start + 1
    while first.endswith("*") and stop < len(codes) and form.lines[stop].depth > form.lines[start].depth:
        stop += 1
    return form.lines[start:stop]
