"""One headless browser for all tests of the site that need it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chromium import BROWSER
from playwright.sync_api import Browser, sync_playwright


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield running
        running.close()
