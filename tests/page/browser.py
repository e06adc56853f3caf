"""A real browser without a window, Debian's, that has no network to go to; and what a page looks like in it."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.by import By

SWITCHES = (
    "--headless=new",
    "--no-sandbox",  # tests run as root in a container
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


def chromium() -> WebDriver:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for switch in SWITCHES:
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    found = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver") or ""))
    size = {"width": 1366, "height": 768, "deviceScaleFactor": 1, "mobile": False}
    found.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    return found


def opened(browser: WebDriver, html: str, path: Path) -> WebDriver:
    """The page in the browser, read from a file as a double click does."""
    path.write_text(html, encoding="utf-8")
    browser.get("about:blank")
    browser.get_log("browser")
    browser.get(path.as_uri())
    return browser


def complaints(browser: WebDriver) -> list[str]:
    """What the browser has to say: scripts that failed, what the policy stopped."""
    return [str(entry["message"]) for entry in browser.get_log("browser")]


def texts(browser: WebDriver, selector: str) -> list[str]:
    got: Sequence[str] = browser.execute_script(
        "return Array.from(document.querySelectorAll(arguments[0]), (each) => each.textContent)", selector
    )
    return list(got)


def choose(browser: WebDriver, **filters: str) -> None:
    """Sets filters by the words of their options, as a person does; the search by what is typed."""
    for name, words in filters.items():
        script = """const [field, words] = [document.getElementById(arguments[0]), arguments[1]];
            field.value = field.options ? Array.from(field.options).find((each) => each.textContent.includes(words)).value : words;
            field.dispatchEvent(new Event("change", { bubbles: true }));"""
        browser.execute_script(script, name, words)


def click(browser: WebDriver, selector: str) -> None:
    browser.find_element(By.CSS_SELECTOR, selector).click()


def printed(browser: WebDriver) -> bytes:
    """The page as a PDF, as the print dialogue makes it."""
    made: dict[str, Any] = browser.execute_cdp_cmd(
        "Page.printToPDF", {"landscape": True, "printBackground": True, "preferCSSPageSize": True}
    )
    return base64.b64decode(made["data"])
