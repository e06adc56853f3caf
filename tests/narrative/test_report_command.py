"""`report check` and `report write` on files: what is printed, the JSON, the comments in Word, and what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from click.testing import CliRunner, Result

from budgetbook.cli import main
from budgetbook.report.files import read_paragraphs
from budgetbook.workspace import Workspace
from tests.conftest import book

from .base import DEFINITIONS
from .test_report_files import pdf_of_picture

TITLE = "关于某市2025年预算执行情况和2026年预算草案的报告"
RIGHT = "2025年全市一般公共预算收入完成12.5亿元，其中税收收入完成12.5亿元，税比为100%。"
WRONG = "2025年市级一般公共预算收入完成7.5亿元（含高新区2.6亿元），同口径增长5%，另有3.2。"


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def returned(space: Workspace) -> Workspace:
    """市本级 5, 高新区 2.5, two counties 2.5 亿元 each of 企业所得税."""
    for code, amount in (("BJ", 50000), ("GX", 25000), ("A", 25000), ("B", 25000)):
        key = code, amount
        if key not in PACKED:
            PACKED[key] = space.package(book(code, {("gp_revenue", "10104", "actual"): amount}))
        (space.returned / f"{code}.xlsx").write_bytes(PACKED[key])
    return space


PACKED: dict[tuple[str, int], bytes] = {}  # the same in every workspace of the small city


def report(folder: Path, *lines: str) -> Path:
    document = docx.Document()
    for line in lines:
        paragraph = document.add_paragraph()
        for character in range(0, len(line), 7):  # as Word does, runs end anywhere
            paragraph.add_run(line[character : character + 7])
    document.save(str(folder / "报告.docx"))
    return folder / "报告.docx"


def test_a_report_that_agrees_is_clean(returned: Workspace) -> None:
    result = run("report", "check", report(returned.folder, TITLE, RIGHT), returned.returned, "-w", returned.folder)
    assert (0, "共 3 个数，3 个有出处。一致 3 个。") == (result.exit_code, result.stdout.splitlines()[0])


def test_what_differs_is_shown_with_cell_value_and_bounds(returned: Workspace) -> None:
    path, page = report(returned.folder, TITLE, RIGHT, f"{WRONG}<b>"), returned.out / "r.html"
    result = run(
        *("report", "check", path, returned.returned, "-w", returned.folder),
        *("--json", returned.out / "r.json", "--html", page),
    )
    assert 1 == result.exit_code
    assert "不一致“" in result.stdout.replace(" ", "")
    assert "表为 2.5 亿元（高新区 表01 一般公共预算收入表!G5），文为 2.6亿元。" in result.stdout
    assert "共 7 个数，5 个有出处。一致 4 个，不一致 1 个，找不到出处 1 个，未能读懂 1 个。" in result.stdout
    told: dict[str, Any] = json.loads((returned.out / "r.json").read_text(encoding="utf-8"))
    [wrong] = [claim for claim in told["claims"] if claim["verdict"] == "不一致"]
    assert (2.6, 2.5, 2.55, 2.65) == (wrong["value"], wrong["exact"], wrong["low"], wrong["high"])
    [cell] = wrong["cells"]
    assert ("GX", "GX.xlsx", "表01 一般公共预算收入表", "G5", 25000) == (
        cell["unit"],
        cell["file"],
        cell["sheet"],
        cell["cell"],
        cell["value"],
    )
    html = page.read_text(encoding="utf-8")
    assert '<mark id="t1" class="differs" title="表为 2.5 亿元（高新区' in html
    assert ("&lt;b&gt;" in html, "<b>" in html, "<script" in html) == (True, False, False)
    assert (WRONG, "2.6亿元") == (wrong["sentence"], wrong["printed"])
    assert {"numbers": 7, "sourced": 5, "不一致": 1} == {
        key: told["summary"][key] for key in ("numbers", "sourced", "不一致")
    }


def test_comments_stand_at_the_numbers_and_the_original_is_untouched(returned: Workspace) -> None:
    path, out = report(returned.folder, TITLE, RIGHT, WRONG), returned.out / "批注.docx"
    before = path.read_bytes()
    result = run("report", "check", path, returned.returned, "-w", returned.folder, "--docx", out)
    assert (1, True) == (result.exit_code, f"已另存带 3 处批注的报告：{out}" in result.stdout)
    assert before == path.read_bytes()
    assert None is ZipFile(out).testzip()
    assert read_paragraphs(path) == read_paragraphs(out)
    assert ["2.6亿元", "5%", "3.2"] == commented_text(out)
    comments = [comment.text for comment in docx.Document(str(out)).comments]
    assert [True, True, True] == [
        comment.startswith(verdict)
        for comment, verdict in zip(comments, ("不一致：表为 2.5", "找不到出处：这是同口径", "未能读懂："), strict=True)
    ]


def commented_text(path: Path) -> list[str]:
    """What each comment is anchored to."""
    found: dict[str, str] = {}
    for paragraph in docx.Document(str(path)).paragraphs:
        inside: list[str] = []
        for element in paragraph._p.iter():
            name = element.tag.rpartition("}")[2]
            identity = str(next((value for key, value in element.attrib.items() if key.endswith("}id")), ""))
            if name == "commentRangeStart":
                inside.append(identity)
            elif name == "commentRangeEnd":
                inside.remove(identity)
            elif name == "t":
                for each in inside:
                    found[each] = found.get(each, "") + (element.text or "")
    return list(found.values())


def test_the_original_cannot_be_written_over(returned: Workspace) -> None:
    path = report(returned.folder, TITLE, WRONG)
    result = run("report", "check", path, returned.returned, "-w", returned.folder, "--docx", path)
    assert (2, "不能把批注写进原稿 报告.docx。请给 --docx 换一个文件名。") == (result.exit_code, result.stderr.strip())


def test_a_report_alone_is_held_against_itself(space: Workspace) -> None:
    line = "2025年底，全市政府债务余额794.43亿元，其中一般债务余额153.23亿元，专项债务余额614.20亿元。"
    result = run("report", "check", report(space.folder, TITLE, line), "-w", space.folder)
    assert 1 == result.exit_code
    assert "不论原数怎样四舍五入都不成立：前者在 794.425 亿元 至 794.435 亿元 之间" in result.stdout
    assert "文字内部判断了 1 条关系：不符 1 条。" in result.stdout


def test_a_report_is_written_and_checks_clean(space: Workspace) -> None:
    """The template of the catalogue, cut down to what these small books hold."""
    for code in ("BJ", "GX", "A", "B"):
        figures: dict[tuple[str, str, str], str | int] = {("gp_revenue", "10104", column): 12345 for column in COLUMNS}
        (space.returned / f"{code}.xlsx").write_bytes(space.package(book(code, figures)))
    revenue = "一般公共预算.收入"
    done = (
        f"2025年{scope}一般公共预算收入完成 {{{{ {scope}.{revenue}.完成 }}}}{{{{ {scope}.{revenue}.完成率 }}}}。"
        for scope in ("全市", "市级")
    )
    docx_template(space, TITLE, *done)
    out = space.out / "报告.docx"
    result = run("report", "write", "-w", space.folder, "-o", out)
    assert (0, True) == (result.exit_code, result.stdout.startswith(f"已写出报告的数字部分：{out}。"))
    assert (
        "2025年市级一般公共预算收入完成 2.5 亿元（含高新区 1.2 亿元），为年初预算的 100%。" == read_paragraphs(out)[2]
    )
    checked = run("report", "check", out, space.returned, "-w", space.folder)
    assert (0, "共 5 个数，5 个有出处。一致 5 个。") == (checked.exit_code, checked.stdout.splitlines()[0])


def consolidated_and_then_changed(space: Workspace) -> Path:
    """The book of 全市, made before 甲县 sent 1 亿元 more."""
    run("consolidate", "-w", space.folder)
    package = space.package(book("A", {("gp_revenue", "10104", "actual"): 35000}))
    (space.returned / "A.xlsx").write_bytes(package)
    return space.out / space.file_name(space.unit("全市"))


STALE = "P-14  全市的汇总账册有 5 个数与各单位账册相加的结果不同，例如一般公共预算收入表“本年收入合计”2025年执行数。"


def test_a_report_is_not_held_against_a_stale_total_without_a_word(returned: Workspace) -> None:
    path, total = report(returned.folder, TITLE, RIGHT), consolidated_and_then_changed(returned)
    result = run("report", "check", path, total, "-w", returned.folder, "--json", returned.out / "r.json")
    assert (
        f"强制 {STALE}核对用的是汇总账册中的数；请先用 budgetbook consolidate 重新汇总，再核对报告。" in result.stdout
    )
    assert (1, True) == (result.exit_code, "一致 3 个。" in result.stdout)
    told: dict[str, Any] = json.loads((returned.out / "r.json").read_text(encoding="utf-8"))
    assert ["P-14"] == [finding["rule"] for finding in told["findings"]]
    run("consolidate", "-w", returned.folder)
    assert "P-14" not in run("report", "check", path, total, "-w", returned.folder).stdout


def test_totals_that_the_returns_no_longer_add_up_to_are_told_when_a_report_is_written(returned: Workspace) -> None:
    consolidated_and_then_changed(returned)
    docx_template(returned, "2025年全市一般公共预算收入完成 {{ 全市.一般公共预算.收入.完成 }}。")
    out = returned.out / "报告.docx"
    result = run("report", "write", "-w", returned.folder, "-o", out)
    assert STALE + "报告写的是各单位账册相加的数，与汇总账册和由它生成的附表对不上" in result.stdout
    assert (1, "2025年全市一般公共预算收入完成 13.5 亿元。") == (result.exit_code, read_paragraphs(out)[0])
    run("consolidate", "-w", returned.folder)
    again = run("report", "write", "-w", returned.folder, "-o", out)
    assert (0, False) == (again.exit_code, "P-14" in again.stdout)


def test_a_report_written_from_a_stale_total_says_so(returned: Workspace) -> None:
    consolidated_and_then_changed(returned)
    docx_template(returned, "2025年全市一般公共预算收入完成 {{ 全市.一般公共预算.收入.完成 }}。")
    out = returned.out / "报告.docx"
    result = run("report", "write", returned.out, returned.returned, "-w", returned.folder, "-o", out)
    assert f"{STALE}报告写的是汇总账册中的数；请先用 budgetbook consolidate 重新汇总，再写报告。" in result.stdout
    assert (1, "2025年全市一般公共预算收入完成 12.5 亿元。") == (result.exit_code, read_paragraphs(out)[0])


def test_a_total_whose_members_are_not_there_is_not_called_current(returned: Workspace) -> None:
    path, total = report(returned.folder, TITLE, RIGHT), consolidated_and_then_changed(returned)
    shutil.rmtree(returned.season)
    shutil.rmtree(returned.returned)
    result = run("report", "check", path, total, "-w", returned.folder)
    assert (
        0,
        "提示 P-14  全市的下级还没有报齐，无法判断汇总账册是否过时。请把各单位的报表放进工作区的 returned。",
    ) == (
        result.exit_code,
        result.stdout.splitlines()[0],
    )


def docx_template(space: Workspace, *lines: str) -> None:
    """The workspace's own template."""
    template = docx.Document()
    for line in lines:
        template.add_paragraph(line)
    template.save(str(space.folder / "report.docx"))


COLUMNS = ("prior", "initial", "adjusted", "actual", "budget")


def test_writing_waits_for_every_unit(returned: Workspace) -> None:
    (returned.returned / "B.xlsx").unlink()
    result = run("report", "write", "-w", returned.folder, "-o", returned.out / "报告.docx")
    assert (2, True) == (result.exit_code, "县（市、区）、全市还没有汇总，写不成报告。" in result.stderr)


def test_a_figure_that_is_blank_in_the_books_stops_the_writing(returned: Workspace) -> None:
    result = run("report", "write", "-w", returned.folder, "-o", returned.out / "报告.docx")
    assert (2, True) == (result.exit_code, "report.docx 用到的数在报表里没有（" in result.stderr)


def encrypted(folder: Path) -> Path:
    path = folder / "报告.docx"
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    return path


def scanned(folder: Path) -> Path:
    path = folder / "报告.pdf"
    path.write_bytes(pdf_of_picture())
    return path


def other_year(folder: Path) -> Path:
    return report(folder, "关于某市2024年预算执行情况和2025年预算草案的报告", "2024年全市一般公共预算收入完成1亿元。")


def without_figures(folder: Path) -> Path:
    return report(folder, TITLE, "各位代表，现在报告工作。")


def endless(folder: Path) -> Path:
    path = folder / "报告.txt"
    path.write_text(f"{TITLE}\n" + f"{RIGHT}\n" * 60_000, encoding="utf-8")
    return path


def absent(folder: Path) -> Path:
    return folder / "没有.docx"


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (encrypted, "报告.docx 设有打开密码，读不到内容。请在 Word 或 WPS 中取消密码后另存一份。"),
        (scanned, "报告.pdf 第 1 页是扫描图片，没有文字层。请用 .docx 原稿，或先做文字识别。"),
        (
            other_year,
            "报告.docx 讲的是 2024 年执行和 2025 年预算，工作区是 2026 年预算。请换成同一年度的报告或工作区。",
        ),
        (without_figures, "报告.docx 里没有预算数字，没有可核对的。请核对是不是选错了文件。"),
        (endless, f"报告.txt 有 {len(RIGHT) * 6} 万字，不像一份报告（一般不到 10 万字）。请只留报告正文。"),
        (absent, "打不开 "),
    ],
)
@pytest.mark.parametrize("books", [True, False])
def test_a_report_that_cannot_be_checked_is_one_sentence(space: Workspace, make: Any, says: str, books: bool) -> None:
    paths = [space.returned] if books else []
    result = run("report", "check", make(space.folder), *paths, "-w", space.folder)
    assert (2, "", True) == (result.exit_code, result.stdout, result.stderr.startswith(says))
    assert 1 == result.stderr.count("\n")


def test_books_that_are_not_there_are_one_sentence(space: Workspace) -> None:
    path = report(space.folder, TITLE, RIGHT)
    missing = run("report", "check", path, space.folder / "没有", "-w", space.folder)
    assert (2, True) == (missing.exit_code, missing.stderr.startswith("没有找到 "))
    empty = run("report", "check", path, space.returned, "-w", space.folder)
    assert (2, True) == (empty.exit_code, "中没有账册（.xlsx）" in empty.stderr)


def test_a_unit_whose_book_is_missing_is_named_at_its_numbers(returned: Workspace) -> None:
    (returned.returned / "B.xlsx").unlink()
    path = report(returned.folder, TITLE, RIGHT, "2025年甲县一般公共预算收入完成2.5亿元。")
    result = run("report", "check", path, returned.returned, "-w", returned.folder)
    assert (0, True) == (result.exit_code, "没有全市的报表（或还没有汇总）。" in result.stdout)
    assert "一致 1 个，找不到出处 3 个" in result.stdout


def test_comments_need_a_word_document(space: Workspace) -> None:
    path = space.folder / "报告.txt"
    path.write_text(f"{TITLE}\n{RIGHT}", encoding="utf-8")
    result = run("report", "check", path, "-w", space.folder, "--docx", space.out / "批注.docx")
    assert (2, "报告.txt 不是 .docx，不能加批注。请去掉 --docx，或用 Word 原稿核对。") == (
        result.exit_code,
        result.stderr.strip(),
    )


@pytest.mark.parametrize("name", ["narrative.toml", "claims.toml", "text_relations.toml"])
def test_a_workspace_may_have_definitions_of_its_own_and_broken_ones_are_named(space: Workspace, name: str) -> None:
    path = report(space.folder, TITLE, RIGHT)
    shutil.copy(DEFINITIONS / name, space.folder / name)
    assert 0 == run("report", "check", path, "-w", space.folder).exit_code
    for content, says in (
        (b"[", "文件末尾写法不对"),
        ('a = "甲"'.encode("gbk"), "不是 UTF-8 编码的文字"),
        (b"a = 1 1", "第 1 行第 7 个字处写法不对"),
    ):
        (space.folder / name).write_bytes(content)
        result = run("report", "check", path, "-w", space.folder)
        assert (2, True) == (result.exit_code, result.stderr.startswith(f"{name} 读不了：{says}"))
