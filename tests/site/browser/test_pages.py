"""The real course's pages in headless Chromium: wide and narrow, light and dark."""

import json
import os
import queue
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from chromium import BROWSER, QuietHandler, serve

from grader.base.paths import Workspace
from grader.course.loader.loading import load
from grader.course.source.claims import read_claims
from grader.grading.outcome import Attempt
from grader.learner.journal import Journal
from grader.learner.records import Records
from grader.services.session import Session
from grader.site import build

REPO = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.browser

PROBE = """<!doctype html><title>probe</title><body><script>
const jobs = JSON_JOBS, found = [];
const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
  .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
  .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
function ground(element, view) {
  for (let e = element; e; e = e.parentElement) {
    const colour = rgb(view.getComputedStyle(e).backgroundColor);
    if (colour.length < 4 || colour[3] === 1) return colour;
  }
  return [255, 255, 255];
}
function contrast(element, view) {
  const [a, b] = [light(rgb(view.getComputedStyle(element).color)), light(ground(element, view))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
async function look({page, width, scheme}) {
  const frame = document.createElement("iframe");
  frame.style = `width:${width}px;height:900px;border:0`;
  frame.src = "/" + page;
  document.body.append(frame);
  await new Promise((done) => frame.onload = done);
  const view = frame.contentWindow, inside = frame.contentDocument;
  inside.head.insertAdjacentHTML("beforeend", "<style>*{transition:none!important}</style>");
  inside.body.setAttribute("data-md-color-scheme", scheme);
  const words = "article .gw-state, article span, article p, article a:not(.headerlink)";
  found.push({
    page, width, scheme,
    overflow: inside.scrollingElement.scrollWidth - width,
    faint: [...inside.querySelectorAll(words)]
      .map((e) => [e.textContent.slice(0, 40), contrast(e, view)]).filter(([, c]) => c < 4.5),
    hosts: view.performance.getEntriesByType("resource").map((e) => new URL(e.name).host),
    formulas: [...inside.querySelectorAll("math")]
      .filter((m) => !m.getBoundingClientRect().height).length,
    bars: [...inside.querySelectorAll(".gw-bar")].map((b) => b.getBoundingClientRect().width),
  });
  frame.remove();
}
(async () => {
  for (const job of jobs) await look(job);
  await fetch("/found", {method: "POST", body: JSON.stringify(found)});
})();
</script>"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site of a learner who is some exercises into the real course."""
    root = tmp_path_factory.mktemp("browser") / "ws"
    for folder in ("curriculum", "solutions", "docs/assets"):
        shutil.copytree(REPO / folder, root / folder)
    shutil.copy(REPO / "mkdocs.yml", root)
    (root / "grader").symlink_to(REPO / "grader")
    (root / ".groundwork" / "docs").mkdir(parents=True)
    own = Workspace(root)
    records = Records(own.progress)
    for number, exercise in enumerate(list(load(own).iterate_exercises())[:4]):
        names = [
            claim.name for claim in read_claims(own.locate_checks(exercise.id).read_text("utf-8"))
        ]
        failed = number == 3
        records.record(
            Attempt(
                exercise=exercise.id,
                verdict="failed" if failed else "passed",
                checks=dict.fromkeys(names, "failed" if failed else "passed"),
                seed=1,
                seconds=0.5,
                file_hash="f" * 64,
                checks_hash=Session.open(own).hash_checks(exercise),
                at=f"2026-11-0{number + 1}T20:00:00+00:00",
                day=f"2026-11-0{number + 1}",
            )
        )
    wide = "a_very_long_name_without_a_blank_" * 8
    Journal(own.log).add(
        date(2026, 11, 5), f"$\\sum_i x_i$ {wide}\n\n| a | b |\n|--|--|\n| {wide} | x |"
    )
    own.notes.mkdir(parents=True)
    (own.notes / "wide.md").write_text(
        f"# {wide}\n\n{wide}\n\n```python\nx = '{wide}'\n```\n\n| a |\n|--|\n| `{wide}` |\n\n"
        f"$$\n{' + '.join(['x^{2}'] * 80)}\n$$\n"
    )
    return build(own).parent


class _Server(QuietHandler):
    """Serves the site, and takes what the probe found."""

    found: queue.Queue[list[dict[str, Any]]]

    def do_POST(self) -> None:  # noqa: N802
        """Take the probe's findings."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()
        self.found.put(json.loads(body))


@pytest.fixture(scope="module")
def seen(site: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What the browser measured on every page, in each width and colour scheme."""
    jobs = [
        {"page": path.relative_to(site).as_posix(), "width": width, "scheme": scheme}
        for path in sorted(site.rglob("*.html"))
        for width, scheme in [(390, "default"), (1280, "slate")]
        if path.name != "404.html"
    ]
    (site / "probe.html").write_text(PROBE.replace("JSON_JOBS", json.dumps(jobs)), "utf-8")
    _Server.found = queue.Queue()
    with serve(site, _Server) as address:
        profile, probe = tmp_path_factory.mktemp("profile"), f"{address}/probe.html"
        with chromium(profile, "--remote-debugging-port=0", "--window-size=1400,1000", probe):
            measured = _Server.found.get(timeout=300)
    assert len(measured) == len(jobs)
    return measured


@contextmanager
def chromium(profile: Path, *words: str) -> Iterator[None]:
    """A headless browser that runs until the block ends."""
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
    running = subprocess.Popen(
        [str(BROWSER), *flags, "--no-first-run", f"--user-data-dir={profile}", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def where(entry: dict[str, Any]) -> str:
    """The page, width and scheme of a measurement."""
    return f"{entry['page']} at {entry['width']} in {entry['scheme']}"


def test_no_page_is_wider_than_its_screen(seen: list[dict[str, Any]]) -> None:
    """On a phone and on a desktop nothing sticks out; wide tables and code scroll by themselves."""
    assert {where(e): e["overflow"] for e in seen if e["overflow"] > 0} == {}


def test_words_stand_out_from_their_ground(seen: list[dict[str, Any]]) -> None:
    """States, labels, links and prose have a contrast of 4.5 or more in both schemes."""
    assert {where(e): e["faint"] for e in seen if e["faint"]} == {}


def test_the_browser_asks_no_other_host(seen: list[dict[str, Any]]) -> None:
    """Every request that a page makes goes to the server of the site."""
    hosts = {host for entry in seen for host in entry["hosts"]}
    assert len(hosts) == 1
    assert next(iter(hosts)).startswith("127.0.0.1:")


def test_formulas_and_bars_are_drawn(seen: list[dict[str, Any]]) -> None:
    """No formula is without height, and the home page's bars have a width."""
    assert {where(e): e["formulas"] for e in seen if e["formulas"]} == {}
    bars = [width for e in seen if e["page"] == "index.html" for width in e["bars"]]
    assert bars
    assert min(bars) > 200
