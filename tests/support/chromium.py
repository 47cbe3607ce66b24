"""Chromium: where it is, and a server for the site that it opens."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
BROWSER = next((path for name in NAMES if (path := shutil.which(name))), None)
LACKING = f"no browser found; install one of: {', '.join(NAMES)}"


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and logs no request."""

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing."""


@contextmanager
def open_checked_page(browser: Browser, **options: Any) -> Iterator[Page]:
    """Yield a page of a new visitor; a script of it that has failed fails the test."""
    with browser.new_context(**options) as context:
        page, faults = context.new_page(), list[str]()
        page.on("pageerror", lambda error: faults.append(str(error)))
        yield page
        assert faults == []


@contextmanager
def serve(
    folder: Path, handler: type[http.server.SimpleHTTPRequestHandler] = QuietHandler
) -> Iterator[str]:
    """Serve a folder on a free port of this machine, and yield the address."""
    serving = functools.partial(handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serving) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
