"""A file is what its bytes say; the sentence names it and says what to do."""

from __future__ import annotations

import gc
import re

import pytest

from budgetbook.door import ole
from budgetbook.door.kinds import Kind, mismatch, refusal
from budgetbook.door.sniff import sniff

from .packages import OFFICE, RELS, TYPES, Item, archive, compound, edited, packed, parts, workbook

MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
BOF = b"\x09\x08\x10\0" + bytes(16)
KINGSOFT = b"\1\0\x54\x45\x50\x57\0\x53KINGSOFU"
EXCEL_2003 = '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>' + (
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
)


def _main(type: str) -> bytes:
    return edited({TYPES: [(MAIN, type)]})


def _other(type: str) -> bytes:
    return archive(
        [Item(TYPES.encode(), parts()[TYPES].replace(MAIN.encode(), type.encode())), Item(b"a.xml", b"<a/>")]
    )


def _defaulted(type: str) -> bytes:
    types = f'<Types><Default Extension="bin" ContentType="{type}"/></Types>'
    return packed({TYPES: types.encode(), "xl/workbook.bin": b"1"})


def _broken() -> bytes:
    return packed({TYPES: b"<Types><Default", "_rels/.rels": b"<a/>", "a.xml": b"<a/>"})


def _odf(type: str) -> bytes:
    return packed({"mimetype": f"application/vnd.oasis.opendocument.{type}".encode(), "content.xml": b"<a/>"})


FILES: dict[str, tuple[bytes, Kind]] = {
    "xlsx": (workbook(), Kind.XLSX),
    "xltx": (_main(MAIN.replace("sheet.main", "template.main")), Kind.XLSX),
    "xlsm": (_main("application/vnd.ms-excel.sheet.macroEnabled.main+xml"), Kind.XLSM),
    "xlam": (_main("application/vnd.ms-excel.addin.macroEnabled.main+xml"), Kind.XLSM),
    "xlsb": (_main("application/vnd.ms-excel.sheet.binary.macroEnabled.main"), Kind.XLSB),
    "strict": (edited({RELS: [(OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships")]}), Kind.STRICT),
    "docx": (_other("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"), Kind.DOCX),
    "pptx": (_other("application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"), Kind.PPTX),
    "ods": (_odf("spreadsheet"), Kind.ODS),
    "fods": (b'<?xml version="1.0"?><o m="application/vnd.oasis.opendocument.spreadsheet"/>', Kind.ODS),
    "ofd": (packed({"OFD.xml": b"<ofd/>"}), Kind.OFD),
    "zip": (packed({"a.txt": b"a"}), Kind.ZIP),
    "empty_zip": (archive([]), Kind.ZIP),
    "cut_zip": (workbook()[:2_000], Kind.TORN),
    "locked_zip_of_a_workbook": (archive([Item(TYPES.encode(), b"a", flags=1)]), Kind.LOCKED),
    "content_types_with_a_dtd": (edited({TYPES: [("?>", "?><!DOCTYPE a>")]}), Kind.TORN),
    "xls": (compound(("Workbook", BOF)), Kind.XLS),
    "xls_95": (compound(("Book", BOF)), Kind.XLS),
    "xls_with_stream_in_capitals": (compound(("WORKBOOK", BOF)), Kind.XLS),
    "xls_of_excel_4": (b"\x09\x04\x06\x00\x00\x00\x10\x00", Kind.XLS),
    "xlsb_by_default_type": (_defaulted("application/vnd.ms-excel.sheet.binary.macroEnabled.main"), Kind.XLSB),
    "et": (compound(("Workbook", BOF), owner=KINGSOFT), Kind.ET),
    "xls_with_password": (compound(("Workbook", BOF + b"\x2f\0\x36\0")), Kind.LOCKED),
    "xlsx_with_password": (compound(("EncryptionInfo", b""), ("EncryptedPackage", b"")), Kind.LOCKED),
    "doc": (compound(("WordDocument", b"")), Kind.DOC),
    "ppt": (compound(("PowerPoint Document", b"")), Kind.PPT),
    "ole_of_nothing_known": (compound(("Contents", b"")), Kind.UNKNOWN),
    "ole_cut_short": (compound(("Workbook", BOF))[:300], Kind.UNKNOWN),
    "html": (b"\xef\xbb\xbf\r\n<HTML><table><tr><td>1", Kind.HTML),
    "html_table_in_gbk": ("<table><td>收入".encode("gbk"), Kind.HTML),
    "html_after_a_declaration": (b'<?xml version="1.0"?><!DOCTYPE html><html/>', Kind.HTML),
    "mhtml": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", Kind.HTML),
    "xml_2003": (EXCEL_2003.encode(), Kind.XML2003),
    "xml_2003_in_utf_16": (EXCEL_2003.encode("utf-16"), Kind.XML2003),
    "xml": (b'<?xml version="1.0"?><uof/>', Kind.XML),
    "csv": ("科目,执行数\n税收收入,5\n".encode(), Kind.TEXT),
    "csv_in_gbk": ("科目,执行数\n税收收入,5\n".encode("gbk"), Kind.TEXT),
    "csv_in_utf_16": ("科目\t执行数\n".encode("utf-16"), Kind.TEXT),
    "long_text_cut_within_a_letter": (("a" + "科" * 40_000).encode(), Kind.TEXT),
    "pdf": (b"%PDF-1.7\n", Kind.PDF),
    "rtf": (b"{\\rtf1\\ansi", Kind.RTF),
    "7z": (b"7z\xbc\xaf\x27\x1c\0\4", Kind.SEVENZIP),
    "rar": (b"Rar!\x1a\x07\x01\0", Kind.RAR),
    "gzip": (b"\x1f\x8b\x08\0", Kind.GZIP),
    "tar": (b"a.xlsx".ljust(257, b"\0") + b"ustar\x0000", Kind.GZIP),
    "png": (b"\x89PNG\r\n\x1a\n\0", Kind.IMAGE),
    "jpeg": (b"\xff\xd8\xff\xe0", Kind.IMAGE),
    "heic": (b"\0\0\0\x18ftypheic", Kind.IMAGE),
    "webp": (b"RIFF\0\0\0\0WEBP", Kind.IMAGE),
    "encrypted_by_office_policy": (b"%TSD-Header-###%" + bytes(99), Kind.DRM),
    "encrypted_by_office_policy_too": (b"b\x14#e\1\0\2\0E-SafeNet\0\0\0LOCK" + bytes(99), Kind.DRM),
    "empty": (b"", Kind.EMPTY),
    "zeros": (bytes(4_096), Kind.EMPTY),
    "noise": (b"\x93\x00\xfe\x01" * 64, Kind.UNKNOWN),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_what_its_bytes_say(name: str) -> None:
    content, kind = FILES[name]
    assert kind is sniff(content)


def test_every_kind_has_a_file_here() -> None:
    assert set(Kind) == {kind for _, kind in FILES.values()}


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.XLSX], ids=lambda kind: kind.code)
def test_every_kind_but_ours_has_a_sentence_that_says_what_to_do(kind: Kind) -> None:
    assert re.fullmatch(r"这是.+。.*请.+。", refusal(kind, "修武县"))


def test_a_workbook_is_not_refused() -> None:
    assert "" == refusal(Kind.XLSX, "修武县.xls")


def test_an_extension_that_claims_otherwise_is_told() -> None:
    assert refusal(Kind.XLS, "返回/修武县.xlsx").startswith(
        "扩展名是 .xlsx，内容却是旧格式（Excel 97-2003 或 WPS）的电子表格。"
    )
    assert "扩展名是 .xls，内容却是 Excel 工作簿。" == mismatch(Kind.XLSX, "返回.zip!修武县.XLS")


@pytest.mark.parametrize("kind", [Kind.TORN, Kind.EMPTY, Kind.UNKNOWN, Kind.DRM, Kind.LOCKED])
def test_a_spoiled_workbook_is_not_told_that_it_is_none(kind: Kind) -> None:
    assert "" == mismatch(kind, "修武县.xlsx")


@pytest.mark.parametrize("path", ["修武县.xls", "修武县.et", "修武县", "修武县.最终版", "a.zip!修武县.XLS"])
def test_an_extension_that_agrees_or_says_nothing_is_not_mentioned(path: str) -> None:
    assert "" == mismatch(Kind.XLS, path)


@pytest.mark.parametrize("cut", range(0, 5_632, 97))
def test_a_compound_file_cut_anywhere_does_not_raise(cut: int) -> None:
    assert sniff(compound(("Workbook", BOF))[:cut]) in set(Kind)


def test_a_compound_file_whose_chains_run_in_circles_is_read_once_around() -> None:
    content = bytearray(compound(("Workbook", BOF)))
    content[516:520] = (1).to_bytes(4, "little")  # the directory is followed by itself
    content[68:72] = (0).to_bytes(4, "little")  # and the table by itself
    assert Kind.XLS is sniff(bytes(content))
    assert ("Root Entry", "Workbook") == tuple(stream.name for stream in ole.compound(bytes(content)).streams)


@pytest.mark.parametrize("content", [workbook(), _odf("spreadsheet"), _broken()])
def test_nothing_of_a_file_stays_until_rubbish_is_looked_for(content: bytes) -> None:
    sniff(content)  # patterns and tables are made once
    gc.collect()
    gc.disable()
    try:
        sniff(content)
        assert 0 == gc.collect()
    finally:
        gc.enable()
