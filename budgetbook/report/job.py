"""What the commands on the report text do: from a report and books to verdicts, comments and a written report."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..finding import Finding
from ..jobs import Progress
from ..narrative.claim import Reading
from ..narrative.claim_map import ClaimMap, ClaimMapError, read_claim_map
from ..narrative.house_style import StyleError, read_style
from ..narrative.judged import BROKEN, Judged
from ..narrative.known_words import known_words
from ..narrative.reading import read_report
from ..narrative.stated import stated
from ..narrative.text_relations import judge
from ..narrative.text_rules import TextRelationError, TextRelations, read_text_relations
from ..narrative.text_words import judge_words
from ..narrative.tie_out import SEVERITY, Tie, tie_out, unread_numbers
from ..narrative.vocabulary import Vocabulary, VocabularyError, read_vocabulary
from ..narrative.writing import report_fields
from ..papers.books import stale
from ..problems import Impossible, says_toml
from ..saving import save
from ..season.collecting import used
from ..settings import definition_file
from ..workspace import Workspace
from .books import consolidated, stand
from .files import ReportFileError, read_paragraphs

WORDS, CLAIMS, RELATIONS = "narrative.toml", "claims.toml", "text_relations.toml"
LONGEST = 1_000_000  # characters; thirty times the longest report seen
STYLE, TEMPLATE = "writing.toml", "report.docx"


@dataclass(frozen=True, slots=True)
class CheckedReport:
    """A report with what its check found: each number against the books, if there were any, else against one another."""

    report: Path
    year: int
    paragraphs: list[str]
    numbers: int
    ties: list[Tie]
    judged: list[Judged]
    against_books: bool
    findings: list[Finding]  # what is doubtful about the books

    def json(self) -> str:
        """`budgetbook/report/1`."""
        from .tied import as_json

        return as_json(
            self.year, self.report.name, _sha256(self.report), self.numbers, self.ties, self.judged, self.findings
        )

    def html(self) -> str:
        """The report with every number marked, as a page."""
        from .page import report_page

        return report_page(self.report.name, self.paragraphs, self.ties, self.judged, self.findings)

    @property
    def amiss(self) -> bool:
        """Whether anything is wrong at error level."""
        return (
            any(SEVERITY[tie.verdict] == "error" for tie in self.ties)
            or any(each.verdict == BROKEN and each.severity == "error" for each in self.judged)
            or any(each.severity == "error" for each in self.findings)
        )


def check_report(space: Workspace, report: Path, books: Sequence[Path], progress: Progress) -> CheckedReport:
    """Every number of a report against the books in *books*; without books, the report against itself. Raises Impossible."""
    words, cells, rules = vocabulary(space), claim_map(space), text_relations(space)
    paragraphs, reading = read(space, report, words)
    told = stated(reading.claims, cells, space.shape, rules.forms)
    judged = judge_words(paragraphs, reading, told, rules, words)
    findings: list[Finding] = []
    if books:
        standing, findings = stand(
            space, books, progress, "核对用的是汇总账册中的数；请先用 budgetbook consolidate 重新汇总，再核对报告。"
        )
        ties = tie_out(reading, standing, cells)
    else:
        ties = unread_numbers(reading)
        judged = [*judge(told, rules), *judged]
    numbers = len(reading.claims) + len(reading.unread)
    return CheckedReport(report, space.catalogue.year, paragraphs, numbers, ties, judged, bool(books), findings)


def read(space: Workspace, report: Path, words: Vocabulary) -> tuple[list[str], Reading]:
    """The paragraphs and claims of a report of this workspace's year. Raises Impossible."""
    try:
        paragraphs = read_paragraphs(report)
    except ReportFileError as error:
        raise Impossible(str(error)) from error
    if (length := sum(map(len, paragraphs))) > LONGEST:
        raise Impossible(f"{report.name} 有 {length // 10000} 万字，不像一份报告（一般不到 10 万字）。请只留报告正文。")
    reading = read_report(paragraphs, words)
    if not reading.claims and not reading.unread:
        raise Impossible(f"{report.name} 里没有预算数字，没有可核对的。请核对是不是选错了文件。")
    year = space.catalogue.year
    if reading.drafted != year:
        raise Impossible(
            f"{report.name} 讲的是{_year(reading.executed)}执行和{_year(reading.drafted)}预算，工作区是 {year} 年预算。"
            "请换成同一年度的报告或工作区。"
        )
    return paragraphs, reading


def vocabulary(space: Workspace) -> Vocabulary:
    """The words of the catalogue, this city's units and the catalogue's lines among them. Raises Impossible."""
    try:
        return read_vocabulary(_definition(space, WORDS), WORDS, known_words(space.catalogue))
    except VocabularyError as error:
        raise Impossible(str(error)) from error


def claim_map(space: Workspace) -> ClaimMap:
    """Which cells claims stand in. Raises Impossible."""
    try:
        return read_claim_map(_definition(space, CLAIMS), space.catalogue, CLAIMS)
    except ClaimMapError as error:
        raise Impossible(str(error)) from error


def text_relations(space: Workspace) -> TextRelations:
    """What must hold inside a text. Raises Impossible."""
    try:
        return read_text_relations(_definition(space, RELATIONS), space.catalogue, RELATIONS)
    except TextRelationError as error:
        raise Impossible(str(error)) from error


def _definition(space: Workspace, name: str) -> str:
    path = definition_file(space.folder, name)
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise Impossible(f"没有 {path}。请从 templates/{space.catalogue.year} 复制一份") from None
    except UnicodeDecodeError as error:
        raise Impossible(f"{name} 读不了：{says_toml(error)}。") from None


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_comments(checked: CheckedReport, out: Path) -> int:
    """A copy of a .docx with a comment at each number that does not agree; how many. Raises Impossible."""
    from .comments import Remark, commented
    from .tied import remarks

    content = checked.report.read_bytes()
    if not content.startswith(b"PK"):
        raise Impossible(f"{checked.report.name} 不是 .docx，不能加批注。请去掉 --docx，或用 Word 原稿核对。")
    if out.exists() and out.samefile(checked.report):
        raise Impossible(f"不能把批注写进原稿 {out.name}。请给 --docx 换一个文件名。")
    found = [
        Remark(place.paragraph, place.start, place.until, says) for place, says in remarks(checked.ties, checked.judged)
    ]
    out.parent.mkdir(parents=True, exist_ok=True)
    save(out, commented(content, found))
    return len(found)


def write_report(space: Workspace, books: Sequence[Path], out: Path, progress: Progress) -> tuple[str, list[Finding]]:
    """The paragraphs with figures, from the books in *books* or else from the versions that count, which may not be those that
    the workspace's totals were made of; what is doubtful about the books. Raises Impossible."""
    from .template import ReportTemplateError, filled_in

    again = "请先用 budgetbook consolidate 重新汇总"
    standing, findings = stand(space, books or used(space), progress, f"报告写的是汇总账册中的数；{again}，再写报告。")
    if not books:
        findings += stale(
            consolidated(space, progress),
            standing.books,
            f"报告写的是各单位账册相加的数，与汇总账册和由它生成的附表对不上；{again}。",
        )
    wanting = [unit.name for unit in space.catalogue.tree.nodes if unit.code not in standing.books]
    if wanting:
        raise Impossible(f"{'、'.join(wanting)}还没有汇总，写不成报告。请先把各单位的报表放齐，或先汇总。")
    try:
        style = read_style(_definition(space, STYLE), STYLE)
        made = filled_in(
            definition_file(space.folder, TEMPLATE), report_fields(standing, claim_map(space), style, space.city)
        )
    except (StyleError, ReportTemplateError) as error:
        raise Impossible(str(error)) from error
    out.parent.mkdir(parents=True, exist_ok=True)
    save(out, made)
    says = f"已写出报告的数字部分：{out}。字句可以在模板 {definition_file(space.folder, TEMPLATE)} 里修改。"
    return says, findings


def _year(year: int | None) -> str:
    return f" {year} 年" if year else "没有写明年度的"
