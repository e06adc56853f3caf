"""The pictures of pages in docs/pictures, from the sample city: `python -m tests.page.pictures`."""

from __future__ import annotations

import base64
import tempfile
from pathlib import Path

from selenium.webdriver.chrome.webdriver import WebDriver

from budgetbook.page.findings_page import findings_page
from tests.page.browser import choose, chromium, click, opened
from tests.page.checks import sample_check

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"


def picture(browser: WebDriver, name: str, section: str = "") -> None:
    browser.execute_script(
        "document.getElementById(arguments[0]) && document.getElementById(arguments[0]).scrollIntoView()", section
    )
    clip = {"x": 0, "y": browser.execute_script("return scrollY"), "width": 1366, "height": 640, "scale": 0.75}
    taken = browser.execute_cdp_cmd("Page.captureScreenshot", {"clip": clip})
    (PICTURES / f"{name}.png").write_bytes(base64.b64decode(taken["data"]))


def main() -> None:
    """The matrix, one finding with both its sides, the charts."""
    browser = chromium()
    with tempfile.TemporaryDirectory() as folder:
        opened(browser, findings_page(sample_check(absent="")), Path(folder) / "check.html")
        picture(browser, "check-matrix")
        choose(browser, unit="修武县", level="强制")
        click(browser, "#list .more")
        picture(browser, "check-finding", "list")
        picture(browser, "check-charts", "charts")
    browser.quit()


if __name__ == "__main__":
    main()
