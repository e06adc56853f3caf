"""What a package says it is: its sheets, its links and the declared types of its parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from .kinds import Kind, refusal
from .links import WORKBOOK, Link, link
from .markup import Attributes, Values, local
from .remarks import RESAVE, Remark, shown

KEPT = ("Relationship", "Override", "Default", "sheet", "workbook", "externalLink")
_TYPES = "[Content_Types].xml"
_MAIN = re.compile(r"application/vnd\.openxmlformats-officedocument\.spreadsheetml\.(?:sheet|template)\.main\+xml")
_STRICT = "http://purl.oclc.org/ooxml/"
_HIDDEN = {"hidden": "隐藏", "veryHidden": "深度隐藏（在菜单里看不到）"}
_FORBIDDEN: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("macros", "宏", re.compile(r"vbaproject|vbadata|macrosheet|macroenabled|dialogsheet")),
    (
        "embedded",
        "嵌入的对象、控件或加载项",
        re.compile(r"/embeddings/|oleobject|activex|relationships/(?:package|control)$|webextension"),
    ),
    ("connections", "外部数据连接", re.compile(r"connections|querytable|datamodel|/model/")),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """A sheet as the workbook lists it; `part` is empty when its link leads nowhere."""

    name: str
    state: str
    part: str


@dataclass(frozen=True, slots=True)
class Package:
    """Parts by name, what was read of those that are XML, and the links and tabs found there."""

    parts: tuple[str, ...]
    read: Mapping[str, Values]
    links: tuple[Link, ...]
    tabs: tuple[Tab, ...]

    def where(self, part: str) -> str:
        """A part in words that the sender can find: the sheet by its name."""
        names = [tab.name for tab in self.tabs if tab.part.casefold() == part.casefold()]
        return f"工作表“{shown(names[0], 40)}”" if names else f"部件 {shown(part, 60)}"

    def is_elsewhere(self, part: str) -> bool:
        """Whether a part holds what was last seen in another workbook."""
        values = next((values for name, values in self.read.items() if name.casefold() == part.casefold()), None)
        return values is not None and bool(values.named("externalLink"))


def package(parts: Collection[str], read: Mapping[str, Values]) -> Package:
    """Put together what the parts say of each other."""
    rels = ((name, values) for name, values in read.items() if name.endswith(".rels"))
    links = tuple(link(name, each) for name, values in rels for each in values.named("Relationship"))
    targets = {each.id: each.target for each in links if each.source.casefold() == WORKBOOK}
    tabs = tuple(_tab(each, targets) for each in _workbook(read, "sheet"))
    return Package(tuple(parts), read, links, tabs)


def _workbook(read: Mapping[str, Values], element: str) -> list[Attributes]:
    return [each for name, values in read.items() if name.casefold() == WORKBOOK for each in values.named(element)]


def _tab(attributes: Attributes, targets: Mapping[str, str]) -> Tab:
    identity = next((value for name, value in attributes.items() if ":" in name and local(name) == "id"), "")
    return Tab(attributes.get("name", ""), attributes.get("state", ""), targets.get(identity, ""))


def carried(found: Package) -> Iterator[Remark]:
    """What a return may not carry, one refusal for each kind of thing, judged by names, links and declared types."""
    names = [*found.parts, *(each.type for each in found.links), *_types(found, lambda part: True)]
    for code, title, pattern in _FORBIDDEN:
        first = next((name for name in names if pattern.search(name.casefold())), None)
        if first is not None:
            what = f"文件里有{title}（{shown(first.rpartition('/')[2], 60)}），不能接收。"
            yield Remark(code, f"{what}请删去后“另存为”→“Excel 工作簿（*.xlsx）”再报。", shown(first))


def main_objections(found: Package) -> Iterator[Remark]:
    """A package whose main part is not the kind of workbook that we read."""
    types = list(_types(found, lambda part: part == WORKBOOK))
    if len(types) != 1 or not _MAIN.fullmatch(types[0]) or not found.tabs:
        yield Remark("not-workbook", f"里面没有可读的 Excel 工作簿。{RESAVE}", WORKBOOK)
    if any(value.startswith(_STRICT) for each in _workbook(found.read, "workbook") for value in each.values()):
        yield Remark("strict", refusal(Kind.STRICT, ""), WORKBOOK)


def tab_objections(found: Package) -> Iterator[Remark]:
    """Sheets that are not there or could be taken for one another."""
    names: set[str] = set()
    parts: set[str] = set()
    for tab in found.tabs:
        title = f"工作表“{shown(tab.name, 40)}”"
        if tab.name.casefold() in names or tab.part.casefold() in parts:
            yield Remark("tab-twice", f"{title}在目录里出现了两次，不知以哪个为准。{RESAVE}", WORKBOOK)
        if not tab.part or found.is_elsewhere(tab.part):
            yield Remark("tab-missing", f"{title}在目录里有，内容却找不到，文件残缺。{RESAVE}", WORKBOOK)
        names.add(tab.name.casefold())
        parts.add(tab.part.casefold())


def _types(found: Package, wanted: Callable[[str], bool]) -> Iterator[str]:
    """The types of the wanted parts that are there: declared one by one, else by the ending of their names."""
    declared = found.read.get(_TYPES, Values())
    there = {f"/{part.casefold()}" for part in found.parts if wanted(part.casefold())}
    single = [each for each in declared.named("Override") if each.get("PartName", "").casefold() in there]
    there -= {each["PartName"].casefold() for each in single}
    endings = {part.rpartition(".")[2] for part in there}
    general = [each for each in declared.named("Default") if each.get("Extension", "").casefold() in endings]
    return (each.get("ContentType", "") for each in (*single, *general))


def tab_notices(found: Package) -> Iterator[Remark]:
    """Sheets that a person who opens the file does not see."""
    for tab in found.tabs:
        if tab.state in _HIDDEN:
            says = f"工作表“{shown(tab.name, 40)}”是{_HIDDEN[tab.state]}的，其中的内容也会读取。"
            yield Remark("hidden-sheet", says, shown(tab.part))
