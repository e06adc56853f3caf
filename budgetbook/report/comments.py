"""A copy of a Word report with a comment at each number that a person should look at; the text stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO

import docx
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from .files import body_paragraphs, shown_runs

AUTHOR, INITIALS = "预算核对", "核"
PLAIN = frozenset((qn("w:rPr"), qn("w:t")))


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said of the characters `start:end` of a paragraph, counted as `body_paragraphs` gives them."""

    paragraph: int
    start: int
    end: int
    text: str


def commented(content: bytes, remarks: Iterable[Remark]) -> bytes:
    """The .docx in *content* again, with the remarks as Word comments."""
    document = docx.Document(BytesIO(content))
    paragraphs = body_paragraphs(document)
    for remark in remarks:
        runs = _runs_of(paragraphs[remark.paragraph], remark.start, remark.end)
        if runs:
            document.add_comment(runs, remark.text, AUTHOR, INITIALS)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def _runs_of(paragraph: Paragraph, start: int, end: int) -> list[Run]:
    """The runs that hold exactly these characters, cut where they must be."""
    for offset in (start, end):
        _cut(paragraph, offset)
    return [run for first, last, run in _spans(paragraph) if first < end and start < last]


def _spans(paragraph: Paragraph) -> Iterator[tuple[int, int, Run]]:
    first = 0
    for run in shown_runs(paragraph):
        last = first + len(run.text)
        yield first, last, run
        first = last


def _cut(paragraph: Paragraph, offset: int) -> None:
    """Makes *offset* a run boundary; a run with anything but text in it is left whole."""
    for first, last, run in list(_spans(paragraph)):
        if first < offset < last and {child.tag for child in run._r} <= PLAIN:
            text, rest = run.text, deepcopy(run._r)
            run.text = text[: offset - first]
            run._r.addnext(rest)
            Run(rest, paragraph).text = text[offset - first :]
