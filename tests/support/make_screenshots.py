"""Make the pictures of docs/images again: ``python tests/support/make_screenshots.py [NAME ...]``.

They show an invented learner of some weeks (``studied_course``) up to today, in Chromium, and
``grade watch`` in a real terminal. Takes about a minute.
"""

from __future__ import annotations

import html
import io
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from chromium import BROWSER, LACKING, serve
from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from studied_course import studied
from terminal import Terminal

from grader.base.paths import Workspace
from grader.learner.model import MilestoneRecord
from grader.learner.records.tables import open_milestones
from grader.site import build

REPO = Path(__file__).resolve().parents[2]
IMAGES = REPO / "docs" / "images"
PAGES = {
    "site-home": ("index.html", 1120),
    "site-map": ("map.html", 1010),
    "site-mistakes": ("mistakes.html", 760),
    "site-exercise": ("units/attention/softmax.html", 1060),
}
"""For each picture its page, and the height of the window, which is 1280 wide."""
WATCH = "watch"
SCALE = 0.75
"""A window is 1280 wide, as on a desktop; its picture has 960 pixels."""

STUDIED = timedelta(days=22, hours=9)
"""How long the invented learner studies, so that the last attempt was made today."""

SETTINGS = """time_zone = "UTC"
show_code = true
name = "Ada"
profile = "https://github.com/ada"
repository = "https://github.com/ada/llm"
"""
WRITTEN = "Thano, the fane mes,\nAn my athear whe ou ses,\nHe fou th be ind thand st or the,\n"
"""What a bigram model writes."""

COLUMNS, ROWS = 96, 36
COLOURS = {
    "default": "#e4e8ee",
    "green": "#a3be8c",
    "red": "#f08a8a",
    "cyan": "#88c0d0",
    "brown": "#ebcb8b",  # as pyte calls yellow
    "brightblack": "#98a0ae",
}
STYLE = (
    "margin:0;padding:14px;background:#2b303b;color:#e4e8ee;display:inline-block;"
    "font:15px/1.35 'DejaVu Sans Mono',monospace"
)


def main(names: list[str]) -> None:
    """Make the pictures that are named, or all."""
    if BROWSER is None:
        sys.exit(LACKING)
    wanted = names or [*PAGES, WATCH]
    if unknown := [name for name in wanted if name not in (*PAGES, WATCH)]:
        sys.exit(f"no such picture: {', '.join(unknown)}; there are {', '.join([*PAGES, WATCH])}")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        own = studied(Path(folder) / "clone", began=datetime.now(UTC) - STUDIED)
        own.settings.write_text(SETTINGS, "utf-8")
        reach_first_words(own)
        if set(wanted) & set(PAGES):
            build(own)
        with serve(own.site) as address:
            for name in wanted:
                page, height = PAGES.get(name, ("", 0))
                picture = (
                    take_page(browser, f"{address}/{page}", height)
                    if page
                    else take_watch(browser, own)
                )
                save(name, picture)
        browser.close()


def reach_first_words(own: Workspace) -> None:
    """Record a run of the first milestone, two weeks ago."""
    day = (datetime.now(UTC) - timedelta(days=14)).date().isoformat()
    row = MilestoneRecord(
        began=f"{day}T18:00:00+00:00",
        at=f"{day}T18:00:09+00:00",
        day=day,
        reached=True,
        why="2.460 nats per character for your bigram, and 2.460 for the reference's.",
        reached_day=day,
        settings={"seed": "7"},
        samples={"written": WRITTEN},
    )
    open_milestones(own.progress).put({"first_words": row})


def save(name: str, png: bytes) -> None:
    """Write a picture, as small as PNG can be without loss."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image.save(IMAGES / f"{name}.png", optimize=True)
    print(f"{name}.png  {image.width} x {image.height}")


def take_page(browser: Browser, address: str, height: int) -> bytes:
    """Return the top of a page in a wide, light window."""
    page = browser.new_page(
        viewport={"width": 1280, "height": height}, color_scheme="light", device_scale_factor=SCALE
    )
    page.goto(address)
    page.evaluate("document.fonts.ready.then(() => null)")
    page.wait_for_load_state("networkidle")
    return page.screenshot()


def take_watch(browser: Browser, own: Workspace) -> bytes:
    """Return the screen of ``grade watch`` after a softmax without the shift was saved."""
    for folder in ("tokenizer", "attention"):
        shutil.copytree(
            REPO / "exercises" / folder, own.root / "exercises" / folder, dirs_exist_ok=True
        )
    file = own.locate_stub("attention/softmax")
    right = own.locate_reference("attention/softmax").read_text("utf-8")
    file.write_text(right.replace("scores - scores.amax(dim=dim, keepdim=True)", "scores"), "utf-8")
    command = [sys.executable, "-m", "grader", "watch", "attention/softmax"]
    terminal = Terminal(command, own.root, COLUMNS, ROWS)
    try:
        terminal.until("Looks like", 120)
        for _ in range(2):  # what is loaded by then is loaded on every later save too
            before = terminal.text().splitlines()[0]
            terminal.type("\r")
            terminal.until(partial(has_new_verdict, before), 120)
        lines = [*draw_lines(terminal)]
        terminal.type("q")
        terminal.ended()
    finally:
        terminal.close()
    page = browser.new_page()
    page.set_content(f'<pre style="{STYLE}">{"&#10;".join(lines)}</pre>')
    return page.locator("pre").screenshot()


def has_new_verdict(before: str, text: str) -> bool:
    """Return whether the screen shows a whole verdict whose first line is another one."""
    return "Looks like" in text and text.splitlines()[0] != before


def draw_lines(terminal: Terminal) -> Iterator[str]:
    """Yield the lines of a screen as HTML, without the empty ones in a row."""
    rows = [[terminal.read_cell(row, column) for column in range(COLUMNS)] for row in range(ROWS)]
    before = ""
    for row in rows:
        line = "".join(draw_run([*cells]) for _, cells in groupby(row, key=get_look)).rstrip()
        if line or before:
            yield line
        before = line


def get_look(cell: Any) -> tuple[str, bool]:
    """Return how a cell is drawn: its colour, and whether it is bold."""
    return (cell.fg, cell.bold)


def draw_run(cells: list[Any]) -> str:
    """Return cells of one look as HTML."""
    text = html.escape("".join(cell.data for cell in cells))
    colour, bold = get_look(cells[0])
    if not text.strip() or (colour == "default" and not bold):
        return text
    weight = 700 if bold else 400
    return f'<span style="color:{COLOURS.get(colour, colour)};font-weight:{weight}">{text}</span>'


if __name__ == "__main__":
    main(sys.argv[1:])
