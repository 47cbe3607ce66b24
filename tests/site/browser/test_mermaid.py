"""Diagrams of Mermaid's in a real Chromium: drawn from the site's own files, and harmless."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import serve
from playwright.sync_api import Browser, Page, Route
from site_workspace import lay

from grader.site import build

pytestmark = pytest.mark.browser

DIAGRAMS = """# Diagrams

```mermaid
graph LR
  A[Embedding] --> B[Attention] --> C[Feed-forward]
```

```mermaid
sequenceDiagram
  Judge->>Worker: softmax(x)
  Worker-->>Judge: a tensor
```

```mermaid
graph LR
  this is ( no diagram
```
"""
HOSTILE = {
    "settings": """%%{init: {"securityLevel": "loose", "htmlLabels": true, "themeCSS":
"svg { position: fixed; top: 0 } @import url(https://evil.example/a.css);"}}%%
graph TD
  A --> B
""",
    "labels": """graph TD
  A["<img src=https://evil.example/b.png onerror=hit()> <script>hit()</script>"] --> B
  B["<b style='position:fixed'>x</b>"]
""",
    "picture": """graph TD
  A@{ img: "https://evil.example/c.png", label: "x" } --> B
""",
    "clicks": """graph TD
  A --> B
  click A href "javascript:hit()"
  click B call hit()
""",
    "style": """graph TD
  A --> B
  style B fill:url(https://evil.example/d.svg)
""",
    "matter": """---
config:
  securityLevel: loose
  themeVariables:
    fontFamily: "x; } @import url(https://evil.example/e.css); {"
---
graph TD
  A["`<iframe src=https://evil.example/f></iframe>`"] --> B
""",
}
"""Diagrams that would run something or load it from elsewhere."""

LOOK = """() => {
  const roots = [...document.querySelectorAll(".gw-drawn")].map((box) => box.shadowRoot);
  const wrong = [];
  for (const root of roots) {
    for (const element of root.querySelectorAll("*")) {
      for (const {name, value} of element.attributes)
        if (name.startsWith("on") || /^\\s*javascript:/i.test(value))
          wrong.push(`${element.tagName} ${name}=${value}`);
      if (["script", "iframe", "object", "embed", "form", "link"].includes(
          element.tagName.toLowerCase())) wrong.push(element.tagName);
      if (getComputedStyle(element).position === "fixed") wrong.push("fixed");
    }
  }
  return {
    drawings: roots.filter((root) => root.querySelector("svg")).length,
    words: roots.map((root) => root.querySelector("svg")?.textContent ?? "").join(" "),
    sources: [...document.querySelectorAll("details pre.gw-mermaid")].length,
    kept: [...document.querySelectorAll("pre.gw-mermaid")]
      .filter((pre) => !pre.closest("details")).map((pre) => pre.textContent),
    hits: window.hits, wrong,
  };
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a note of diagrams, a note for each hostile one, and one without any."""
    own = lay(tmp_path_factory.mktemp("mermaid") / "ws")
    own.notes.mkdir(parents=True)
    texts = {"good": DIAGRAMS, "none": "# None\n"}
    for name, text in HOSTILE.items():
        texts[name] = f"# {name}\n\n```mermaid\n{text}```\n"
    for name, text in texts.items():
        (own.notes / f"{name}.md").write_text(text)
    return build(own).parent


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that notes what it asks for, and on which ``hit`` would be noticed."""
    opened = browser.new_page()
    opened.add_init_script("window.hits = []; window.hit = () => window.hits.push(1);")
    yield opened
    opened.close()


def look(page: Page, address: str) -> dict[str, Any]:
    """What a page shows once its diagrams are drawn, and which other hosts it asked for what.

    What the page's policy forbids is noted as a request by the browser and never sent.
    """
    asked: list[str] = []
    refused: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on(
        "requestfailed",
        lambda request: refused.append(request.url) if request.failure == "csp" else None,
    )
    page.goto(address)
    page.wait_for_function("document.body.dataset.gwDrawn !== undefined", timeout=60_000)
    seen: dict[str, Any] = page.evaluate(LOOK)
    own = ("file:", "data:", address.partition("/notes/")[0])
    sent = [url for url in asked if url not in refused and not url.startswith(own)]
    return seen | {"sent": sent}


def test_diagrams_are_drawn_and_their_source_stays(page: Page, site: Path) -> None:
    """Each from the site's own files; one that is none keeps its source where it stood."""
    with serve(site) as address:
        seen = look(page, f"{address}/notes/good.html")
    assert seen["drawings"] == seen["sources"] == 2
    assert "Feed-forward" in seen["words"]
    assert "softmax(x)" in seen["words"]
    assert seen["kept"] == ["graph LR\n  this is ( no diagram\n"]
    assert seen["sent"] == []


def test_diagrams_are_drawn_from_the_disk(page: Page, site: Path) -> None:
    """A site that is only a folder draws them too."""
    assert look(page, (site / "notes" / "good.html").as_uri())["drawings"] == 2


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_diagram_runs_and_loads_nothing(page: Page, site: Path, name: str) -> None:
    """No script, handler or style sheet of its own acts, and no other host is asked."""
    with serve(site) as address:
        seen = look(page, f"{address}/notes/{name}.html")
    assert seen["hits"] == []
    assert seen["wrong"] == []
    assert seen["sent"] == []
    assert seen["drawings"] + len(seen["kept"]) == 1
    assert seen["drawings"] == (name not in ("picture", "style"))


def test_the_pages_policy_is_what_keeps_pictures_away(page: Page, site: Path) -> None:
    """Without it the picture is asked for, so the test above would notice one that is loaded."""
    page.route("**/picture.html", _remove_policy)
    with serve(site) as address:
        seen = look(page, f"{address}/notes/picture.html")
    assert set(seen["sent"]) == {"https://evil.example/c.png"}


def _remove_policy(route: Route) -> None:
    answer = route.fetch()
    body = re.sub(r"<meta http-equiv=.Content-Security-Policy[^>]*>", "", answer.text())
    route.fulfill(response=answer, body=body)


def test_only_pages_with_a_diagram_load_the_program(site: Path) -> None:
    """The other pages do not name it."""
    naming = {
        path.relative_to(site).as_posix()
        for path in site.rglob("*.html")
        if "mermaid.min.js" in path.read_text("utf-8")
    }
    assert naming == {f"notes/{name}.html" for name in ("good", *HOSTILE)}
    assert (site / "assets" / "mermaid.LICENSE.txt").is_file()
