"""Checks to make pages of: the sample city with faults, one with hostile text in it, and three thousand counties."""

from __future__ import annotations

import functools
import random
import re
from dataclasses import replace
from pathlib import Path

from budgetbook.book import Book
from budgetbook.checks import check_all, gathered, sorted_findings
from budgetbook.checks.totals import totals
from budgetbook.exchange.figures import read_figures
from budgetbook.finding import FileState, Finding, Waiver
from budgetbook.jobs import overlaid
from budgetbook.page.findings_page import Checked
from budgetbook.papers.charts import charts
from budgetbook.papers.definitions import FILE, read_papers
from budgetbook.papers.rows import Source
from budgetbook.returns import Return
from budgetbook.settings import data_folder
from budgetbook.shape import Key, Shape
from budgetbook.tree_reader import read_tree
from tests.season.city import SAMPLE, returned, sample_books, sample_space

FAULTS: dict[str, dict[Key, int]] = {  # unit → figure → fen added
    "410821": {("gp_revenue", "10104", "actual"): 5_000_000, ("gp_balance", "T_GPB_R_ALL", "actual"): 7_000_000},
    "410825": {("gp_transfers", "1100207", "actual"): -123_000_000},
}
TEMPLATES = data_folder("templates") / "2026"


def faulty(book: Book, faults: dict[Key, int]) -> Book:
    """The book as stated by someone who typed over these figures, totals included."""
    made = Book(book.unit, book.shape, book.fen.copy(), book.given.copy(), dict(book.texts))
    for key, fen in faults.items():
        made.fen[book.shape.place(*key)] += fen
    return made


@functools.cache
def sample_check(absent: str = "410883") -> Checked:
    """The sample city, two units with faults, 孟州市 or another missing, one finding waived."""
    space = sample_space()
    words = read_figures(SAMPLE / "texts.csv", space.shape)
    told = {code: overlaid(book, words[code]) for code, book in sample_books().items() if code != absent}
    books = {code: faulty(book, FAULTS.get(code, {})) for code, book in told.items()}
    return checked(space.shape, {code: returned(space, book) for code, book in books.items()})


def checked(shape: Shape, returns: dict[str, Return]) -> Checked:
    found = [each for ret in returns.values() for each in totals(shape, ret)]
    findings = sorted_findings([*found, *check_all(shape, returns)])
    waived = next(number for number, each in enumerate(findings) if each.severity == "warning" and each.open)
    findings[waived] = replace(findings[waived], waiver=Waiver("", "", "", "张三", "省厅已批复", "2026-12-31"))
    books = gathered(shape, returns).books
    added = [node.code for node in shape.catalogue.tree.nodes if node.code in books]
    files = [FileState(ret.file, ret.sha256, code, ret.unit.name, "read", "") for code, ret in returns.items()]
    papers = read_papers(TEMPLATES / FILE, shape.catalogue)
    drawn = charts(papers, Source(shape, books))
    return Checked("焦作市", shape, files, findings, returns, books, drawn, added, "2026年1月8日 9:30")


HOSTILE = (
    "<script>document.title='ran'</script>",
    "</script><script>document.title='ran'</script>",
    "<img src=x onerror=\"document.title='ran'\">",
    "<!--<script>",
    "]]><svg onload=document.title='ran'>",
    '=HYPERLINK("http://example.org","点这里")',
    "javascript:document.title='ran'",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;&amp;&#60;script&#62;",
    "\u202e说明倒着写\u202c",
    "\u2066甲\u2069\u200f乙\u0000\u0001丙\ud800",
    "${document.title='ran'}`\\u003cscript>",
    "\u2028\u2029'\"\\",
    "特别长的单位名称" * 400,
)


def hostile_check() -> Checked:
    """A finding for each hostile text, which stands wherever text from a file can stand."""
    base = sample_check()
    unit = base.shape.catalogue.tree.leaves[2].code
    findings = [
        Finding(
            "R-X-04", "warning", f"问题 {text}", unit, text, "gp_balance", "11009", "actual", text, "G9", 1, 2, text,
            text if number % 2 else "", (Finding("R-X-04", "warning", text),),
        )
        for number, text in enumerate(HOSTILE)
    ]  # fmt: skip
    files = [FileState(text, "0" * 64, unit, text, "foreign", text) for text in HOSTILE]
    return replace(base, files=files, findings=findings, city="某市<b>")


def nation(counties: int, seed: int = 1) -> Checked:
    """The sample's findings spread over *counties* counties of cities of provinces, with figures drawn anew."""
    rng, base = random.Random(seed), sample_check()
    tree = [{"code": "CN", "name": "全国", "level": "node"}]
    for at in range(counties):
        if at % 100 == 0:
            tree.append({"code": f"P{at // 100}", "name": f"第{at // 100 + 1}省", "level": "node", "parent": "CN"})
        if at % 10 == 0:
            tree.append(
                {"code": f"S{at // 10}", "name": f"第{at // 10 + 1}市", "level": "node", "parent": f"P{at // 100}"}
            )
        tree.append({"code": f"X{at}", "name": f"第{at + 1}县", "level": "county", "parent": f"S{at // 10}"})
    catalogue = replace(base.shape.catalogue, tree=read_tree(tree))  # its by-region lines are not what is measured
    by_unit = [[found for found in base.findings if found.unit == code] for code in sample_books()]
    findings: list[Finding] = []
    files: list[FileState] = []
    for at in range(counties):
        path = Path("returned") / f"X{at}.xlsx"
        files.append(FileState(str(path), f"{at:064x}", f"X{at}", f"第{at + 1}县", "read", ""))
        findings += (_drawn(rng, found, f"X{at}", str(path)) for found in rng.choice(by_unit))
    return replace(base, shape=Shape(catalogue), files=files, findings=sorted_findings(findings), returns={}, books={})


def _drawn(rng: random.Random, found: Finding, unit: str, file: str) -> Finding:
    def drawn(number: re.Match[str]) -> str:
        return f"{rng.randrange(1, 10**6):,}"

    says, told = (re.sub(r"\d[\d,]{3,}", drawn, text) for text in (found.says, found.explanation))
    return replace(found, unit=unit, file=file, says=says, explanation=told, value=rng.randrange(10**12))
