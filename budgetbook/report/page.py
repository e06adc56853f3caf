"""A checked report as one page without scripts: the text with every number marked, and beside it what was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from ..finding import Finding
from ..narrative.judged import BROKEN, Judged
from ..narrative.tie_out import Tie, Verdict, counts, coverage, differing
from .tied import word

CLASSES = {
    Verdict.AGREES: "agrees",
    Verdict.ROUNDING: "rounding",
    Verdict.DIFFERS: "differs",
    Verdict.NO_SOURCE: "absent",
    Verdict.UNREAD: "unread",
}
STYLE = """body{font:16px/1.9 "Songti SC",SimSun,serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}
mark{background:none;color:inherit;border-bottom:2px solid}
.agrees{border-color:#2a7d2a}.rounding{border-color:#1f6fb2;background:#e8f2fb}.differs{border-color:#c00;background:#fde3e3}
.absent,.unread{border-color:#b07a00;background:#fdf3da}sup a{text-decoration:none}
li{margin:.4em 0}table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.2em .6em;text-align:left;vertical-align:top}
@media print{body{max-width:none}}"""


def report_page(
    name: str, paragraphs: Sequence[str], ties: Sequence[Tie], judged: Sequence[Judged], findings: Sequence[Finding]
) -> str:
    """The page as HTML; everything from the report is escaped."""
    wrong = list(differing(ties))
    notes = {id(tie): number for number, tie in enumerate(wrong, 1)}
    body = "\n".join(
        [
            f"<h1>{escape(name)} 核对结果</h1>",
            *(f'<p><mark class="differs">{escape(each.says)}</mark></p>' for each in findings),
            f"<p>{_summary(ties)}</p>" if ties else "",
            _wrong(wrong),
            _relations(judged),
            "<h2>全文</h2>",
            *_text(paragraphs, ties, notes),
        ]
    )
    head = f'<meta charset="utf-8"><title>{escape(name)} 核对结果</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="zh-CN"><head>{head}</head><body>\n{body}\n</body></html>\n'


def _summary(ties: Sequence[Tie]) -> str:
    total, sourced = coverage(ties)
    found = "，".join(
        f'<mark class="{CLASSES[verdict]}">{verdict}</mark> {number} 个'
        for verdict, number in counts(ties).items()
        if number
    )
    return f"共 {total} 个数，{sourced} 个有出处。{found}。"


def _wrong(ties: Sequence[Tie]) -> str:
    items = "\n".join(
        f'<li id="n{number}"><a href="#t{number}">{escape(tie.printed)}</a>'
        f"（{escape(tie.place.section)}）{tie.verdict}：{escape(tie.says)}</li>"
        for number, tie in enumerate(ties, 1)
    )
    return f"<h2>要看的数</h2>\n<ol>\n{items}\n</ol>" if ties else ""


def _relations(judged: Sequence[Judged]) -> str:
    """What contradicts first, then what holds only by rounding, then what holds."""
    rows = "\n".join(
        f'<tr><td><mark class="{_class(each)}">{word(each)}</mark></td><td>{escape(each.says)}</td></tr>'
        for each in sorted(judged, key=lambda each: -each.verdict)
    )
    return f"<h2>文字内部的关系</h2>\n<table>\n<tr><th>结果</th><th>关系</th></tr>\n{rows}\n</table>" if judged else ""


def _class(judged: Judged) -> str:
    if judged.verdict == BROKEN:
        return "differs" if judged.severity == "error" else "absent"
    return "rounding" if judged.verdict else "agrees"


def _text(paragraphs: Sequence[str], ties: Sequence[Tie], notes: dict[int, int]) -> Iterator[str]:
    by_paragraph: dict[int, list[Tie]] = {}
    for tie in ties:
        by_paragraph.setdefault(tie.place.paragraph, []).append(tie)
    for index, paragraph in enumerate(paragraphs):
        if paragraph.strip():
            yield f"<p>{''.join(_marked(paragraph, by_paragraph.get(index, ()), notes))}</p>"


def _marked(paragraph: str, ties: Sequence[Tie], notes: dict[int, int]) -> Iterator[str]:
    done = 0
    for tie in ties:
        yield escape(paragraph[done : tie.place.start])
        number = notes.get(id(tie))
        anchor, note = (f' id="t{number}"', f'<sup><a href="#n{number}">{number}</a></sup>') if number else ("", "")
        shown = escape(paragraph[tie.place.start : tie.place.until])
        yield f'<mark{anchor} class="{CLASSES[tie.verdict]}" title="{escape(tie.says)}">{shown}</mark>{note}'
        done = tie.place.until
    yield escape(paragraph[done:])
