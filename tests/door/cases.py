"""Hostile and awkward workbooks, each with the one code it must end in; an empty code means that it is let in."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass, replace
from struct import pack

from .packages import (
    BOOK,
    BOOK_RELS,
    CELL,
    OFFICE,
    RELS,
    SECOND,
    SHEET,
    STRINGS,
    STYLES,
    TYPES,
    Item,
    archive,
    cell,
    deflated,
    edited,
    items,
    packed,
    parts,
    rows,
    sheet,
    spoiled,
    with_part,
    workbook,
)

XML = '<?xml version="1.0" encoding="UTF-8"?>'
DOCTYPE = "<!DOCTYPE worksheet [<!ENTITY a '1'>]>"
LAUGHS = (
    "<!DOCTYPE lolz [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)) + "]>"
)
FINANCE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@dataclass(frozen=True)
class Case:
    """`expected` refusals (at most one) and notices, by code."""

    name: str
    make: Callable[[], bytes]
    refused: str = ""
    noticed: str = ""


def _first_line(part: str, more: str) -> bytes:
    """More text right after the XML declaration of a part."""
    return edited({part: [("?>", "?>" + more)]})


def _sheet_bytes(content: bytes) -> bytes:
    return packed({**parts(), SHEET: content})


def _bomb() -> bytes:
    return packed({**parts(), "xl/media/image1.png": bytes(20_000_000)})


def _lying_bomb() -> bytes:
    return spoiled(STYLES, lambda item: replace(item, data=deflated(bytes(30_000_000)), size=len(item.content)))


def _overlap() -> bytes:
    return archive([*items(), Item(b"xl/copy.xml", parts()[TYPES], header=0)])


def _many_entries() -> bytes:
    return packed({**parts(), **{f"xl/media/image{n}.png": b"" for n in range(2_000)}})


def _repeated(xml: str, count: int) -> str:
    return "".join(xml.format(n) for n in range(1, count + 1))


def _endless_comment() -> bytes:
    return f"<a><!--{_repeated('{} ', 500_000)}--></a>".encode()


def _deep(levels: int) -> bytes:
    return with_part("docProps/deep.xml", (XML + "<a>" * levels + "</a>" * levels).encode())


def _table() -> str:
    text = parts()[SHEET].decode()
    return text[text.index("<sheetData>") : text.index("<mergeCells")]


def _far_corners() -> bytes:
    return rows('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def _styled_blanks() -> bytes:
    blanks = "".join(f'<c r="{letter}%d" s="1"/>' for letter in "ABCDEFGHIJKLMNO")
    return rows("".join(f'<row r="{n}">{blanks.replace("%d", str(n))}</row>' for n in range(20, 30_020)))


def _wide_blanks() -> bytes:
    letters = [chr(65 + n // 26) + chr(65 + n % 26) for n in range(26 * 20)]
    return rows(
        "".join(
            f'<row r="{n}">{"".join(f"<c r={chr(34)}{each}{n}{chr(34)} s={chr(34)}1{chr(34)}/>" for each in letters)}</row>'
            for n in range(20, 220)
        )
    )


def _wide_text(more: str = "") -> bytes:
    text = parts()[SHEET].decode().replace("UTF-8", "UTF-16").replace("?>", "?>" + more, 1)
    return _sheet_bytes(text.encode("utf-16"))


def _second_sheet_hidden(state: str) -> bytes:
    return edited({BOOK: [('name="支出" ', f'name="支出" state="{state}" ')]})


def _external_workbook(inside: str) -> bytes:
    part = f'{XML}<externalLink xmlns="{FINANCE}">{inside}</externalLink>'
    return with_part("xl/externalLinks/externalLink1.xml", part.encode(), link="externalLink")


def _external_target() -> bytes:
    rel = (
        f'<Relationship Id="rId1" Type="{OFFICE}/externalLinkPath" Target="file:///D:/去年.xls" TargetMode="External"/>'
    )
    rels = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rel}</Relationships>'
    return packed(
        {
            **parts(),
            "xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{FINANCE}"/>'.encode(),
            "xl/externalLinks/_rels/externalLink1.xml.rels": rels.encode(),
        }
    )


def _strings_elsewhere() -> bytes:
    renamed = {("xl/texts.xml" if name == STRINGS else name): content for name, content in parts().items()}
    for name in (TYPES, BOOK_RELS):
        renamed[name] = renamed[name].replace(b"sharedStrings.xml", b"texts.xml")
    return packed(renamed)


def _workbook_elsewhere() -> bytes:
    other = parts()[BOOK].replace("收入".encode(), "假表".encode())
    edits = {RELS: [("xl/workbook.xml", "xl/real.xml")]}
    return edited(edits, {"xl/real.xml": other, "xl/_rels/real.xml.rels": parts()[BOOK_RELS]})


def _newlines() -> bytes:
    text = parts()[SHEET].decode()
    for mark in ("<row", "</row", "<c ", "<v>"):
        text = text.replace(mark, "\n  " + mark)
    return _sheet_bytes(text.encode())


def _prefixed() -> bytes:
    """The sheet with every element in a prefix of its own, and one cell twice."""
    text = parts()[SHEET].decode().replace(CELL, CELL + CELL)
    text = text.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:").replace("<x:?", "<?")
    return _sheet_bytes(text.replace("xmlns=", "xmlns:x=").encode())


def _wide_end(disagreeing: int = 0) -> bytes:
    plain = packed(parts())
    body, end = plain[:-22], plain[-22:]
    count, size, start = len(parts()), int.from_bytes(end[12:16], "little"), int.from_bytes(end[16:20], "little")
    wide = pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, start - disagreeing)
    return body + wide + pack("<4sLQL", b"PK\6\7", 0, len(body), 1) + end


def _streamed(crc: int | None = None) -> bytes:
    """The sheet with its size and check in a descriptor after it, as programs write that do not know them before."""

    def spoil(item: Item) -> Item:
        made = archive([item])
        told, size, full = (int.from_bytes(made[at : at + 4], "little") for at in (14, 18, 22))
        return replace(item, flags=8, after=b"PK\7\10" + pack("<3L", told if crc is None else crc, size, full))

    return spoiled(SHEET, spoil)


def _streamed_with_size_before() -> bytes:
    """Some programs write the size, which they know, before the bytes, and the rest after them."""
    made = bytearray(_streamed())
    header = made.index(b"PK\3\4", made.index(SHEET.encode()) - 40)
    made[header + 22 : header + 26] = len(parts()[SHEET]).to_bytes(4, "little")
    return bytes(made)


def _type_by_ending() -> bytes:
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    single, general = f'<Override PartName="/{BOOK}" ContentType="{main}"/>', f'Extension="xml" ContentType="{main}"'
    return edited({TYPES: [(single, ""), ('Extension="xml" ContentType="application/xml"', general)]})


def _two_sheets_seen_elsewhere() -> str:
    seen = "".join(
        f'<sheetData sheetId="{n}"><row r="1"><cell r="A1"><v>1</v></cell></row></sheetData>' for n in (0, 1)
    )
    return f"<externalBook><sheetDataSet>{seen}</sheetDataSet></externalBook>"


def _sheet_seen_elsewhere() -> bytes:
    return _sheet_bytes(
        parts()[SHEET].replace(b"<worksheet", b"<externalLink").replace(b"</worksheet", b"</externalLink")
    )


ARCHIVES = (
    Case("streamed_entry_with_its_size_before_it", _streamed_with_size_before),
    Case(
        "name_said_to_be_utf_8_in_one_place",
        lambda: spoiled(SHEET, lambda item: replace(item, local={"flags": 1 << 11})),
    ),
    Case(
        "name_said_to_be_encrypted_in_one_place",
        lambda: spoiled(SHEET, lambda item: replace(item, local={"flags": 1})),
        "zip-header",
    ),
    Case("as_office_writes_it", workbook),
    Case("entries_streamed_with_descriptors", _streamed),
    Case("zip64_ending_that_agrees", _wide_end),
    Case("folders_as_entries", lambda: archive([Item(b"xl/", b"", method=0), *items()])),
    Case("descriptor_that_disagrees", lambda: _streamed(crc=7), "zip-header"),
    Case("zip64_ending_that_disagrees", lambda: _wide_end(disagreeing=9), "zip-broken"),
    Case("name_twice", lambda: archive([*items(), Item(SHEET.encode(), b"<a/>")]), "zip-duplicate"),
    Case(
        "name_twice_in_other_case", lambda: archive([*items(), Item(SHEET.upper().encode(), b"<a/>")]), "zip-duplicate"
    ),
    Case("absolute_name", lambda: packed({**parts(), "/etc/passwd": b""}), "zip-name"),
    Case("name_that_climbs", lambda: packed({**parts(), "xl/../../x.xml": b"<a/>"}), "zip-name"),
    Case("name_with_backslashes", lambda: packed({**parts(), "xl\\x.xml": b"<a/>"}), "zip-name"),
    Case("name_with_a_drive", lambda: packed({**parts(), "C:x.xml": b"<a/>"}), "zip-name"),
    Case("name_with_control_characters", lambda: packed({**parts(), "xl/\x1b[2J.xml": b"<a/>"}), "zip-name"),
    Case(
        "local_name_differs",
        lambda: spoiled(SHEET, lambda item: replace(item, local={"name": SECOND.encode()})),
        "zip-header",
    ),
    Case("local_size_differs", lambda: spoiled(SHEET, lambda item: replace(item, local={"size": 5})), "zip-header"),
    Case("local_crc_differs", lambda: spoiled(SHEET, lambda item: replace(item, local={"crc": 5})), "zip-header"),
    Case(
        "local_method_differs",
        lambda: spoiled(SHEET, lambda item: replace(item, local={"method": 0, "data": item.stored})),
        "zip-header",
    ),
    Case("entries_overlap", _overlap, "zip-overlap"),
    Case("method_bzip2", lambda: spoiled(SHEET, lambda item: replace(item, method=12)), "zip-method"),
    Case("method_lzma", lambda: spoiled(SHEET, lambda item: replace(item, method=14)), "zip-method"),
    Case("entry_encrypted", lambda: spoiled(SHEET, lambda item: replace(item, flags=1)), "zip-encrypted"),
    Case("crc_wrong", lambda: spoiled(SHEET, lambda item: replace(item, crc=5)), "zip-crc"),
    Case("size_wrong", lambda: spoiled(SHEET, lambda item: replace(item, size=5)), "zip-crc"),
    Case(
        "bytes_after_the_deflated_end",
        lambda: spoiled(SHEET, lambda item: replace(item, data=item.stored + b"more")),
        "zip-broken",
    ),
    Case("deflated_data_broken", lambda: spoiled(SHEET, lambda item: replace(item, data=b"\xff" * 99)), "zip-broken"),
    Case("data_before_the_archive", lambda: archive(items(), start=b"MZ" * 99), "zip-slack"),
    Case("data_between_entries", lambda: spoiled(SHEET, lambda item: replace(item, before=b"hidden")), "zip-slack"),
    Case("data_before_the_directory", lambda: archive(items(), gap=b"hidden"), "zip-slack"),
    Case("data_after_the_archive", lambda: workbook() + b"hidden", "zip-slack"),
    Case("archive_comment", lambda: archive(items(), comment=b"hidden"), "zip-slack"),
    Case("two_archives_in_a_row", lambda: workbook() + workbook(), "zip-broken"),
    Case(
        "two_archives_in_a_row_with_offsets_set",
        lambda: workbook() + archive(items(), offset=len(workbook())),
        "zip-slack",
    ),
    Case("archive_inside_a_comment", lambda: _hidden_in_comment(), "zip-broken"),
    Case("cut_short", lambda: workbook()[:-300], "zip-broken"),
    Case("cut_to_the_first_kilobyte", lambda: workbook()[:1000], "zip-broken"),
    Case("bomb", _bomb, "zip-ratio"),
    Case("bomb_that_lies_about_its_size", _lying_bomb, "zip-ratio"),
    Case("more_entries_than_allowed", _many_entries, "zip-entries"),
)


def _hidden_in_comment() -> bytes:
    inner = archive(items())
    return archive(items(), comment=inner)


def _endless_links() -> bytes:
    links = _repeated('<Relationship Id="a{}"/>', 100_001)
    return edited({BOOK_RELS: [("</Relationships>", f"{links}</Relationships>")]})


MARKUP = (
    Case("relationships_without_end", _endless_links, "xml-endless"),
    Case("comment_between_rows", lambda: sheet("<sheetData>", "<sheetData><!-- 说明 -->")),
    Case("row_inside_a_comment", lambda: rows('<!-- <row r="3"><c r="C3"><v>9</v></c></row> -->')),
    Case("byte_order_mark", lambda: _sheet_bytes(codecs.BOM_UTF8 + parts()[SHEET])),
    Case("pretty_printed", _newlines),
    Case("dtd_in_a_sheet", lambda: _first_line(SHEET, DOCTYPE), "xml-dtd"),
    Case("dtd_in_the_relationships", lambda: _first_line(BOOK_RELS, DOCTYPE), "xml-dtd"),
    Case("dtd_in_the_content_types", lambda: _first_line(TYPES, DOCTYPE), "xml-dtd"),
    Case("dtd_in_the_properties", lambda: _first_line("docProps/core.xml", DOCTYPE), "xml-dtd"),
    Case("dtd_in_utf_16", lambda: _wide_text(DOCTYPE), "xml-dtd"),
    Case("dtd_after_a_comment", lambda: _first_line(SHEET, "<!--" + "x" * 9_000 + "-->" + DOCTYPE), "xml-dtd"),
    Case("dtd_to_another_file", lambda: _first_line(SHEET, '<!DOCTYPE a SYSTEM "file:///etc/passwd">'), "xml-dtd"),
    Case("billion_laughs", lambda: _first_line(STRINGS, LAUGHS), "xml-dtd"),
    Case("dtd_in_an_unlisted_part", lambda: with_part("xl/media/image1.svg", DOCTYPE.encode() + b"<svg/>"), "xml-dtd"),
    Case("utf_16", _wide_text, "xml-encoding"),
    Case("gbk_declared", lambda: edited({SHEET: [("UTF-8", "GBK")]}), "xml-encoding"),
    Case("utf_7_declared", lambda: edited({SHEET: [("UTF-8", "UTF-7")]}), "xml-encoding"),
    Case("latin_declared", lambda: edited({SHEET: [("UTF-8", "ISO-8859-1")]}), "xml-encoding"),
    Case(
        "not_utf_8",
        lambda: _sheet_bytes(parts()[SHEET].replace(CELL.encode(), b'<c r="C3" t="str"><v>\xcc\xd5</v></c>')),
        "xml-broken",
    ),
    Case("cut_in_the_middle", lambda: _sheet_bytes(parts()[SHEET][:-40]), "xml-broken"),
    Case("text_after_the_end", lambda: _sheet_bytes(parts()[SHEET] + b"<more/>"), "xml-broken"),
    Case("undeclared_entity", lambda: cell('<c r="C3" t="str"><v>&nbsp;</v></c>'), "xml-broken"),
    Case("row_inside_a_tag", lambda: sheet("<sheetData>", '<sheetData <row r="90"/> a="b">'), "xml-broken"),
    Case("row_inside_an_attribute", lambda: sheet("<sheetData>", '<sheetData a="x><row r="90"/><y">'), "xml-broken"),
    Case("depth_64", lambda: _deep(64)),
    Case("depth_65", lambda: _deep(65), "xml-depth"),
    Case("depth_a_million", lambda: _deep(1_000_000), "zip-ratio"),
    Case(
        "depth_a_hundred_thousand",
        lambda: packed({**parts(), "docProps/deep.xml": (XML + _repeated("<a{}>", 100_000)).encode()}),
        "xml-depth",
    ),
    Case("prolog_without_end", lambda: _first_line(SHEET, _repeated("<!-- {} -->", 20_000)), "xml-endless"),
    Case("comment_without_end", lambda: with_part("docProps/a.xml", _endless_comment()), "xml-endless"),
    Case(
        "elements_of_endless_names",
        lambda: with_part("docProps/a.xml", f"<a>{_repeated('<b{}/>', 6_000)}</a>".encode()),
        "xml-endless",
    ),
)

CELLS = (
    Case("row_number_twice_with_other_cells", lambda: rows('<row r="3"><c r="D3"><v>1</v></c></row>')),
    Case("columns_out_of_order", lambda: rows('<row r="30"><c r="C30"><v>1</v></c><c r="A30"><v>1</v></c></row>')),
    Case("columns_beyond_z", lambda: rows('<row r="30"><c r="A30"><v>1</v></c><c r="AB30"><v>1</v></c></row>')),
    Case("cells_without_addresses", lambda: rows("<row><c><v>1</v></c><c><v>2</v></c></row>")),
    Case("a_false_dimension", lambda: edited({SHEET: [("A1:C12", "A1:B1")]})),
    Case("a_dimension_of_the_whole_sheet", lambda: edited({SHEET: [("A1:C12", "A1:XFD1048576")]})),
    Case("450000_styled_blanks", _styled_blanks),
    Case("104000_styled_blanks_to_the_side", _wide_blanks),
    Case("cell_past_the_last_column", lambda: rows('<row r="30"><c r="XFE30"><v>1</v></c></row>'), "cell-reference"),
    Case(
        "cell_past_the_last_row", lambda: rows('<row r="1048577"><c r="A1048577"><v>1</v></c></row>'), "cell-reference"
    ),
    Case(
        "only_a_row_past_the_last",
        lambda: edited({SHEET: [(_table(), '<sheetData><row r="9999999"/></sheetData>')]}),
        "cell-reference",
    ),
    Case(
        "wide_row_past_the_last_column",
        lambda: rows('<row r="30"><c r="AA30"/><c r="ZZZ30"><v>1</v></c></row>'),
        "cell-reference",
    ),
    Case(
        "cell_twice_in_a_wide_row",
        lambda: rows('<row r="30"><c r="AA30"><v>1</v></c><c r="AA30"/></row>'),
        "cell-duplicate",
    ),
    Case("a_wide_row_far_down", lambda: rows('<row r="1048576"><c r="AZ1048576"><v>1</v></c></row>'), "cell-box"),
    Case("row_zero", lambda: rows('<row r="0"><c r="A0"><v>1</v></c></row>'), "cell-reference"),
    Case("row_number_without_end", lambda: rows(f'<row r="{"9" * 99}"/>'), "cell-reference"),
    Case("address_in_small_letters", lambda: rows('<row r="30"><c r="a30"><v>1</v></c></row>'), "cell-reference"),
    Case("address_with_a_leading_zero", lambda: rows('<row r="30"><c r="A030"><v>1</v></c></row>'), "cell-reference"),
    Case("address_of_a_range", lambda: rows('<row r="30"><c r="A30:B30"><v>1</v></c></row>'), "cell-reference"),
    Case("one_cell_at_the_far_corner", _far_corners, "cell-box"),
    Case("one_cell_at_the_last_row", lambda: rows('<row r="1048576"><c r="J1048576"><v>1</v></c></row>'), "cell-box"),
    Case("a_blank_cell_at_the_far_corner", lambda: rows('<row r="1048576"><c r="XFD1048576" s="1"/></row>')),
    Case("cell_twice_in_a_row", lambda: cell(CELL + '<c r="C3"><v>9</v></c>'), "cell-duplicate"),
    Case("cell_twice_in_two_rows", lambda: rows('<row r="3"><c r="C3"><v>9</v></c></row>'), "cell-duplicate"),
    Case("cell_in_a_row_of_another_number", lambda: rows('<row r="30"><c r="C3"><v>9</v></c></row>'), "cell-duplicate"),
    Case("cell_twice_without_an_address", lambda: rows('<row r="3"><c/><c/><c><v>9</v></c></row>'), "cell-duplicate"),
    Case("cell_twice_in_a_prefix", _prefixed, "cell-duplicate"),
    Case("comment_in_a_figure", lambda: cell('<c r="C3"><v>72<!-- x -->167</v></c>'), "cell-value"),
    Case("instruction_in_a_figure", lambda: cell('<c r="C3"><v>72<?x y?>167</v></c>'), "cell-value"),
    Case("cdata_in_a_figure", lambda: cell('<c r="C3"><v><![CDATA[167]]></v></c>'), "cell-value"),
    Case("element_in_a_figure", lambda: cell('<c r="C3"><v>72<b/>167</v></c>'), "cell-value"),
    Case("character_reference_in_a_figure", lambda: cell('<c r="C3"><v>&#55;2</v></c>'), "cell-value"),
    Case("comment_in_a_formula", lambda: cell('<c r="C3"><f>1<!-- x -->+1</f><v>2</v></c>'), "cell-value"),
    Case("comment_in_a_text", lambda: edited({STRINGS: [("科目1", "科<!-- x -->目1")]}), "cell-value"),
    Case("two_figures_in_a_cell", lambda: cell('<c r="C3"><v>72</v><v>167</v></c>'), "cell-value"),
    Case("a_figure_and_a_text_in_a_cell", lambda: cell('<c r="C3"><v>72</v><is><t>167</t></is></c>'), "cell-value"),
    Case("letters_by_number_in_a_text", lambda: cell('<c r="C3" t="inlineStr"><is><t>&#31185;&#65288;</t></is></c>')),
    Case("two_tables_in_a_sheet", lambda: sheet("</sheetData>", "</sheetData><sheetData/>"), "sheet-twice"),
    Case("merge_to_the_last_row", lambda: sheet('ref="A12:C12"', 'ref="A8:A1048576"'), "merges"),
    Case(
        "100000_merges",
        lambda: sheet("</mergeCells>", _repeated('<mergeCell ref="A{0}:B{0}"/>', 100_000) + "</mergeCells>"),
        "merges",
    ),
    Case("merge_outside_the_sheet", lambda: sheet('ref="A12:C12"', 'ref="A8:A1048577"'), "cell-reference"),
    Case(
        "a_count_of_texts_without_end",
        lambda: edited({STRINGS: [('uniqueCount="', 'uniqueCount="4294967')]}),
        "strings",
    ),
    Case("a_count_of_texts_below_zero", lambda: edited({STRINGS: [('uniqueCount="', 'uniqueCount="-')]}), "strings"),
    Case(
        "a_million_styles",
        lambda: edited(
            {STYLES: [("</cellXfs>", _repeated('<xf numFmtId="{0}" fontId="{0}"/>', 200_000) + "</cellXfs>")]}
        ),
        "styles",
    ),
)

CARRIED = (
    Case("main_type_by_the_ending_of_the_name", _type_by_ending),
    Case("two_sheets_of_a_linked_workbook", lambda: _external_workbook(_two_sheets_seen_elsewhere())),
    Case("a_linked_workbook_listed_as_a_sheet", _sheet_seen_elsewhere, "tab-missing"),
    Case("settings_that_look_like_xml", lambda: with_part("xl/customProperty1.bin", "<a".encode("utf-16"))),
    Case("dde_in_a_formula", lambda: cell("<c r=\"C3\"><f>cmd|'/c calc'!A0</f><v>167</v></c>"), "dde"),
    Case(
        "a_bar_inside_a_text_formula", lambda: cell('<c r="C3" t="str"><f>A1&amp;"|"&amp;&quot;|&quot;</f><v>a</v></c>')
    ),
    Case("a_bar_by_number_in_a_formula", lambda: cell("<c r=\"C3\"><f>cmd&#124;'/c calc'!A0</f><v>167</v></c>"), "dde"),
    Case("dde_link", lambda: _external_workbook('<ddeLink ddeService="cmd" ddeTopic="/c calc"/>'), "dde"),
    Case("ole_link", lambda: _external_workbook('<oleLink progId="Excel.Sheet.8"/>'), "dde"),
    Case("macros", lambda: with_part("xl/vbaProject.bin", b"macro", link="vbaProject"), "macros"),
    Case(
        "macros_under_another_name",
        lambda: with_part("xl/a.bin", b"macro", type="application/vnd.ms-office.vbaProject"),
        "macros",
    ),
    Case("macros_by_link_only", lambda: with_part("xl/a.dat", b"macro", link="vbaProject"), "macros"),
    Case("macro_sheet", lambda: with_part("xl/macrosheets/sheet1.xml", b"<a/>", link="xlMacrosheet"), "macros"),
    Case(
        "macro_workbook_type",
        lambda: edited(
            {
                TYPES: [
                    (
                        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                    )
                ]
            }
        ),
        "macros",
    ),
    Case("connections", lambda: with_part("xl/connections.xml", b"<connections/>", link="connections"), "connections"),
    Case("query_table", lambda: with_part("xl/queryTables/queryTable1.xml", b"<queryTable/>"), "connections"),
    Case("data_model", lambda: with_part("xl/model/item.data", b"data"), "connections"),
    Case("embedded_workbook", lambda: with_part("xl/embeddings/book.xlsx", workbook(), link="package"), "embedded"),
    Case("ole_object", lambda: with_part("xl/embeddings/oleObject1.bin", b"ole", link="oleObject"), "embedded"),
    Case("activex_control", lambda: with_part("xl/activeX/activeX1.xml", b"<ocx/>", link="control"), "embedded"),
    Case("web_add_in", lambda: with_part("xl/webextensions/webextension1.xml", b"<we/>"), "embedded"),
    Case(
        "sheet_from_the_web",
        lambda: with_part("http://example.com/a.xml", b"", link="worksheet", external=True),
        "link-external",
    ),
    Case(
        "link_to_a_file_of_the_computer",
        lambda: with_part("file:///etc/passwd", b"", link="theme", external=True),
        "link-external",
    ),
    Case(
        "sheet_missing",
        lambda: packed({name: part for name, part in parts().items() if name != SECOND}),
        "link-missing",
    ),
    Case(
        "sheet_that_is_no_xml",
        lambda: edited(
            {BOOK_RELS: [("worksheets/sheet2.xml", "media/image1.png")]}, {"xl/media/image1.png": b"\x89PNG"}
        ),
        "link-missing",
    ),
    Case("texts_in_another_place", _strings_elsewhere, "link-place"),
    Case("texts_not_listed", lambda: edited({BOOK_RELS: [("/sharedStrings", "/other")]})),
    Case("texts_listed_twice", lambda: with_part("xl/sharedStrings.xml", b"", link="sharedStrings"), "link-place"),
    Case("workbook_in_another_place", _workbook_elsewhere, "link-place"),
    Case("link_number_twice", lambda: edited({BOOK_RELS: [('Id="rId2"', 'Id="rId1"')]}), "link-twice"),
    Case("sheet_name_twice", lambda: edited({BOOK: [('name="支出"', 'name="收入"')]}), "tab-twice"),
    Case("one_sheet_listed_twice", lambda: edited({BOOK: [('r:id="rId2"', 'r:id="rId1"')]}), "tab-twice"),
    Case("sheet_without_content", lambda: edited({BOOK: [('r:id="rId2"', 'r:id="rId99"')]}), "tab-missing"),
    Case("no_sheets", lambda: packed({**parts(), BOOK: f'<workbook xmlns="{FINANCE}"/>'.encode()}), "not-workbook"),
    Case(
        "no_content_types",
        lambda: packed({name: part for name, part in parts().items() if name != TYPES}),
        "not-workbook",
    ),
    Case(
        "strict_namespace",
        lambda: edited({BOOK: [(f'xmlns="{FINANCE}"', 'xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"')]}),
        "strict",
    ),
    Case("hidden_sheet", lambda: _second_sheet_hidden("hidden"), noticed="hidden-sheet"),
    Case("very_hidden_sheet", lambda: _second_sheet_hidden("veryHidden"), noticed="hidden-sheet"),
    Case("link_to_another_workbook", _external_target, noticed="link-elsewhere"),
    Case(
        "picture_elsewhere",
        lambda: with_part("http://example.com/a.png", b"", link="image", external=True),
        noticed="link-elsewhere",
    ),
    Case(
        "printer_settings_lost",
        lambda: with_part("xl/printerSettings/p1.bin", b"", link="printerSettings"),
        noticed="link-lost",
    ),
    Case("link_to_a_web_page", lambda: with_part("http://example.com", b"", link="hyperlink", external=True)),
    Case("drawing_that_is_no_xml", lambda: with_part("xl/drawings/vmlDrawing1.vml", b"<xml><br></xml>")),
)

CASES = (*ARCHIVES, *MARKUP, *CELLS, *CARRIED)
