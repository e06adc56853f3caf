"""The papers as one .docx: cover, contents, every table in a section of its own. The only module that knows docx."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section, _Footer, _Header

from ..saving import save
from .docx_markup import (
    NAMESPACE,
    bookmark,
    defaults,
    field,
    font_table,
    paragraph,
    right_tab,
    run,
    section,
    styles,
    tab,
    table,
)
from .page_fit import Fit, breaks, fit, printable
from .printed import Paper, PrintedBook, PrintedTable
from .typefaces import OFFICIAL, Fonts, second_choices

EPOCH = datetime(2026, 1, 1)
_UPRIGHT = Paper("A4")
_HAIR = '<w:spacing w:after="0" w:line="20" w:lineRule="exact"/>'
_NEXT_PAGE = paragraph("PaperNote", extra="<w:pageBreakBefore/>" + _HAIR)
_MOST_KEPT = 0.4  # of a page: a longer 类 may be broken inside


@dataclass(frozen=True, slots=True)
class _Set:
    """A table on its paper, and the page it is expected to begin on."""

    table: PrintedTable
    fit: Fit
    page: int
    bookmark: str


def write_docx(path: Path, book: PrintedBook, fonts: Fonts = OFFICIAL, *, fixed_pages: bool = False) -> None:
    """Write *book* to *path*, whole or not at all. The same book gives the same bytes.

    Rows keep together as a word processor finds room, so that a table may be pasted into another document. With
    *fixed_pages* a table is cut where its pages are expected to end: for printing, and for LibreOffice, which does not
    keep rows together.
    """
    document = docx.Document()
    _set_styles(document, fonts)
    placed = tuple(_placed(book.tables))
    _fill_body(document, [*_cover(book), *_contents(placed), *_tables(placed, fixed_pages)])
    if placed:
        _set_headers(document, placed)
    _set_properties(document, book)
    _save(document, path)


def _placed(tables: tuple[PrintedTable, ...]) -> Iterator[_Set]:
    page = 1
    for at, one in enumerate(tables, 1):
        fitted = fit(one)
        yield _Set(one, fitted, page, f"paper_table_{at}")
        page += 1 + len(breaks(one, fitted, title_repeats=False))


def _cover(book: PrintedBook) -> Iterator[str]:
    yield paragraph("PaperCover", run(book.title), extra='<w:spacing w:before="4200"/>')
    if book.subtitle:
        yield paragraph("PaperIssuer", run(book.subtitle), extra='<w:spacing w:before="600"/>')
    yield paragraph("PaperIssuer", run(book.issuer), extra='<w:spacing w:before="5200"/>')
    yield paragraph("PaperIssuer", run(book.date), extra=section(_UPRIGHT))


def _contents(placed: tuple[_Set, ...]) -> Iterator[str]:
    yield paragraph("PaperContents", run("目　录"))
    hanging = '<w:ind w:left="960" w:right="480" w:hanging="960"/>'
    for at, one in enumerate(placed, 1):
        page = field(f"PAGEREF {one.bookmark} \\h", str(one.page))
        words = run(f"{one.table.number}　{one.table.title}"), tab(), page
        end = section(_UPRIGHT) if at == len(placed) else ""
        yield paragraph("PaperEntry", *words, extra=right_tab(_UPRIGHT, "dot") + hanging + end)


def _tables(placed: tuple[_Set, ...], fixed_pages: bool) -> Iterator[str]:
    for at, one in enumerate(placed, 1):
        keep = "<w:keepNext/>"
        yield paragraph("PaperNumber", run(one.table.number), extra=keep)
        yield paragraph("PaperTitle", bookmark(one.bookmark, at, run(one.table.title)), extra=keep)
        yield paragraph("PaperUnit", run(one.table.unit), extra=keep)
        yield _NEXT_PAGE.join(_pages(one, fixed_pages))
        yield from _notes(one, section(one.fit.paper, first_differs=True, start=1 if at == 1 else None))


def _pages(one: _Set, fixed: bool) -> Iterator[str]:
    kept = _kept(one.table, one.fit)
    starts = [0, *(breaks(one.table, one.fit, title_repeats=False) if fixed else ()), len(one.table.rows)]
    for start, end in pairwise(starts):
        yield table(one.table, one.fit, slice(start, end), kept)


def _notes(one: _Set, end: str) -> Iterator[str]:
    """The notes; the last paragraph carries the section, and is a hair's breadth high where there is no note."""
    for note in one.table.notes[:-1]:
        yield paragraph("PaperNote", run(note), extra="<w:keepNext/>")
    if one.table.notes:
        yield paragraph("PaperNote", run(one.table.notes[-1]), extra=end)
    else:
        yield paragraph("PaperNote", extra=_HAIR + end)


def _kept(table: PrintedTable, fitted: Fit) -> list[bool]:
    """Which rows stay with the next: a 类 together if it is short, its first row with the second in any case,
    the last rows with the notes."""
    page = printable(fitted.paper)[1] * _MOST_KEPT
    count = len(table.rows)
    starts = [0, *(at for at in range(1, count) if table.rows[at].opens), count]
    kept = [False] * count
    for start, end in pairwise(starts):
        short = sum(fitted.rows[start:end]) <= page
        for at in range(start, end - 1):
            kept[at] = short or at == start
    for at in range(max(count - 2, 0), count - (not table.notes)):
        kept[at] = True
    return kept


def _fill_body(document: Document, blocks: list[str]) -> None:
    body = document.element.body
    body.clear()
    body.extend(list(parse_xml(f"<w:body {NAMESPACE}>{''.join(blocks)}</w:body>")))
    *_, last = body.iter(qn("w:sectPr"))
    last.getparent().remove(last)
    body.append(last)


def _set_headers(document: Document, placed: tuple[_Set, ...]) -> None:
    """续表 in the head of every page of a table but its first; the folio at the foot of every page."""
    sections = list(document.sections)[-len(placed) :]
    for page, one in zip(sections, placed, strict=True):
        words = run(f"续{one.table.number}　{one.table.title}", 10.5), tab(), run(one.table.unit, 10.5)
        _replace(page.header, paragraph("PaperNumber", *words, extra=right_tab(one.fit.paper)))
    _set_folio(sections[0])


def _set_folio(page: Section) -> None:
    for footer in (page.footer, page.first_page_footer):
        _replace(footer, paragraph("PaperFolio", run("— "), field("PAGE", "1"), run(" —")))


def _replace(part: _Header | _Footer, block: str) -> None:
    part.is_linked_to_previous = False
    element = part._element
    element.clear()
    element.append(_element(block))


def _element(block: str) -> BaseOxmlElement:
    name = block[1 : block.index(">")].split(maxsplit=1)[0]
    return parse_xml(block.replace(f"<{name}", f"<{name} {NAMESPACE}", 1))


def _set_styles(document: Document, fonts: Fonts) -> None:
    element = document.styles.element
    element.replace(element.find(qn("w:docDefaults")), parse_xml(defaults(fonts)))
    for style in styles(fonts):
        element.append(_element(style))
    document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)._blob = font_table(second_choices()).encode()


def _set_properties(document: Document, book: PrintedBook) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = book.title, book.issuer, book.issuer
    properties.comments, properties.keywords, properties.language = "", "", "zh-CN"
    properties.created = properties.modified = EPOCH  # same in, same out
    properties.revision = 1


def _save(document: Document, path: Path) -> None:
    """Every part under one date, in one order, and in place only when complete."""
    loose = io.BytesIO()
    document.save(loose)
    made = io.BytesIO()
    with zipfile.ZipFile(loose) as parts, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as whole:
        for part in parts.namelist():
            whole.writestr(zipfile.ZipInfo(part, EPOCH.timetuple()[:6]), parts.read(part), zipfile.ZIP_DEFLATED)
    save(path, made.getvalue())
