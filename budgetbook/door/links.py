"""What the parts of a package point at: inside it, outside it, or nowhere. Nothing is ever followed."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from .markup import Attributes
from .remarks import RESAVE, Remark, shown

WORKBOOK = "xl/workbook.xml"
_PLACES = {"officedocument": WORKBOOK, "sharedstrings": "xl/sharedstrings.xml", "styles": "xl/styles.xml"}
_NEEDED = {"worksheet", *_PLACES}
_MAY_LEAVE = re.compile(r"hyperlink|image|externallink.*|xl.*")


@dataclass(frozen=True, slots=True)
class Link:
    """One relationship of a part (of the package when `source` is empty); an internal target is the name of a part."""

    source: str
    id: str
    type: str
    target: str
    leaves: bool

    @property
    def kind(self) -> str:
        return self.type.rpartition("/")[2].casefold()

    @property
    def needs_part(self) -> bool:
        return not self.leaves and not self.target.startswith("#")


def link(rels: str, attributes: Attributes) -> Link:
    """The link that a Relationship element of a .rels part describes."""
    folder, _, name = rels.rpartition("_rels/")
    target, leaves = attributes.get("Target", ""), attributes.get("TargetMode") == "External"
    if not leaves and not target.startswith("#"):
        target = posixpath.normpath(posixpath.join("/", folder, unquote(target.partition("#")[0]))).lstrip("/")
    source = folder + name.removesuffix(".rels")
    return Link(source, attributes.get("Id", ""), attributes.get("Type", ""), target, leaves)


def link_objections(links: Collection[Link], read: Collection[str]) -> Iterator[Remark]:
    """Links that keep a file out: leaving it, leading nowhere, standing twice, or past the place where readers look.

    `read` has the casefolded names of the parts that were walked as XML.
    """
    seen: set[tuple[str, str]] = set()
    for each in links:
        if (each.source, each.id) in seen:
            yield _remark("link-twice", each, f"编号“{shown(each.id, 20)}”出现了两次，不知以哪个为准")
        seen.add((each.source, each.id))
        target = each.target.casefold()
        if each.leaves and not _MAY_LEAVE.fullmatch(each.kind):
            yield _remark("link-external", each, f"指向文件以外的“{shown(each.target, 60)}”，不能接收")
        elif each.kind in _NEEDED and target not in read:
            yield _remark("link-missing", each, f"指向不存在或不可读的“{shown(each.target, 60)}”，文件残缺")
        elif _PLACES.get(each.kind, target) != target:
            yield _remark("link-place", each, f"指向不该在的位置“{shown(each.target, 60)}”，各种软件会读出不同的内容")
    for kind, name in _PLACES.items():
        if sum(each.kind == kind for each in links) > 1:
            says = f"部件 {name} 登记了不止一次，各种软件会读出不同的内容。{RESAVE}"
            yield Remark("link-place", says, name)


def link_notices(links: Collection[Link], parts: Collection[str]) -> Iterator[Remark]:
    """Links that a person should know of: to other workbooks and pictures elsewhere, and harmless ones to nothing."""
    for each in links:
        if each.leaves and each.kind != "hyperlink" and _MAY_LEAVE.fullmatch(each.kind):
            says = f"文件引用了另一个文件“{shown(each.target)}”，没有跟随读取。请核对由它算出的数。"
            yield Remark("link-elsewhere", says, shown(each.source))
        elif each.needs_part and each.kind not in _NEEDED and each.target.casefold() not in parts:
            yield Remark("link-lost", f"文件里缺少附属部件“{shown(each.target)}”，不影响读数。", shown(each.source))


def _remark(code: str, each: Link, says: str) -> Remark:
    source = shown(each.source, 60)
    where = f"部件 {source} " if source else "文件"
    return Remark(code, f"{where}的一处关系（{shown(each.kind, 30)}）{says}。{RESAVE}", source)
