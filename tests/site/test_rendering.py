"""Rendering again: equal to rendering from nothing, whatever was edited, damaged or killed."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.big import MIDDLE, Size, lay
from grader.base import render_cache
from grader.base.paths import Workspace
from grader.learner.journal import Journal
from grader.learner.records import Records
from grader.services.session import Session
from grader.site import build, render_all

pytestmark = pytest.mark.slow

SMALL = Size(exercises=5, notes=10, notebooks=2, days=12, attempts=60, cards=40)
RENDER = (
    "import sys; from pathlib import Path; from grader.site import render_all;"
    "from grader.base.paths import Workspace; render_all(Workspace(Path(sys.argv[1])))"
)
HEAVIEST = 150_000
"""Bytes of a page, without pictures of the learner's."""


def started(own: Workspace) -> subprocess.Popen[bytes]:
    """A process that renders the workspace."""
    return subprocess.Popen([sys.executable, "-c", RENDER, str(own.root)])


def pages(own: Workspace) -> dict[str, bytes]:
    """Every rendered file, by its path."""
    files = (path for path in own.rendered.rglob("*") if path.is_file())
    return {path.relative_to(own.rendered).as_posix(): path.read_bytes() for path in files}


def from_nothing(own: Workspace) -> dict[str, bytes]:
    """What a new process renders into an empty folder, without anything that was kept."""
    aside = own.root / "aside"
    own.generated.rename(aside)
    try:
        assert started(own).wait() == 0
        return pages(own)
    finally:
        shutil.rmtree(own.generated)
        aside.rename(own.generated)


@pytest.fixture
def own(tmp_path: Path) -> Workspace:
    """A small workspace in which everything occurs."""
    return lay(tmp_path / "ws", SMALL)


# Edits, each of which takes the workspace and chance


def graded(own: Workspace, chance: random.Random) -> None:
    """One more attempt."""
    records = Records(own.progress)
    old = chance.choice(records.read_attempts())
    day = f"2026-11-{chance.randint(10, 28)}"
    records.record(replace(old, day=day, at=f"{day}T20:00:00+00:00", verdict="failed"))


def a_note(own: Workspace, chance: random.Random) -> Path:
    """Some note."""
    return chance.choice(sorted(own.notes.rglob("*.md")))


def note_edited(own: Workspace, chance: random.Random) -> None:
    """A note says more."""
    with a_note(own, chance).open("a") as file:
        file.write(f"\n- [x] done {chance.random()}, [a day](../log/2026-11-22.md)\n")


def note_renamed(own: Workspace, chance: random.Random) -> None:
    """A note has another name; links to it lead nowhere."""
    note = a_note(own, chance)
    note.rename(note.with_name(f"renamed_{chance.randrange(10**6)}.md"))


def note_deleted(own: Workspace, chance: random.Random) -> None:
    """A note is gone."""
    a_note(own, chance).unlink()


def notebook_edited(own: Workspace, chance: random.Random) -> None:
    """A notebook's first cell says something else."""
    path = chance.choice(sorted(own.notes.rglob("*.ipynb")))
    book = json.loads(path.read_text())
    book["cells"][0]["source"] = f"# Run {chance.random()}"
    path.write_text(json.dumps(book))


def picture_replaced(own: Workspace, chance: random.Random) -> None:
    """A picture of the same name is another."""
    one, other = chance.sample(sorted(own.notes.rglob("*.png")), 2)
    shutil.copy(one, other)


def picture_deleted(own: Workspace, chance: random.Random) -> None:
    """A picture is gone."""
    chance.choice(sorted(own.notes.rglob("*.png"))).unlink()


def logged(own: Workspace, chance: random.Random) -> None:
    """A day has one line more, or is new."""
    days = Journal(own.log).list_days()
    day = chance.choice(days) if chance.random() < 0.5 else days[-1].replace(year=2020)
    Journal(own.log).add(day, f"[a note](../notes/{a_note(own, chance).name}) {chance.random()}")


def day_deleted(own: Workspace, chance: random.Random) -> None:
    """A day is gone."""
    chance.choice(sorted(own.log.glob("*.md"))).unlink()


def replaced(path: Path, pattern: str, new: str) -> None:
    """Replace the first match in a file."""
    path.write_text(re.sub(pattern, new, path.read_text(), count=1))


def resource_changed(own: Workspace, chance: random.Random) -> None:
    """A title of the reading list is another."""
    replaced(own.resources_file, r"title: .*", f'title: "Title {chance.random()}"')


def course_changed(own: Workspace, chance: random.Random) -> None:
    """A summary, a lesson, a claim and a mistake say something else."""
    exercise = chance.choice([e.id for e in Session.open(own).course.iterate_exercises()])
    word = f"changed {chance.random()}"
    replaced(own.locate_unit_file(exercise.partition("/")[0]), r"summary: .*", f"summary: {word}.")
    with own.locate_lesson(exercise).open("a") as lesson:
        lesson.write(f"\n{word} $x^{{{chance.randrange(9)}}}$\n")
    replaced(
        own.locate_checks(exercise), r'(def test_\w+\([^)]*\)[^:]*:\n    )"""', rf'\1"""{word} '
    )
    replaced(own.locate_mistakes(exercise), r'(\ndef \w+\(\):\n    )"""', rf'\1"""{word} ')


EDITS: tuple[Callable[[Workspace, random.Random], None], ...] = (
    *(graded, note_edited, note_renamed, note_deleted, notebook_edited, picture_replaced),
    *(picture_deleted, logged, day_deleted, resource_changed, course_changed),
)


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_edits_the_pages_are_those_from_nothing(own: Workspace, seed: int) -> None:
    """Edits at random, each followed by a rendering, leave no page that a new folder would not."""
    chance = random.Random(seed)
    render_all(own)
    before = pages(own)
    edits = chance.sample(EDITS, len(EDITS))
    for edit in edits:
        edit(own, chance)
        render_all(own)
    assert pages(own) != before
    assert pages(own) == from_nothing(own), [edit.__name__ for edit in edits]


def test_killed_at_any_moment_the_next_rendering_is_whole(own: Workspace) -> None:
    """Renderings that are killed leave nothing that the next one would show."""
    whole = from_nothing(own)
    shutil.rmtree(own.generated)
    for number in range(8):
        process = started(own)
        time.sleep(0.15 * number)
        process.kill()
        process.wait()
        graded(own, random.Random(number)) if number % 3 == 2 else None
    render_all(own)
    assert pages(own) == from_nothing(own)
    assert pages(own) != whole


def test_two_renderings_at_once_are_both_whole(own: Workspace) -> None:
    """Two processes that render one workspace end well, and so does the one after them."""
    both = [started(own) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    note_edited(own, random.Random(1))
    both = [started(own) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert pages(own) == from_nothing(own)


@pytest.mark.parametrize(
    "harm", [b"", b"00000000\n{", b"\xff" * 99, None], ids=["empty", "open", "noise", "half"]
)
def test_damaged_pieces_are_made_again(own: Workspace, harm: bytes | None) -> None:
    """Whatever stands in the files of pieces, the pages are right; None halves the files."""
    render_all(own)
    whole = pages(own)
    kept = sorted(own.cache.glob("*.json"))
    assert {"read.json", "shown.json"} <= {path.name for path in kept}
    for path in kept:
        data = path.read_bytes()
        path.write_bytes(data[: len(data) // 2] if harm is None else harm)
    assert started(own).wait() == 0
    assert pages(own) == whole


# The pieces themselves


def test_a_piece_is_made_once_and_kept_while_it_is_used(tmp_path: Path) -> None:
    """What one rendering made the next one has; what it does not use is gone with it."""
    file, made = tmp_path / "pieces.json", list[str]()

    def one(name: str) -> str:
        return str(render_cache.compute(lambda: made.append(name) or name.upper(), "kind", name))

    for wanted in ("ab", "ab", "b", "ab"):
        with render_cache.open_cache(file):
            assert [one(name) for name in wanted] == [*wanted.upper()]
    assert made == ["a", "b", "a"]
    assert one("a") == "A"
    assert made == ["a", "b", "a", "a"]  # nothing is at hand


def test_pieces_know_where_one_text_ends(tmp_path: Path) -> None:
    """The same letters, parted otherwise, are another piece."""
    with render_cache.open_cache(tmp_path / "pieces.json"):
        parts = [("a", "b\0c"), ("a\0b", "c"), ("a", "b", "c"), ("", "a", "b\0c")]
        found = [render_cache.compute(lambda part=part: list(part), *part) for part in parts]
    assert [tuple(each) for each in found] == parts


def test_an_error_leaves_the_pieces_as_they_were(tmp_path: Path) -> None:
    """A rendering that fails neither loses pieces nor keeps what it made."""
    file = tmp_path / "pieces.json"
    with render_cache.open_cache(file):
        render_cache.compute(lambda: 1, "one")
    before = file.read_bytes()
    with pytest.raises(ZeroDivisionError), render_cache.open_cache(file):
        render_cache.compute(lambda: 1 // 0, "two")
    assert file.read_bytes() == before


# What MkDocs makes of it

SUPPORT = Path(__file__).parents[1] / "support"
DIRTY = """
import random, sys, tempfile
from pathlib import Path
from mkdocs.commands.build import build
from mkdocs.config import load_config
import test_rendering as edits
from grader.base.paths import Workspace
own, site = Workspace(Path(sys.argv[1])), sys.argv[2]
chance = random.Random(3)

def built(first=False):
    config = load_config(str(own.mkdocs_file), site_dir=site)
    if first:
        config.plugins.on_startup(command="serve", dirty=True)
    build(config, serve_url="http://127.0.0.1/", dirty=True)
    return {p: p.stat().st_mtime_ns for p in Path(site).rglob("*.html")}

edits.graded(own, chance)  # the first of a day adds a page, and all are built
before = built(first=True)
edits.graded(own, chance)
edits.note_edited(own, chance)
after = built()
print(sum(after[page] != before[page] for page in before), len(before))
for edit in (edits.note_deleted, edits.logged, edits.course_changed, edits.picture_replaced):
    edit(own, chance)
    built()
"""

WHOLE = """
import sys
from mkdocs.commands.build import build
from mkdocs.config import load_config
config = load_config(sys.argv[1], site_dir=sys.argv[2])
config.plugins.on_startup(command="serve", dirty=False)
build(config)
"""


def test_served_pages_are_those_of_a_whole_build(own: Workspace, tmp_path: Path) -> None:
    """After edits while serving, each page and the search are as a new build makes them."""
    site = tmp_path / "served"
    done = subprocess.run(
        [sys.executable, "-c", DIRTY, str(own.root), str(site)],
        env=os.environ | {"PYTHONPATH": f"{Path(__file__).parent}:{SUPPORT}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    again, every = map(int, done.stdout.split())
    assert again < every / 2
    whole = tmp_path / "whole"
    words = [sys.executable, "-c", WHOLE, str(own.mkdocs_file), str(whole)]
    subprocess.run(words, check=True, capture_output=True, cwd=own.root)
    assert shown(site) == shown(whole)
    assert searched(site) == searched(whole)


def shown(site: Path) -> dict[str, str]:
    """Every page, without the address that only a served site has."""
    return {
        path.relative_to(site).as_posix(): re.sub(
            r'<link rel="canonical"[^>]*>|http://127.0.0.1', "", path.read_text("utf-8")
        )
        for path in site.rglob("*.html")
        if path.name != "404.html"  # its links begin at the address
    }


def searched(site: Path) -> list[str]:
    """Every entry of the search, in order."""
    index = json.loads((site / "search" / "search_index.json").read_text("utf-8"))
    return sorted(json.dumps(entry, sort_keys=True) for entry in index["docs"])


def test_no_page_is_heavy(tmp_path: Path) -> None:
    """With months of study no page is over 150 kB, but for pictures of the learner's."""
    own = lay(tmp_path / "ws", MIDDLE)
    build(own)
    weights = {
        path.relative_to(own.site).as_posix(): len(
            re.sub(rb'"data:image/[^"]*"', b'""', path.read_bytes())
        )
        for path in own.site.rglob("*.html")
    }
    assert len(weights) > MIDDLE.notes
    assert {page: weight for page, weight in weights.items() if weight > HEAVIEST} == {}
