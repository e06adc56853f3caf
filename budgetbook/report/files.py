"""The paragraphs of a report from the file it came in: .docx, .txt, or .pdf with a text layer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, PyPdfError

from ..narrative.headings import heading_number
from ..narrative.text import read_text
from ..problems import says_errno

LARGEST = 50 * 2**20
LARGEST_UNPACKED = 400 * 2**20
OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # old Word, and the wrapping of an encrypted .docx
SHOWN = ".//w:r[not(ancestor::w:del or ancestor::w:moveFrom or ancestor::w:txbxContent)]"
PAGE_NUMBER = re.compile(r"[\s—–－·第-]*\d{1,4}[\s—–－·页-]*")
SENTENCE_END = re.compile(r"[。！？][”’）)》】*\s]*$")
HEADING_LENGTH = 40
SHORTEST_MARGIN = 20
FULL_LINE = 0.9  # of the width that one line in five has: such a line ran to the margin and goes on in the next


class ReportFileError(ValueError):
    """The file cannot be read as a report; the message names it, says why, and what to do."""


def read_paragraphs(path: Path) -> list[str]:
    """The text of a report, paragraph by paragraph; of a .docx those of `body_paragraphs`.

    Raises ReportFileError for a file that is missing, too large, encrypted, of an unknown kind, or without text.
    """
    content = _content(path)
    paragraphs = _paragraphs(path, content)
    if not any(paragraph.strip() for paragraph in paragraphs):
        raise ReportFileError(f"{path.name} 里没有文字。请核对是不是选错了文件。")
    return paragraphs


def body_paragraphs(document: Document) -> list[Paragraph]:
    """The paragraphs of the running text, those in content controls too; tables and text boxes are not part of it."""
    paragraphs = document.element.body.iter(qn("w:p"))
    return [
        Paragraph(element, document._body)
        for element in paragraphs
        if not any(True for _ in element.iterancestors(qn("w:tbl"), qn("w:txbxContent")))
    ]


def shown_runs(paragraph: Paragraph) -> list[Run]:
    """The runs whose text is seen when tracked changes are accepted; joined they are the paragraph's text."""
    return [Run(element, paragraph) for element in paragraph._p.xpath(SHOWN)]


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise ReportFileError(f"{path.name} 超过 50 MB，不像是报告文字。请去掉图片和附表后再试。")
        return path.read_bytes()
    except OSError as error:
        raise ReportFileError(f"打不开 {path}：{says_errno(error)}。请核对路径，并关闭正在使用它的程序。") from error


def _paragraphs(path: Path, content: bytes) -> list[str]:
    if content.startswith(OLE):
        raise ReportFileError(_ole(path))
    if content.startswith(b"PK"):
        return _docx(path, content)
    if content[:1024].lstrip().startswith(b"%PDF"):
        return join_lines(_pdf_lines(path, content))
    if path.suffix.lower() in (".txt", ".md"):
        return join_lines(_decoded(path, content).splitlines())
    raise ReportFileError(f"{path.name} 不是能读的报告。请用 .docx、.txt，或带文字层的 .pdf。")


def _ole(path: Path) -> str:
    if path.suffix.lower() == ".docx":
        return f"{path.name} 设有打开密码，读不到内容。请在 Word 或 WPS 中取消密码后另存一份。"
    return f"{path.name} 是旧格式的文档。请用 Word 或 WPS 另存为 .docx。"


def _docx(path: Path, content: bytes) -> list[str]:
    try:
        with ZipFile(BytesIO(content)) as package:
            unpacked = sum(member.file_size for member in package.infolist())
        document = docx.Document(BytesIO(content)) if unpacked <= LARGEST_UNPACKED else None
    except (BadZipFile, KeyError, ValueError, PackageNotFoundError, SyntaxError) as error:
        raise ReportFileError(f"{path.name} 不是完好的 .docx。请用 Word 或 WPS 打开后另存一份。") from error
    if document is None:
        raise ReportFileError(f"{path.name} 解开后超过 400 MB，不像是报告文字。请去掉图片后再试。")
    return ["".join(run.text for run in shown_runs(paragraph)) for paragraph in body_paragraphs(document)]


def _decoded(path: Path, content: bytes) -> str:
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ReportFileError(f"{path.name} 的文字编码认不出来。请另存为 UTF-8 编码的 .txt。")


def _pdf_lines(path: Path, content: bytes) -> list[str]:
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReportFileError(f"{path.name} 设有打开密码，读不到内容。请换一份没有密码的。")
        texts = [page.extract_text() for page in reader.pages]
        scanned = [
            number for number, page in enumerate(reader.pages, 1) if not texts[number - 1].strip() and _images(page)
        ]
    except DependencyError as error:
        raise ReportFileError(f"{path.name} 是加密的 PDF，读不到内容。请换一份没有加密的。") from error
    except PyPdfError as error:
        raise ReportFileError(f"{path.name} 不是完好的 PDF。请重新导出一份。") from error
    if scanned:
        raise ReportFileError(_without_text(path, scanned))
    return [line for text in texts for line in text.splitlines()]


def _images(page: PageObject) -> bool:
    return bool(page.images.keys())


def _without_text(path: Path, pages: Sequence[int]) -> str:
    shown = "、".join(str(page) for page in pages[:5]) + ("等" if len(pages) > 5 else "")
    return f"{path.name} 第 {shown} 页是扫描图片，没有文字层。请用 .docx 原稿，或先做文字识别。"


def join_lines(lines: Sequence[str]) -> list[str]:
    """Paragraphs out of lines: one that breaks off in the middle of a sentence goes on in the next; page numbers go."""
    lines = [line.strip() for line in lines if line.strip() and not PAGE_NUMBER.fullmatch(line.strip())]
    widths = sorted(len(line) for line in lines)
    margin = widths[len(widths) * 4 // 5] if widths else 0
    return list(_joined(lines, FULL_LINE * max(margin, SHORTEST_MARGIN)))


def _joined(lines: Sequence[str], full: float) -> Iterator[str]:
    parts: list[str] = []
    for line in lines:
        if parts and not _goes_on(parts, line, full):
            yield "".join(parts)
            parts = []
        parts.append(line)
    if parts:
        yield "".join(parts)


def _goes_on(parts: Sequence[str], line: str, full: float) -> bool:
    last = parts[-1]
    if SENTENCE_END.search(last) or heading_number(read_text(line[:12]).text):
        return False
    return len(last) >= full or len(parts) > 1 or not _stands_alone(last)


def _stands_alone(line: str) -> bool:
    """A heading or a line of the title page: short, and no sentence has begun in it."""
    return len(line) <= HEADING_LENGTH and not re.search(r"[，。；、]", line)
