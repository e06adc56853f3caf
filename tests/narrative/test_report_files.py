"""Reports come as Word, text or PDF; what cannot be read is refused in a sentence that says what to do."""

from __future__ import annotations

import zlib
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from budgetbook.report.files import ReportFileError, join_lines, read_paragraphs

TEXT = "全市一般公共预算收入完成 12.5 亿元。"


def refused(path: Path) -> str:
    with pytest.raises(ReportFileError) as error:
        read_paragraphs(path)
    return str(error.value)


def test_a_word_document_is_read_paragraph_by_paragraph(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("一、执行情况")
    document.add_paragraph("")
    document.add_paragraph("全市一般公共预算收入").add_run("完成 12.5 亿元。").bold = True
    document.save(str(tmp_path / "报告.docx"))
    assert ["一、执行情况", "", "全市一般公共预算收入完成 12.5 亿元。"] == read_paragraphs(tmp_path / "报告.docx")


def test_tracked_changes_are_read_as_accepted_and_tables_left_out(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("完成 ")
    for tag, text_tag, text in (("w:del", "w:delText", "12.4"), ("w:ins", "w:t", "12.5")):
        change, run, said = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(text_tag)
        said.text = text
        run.append(said)
        change.append(run)
        paragraph._p.append(change)
    document.add_table(1, 1).cell(0, 0).text = "99"
    document.save(str(tmp_path / "报告.docx"))
    assert ["完成 12.5"] == [text for text in read_paragraphs(tmp_path / "报告.docx") if text]


def test_text_in_content_controls_is_read(tmp_path: Path) -> None:
    document = docx.Document()
    element = document.add_paragraph(TEXT)._p
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    element.addprevious(control)
    control.append(content)
    content.append(element)
    assert [qn("w:sdtContent")] == [parent.tag for parent in [element.getparent()] if parent is not None]
    document.save(str(tmp_path / "报告.docx"))
    assert [TEXT] == read_paragraphs(tmp_path / "报告.docx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_files_are_read_in_the_encodings_of_the_trade(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "报告.txt").write_bytes(TEXT.encode(encoding))
    assert [TEXT] == read_paragraphs(tmp_path / "报告.txt")


def test_lines_that_break_off_go_on_across_pages() -> None:
    lines = [
        "一、执行情况",
        "（一）全市",
        "收入完成12.5亿元，同",
        "",
        "— 3 —",
        "比增长3%，支出完成20亿",
        "元。",
        "（二）市级",
        "完成3亿元。",
    ]
    expected = [
        "一、执行情况",
        "（一）全市",
        "收入完成12.5亿元，同比增长3%，支出完成20亿元。",
        "（二）市级",
        "完成3亿元。",
    ]
    assert expected == join_lines(lines)


def test_lines_of_the_title_page_stay_apart() -> None:
    lines = ["某市人大会议文件", "关于某市2025年预算执行情况的报告", "某市财政局局长", TEXT]
    assert lines == join_lines(lines)


def test_a_pdf_with_a_text_layer_is_read(tmp_path: Path) -> None:
    (tmp_path / "报告.pdf").write_bytes(pdf_of_text(["全市收入完成12.5亿元，同", "比增长3%。"]))
    assert ["全市收入完成12.5亿元，同比增长3%。"] == read_paragraphs(tmp_path / "报告.pdf")


def test_a_scanned_pdf_names_its_pages(tmp_path: Path) -> None:
    (tmp_path / "报告.pdf").write_bytes(pdf_of_picture())
    assert "报告.pdf 第 1 页是扫描图片，没有文字层。请用 .docx 原稿，或先做文字识别。" == refused(tmp_path / "报告.pdf")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        (
            "报告.docx",
            bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
            "报告.docx 设有打开密码，读不到内容。请在 Word 或 WPS 中取消密码后另存一份。",
        ),
        (
            "报告.doc",
            bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
            "报告.doc 是旧格式的文档。请用 Word 或 WPS 另存为 .docx。",
        ),
        ("报告.docx", b"PK\3\4 torn", "报告.docx 不是完好的 .docx。请用 Word 或 WPS 打开后另存一份。"),
        ("报告.pdf", b"%PDF-1.4 torn", "报告.pdf 不是完好的 PDF。请重新导出一份。"),
        ("报告.jpg", b"\xff\xd8\xff\xe0", "报告.jpg 不是能读的报告。请用 .docx、.txt，或带文字层的 .pdf。"),
        ("报告.txt", b"\x00\xff\x81", "报告.txt 的文字编码认不出来。请另存为 UTF-8 编码的 .txt。"),
        ("报告.txt", b" \n\n ", "报告.txt 里没有文字。请核对是不是选错了文件。"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_remedy(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert says == refused(tmp_path / name)


def test_a_document_with_broken_markup_is_refused(tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "原稿.docx"))
    with ZipFile(tmp_path / "原稿.docx") as whole, ZipFile(tmp_path / "报告.docx", "w") as torn:
        for name in whole.namelist():
            torn.writestr(name, b"<w:document" if name == "word/document.xml" else whole.read(name))
    assert "报告.docx 不是完好的 .docx。请用 Word 或 WPS 打开后另存一份。" == refused(tmp_path / "报告.docx")


def test_a_file_beyond_any_report_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "报告.txt").open("wb") as file:
        file.truncate(51 * 2**20)
    assert "报告.txt 超过 50 MB，不像是报告文字。请去掉图片和附表后再试。" == refused(tmp_path / "报告.txt")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path / "没有.docx").startswith(f"打不开 {tmp_path / '没有.docx'}：")


def pdf_of_text(lines: list[str]) -> bytes:
    shown = "\n".join(
        f"1 0 0 1 50 {700 - 20 * at} Tm <{line.encode('utf-16-be').hex()}> Tj" for at, line in enumerate(lines)
    )
    return pdf(
        f"BT /F1 12 Tf {shown} ET".encode(),
        b"/Font << /F1 << /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts "
        b"[<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>] >> >>",
    )


def pdf_of_picture() -> bytes:
    return pdf(b"q 100 0 0 100 0 0 cm /I1 Do Q", b"/XObject << /I1 5 0 R >>")


def pdf(content: bytes, resources: bytes) -> bytes:
    picture = zlib.compress(bytes(3))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << " + resources + b" >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceRGB /BitsPerComponent 8 "
        b"/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(picture), picture),
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return body + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        table,
        len(objects) + 1,
        len(body),
    )
