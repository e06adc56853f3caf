"""One browser for all tests of pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver

from tests.page.browser import chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[WebDriver]:
    found = chromium()
    yield found
    found.quit()
