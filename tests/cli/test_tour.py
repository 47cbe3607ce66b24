"""The tour: the first minute of a learner, played from beginning to end."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.base.paths import Workspace
from grader.services.session import Session

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


def test_the_tour_plays_the_whole_loop_and_touches_nothing(tmp_path: Path) -> None:
    """A named mistake, a recorded pass, a log line, a site with both, and what to do next."""
    clone = tmp_path / "clone"
    for name in ("curriculum", "solutions", "grader", "docs"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, clone / name, ignore=ignored)
    shutil.copy(ROOT / "mkdocs.yml", clone)
    shutil.rmtree(clone / "docs" / "log")
    before = sorted(path for path in clone.rglob("*") if ".groundwork" not in path.parts)
    done = subprocess.run(
        [sys.executable, "-m", "grader.cli.main", "tour"],
        cwd=clone,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Looks like  softmax without the shift" in done.stdout
    assert "passed, 15 of 15 checks" in done.stdout
    assert re.search(r"Open    exercises/\w+/\w+", done.stdout.partition("Your turn")[2])
    site = Path(re.findall(r"(?m)^  (/.*index\.html)$", done.stdout)[0]).parent
    count = len(list(Session.open(Workspace(ROOT)).course.iterate_exercises()))
    assert f"1 of {count} exercises passed" in (site / "tracker.html").read_text("utf-8")
    assert "softmax overflowed" in next(site.glob("log/20*.html")).read_text("utf-8")
    after = sorted(path for path in clone.rglob("*") if ".groundwork" not in path.parts)
    assert [path for path in after if "__pycache__" not in path.parts] == before
