"""Whether a workbook may be read at all: the archive first, then its XML, then what it carries and points at."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from .cells import Cells, too_many_cells
from .limits import LIMITS, Limits
from .links import link_notices, link_objections
from .markup import Markup, Values
from .package import KEPT, Package, carried, main_objections, package, tab_notices, tab_objections
from .remarks import RESAVE, Refused, Remark, Verdict, shown
from .rows import Struck, strike
from .tallies import Calls, Merges, Strings, Styles
from .zips import directory, inflate, prove

_SHORTER = 6  # by how many levels what was struck from a part can have been deeper than what is left
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"<\0", b"\0<")


def preflight(content: bytes, limits: Limits = LIMITS) -> Verdict:
    """The verdict on the bytes of a .xlsx file. Never raises, whatever the file contains."""
    try:
        parts = unpack(content, limits)
    except Refused as refused:
        return Verdict((refused.remark,))
    return _judge(parts, limits)


def unpack(content: bytes, limits: Limits = LIMITS) -> dict[str, bytes]:
    """The parts of a package by name, once its archive was found sound. Raises Refused."""
    found = directory(content, limits.entries)
    prove(content, found)
    parts: dict[str, bytes] = {}
    left = limits.total
    for entry in found.entries:
        part = inflate(content, entry, limits, left)
        left -= len(part)
        if part or not entry.is_folder:
            parts[entry.name] = part
    return parts


def _judge(parts: Mapping[str, bytes], limits: Limits) -> Verdict:
    """What a part may not hold hides what the package may not be: the second is only looked at without the first."""
    read: dict[str, Values] = {}
    plain: dict[str, Struck] = {}
    refused: dict[str, Refused] = {}
    for name, content in parts.items():
        try:
            if _is_xml(name, content):
                read[name], struck = _read(name, content, limits)
                plain |= {name: struck} if struck else {}
        except Refused as reason:
            if _is_meant_as_xml(name) or reason.remark.code == "xml-dtd":
                refused[name] = reason
    found = package(parts, read)
    refusals = tuple(_placed(refused, found)) or _objections(found)
    return Verdict(_one_of_each(refusals), tuple(_notices(found)), parts, plain)


def _is_xml(name: str, content: bytes) -> bool:
    """By name, or by looks: pictures and settings may be XML as well, and drawings (.vml) that Excel writes are not quite."""
    head = content[:64].lstrip(codecs.BOM_UTF8 + b" \t\r\n")
    return _is_meant_as_xml(name) or head.startswith((b"<", *_WIDE))


def _is_meant_as_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _read(name: str, content: bytes, limits: Limits) -> tuple[Values, Struck | None]:
    """Walk a part, and tell what was struck if that is all that counts. The short way can only acquit: whatever it finds is looked for again in the whole part."""
    if len(content) > 4 * limits.places and content.count(b"<c ") > limits.places:
        raise too_many_cells(limits.places)
    read = _read_short(content, limits) or (_walk(content, limits, Struck())[0], None)
    if content.startswith(_WIDE) and not name.startswith(("docProps/", "customXml/")):
        raise Refused("xml-encoding", f"用了 UTF-16 编码，读取程序会漏读。{RESAVE}")
    return read


def _read_short(content: bytes, limits: Limits) -> tuple[Values, Struck | None] | None:
    short = strike(content)
    if not short:
        return None
    left, struck = short
    try:
        values, cells, strings = _walk(left, replace(limits, depth=limits.depth - _SHORTER), struck)
    except Refused:
        return None
    if cells.doubt:
        return None
    return values, struck if not cells.places.walked and strings.count == struck.strings else None


def _walk(content: bytes, limits: Limits, struck: Struck) -> tuple[Values, Cells, Strings]:
    markup = Markup(content, limits)
    cells, strings, values = Cells(markup, struck), Strings(markup, struck.strings), Values(*KEPT)
    markup.watch(cells, strings, Merges(limits), Styles(limits), Calls(), values)
    markup.read()
    cells.places.check()
    return values, cells, strings


def _placed(refused: Mapping[str, Refused], found: Package) -> Iterator[Remark]:
    for part, reason in refused.items():
        yield Remark(reason.remark.code, f"{found.where(part)}：{reason.remark.says}", shown(part))


def _objections(found: Package) -> tuple[Remark, ...]:
    """The first kind of objection that there is; the later ones may be no more than its echoes."""
    linked = link_objections(found.links, _folded(found.read))
    kinds = (carried(found), linked, main_objections(found), tab_objections(found))
    return next((remarks for remarks in map(tuple, kinds) if remarks), ())


def _notices(found: Package) -> Iterator[Remark]:
    yield from tab_notices(found)
    yield from link_notices(found.links, _folded(found.parts))


def _one_of_each(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    first: dict[str, Remark] = {}
    for remark in remarks:
        first.setdefault(remark.code, remark)
    return tuple(first.values())


def _folded(names: Iterable[str]) -> set[str]:
    return {name.casefold() for name in names}
