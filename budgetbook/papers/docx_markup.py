"""The WordprocessingML of the papers: styles, paragraphs, and a printed table with its head that repeats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

from .page_fit import BOTTOM, LEADING, SIDE, SMALL_SIZE, TITLE_SIZE, TOP, Fit, printable
from .printed import Content, Head, Paper, PrintedTable, Row, RowKind
from .typefaces import Fonts

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CELL_SIZE = 10.5  # pt; other sizes are set on the run
COVER_SIZE, CONTENTS_TITLE_SIZE, ISSUER_SIZE = 26.0, 22.0, 16.0  # 一号, 二号, 三号
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_OUTLINE = '<w:outlineLvl w:val="0"/>'
_STYLE_OF: dict[RowKind, tuple[str, str]] = {
    "plain": ("PaperLabel", "PaperFigure"),
    "blank": ("PaperLabel", "PaperFigure"),
    "total": ("PaperTotalLabel", "PaperTotalFigure"),
    "of_which": ("PaperOfWhichLabel", "PaperOfWhichFigure"),
}


def twips(points: float) -> int:
    """Twentieths of a point."""
    return round(points * 20)


def millimetres(length: float) -> int:
    """Millimetres in twips."""
    return twips(length * 72 / 25.4)


def font_table(stand_ins: Mapping[str, str]) -> str:
    """For each typeface the one to take where it is missing."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>' for name, other in stand_ins.items()
    )
    return f"<w:fonts {NAMESPACE}>{fonts}</w:fonts>"


def styles(fonts: Fonts) -> Iterator[str]:
    """The paragraph styles of the papers, so that a person may change all tables at one place."""
    latin = fonts.latin
    yield _style("PaperCover", "封面标题", fonts.title, latin, COVER_SIZE, "center", 1.5)
    yield _style("PaperIssuer", "封面落款", fonts.kai, latin, ISSUER_SIZE, "center", 1.6)
    yield _style("PaperContents", "目录标题", fonts.title, latin, CONTENTS_TITLE_SIZE, "center", 2.0)
    yield _style("PaperEntry", "目录条目", fonts.fang, latin, 12.0, "both", 1.6)
    yield _style("PaperNumber", "表号", fonts.head, latin, SMALL_SIZE, "left")
    yield _style("PaperTitle", "表题", fonts.title, latin, TITLE_SIZE, "center", outline=True)
    yield _style("PaperUnit", "表单位", fonts.fang, latin, SMALL_SIZE, "right", after=2)
    yield _style("PaperHead", "表头", fonts.head, latin, CELL_SIZE, "center")
    for kind, name, face, bold in (
        ("", "", fonts.fang, False),
        ("Total", "合计", fonts.head, True),
        ("OfWhich", "其中", fonts.kai, False),
    ):
        yield _style(f"Paper{kind}Label", f"表内{name}项目", face, latin, CELL_SIZE, "left")
        yield _style(f"Paper{kind}Figure", f"表内{name}数字", face, latin, CELL_SIZE, "right", bold=bold)
    yield _style("PaperNote", "表注", fonts.kai, latin, SMALL_SIZE, "both", after=2)
    yield _style("PaperFolio", "页码", fonts.song, fonts.song, 14.0, "center")


def _style(
    key: str,
    name: str,
    face: str,
    latin: str,
    size: float,
    align: str,
    leading: float = LEADING,
    *,
    after: float = 0,
    bold: bool = False,
    outline: bool = False,
) -> str:
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{key}"><w:name w:val="{name}"/><w:qFormat/><w:pPr>'
        f'<w:spacing w:before="0" w:after="{twips(after)}" w:line="{twips(size * leading)}" w:lineRule="exact"/>'
        f'<w:jc w:val="{align}"/>{_OUTLINE if outline else ""}</w:pPr><w:rPr>'
        f"{run_fonts(face, latin)}{'<w:b/>' if bold else ''}"
        f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/></w:rPr></w:style>'
    )


def defaults(fonts: Fonts) -> str:
    """What a paragraph without a style looks like."""
    return (
        f"<w:docDefaults {NAMESPACE}><w:rPrDefault><w:rPr>{run_fonts(fonts.fang, fonts.latin)}"
        '<w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr>'
        "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )


def run_fonts(face: str, latin: str) -> str:
    """The typefaces of Chinese and of Latin letters and digits."""
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:cs="{latin}" w:eastAsia="{face}"/>'


def paragraph(style: str, *runs: str, extra: str = "") -> str:
    """A paragraph of runs; *extra* are further paragraph properties in the order of the schema."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{extra}</w:pPr>{"".join(runs)}</w:p>'


def run(text: str, size: float = 0.0) -> str:
    """Text as East Asian where a sign could be either, as “ ” and — are."""
    scale = f'<w:sz w:val="{round(size * 2)}"/>' if size else ""
    said = escape(_ILLEGAL.sub("", text)).replace("\n", "</w:t><w:br/><w:t>")
    return f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/>{scale}</w:rPr><w:t xml:space="preserve">{said}</w:t></w:r>'


def tab() -> str:
    """A tabulator."""
    return "<w:r><w:tab/></w:r>"


def field(instruction: str, shown: str) -> str:
    """A field that the word processor fills in; *shown* until it does."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f"<w:r><w:t>{escape(shown)}</w:t></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def bookmark(name: str, at: int, inside: str) -> str:
    """*inside* under a name that PAGEREF can point to."""
    return f'<w:bookmarkStart w:id="{at}" w:name="{name}"/>{inside}<w:bookmarkEnd w:id="{at}"/>'


def section(paper: Paper, *, first_differs: bool = False, start: int | None = None) -> str:
    """The page set-up of what stands above it."""
    width, height = paper.millimetres
    orient = ' w:orient="landscape"' if paper.landscape else ""
    number = "" if start is None else f'<w:pgNumType w:start="{start}"/>'
    return (
        f'<w:sectPr><w:type w:val="nextPage"/>'
        f'<w:pgSz w:w="{millimetres(width)}" w:h="{millimetres(height)}"{orient}/>'
        f'<w:pgMar w:top="{millimetres(TOP)}" w:bottom="{millimetres(BOTTOM)}" w:left="{millimetres(SIDE)}" '
        f'w:right="{millimetres(SIDE)}" w:header="{millimetres(12)}" w:footer="{millimetres(12)}" w:gutter="0"/>'
        f"{number}{'<w:titlePg/>' if first_differs else ''}</w:sectPr>"
    )


def right_tab(paper: Paper, leader: str = "none") -> str:
    """A tabulator at the right margin."""
    return f'<w:tabs><w:tab w:val="right" w:leader="{leader}" w:pos="{millimetres(printable(paper)[0])}"/></w:tabs>'


def table(printed: PrintedTable, fitted: Fit, rows: slice, kept: Sequence[bool]) -> str:
    """Some rows as a grid under the head, none of them split; *kept* says which stay on the page of the row below."""
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in _SIDES)
    margins = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in zip(_SIDES[:4], (twips(fitted.air), millimetres(0.8)) * 2, strict=True)
    )
    grid = "".join(f'<w:gridCol w:w="{millimetres(width)}"/>' for width in fitted.widths)
    lines = [_head_row(printed, fitted, at) for at in range(printed.head_rows)]
    lines += [_body_row(printed, fitted, *each) for each in zip(printed.rows[rows], kept[rows], strict=True)]
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(map(millimetres, fitted.widths))}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
    )


def _row(cells: Iterable[str], height: float, head: bool = False) -> str:
    repeat = "<w:tblHeader/>" if head else ""
    return (
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{twips(height)}" w:hRule="atLeast"/>{repeat}</w:trPr>'
        f"{''.join(cells)}</w:tr>"
    )


def _cell(width: float, content: str, merge: str = "") -> str:
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{millimetres(width)}" w:type="dxa"/>{merge}<w:vAlign w:val="center"/></w:tcPr>'
        f"{content}</w:tc>"
    )


def _head_row(printed: PrintedTable, fitted: Fit, at: int) -> str:
    heads = sorted(printed.heads, key=lambda head: head.column)
    here = [head for head in heads if head.row <= at < head.row + head.rows]
    return _row((_head_cell(head, fitted, at) for head in here), fitted.heads[at], head=True)


def _head_cell(head: Head, fitted: Fit, at: int) -> str:
    across = f'<w:gridSpan w:val="{head.columns}"/>' if head.columns > 1 else ""
    down = "" if head.rows == 1 else '<w:vMerge w:val="restart"/>' if at == head.row else "<w:vMerge/>"
    said = run(head.text, _own_size(fitted)) if at == head.row else ""
    width = sum(fitted.widths[head.column : head.column + head.columns])
    return _cell(width, paragraph("PaperHead", said, extra="<w:keepNext/>"), across + down)


def _body_row(printed: PrintedTable, fitted: Fit, row: Row, keep: bool) -> str:
    levels = printed.levels(row)
    placed = zip(row.placed(), printed.columns, levels, fitted.widths, strict=True)
    cells = (
        _cell(width, _content(cell, side.kind, kind == "figure", level, fitted, keep))
        for (cell, side), kind, level, width in placed
    )
    return _row(cells, fitted.size * LEADING + 2 * fitted.air)


def _content(cell: Content, kind: RowKind, right: bool, level: int, fitted: Fit, keep: bool) -> str:
    indent = f'<w:ind w:left="{twips(level * fitted.size)}"/>' if level else ""
    said = "" if cell is None else run(str(cell), _own_size(fitted))
    return paragraph(_STYLE_OF[kind][right], said, extra=("<w:keepNext/>" if keep else "") + _leading(fitted) + indent)


def _own_size(fitted: Fit) -> float:
    return 0.0 if fitted.size == CELL_SIZE else fitted.size


def _leading(fitted: Fit) -> str:
    exact = twips(fitted.size * LEADING)
    return f'<w:spacing w:line="{exact}" w:lineRule="exact"/>' if _own_size(fitted) else ""
