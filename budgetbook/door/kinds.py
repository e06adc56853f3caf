"""What a file can turn out to be, what people call it, and what they should do about it."""

from enum import Enum
from pathlib import PurePosixPath

_RESAVE = "请用 Excel 或 WPS 打开，“另存为”选“Excel 工作簿（*.xlsx）”，再报 .xlsx 文件。"
_REFILL = "请报原来下发的电子表格（.xlsx），不要报转换、打印或拍照后的文件。"
_UNLOCK = "请先去掉打开密码或工作簿保护：在“文件”→“信息”（WPS 为“文件”→“文档加密”）里清除密码，保存后再报。"
_UNPACK = "请解开后直接报里面的 .xlsx 文件，或者重新压缩成 .zip 再报。"


class Kind(Enum):
    """The code, the name, the extensions that tell the truth about it, and the way out for the sender."""

    XLSX = "xlsx", "Excel 工作簿", ".xlsx .xltx", ""
    XLSM = "xlsm", "带宏的 Excel 工作簿", ".xlsm .xltm .xlam", "带宏的文件一律不接收。" + _RESAVE
    XLSB = "xlsb", "二进制格式的 Excel 工作簿", ".xlsb", _RESAVE
    STRICT = "strict", "“Strict Open XML”格式的 Excel 工作簿", ".xlsx", _RESAVE
    XLS = "xls", "旧格式（Excel 97-2003 或 WPS）的电子表格", ".xls .xlt .et .ett", _RESAVE
    ET = "et", "WPS 专用格式的电子表格", ".et .ett", _RESAVE
    LOCKED = "locked", "有密码的文件", ".xls .xlsx .xlsm .xlsb .et", _UNLOCK
    DRM = "drm", "被单位的加密软件加密过的文件", "", "请在装有该加密软件的电脑上解密，或按规定申请外发后再报。"
    ODS = "ods", "OpenDocument 电子表格", ".ods .ots .fods", _RESAVE
    HTML = "html", "网页", ".html .htm .mht .mhtml", _RESAVE
    XML2003 = "xml2003", "“XML 表格 2003”格式的电子表格", ".xml", _RESAVE
    XML = "xml", "XML 文本", ".xml .uof .uos", _REFILL
    TEXT = "text", "纯文本（如 CSV）", ".csv .txt .tsv .prn", "纯文本里没有表样和公式。" + _REFILL
    PDF = "pdf", "PDF 文件", ".pdf", _REFILL
    OFD = "ofd", "OFD 版式文件", ".ofd", _REFILL
    IMAGE = "image", "图片", ".png .jpg .jpeg .gif .bmp .tif .tiff .webp .heic", _REFILL
    DOCX = "docx", "Word 文档", ".docx .docm", _REFILL
    DOC = "doc", "旧格式（Word 97-2003 或 WPS）的文字文档", ".doc .wps .dot", _REFILL
    RTF = "rtf", "RTF 文档", ".rtf .doc", _REFILL
    PPTX = "pptx", "演示文稿", ".pptx .pptm .ppsx", _REFILL
    PPT = "ppt", "旧格式的演示文稿", ".ppt .dps", _REFILL
    ZIP = "zip", "ZIP 压缩包", ".zip", _UNPACK
    SEVENZIP = "7z", "7z 压缩包", ".7z", _UNPACK
    RAR = "rar", "RAR 压缩包", ".rar", _UNPACK
    GZIP = "gzip", "gzip、bzip2、xz 或 tar 压缩包", ".gz .tgz .bz2 .xz .tar", _UNPACK
    TORN = "torn", "残缺的工作簿或压缩包", "", "多半是没有传完整或存盘时中断。请重新打开原文件另存一次，再发来。"
    EMPTY = "empty", "没有内容的空文件", "", "多半是没有传完整或存盘时中断。请重新发送。"
    UNKNOWN = "unknown", "认不出格式的文件", "", "文件可能已经损坏。请在 Excel 或 WPS 中打开确认，另存为 .xlsx 后再报。"

    def __init__(self, code: str, title: str, extensions: str, remedy: str) -> None:
        self.code = code
        self.title = title
        self.extensions = tuple(extensions.split())
        self.remedy = remedy


_KNOWN = {extension for kind in Kind for extension in kind.extensions}


def refusal(kind: Kind, path: str) -> str:
    """What the file is, whether its extension says otherwise, and what to do; empty for a workbook we read."""
    if kind is Kind.XLSX:
        return ""
    return (mismatch(kind, path) or f"这是{_spaced(kind.title)}。") + kind.remedy


def mismatch(kind: Kind, path: str) -> str:
    """The sentence for an extension that claims another kind than the content is; empty when they agree."""
    extension = PurePosixPath(path.rpartition("!")[2]).suffix.lower()
    if extension not in _KNOWN or extension in kind.extensions or not kind.extensions:
        return ""
    return f"扩展名是 {extension}，内容却是{_spaced(kind.title)}。"


def _spaced(title: str) -> str:
    return f" {title}" if title[0].isascii() else title
