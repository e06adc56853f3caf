"""Reads attachments.toml against a catalogue, and refuses what it names wrongly with file, entry and remedy."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast, get_args

from ..catalogue import Catalogue
from ..problems import DefinitionError, Problem, says_toml
from .attachment import (
    SCOPES,
    STAGES,
    Attachment,
    Binding,
    Drawing,
    Layout,
    PaperSet,
    Place,
    Required,
    Side,
)
from .chart import Kind
from .lines import ALL, Lines
from .measures import BadEntry, Measures
from .printed import Paper

FILE = "attachments.toml"
LAYOUTS = ("lines", "two_sided", "units", "regions")
UNIT_ROWS = (*SCOPES, "各县")
_CHOSEN = frozenset({"form", "lines", "without", "names", "levels", "depth"})
_LOOKS = frozenset({"unit", "decimals", "rate_decimals", "codes", "zero_lines", "zero", "total", "paper", "label"})
_WHAT = frozenset({"id", "title", "number", "budget", "stage", "scope", "layout", "columns", "units", "notes", "empty"})
KEYS = {
    "attachment": _WHAT | _LOOKS | _CHOSEN | {"left", "right", "outdent"},
    "side": _CHOSEN | {"heading", "outdent"},
    "legal": frozenset({"name", "basis", "form", "stage", "scope", "depth"}),
    "chart": _CHOSEN | {"title", "kind", "unit", "scope", "columns", "units", "top"},
    "top": frozenset({"binding", "print", "headings", "columns", "notes", "attachment", "legal", "chart"}),
}
Entry = Mapping[str, Any]


def read_papers(path: Path, catalogue: Catalogue) -> PaperSet:
    """The definitions in *path*. Raises DefinitionError with every entry that cannot be used."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return _Reader(text, tomllib.loads(text), catalogue).papers()
    except FileNotFoundError:
        raise DefinitionError([Problem(str(path), 0, "文件不存在，请从 templates 中复制一份附表定义")]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError([Problem(path.name, 0, f"无法读取：{says_toml(error)}")]) from None


class _Reader:
    def __init__(self, text: str, raw: Entry, catalogue: Catalogue) -> None:
        self.text, self.raw, self.catalogue = text, raw, catalogue
        self.problems: list[Problem] = []
        self.common: Entry = raw.get("print", {})
        self.lines = Lines(catalogue, self._dated)
        self.measures = Measures(catalogue, raw.get("headings", {}), raw.get("columns", {}), self._dated)

    def papers(self) -> PaperSet:
        self._known("top", self.raw, "文件")
        attachments = tuple(one for entry in self.raw.get("attachment", ()) for one in self._attachments(entry))
        required = tuple(one for entry in self.raw.get("legal", ()) for one in self._required(entry))
        drawings = tuple(one for entry in self.raw.get("chart", ()) for one in self._drawings(entry))
        self._no_twins()
        binding = self._binding(self.raw.get("binding", {}))
        if self.problems:
            raise DefinitionError(self.problems)
        return PaperSet(binding, attachments, required, drawings)

    def _dated(self, text: str) -> str:
        year = self.catalogue.year
        return re.sub(r"\{Y(-\d)?\}", lambda found: str(year + int(found[1] or 0)), text)

    def _wrong(self, name: str, says: str) -> None:
        at = next((at for at, line in enumerate(self.text.splitlines(), 1) if name and f'"{name}"' in line), 0)
        self.problems.append(Problem(FILE, at, f"“{name}”{says}" if name else says))

    def _known(self, kind: str, entry: Entry, name: str) -> None:
        for key in entry.keys() - KEYS[kind]:
            self._wrong(name, f"里的 {key} 不认识，可用的有 {'、'.join(sorted(KEYS[kind]))}")

    def _no_twins(self) -> None:
        ids = [str(entry.get("id", "")) for entry in self.raw.get("attachment", ())]
        for id in sorted({id for id in ids if ids.count(id) > 1}):
            self._wrong(id, "这个 id 用了两次，请改一个")

    def _binding(self, entry: Entry) -> Binding:
        order = entry.get("books", "one")
        if order not in ("one", "two"):
            self._wrong(str(order), "不是成册方式，books 应写 one（一本，按预算排列）或 two（执行、草案各一本）")
        title, subtitle, issuer, date = (
            self._dated(str(entry.get(key, ""))) for key in ("title", "subtitle", "issuer", "date")
        )
        used = dict.fromkeys(str(one.get("budget", "")) for one in self.raw.get("attachment", ()))
        budgets = tuple(map(str, entry.get("budgets", used)))  # not stated: in the order of the tables
        for budget in used:
            if budget not in budgets:
                self._wrong(
                    budget, f"不在 [binding] 的 budgets 中，请写成 {'、'.join(budgets)} 之一，或在 budgets 里补上"
                )
        return Binding(title, subtitle, issuer, date, order == "two", str(entry.get("number", "表{n}")), budgets)

    def _attachments(self, entry: Entry) -> Iterator[Attachment]:
        name = str(entry.get("id") or entry.get("title") or "")
        self._known("attachment", entry, name)
        scopes = entry.get("scope", "全市")
        for scope in [scopes] if isinstance(scopes, str) else scopes:
            try:
                yield self._attachment({**self.common, **entry}, name, scope)
            except BadEntry as error:
                self._wrong(name, str(error))
                return

    def _attachment(self, entry: Entry, name: str, scope: str) -> Attachment:
        self._one_of(scope, SCOPES, "scope")
        layout = self._one_of(entry.get("layout", "lines"), LAYOUTS, "layout")
        sides = tuple(self._sides(entry, layout, scope))
        forms = list(dict.fromkeys(pick.form for side in sides for pick in side.picks))
        return Attachment(
            id=name,
            title=self._dated(self._must(entry, "title")).replace("{scope}", scope),
            budget=self._must(entry, "budget"),
            stage=self._one_of(entry.get("stage", ""), STAGES, "stage"),
            scope=scope,
            layout=cast(Layout, layout),
            columns=self.measures.headings(entry.get("columns", ()), forms),
            sides=sides,
            units=tuple(self._one_of(each, UNIT_ROWS, "units") for each in entry.get("units", ())),
            label=str(entry.get("label", "地区" if layout in ("units", "regions") else "项目")),
            number=str(entry.get("number", "")),
            unit=self._one_of(entry.get("unit", "万元"), ("元", "万元", "亿元"), "unit"),
            decimals=int(entry.get("decimals", 0)),
            rate_decimals=int(entry.get("rate_decimals", 1)),
            codes=bool(entry.get("codes", False)),
            zero_lines=bool(entry.get("zero_lines", False)),
            zero=str(entry.get("zero", "0")),
            total=cast(Place, self._one_of(entry.get("total", "last"), ("first", "last"), "total")),
            notes=tuple(self._notes(entry.get("notes", ()), scope)),
            empty=self._dated(str(entry.get("empty", ""))),
            depth=self.lines.depth(entry.get("depth", ALL), scope),
            paper=self._paper(entry.get("paper", "")),
        )

    def _sides(self, entry: Entry, layout: str, scope: str) -> Iterator[Side]:
        if layout == "two_sided":
            for side in ("left", "right"):
                given = entry.get(side)
                if not isinstance(given, Mapping):
                    raise BadEntry(f"是左右两栏的表，请写出 {side} = {{ form = … }}")
                self._known("side", given, str(entry.get("id", "")))
                both = {key: entry[key] for key in ("depth", "outdent") if key in entry} | dict(given)
                yield Side(tuple(self.lines.picks(both, scope)), self._dated(str(given.get("heading", ""))))
        elif layout == "lines":
            yield Side(tuple(self.lines.picks(entry, scope)))

    def _required(self, entry: Entry) -> Iterator[Required]:
        name = str(entry.get("name", ""))
        self._known("legal", entry, name)
        try:
            form = self.lines.forms(entry)[0].id
            stage = self._one_of(entry.get("stage", "草案"), STAGES, "stage")
            scope = self._one_of(entry.get("scope", "市级"), SCOPES, "scope")
            depth = self.lines.depth(entry["depth"], scope) if "depth" in entry else 0
            yield Required(name, str(entry.get("basis", "")), form, stage, scope, depth)
        except BadEntry as error:
            self._wrong(name, str(error))

    def _drawings(self, entry: Entry) -> Iterator[Drawing]:
        name = str(entry.get("title", ""))
        self._known("chart", entry, name)
        try:
            scope = self._one_of(entry.get("scope", "全市"), SCOPES, "scope")
            picks = tuple(self.lines.picks(entry, scope)) if "form" in entry else ()
            forms = list(dict.fromkeys(pick.form for pick in picks))
            yield Drawing(
                self._dated(name),
                cast(Any, self._one_of(entry.get("kind", ""), get_args(Kind), "kind")),
                self._one_of(entry.get("unit", "亿元"), ("元", "万元", "亿元"), "unit"),
                scope,
                self.measures.headings(entry.get("columns", ()), forms),
                picks,
                tuple(self._one_of(each, UNIT_ROWS, "units") for each in entry.get("units", ())),
                int(entry.get("top", 0)),
            )
        except BadEntry as error:
            self._wrong(name, str(error))

    def _notes(self, given: Any, scope: str) -> Iterator[str]:
        """The notes for *scope*, each by its name in [notes] or in its own words."""
        for note in given.get(scope, ()) if isinstance(given, Mapping) else given:
            yield self._dated(str(self.raw.get("notes", {}).get(note, note)))

    @staticmethod
    def _must(entry: Entry, key: str) -> str:
        if not entry.get(key):
            raise BadEntry(f"没有写 {key}，请补上")
        return str(entry[key])

    @staticmethod
    def _one_of(given: Any, known: Sequence[str], key: str) -> str:
        if given not in known:
            raise BadEntry(f"的 {key} 写成了“{given}”，请改成 {'、'.join(known)} 之一")
        return str(given)

    @staticmethod
    def _paper(given: str) -> Paper | None:
        if not given:
            return None
        found = re.fullmatch(r"(A4|A3)(横?)", given)
        if not found:
            raise BadEntry(f"的 paper 写成了“{given}”，请改成 A4、A4横、A3、A3横 之一，或删去这一项")
        return Paper(cast(Any, found[1]), bool(found[2]))
