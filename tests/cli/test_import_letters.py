"""Letters in are letters out: an import loses none but those that it lists as left out."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from grader.base.paths import Workspace
from grader.learner.importer.line_fates import trace_lines
from grader.services.import_files import read_files
from grader.services.import_plan import ImportPlan, plan_imports
from grader.services.import_write import write_imports
from grader.services.session import Session

ROOT = Path(__file__).resolve().parents[2]
JOURNALS = ROOT / "tests" / "support" / "journals"
FILES = sorted(path for path in JOURNALS.rglob("*.md"))
_ADDRESS = re.compile(r"\]\([^)\n]*\)|\]:\s*\S+|\bsrc=\S+|\[\[[^\]|\n]*")
"""Addresses may lead on to where a file went."""


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """A workspace with the course and nothing of a learner's."""
    root = tmp_path / "clone"
    root.mkdir()
    for name in ("curriculum", "solutions"):
        (root / name).symlink_to(ROOT / name)
    return Session.open(Workspace(root))


def bring(session: Session, path: Path) -> ImportPlan:
    """Import one journal; days without a year are of 2025."""
    (plan,) = plan_imports(session, read_files(session.workspace, [path]).sources, 2025)
    write_imports(session, [plan])
    return plan


def count(text: str) -> Counter[str]:
    """How often each letter and digit occurs, in either case, addresses apart."""
    return Counter(letter for letter in _ADDRESS.sub("]", text).casefold() if letter.isalnum())


def read_written(session: Session, plan: ImportPlan) -> str:
    """All that was written, without what the import adds: headings of days and titles."""
    texts = []
    for path in sorted(session.workspace.handwritten.rglob("*.md")):
        text = path.read_text("utf-8")
        if path.parent == session.workspace.log:
            text = text.partition("\n")[2]
        elif not plan.found.front.lines or plan.found.front.title not in text[:200]:
            text = re.sub(r"\A---\ntitle: .*\n", "", text)
        if not path.stem.endswith("-questions"):
            texts.append(text)
    return "\n".join(texts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_letter_is_written_or_listed(session: Session, path: Path) -> None:
    """Of each journal, what is missing from the files stands on lines that are listed as such."""
    plan = bring(session, path)
    fates = trace_lines(plan.source.text, plan.found)
    assert [fate for fate in fates if fate.place == "unknown"] == []
    lines = plan.source.text.split("\n")
    listed = Counter[str]()
    for fate in fates:
        if fate.place in ("left out", "day"):
            listed += count("\n".join(lines[fate.first - 1 : fate.last]))
    missing = count(plan.source.text) - count(read_written(session, plan))
    assert missing - listed == Counter()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_line_of_a_note_is_there_as_it_was(session: Session, path: Path) -> None:
    """Each line that goes to the note or the log stands there, and in its order."""
    plan = bring(session, path)
    lines = [_ADDRESS.sub("]", line).rstrip() for line in plan.source.text.split("\n")]
    wanted: dict[str, list[str]] = {}
    for fate in trace_lines(plan.source.text, plan.found):
        if fate.place in ("note", "log"):
            name = f"log/{fate.day}" if fate.day else f"notes/imported/{plan.source.slug}"
            wanted.setdefault(name, []).extend(lines[fate.first - 1 : fate.last])
    for name, expected in wanted.items():
        text = (session.workspace.handwritten / f"{name}.md").read_text("utf-8")
        written = iter([_ADDRESS.sub("]", line).rstrip() for line in text.splitlines()])
        front = plan.found.front.lines.split("\n") if plan.found.front.lines else []
        skipped = {"", "---", "+++", *(line.rstrip() for line in front)}
        missing = [line for line in expected if line not in skipped and line not in written]
        assert missing == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_second_import_of_any_shape_adds_nothing(session: Session, path: Path) -> None:
    """Text, cards, readings and claims are each known by their own words."""
    bring(session, path)
    files = {one: one.read_bytes() for one in session.workspace.handwritten.rglob("*.md")}
    assert not bring(session, path).ledger
    assert {one: one.read_bytes() for one in session.workspace.handwritten.rglob("*.md")} == files


def test_line_ends_and_a_missing_last_one_lose_nothing(session: Session, tmp_path: Path) -> None:
    """A file of Windows that ends within a line comes with all its boxes and lines."""
    path = tmp_path / "windows.md"
    path.write_bytes(b"Lines\r\n\r\n- [x] one\r\n- [ ] two\r\n\r\nand no end")
    plan = bring(session, path)
    assert [claim.text for claim in plan.found.claims] == ["one", "two"]
    written = (session.workspace.imported / "windows.md").read_text("utf-8")
    assert written.endswith("Lines\n\n- [x] one\n- [ ] two\n\nand no end\n")
