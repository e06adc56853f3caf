"""The page of a check, in a real browser: it filters, shows both sides, prints, and runs nothing that came from a return."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pypdf
import pytest
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.keys import Keys

from budgetbook.checks.sides import sides
from budgetbook.page.compact import plain
from budgetbook.page.findings_page import findings_page
from budgetbook.workspace import Workspace
from tests.page.browser import choose, click, complaints, opened, printed, texts
from tests.page.checks import HOSTILE, hostile_check, nation, sample_check
from tests.season.city import SMALL, put, run

SHOWN = "#list tbody > tr:not(.detail)"


@pytest.fixture
def page(browser: WebDriver, tmp_path: Path) -> WebDriver:
    return opened(browser, findings_page(sample_check()), tmp_path / "核对.html")


def test_the_matrix_has_a_row_a_unit_and_a_column_a_form_and_tells_the_worst_without_colour(page: WebDriver) -> None:
    assert [unit.name for unit in sample_check().shape.catalogue.tree] == texts(page, ".grid tbody th")
    heads = texts(page, ".grid thead th")
    assert ["单位", "强制", "待说明", "封面", "表01", "表02"] == heads[:6]
    cells = dict(zip(texts(page, ".grid tbody th"), texts(page, ".grid tbody tr"), strict=True))
    assert ("－" * 5 in cells["孟州市"], "✕" in cells["修武县"], "✕" in cells["解放区"]) == (True, True, False)
    assert [] == complaints(page)


def test_the_counts_are_those_of_the_findings(page: WebDriver) -> None:
    found = sample_check().findings
    waived = sum(each.waiver is not None for each in found)
    told = sum(bool(each.explanation) and each.waiver is None for each in found)
    opened = [sum(each.severity == level and each.open for each in found) for level in ("error", "warning", "note")]
    expected = "强制 {}，待说明 {}，提示 {}，已说明 {}，已豁免 {}".format(*opened, told, waived)
    assert expected == texts(page, "#count")[0]


def test_a_waived_finding_says_who_and_why(page: WebDriver) -> None:
    choose(page, state="已豁免")
    click(page, "#list .more")
    assert "省厅已批复" in texts(page, ".detail")[0]


@pytest.mark.parametrize(
    ("filters", "keeps"),
    [
        ({"level": "强制"}, lambda each: each.severity == "error"),
        ({"state": "已说明"}, lambda each: bool(each.explanation) and not each.waiver),
        ({"state": "已豁免"}, lambda each: bool(each.waiver)),
        ({"unit": "修武县"}, lambda each: each.unit == "410821"),
        ({"unit": "市级（含下级）"}, lambda each: each.unit in ("410800SJ", "410800BJ", "410871")),
        ({"form": "表06"}, lambda each: each.form == "fund_revenue"),
        ({"form": "不在表内"}, lambda each: not each.form),
        ({"rule": "R-REA-03A"}, lambda each: each.rule == "R-REA-03A"),
        ({"text": "教育支出"}, lambda each: "教育支出" in each.says + each.cause + each.explanation),
        ({"unit": "修武县", "level": "核实", "form": "表06"},
         lambda each: (each.unit, each.severity, each.form) == ("410821", "warning", "fund_revenue")),
    ],
)  # fmt: skip
def test_a_filter_keeps_what_it_names(page: WebDriver, filters: dict[str, str], keeps: object) -> None:
    assert callable(keeps)
    expected = sum(bool(keeps(each)) for each in sample_check().findings)
    choose(page, **filters)
    counts = re.findall(r"\d+", texts(page, "#count")[0])
    assert expected == sum(map(int, counts))
    assert min(expected, 50) == len(texts(page, SHOWN))
    click(page, "#clear")
    assert len(sample_check().findings) == sum(map(int, re.findall(r"\d+", texts(page, "#count")[0])))


def test_a_cell_of_the_matrix_leads_to_its_findings_by_mouse_and_by_keyboard(page: WebDriver) -> None:
    click(page, ".grid td.e.go")
    first = texts(page, "#chosen")[0]
    click(page, "#clear")
    page.execute_script("document.querySelector('.grid td.go[tabindex=\"0\"]').focus()")
    page.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    page.switch_to.active_element.send_keys(Keys.ENTER)
    second = texts(page, "#chosen")[0]
    assert ("：" in first, "：" in second, True) == (True, True, first != second)
    assert "more" == page.switch_to.active_element.get_attribute("class")


def test_the_address_keeps_the_filters(page: WebDriver) -> None:
    choose(page, unit="修武县", level="强制")
    shown = texts(page, "#count")
    address = page.current_url
    page.get("about:blank")
    page.get(address)
    assert shown == texts(page, "#count")


def test_a_finding_opens_with_both_sides_its_cells_and_the_difference(page: WebDriver) -> None:
    """修武县 税收收入 plus 5: stated 税收收入 against its parts."""
    (broken,) = (
        each for each in sample_check().findings if (each.unit, each.rule, each.line) == ("410821", "R-SUM-01", "101")
    )
    choose(page, unit="修武县", rule="R-SUM-01", text="税收收入")
    click(page, "#list .more")
    left, right = texts(page, ".sides table")
    assert broken.value is not None and broken.expected is not None
    assert f"表01 一般公共预算收入表!{broken.cell}" in left
    assert "企业所得税" in right and f"{broken.expected // 10**6:,}" in right
    assert ["应等于"] == texts(page, ".sides .sign")
    assert [f"相差 {(broken.value - broken.expected) // 10**6:,}"] == texts(page, ".gap")
    click(page, "#list .more")
    assert [] == texts(page, ".detail")


def test_both_sides_add_up_to_what_the_finding_says() -> None:
    checked = sample_check()
    catalogue = checked.shape.catalogue
    judged = [
        each for each in checked.findings if each.rule == "R-SUM-01" or catalogue.rule(each.rule) in catalogue.relations
    ]
    sided = [(each, sides(checked.shape, checked.books, each)) for each in judged]
    assert [] == [each.says for each, found in sided if found is None]
    assert [(each.value, each.expected) for each, _ in sided] == [found.values for _, found in sided if found]
    assert len(sided) > 10


def test_charts_are_drawn_from_the_figures_and_say_them(browser: WebDriver, tmp_path: Path) -> None:
    opened(browser, findings_page(sample_check()), tmp_path / "a.html")
    captions = texts(browser, ".chart figcaption")
    assert "2025年市级和县（市、区）一般公共预算支出执行进度（%）" in captions
    revenue = sample_check().books["410821"]
    done, planned = (revenue.at("gp_revenue", "T_GPB_R", column) or 0 for column in ("actual", "adjusted"))
    (progress,) = (text for text in texts(browser, ".chart svg title") if "收入执行进度" in text)
    assert f"修武县 {done / planned:.1%}" in progress


def test_text_from_returns_shows_as_text_and_runs_nowhere(browser: WebDriver, tmp_path: Path) -> None:
    html = findings_page(hostile_check())
    opened(browser, html, tmp_path / "b.html")
    for button in range(len(HOSTILE)):
        browser.execute_script("document.querySelectorAll('#list .more')[arguments[0]].click()", button)
    shown = texts(browser, "#list .more bdi")
    assert sorted(f"问题 {plain(text)}" for text in HOSTILE) == sorted(shown)
    assert 2 * len(HOSTILE) <= len(
        [each for each in texts(browser, "#list .detail bdi, #files bdi") if plain(each) == each]
    )
    assert ("某市<b>2026年预算报表核对结果", []) == (
        browser.title,
        texts(browser, "#list b, #files b, img, #list script, #list svg, #list a"),
    )
    assert [] == complaints(browser)


def test_what_turns_the_direction_of_writing_is_made_visible() -> None:
    assert "�说明� 第二行�" == plain("\u202e说明\u202c\n第二行\ud800")


def test_a_very_long_name_does_not_widen_the_page(browser: WebDriver, tmp_path: Path) -> None:
    opened(browser, findings_page(hostile_check()), tmp_path / "c.html")
    assert 1366 >= browser.execute_script("return document.documentElement.scrollWidth")


def test_the_policy_stops_a_script_that_is_not_ours(browser: WebDriver, tmp_path: Path) -> None:
    html = findings_page(sample_check()).replace("<noscript>", "<script>document.title='ran'</script><noscript>")
    opened(browser, html, tmp_path / "d.html")
    assert "ran" != browser.title
    assert any("Content Security Policy" in says for says in complaints(browser))


def test_the_page_asks_for_nothing_outside_itself(page: WebDriver) -> None:
    assert [] == page.execute_script("return performance.getEntriesByType('resource').map((each) => each.name)")
    assert not re.search(r"(src|href)=[\"']?(https?:)?//", findings_page(sample_check()))


def test_three_thousand_units_are_drawn_a_page_at_a_time(browser: WebDriver, tmp_path: Path) -> None:
    checked = nation(3000)
    opened(browser, findings_page(checked), tmp_path / "e.html")
    assert [40, 50] == [len(texts(browser, selector)) for selector in (".grid tbody tr", SHOWN)]
    assert browser.execute_script("return document.getElementsByTagName('td').length") < 3000
    assert f"共 {len(checked.findings)} 项" in texts(browser, "#chosen")[0]
    assert "共 3331 个单位" in texts(browser, "#units-pages")[0]
    choose(browser, unit="第77县")
    assert sum(each.unit == "X76" for each in checked.findings) == len(texts(browser, SHOWN))
    assert [] == complaints(browser)


def test_printed_it_has_the_matrix_and_every_finding(page: WebDriver) -> None:
    choose(page, unit="修武县")
    text = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(printed(page))).pages)
    squeezed = re.sub(r"\s", "", text)
    assert "修武县：" in squeezed
    assert sum(each.unit == "410821" for each in sample_check().findings) == squeezed.count("R-")


def test_the_scripts_keep_to_what_browsers_of_2019_know() -> None:
    newer = re.compile(
        r"\?\.|\?\?|\{\s*\.\.\.|\.replaceAll\(|\.at\(|\.flatMap\(|\bcatch \{|^\s*#\w+|(?<![\w$])static |\d_\d", re.M
    )
    for name in ("page.js", "findings.js", "status.js"):
        script = resources.files("budgetbook.page").joinpath("assets", name).read_text(encoding="utf-8")
        assert [] == newer.findall(script), name


def test_equal_checks_make_equal_pages() -> None:
    assert findings_page(sample_check()) == findings_page(replace(sample_check()))


def test_the_command_writes_the_page(space: Workspace, tmp_path: Path) -> None:
    put(space, space.returned, {"A": SMALL["A"]})
    target = tmp_path / "核对.html"
    result = run("check", "-w", space.folder, "--html", target)
    assert (True, True) == (result.exit_code in (0, 1), "甲县" in target.read_text(encoding="utf-8")), result.output
