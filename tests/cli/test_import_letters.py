"""Letters in are letters out: an import loses none but those that it lists as left out."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from grader.base.paths import Workspace
from grader.learner.importer.line_fates import LineFate, trace_lines
from grader.services.importing.files import read_files
from grader.services.importing.plan import ImportPlan
from grader.services.importing.planner import plan_imports
from grader.services.importing.write import write_imports
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
    """Letters and lines of each journal are written or listed, and a second import adds none."""
    plan = bring(session, path)
    fates = trace_lines(plan.source.text, plan.found)
    assert [fate for fate in fates if fate.place == "unknown"] == []
    assert count_missing(session, plan, fates) == Counter()
    for name, expected in list_expected(plan, fates).items():
        text = (session.workspace.handwritten / f"{name}.md").read_text("utf-8")
        written = iter([_ADDRESS.sub("]", line).rstrip() for line in text.splitlines()])
        assert [line for line in expected if line not in written] == []  # each after the one before
    files = {one: one.read_bytes() for one in session.workspace.handwritten.rglob("*.md")}
    assert not bring(session, path).ledger
    assert {one: one.read_bytes() for one in session.workspace.handwritten.rglob("*.md")} == files


def count_missing(session: Session, plan: ImportPlan, fates: list[LineFate]) -> Counter[str]:
    """The letters that are neither written nor on a line that is listed as left out, or a day."""
    lines = plan.source.text.split("\n")
    listed = Counter[str]()
    for fate in fates:
        if fate.place in ("left out", "day"):
            listed += count("\n".join(lines[fate.first - 1 : fate.last]))
    return count(plan.source.text) - count(read_written(session, plan)) - listed


def list_expected(plan: ImportPlan, fates: list[LineFate]) -> dict[str, list[str]]:
    """The lines that each file has to hold in their order, but for those of front matter."""
    lines = [_ADDRESS.sub("]", line).rstrip() for line in plan.source.text.split("\n")]
    front = (line.rstrip() for line in plan.found.front.lines.split("\n"))
    skipped = {"", "---", "+++", *front}
    wanted: dict[str, list[str]] = {}
    for fate in fates:
        if fate.place in ("note", "log"):
            name = f"log/{fate.day}" if fate.day else f"notes/imported/{plan.source.slug}"
            held = lines[fate.first - 1 : fate.last]
            wanted.setdefault(name, []).extend(line for line in held if line not in skipped)
    return wanted


def test_line_ends_and_a_missing_last_one_lose_nothing(session: Session, tmp_path: Path) -> None:
    """A file of Windows that ends within a line comes with all its boxes and lines."""
    path = tmp_path / "windows.md"
    path.write_bytes(b"Lines\r\n\r\n- [x] one\r\n- [ ] two\r\n\r\nand no end")
    plan = bring(session, path)
    assert [claim.text for claim in plan.found.claims] == ["one", "two"]
    written = (session.workspace.imported / "windows.md").read_text("utf-8")
    assert written.endswith("Lines\n\n- [x] one\n- [ ] two\n\nand no end\n")
