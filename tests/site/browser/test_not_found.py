"""The page for addresses that are gone, in Chromium, of a site that lies in a folder of a host."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import QuietHandler, serve
from playwright.sync_api import Browser, expect
from site_workspace import lay

from grader.base.paths import Workspace
from grader.learner.github_pages import VARIABLE
from grader.site import build

pytestmark = pytest.mark.browser
TOP = "/some/sub/path"


class SubPathHandler(QuietHandler):
    """Serves a folder below ``TOP``; whatever is not there gets 404.html, as on GitHub Pages."""

    def translate_path(self, path: str) -> str:
        """Return the file of an address below ``TOP``; no file for other addresses."""
        inside = path.removeprefix(TOP) if path.startswith(f"{TOP}/") else "/no such file"
        return super().translate_path(inside)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer with 404.html."""
        body = Path(self.directory, "404.html").read_bytes()
        self.send_response(code, message)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A fresh clone, its site built without settings and without the workflow."""
    own = lay(tmp_path_factory.mktemp("gone") / "ws")
    build(own)
    return own


@pytest.fixture(scope="module")
def host(own: Workspace) -> Iterator[str]:
    """The host that serves the site below ``TOP``."""
    with serve(own.site, SubPathHandler) as address:
        yield address


@pytest.mark.parametrize("gone", ["/gone", "/units/gone/further/still.html", "//gone//twice/"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_way_home_is_found_at_any_depth(
    browser: Browser, host: str, gone: str, width: int, scheme: str
) -> None:
    """Without any setting its links lead into the site, and nothing sticks out of the screen."""
    with browser.new_context(
        viewport={"width": width, "height": 700},
        color_scheme="dark" if scheme == "dark" else "light",
    ) as context:
        page = context.new_page()
        answer = page.goto(f"{host}{TOP}{gone}")
        assert answer is not None and answer.status == 404
        expect(page.locator("h1")).to_have_text("Page not found")
        home = page.get_by_role("link", name="Go to the home page")
        expect(home).to_have_attribute("href", f"{TOP}/index.html")
        inside = page.evaluate("document.documentElement.scrollWidth")
        assert inside <= width
        page.get_by_role("link", name="the units").click()
        expect(page.locator("h1")).to_contain_text("Units")
        page.goto(f"{host}{TOP}{gone}")
        expect(home).to_have_attribute("href", f"{TOP}/index.html")
        home.click()
        expect(page.locator("h1")).to_contain_text("a language model", ignore_case=True)


def test_no_address_leads_to_another_host(browser: Browser, host: str) -> None:
    """An address that begins with two slashes asks this host alone for the site's folder."""
    with browser.new_context() as context:
        page, asked = context.new_page(), list[str]()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{host}//example.org/x/y")
        page.wait_for_load_state("networkidle")
        assert len(asked) > 2
        assert [url for url in asked if not url.startswith(f"{host}/")] == []


@pytest.mark.slow
def test_without_scripts_the_workflow_gives_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The links begin at the folder of the repository; the address in the settings comes first."""
    own = lay(tmp_path / "ws")
    monkeypatch.setenv(VARIABLE, "ada/groundwork")
    build(own)
    assert 'href="/groundwork/index.html"' in (own.site / "404.html").read_text("utf-8")
    own.settings.parent.mkdir(parents=True, exist_ok=True)
    own.settings.write_text('address = "https://ada.example.org/llm"\n', "utf-8")
    build(own)
    assert 'href="/llm/index.html"' in (own.site / "404.html").read_text("utf-8")
