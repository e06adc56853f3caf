"""The page of the season, in a real browser: every state as a word and a mark, filters, reminders, and nothing that runs."""

from __future__ import annotations

import datetime as dt
import functools
from pathlib import Path

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver

from budgetbook.page.compact import plain
from budgetbook.page.status_page import status_page
from budgetbook.season.status import STATES, FormState, Status, TotalState, UnitState
from budgetbook.unit import Unit
from tests.page.browser import choose, click, complaints, opened, texts
from tests.page.checks import HOSTILE
from tests.season.city import run, sample_space

DAY = dt.date(2026, 12, 10)


@functools.cache
def status(units: int = 12) -> Status:
    """States in turn; every fifth unit is four days late."""
    catalogue, states = sample_space().catalogue, list(STATES)
    found = tuple(
        UnitState(
            Unit(f"U{at}", f"第{at + 1}县", "county", "N", contact="李四", phone="0391-1234567"),
            states[at % len(states)],
            at % len(states),
            tuple(FormState(form.id, states[(at + number) % len(states)]) for number, form in enumerate(catalogue.at("county"))),
            due=DAY - dt.timedelta(4),
            late=4 * (at % 5 == 0),
            by=HOSTILE[at % len(HOSTILE)],
        )
        for at in range(units)
    )  # fmt: skip
    node = Unit("N", "全市", "node")
    totals = (TotalState(node, "stale", "2026-12-01T04:00:00.000000+00:00", "a.xlsx", changed=(found[0].unit,)),)
    return Status(2026, "某市", DAY, found, totals)


@pytest.fixture
def page(browser: WebDriver, tmp_path: Path) -> WebDriver:
    return opened(
        browser, status_page(sample_space().catalogue, status(), "2026年12月10日 9:30"), tmp_path / "进度.html"
    )


def test_every_unit_and_form_shows_its_state_in_words_and_marks(page: WebDriver) -> None:
    assert [each.unit.name for each in status().units] == texts(page, ".grid tbody th")
    assert [str(each) for each in status().units] == texts(page, ".grid .tag")
    assert set(STATES.values()) <= {text.split()[-1] for text in texts(page, "#legend .k")}
    assert [] == complaints(page)


def test_filters_keep_a_state_a_form_and_the_late(page: WebDriver) -> None:
    choose(page, state="有误")
    assert [each.unit.name for each in status().units if each.state == "wrong"] == texts(page, ".grid tbody th")
    choose(page, form="表01")
    held = [each for each in status().units if each.forms[1].state == "wrong"]
    assert [each.unit.name for each in held] == texts(page, ".grid tbody th")
    click(page, "#clear")
    click(page, "#late")
    assert [each.unit.name for each in status().units if each.late] == texts(page, ".grid tbody th")


def test_a_stale_total_says_whose_return_has_changed(page: WebDriver) -> None:
    (told,) = texts(page, "#totals tbody tr")
    assert ("全市已过时（2026-12-01", "汇总后有变动：第1县") == (told[:16], told[-10:])


def test_reminders_can_be_copied_with_name_and_telephone(page: WebDriver) -> None:
    asked = texts(page, "#remind tbody tr")
    assert "第3县李四0391-1234567" in asked[1]
    assert "已逾期" in "".join(asked)


def test_what_people_wrote_shows_as_text(page: WebDriver) -> None:
    shown = "\n".join(texts(page, "#notes td bdi"))
    assert [] == [text for text in HOSTILE[:12] if plain(text)[:20] not in shown]
    assert ("某市2026年预算报表进度", []) == (page.title, texts(page, "img, #notes script, #notes svg, #notes a"))


def test_three_thousand_units_are_drawn_a_page_at_a_time(browser: WebDriver, tmp_path: Path) -> None:
    opened(browser, status_page(sample_space().catalogue, status(3000), "今天"), tmp_path / "b.html")
    assert [40, 40] == [len(texts(browser, selector)) for selector in (".grid tbody tr", "#notes tbody tr")]
    choose(browser, text="第2999县")
    assert ["第2999县"] == texts(browser, ".grid tbody th")
    assert [] == complaints(browser)


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    from tests.season.tiny import tiny_workspace

    space = tiny_workspace(tmp_path)
    result = run("status", "-w", space.folder, "--html", tmp_path / "进度.html")
    names = [unit.name for unit in space.catalogue.tree.leaves]
    text = (tmp_path / "进度.html").read_text(encoding="utf-8")
    assert (0, []) == (result.exit_code, [name for name in names if name not in text]), result.output
